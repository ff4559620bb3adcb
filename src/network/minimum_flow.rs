//! A flow that is to pass a node: a claim that takes nothing.

use super::hydrograph::Hydrograph;
use super::service::Service;
use crate::inputs::table::Table;
use crate::time::{Date, SECONDS_PER_DAY};
use crate::units::{Quantity, hm3_in};

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
    /// The flow.
    pub flow: Kept,
    /// Class of priority, 1 is served first.
    pub priority: u32,
    /// When it is kept.
    pub in_service: Service,
}

/// How much is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// Flow of each month, m³/s.
    Months([f64; 12]),
    /// A flood by day.
    Flood(Hydrograph),
}

impl Kept {
    /// Volume to keep in a step, hm³; of a flood in a month that of its days (equation E29).
    pub fn hm3(&self, date: Date) -> f64 {
        match (self, date) {
            (Self::Months(twelve), _) => hm3_in(twelve[date.month().index()], date.seconds()),
            (Self::Flood(flood), Date::Day(month, day)) => {
                hm3_in(flood.on(month, day), SECONDS_PER_DAY)
            }
            (Self::Flood(flood), Date::Month(month)) => {
                let flows = (1..=month.days()).map(|day| flood.on(month, day));
                hm3_in(flows.sum(), SECONDS_PER_DAY)
            }
        }
    }

    /// Reads `flow_m3s` or a table `[minimum_flow.hydrograph]`.
    fn read(table: &Table) -> Option<Self> {
        let twelve = table.optional_twelve("flow", Quantity::Flow);
        let flood = table.table("hydrograph");
        let flood = flood.map(|table| Hydrograph::read(&table));
        let key = table.spelling("flow", Quantity::Flow).name;
        match (table.has(&key), table.has("hydrograph")) {
            (true, false) => twelve.map(Self::Months),
            (false, true) => flood?.map(Self::Flood),
            (true, true) => {
                let expected = format!("either `{key}` or a table [minimum_flow.hydrograph]");
                table.fault(&key, "both".into(), expected, String::new());
                None
            }
            (false, false) => {
                let expected = "a number or 12 numbers, January to December, \
                                or a table [minimum_flow.hydrograph]";
                table.lacks_quantity("flow", Quantity::Flow, &["hydrograph"], expected);
                None
            }
        }
    }
}

impl MinimumFlow {
    /// Reads a `[[minimum_flow]]` table.
    pub fn read(table: &Table) -> Option<Self> {
        let (name, party, at) = (table.text("name"), table.text("party"), table.text("at"));
        let sector = table.text("sector");
        let flow = Kept::read(table);
        let priority = table.optional_count("priority", 1);
        let in_service = Service::optional(table);
        table.finish();
        Some(Self {
            name: name?,
            party: party?,
            sector: sector?,
            at: at?,
            flow: flow?,
            priority: priority.unwrap_or(1),
            in_service: in_service?,
        })
    }
}
