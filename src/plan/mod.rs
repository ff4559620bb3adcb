//! A scenario of a network as numbers: arrays over steps, nodes, links, users and storages.
//!
//! Everything that can fail has failed when a plan is built; the engine then only computes. Volumes are
//! hm³ per step, storages hm³, depths mm per step.

mod build;
mod patch;
mod pick;

use ndarray::Array2;

use crate::network::curve::Curve;
use crate::network::delta::Delta;
use crate::network::{Ends, Path};
use crate::time::Month;

/// What stands at a node, as a place in the arrays of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Passes on what comes.
    Pass,
    /// Place in [`Plan::deltas`].
    Delta(usize),
    /// Place in the arrays over storages.
    Storage(usize),
}

/// A scenario of a network as numbers. Arrays with two axes are (step, place).
#[derive(Clone, Debug)]
pub struct Plan {
    /// The steps.
    pub months: Vec<Month>,
    /// What stands at each node, in river order.
    pub places: Vec<Place>,
    /// Node of each storage.
    pub storage_nodes: Vec<usize>,
    /// Ends of each link.
    pub ends: Vec<Ends>,
    /// Main link out of each node.
    pub river: Vec<Option<usize>>,
    /// River links into each node.
    pub rivers_in: Vec<Vec<usize>>,
    /// Part of what enters a link that leaves it.
    pub passes: Vec<f64>,
    /// Way of each user's water.
    pub paths: Vec<Path>,
    /// Part of each user's delivery that returns.
    pub return_fractions: Vec<f64>,
    /// Users in the order in which they are served.
    pub service_order: Vec<usize>,
    /// Node of each minimum flow.
    pub minimum_nodes: Vec<usize>,
    /// Deltas.
    pub deltas: Vec<Delta>,
    /// Curve of each storage.
    pub curves: Vec<Curve>,
    /// Share of each body in the groundwater of its lake.
    pub body_groundwater: Vec<Vec<f64>>,
    /// Water that forms at each node.
    pub formed: Array2<f64>,
    /// Demand of each user.
    pub demand: Array2<f64>,
    /// Each minimum flow.
    pub minimum: Array2<f64>,
    /// Capacity of each link; infinite where nothing limits it.
    pub capacity: Array2<f64>,
    /// Rain on each storage, mm.
    pub rain_mm: Array2<f64>,
    /// Open-water evaporation of each storage, mm.
    pub evaporation_mm: Array2<f64>,
    /// Groundwater into each storage.
    pub groundwater: Array2<f64>,
    /// Volume of each storage below which nothing is released.
    pub dead: Array2<f64>,
    /// Volume of each storage above which water spills.
    pub full: Array2<f64>,
    /// Storage that the rule keeps; infinite for a lake.
    pub target: Array2<f64>,
    /// Least release of the rule.
    pub least_release: Array2<f64>,
    /// Most that the outlets release; infinite where nothing limits it.
    pub most_release: Array2<f64>,
    /// Storage at the start.
    pub initial: Vec<f64>,
}

impl Plan {
    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.months.len()
    }
}
