//! Arithmetic on a pack of numbers, one of each of several lanes that are carried out side by side.
//!
//! No lane sees another: a number of a pack is what [`Plain`] arithmetic gives for it alone, to the last bit.

#![allow(
    clippy::inline_always,
    reason = "a number of several lanes is handed over by its place in memory where a function is called"
)]

use std::array::from_fn;

use super::machine::{Machine, Plain, greater, inflow_for, lesser, outflow};
use super::part::Part;
use super::standing::{Scene, Standing};
use crate::network::delta::Delta;

/// Numbers of several lanes.
pub(crate) type Pack<const P: usize> = [f64; P];

/// Which lanes of a pack something is true of.
pub(super) type Mask<const P: usize> = [bool; P];

/// In each lane the one number where the mask is true and the other elsewhere.
#[inline(always)]
pub(super) fn select<const P: usize>(mask: Mask<P>, one: Pack<P>, other: Pack<P>) -> Pack<P> {
    from_fn(|lane| if mask[lane] { one[lane] } else { other[lane] })
}

/// Whether it is true of a lane at least.
#[inline(always)]
pub(super) fn any<const P: usize>(mask: Mask<P>) -> bool {
    mask.contains(&true)
}

/// In each lane what a function gives for two numbers.
#[inline(always)]
fn both<const P: usize>(a: Pack<P>, b: Pack<P>, of: impl Fn(f64, f64) -> f64) -> Pack<P> {
    from_fn(|lane| of(a[lane], b[lane]))
}

/// Numbers of several lanes, carried out at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed<'a, const P: usize> {
    /// The deltas and canals with a curve of the plan of each lane.
    pub(crate) deltas: [&'a [Delta]; P],
    /// hm³ that a flow of 1 m³/s brings in the step.
    pub(crate) hm3_per_m3s: f64,
}

impl<'a> From<Plain<'a>> for Packed<'a, 1> {
    fn from(plain: Plain<'a>) -> Self {
        Self {
            deltas: [plain.deltas],
            hm3_per_m3s: plain.hm3_per_m3s,
        }
    }
}

impl<const P: usize> Packed<'_, P> {
    /// Outflow of a delta in each lane, hm³, and its slope.
    fn passes(&self, delta: usize, inflow: Pack<P>) -> (Pack<P>, Pack<P>) {
        let both: [(f64, f64); P] =
            from_fn(|lane| outflow(&self.deltas[lane][delta], inflow[lane], self.hm3_per_m3s));
        (both.map(|(value, _)| value), both.map(|(_, slope)| slope))
    }
}

