//! How rivers and open water respond to what changes.

use super::pick::{Means, Pick};
use crate::inputs::range::Range;
use crate::inputs::table::Table;

/// How the flow of rivers responds.
#[derive(Clone, Debug)]
pub(super) struct Runoff {
    pub(super) pick: Pick,
    /// Power of precipitation that flow follows.
    pub(super) precipitation_elasticity: f64,
    /// Change of each month's flow with a degree, %.
    pub(super) percent_per_degree: [f64; 12],
    /// Part of each month's flow in the record that is melt of glaciers.
    pub(super) glacier_share: [f64; 12],
}

impl Runoff {
    /// Reads a `[[runoff]]` table.
    pub(super) fn read(table: &Table) -> Option<Self> {
        let pick = Pick::read(table, Means::Rivers);
        let elasticity = table.number("precipitation_elasticity", Range::Elasticity);
        let twelve = |key: &str, range: Range| match table.has(key) {
            true => table.twelve(key, range),
            false => Some([0.0; 12]),
        };
        let percent_per_degree = twelve("percent_per_degree", Range::PercentChange);
        let glacier_share = twelve("glacier_share", Range::Fraction);
        Some(Self {
            pick,
            precipitation_elasticity: elasticity?,
            percent_per_degree: percent_per_degree?,
            glacier_share: glacier_share?,
        })
    }
}

/// How the evaporation of open water responds.
#[derive(Clone, Debug)]
pub(super) struct Evaporation {
    pub(super) pick: Pick,
    /// Change with a degree, %.
    pub(super) percent_per_degree: f64,
}

impl Evaporation {
    /// Reads an `[[evaporation]]` table.
    pub(super) fn read(table: &Table) -> Option<Self> {
        let pick = Pick::read(table, Means::Storages);
        let percent_per_degree = table.number("percent_per_degree", Range::PercentChange);
        Some(Self {
            pick,
            percent_per_degree: percent_per_degree?,
        })
    }
}
