//! A flow that is to pass a node: a claim that takes nothing.

use super::service::Service;
use crate::inputs::range::Range;
use crate::inputs::table::Table;

/// A flow to keep in the river below a node.
#[derive(Clone, Debug, PartialEq)]
pub struct MinimumFlow {
    /// Unique name.
    pub name: String,
    /// Party for which it is kept, often `Nature`.
    pub party: String,
    /// Sector in the tables, for instance `environment`.
    pub sector: String,
    /// Node below which the flow is kept.
    pub at: String,
    /// Flow of each month, m³/s.
    pub flow_m3s: [f64; 12],
    /// Class of priority, 1 is served first.
    pub priority: u32,
    /// When it is kept.
    pub in_service: Service,
}

impl MinimumFlow {
    /// Reads a `[[minimum_flow]]` table.
    pub fn read(table: &Table) -> Option<Self> {
        let (name, party, at) = (table.text("name"), table.text("party"), table.text("at"));
        let sector = table.text("sector");
        let flow = table.twelve("flow_m3s", Range::NotNegative);
        if !table.has("flow_m3s") {
            let expected = "a number or 12 numbers, January to December";
            table.lacks(&["flow_m3s"], expected);
        }
        let priority = table.optional_count("priority", 1);
        let in_service = Service::optional(table);
        table.finish();
        Some(Self {
            name: name?,
            party: party?,
            sector: sector?,
            at: at?,
            flow_m3s: flow?,
            priority: priority.unwrap_or(1),
            in_service: in_service?,
        })
    }
}
