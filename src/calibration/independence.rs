//! How many independent values a series is worth (equation E68).

/// The number of independent values among some residuals, each with its place in time: between 1 and their number.
///
/// Residuals that last tell the same again; what lasts is the correlation of those that follow each other in time.
pub fn independent_values(residuals: &[(i32, f64)]) -> f64 {
    let count = residuals.len() as f64;
    let lasting = lag_one_correlation(residuals).max(0.0);
    (count * (1.0 - lasting) / (1.0 + lasting)).max(1.0)
}

/// Correlation of residuals with those one place in time later; pairs with a gap between are left out. 0 where there is
/// nothing to correlate.
fn lag_one_correlation(residuals: &[(i32, f64)]) -> f64 {
    let count = residuals.len() as f64;
    let mean = residuals.iter().map(|(_, value)| value).sum::<f64>() / count;
    let away = |value: f64| value - mean;
    let variance = residuals
        .iter()
        .map(|(_, value)| away(*value) * away(*value))
        .sum::<f64>()
        / count;
    let following = residuals
        .windows(2)
        .filter(|pair| pair[1].0 == pair[0].0 + 1);
    let products: Vec<f64> = following
        .map(|pair| away(pair[0].1) * away(pair[1].1))
        .collect();
    let covariance = products.iter().sum::<f64>() / products.len() as f64;
    let correlation = covariance / variance;
    match correlation.is_finite() {
        true => correlation.min(1.0),
        false => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hydrology::generator::draws::{Draws, Purpose};

    /// The variance of the mean of n values with the correlations ρᵏ is σ² ÷ n · (1 + 2 Σ (1 − k ÷ n) ρᵏ), which tends to
    /// σ² (1 + ρ) ÷ (n (1 − ρ)) (Bayley and Hammersley 1946).
    #[test]
    fn e68_is_the_variance_of_a_mean() {
        let (count, rho) = (2000, 0.8_f64);
        let n = f64::from(count);
        let sum: f64 = (1..count)
            .map(|k| (1.0 - f64::from(k) / n) * libm::pow(rho, f64::from(k)))
            .sum();
        let exact = n / (1.0 + 2.0 * sum);
        let limit = n * (1.0 - rho) / (1.0 + rho);
        // What is left out is of the order of ρ ÷ (n (1 − ρ)²) of it.
        assert!((limit / exact - 1.0).abs() < 0.01, "{limit} {exact}");
        let mut draws = Draws::new(5, "a test", Purpose::Set).from(0, 0);
        let mut value = 0.0;
        let residuals: Vec<(i32, f64)> = (0..count)
            .map(|at| {
                value = rho * value + (1.0 - rho * rho).sqrt() * draws.normal();
                (at, value)
            })
            .collect();
        // The correlation of 2000 values is known to √((1 − ρ²) ÷ n) = 0.013; their number of independent ones falls
        // by 2 ÷ (1 − ρ²) = 5.6 times that, 7.5 %; three times this is allowed.
        let found = independent_values(&residuals);
        assert!((found / exact - 1.0).abs() < 0.23, "{found} {exact}");
    }

    #[test]
    fn e68_lies_between_one_and_all() {
        let at =
            |values: &[f64]| -> Vec<(i32, f64)> { (0..).zip(values.iter().copied()).collect() };
        let alternating = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
        assert_eq!(independent_values(&at(&alternating)), 6.0);
        let ramp: Vec<f64> = (0..400).map(f64::from).collect();
        assert!(independent_values(&at(&ramp)) < 2.0);
        assert_eq!(independent_values(&at(&[0.0; 4])), 4.0);
        assert_eq!(independent_values(&at(&[3.0])), 1.0);
        // No two of them follow each other: what lasts is not known.
        assert_eq!(independent_values(&[(0, 1.0), (2, 1.5), (5, 1.2)]), 3.0);
    }
}
