//! Stage 3 of a step: what really flows, and every storage at its end.

use super::hydropower::Passage;
use super::machine::StepMachine;
use super::reaches::Reach;
use super::state::Fluxes;
use super::step::Step;
use super::storage::End;
use crate::allocate::Decision;
use crate::plan::{Conveyance, Place};

impl<M: StepMachine> Step<'_, M> {
    /// Stage 3 of a reach: what really flows, and every storage at the end of the step.
    pub(super) fn settle(&mut self, reach: &Reach, decision: &Decision<M::Number>) {
        for &user in &reach.users {
            self.settle_user(user, decision.delivered[user]);
        }
        for &place in &reach.minimum_flows {
            self.fluxes.kept[place] = decision.kept[place];
        }
        for &node in &reach.nodes {
            self.settle_node(node, decision);
            if let Place::Storage(storage) = self.layout.places[node] {
                self.settle_rule(storage, decision);
            }
        }
    }

    /// Puts down what a storage was let have for itself.
    fn settle_rule(&mut self, storage: usize, decision: &Decision<M::Number>) {
        self.fluxes.released[storage] = decision.released[storage];
        self.fluxes.held[storage] = decision.held[storage];
        for (zone, of) in self.layout.zone_storages.iter().enumerate() {
            if *of == storage {
                self.fluxes.withheld[zone] = decision.withheld[zone];
            }
        }
    }

    /// Puts down what a user gets, and what enters the canals for it.
    fn settle_user(&mut self, user: usize, delivered: M::Number) {
        let returns = self.m.mul(self.row.returns[user], delivered);
        self.fluxes.delivered[user] = delivered;
        self.fluxes.consumed[user] = self.m.sub(delivered, returns);
        match &mut self.state.returns[user] {
            None => self.fluxes.returned[user] = returns,
            Some(way) => {
                let arrives = self.fluxes.returned[user];
                way.go_on(returns, arrives);
                let gains = self.m.sub(returns, arrives);
                self.state.returning[user] = self.m.add(self.state.returning[user], gains);
            }
        }
        let mut carries = delivered;
        for &(link, conveyance) in self.layout.canals[user].iter().rev() {
            self.fluxes.leaves[link] = self.m.add(self.fluxes.leaves[link], carries);
            let carried = self.fluxes.enters[link];
            match conveyance {
                Conveyance::Part(passes) => {
                    let passes = self.m.number(passes);
                    carries = self.m.div(carries, passes);
                    self.fluxes.enters[link] = self.m.add(carried, carries);
                }
                Conveyance::Curve(loss) => {
                    let enters = self.m.inflow(loss, self.fluxes.leaves[link]);
                    self.fluxes.enters[link] = enters;
                    carries = self.m.sub(enters, carried);
                }
            }
        }
    }

    fn settle_node(&mut self, node: usize, decision: &Decision<M::Number>) {
        let layout = self.layout;
        let mut comes = self.row.formed[node];
        for &(link, _, _) in &layout.rivers_in[node] {
            comes = self.m.add(comes, self.fluxes.leaves[link]);
        }
        for &link in &layout.spillways_in[node] {
            comes = self.m.add(comes, self.fluxes.leaves[link]);
        }
        for &user in &layout.returns_in[node] {
            comes = self.m.add(comes, self.fluxes.returned[user]);
        }
        self.fluxes.comes[node] = comes;
        let taken = decision.standing.taken[node];
        let leaves = match layout.places[node] {
            Place::Pass => self.m.sub(comes, taken),
            Place::Delta(delta) => {
                let rest = self.m.sub(comes, taken);
                // Rounding of the allocation may leave less than nothing.
                let rest = self.m.max(rest, self.zero);
                let leaves = self.m.outflow(delta, rest);
                self.fluxes.delta_loss[node] = self.m.sub(rest, leaves);
                leaves
            }
            Place::Storage(storage) => {
                let leaves = self.settle_storage(storage, comes, decision);
                let leaves = self.m.sub(leaves, taken);
                self.generate(storage, leaves);
                leaves
            }
        };
        if let Some((link, passes)) = layout.river[node] {
            self.send(link, passes, leaves);
        }
    }

    /// Sends water down a river.
    fn send(&mut self, link: usize, passes: f64, enters: M::Number) {
        let arrives = match &mut self.state.rivers[link] {
            None => enters,
            Some(way) => {
                let arrives = way.arrives(self.m, enters);
                way.go_on(enters, arrives);
                let gains = self.m.sub(enters, arrives);
                self.state.transit[link] = self.m.add(self.state.transit[link], gains);
                arrives
            }
        };
        let passes = self.m.number(passes);
        self.fluxes.enters[link] = enters;
        self.fluxes.leaves[link] = self.m.mul(passes, arrives);
    }

    /// Advances a storage with what really comes; gives what leaves it to river and users.
    fn settle_storage(
        &mut self,
        storage: usize,
        comes: M::Number,
        decision: &Decision<M::Number>,
    ) -> M::Number {
        let layout = self.layout;
        let (weather, fixed) = (self.weather(storage), self.fixed(storage));
        let release = self.release(storage, comes, decision);
        let end = layout.methods[storage].end(self.m, &weather, &fixed, comes, release);
        let last = self.m.sub(release, fixed.sill);
        self.state.release[storage] = self.m.max(last, self.zero);
        self.state.storage[storage] = end.volume;
        let (release_flux, spill) = (release, end.spill);
        self.book(storage, release_flux, end);
        match layout.spillways[storage] {
            None => self.m.add(release, spill),
            Some((link, passes)) => {
                self.send(link, passes, spill);
                release
            }
        }
    }

    /// What the plant at a storage makes of what leaves it along the river, spill included.
    fn generate(&mut self, storage: usize, leaves: M::Number) {
        let Some(plant) = self.layout.plants[storage] else {
            return;
        };
        let spill = match self.layout.spillways[storage] {
            None => self.fluxes.spill[storage],
            Some(_) => self.zero,
        };
        let passage = Passage {
            start_m: self.m.level(storage, self.fixed(storage).start),
            end_m: self.m.level(storage, self.fluxes.storage[storage]),
            river: self.m.sub(leaves, spill),
            spill,
            turbine: self.row.turbine[plant],
            power: self.row.power[plant],
        };
        let made = self.m.generate(plant, &passage);
        self.fluxes.energy[plant] = made.energy;
        self.fluxes.head_m[plant] = made.head;
        self.fluxes.turbined[plant] = made.turbined;
    }

    /// The release of the allocation; where more comes than it saw, what is above the target passes on (E12).
    fn release(
        &mut self,
        storage: usize,
        comes: M::Number,
        decision: &Decision<M::Number>,
    ) -> M::Number {
        let node = self.layout.storage_nodes[storage];
        if self.layout.river[node].is_none() {
            // A lake at the end of a river lets out only what users take from it.
            return decision.standing.taken[node];
        }
        // Rounding of the allocation may leave a last digit less than nothing.
        let release = self.m.max(decision.flows.offer[node], self.zero);
        if !self.layout.is_surprised[storage] || !self.layout.is_dam[storage] {
            return release;
        }
        let (most, target) = (
            self.most(storage),
            self.loaded(storage, self.row.target[storage]),
        );
        let holds = self.holds(storage);
        let above = self.m.sub(holds, target);
        let above = self.m.add(above, comes);
        let above = self.m.min(above, most);
        self.m.max(release, above)
    }

    fn book(&mut self, storage: usize, release: M::Number, end: End<M::Number>) {
        let below = self.m.sub(self.row.dead[storage], end.volume);
        let fluxes = &mut self.fluxes;
        fluxes.undershoot[storage] = self.m.max(below, self.zero);
        fluxes.storage[storage] = end.volume;
        fluxes.rain[storage] = end.rain;
        fluxes.evaporation[storage] = end.evaporation;
        fluxes.groundwater[storage] = end.groundwater;
        fluxes.release[storage] = release;
        fluxes.spill[storage] = end.spill;
        fluxes.area_km2[storage] = end.area;
        for (body, area) in end.body_areas.into_iter().enumerate() {
            fluxes.body_area_km2[self.layout.first_body[storage] + body] = area;
        }
    }

    pub(super) fn finish(self) -> Fluxes<M::Number> {
        let mut fluxes = self.fluxes;
        let rivers = fluxes.enters.iter_mut().chain(&mut fluxes.leaves);
        for flow in rivers.chain(&mut fluxes.comes) {
            // Rounding of the allocation may leave a river dry by a last digit too much.
            *flow = self.m.max(*flow, self.zero);
        }
        fluxes.transit.clone_from(&self.state.transit);
        fluxes.returning.clone_from(&self.state.returning);
        fluxes
    }
}
