//! Statistics of values and pairs of values; sums run in the order of the values.

/// The mean; 0 of no values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The standard deviation with n − 1; 0 of less than two values, and of values that do not differ.
pub fn standard_deviation(values: &[f64]) -> f64 {
    // Equal values would leave the rounding of their mean.
    if values.windows(2).all(|pair| pair[0] == pair[1]) {
        return 0.0;
    }
    let centre = mean(values);
    let squares: f64 = values.iter().map(|v| (v - centre) * (v - centre)).sum();
    libm::sqrt(squares / (values.len() - 1) as f64)
}

/// The coefficient of variation; 0 where the mean is 0.
pub fn variation(values: &[f64]) -> f64 {
    match mean(values) {
        0.0 => 0.0,
        centre => standard_deviation(values) / centre,
    }
}

/// The skewness n/((n−1)(n−2)) Σ((x − mean)/s)³; 0 of less than three values, and of values that do not differ.
pub fn skewness(values: &[f64]) -> f64 {
    let (count, centre, deviation) = (
        values.len() as f64,
        mean(values),
        standard_deviation(values),
    );
    if values.len() < 3 || deviation == 0.0 {
        return 0.0;
    }
    let cube = |value: &f64| {
        let z = (value - centre) / deviation;
        z * z * z
    };
    count / ((count - 1.0) * (count - 2.0)) * values.iter().map(cube).sum::<f64>()
}

/// The correlation of pairs; 0 where one side does not differ.
pub fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let spread = standard_deviation(one) * standard_deviation(other);
    if spread == 0.0 {
        return 0.0;
    }
    let centres = (mean(one), mean(other));
    let pairs = one.iter().zip(other);
    let products: f64 = pairs.map(|(a, b)| (a - centres.0) * (b - centres.1)).sum();
    (products / (one.len() - 1) as f64 / spread).clamp(-1.0, 1.0)
}

/// The value below which the part `below` of the values lies, on a line between the two nearest ones; `rising` is
/// sorted and not empty.
pub fn quantile(rising: &[f64], below: f64) -> f64 {
    let place = below * (rising.len() - 1) as f64;
    let lower = place as usize;
    let upper = (lower + 1).min(rising.len() - 1);
    rising[lower] + (rising[upper] - rising[lower]) * (place - lower as f64)
}

/// The values in rising order.
pub fn rising(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The longest run of values below (`low`) or not below the median.
pub fn longest_spell(values: &[f64], low: bool) -> usize {
    let median = quantile(&rising(values), 0.5);
    let spells = values.chunk_by(|one, other| (*one < median) == (*other < median));
    spells
        .filter(|spell| (spell[0] < median) == low)
        .map(<[f64]>::len)
        .max()
        .unwrap_or(0)
}

/// The lowest mean of `length` values in a row; the mean of all where there are fewer.
pub fn lowest_mean(values: &[f64], length: usize) -> f64 {
    let means = values.windows(length.min(values.len()).max(1)).map(mean);
    means.fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_those_of_a_hand_calculation() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 32; skewness 8/42 · 42/s³ with s² = 32/7.
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(&values), 5.0);
        let deviation = libm::sqrt(32.0 / 7.0);
        assert!((standard_deviation(&values) - deviation).abs() < 1e-15);
        let cubes = 42.0 / (deviation * deviation * deviation);
        assert!((skewness(&values) - 8.0 / 42.0 * cubes).abs() < 1e-14);
        assert_eq!(quantile(&values, 0.5), 4.5);
        assert_eq!(longest_spell(&values, true), 4);
        assert_eq!(lowest_mean(&values, 2), 3.0);
        let doubled = values.map(|value| 2.0 * value);
        assert!((correlation(&values, &doubled) - 1.0).abs() < 1e-15);
        assert_eq!(correlation(&values, &[3.0; 8]), 0.0);
    }
}
