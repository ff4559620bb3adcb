//! A wetness index from basin precipitation (equation E15).
//!
//! The index of a month is a weighted mean of its own precipitation and of the index before, so that a
//! basin remembers wet and dry months. Relative to the mean of its calendar month and raised to an
//! elasticity it scales the regime of a river.

use crate::inputs::series::Series;
use crate::time::Month;

/// Monthly wetness relative to the mean of the calendar month.
#[derive(Clone, Debug, PartialEq)]
pub struct Wetness {
    first: Month,
    relative: Vec<f64>,
}

impl Wetness {
    /// The index of a precipitation series in mm; `memory` from 0 (none) to below 1.
    pub fn of(precipitation: &Series, memory: f64) -> Self {
        let depths = &precipitation.columns[0].1;
        let mean = depths.iter().sum::<f64>() / depths.len() as f64;
        let mut index = mean;
        let indices: Vec<f64> = depths
            .iter()
            .map(|depth| {
                index = memory * index + (1.0 - memory) * depth;
                index
            })
            .collect();
        let first = precipitation.first;
        let means = means_by_month(first, &indices);
        let relative = indices.iter().enumerate().map(|(step, index)| {
            // A month in which it never rains is like itself.
            let mean = means[first.plus(step as i32).index()];
            if mean > 0.0 { index / mean } else { 1.0 }
        });
        Self {
            first,
            relative: relative.collect(),
        }
    }

    /// Whether the index covers a month.
    pub fn covers(&self, month: Month) -> bool {
        let place = month.since(self.first);
        place >= 0 && (place as usize) < self.relative.len()
    }

    /// The factor of a month: relative wetness to the power of `elasticity`.
    pub fn factor(&self, month: Month, elasticity: f64) -> f64 {
        libm::pow(self.relative[month.since(self.first) as usize], elasticity)
    }
}

fn means_by_month(first: Month, values: &[f64]) -> [f64; 12] {
    let (mut sums, mut counts) = ([0.0; 12], [0.0; 12]);
    for (step, value) in values.iter().enumerate() {
        let month = first.plus(step as i32).index();
        sums[month] += value;
        counts[month] += 1.0;
    }
    std::array::from_fn(|month| sums[month] / f64::max(counts[month], 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(depths: Vec<f64>) -> Series {
        let first = Month::new(2000, 1);
        let columns = vec![("precipitation".to_owned(), depths)];
        Series {
            file: String::new(),
            first,
            columns,
            daily: None,
            quality: None,
        }
    }

    #[test]
    fn e15_without_memory_the_index_is_the_precipitation() {
        let mut depths = vec![20.0; 24];
        depths[13] = 60.0;
        let wetness = Wetness::of(&series(depths), 0.0);
        assert_eq!(wetness.factor(Month::new(2001, 2), 1.0), 60.0 / 40.0);
        assert_eq!(wetness.factor(Month::new(2001, 3), 2.0), 1.0);
    }

    #[test]
    fn e15_memory_carries_a_wet_month_on() {
        let mut depths = vec![20.0; 36];
        depths[12] = 100.0;
        let wetness = Wetness::of(&series(depths), 0.5);
        let after = |number| wetness.factor(Month::new(2001, number), 1.0);
        assert!(after(1) > after(2) && after(2) > after(3) && after(3) > 1.0);
    }
}
