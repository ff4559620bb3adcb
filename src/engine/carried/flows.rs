//! The finished flows of a step as pools see them.

use super::Carriage;
use super::strait::Strait;
use crate::engine::machine::StepMachine;
use crate::engine::state::Fluxes;
use crate::plan::carried::Carried;
use crate::plan::pools::{Source, Vessel};

/// Finished flows by pool, hm³.
pub(super) struct Flows<N> {
    /// Water of each source.
    pub(super) comes: Vec<Vec<N>>,
    /// Groundwater that comes to it; part of the water of its weather.
    pub(super) groundwater: Vec<N>,
    /// What it holds at the end.
    pub(super) holds: Vec<N>,
    /// What leaves it as water: not what evaporates, and not through a strait.
    pub(super) leaves: Vec<N>,
    /// The strait at the first of two bodies.
    pub(super) straits: Vec<Option<Strait<N>>>,
}

impl<N: Copy> Flows<N> {
    pub(super) fn of<M: StepMachine<Number = N>>(
        m: &mut M,
        step: &Carriage<N>,
        carried: &Carried,
        fluxes: &Fluxes<N>,
    ) -> Self {
        let zero = m.number(0.0);
        let count = carried.pools.len();
        let mut flows = Self {
            comes: Vec::with_capacity(count),
            groundwater: vec![zero; count],
            holds: vec![zero; count],
            leaves: vec![zero; count],
            straits: vec![None; count],
        };
        for (place, pool) in carried.pools.iter().enumerate() {
            let comes = pool.sources.iter();
            let comes = comes.map(|source| water(m, step, fluxes, *source));
            let comes: Vec<N> = comes.collect();
            flows.comes.push(comes);
            match pool.vessel {
                // The second body stands right after the first.
                Vessel::Node(_) | Vessel::Body(_, 0) => {}
                Vessel::Storage(storage) => flows.put_storage(m, place, storage, fluxes),
                Vessel::Body(storage, _) => flows.put_bodies(m, place - 1, storage, step, fluxes),
                Vessel::Link(link) => {
                    let passes = m.number(step.layout.passes[link]);
                    flows.holds[place] = m.max(fluxes.transit[link], zero);
                    flows.leaves[place] = m.div(fluxes.leaves[link], passes);
                }
                Vessel::Return(user) => {
                    flows.holds[place] = m.max(fluxes.returning[user], zero);
                    flows.leaves[place] = fluxes.returned[user];
                }
            }
        }
        flows
    }

    fn put_storage<M: StepMachine<Number = N>>(
        &mut self,
        m: &mut M,
        place: usize,
        storage: usize,
        fluxes: &Fluxes<N>,
    ) {
        let zero = m.number(0.0);
        let (comes, goes) = groundwater(m, fluxes.groundwater[storage]);
        let leaves = m.add(fluxes.release[storage], fluxes.spill[storage]);
        self.groundwater[place] = comes;
        self.holds[place] = m.max(fluxes.storage[storage], zero);
        self.leaves[place] = m.add(leaves, goes);
    }

    /// The two bodies of a lake; its outlet is in the second.
    fn put_bodies<M: StepMachine<Number = N>>(
        &mut self,
        m: &mut M,
        first: usize,
        storage: usize,
        step: &Carriage<N>,
        fluxes: &Fluxes<N>,
    ) {
        let out = m.add(fluxes.release[storage], fluxes.spill[storage]);
        let (comes, goes) = groundwater(m, fluxes.groundwater[storage]);
        for body in 0..2 {
            let place = first + body;
            let part = m.number(step.layout.body_groundwater[storage][body]);
            self.groundwater[place] = m.mul(part, comes);
            self.leaves[place] = m.mul(part, goes);
        }
        self.leaves[first + 1] = m.add(self.leaves[first + 1], out);
        // The weather stands last among what comes.
        let mut rivers = [m.number(0.0); 2];
        for (body, rivers) in rivers.iter_mut().enumerate() {
            let comes = &self.comes[first + body];
            for water in &comes[..comes.len() - 1] {
                *rivers = m.add(*rivers, *water);
            }
        }
        let strait = Strait::of(m, step, fluxes, storage, rivers, &self.leaves[first..]);
        for body in 0..2 {
            let place = first + body;
            self.holds[place] = strait.holds[body];
            let weather = self.comes[place].len() - 1;
            self.comes[place][weather] = m.add(strait.rain[body], self.groundwater[place]);
        }
        self.straits[first] = Some(strait);
    }
}

/// Groundwater that comes, and that goes.
pub(super) fn groundwater<M: StepMachine>(m: &mut M, net: M::Number) -> (M::Number, M::Number) {
    let zero = m.number(0.0);
    let comes = m.max(net, zero);
    let goes = m.sub(comes, net);
    (comes, goes)
}

/// The water of a source, hm³; the weather of a lake of two bodies is put in later.
fn water<M: StepMachine>(
    m: &mut M,
    step: &Carriage<M::Number>,
    fluxes: &Fluxes<M::Number>,
    source: Source,
) -> M::Number {
    match source {
        Source::Forms { node, .. } => step.row.formed[node],
        Source::Weather { storage, .. } => {
            let (comes, _) = groundwater(m, fluxes.groundwater[storage]);
            m.add(fluxes.rain[storage], comes)
        }
        Source::Link { link, .. } => fluxes.leaves[link],
        Source::Into { link, .. } => fluxes.enters[link],
        Source::Return { user, .. } => fluxes.returned[user],
        Source::Later { user, .. } => m.mul(step.row.returns[user], fluxes.delivered[user]),
    }
}
