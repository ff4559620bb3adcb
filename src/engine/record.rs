//! Everything that a run leaves behind: storages at the end of each step and every flux of it.

use ndarray::{Array2, ArrayView1};

use super::step::Fluxes;
use crate::plan::Plan;

/// Declares the arrays of a record, each with the flux that it is made of.
macro_rules! record {
    ($($(#[$doc:meta])* $name:ident: $count:expr;)*) => {
        /// Storages and fluxes of a run, hm³. Arrays are (step, place).
        #[derive(Clone, Debug, PartialEq)]
        pub struct Record {
            $($(#[$doc])* pub $name: Array2<f64>,)*
            /// Volume under way on each link before the first step.
            pub transit_at_start: Vec<f64>,
        }

        impl Record {
            /// An empty record of a plan.
            pub fn of(plan: &Plan) -> Self {
                let over = |count: usize| Array2::zeros((plan.steps(), count));
                Self {
                    $($name: over($count(plan)),)*
                    transit_at_start: vec![0.0; plan.ends.len()],
                }
            }

            /// Puts down the fluxes of a step.
            pub(super) fn put(&mut self, step: usize, fluxes: &Fluxes<f64>) {
                $(self.$name.row_mut(step).assign(&ArrayView1::from(&fluxes.$name));)*
            }
        }
    };
}

record! {
    /// What forms at or is known to arrive at each node before the step is decided.
    forms: nodes;
    /// Into each node, from rivers, sources and returns.
    comes: nodes;
    /// Into each link at its upper end.
    enters: links;
    /// Out of each link at its lower end.
    leaves: links;
    /// Lost in each delta, by node.
    delta_loss: nodes;
    /// Delivered to each user.
    delivered: users;
    /// Returned by each user: what arrives at the node of its return.
    returned: users;
    /// Consumed by each user.
    consumed: users;
    /// Each minimum flow as far as it was kept.
    kept: minimum_flows;
    /// Each storage at the end of the step.
    storage: storages;
    /// Rain on each storage.
    rain: storages;
    /// Evaporation of each storage.
    evaporation: storages;
    /// Groundwater into each storage; what an empty one cannot lose is not lost.
    groundwater: storages;
    /// Release of each storage to river and users.
    release: storages;
    /// Spill of each storage.
    spill: storages;
    /// By how much each storage ended below its dead volume.
    undershoot: storages;
    /// Evaporation less rain and groundwater of each storage as the allocation saw it.
    net_loss: storages;
    /// Outflow over the sill of each storage as the allocation saw it.
    sill: storages;
    /// Mean area of each storage over the step, km².
    area_km2: storages;
    /// Mean area of each body of each storage over the step, km²: (step, body), storage after storage.
    body_area_km2: bodies;
    /// Volume under way on each link at the end of the step.
    transit: links;
    /// Return flow of each user under way at the end of the step.
    returning: users;
}

fn nodes(plan: &Plan) -> usize {
    plan.places.len()
}

fn links(plan: &Plan) -> usize {
    plan.ends.len()
}

fn users(plan: &Plan) -> usize {
    plan.paths.len()
}

fn minimum_flows(plan: &Plan) -> usize {
    plan.minimum_nodes.len()
}

fn storages(plan: &Plan) -> usize {
    plan.curves.len()
}

fn bodies(plan: &Plan) -> usize {
    plan.curves.iter().map(|curve| curve.bodies.len()).sum()
}
