//! Everything that a run leaves behind: storages at the end of each step and every flux of it.

use ndarray::{Array2, ArrayView1};

use super::state::Fluxes;
use crate::plan::Plan;

/// Declares the arrays of a record, each with the flux that it is made of.
macro_rules! record {
    ($($(#[$doc:meta])* $name:ident $quantity:ident: $count:expr;)*) => {
        /// A quantity of a record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Quantity {
            $($(#[$doc])* $quantity,)*
        }

        impl Quantity {
            /// All quantities.
            pub const ALL: &'static [Self] = &[$(Self::$quantity,)*];

            /// Number of places that a plan has for it.
            pub fn places(self, plan: &Plan) -> usize {
                match self {
                    $(Self::$quantity => $count(plan),)*
                }
            }

            /// Its numbers among the fluxes of a step.
            pub(super) fn of<N>(self, fluxes: &Fluxes<N>) -> &[N] {
                match self {
                    $(Self::$quantity => &fluxes.$name,)*
                }
            }
        }

        /// Storages and fluxes of a run, hm³. Arrays are (step, place).
        #[derive(Clone, Debug, PartialEq)]
        pub struct Record {
            $($(#[$doc])* pub $name: Array2<f64>,)*
            /// Volume under way on each link before the first step.
            pub transit_at_start: Vec<f64>,
            /// Salt in each pool that it reaches before the first step, kt.
            pub salt_at_start: Vec<f64>,
        }

        impl Record {
            /// An empty record of a plan.
            pub fn of(plan: &Plan) -> Self {
                let over = |count: usize| Array2::zeros((plan.steps(), count));
                Self {
                    $($name: over($count(plan)),)*
                    transit_at_start: vec![0.0; plan.ends.len()],
                    salt_at_start: vec![0.0; plan.carried.salty_pools()],
                }
            }

            /// The array of a quantity.
            pub fn array(&self, quantity: Quantity) -> &Array2<f64> {
                match quantity {
                    $(Quantity::$quantity => &self.$name,)*
                }
            }

            fn array_mut(&mut self, quantity: Quantity) -> &mut Array2<f64> {
                match quantity {
                    $(Quantity::$quantity => &mut self.$name,)*
                }
            }
        }
    };
}

record! {
    /// What forms at or is known to arrive at each node before the step is decided.
    forms Forms: nodes;
    /// Into each node, from rivers, sources and returns.
    comes Comes: nodes;
    /// Into each link at its upper end.
    enters Enters: links;
    /// Out of each link at its lower end.
    leaves Leaves: links;
    /// Lost in each delta, by node.
    delta_loss DeltaLoss: nodes;
    /// Delivered to each user.
    delivered Delivered: users;
    /// Returned by each user: what arrives at the node of its return.
    returned Returned: users;
    /// Consumed by each user.
    consumed Consumed: users;
    /// Each minimum flow as it was asked for: of a flood the part that was decided, of energy the release that it takes.
    asked Asked: minimum_flows;
    /// Each minimum flow as far as it was kept.
    kept Kept: minimum_flows;
    /// Each storage at the end of the step.
    storage Storage: storages;
    /// Rain on each storage.
    rain Rain: storages;
    /// Evaporation of each storage.
    evaporation Evaporation: storages;
    /// Groundwater into each storage; what an empty one cannot lose is not lost.
    groundwater Groundwater: storages;
    /// Release of each storage to river and users.
    release Release: storages;
    /// Spill of each storage.
    spill Spill: storages;
    /// By how much each storage ended below its dead volume.
    undershoot Undershoot: storages;
    /// Evaporation less rain and groundwater of each storage as the allocation saw it.
    net_loss NetLoss: storages;
    /// Outflow over the sill of each storage as the allocation saw it.
    sill Sill: storages;
    /// Mean area of each storage over the step, km².
    area_km2 Area: storages;
    /// Mean area of each body of each storage over the step, km²: (step, body), storage after storage.
    body_area_km2 BodyArea: bodies;
    /// Volume under way on each link at the end of the step.
    transit Transit: links;
    /// Return flow of each user under way at the end of the step.
    returning Returning: users;
    /// Energy of each hydropower plant, GWh.
    energy Energy: plants;
    /// Mean head of each plant, m.
    head_m Head: plants;
    /// Water that passed the turbines of each plant.
    turbined Turbined: plants;
    /// Share of each origin in the mixture of each pool: (step, share), pool after pool.
    share Share: shares;
    /// Salinity of the mixture of each pool that salt reaches, g/l.
    salinity Salinity: salty_pools;
    /// Salt in each of these pools at the end of the step, kt.
    salt Salt: salty_pools;
    /// Salt that has sunk in each of these pools, kt.
    salt_sunk SaltSunk: salty_pools;
}

impl Quantity {
    /// Whether it is carried by finished water, and changes nothing of it.
    pub fn is_carried(self) -> bool {
        matches!(
            self,
            Self::Share | Self::Salinity | Self::Salt | Self::SaltSunk
        )
    }
}

impl Record {
    /// Puts down the fluxes of a step.
    pub(super) fn put(&mut self, step: usize, fluxes: &Fluxes<f64>) {
        for &quantity in Quantity::ALL {
            let row = ArrayView1::from(quantity.of(fluxes));
            self.array_mut(quantity).row_mut(step).assign(&row);
        }
    }

    /// Puts down the numbers of a step, quantity after quantity; `quantities` stand in the order of all.
    pub(super) fn put_all(&mut self, step: usize, quantities: &[Quantity], mut numbers: &[f64]) {
        for &quantity in quantities {
            let array = self.array_mut(quantity);
            let (own, rest) = numbers.split_at(array.ncols());
            array.row_mut(step).assign(&ArrayView1::from(own));
            numbers = rest;
        }
    }
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

fn plants(plan: &Plan) -> usize {
    plan.plant_storages.len()
}

fn minimum_flows(plan: &Plan) -> usize {
    plan.minimum_nodes.len()
}

fn storages(plan: &Plan) -> usize {
    plan.curves.len()
}

fn shares(plan: &Plan) -> usize {
    plan.carried.shares()
}

fn salty_pools(plan: &Plan) -> usize {
    plan.carried.salty_pools()
}

fn bodies(plan: &Plan) -> usize {
    plan.curves.iter().map(|curve| curve.bodies.len()).sum()
}
