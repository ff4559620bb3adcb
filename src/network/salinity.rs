//! Salt: the salinity of water that forms, and what a lake does with its salt (equations E30 to E32).

use crate::faults::counted;
use crate::inputs::columns::Columns;
use crate::inputs::quantity::Spelling;
use crate::inputs::range::Range;
use crate::inputs::series::beside;
use crate::inputs::table::Table;
use crate::time::Month;
use crate::units::{HM3_PER_KM3, Quantity};

/// Salinity of an inflow.
#[derive(Clone, Debug, PartialEq)]
pub enum Salinity {
    /// Of each month, g/l.
    Monthly([f64; 12]),
    /// As it follows from the flow.
    Rating {
        /// Flow at each knot, m³/s, from 0.
        flow_m3s: Vec<f64>,
        /// Salinity at each knot, g/l.
        g_per_l: Vec<f64>,
    },
}

/// What a lake or reservoir does with its salt.
#[derive(Clone, Debug, PartialEq)]
pub struct SaltLake {
    /// Salinity of the groundwater that enters, g/l.
    pub groundwater_g_per_l: f64,
    /// Part of the salt entering each box that sinks; one box where the lake has no bodies.
    pub sink_fractions: Vec<f64>,
    /// Volume that two bodies exchange through their strait beside the net flow, hm³ a year each way.
    pub exchange_hm3_per_year: f64,
}

const KEY: &str = "salinity_g_per_l";

impl Salinity {
    /// Reads `salinity_g_per_l`, or the file that `salinity` names; both may be left out.
    pub fn read(table: &Table) -> Option<Self> {
        let monthly = table.twelve(KEY, Range::NotNegative).map(Self::Monthly);
        let Some(name) = table.optional_text("salinity") else {
            return monthly;
        };
        if table.has(KEY) {
            let expected = format!("either `salinity` or `{KEY}`");
            table.fault(
                "salinity",
                format!("`{KEY}` as well"),
                expected,
                String::new(),
            );
        }
        Self::rating(table, &name)
    }

    fn rating(table: &Table, name: &str) -> Option<Self> {
        let file = beside(table.file(), name);
        let mut columns = Columns::read(table.folder(), &file, table.label())?;
        let mut known: Vec<String> = Spelling::all("flow", Quantity::Flow)
            .into_iter()
            .map(|column| column.name)
            .collect();
        known.push(KEY.to_owned());
        columns.only(&known);
        let flow = columns.spelling("flow", Quantity::Flow);
        let (flow_place, place) = (columns.place_of(&flow.name), columns.place_of(KEY));
        let (flow_place, place) = (flow_place?, place?);
        let flows = columns.numbers(flow_place, Range::NotNegative);
        let g_per_l = columns.numbers(place, Range::NotNegative);
        let (flows, g_per_l) = (flows?, g_per_l?);
        if flows.is_empty() {
            let found = counted(0, "row");
            let expected = "at least one row".to_owned();
            columns.fault(columns.header_line, "rows", found, expected, "");
            return None;
        }
        columns
            .rising(flow_place, &flows, true)
            .then(|| Self::Rating {
                flow_m3s: flow.read(&flows),
                g_per_l,
            })
    }

    /// Salinity in a month at a flow, g/l (equation E30): linear between knots, constant beyond them.
    pub fn g_per_l(&self, month: Month, flow: f64) -> f64 {
        match self {
            Self::Monthly(months) => months[month.index()],
            Self::Rating { flow_m3s, g_per_l } => {
                let after = flow_m3s.partition_point(|knot| *knot <= flow);
                if after == 0 || after == flow_m3s.len() {
                    return g_per_l[after.saturating_sub(1)];
                }
                let (low, high) = (flow_m3s[after - 1], flow_m3s[after]);
                let part = (flow - low) / (high - low);
                g_per_l[after - 1] + part * (g_per_l[after] - g_per_l[after - 1])
            }
        }
    }
}

impl SaltLake {
    /// Reads the table `[lake.salt]` or `[reservoir.salt]`; none where no salt is carried. `sinks` are those of its bodies.
    pub fn read(lake: &Table, sinks: &[f64]) -> Option<Self> {
        let table = lake.table("salt")?;
        let bodies = sinks.len();
        let groundwater = table.optional_number("groundwater_salinity_g_per_l", Range::NotNegative);
        let (mut sink, mut exchange) = (None, None);
        match bodies {
            0 => sink = table.optional_number("sink_fraction", Range::Fraction),
            _ => exchange = table.number("exchange_km3_per_year", Range::NotNegative),
        }
        table.finish();
        if bodies == 1 || bodies > 2 {
            let found = match bodies {
                1 => "1 body".to_owned(),
                bodies => format!("{bodies} bodies"),
            };
            let expected = "a lake without bodies, or of two: salt is mixed in one box or in two \
                            that a strait joins"
                .to_owned();
            let hint = "join bodies in the curve, or leave [lake.salt] out".to_owned();
            lake.fault("salt", found, expected, hint);
            return None;
        }
        Some(Self {
            groundwater_g_per_l: groundwater.unwrap_or(0.0),
            sink_fractions: match bodies {
                0 => vec![sink.unwrap_or(0.0)],
                _ => sinks.to_vec(),
            },
            exchange_hm3_per_year: exchange.unwrap_or(0.0) * HM3_PER_KM3,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e30_a_rating_is_linear_between_knots_and_constant_beyond() {
        let rating = Salinity::Rating {
            flow_m3s: vec![100.0, 300.0],
            g_per_l: vec![0.5, 0.3],
        };
        let month = Month::new(2001, 4);
        for (flow, salinity) in [(0.0, 0.5), (100.0, 0.5), (200.0, 0.4), (900.0, 0.3)] {
            assert!((rating.g_per_l(month, flow) - salinity).abs() < 1e-15);
        }
    }
}
