//! What finished water carries: where it rose, and salt (equations E30 to E35).
//!
//! It follows the flows of a step once all of them are settled, from pool to pool down the rivers, and changes
//! nothing of them. All that leaves a pool in a step has the mixture that the pool has at its end.

mod flows;
mod origin;
mod salt;
mod strait;

use super::layout::Layout;
use super::machine::StepMachine;
use super::state::{Fluxes, Row, State};
use crate::plan::carried::Carried;
use crate::plan::pools::Vessel;
use flows::Flows;

/// What is carried and stays in pools from step to step, by pool.
#[derive(Clone, Debug)]
pub(crate) struct Stock<N> {
    /// Volume of each origin that can be in the pool, hm³.
    pub(crate) origins: Vec<Vec<N>>,
    /// Salt, kt; empty where there is none.
    pub(crate) salt: Vec<N>,
}

impl Stock<f64> {
    /// Empty pools.
    pub(super) fn nothing(carried: Option<&Carried>) -> Self {
        let pools = carried.map_or(&[][..], |carried| &carried.pools);
        let has_salt = carried.is_some_and(|carried| carried.salt.is_some());
        Self {
            origins: pools
                .iter()
                .map(|pool| vec![0.0; pool.origins.len()])
                .collect(),
            salt: vec![0.0; if has_salt { pools.len() } else { 0 }],
        }
    }
}

impl<N: Copy> Stock<N> {
    /// The stock in other numbers.
    pub(super) fn map<T>(&self, to: &mut impl FnMut(N) -> T) -> Stock<T> {
        let pools = self.origins.iter();
        Stock {
            origins: pools
                .map(|pool| pool.iter().map(|number| to(*number)).collect())
                .collect(),
            salt: self.salt.iter().map(|number| to(*number)).collect(),
        }
    }
}

/// A step whose flows are finished.
pub(super) struct Carriage<'a, N> {
    pub(super) layout: &'a Layout,
    pub(super) row: &'a Row<N>,
    /// Each storage at the start of the step.
    pub(super) start: &'a [N],
}

impl<N: Copy> Carriage<'_, N> {
    /// Carries matter with the flows; `state` and `fluxes` gain what is carried.
    pub(super) fn carry<M: StepMachine<Number = N>>(
        &self,
        m: &mut M,
        carried: &Carried,
        state: &mut State<N>,
        fluxes: &mut Fluxes<N>,
    ) {
        let flows = Flows::of(m, self, carried, fluxes);
        let shares = origin::carry(m, carried, &flows, &mut state.stock);
        fluxes.share = shares.concat();
        if let Some(salt) = &carried.salt {
            let found = salt::carry(m, carried, salt, self.row, &flows, &mut state.stock);
            let of = |numbers: &[N]| salt.pools.iter().map(|pool| numbers[*pool]).collect();
            fluxes.salinity = of(&found.salinity);
            fluxes.salt = of(&state.stock.salt);
            fluxes.salt_sunk = of(&found.sunk);
        }
    }
}

/// Fills the pools before the first step; `goes` leaves each node in the steady state before it.
pub(super) fn prepare<M: StepMachine>(
    m: &mut M,
    layout: &Layout,
    carried: &Carried,
    row: &Row<M::Number>,
    goes: &[M::Number],
    state: &mut State<M::Number>,
) {
    let held = held(m, carried, state);
    for (pool, held) in held.iter().enumerate() {
        // What is stored at the start is the first of all origins.
        if carried.pools[pool].origins.first() == Some(&0) {
            state.stock.origins[pool][0] = *held;
        }
    }
    if let Some(salt) = &carried.salt {
        state.stock.salt = salt::at_start(m, layout, carried, salt, row, goes, &held);
    }
}

/// Volume in each pool before the first step.
fn held<M: StepMachine>(m: &mut M, carried: &Carried, state: &State<M::Number>) -> Vec<M::Number> {
    let zero = m.number(0.0);
    let pools = carried.pools.iter();
    pools
        .map(|pool| match pool.vessel {
            Vessel::Node(_) | Vessel::Return(_) => zero,
            Vessel::Storage(storage) => m.max(state.storage[storage], zero),
            Vessel::Body(storage, body) => {
                strait::volumes(m, storage, state.storage[storage])[body]
            }
            Vessel::Link(link) => m.max(state.transit[link], zero),
        })
        .collect()
}

/// a + b · c.
fn add_product<M: StepMachine>(m: &mut M, sum: M::Number, a: M::Number, b: M::Number) -> M::Number {
    let product = m.mul(a, b);
    m.add(sum, product)
}
