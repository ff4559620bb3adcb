//! Synthetic annual anomalies: lognormal, correlated between rivers, reproducible (equation E14).
//!
//! Each river and draw has a stream of its own, keyed by seed, draw, attempt and the river's name, so
//! that adding a river never moves another one's weather.

use nalgebra::DMatrix;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

/// A stream of standard normal deviates for one purpose.
#[derive(Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream with this key.
    pub fn new(key: &str) -> Self {
        Self(ChaCha8Rng::from_seed(Sha256::digest(key.as_bytes()).into()))
    }

    /// A number above 0 and below 1 of 53 random bits.
    fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
    }

    /// A standard normal deviate (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let (radius, angle) = (self.uniform(), self.uniform());
        libm::sqrt(-2.0 * libm::log(radius)) * libm::cos(2.0 * std::f64::consts::PI * angle)
    }
}

/// Correlation between the annual anomalies of rivers: one value within a basin, one between basins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// Between two rivers of a basin.
    pub within: f64,
    /// Between rivers of two basins, not above `within`.
    pub between: f64,
}

impl Correlation {
    /// The lower triangle L with L Lᵀ = the correlation matrix of rivers in these basins; none where the
    /// matrix is not positive definite.
    pub fn root(self, basins: &[String]) -> Option<DMatrix<f64>> {
        let matrix = DMatrix::from_fn(basins.len(), basins.len(), |row, column| {
            match (row == column, basins[row] == basins[column]) {
                (true, _) => 1.0,
                (_, true) => self.within,
                _ => self.between,
            }
        });
        matrix.cholesky().map(|factor| factor.l())
    }
}

/// Correlated standard normal deviates of a year: `own` are independent, one a river.
pub fn correlated(root: &DMatrix<f64>, own: &[f64]) -> Vec<f64> {
    (0..own.len())
        .map(|river| {
            (0..=river)
                .map(|other| root[(river, other)] * own[other])
                .sum()
        })
        .collect()
}

/// The factor with mean 1 and coefficient of variation `cv` that belongs to a normal deviate (E14).
pub fn lognormal(deviate: f64, cv: f64) -> f64 {
    let variance = libm::log1p(cv * cv);
    libm::exp(libm::sqrt(variance) * deviate - 0.5 * variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e14_factors_have_the_mean_and_variation_asked_for() {
        let mut stream = Stream::new("test");
        let factors: Vec<f64> = (0..40_000)
            .map(|_| lognormal(stream.normal(), 0.25))
            .collect();
        let mean = factors.iter().sum::<f64>() / 40_000.0;
        let variance = factors.iter().map(|f| (f - mean) * (f - mean)).sum::<f64>() / 40_000.0;
        // Standard errors are 0.25/200 = 0.00125 of the mean and about 0.002 of the variation.
        assert!((mean - 1.0).abs() < 0.005, "{mean}");
        assert!(
            (variance.sqrt() - 0.25).abs() < 0.008,
            "{}",
            variance.sqrt()
        );
    }

    #[test]
    fn e14_rivers_of_a_basin_go_together() {
        let basins = ["a", "a", "b"].map(str::to_owned);
        let root = Correlation {
            within: 0.8,
            between: 0.3,
        }
        .root(&basins)
        .expect("definite");
        let mut streams = [Stream::new("1"), Stream::new("2"), Stream::new("3")];
        let count = 20_000;
        let mut sums = [0.0; 2];
        for _ in 0..count {
            let own: Vec<f64> = streams.iter_mut().map(Stream::normal).collect();
            let year = correlated(&root, &own);
            sums[0] += year[0] * year[1];
            sums[1] += year[0] * year[2];
        }
        // The standard error of a correlation of 20 000 pairs is below 0.008.
        assert!((sums[0] / f64::from(count) - 0.8).abs() < 0.03);
        assert!((sums[1] / f64::from(count) - 0.3).abs() < 0.03);
        assert!(
            Correlation {
                within: 0.2,
                between: 0.9
            }
            .root(&basins)
            .is_none()
        );
    }

    #[test]
    fn a_stream_is_the_same_everywhere() {
        let mut stream = Stream::new("1961|1|0|Ili");
        let mut again = Stream::new("1961|1|0|Ili");
        assert_eq!(stream.normal().to_bits(), again.normal().to_bits());
    }
}
