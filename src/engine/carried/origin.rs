//! Where the water of each pool rose (equations E33 and E34).
//!
//! Origins are parts of the water itself: they evaporate and are lost as it is. The shares of a pool are the
//! parts divided by their own sum, so that they add up to 1 wherever there is water.

use super::flows::Flows;
use super::strait::{Strait, solve};
use super::{Stock, add_product};
use crate::engine::machine::StepMachine;
use crate::plan::carried::Carried;
use crate::plan::pools::{Pool, Vessel};

/// Shares of the origins of each pool at the end of a step.
pub(super) fn carry<M: StepMachine>(
    m: &mut M,
    carried: &Carried,
    flows: &Flows<M::Number>,
    stock: &mut Stock<M::Number>,
) -> Vec<Vec<M::Number>> {
    let mut shares: Vec<Vec<M::Number>> = Vec::with_capacity(carried.pools.len());
    for (place, pool) in carried.pools.iter().enumerate() {
        let parts = parts(m, carried, flows, stock, &shares, place);
        match pool.vessel {
            // Both bodies are mixed at once, when the parts of the second are known.
            Vessel::Body(_, 0) => shares.push(parts),
            Vessel::Body(..) => {
                let first = shares
                    .pop()
                    .expect("the first body stands before the second");
                shares.extend(bodies(m, flows, place - 1, [first, parts]));
            }
            _ => shares.push(of_parts(m, pool, &parts)),
        }
    }
    for (place, pool) in carried.pools.iter().enumerate() {
        if pool.vessel.stores() {
            let holds = flows.holds[place];
            let shares = shares[place].iter();
            stock.origins[place] = shares.map(|share| m.mul(*share, holds)).collect();
        }
    }
    shares
}

/// Volume of each origin that was in a pool or comes to it.
fn parts<M: StepMachine>(
    m: &mut M,
    carried: &Carried,
    flows: &Flows<M::Number>,
    stock: &Stock<M::Number>,
    shares: &[Vec<M::Number>],
    place: usize,
) -> Vec<M::Number> {
    let pool = &carried.pools[place];
    let mut parts = match pool.vessel.stores() {
        true => stock.origins[place].clone(),
        false => vec![m.number(0.0); pool.origins.len()],
    };
    for (source, water) in pool.sources.iter().zip(&flows.comes[place]) {
        if let Some(origin) = source.origin() {
            let part = &mut parts[pool.place(origin)];
            *part = m.add(*part, *water);
        }
        if let Some(from) = source.pool() {
            for (origin, share) in carried.pools[from].origins.iter().zip(&shares[from]) {
                let part = &mut parts[pool.place(*origin)];
                *part = add_product(m, *part, *water, *share);
            }
        }
    }
    parts
}

/// Shares of parts in their sum; nothing where there is nothing.
fn of_parts<M: StepMachine>(m: &mut M, pool: &Pool, parts: &[M::Number]) -> Vec<M::Number> {
    if let (1, false) = (parts.len(), pool.vessel.stores()) {
        return vec![m.number(1.0)];
    }
    let mut whole = m.number(0.0);
    for part in parts {
        whole = m.add(whole, *part);
    }
    let least = m.number(f64::MIN_POSITIVE);
    let whole = m.max(whole, least);
    parts.iter().map(|part| m.div(*part, whole)).collect()
}

/// Shares of both bodies of a lake, of which water passes to and fro.
fn bodies<M: StepMachine>(
    m: &mut M,
    flows: &Flows<M::Number>,
    first: usize,
    [one, other]: [Vec<M::Number>; 2],
) -> [Vec<M::Number>; 2] {
    let strait: &Strait<M::Number> = flows.straits[first]
        .as_ref()
        .expect("a lake of two bodies has its strait");
    let out = strait.leaves(m, &flows.leaves[first..], true);
    let out = [0, 1].map(|body| m.add(out[body], strait.holds[body]));
    let nothing = m.number(0.0);
    let brings = strait.brings(m, [nothing; 2]);
    let solved: Vec<[M::Number; 2]> = one
        .iter()
        .zip(&other)
        .map(|(one, other)| solve(m, [*one, *other], out, brings))
        .collect();
    let least = m.number(f64::MIN_POSITIVE);
    [0, 1].map(|body| {
        let mut whole = m.number(0.0);
        for origin in &solved {
            whole = m.add(whole, origin[body]);
        }
        let whole = m.max(whole, least);
        solved
            .iter()
            .map(|origin| m.div(origin[body], whole))
            .collect()
    })
}
