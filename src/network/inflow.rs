//! Water that forms in the basin: a river where it enters the network.

use super::salinity::Salinity;
use crate::inputs::range::Range;
use crate::inputs::series::{Monthly, monthly};
use crate::inputs::table::Table;
use crate::units::Quantity;

/// Water that forms in the basin and enters at a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Inflow {
    /// River that scenarios name to change its flow, and that its water rises in.
    pub river: String,
    /// Flow, m³/s.
    pub flow: Monthly,
    /// Part of the flow that enters here: a river on the border may be shared by two inflows.
    pub fraction: f64,
    /// Its salinity, where it is stated.
    pub salinity: Option<Salinity>,
}

impl Inflow {
    /// Reads an `[[inflow]]` table of the basin `basin`.
    pub fn read(table: &Table, basin: &str) -> Option<Self> {
        let river = table
            .optional_text("river")
            .unwrap_or_else(|| basin.to_owned());
        let flow = monthly(table, "flow", Quantity::Flow);
        let fraction = table
            .optional_number("fraction", Range::Fraction)
            .unwrap_or(1.0);
        let salinity = Salinity::read(table);
        Some(Self {
            river,
            flow: flow?,
            fraction,
            salinity,
        })
    }
}
