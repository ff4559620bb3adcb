//! Who gets what in one step (equations E9 to E12 of `docs/equations.md`).
//!
//! Fixed before the step are the water that forms and arrives, the net loss of each storage and the outflow over
//! natural sills. Decided are the part of every claim that is met, the floor of every storage and the
//! flows. Classes of priority are served one after the other; within a class shortage is shared.

mod allowance;
mod canals;
mod desk;
mod groups;
mod known;
mod leximin;
pub mod machine;
mod packed;
mod part;
mod scheme;
mod serve;
mod standing;
mod telling;

pub(crate) use desk::Desk;
pub use groups::Group;
pub(crate) use leximin::Contest;
pub(crate) use machine::{Label, Labelled};
pub use machine::{Machine, Plain};
pub(crate) use machine::{greater, lesser};
pub(crate) use packed::Packed;
pub use part::Part;
pub use scheme::Scheme;
pub(crate) use scheme::has_limited_outlet;
pub use serve::{Decision, decide};
pub use standing::{Flows, Scene, Standing};

use std::sync::Arc;

use crate::plan::Plan;

/// What bound a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bound {
    /// Nothing: it was served in full.
    #[default]
    Nothing,
    /// No more water at this node.
    Water(usize),
    /// What earlier claims take at this node.
    Senior(usize),
    /// The minimum flow kept below this node.
    MinimumFlow(usize),
    /// The capacity of this canal.
    Canal(usize),
    /// What this storage withholds: a zone or its target.
    Storage(usize),
    /// The least release of this storage.
    Release(usize),
    /// The outlets of this storage.
    Outlet(usize),
}

/// The fixed numbers of a step, hm³.
#[derive(Clone, Copy, Debug)]
pub struct Water<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The step.
    pub step: usize,
    /// What forms at or arrives at each node.
    pub forms: &'a [f64],
    /// Each storage at the start.
    pub storage: &'a [f64],
    /// Evaporation less rain and groundwater of each storage.
    pub net_loss: &'a [f64],
    /// Outflow over the sill of each storage whose curve has one.
    pub sill: &'a [f64],
}

impl Water<'_> {
    /// The scene of a step.
    pub fn scene(&self) -> Scene<f64> {
        let (plan, step) = (self.plan, self.step);
        let row = |array: &ndarray::Array2<f64>| array.row(step).to_vec();
        let storages = 0..plan.curves.len();
        let has_sill = |storage: usize| plan.curves[storage].outflow_m3s.is_some();
        let is_lake = |storage: usize| plan.target[[step, storage]] == f64::INFINITY;
        let most = |storage: usize| match (has_sill(storage), is_lake(storage)) {
            (true, true) => self.sill[storage],
            (true, false) => plan.most_release[[step, storage]] + self.sill[storage],
            (false, _) => plan.most_release[[step, storage]],
        };
        let least = |storage: usize| match has_sill(storage) && !is_lake(storage) {
            true => plan.least_release[[step, storage]].max(self.sill[storage]),
            false => plan.least_release[[step, storage]],
        };
        let holds = |storage: usize| {
            let start = self.storage[storage].min(plan.full[[step, storage]]);
            greater(start - self.net_loss[storage], 0.0)
        };
        let target = |storage: usize| match is_lake(storage) {
            true => 0.0,
            false => plan.target[[step, storage]],
        };
        Scene {
            forms: self.forms.to_vec(),
            holds: storages.clone().map(holds).collect(),
            dead: row(&plan.dead),
            most: storages.clone().map(most).collect(),
            least: storages.clone().map(least).collect(),
            target: storages.map(target).collect(),
            zone: row(&plan.zone),
            demand: row(&plan.demand),
            returns: plan.return_fractions.clone(),
            minimum: row(&plan.minimum),
            capacity: row(&plan.capacity),
        }
    }
}

/// What a step decides in plain numbers, hm³.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allocation {
    /// Delivered to each user.
    pub delivered: Vec<f64>,
    /// Each minimum flow as far as it is kept.
    pub kept: Vec<f64>,
    /// Least release of each storage as far as it is met.
    pub released: Vec<f64>,
    /// Volume of each zone as far as it is held.
    pub withheld: Vec<f64>,
    /// Target of each storage as far as it is held.
    pub held: Vec<f64>,
    /// What leaves each storage to river and users.
    pub release: Vec<f64>,
    /// What leaves each node along its river.
    pub flow: Vec<f64>,
}

/// Decides steps of a plan one by one.
#[derive(Clone, Debug)]
pub struct Allocator {
    scheme: Arc<Scheme>,
}

impl Allocator {
    /// Makes the claims of a plan ready.
    pub fn new(plan: &Plan) -> Self {
        let scheme = Arc::new(Scheme::of(plan));
        Self { scheme }
    }

    /// Decides a step.
    pub fn allocate(&self, water: &Water, allocation: &mut Allocation) {
        let mut plain = Plain::of(water.plan, water.step);
        let decision = decide(&mut plain, &self.scheme, &water.scene());
        let nodes = &water.plan.storage_nodes;
        let release = |node: &usize| match water.plan.river[*node] {
            Some(_) => decision.flows.offer[*node],
            None => decision.standing.taken[*node],
        };
        *allocation = Allocation {
            delivered: decision.delivered,
            kept: decision.kept,
            released: decision.released,
            withheld: decision.withheld,
            held: decision.held,
            release: nodes.iter().map(release).collect(),
            flow: decision.flows.leaves,
        };
    }
}
