//! A scenario of a network as numbers: arrays over steps, nodes, links, users and storages.
//!
//! Everything that can fail has failed when a plan is built; the engine then only computes. Volumes are
//! hm³ per step, storages hm³, depths mm per step.

mod brought;
mod build;
pub mod carried;
mod claims;
mod course;
mod depths;
mod desk;
mod energy;
mod factors;
mod floods;
mod operation;
mod patch;
mod patchable;
mod pick;
pub mod pools;
mod reaches;
mod salt;
mod water;

pub use brought::Brought;
pub use claims::{Claim, Class, Turn};
pub use factors::Factors;
pub use floods::{DecidedFlood, Floods};
pub use patchable::Patchable;
pub use water::{Sites, Water};

use ndarray::Array2;

use carried::Carried;

use crate::network::curve::Curve;
use crate::network::delta::Delta;
use crate::network::link::Travel;
use crate::network::plant::Works;
use crate::network::storage::Evaporates;
use crate::network::{Ends, Path};
use crate::time::{Date, Month};

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
    /// Each step: a month or a day.
    pub dates: Vec<Date>,
    /// The month of each step.
    pub months: Vec<Month>,
    /// Length of each step, s.
    pub seconds: Vec<f64>,
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
    /// Part of what enters a link that leaves it; of no meaning where it loses by a curve.
    pub passes: Vec<f64>,
    /// Place in [`Plan::deltas`] of the curve by which a canal loses, where it has one.
    pub losses: Vec<Option<usize>>,
    /// Way of each user's water.
    pub paths: Vec<Path>,
    /// Part of each user's delivery that returns.
    pub return_fractions: Vec<f64>,
    /// Steps after which each user's return flow comes.
    pub return_lags: Vec<usize>,
    /// Weight of each user among its equals.
    pub weights: Vec<f64>,
    /// Part of each user in the water of its class.
    pub shares: Vec<f64>,
    /// Travel of water through each link; within the step where none.
    pub travel: Vec<Option<Travel>>,
    /// The reach in which each node is decided, in the order of decision; one where no river takes time.
    pub reach: Vec<usize>,
    /// Claims in the order in which they are served.
    pub classes: Vec<Class>,
    /// Storage of each zone.
    pub zone_storages: Vec<usize>,
    /// How each storage evaporates.
    pub evaporates: Vec<Evaporates>,
    /// Link along which each storage spills, where it is not the river.
    pub spillways: Vec<Option<usize>>,
    /// Node of each minimum flow; those of the network come first, then a place for the energy of each plant.
    pub minimum_nodes: Vec<usize>,
    /// Deltas, then the curves of canals.
    pub deltas: Vec<Delta>,
    /// Curve of each storage.
    pub curves: Vec<Curve>,
    /// Share of each body in the groundwater of its lake.
    pub body_groundwater: Vec<Vec<f64>>,
    /// Water that forms at each node.
    pub formed: Array2<f64>,
    /// Demand of each user.
    pub demand: Array2<f64>,
    /// Each minimum flow; of one that is decided every year, and of energy, the most that it can ask for: what it
    /// asks for follows within the step.
    pub minimum: Array2<f64>,
    /// Floods whose volume is decided every year.
    pub floods: Floods,
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
    /// Volume of each zone.
    pub zone: Array2<f64>,
    /// Least release of the rule.
    pub least_release: Array2<f64>,
    /// Most that the outlets release; infinite where nothing limits it.
    pub most_release: Array2<f64>,
    /// What makes energy at each hydropower plant.
    pub plants: Vec<Works>,
    /// Storage of each plant.
    pub plant_storages: Vec<usize>,
    /// Place among the minimum flows of the release that each plant's energy asks for.
    pub energy_claims: Vec<usize>,
    /// Most that the turbines of each plant pass; 0 where it is not in service.
    pub turbine: Array2<f64>,
    /// Most that each plant generates, GWh.
    pub power: Array2<f64>,
    /// Energy that each plant is to generate, GWh.
    pub energy: Array2<f64>,
    /// Storage at the start.
    pub initial: Vec<f64>,
    /// What the water carries.
    pub carried: Carried,
}

/// How a canal loses water.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Conveyance {
    /// This part of every flow arrives.
    Part(f64),
    /// By the curve at this place in [`Plan::deltas`].
    Curve(usize),
}

impl Plan {
    /// How a link loses water.
    pub fn conveyance(&self, link: usize) -> Conveyance {
        self.losses[link].map_or(Conveyance::Part(self.passes[link]), Conveyance::Curve)
    }

    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.months.len()
    }

    /// The plan of the water alone, which carries nothing.
    #[must_use]
    pub fn of_water_alone(self) -> Self {
        let carried = Carried::default();
        Self { carried, ..self }
    }

    /// hm³ that a flow of 1 m³/s brings in a step.
    pub fn hm3_per_m3s(&self, step: usize) -> f64 {
        self.seconds[step] / 1e6
    }
}
