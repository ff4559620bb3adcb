//! How reservoirs and lakes are operated in each step: their rules, by the scenario.

use ndarray::Array2;

use super::brought::Brought;
use super::build::{Flows, Step};
use crate::network::Network;
use crate::network::storage::{Dam, Operation, Storage, Zone};

/// Names a number by the place of its storage.
pub(super) type Named = fn(usize) -> Brought;

/// A number of how a storage is operated in a step.
pub(super) type Operated = fn(Operation, Step) -> f64;

pub(super) fn dead(operation: Operation, _: Step) -> f64 {
    operation.dead_hm3
}

pub(super) fn full(operation: Operation, _: Step) -> f64 {
    operation.full_hm3
}

pub(super) fn target(operation: Operation, _: Step) -> f64 {
    operation.target_hm3
}

pub(super) fn least_release(operation: Operation, step: Step) -> f64 {
    step.hm3(operation.least_m3s)
}

pub(super) fn most_release(operation: Operation, step: Step) -> f64 {
    step.hm3(operation.most_m3s)
}

/// The numbers that a rule can change, with their names.
pub(super) const RULED: [(Named, Operated); 3] = [
    (Brought::Target, target),
    (Brought::LeastRelease, least_release),
    (Brought::MostRelease, most_release),
];

/// All zones, with the nodes of their dams.
pub(super) fn all_zones(network: &Network) -> impl Iterator<Item = (usize, &Dam, &Zone)> {
    let dams = network.storages();
    let dams = dams.filter_map(|(node, storage)| Some((node, storage.dam.as_ref()?)));
    dams.flat_map(|(node, dam)| dam.zones.iter().map(move |zone| (node, dam, zone)))
}

/// Volume of each zone while its dam works: within the full storage.
pub(super) fn zones(flows: &Flows, steps: &[Step]) -> Array2<f64> {
    let zones: Vec<_> = all_zones(flows.network).collect();
    Array2::from_shape_fn((steps.len(), zones.len()), |(step, place)| {
        flows.zone(steps[step], zones[place])
    })
}

impl Flows<'_> {
    /// How a storage is operated.
    pub(super) fn operation(&self, step: Step, (node, storage): (usize, &Storage)) -> Operation {
        let month = step.month();
        let works = self
            .patches
            .dam_works(self.network, self.scenario, node, month);
        self.patches.operation(node, storage, month, works)
    }

    /// Volume of a zone while its dam works.
    pub(super) fn zone(&self, step: Step, (node, dam, zone): (usize, &Dam, &Zone)) -> f64 {
        let month = step.month();
        match self
            .patches
            .dam_works(self.network, self.scenario, node, month)
        {
            true => self.patches.zone_hm3(node, dam, zone, month),
            false => 0.0,
        }
    }
}
