//! Low and high spells: a hidden Markov chain of two regimes of annual flow (equation E57).

use serde::{Deserialize, Serialize};

use super::draws::{Draws, Purpose};
use super::pattern::spread;
use super::record::Record;
use super::statistics::{mean, rising, standard_deviation};
use super::{ALL_SITES, Values};
use crate::time::Period;

/// Rounds of the fit; it ends earlier where the numbers stand still.
const ROUNDS: usize = 2000;

/// Least spread of a regime, as a part of that of all years: a regime of one year would have none.
const LEAST_SPREAD: f64 = 0.1;

/// Two regimes, the low one first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Regimes {
    /// Mean of the logarithm of the annual volume in hm³.
    pub log_mean: [f64; 2],
    /// Standard deviation of these logarithms.
    pub log_deviation: [f64; 2],
    /// Probability that the regime of the next year is the same.
    pub stays: [f64; 2],
}

/// Weights of the two regimes in each year, and of both in two years that follow each other.
struct Weights {
    years: Vec<[f64; 2]>,
    stays: [f64; 2],
}

impl Regimes {
    /// Fits the regimes to the annual volumes of a record (Baum et al. 1970), from its lower and upper half.
    pub fn fit(record: &Record) -> Self {
        let least = f64::MIN_POSITIVE;
        let totals = record.totals().into_iter();
        let logs: Vec<f64> = totals.map(|total| libm::log(total.max(least))).collect();
        let sorted = rising(&logs);
        let (low, high) = sorted.split_at(sorted.len() / 2);
        let floor = (LEAST_SPREAD * standard_deviation(&logs)).max(1e-9);
        let mut fitted = Self {
            log_mean: [mean(low), mean(high)],
            log_deviation: [low, high].map(|half| standard_deviation(half).max(floor)),
            stays: [0.8, 0.8],
        };
        for _ in 0..ROUNDS {
            let next = fitted.again(&logs, floor);
            let stands = fitted.distance(&next) < 1e-12;
            fitted = next;
            if stands {
                break;
            }
        }
        fitted.low_first()
    }

    /// One round of the fit.
    fn again(&self, logs: &[f64], floor: f64) -> Self {
        let weights = self.weights(logs);
        let sum = |regime: usize, value: &dyn Fn(f64) -> f64| -> f64 {
            let pairs = weights.years.iter().zip(logs);
            pairs
                .map(|(weight, log)| weight[regime] * value(*log))
                .sum()
        };
        let weight = [0, 1].map(|regime| sum(regime, &|_| 1.0).max(1e-12));
        let log_mean = [0, 1].map(|regime| sum(regime, &|log| log) / weight[regime]);
        let log_deviation = [0, 1].map(|regime| {
            let centre = log_mean[regime];
            let squares = sum(regime, &|log| (log - centre) * (log - centre));
            libm::sqrt(squares / weight[regime]).max(floor)
        });
        let last = weights.years[weights.years.len() - 1];
        let stays = [0, 1].map(|regime| {
            let left = (weight[regime] - last[regime]).max(1e-12);
            (weights.stays[regime] / left).clamp(0.01, 0.99)
        });
        Self {
            log_mean,
            log_deviation,
            stays,
        }
    }

    /// Weights of the regimes, forward and backward through the years.
    fn weights(&self, logs: &[f64]) -> Weights {
        let density: Vec<[f64; 2]> = logs
            .iter()
            .map(|log| [0, 1].map(|regime| self.density(regime, *log)))
            .collect();
        let mut forward: Vec<[f64; 2]> = Vec::with_capacity(logs.len());
        for (year, density) in density.iter().enumerate() {
            let before = year
                .checked_sub(1)
                .map_or_else(|| self.share(), |y| self.next(forward[y]));
            forward.push(normed(
                [0, 1].map(|regime| before[regime] * density[regime]),
            ));
        }
        let mut years = forward.clone();
        let (mut backward, mut stays) = ([1.0, 1.0], [0.0, 0.0]);
        for year in (0..logs.len() - 1).rev() {
            let seen = [0, 1].map(|regime| density[year + 1][regime] * backward[regime]);
            let pair =
                |from: usize, to: usize| forward[year][from] * self.passes(from, to) * seen[to];
            let sum = pair(0, 0) + pair(0, 1) + pair(1, 0) + pair(1, 1);
            stays = [0, 1].map(|regime| stays[regime] + pair(regime, regime) / sum);
            years[year] = [0, 1].map(|from| (pair(from, 0) + pair(from, 1)) / sum);
            backward = normed(
                [0, 1].map(|from| self.passes(from, 0) * seen[0] + self.passes(from, 1) * seen[1]),
            );
        }
        Weights { years, stays }
    }

    /// Density of a regime at the logarithm of a volume, never quite 0.
    fn density(&self, regime: usize, log: f64) -> f64 {
        let z = (log - self.log_mean[regime]) / self.log_deviation[regime];
        (libm::exp(-0.5 * z * z) / self.log_deviation[regime]).max(1e-200)
    }

    fn passes(&self, from: usize, to: usize) -> f64 {
        if from == to {
            self.stays[from]
        } else {
            1.0 - self.stays[from]
        }
    }

    /// Probabilities of the next year's regimes.
    fn next(&self, now: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|to| now[0] * self.passes(0, to) + now[1] * self.passes(1, to))
    }

    /// Share of the years in each regime in the long run.
    pub fn share(&self) -> [f64; 2] {
        normed([1.0 - self.stays[1], 1.0 - self.stays[0]])
    }

    fn distance(&self, other: &Self) -> f64 {
        let numbers = |of: &Self| [of.log_mean, of.log_deviation, of.stays];
        let pairs = numbers(self)
            .into_iter()
            .flatten()
            .zip(numbers(other).into_iter().flatten());
        pairs.fold(0.0, |most: f64, (one, other)| most.max((one - other).abs()))
    }

    fn low_first(mut self) -> Self {
        if self.log_mean[0] > self.log_mean[1] {
            self.log_mean.reverse();
            self.log_deviation.reverse();
            self.stays.reverse();
        }
        self
    }

    /// A member over whole years.
    pub fn member(&self, seed: u32, record: &Record, member: u32, period: Period) -> Values {
        let wanted = self.totals(seed, member, period);
        spread(seed, record, member, period, &wanted)
    }

    /// Volume of each year, hm³.
    fn totals(&self, seed: u32, member: u32, period: Period) -> Vec<f64> {
        let first = period.first.year();
        let draws = |purpose| Draws::new(seed, ALL_SITES, purpose);
        let start = draws(Purpose::Start).from(member, 0).uniform();
        let mut regime = usize::from(start >= self.share()[0]);
        let mut changes = draws(Purpose::Regime).from(member, first as u32);
        let mut deviates = draws(Purpose::Total).from(member, first as u32);
        (first..=period.last.year())
            .map(|_| {
                if changes.uniform() >= self.stays[regime] {
                    regime = 1 - regime;
                }
                libm::exp(self.log_mean[regime] + self.log_deviation[regime] * deviates.normal())
            })
            .collect()
    }

    /// Whether its numbers are what a chain may have.
    pub fn is_sound(&self) -> bool {
        let finite = self
            .log_mean
            .iter()
            .chain(&self.log_deviation)
            .all(|n| n.is_finite());
        finite && self.stays.iter().all(|stay| (0.0..1.0).contains(stay))
    }
}

fn normed(weights: [f64; 2]) -> [f64; 2] {
    let sum = weights[0] + weights[1];
    weights.map(|weight| weight / sum)
}
