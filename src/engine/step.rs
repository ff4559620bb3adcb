//! One step, written once over the arithmetic of a [`StepMachine`] (`docs/equations.md` §2).
//!
//! 1. Each storage is advanced with the inflow that would come without use and its last release: its net loss
//!    and its outflow over a sill become fixed numbers.
//! 2. Reach by reach from the headwaters down the allocation decides deliveries, floors and releases,
//! 3. and every storage of the reach is advanced with what really comes and is released; what passes full
//!    storage spills and goes on unclaimed.
//! 4. What the water carries follows the finished flows and changes nothing of them.

use super::carried::{self, Carriage};
use super::energy::to_targets;
use super::floods;
use super::hydropower::{Generated, Passage, Target, Trial};
use super::layout::Layout;
use super::reaches::Reach;
use super::state::{Fluxes, Row, State};
use super::storage::{End, Fixed, Weather};
use crate::allocate::{Decision, Machine, Scene, decide};
use crate::plan::Place;

/// Arithmetic of a step with storages.
pub trait StepMachine: Machine {
    /// Advances a storage exactly (equations E5 to E8).
    fn advance(&mut self, storage: usize, forces: &Forces<Self::Number>) -> Advanced<Self::Number>;
    /// Area of a storage at a volume, km².
    fn area(&mut self, storage: usize, volume: Self::Number) -> Self::Number;
    /// Mean area of each body of a lake at a volume of the whole, km².
    fn body_areas(&mut self, storage: usize, volume: Self::Number) -> Vec<Self::Number>;
    /// Volume of each body of a lake at a volume of the whole, hm³.
    fn body_volumes(&mut self, storage: usize, volume: Self::Number) -> Vec<Self::Number>;
    /// Outflow over the sill of a storage at a volume, hm³ in the step.
    fn over_sill(&mut self, storage: usize, volume: Self::Number) -> Self::Number;
    /// The volume that is left where a net depth in mm acts on the area at the end (equation E25).
    fn unload(&mut self, storage: usize, net_mm: Self::Number, load: Self::Number) -> Self::Number;
    /// What a plant makes of what passes its dam (equations E36 to E38).
    fn generate(
        &mut self,
        plant: usize,
        passage: &Passage<Self::Number>,
    ) -> Generated<Self::Number>;
    /// The release that an energy target asks for at the head of the start, hm³ (equation E39).
    fn first_release(&mut self, plant: usize, target: &Target<Self::Number>) -> Self::Number;
    /// What a trial called for and the release to ask for next (equation E40).
    fn correct(
        &mut self,
        target: &Target<Self::Number>,
        before: &Trial<Self::Number>,
        asked: Self::Number,
        generated: &Generated<Self::Number>,
    ) -> (Trial<Self::Number>, Self::Number);
}

/// What acts on a storage that is advanced exactly.
#[derive(Clone, Copy, Debug)]
pub struct Forces<N> {
    /// Volume at the start, hm³.
    pub start: N,
    /// River inflow and groundwater less release, hm³.
    pub net_inflow: N,
    /// Rain, mm.
    pub rain_mm: N,
    /// Open-water evaporation, mm.
    pub evaporation_mm: N,
    /// Volume above which water spills, hm³.
    pub full: N,
    /// Whether water flows over the sill; else the allocation has decided it.
    pub over_sill: bool,
}

/// A storage that was advanced exactly, hm³ and km².
#[derive(Clone, Debug)]
pub struct Advanced<N> {
    /// Volume at the end.
    pub end: N,
    /// Rain.
    pub rain: N,
    /// Evaporation.
    pub evaporation: N,
    /// Outflow over the sill.
    pub outflow: N,
    /// Spill above full storage.
    pub spill: N,
    /// Mean area.
    pub mean_area: N,
    /// Mean area of each body.
    pub body_areas: Vec<N>,
}

/// Carries out one step; `state` becomes that of its end.
pub(crate) fn step<M: StepMachine>(
    machine: &mut M,
    layout: &Layout,
    row: &Row<M::Number>,
    state: &mut State<M::Number>,
) -> Fluxes<M::Number> {
    let start = state.storage.clone();
    let mut fluxes = match layout.targeted.is_empty() {
        true => once(machine, layout, row, state),
        false => to_targets(machine, layout, row, state),
    };
    if let Some(carried) = &layout.carried {
        let scene = Carriage {
            layout,
            row,
            start: &start,
        };
        scene.carry(machine, carried, state, &mut fluxes);
    }
    fluxes
}

