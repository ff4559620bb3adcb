//! The audit of salt: what comes with water, stays, sinks or goes must add up (equation E35).
//!
//! Loads are made anew from recorded volumes and salinities; no sum of the engine is taken.

use super::{Balance, Imbalance, Matter};
use crate::engine::Record;
use crate::network::Network;
use crate::plan::carried::Salt;
use crate::plan::pools::{Source, Vessel};
use crate::plan::{Conveyance, Place, Plan};
use crate::time::Month;

/// Checks every pool that salt reaches, every lake of two bodies as a whole, and every basin, in every step.
pub(super) fn check(network: &Network, plan: &Plan, record: &Record) -> Result<(), Imbalance> {
    let Some(salt) = &plan.carried.salt else {
        return Ok(());
    };
    for (step, &month) in plan.months.iter().enumerate() {
        let page = Page {
            network,
            plan,
            record,
            salt,
            step,
        };
        page.check(month)?;
    }
    Ok(())
}

/// The salt of one step.
struct Page<'a> {
    network: &'a Network,
    plan: &'a Plan,
    record: &'a Record,
    salt: &'a Salt,
    step: usize,
}

impl Page<'_> {
    fn check(&self, month: Month) -> Result<(), Imbalance> {
        let mut lake = Balance::default();
        for (place, &pool) in self.salt.pools.iter().enumerate() {
            let balance = self.balance(place, pool);
            match self.plan.carried.pools[pool].vessel {
                // What passes the strait is no flux of the record: the two bodies are one balance.
                Vessel::Body(_, 0) => lake = balance,
                Vessel::Body(..) => {
                    lake.add(&balance);
                    lake.check(Matter::Salt, || self.name(pool), month)?;
                }
                _ => balance.check(Matter::Salt, || self.name(pool), month)?,
            }
        }
        for (basin, balance) in self.basins().iter().enumerate() {
            let name = || format!("the basin `{}`", self.network.basins[basin]);
            balance.check(Matter::Salt, name, month)?;
        }
        Ok(())
    }

    fn name(&self, pool: usize) -> String {
        let node = self.node(pool);
        match self.plan.carried.pools[pool].vessel {
            Vessel::Link(link) => format!("`{}`", self.network.links[link].name),
            Vessel::Return(user) => {
                format!("the return flow of `{}`", self.network.users[user].name)
            }
            _ => format!("`{}`", self.network.nodes[node].name),
        }
    }

    /// The node that a pool stands at or comes from.
    fn node(&self, pool: usize) -> usize {
        match self.plan.carried.pools[pool].vessel {
            Vessel::Node(node) => node,
            Vessel::Storage(storage) | Vessel::Body(storage, _) => self.plan.storage_nodes[storage],
            Vessel::Link(link) => self.plan.ends[link].from,
            Vessel::Return(user) => self.plan.paths[user].head,
        }
    }

    /// Salinity of the mixture of a pool, g/l.
    fn salinity(&self, pool: usize) -> f64 {
        let place = self.plan.carried.salty(pool);
        place.map_or(0.0, |place| self.record.salinity[[self.step, place]])
    }

    /// Salt that a source brings to a pool, kt.
    fn load(&self, pool: usize, source: Source) -> f64 {
        let (step, record) = (self.step, self.record);
        match source {
            Source::Forms { node, .. } => {
                self.plan.formed[[step, node]] * self.salt.formed_g_per_l[[step, node]]
            }
            Source::Weather { storage, .. } => {
                let comes = record.groundwater[[step, storage]].max(0.0);
                comes * self.part(pool) * self.salt.groundwater_g_per_l[storage]
            }
            Source::Link { link, pool } => record.leaves[[step, link]] * self.salinity(pool),
            Source::Into { link, pool } => record.enters[[step, link]] * self.salinity(pool),
            Source::Return { user, pool } => record.returned[[step, user]] * self.salinity(pool),
            Source::Later { user, pool } => {
                let consumed = record.consumed[[step, user]];
                (record.delivered[[step, user]] - consumed) * self.salinity(pool)
            }
        }
    }

    /// Part of a pool in the groundwater of its lake.
    fn part(&self, pool: usize) -> f64 {
        match self.plan.carried.pools[pool].vessel {
            Vessel::Body(storage, body) => self.plan.body_groundwater[storage][body],
            _ => 1.0,
        }
    }

    /// Water that leaves a pool that stores, hm³; what evaporates leaves its salt.
    fn leaves(&self, pool: usize) -> f64 {
        let (step, record) = (self.step, self.record);
        let seeps = |storage: usize| (-record.groundwater[[step, storage]]).max(0.0);
        let goes = |storage: usize| record.release[[step, storage]] + record.spill[[step, storage]];
        match self.plan.carried.pools[pool].vessel {
            Vessel::Node(_) => 0.0,
            Vessel::Storage(storage) => goes(storage) + seeps(storage),
            Vessel::Body(storage, 0) => seeps(storage) * self.part(pool),
            Vessel::Body(storage, _) => goes(storage) + seeps(storage) * self.part(pool),
            Vessel::Link(link) => record.leaves[[step, link]] / self.plan.passes[link],
            Vessel::Return(user) => record.returned[[step, user]],
        }
    }

    /// The balance of a pool, kt.
    fn balance(&self, place: usize, pool: usize) -> Balance {
        let own = &self.plan.carried.pools[pool];
        let loads = own.sources.iter().map(|source| self.load(pool, *source));
        let (start, end) = self.stock(place);
        let goes = match own.vessel {
            Vessel::Node(node) => self.meeting(node, pool),
            _ => {
                self.leaves(pool) * self.salinity(pool) + self.record.salt_sunk[[self.step, place]]
            }
        };
        Balance {
            comes: loads.sum(),
            goes,
            start,
            end,
        }
    }

    /// What leaves a node without storage: all water that has come, at its salinity.
    fn meeting(&self, node: usize, pool: usize) -> f64 {
        self.record.comes[[self.step, node]] * self.salinity(pool)
    }

    fn stock(&self, place: usize) -> (f64, f64) {
        let start = match self.step {
            0 => self.record.salt_at_start[place],
            step => self.record.salt[[step - 1, place]],
        };
        (start, self.record.salt[[self.step, place]])
    }

    /// Salt of the basins, kt: all that leaves no pool for another is booked by the water that takes it.
    fn basins(&self) -> Vec<Balance> {
        let mut basins = vec![Balance::default(); self.network.basins.len()];
        self.book_pools(&mut basins);
        self.book_links(&mut basins);
        self.book_users(&mut basins);
        self.book_nodes(&mut basins);
        basins
    }

    fn basin(&self, node: usize) -> usize {
        self.network.nodes[node].basin
    }

    /// What pools keep, what sinks in them and what comes with water that forms.
    fn book_pools(&self, basins: &mut [Balance]) {
        for (place, &pool) in self.salt.pools.iter().enumerate() {
            let basin = &mut basins[self.basin(self.node(pool))];
            let (start, end) = self.stock(place);
            basin.start += start;
            basin.end += end;
            basin.goes += self.record.salt_sunk[[self.step, place]];
            let sources = self.plan.carried.pools[pool].sources.iter();
            let risen = sources.filter(|source| source.pool().is_none());
            basin.comes += risen.map(|source| self.load(pool, *source)).sum::<f64>();
        }
    }

    /// What reaches and canals lose, and what they carry from basin to basin.
    fn book_links(&self, basins: &mut [Balance]) {
        for (link, ends) in self.plan.ends.iter().enumerate() {
            let arrives = self.record.leaves[[self.step, link]];
            let salinity = self.salinity(self.plan.carried.of_link[link]);
            let lost = match self.plan.conveyance(link) {
                Conveyance::Part(passes) => arrives / passes - arrives,
                Conveyance::Curve(_) => self.record.enters[[self.step, link]] - arrives,
            };
            let (from, to) = (self.basin(ends.from), self.basin(ends.to));
            basins[from].goes += lost * salinity;
            if from != to {
                basins[from].goes += arrives * salinity;
                basins[to].comes += arrives * salinity;
            }
        }
    }

    /// What users leave on their fields, and what they return to another basin.
    fn book_users(&self, basins: &mut [Balance]) {
        let carried = &self.plan.carried;
        for (user, path) in self.plan.paths.iter().enumerate() {
            let (head, taken) = (self.basin(path.head), carried.of_node[path.head]);
            let source = self.basin(super::source(self.plan, user));
            let delivered = self.record.delivered[[self.step, user]] * self.salinity(taken);
            // Canals have brought it to the basin of the user's field.
            if source != head {
                basins[source].goes += delivered;
                basins[head].comes += delivered;
            }
            basins[head].goes += self.record.consumed[[self.step, user]] * self.salinity(taken);
            let back = path.returns_to.map_or(head, |node| self.basin(node));
            if back != head {
                let returned = self.record.returned[[self.step, user]];
                let returned = returned * self.salinity(carried.of_return[user]);
                basins[head].goes += returned;
                basins[back].comes += returned;
            }
        }
    }

    /// What deltas keep, what seeps out of lakes, and what leaves the model.
    fn book_nodes(&self, basins: &mut [Balance]) {
        let (plan, record, step) = (self.plan, self.record, self.step);
        for (node, place) in plan.places.iter().enumerate() {
            let salinity = self.salinity(plan.carried.of_node[node]);
            let basin = &mut basins[self.network.nodes[node].basin];
            basin.goes += record.delta_loss[[step, node]] * salinity;
            if super::leaves_model(self.network, plan, node) {
                basin.goes += super::passed_out(plan, record, step, node) * salinity;
            }
            if let Place::Storage(storage) = *place {
                let seeps = (-record.groundwater[[step, storage]]).max(0.0);
                for pool in plan.carried.boxes(storage) {
                    basin.goes += seeps * self.part(pool) * self.salinity(pool);
                }
            }
        }
    }
}
