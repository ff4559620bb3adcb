//! Numbers side by side, and what is done with all of them at once.

#![allow(
    clippy::inline_always,
    reason = "the instructions chosen at run time must reach the loops, and only what is inlined gets them"
)]

use super::program::Slot;

/// A number in each lane, so placed that no part of it straddles a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Wide<const W: usize>(pub(super) [f64; W]);

/// An operation on one slot.
#[inline(always)]
pub(super) fn each<const W: usize>(
    slots: &mut [Wide<W>],
    to: Slot,
    a: Slot,
    of: impl Fn(f64) -> f64,
) {
    if W == 1 {
        slots[to as usize].0[0] = of(slots[a as usize].0[0]);
        return;
    }
    let places = [to as usize, a as usize];
    let [to, a] = slots.get_disjoint_mut(places).expect(ELSEWHERE);
    for (to, a) in to.0.iter_mut().zip(&a.0) {
        *to = of(*a);
    }
}

/// An operation on two slots.
#[inline(always)]
pub(super) fn both<const W: usize>(
    slots: &mut [Wide<W>],
    to: Slot,
    a: Slot,
    b: Slot,
    of: impl Fn(f64, f64) -> f64,
) {
    if W == 1 {
        slots[to as usize].0[0] = of(slots[a as usize].0[0], slots[b as usize].0[0]);
        return;
    }
    if a == b {
        return each(slots, to, a, |a| of(a, a));
    }
    let places = [to as usize, a as usize, b as usize];
    let [to, a, b] = slots.get_disjoint_mut(places).expect(ELSEWHERE);
    for ((to, a), b) in to.0.iter_mut().zip(&a.0).zip(&b.0) {
        *to = of(*a, *b);
    }
}

/// An operation on three slots.
#[inline(always)]
pub(super) fn three<const W: usize>(
    slots: &mut [Wide<W>],
    to: Slot,
    [a, b, c]: [Slot; 3],
    of: impl Fn(f64, f64, f64) -> f64,
) {
    if W == 1 || a == b || a == c || b == c {
        return three_alike(slots, to, [a, b, c], of);
    }
    let places = [to as usize, a as usize, b as usize, c as usize];
    let [to, a, b, c] = slots.get_disjoint_mut(places).expect(ELSEWHERE);
    for (((to, a), b), c) in to.0.iter_mut().zip(&a.0).zip(&b.0).zip(&c.0) {
        *to = of(*a, *b, *c);
    }
}

/// As [`three`], where slots are the same or there is one lane.
#[inline(always)]
fn three_alike<const W: usize>(
    slots: &mut [Wide<W>],
    to: Slot,
    [a, b, c]: [Slot; 3],
    of: impl Fn(f64, f64, f64) -> f64,
) {
    for lane in 0..W {
        let [a, b, c] = [a, b, c].map(|slot| slots[slot as usize].0[lane]);
        slots[to as usize].0[lane] = of(a, b, c);
    }
}

/// What is taken of a slot, and the slot less that.
#[inline(always)]
pub(super) fn take<const W: usize>(
    slots: &mut [Wide<W>],
    [taken, left]: [Slot; 2],
    a: Slot,
    of: impl Fn(f64) -> f64,
) {
    if W == 1 {
        let a = slots[a as usize].0[0];
        let takes = of(a);
        slots[taken as usize].0[0] = takes;
        slots[left as usize].0[0] = a - takes;
        return;
    }
    let places = [taken as usize, left as usize, a as usize];
    let [taken, left, a] = slots.get_disjoint_mut(places).expect(ELSEWHERE);
    for ((taken, left), a) in taken.0.iter_mut().zip(&mut left.0).zip(&a.0) {
        *taken = of(*a);
        *left = *a - *taken;
    }
}

/// Adds what is made of a slot to another.
#[inline(always)]
pub(super) fn add_to<const W: usize>(
    slots: &mut [Wide<W>],
    to: Slot,
    a: Slot,
    of: impl Fn(f64) -> f64,
) {
    if W == 1 {
        slots[to as usize].0[0] += of(slots[a as usize].0[0]);
        return;
    }
    let places = [to as usize, a as usize];
    let [to, a] = slots.get_disjoint_mut(places).expect(ELSEWHERE);
    for (to, a) in to.0.iter_mut().zip(&a.0) {
        *to += of(*a);
    }
}

/// What the program sees to.
const ELSEWHERE: &str = "an operation writes elsewhere than it reads";
