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
use super::layout::Layout;
use super::machine::StepMachine;
use super::reaches::Reach;
use super::state::{Fluxes, Row, State};
use super::storage::{Fixed, Weather};
use crate::allocate::{Decision, Scene, decide};
use crate::plan::Place;

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

/// A step while it is carried out.
pub(super) struct Step<'a, M: StepMachine> {
    pub(super) m: &'a mut M,
    pub(super) layout: &'a Layout,
    pub(super) row: &'a Row<M::Number>,
    pub(super) state: &'a mut State<M::Number>,
    pub(super) zero: M::Number,
    fixed: Vec<Option<Fixed<M::Number>>>,
    pub(super) fluxes: Fluxes<M::Number>,
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

    pub(super) fn weather(&self, storage: usize) -> Weather<M::Number> {
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

    pub(super) fn fixed(&self, storage: usize) -> Fixed<M::Number> {
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
            returns: self.row.returns.clone(),
            minimum: self.fluxes.asked.clone(),
            capacity: self.row.capacity.clone(),
        }
    }

    /// What is left of a storage once its net loss has gone: more than there is cannot go.
    pub(super) fn holds(&mut self, storage: usize) -> M::Number {
        let fixed = self.fixed(storage);
        let left = self.m.sub(fixed.start, fixed.net_loss);
        self.m.max(left, self.zero)
    }

    pub(super) fn loaded(&mut self, storage: usize, volume: M::Number) -> M::Number {
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
    pub(super) fn most(&mut self, storage: usize) -> M::Number {
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
}
