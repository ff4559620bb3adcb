//! A line between the knots of a small table: the level below a dam, the efficiency of a plant.

use crate::inputs::columns::Columns;
use crate::inputs::quantity::Spelling;
use crate::inputs::range::Range;
use crate::inputs::series::beside;
use crate::inputs::table::Table;
use crate::units::Quantity;

/// A value over something: linear between knots, constant outside them.
#[derive(Clone, Debug, PartialEq)]
pub struct Rating {
    /// Knots, rising.
    pub knots: Vec<f64>,
    /// Value at each knot.
    pub values: Vec<f64>,
}

impl Rating {
    /// The same value everywhere.
    pub fn constant(value: f64) -> Self {
        Self {
            knots: vec![0.0],
            values: vec![value],
        }
    }

    /// The value at a place.
    pub fn at(&self, place: f64) -> f64 {
        let after = self.knots.partition_point(|knot| *knot <= place);
        if after == 0 || after == self.knots.len() {
            return self.values[after.saturating_sub(1)];
        }
        let (from, to) = (self.knots[after - 1], self.knots[after]);
        let (low, high) = (self.values[after - 1], self.values[after]);
        low + (high - low) * (place - from) / (to - from)
    }

    /// Levels over discharge from a file: columns `discharge_m3s` and `level_m`, which does not fall.
    pub(super) fn of_tailwater(table: &Table, name: &str) -> Option<Self> {
        let file = beside(table.file(), name);
        let mut columns = Columns::read(table.folder(), &file, table.label())?;
        let flows = Spelling::all("discharge", Quantity::Flow);
        let flows = flows.into_iter().map(|column| column.name);
        columns.only(&flows.chain(["level_m".to_owned()]).collect::<Vec<_>>());
        let written = columns.spelling("discharge", Quantity::Flow);
        let (flow, level) = (columns.place_of(&written.name), columns.place_of("level_m"));
        let (flow, level) = (flow?, level?);
        let flows = columns.numbers(flow, Range::NotNegative);
        let levels = columns.numbers(level, Range::Finite);
        let (flows, levels) = (flows?, levels?);
        let rises = columns.rising(flow, &flows, true);
        (columns.rising(level, &levels, false) && rises).then(|| Self {
            knots: written.read(&flows),
            values: levels,
        })
    }

    /// Efficiency over head from a file: columns `head_m` and `efficiency`.
    pub(super) fn of_efficiency(table: &Table, name: &str) -> Option<Self> {
        let file = beside(table.file(), name);
        let mut columns = Columns::read(table.folder(), &file, table.label())?;
        columns.only(&["head_m", "efficiency"]);
        let (head, part) = (columns.place_of("head_m"), columns.place_of("efficiency"));
        let (head, part) = (head?, part?);
        let heads = columns.numbers(head, Range::NotNegative);
        let parts = columns.numbers(part, Range::Fraction);
        let (heads, values) = (heads?, parts?);
        columns.rising(head, &heads, true).then_some(Self {
            knots: heads,
            values,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_linear_between_its_knots_and_constant_outside() {
        let rating = Rating {
            knots: vec![100.0, 300.0, 500.0],
            values: vec![2.0, 4.0, 4.5],
        };
        let places = [0.0, 100.0, 150.0, 300.0, 400.0, 500.0, 900.0];
        let values = places.map(|place| rating.at(place));
        assert_eq!(values, [2.0, 2.0, 2.5, 4.0, 4.25, 4.5, 4.5]);
        assert_eq!(Rating::constant(7.0).at(-1.0), 7.0);
    }
}
