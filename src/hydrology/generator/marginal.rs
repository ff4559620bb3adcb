//! The flows of one calendar month at one site as normal scores (equation E52).

use serde::{Deserialize, Serialize};

use super::normal::{deviate, probability};
use super::statistics::{mean, standard_deviation};

/// Furthest that the score of a flow may stand from the middle: the distribution has no digits left beyond.
const FURTHEST: f64 = 8.0;

/// A lognormal distribution with a share of months without flow.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Marginal {
    /// Mean of the logarithms of flows above 0.
    pub log_mean: f64,
    /// Standard deviation of these logarithms.
    pub log_deviation: f64,
    /// Share of months without flow.
    pub dry: f64,
}

impl Marginal {
    /// With the mean and standard deviation of the values themselves (Matalas 1967), so that means are kept.
    pub fn of_moments(values: &[f64]) -> Self {
        let (wet, dry) = split(values);
        let average = mean(&wet);
        if wet.is_empty() {
            return Self::of_parts(0.0, 0.0, dry);
        }
        let variation = standard_deviation(&wet) / average;
        let variance = libm::log1p(variation * variation);
        Self::of_parts(
            libm::log(average) - 0.5 * variance,
            libm::sqrt(variance),
            dry,
        )
    }

    /// With the mean and standard deviation of the logarithms.
    pub fn of_logarithms(values: &[f64]) -> Self {
        let (wet, dry) = split(values);
        let logs: Vec<f64> = wet.iter().map(|value| libm::log(*value)).collect();
        Self::of_parts(mean(&logs), standard_deviation(&logs), dry)
    }

    fn of_parts(log_mean: f64, log_deviation: f64, dry: f64) -> Self {
        Self {
            log_mean,
            log_deviation,
            dry,
        }
    }

    /// The normal score of a flow; a month without flow stands in the middle of those without.
    pub fn score(&self, value: f64) -> f64 {
        if value <= 0.0 {
            return deviate((0.5 * self.dry).max(probability(-FURTHEST)));
        }
        if self.log_deviation == 0.0 {
            return deviate(0.5 + 0.5 * self.dry.min(0.999));
        }
        let z = (libm::log(value) - self.log_mean) / self.log_deviation;
        if self.dry == 0.0 {
            return z;
        }
        let wet = probability(z.clamp(-FURTHEST, FURTHEST));
        deviate((self.dry + (1.0 - self.dry) * wet).min(probability(FURTHEST)))
    }

    /// The flow of a normal score.
    pub fn value(&self, score: f64) -> f64 {
        let lognormal = |z: f64| libm::exp(self.log_mean + self.log_deviation * z);
        if self.dry == 0.0 {
            return lognormal(score);
        }
        let wet = (probability(score) - self.dry) / (1.0 - self.dry);
        // Not above 0, or no number where no month has flow.
        if self.dry >= 1.0 || wet <= 0.0 {
            return 0.0;
        }
        lognormal(deviate(
            wet.clamp(probability(-FURTHEST), probability(FURTHEST)),
        ))
    }

    /// Whether its numbers are what a distribution may have.
    pub fn is_sound(&self) -> bool {
        self.log_mean.is_finite()
            && self.log_deviation.is_finite()
            && self.log_deviation >= 0.0
            && (0.0..=1.0).contains(&self.dry)
    }
}

/// The values above 0, and the share of the others.
fn split(values: &[f64]) -> (Vec<f64>, f64) {
    let wet: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| *value > 0.0)
        .collect();
    let dry = (values.len() - wet.len()) as f64 / values.len().max(1) as f64;
    (wet, dry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e52_scores_lead_back_to_their_flows() {
        let values = [3.0, 5.0, 0.0, 8.0, 2.5, 0.0, 4.0];
        for marginal in [
            Marginal::of_moments(&values),
            Marginal::of_logarithms(&values),
        ] {
            assert_eq!(marginal.dry, 2.0 / 7.0);
            for value in values {
                let back = marginal.value(marginal.score(value));
                // Distribution and inverse each keep about 14 digits.
                assert!((back - value).abs() <= 1e-11 * value, "{value}: {back}");
            }
        }
    }

    #[test]
    fn e52_moments_are_those_of_the_values() {
        // A lognormal has the mean exp(m + s²/2) and the variation √(exp(s²) − 1).
        let values = [3.0, 5.0, 8.0, 2.5, 4.0];
        let Marginal {
            log_mean,
            log_deviation,
            ..
        } = Marginal::of_moments(&values);
        let variance = log_deviation * log_deviation;
        let average = libm::exp(log_mean + 0.5 * variance);
        assert!((average - mean(&values)).abs() < 1e-12);
        let variation = libm::sqrt(libm::expm1(variance));
        assert!((variation * average - standard_deviation(&values)).abs() < 1e-12);
    }

    #[test]
    fn e52_months_that_never_change_or_never_flow_stay_so() {
        let constant = Marginal::of_moments(&[2.0, 2.0, 2.0]);
        assert!((constant.value(1.7) - 2.0).abs() < 1e-14);
        let dry = Marginal::of_moments(&[0.0, 0.0]);
        assert_eq!(dry.value(dry.score(0.0) + 3.0), 0.0);
    }
}
