//! Months as an axis of time.

use super::{Attribute, Data, Dimension, Variable, text};
use crate::time::{Month, Period};

/// The months of a period as days from its first one: middles, and bounds of each month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthAxis {
    units: String,
    middles: Vec<f64>,
    bounds: Vec<f64>,
}

impl MonthAxis {
    /// The axis of a period.
    pub fn of(period: Period) -> Self {
        let start = period.first.first_day();
        let day = |month: Month| (month.first_day() - start) as f64;
        let ends = period
            .months()
            .map(|month| [day(month), day(month.plus(1))]);
        let bounds: Vec<f64> = ends.flatten().collect();
        let middle = |ends: &[f64]| f64::midpoint(ends[0], ends[1]);
        Self {
            units: format!("days since {}-01", period.first),
            middles: bounds.chunks_exact(2).map(middle).collect(),
            bounds,
        }
    }

    /// The dimensions of its variables: `time` and `bounds`.
    pub fn dimensions(&self) -> [Dimension; 2] {
        let sized = |name: &str, size| Dimension {
            name: name.to_owned(),
            size,
        };
        [sized("time", self.middles.len()), sized("bounds", 2)]
    }

    /// The coordinate `time`, in the middle of each month, and its bounds.
    pub fn variables(&self) -> [Variable<'_>; 2] {
        let attributes: Vec<Attribute> = vec![
            text("standard_name", "time"),
            text("long_name", "middle of the month"),
            text("axis", "T"),
            text("units", &self.units),
            text("calendar", "proleptic_gregorian"),
            // A day of the calendar has 86 400 seconds.
            text("units_metadata", "leap_seconds: none"),
            text("bounds", "time_bounds"),
        ];
        let variable = |name: &str, dimensions: &[&str], attributes, data| Variable {
            name: name.to_owned(),
            dimensions: dimensions.iter().map(|name| (*name).to_owned()).collect(),
            attributes,
            data: Data::Numbers(data),
        };
        [
            variable("time", &["time"], attributes, self.middles.as_slice()),
            // By the conventions bounds have the attributes of their coordinate.
            variable(
                "time_bounds",
                &["time", "bounds"],
                Vec::new(),
                self.bounds.as_slice(),
            ),
        ]
    }
}
