//! Salt in the water (equations E30 to E32).
//!
//! Evaporation leaves it, seepage and deltas take it along. A pool is mixed completely and at the end of the step:
//! its salinity is the salt that was there or came, divided by the water that is there or left.

use super::flows::Flows;
use super::strait::{Strait, solve};
use super::{Stock, add_product};
use crate::engine::layout::Layout;
use crate::engine::machine::StepMachine;
use crate::engine::state::Row;
use crate::plan::carried::{Carried, Salt};
use crate::plan::pools::{Pool, Source, Vessel};

/// Water below which a pool counts as dry, hm³: a litre.
const DRY: f64 = 1e-9;

/// Salt of a step, by pool; 0 where no salt can come.
pub(super) struct Found<N> {
    /// Salinity of the mixture, g/l.
    pub(super) salinity: Vec<N>,
    /// What has sunk, kt.
    pub(super) sunk: Vec<N>,
}

/// Salinities at the end of a step; the stock becomes that of its end.
pub(super) fn carry<M: StepMachine>(
    m: &mut M,
    carried: &Carried,
    salt: &Salt,
    row: &Row<M::Number>,
    flows: &Flows<M::Number>,
    stock: &mut Stock<M::Number>,
) -> Found<M::Number> {
    let (formed, sinks) = (row.salinity.as_slice(), row.sinks.as_slice());
    let zero = m.number(0.0);
    let mut found = Found {
        salinity: vec![zero; carried.pools.len()],
        sunk: vec![zero; carried.pools.len()],
    };
    for &place in &salt.pools {
        let pool = &carried.pools[place];
        match pool.vessel {
            Vessel::Body(_, 0) => {}
            Vessel::Body(..) => {
                let loads = [place - 1, place]
                    .map(|place| load(m, carried, salt, formed, flows, &found, place));
                bodies(m, sinks, flows, loads, place - 1, stock, &mut found);
            }
            _ => {
                let load = load(m, carried, salt, formed, flows, &found, place);
                mix(m, pool, place, sinks, flows, load, stock, &mut found);
            }
        }
    }
    found
}

/// Salt that comes to a pool, kt.
fn load<M: StepMachine>(
    m: &mut M,
    carried: &Carried,
    salt: &Salt,
    formed: &[M::Number],
    flows: &Flows<M::Number>,
    found: &Found<M::Number>,
    place: usize,
) -> M::Number {
    let mut load = m.number(0.0);
    for (source, water) in carried.pools[place].sources.iter().zip(&flows.comes[place]) {
        let (water, salinity) = match *source {
            Source::Forms { node, .. } => (*water, formed[node]),
            Source::Weather { storage, .. } => {
                let salinity = m.number(salt.groundwater_g_per_l[storage]);
                (flows.groundwater[place], salinity)
            }
            Source::Link { pool, .. }
            | Source::Into { pool, .. }
            | Source::Return { pool, .. }
            | Source::Later { pool, .. } => (*water, found.salinity[pool]),
        };
        load = add_product(m, load, water, salinity);
    }
    load
}

/// Mixes one pool (equation E31).
#[allow(clippy::too_many_arguments, reason = "the parts of a pool's balance")]
fn mix<M: StepMachine>(
    m: &mut M,
    pool: &Pool,
    place: usize,
    sinks: &[M::Number],
    flows: &Flows<M::Number>,
    load: M::Number,
    stock: &mut Stock<M::Number>,
    found: &mut Found<M::Number>,
) {
    let dry = m.number(DRY);
    if !pool.vessel.stores() {
        let mut water = m.number(0.0);
        for comes in &flows.comes[place] {
            water = m.add(water, *comes);
        }
        let water = m.max(water, dry);
        found.salinity[place] = m.div(load, water);
        return;
    }
    found.sunk[place] = m.mul(sinks[place], load);
    let load = m.sub(load, found.sunk[place]);
    let whole = m.add(stock.salt[place], load);
    let water = m.add(flows.holds[place], flows.leaves[place]);
    let water = m.max(water, dry);
    let salinity = m.div(whole, water);
    let gone = m.mul(salinity, flows.leaves[place]);
    found.salinity[place] = salinity;
    stock.salt[place] = rest(m, whole, gone);
}