/// Carries out the water of one step where all that claims ask for is known.
pub(super) fn once<M: StepMachine>(
    machine: &mut M,
    layout: &Layout,
    row: &Row<M::Number>,
    state: &mut State<M::Number>,
) -> Fluxes<M::Number> {
    let mut step = Step::begin(machine, layout, row, state);
    step.fix_numbers(false);
    step.ask();
    for reach in &layout.reaches {
        let decision = step.allocate(reach);
        step.settle(reach, &decision);
    }
    step.finish()
}

/// Sets the last release and what is under way as they would have been in a steady state before the first
/// step: without use, each dam passing on what comes.
pub(crate) fn prepare<M: StepMachine>(
    machine: &mut M,
    layout: &Layout,
    row: &Row<M::Number>,
    state: &mut State<M::Number>,
) {
    let mut step = Step::begin(machine, layout, row, state);
    let goes = step.fix_numbers(true);
    if let Some(carried) = &layout.carried {
        carried::prepare(machine, layout, carried, row, &goes, state);
    }
}

struct Step<'a, M: StepMachine> {
    m: &'a mut M,
    layout: &'a Layout,
    row: &'a Row<M::Number>,
    state: &'a mut State<M::Number>,
    zero: M::Number,
    fixed: Vec<Option<Fixed<M::Number>>>,
    fluxes: Fluxes<M::Number>,
}

impl<'a, M: StepMachine> Step<'a, M> {
    fn begin(
        m: &'a mut M,
        layout: &'a Layout,
        row: &'a Row<M::Number>,
        state: &'a mut State<M::Number>,
    ) -> Self {
        let zero = m.number(0.0);
        let (nodes, links) = (vec![zero; row.formed.len()], vec![zero; row.capacity.len()]);
        let (users, storages) = (vec![zero; row.demand.len()], vec![zero; row.full.len()]);
        let plants = vec![zero; row.power.len()];
        let fluxes = Fluxes {
            forms: nodes.clone(),
            comes: nodes.clone(),
            enters: links.clone(),
            leaves: links.clone(),
            delta_loss: nodes,
            delivered: users.clone(),
            returned: users.clone(),
            consumed: users.clone(),
            asked: row.minimum.clone(),
            kept: vec![zero; row.minimum.len()],
            released: storages.clone(),
            withheld: vec![zero; row.zone.len()],
            held: storages.clone(),
            storage: storages.clone(),
            rain: storages.clone(),
            evaporation: storages.clone(),
            groundwater: storages.clone(),
            release: storages.clone(),
            spill: storages.clone(),
            undershoot: storages.clone(),
            net_loss: storages.clone(),
            sill: storages.clone(),
            area_km2: storages,
            body_area_km2: vec![zero; layout.first_body.last().copied().unwrap_or(0)],
            transit: links,
            returning: users,
            energy: plants.clone(),
            head_m: plants.clone(),
            turbined: plants,
            share: Vec::new(),
            salinity: Vec::new(),
            salt: Vec::new(),
            salt_sunk: Vec::new(),
        };
        let mut fluxes = fluxes;
        for (user, way) in state.returns.iter().enumerate() {
            if let Some(way) = way {
                fluxes.returned[user] = way.fixed(m);
            }
        }
        Self {
            zero,
            fixed: vec![None; row.full.len()],
            m,
            layout,
            row,
            state,
            fluxes,
        }
    }

    /// What is asked for of floods that are decided every year.
    fn ask(&mut self) {
        let rules = &self.layout.flood_rules;
        self.fluxes.asked = floods::asked(self.m, rules, self.row, self.state);
    }

    fn weather(&self, storage: usize) -> Weather<M::Number> {
        Weather {
            rain_mm: self.row.rain_mm[storage],
            evaporation_mm: self.row.evaporation_mm[storage],
            groundwater: self.row.groundwater[storage],
            dead: self.row.dead[storage],
            full: self.row.full[storage],
            has_sill: self.layout.has_sill[storage],
            spills: self.layout.spills[storage],
        }
    }

    /// Stage 1, from the headwaters down; gives what leaves each node. Before the first step, water is in a
    /// steady state.
    fn fix_numbers(&mut self, before: bool) -> Vec<M::Number> {
        let layout = self.layout;
        let mut goes = vec![self.zero; layout.places.len()];
        for node in 0..layout.places.len() {
            let mut comes = self.row.formed[node];
            for &(link, above, passes) in &layout.rivers_in[node] {
                let arrives = match &mut self.state.rivers[link] {
                    None => goes[above],
                    Some(way) if before => {
                        self.state.transit[link] = way.fill(self.m, goes[above]);
                        goes[above]
                    }
                    Some(way) => way.arrives(self.m, goes[above]),
                };
                let passes = self.m.number(passes);
                let arrives = self.m.mul(passes, arrives);
                comes = self.m.add(comes, arrives);
            }
            goes[node] = match layout.places[node] {
                Place::Pass => comes,
                Place::Delta(delta) => self.m.outflow(delta, comes),
                Place::Storage(storage) => self.fix_storage(storage, comes, before),
            };
        }
        goes
    }

