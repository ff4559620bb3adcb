//! What changes: precipitation, temperature, the melt of glaciers.

use super::pick::{Means, Pick};
use crate::inputs::by_year::ByYear;
use crate::inputs::months::Months;
use crate::inputs::range::Range;
use crate::inputs::table::Table;

/// A change by year, of some places in some months.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) pick: Pick,
    pub(super) months: Months,
    /// %, °C or a factor.
    pub(super) by_year: ByYear,
}

impl Change {
    /// Reads a `[[precipitation]]` table.
    pub(super) fn precipitation(table: &Table) -> Option<Self> {
        let expected = "a change in percent, or by year `{ 2024 = 0, 2073 = -10 }`";
        let range = Range::PercentChange;
        Self::read(table, Means::Both, "change_percent", range, expected)
    }

    /// Reads a `[[temperature]]` table.
    pub(super) fn temperature(table: &Table) -> Option<Self> {
        let expected = "a change in °C, or by year `{ 2024 = 0, 2073 = 2.5 }`";
        let range = Range::Warming;
        Self::read(table, Means::Both, "change_degrees", range, expected)
    }

    /// Reads a `[[melt]]` table.
    pub(super) fn melt(table: &Table) -> Option<Self> {
        let expected = "a number, or numbers by year `{ 2024 = 1.0, 2035 = 1.2, 2073 = 0.5 }`";
        Self::read(table, Means::Rivers, "factor", Range::NotNegative, expected)
    }

    fn read(table: &Table, means: Means, key: &str, range: Range, expected: &str) -> Option<Self> {
        let pick = Pick::read(table, means);
        let months = Months::read(table);
        if !table.has(key) {
            table.lacks(&[key], expected);
        }
        let by_year = table.by_year(key, range);
        Some(Self {
            pick,
            months: months?,
            by_year: by_year?,
        })
    }
}
