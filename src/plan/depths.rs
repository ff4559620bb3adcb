//! Rain on storages and their evaporation in every step.

use ndarray::Array2;

use super::build::Step;
use super::course::Course;
use super::factors::at;
use crate::inputs::series::Monthly;
use crate::network::Network;
use crate::network::storage::Storage;

/// A rain or an evaporation of all storages.
pub(super) struct Depths<'a> {
    /// Its series at a storage.
    pub(super) series: fn(&Storage) -> &Monthly,
    /// The site that brings it, by node.
    pub(super) sites: &'a [Option<usize>],
    /// What a climate makes of it, by node and month.
    pub(super) changes: &'a [Vec<f64>],
}

impl Depths<'_> {
    /// Depths by step and storage, mm; where a site brings them, those of 1 mm. A storage that holds no water, as
    /// `lies` says, has none.
    pub(super) fn of(
        &self,
        network: &Network,
        course: Course,
        lies: &dyn Fn(Step, usize) -> bool,
    ) -> Array2<f64> {
        let (steps, storages) = (course.steps, network.storages().collect::<Vec<_>>());
        let depths = storages.iter().map(|(node, row)| match self.sites[*node] {
            Some(_) => vec![1.0; steps.len()],
            None => course.depth((self.series)(row)),
        });
        let depths: Vec<Vec<f64>> = depths.collect();
        Array2::from_shape_fn((steps.len(), storages.len()), |(step, place)| {
            let (own, first) = (steps[step], steps[0].date.month());
            match lies(own, place) {
                true => {
                    let changed = at(self.changes, storages[place].0, first, own.date.month());
                    depths[place][step] * changed
                }
                false => 0.0,
            }
        })
    }
}
