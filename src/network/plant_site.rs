//! The reservoirs of hydropower plants.

use std::collections::BTreeMap;

use super::assemble::{Desk, Places};
use super::plant::Plant;
use super::rows::Written;
use super::{Node, NodeKind};

impl Desk<'_> {
    /// The node of a plant's reservoir; refuses what is none, and one that has no head when it is full.
    pub(super) fn dam(
        &self,
        nodes: &[Node],
        places: &Places,
        row: &Written<Plant>,
    ) -> Option<usize> {
        let (plant, at) = row;
        let node = self.place(places, &plant.reservoir, "reservoir", at)?;
        let dam = match &nodes[node].kind {
            NodeKind::Storage(storage) => storage.dam.as_ref().map(|dam| (storage, dam)),
            _ => None,
        };
        let Some((storage, dam)) = dam else {
            let found = format!("`{}`, which has no dam", plant.reservoir);
            self.fault(
                at,
                "reservoir",
                found,
                "the name of a [[reservoir]]",
                String::new(),
            );
            return None;
        };
        let (full, tailwater) = (
            storage.curve.level(dam.full_hm3),
            plant.works.tailwater.at(0.0),
        );
        if full - tailwater < plant.works.minimum_head_m || full <= tailwater {
            let found = format!(
                "`{}`, whose full level {full:.2} m is too low for a tailwater of {tailwater} m",
                plant.reservoir
            );
            let expected = format!(
                "a head above the least one, {} m, when it is full",
                plant.works.minimum_head_m
            );
            self.fault(at, "reservoir", found, &expected, String::new());
        }
        Some(node)
    }

    /// Refuses a second plant at one reservoir: nothing says which of them gets the water.
    pub(super) fn refuse_twin_plants(&self, plants: &[Written<Plant>]) {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (plant, at) in plants {
            if let Some(first) = seen.insert(&plant.reservoir, &plant.name) {
                let found = format!("a second plant at `{}`", plant.reservoir);
                let expected = format!("one plant with all its `units`, as in `{first}`");
                self.fault(at, "reservoir", found, &expected, String::new());
            }
        }
    }
}
