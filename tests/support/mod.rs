//! Writes model folders from a few lines and runs them.
//!
//! Volumes are hm³: flows are written so that every month of 2001 brings the same volume. Capacities,
//! outlets, ratings and deltas are m³/s, so that theirs hold for months of 30 days; runs begin in April.
#![allow(dead_code, reason = "each test file uses its own part")]

mod ask;
pub(crate) mod case;
pub(crate) mod leximin;
pub(crate) mod lp;
mod outcome;
pub(crate) mod programme;
pub(crate) mod proof;
pub(crate) mod random;
pub(crate) mod rivers;
mod running;
mod sketch;
mod storages;
mod water;

pub(crate) use ask::Ask;
pub(crate) use outcome::Outcome;
pub(crate) use sketch::Sketch;
pub(crate) use water::{Dam, Knot, Water};

/// hm³ that a flow of 1 m³/s brings in 30 days.
pub(crate) const HM3_PER_M3S: f64 = 2.592;

const SOURCE: &str = "source = \"assumption: a test\"\nconfidence = \"low\"\n";
const CSV_SOURCE: &str = "# source: assumption: a test\n# confidence: low\n";
const DAYS: [f64; 12] = [
    31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0,
];

/// Twelve flows in m³/s that bring the same volume in each month.
fn monthly_m3s(hm3: f64) -> String {
    let flows = DAYS.map(|days| hm3 / (days * 0.0864));
    format!("{flows:?}")
}

/// Volumes of up to a thousand hm³ that came through m³/s and a dozen sums agree to a litre.
#[track_caller]
pub(crate) fn same(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9,
        "{found} in place of {expected}"
    );
}
