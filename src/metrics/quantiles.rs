//! Percentiles and means of samples (equation E80).
//!
//! A sample that is empty or holds a NaN has percentiles and a mean of NaN.

/// Puts values in order, the least first, as the other functions ask for.
pub fn sort(values: &mut [f64]) {
    values.sort_unstable_by(f64::total_cmp);
}

/// Percentile of values in order, equation E80: linear between the order statistics (Hyndman and Fan 1996, type 7).
/// `percent` lies from 0 to 100; what lies outside counts as the nearer end.
pub fn percentile(sorted: &[f64], percent: f64) -> f64 {
    // In the order of all floats a NaN stands at one of the ends.
    let (Some(least), Some(greatest)) = (sorted.first(), sorted.last()) else {
        return f64::NAN;
    };
    if least.is_nan() || greatest.is_nan() || percent.is_nan() {
        return f64::NAN;
    }
    let at = (sorted.len() - 1) as f64 * (percent / 100.0).clamp(0.0, 1.0);
    let place = at as usize;
    let above = sorted[(place + 1).min(sorted.len() - 1)];
    between(sorted[place], above, at - place as f64)
}

/// The number that lies at a part of the way between two, reckoned from the nearer one, so that it never lies beyond
/// them.
fn between(below: f64, above: f64, part: f64) -> f64 {
    if below == above {
        // Of two infinities the difference is not a number.
        below
    } else if part < 0.5 {
        below + (above - below) * part
    } else {
        above - (above - below) * (1.0 - part)
    }
}

/// Percentiles of values that are put in order for it: those of `percents` go to `out`, place by place.
pub fn percentiles(values: &mut [f64], percents: &[f64], out: &mut [f64]) {
    sort(values);
    for (out, percent) in out.iter_mut().zip(percents) {
        *out = percentile(values, *percent);
    }
}

/// One percentile of values, equation E80: as [`percentile`], but the values, whose places change, are put in order no
/// further than it takes.
pub fn percentile_of(values: &mut [f64], percent: f64) -> f64 {
    if values.is_empty() || percent.is_nan() || values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let at = (values.len() - 1) as f64 * (percent / 100.0).clamp(0.0, 1.0);
    let place = at as usize;
    let (_, below, higher) = values.select_nth_unstable_by(place, f64::total_cmp);
    let above = higher.iter().copied().min_by(f64::total_cmp);
    between(*below, above.unwrap_or(*below), at - place as f64)
}

/// Median of values, equation E80; their places change.
pub fn median(values: &mut [f64]) -> f64 {
    percentile_of(values, 50.0)
}

/// Mean, equation E80; summed in the order of the values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e80_percentiles_of_four_values() {
        let mut values = [40.0, 10.0, 30.0, 20.0];
        let mut found = [0.0; 7];
        // Between n values are n − 1 = 3 intervals: 25 % lies at 0.75 of the first, 50 % in the middle of the second.
        percentiles(
            &mut values,
            &[0.0, 25.0, 50.0, 75.0, 100.0, -5.0, 101.0],
            &mut found,
        );
        assert_eq!(found, [10.0, 17.5, 25.0, 32.5, 40.0, 10.0, 40.0]);
        assert_eq!((median(&mut values), mean(&values)), (25.0, 25.0));
    }

    #[test]
    fn e80_of_one_value_of_none_and_of_what_is_not_defined() {
        assert_eq!(percentile(&[3.0], 37.0), 3.0);
        let infinite = [f64::NEG_INFINITY, 1.0, f64::INFINITY, f64::INFINITY];
        assert_eq!(percentile(&infinite, 90.0), f64::INFINITY);
        for mut values in [vec![], vec![1.0, f64::NAN], vec![-f64::NAN, 1.0]] {
            assert!(median(&mut values).is_nan() && mean(&values).is_nan());
        }
    }

    #[test]
    fn e80_one_percentile_is_that_of_all() {
        let mut values: Vec<f64> = (0..101).map(|n| f64::from(n * 37 % 101) - 50.0).collect();
        values.extend([-0.0, 0.0, f64::INFINITY]);
        let mut sorted = values.clone();
        sort(&mut sorted);
        for percent in [-1.0, 0.0, 2.5, 5.0, 33.3, 50.0, 99.5, 100.0, 200.0] {
            let found = percentile_of(&mut values, percent);
            assert_eq!(found.to_bits(), percentile(&sorted, percent).to_bits());
        }
        assert!(percentile_of(&mut values, f64::NAN).is_nan());
    }

    #[test]
    fn e80_a_percentile_lies_between_its_neighbours() {
        let values = [0.1, 0.1 + 2e-17, 0.3, 0.7, 1e300];
        let mut before = f64::NEG_INFINITY;
        for step in 0..=1000 {
            let found = percentile(&values, f64::from(step) / 10.0);
            assert!(found >= before && found <= 1e300, "{step}: {found}");
            before = found;
        }
    }
}
