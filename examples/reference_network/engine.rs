//! The same work asked of the engine. This is the only file of the measurements that calls it.

use std::time::Duration;

use rivershare::network::Network;
use rivershare::plan::Plan;

use crate::floor::SERIES;

#[expect(dead_code, reason = "the engine runs no ensembles yet")]
/// How the engine runs an ensemble.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Members side by side.
    pub(crate) lanes: usize,
    /// Threads.
    pub(crate) threads: usize,
}

/// What the engine did and how long it took.
pub(crate) struct Outcome {
    /// Time of the run alone.
    pub(crate) time: Duration,
    /// Sums of the series of each member over all steps, in the order of the hand-written loop.
    pub(crate) sums: Vec<[f64; SERIES]>,
}

/// Sums of every series for members with these factors on all inflows; none while the engine runs no
/// ensembles.
pub(crate) fn sums(
    _network: &Network,
    _plan: &Plan,
    _factors: &[f64],
    _manner: Manner,
) -> Option<Outcome> {
    None
}

/// Time to record every series of every member; none while the engine runs no ensembles.
pub(crate) fn record(_plan: &Plan, _factors: &[f64], _manner: Manner) -> Option<Duration> {
    None
}