impl<const P: usize> Machine for Packed<'_, P> {
    type Number = Pack<P>;

    #[inline(always)]
    fn number(&mut self, value: f64) -> Pack<P> {
        [value; P]
    }
    #[inline(always)]
    fn add(&mut self, a: Pack<P>, b: Pack<P>) -> Pack<P> {
        both(a, b, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(&mut self, a: Pack<P>, b: Pack<P>) -> Pack<P> {
        both(a, b, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(&mut self, a: Pack<P>, b: Pack<P>) -> Pack<P> {
        both(a, b, |a, b| a * b)
    }
    #[inline(always)]
    fn div(&mut self, a: Pack<P>, b: Pack<P>) -> Pack<P> {
        both(a, b, |a, b| a / b)
    }
    #[inline(always)]
    fn min(&mut self, a: Pack<P>, b: Pack<P>) -> Pack<P> {
        both(a, b, lesser)
    }
    #[inline(always)]
    fn max(&mut self, a: Pack<P>, b: Pack<P>) -> Pack<P> {
        both(a, b, greater)
    }
    fn outflow(&mut self, delta: usize, inflow: Pack<P>) -> Pack<P> {
        self.passes(delta, inflow).0
    }
    fn inflow(&mut self, delta: usize, outflow: Pack<P>) -> Pack<P> {
        from_fn(|lane| inflow_for(&self.deltas[lane][delta], outflow[lane], self.hm3_per_m3s))
    }
    fn share(&mut self, _: &Part, _: &Scene<Pack<P>>, _: &Standing<Pack<P>>) -> Vec<Pack<P>> {
        unreachable!("packs are carried within one group only")
    }
}

/// Numbers with their slope over the common part of a group of claims.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sloped<'a, const P: usize>(pub(super) Packed<'a, P>);

/// Numbers and their slopes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slope<const P: usize> {
    pub(super) value: Pack<P>,
    pub(super) slope: Pack<P>,
}

impl<const P: usize> Slope<P> {
    /// Numbers that no claim of the group moves.
    pub(super) fn fixed(value: Pack<P>) -> Self {
        Self {
            value,
            slope: [0.0; P],
        }
    }
}

/// The one in lanes where the mask is true, the other elsewhere.
#[inline(always)]
pub(super) fn select_slope<const P: usize>(
    mask: Mask<P>,
    one: Slope<P>,
    other: Slope<P>,
) -> Slope<P> {
    Slope {
        value: select(mask, one.value, other.value),
        slope: select(mask, one.slope, other.slope),
    }
}

impl<const P: usize> Machine for Sloped<'_, P> {
    type Number = Slope<P>;

    #[inline(always)]
    fn number(&mut self, value: f64) -> Slope<P> {
        Slope::fixed([value; P])
    }
    #[inline(always)]
    fn add(&mut self, a: Slope<P>, b: Slope<P>) -> Slope<P> {
        Slope {
            value: both(a.value, b.value, |a, b| a + b),
            slope: both(a.slope, b.slope, |a, b| a + b),
        }
    }
    #[inline(always)]
    fn sub(&mut self, a: Slope<P>, b: Slope<P>) -> Slope<P> {
        Slope {
            value: both(a.value, b.value, |a, b| a - b),
            slope: both(a.slope, b.slope, |a, b| a - b),
        }
    }
    #[inline(always)]
    fn mul(&mut self, a: Slope<P>, b: Slope<P>) -> Slope<P> {
        Slope {
            value: both(a.value, b.value, |a, b| a * b),
            slope: from_fn(|lane| a.slope[lane] * b.value[lane] + a.value[lane] * b.slope[lane]),
        }
    }
    #[inline(always)]
    fn div(&mut self, a: Slope<P>, b: Slope<P>) -> Slope<P> {
        let value = both(a.value, b.value, |a, b| a / b);
        Slope {
            value,
            slope: from_fn(|lane| (a.slope[lane] - value[lane] * b.slope[lane]) / b.value[lane]),
        }
    }
    #[inline(always)]
    fn min(&mut self, a: Slope<P>, b: Slope<P>) -> Slope<P> {
        select_slope(from_fn(|lane| b.value[lane] < a.value[lane]), b, a)
    }
    #[inline(always)]
    fn max(&mut self, a: Slope<P>, b: Slope<P>) -> Slope<P> {
        select_slope(from_fn(|lane| b.value[lane] > a.value[lane]), b, a)
    }
    fn outflow(&mut self, delta: usize, inflow: Slope<P>) -> Slope<P> {
        let (value, passes) = self.0.passes(delta, inflow.value);
        Slope {
            value,
            slope: both(inflow.slope, passes, |slope, passes| slope * passes),
        }
    }
    fn inflow(&mut self, delta: usize, arrives: Slope<P>) -> Slope<P> {
        let value = self.0.inflow(delta, arrives.value);
        let (_, passes) = self.0.passes(delta, value);
        Slope {
            value,
            slope: both(arrives.slope, passes, |slope, passes| slope / passes),
        }
    }
    fn share(&mut self, _: &Part, _: &Scene<Slope<P>>, _: &Standing<Slope<P>>) -> Vec<Slope<P>> {
        unreachable!("slopes are carried within one group only")
    }
}
