//! Two bodies of a lake and the strait between them (equation E32).
//!
//! The net flow follows from the water balance of the first body; beside it the two exchange a volume. What
//! is mixed in both at once is solved in closed form: the matrix is an M-matrix, so that nothing gets below zero.

use super::{Carriage, add_product};
use crate::engine::machine::StepMachine;
use crate::engine::state::Fluxes;

/// Water of two bodies in a step, hm³.
#[derive(Clone, Debug)]
pub(super) struct Strait<N> {
    /// What each holds at the end.
    pub(super) holds: [N; 2],
    /// Rain on each.
    pub(super) rain: [N; 2],
    /// Evaporation of each.
    pub(super) evaporation: [N; 2],
    /// Net flow out of each into the other; one of them is 0.
    pub(super) net: [N; 2],
    /// What they exchange beside it, each way.
    pub(super) exchange: N,
}

/// Volumes of the bodies of a lake, which add up to the volume of the whole.
pub(super) fn volumes<M: StepMachine>(
    m: &mut M,
    storage: usize,
    whole: M::Number,
) -> [M::Number; 2] {
    let zero = m.number(0.0);
    let whole = m.max(whole, zero);
    let bodies = m.body_volumes(storage, whole);
    split(m, whole, [bodies[0], bodies[1]])
}

/// A whole in the proportion of two parts.
fn split<M: StepMachine>(m: &mut M, whole: M::Number, parts: [M::Number; 2]) -> [M::Number; 2] {
    let sum = m.add(parts[0], parts[1]);
    let least = m.number(f64::MIN_POSITIVE);
    let sum = m.max(sum, least);
    let first = m.div(parts[0], sum);
    let first = m.mul(first, whole);
    [first, m.sub(whole, first)]
}

impl<N: Copy> Strait<N> {
    /// The strait of a lake; `rivers` is what they bring to each body, `leaves` what else leaves it.
    pub(super) fn of<M: StepMachine<Number = N>>(
        m: &mut M,
        step: &Carriage<N>,
        fluxes: &Fluxes<N>,
        storage: usize,
        rivers: [N; 2],
        leaves: &[N],
    ) -> Self {
        let zero = m.number(0.0);
        let first = step.layout.first_body[storage];
        let areas = [fluxes.body_area_km2[first], fluxes.body_area_km2[first + 1]];
        let start = volumes(m, storage, step.start[storage]);
        let holds = volumes(m, storage, fluxes.storage[storage]);
        let rain = split(m, fluxes.rain[storage], areas);
        let evaporation = split(m, fluxes.evaporation[storage], areas);
        let (comes, _) = super::flows::groundwater(m, fluxes.groundwater[storage]);
        let part = m.number(step.layout.body_groundwater[storage][0]);
        // What the first body gains and does not keep goes to the second (equation E8a).
        let gains = add_product(m, start[0], part, comes);
        let gains = m.add(gains, rivers[0]);
        let gains = m.add(gains, rain[0]);
        let keeps = m.add(holds[0], evaporation[0]);
        let keeps = m.add(keeps, leaves[0]);
        let (there, back) = (m.sub(gains, keeps), m.sub(keeps, gains));
        // No more is exchanged than the smaller body holds.
        let exchange = step.row.exchange.get(storage).copied().unwrap_or(zero);
        let least = m.min(holds[0], holds[1]);
        let exchange = m.min(exchange, least);
        Self {
            holds,
            rain,
            evaporation,
            net: [m.max(there, zero), m.max(back, zero)],
            exchange: m.max(exchange, zero),
        }
    }

    /// What leaves each body, as water and, where `evaporates` says so, into the air.
    pub(super) fn leaves<M: StepMachine<Number = N>>(
        &self,
        m: &mut M,
        leaves: &[N],
        evaporates: bool,
    ) -> [N; 2] {
        [0, 1].map(|body| {
            let out = m.add(leaves[body], self.net[body]);
            let out = m.add(out, self.exchange);
            match evaporates {
                true => m.add(out, self.evaporation[body]),
                false => out,
            }
        })
    }

    /// What comes to each body from the other and stays dissolved, where a part of the net flow's matter sinks.
    pub(super) fn brings<M: StepMachine<Number = N>>(&self, m: &mut M, sinks: [N; 2]) -> [N; 2] {
        let one = m.number(1.0);
        [0, 1].map(|body| {
            let stays = m.sub(one, sinks[body]);
            add_product(m, self.exchange, stays, self.net[1 - body])
        })
    }
}

/// The mixtures of two bodies times the determinant of their balances
///
/// ```text
/// out_1 c_1 = load_1 + brings_1 c_2        out_2 c_2 = load_2 + brings_2 c_1
/// ```
pub(super) fn solve<M: StepMachine>(
    m: &mut M,
    loads: [M::Number; 2],
    out: [M::Number; 2],
    brings: [M::Number; 2],
) -> [M::Number; 2] {
    [0, 1].map(|body| {
        let own = m.mul(loads[body], out[1 - body]);
        add_product(m, own, brings[body], loads[1 - body])
    })
}
