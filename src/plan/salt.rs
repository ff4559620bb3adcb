//! The salt of a plan: salinities of what forms, what lakes hold at the start and what sinks.

use ndarray::Array2;

use super::Plan;
use super::carried::{Carried, Salt};
use super::patch::Patches;
use super::pools::{Source, Vessel};
use crate::inputs::folder::Folder;
use crate::network::salinity::{Salinity, SaltLake};
use crate::network::storage::Storage;
use crate::network::{Network, NodeKind};
use crate::scenario::{Initial, Scenario};
use crate::time::seconds_in_year;
use crate::units::m3s_in;

/// What salt is read from.
pub(super) struct SaltDesk<'a> {
    pub(super) folder: &'a Folder,
    pub(super) network: &'a Network,
    pub(super) scenario: &'a Scenario,
    pub(super) states: &'a [Initial],
    pub(super) patches: &'a Patches,
    pub(super) plan: &'a Plan,
    pub(super) carried: &'a Carried,
}

impl SaltDesk<'_> {
    /// The salt of the plan; none where no lake asks for it or something of it is missing.
    pub(super) fn salt(&self) -> Option<Salt> {
        let asked = self.asked();
        if !asked.contains(&true) {
            return None;
        }
        let faults = self.folder.faults();
        self.refuse_inflows_without_salinity(&asked);
        let initial = self.initial(&asked);
        if self.folder.faults() > faults {
            return None;
        }
        let groundwater = self.lakes().map(|lake| {
            let lake = lake.and_then(|row| row.salt.as_ref());
            lake.map_or(0.0, |lake| lake.groundwater_g_per_l)
        });
        let salt = Salt {
            pools: Vec::new(),
            formed_g_per_l: self.formed(&asked),
            exchange: self.exchange(),
            initial_g_per_l: initial,
            groundwater_g_per_l: groundwater.collect(),
            sink_fractions: self.sinks(),
        };
        let pools = self.salty(&salt);
        Some(Salt { pools, ..salt })
    }

    /// Storages of the network, in their order.
    fn lakes(&self) -> impl Iterator<Item = Option<&Storage>> {
        let nodes = self.plan.storage_nodes.iter();
        nodes.map(|node| self.network.nodes[*node].storage())
    }

    fn lake(&self, storage: usize) -> Option<&SaltLake> {
        let node = self.plan.storage_nodes[storage];
        self.network.nodes[node].storage()?.salt.as_ref()
    }

    /// Pools from which water comes to a lake that carries salt.
    fn asked(&self) -> Vec<bool> {
        let pools = &self.carried.pools;
        let mut asked: Vec<bool> = pools
            .iter()
            .map(|pool| match pool.vessel {
                Vessel::Storage(storage) | Vessel::Body(storage, _) => self.lake(storage).is_some(),
                _ => false,
            })
            .collect();
        for pool in (0..pools.len()).rev() {
            if asked[pool] {
                for from in pools[pool].sources.iter().filter_map(|s| s.pool()) {
                    asked[from] = true;
                }
            }
        }
        asked
    }

    /// Nodes where water forms that comes to pools that are asked for.
    fn forming(&self, asked: &[bool]) -> Vec<usize> {
        let pools = self.carried.pools.iter().zip(asked);
        let sources = pools
            .filter(|(_, asked)| **asked)
            .flat_map(|(pool, _)| &pool.sources);
        sources
            .filter_map(|source| match source {
                Source::Forms { node, .. } => Some(*node),
                _ => None,
            })
            .collect()
    }

    fn salinity(&self, node: usize) -> Option<&Salinity> {
        match &self.network.nodes[node].kind {
            NodeKind::Inflow(inflow) => inflow.salinity.as_ref(),
            _ => None,
        }
    }

    fn refuse_inflows_without_salinity(&self, asked: &[bool]) {
        for node in self.forming(asked) {
            if self.salinity(node).is_none() {
                let expected =
                    "its salinity, because a lake or reservoir below it carries salt".to_owned();
                let hint = "state `salinity_g_per_l`, or take the table `salt` of that lake or reservoir away".to_owned();
                let written = &self.network.nodes[node].written;
                let fault = written.fault("salinity_g_per_l", "nothing".into(), expected, hint);
                self.folder.fault(fault);
            }
        }
    }

    /// Salinity of what forms at each node in each step, g/l (equation E30).
    fn formed(&self, asked: &[bool]) -> Array2<f64> {
        let plan = self.plan;
        let mut formed = Array2::zeros((plan.steps(), plan.places.len()));
        for node in self.forming(asked) {
            let Some(salinity) = self.salinity(node) else {
                continue;
            };
            for step in 0..plan.steps() {
                let flow = m3s_in(plan.formed[[step, node]], plan.seconds[step]);
                formed[[step, node]] = salinity.g_per_l(plan.months[step], flow);
            }
        }
        formed
    }

    fn exchange(&self) -> Array2<f64> {
        let plan = self.plan;
        Array2::from_shape_fn((plan.steps(), plan.curves.len()), |(step, storage)| {
            let part = plan.seconds[step] / seconds_in_year(plan.months[step].year());
            let lake = self.lake(storage);
            lake.map_or(0.0, |lake| lake.exchange_hm3_per_year * part)
        })
    }

    fn sinks(&self) -> Vec<f64> {
        let pools = self.carried.pools.iter();
        pools
            .map(|pool| match pool.vessel {
                Vessel::Storage(storage) => self
                    .lake(storage)
                    .map_or(0.0, |lake| lake.sink_fractions[0]),
                Vessel::Body(storage, body) => self
                    .lake(storage)
                    .map_or(0.0, |lake| lake.sink_fractions[body]),
                _ => 0.0,
            })
            .collect()
    }

    /// Salinity of each storage at the start, g/l, by pool.
    fn initial(&self, asked: &[bool]) -> Vec<f64> {
        let mut initial = vec![0.0; asked.len()];
        for storage in 0..self.plan.curves.len() {
            let boxes = self.carried.boxes(storage);
            if !asked[boxes.start] || self.plan.initial[storage] <= 0.0 {
                continue;
            }
            if let Some(stated) = self.stated(storage, boxes.len()) {
                initial[boxes].copy_from_slice(&stated);
            }
        }
        initial
    }

    /// The salinity of each box of a storage at the start; a fault where it is not stated.
    fn stated(&self, storage: usize, boxes: usize) -> Option<Vec<f64>> {
        let name = &self.network.nodes[self.plan.storage_nodes[storage]].name;
        let first = self.scenario.period.first;
        let is_own = |state: &&Initial| state.storage == *name && state.date == Some(first);
        let changed = self.patches.states[self.plan.storage_nodes[storage]].as_ref();
        let changed = changed.filter(|state| !state.salinity_g_per_l.is_empty());
        let state = changed.or_else(|| self.states.iter().find(is_own));
        let salinity = state.map_or(&[][..], |state| &state.salinity_g_per_l);
        if salinity.len() == boxes {
            return Some(salinity.to_vec());
        }
        let expected = match boxes {
            1 => "a number `salinity_g_per_l` in its state, because salt passes through it",
            _ => "`salinity_g_per_l = [first body, second body]` in its state",
        };
        let count = salinity.len();
        let found = format!("{count} numbers for `{name}` at the beginning of {first}");
        let (written, key) = state.map_or((&self.scenario.timed, "period"), |state| {
            (&state.written, "salinity_g_per_l")
        });
        let fault = written.fault(key, found, expected.to_owned(), String::new());
        self.folder.fault(fault);
        None
    }

    /// Pools that salt can reach.
    fn salty(&self, salt: &Salt) -> Vec<usize> {
        let pools = &self.carried.pools;
        let mut salty = vec![false; pools.len()];
        for (place, pool) in pools.iter().enumerate() {
            let brings = |source: &Source| match *source {
                Source::Forms { node, .. } => {
                    salt.formed_g_per_l.column(node).iter().any(|s| *s > 0.0)
                }
                Source::Weather { storage, .. } => salt.groundwater_g_per_l[storage] > 0.0,
                other => other.pool().is_some_and(|pool| salty[pool]),
            };
            salty[place] = salt.initial_g_per_l[place] > 0.0 || pool.sources.iter().any(brings);
            if let Vessel::Body(_, 1) = pool.vessel {
                // Salt passes through the strait of a lake.
                let either = salty[place - 1] || salty[place];
                salty[place - 1..=place].fill(either);
            }
        }
        (0..pools.len()).filter(|pool| salty[*pool]).collect()
    }
}
