//! Everything that a run leaves behind: storages at the end of each step and every flux of it.

use ndarray::Array2;

use crate::allocate::Limit;
use crate::plan::Plan;

/// Storages and fluxes of a run, hm³. Arrays are (step, place).
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Into each node, from rivers, sources and returns.
    pub comes: Array2<f64>,
    /// Into each link at its upper end.
    pub enters: Array2<f64>,
    /// Out of each link at its lower end.
    pub leaves: Array2<f64>,
    /// Lost in each delta, by node.
    pub delta_loss: Array2<f64>,
    /// Delivered to each user.
    pub delivered: Array2<f64>,
    /// Returned by each user.
    pub returned: Array2<f64>,
    /// Consumed by each user.
    pub consumed: Array2<f64>,
    /// What bound each user.
    pub limits: Array2<Limit>,
    /// Each minimum flow as far as it was kept.
    pub kept: Array2<f64>,
    /// What bound each minimum flow.
    pub kept_limits: Array2<Limit>,
    /// Each storage at the end of the step.
    pub storage: Array2<f64>,
    /// Rain on each storage.
    pub rain: Array2<f64>,
    /// Evaporation of each storage.
    pub evaporation: Array2<f64>,
    /// Groundwater into each storage; what an empty one cannot lose is not lost.
    pub groundwater: Array2<f64>,
    /// Release of each storage to river and users.
    pub release: Array2<f64>,
    /// Spill of each storage.
    pub spill: Array2<f64>,
    /// By how much each storage ended below its dead volume.
    pub undershoot: Array2<f64>,
    /// Mean area of each storage over the step, km².
    pub area_km2: Array2<f64>,
    /// Mean area of each body of each storage over the step, km²: (step, body), storage after storage.
    pub body_area_km2: Array2<f64>,
}

impl Record {
    /// An empty record of a plan.
    pub fn of(plan: &Plan) -> Self {
        let over = |count: usize| Array2::zeros((plan.steps(), count));
        let (nodes, links, storages) = (plan.places.len(), plan.ends.len(), plan.curves.len());
        let (users, minimums) = (plan.paths.len(), plan.minimum_nodes.len());
        let bodies = plan.curves.iter().map(|curve| curve.bodies.len()).sum();
        Self {
            comes: over(nodes),
            enters: over(links),
            leaves: over(links),
            delta_loss: over(nodes),
            delivered: over(users),
            returned: over(users),
            consumed: over(users),
            limits: Array2::default((plan.steps(), users)),
            kept: over(minimums),
            kept_limits: Array2::default((plan.steps(), minimums)),
            storage: over(storages),
            rain: over(storages),
            evaporation: over(storages),
            groundwater: over(storages),
            release: over(storages),
            spill: over(storages),
            undershoot: over(storages),
            area_km2: over(storages),
            body_area_km2: over(bodies),
        }
    }
}
