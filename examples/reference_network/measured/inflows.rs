//! Synthetic daily inflows: a season, and lognormal anomalies that persist from day to day.
//!
//! The same seed gives the same series everywhere: the stream of each river is keyed by its name, and
//! exponentials and cosines come from `libm`.

use rivershare::hydrology::anomalies::Stream;
use rivershare::time::{Month, Period, days_in_year};

use super::definition::WRITTEN;
use super::floor::RIVERS;

/// Seed of the shipped measurements.
pub(crate) const SEED: u64 = 1901;

/// Part of an anomaly that is left the day after.
const PERSISTENCE: f64 = 0.97;

/// Standard deviation of the logarithm of the anomalies.
const SPREAD: f64 = 0.5;

/// Height of the seasonal cycle above its mean, as a part of the mean.
const SEASON: f64 = 0.75;

/// Inflow of each river on each day of the months, ML. The means over all days are those of the
/// definition, but for the rounding of sums.
pub(crate) fn inflows(seed: u64, period: Period) -> Vec<[f64; RIVERS]> {
    let rivers: Vec<Vec<f64>> = (0..RIVERS)
        .map(|river| series(seed, river, period))
        .collect();
    (0..rivers[0].len())
        .map(|day| std::array::from_fn(|river| rivers[river][day]))
        .collect()
}

fn series(seed: u64, river: usize, period: Period) -> Vec<f64> {
    let written = &WRITTEN[river];
    let mut anomalies = Anomalies::new(&format!("{seed}|inflow|River {}", river + 1));
    let mut flows: Vec<f64> = seasons(period, written.peak)
        .map(|season| season * anomalies.next_day())
        .collect();
    let scale = written.inflow * flows.len() as f64 / flows.iter().sum::<f64>();
    for flow in &mut flows {
        *flow *= scale;
    }
    flows
}

/// The seasonal cycle on each day of the months, with a mean of about 1 and greatest on the day `peak` of
/// the year.
fn seasons(period: Period, peak: f64) -> impl Iterator<Item = f64> {
    let days = period.months().flat_map(|month| {
        let january = Month::new(month.year(), 1);
        let before: u32 = (0..month.since(january))
            .map(|later| january.plus(later).days())
            .sum();
        (1..=month.days()).map(move |day| (month.year(), before + day))
    });
    days.map(move |(year, day)| {
        let part = (f64::from(day) - peak) / f64::from(days_in_year(year));
        1.0 + SEASON * libm::cos(2.0 * std::f64::consts::PI * part)
    })
}

/// Lognormal anomalies with a mean of 1, each of which keeps a part of the one before.
struct Anomalies {
    stream: Stream,
    deviate: f64,
}

impl Anomalies {
    fn new(key: &str) -> Self {
        let mut stream = Stream::new(key);
        let deviate = stream.normal();
        Self { stream, deviate }
    }

    fn next_day(&mut self) -> f64 {
        let fresh = libm::sqrt(1.0 - PERSISTENCE * PERSISTENCE) * self.stream.normal();
        self.deviate = PERSISTENCE * self.deviate + fresh;
        libm::exp(SPREAD * self.deviate - 0.5 * SPREAD * SPREAD)
    }
}