/// Mixes two bodies at once (equation E32).
#[allow(
    clippy::too_many_arguments,
    reason = "the parts of the balances of two bodies"
)]
fn bodies<M: StepMachine>(
    m: &mut M,
    sinks: &[M::Number],
    flows: &Flows<M::Number>,
    loads: [M::Number; 2],
    first: usize,
    stock: &mut Stock<M::Number>,
    found: &mut Found<M::Number>,
) {
    let strait: &Strait<M::Number> = flows.straits[first]
        .as_ref()
        .expect("a lake of two bodies has its strait");
    let sinks = [sinks[first], sinks[first + 1]];
    let one = m.number(1.0);
    let wholes = [0, 1].map(|body| {
        let stays = m.sub(one, sinks[body]);
        add_product(m, stock.salt[first + body], stays, loads[body])
    });
    let dry = m.number(DRY);
    let leaves = strait.leaves(m, &flows.leaves[first..], false);
    let out = [0, 1].map(|body| {
        let out = m.add(leaves[body], strait.holds[body]);
        m.max(out, dry)
    });
    let brings = strait.brings(m, sinks);
    let whole = m.mul(out[0], out[1]);
    let across = m.mul(brings[0], brings[1]);
    let determinant = m.sub(whole, across);
    let solved = solve(m, wholes, out, brings);
    let salinity = solved.map(|numerator| m.div(numerator, determinant));
    for body in [0, 1] {
        let (place, other) = (first + body, salinity[1 - body]);
        let across = m.mul(strait.net[1 - body], other);
        let comes = m.add(loads[body], across);
        found.sunk[place] = m.mul(sinks[body], comes);
        let whole = add_product(m, wholes[body], brings[body], other);
        let gone = m.mul(salinity[body], leaves[body]);
        stock.salt[place] = rest(m, whole, gone);
        found.salinity[place] = salinity[body];
    }
}

/// What stays, and never less than nothing by rounding.
fn rest<M: StepMachine>(m: &mut M, whole: M::Number, gone: M::Number) -> M::Number {
    let zero = m.number(0.0);
    let rest = m.sub(whole, gone);
    m.max(rest, zero)
}

/// Salt in each pool before the first step: stated of storages; a reach holds what its steady flow brings.
#[allow(clippy::too_many_arguments, reason = "the parts of a steady state")]
pub(super) fn at_start<M: StepMachine>(
    m: &mut M,
    layout: &Layout,
    carried: &Carried,
    salt: &Salt,
    row: &Row<M::Number>,
    goes: &[M::Number],
    held: &[M::Number],
) -> Vec<M::Number> {
    let (zero, dry) = (m.number(0.0), m.number(DRY));
    let mut salinity = vec![zero; carried.pools.len()];
    let mut stock = vec![zero; carried.pools.len()];
    for &place in &salt.pools {
        let pool = &carried.pools[place];
        if let Vessel::Storage(_) | Vessel::Body(..) = pool.vessel {
            let initial = m.number(salt.initial_g_per_l[place]);
            stock[place] = m.mul(initial, held[place]);
        }
        let (mut load, mut water) = (stock[place], held[place]);
        if let Vessel::Link(_) = pool.vessel {
            water = zero;
        }
        for source in &pool.sources {
            let (comes, brings) = match *source {
                Source::Forms { node, .. } => (row.formed[node], row.salinity[node]),
                Source::Link { link, pool } => {
                    let passes = m.number(layout.passes[link]);
                    (m.mul(passes, goes[layout.from[link]]), salinity[pool])
                }
                Source::Into { link, pool } => (goes[layout.from[link]], salinity[pool]),
                // Nobody uses water before the first step, and weather is fresh.
                Source::Weather { .. } | Source::Return { .. } | Source::Later { .. } => continue,
            };
            load = add_product(m, load, comes, brings);
            water = m.add(water, comes);
        }
        let water = m.max(water, dry);
        salinity[place] = m.div(load, water);
        if let Vessel::Link(_) = pool.vessel {
            stock[place] = m.mul(salinity[place], held[place]);
        }
    }
    stock
}
