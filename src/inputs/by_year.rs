//! A number that changes from year to year.

/// A number that changes from year to year: linear between the given years, constant outside them.
#[derive(Clone, Debug, PartialEq)]
pub struct ByYear {
    pub(super) knots: Vec<(f64, f64)>,
}

impl ByYear {
    /// The same number in all years.
    pub fn constant(value: f64) -> Self {
        Self {
            knots: vec![(0.0, value)],
        }
    }

    /// The numbers of some years, in order of the years.
    pub fn new(knots: Vec<(i32, f64)>) -> Self {
        Self {
            knots: knots
                .into_iter()
                .map(|(year, value)| (f64::from(year), value))
                .collect(),
        }
    }

    /// The greatest number of any year.
    pub fn greatest(&self) -> f64 {
        let values = self.knots.iter().map(|(_, value)| *value);
        values.fold(f64::NEG_INFINITY, f64::max)
    }

    /// The number of a year.
    pub fn at(&self, year: i32) -> f64 {
        let year = f64::from(year);
        let after = self.knots.partition_point(|(knot, _)| *knot <= year);
        match (
            after.checked_sub(1).map(|before| self.knots[before]),
            self.knots.get(after),
        ) {
            (Some((from, low)), Some((to, high))) => {
                low + (high - low) * (year - from) / (to - from)
            }
            (Some((_, value)), None) | (None, Some(&(_, value))) => value,
            (None, None) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_by_year_is_linear_between_and_constant_outside() {
        let ramp = ByYear::new(vec![(2024, 1.0), (2040, 2.0)]);
        assert_eq!(
            [2000, 2024, 2032, 2040, 2073].map(|year| ramp.at(year)),
            [1.0, 1.0, 1.5, 2.0, 2.0]
        );
    }
}