    fn fix_storage(&mut self, storage: usize, comes: M::Number, before: bool) -> M::Number {
        let weather = self.weather(storage);
        if before && self.layout.is_dam[storage] {
            self.state.release[storage] = comes;
        }
        let method = self.layout.methods[storage];
        let (start, release) = (self.state.storage[storage], self.state.release[storage]);
        let fixed = method.fix(self.m, &weather, start, comes, release);
        self.fluxes.net_loss[storage] = fixed.net_loss;
        self.fluxes.sill[storage] = fixed.sill;
        self.fixed[storage] = Some(fixed);
        fixed.natural
    }

    fn fixed(&self, storage: usize) -> Fixed<M::Number> {
        self.fixed[storage].expect("stage 1 has fixed all storages")
    }

    /// Stage 2 of a reach.
    fn allocate(&mut self, reach: &Reach) -> Decision<M::Number> {
        let scene = self.scene(reach);
        decide(self.m, &reach.scheme, &scene)
    }

    fn scene(&mut self, reach: &Reach) -> Scene<M::Number> {
        let layout = self.layout;
        let mut forms = self.row.formed.clone();
        for &(user, to) in &reach.returns {
            forms[to] = self.m.add(forms[to], self.fluxes.returned[user]);
        }
        for &(link, node) in &reach.arrivals {
            forms[node] = self.m.add(forms[node], self.fluxes.leaves[link]);
        }
        for &node in &reach.nodes {
            self.fluxes.forms[node] = forms[node];
        }
        let storages = 0..layout.methods.len();
        Scene {
            forms,
            holds: storages
                .clone()
                .map(|storage| self.holds(storage))
                .collect(),
            dead: storages
                .clone()
                .map(|s| self.loaded(s, self.row.dead[s]))
                .collect(),
            most: storages.clone().map(|storage| self.most(storage)).collect(),
            least: storages
                .clone()
                .map(|storage| self.least(storage))
                .collect(),
            target: storages
                .map(|s| self.loaded(s, self.row.target[s]))
                .collect(),
            zone: (0..self.row.zone.len())
                .map(|zone| self.zone(zone))
                .collect(),
            demand: self.row.demand.clone(),
            minimum: self.fluxes.asked.clone(),
            capacity: self.row.capacity.clone(),
        }
    }

    /// What is left of a storage once its net loss has gone: more than there is cannot go.
    fn holds(&mut self, storage: usize) -> M::Number {
        let fixed = self.fixed(storage);
        let left = self.m.sub(fixed.start, fixed.net_loss);
        self.m.max(left, self.zero)
    }

    fn loaded(&mut self, storage: usize, volume: M::Number) -> M::Number {
        if !self.layout.is_dam[storage] {
            return volume;
        }
        let weather = self.weather(storage);
        self.layout.methods[storage].load(self.m, &weather, volume)
    }

    fn zone(&mut self, zone: usize) -> M::Number {
        self.loaded(self.layout.zone_storages[zone], self.row.zone[zone])
    }

    /// A lake with a sill gives what flows over it, a dam also what its outlets let through.
    fn most(&mut self, storage: usize) -> M::Number {
        let sill = self.fixed(storage).sill;
        match (self.layout.has_sill[storage], self.layout.is_dam[storage]) {
            (true, false) => sill,
            (true, true) => self.m.add(self.row.most_release[storage], sill),
            (false, _) => self.row.most_release[storage],
        }
    }

    /// A dam releases at least what flows over its sill.
    fn least(&mut self, storage: usize) -> M::Number {
        let sill = self.fixed(storage).sill;
        let least = self.row.least_release[storage];
        match self.layout.has_sill[storage] && self.layout.is_dam[storage] {
            true => self.m.max(least, sill),
            false => least,
        }
    }

    /// Stage 3 of a reach: what really flows, and every storage at the end of the step.
    fn settle(&mut self, reach: &Reach, decision: &Decision<M::Number>) {
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
        let part = self.m.number(self.layout.return_fractions[user]);
        let returns = self.m.mul(part, delivered);
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
        for &(link, passes) in self.layout.canals[user].iter().rev() {
            self.fluxes.leaves[link] = self.m.add(self.fluxes.leaves[link], carries);
            let passes = self.m.number(passes);
            carries = self.m.div(carries, passes);
            self.fluxes.enters[link] = self.m.add(self.fluxes.enters[link], carries);
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
            start: self.fixed(storage).start,
            end: self.fluxes.storage[storage],
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

    fn finish(self) -> Fluxes<M::Number> {
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
