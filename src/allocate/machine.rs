//! Kinds of arithmetic that a step can be carried out in.
//!
//! The step of a run is written once, over a [`Machine`]. On [`Plain`] numbers it is carried out; on numbers
//! that carry a slope it finds where water runs out; on numbers that carry a [`Bound`] it tells what kept a
//! claim from more; and the engine's compiler reads it as a list of operations. All give the same values
//! to the last bit, because they are the same text.

use super::Bound;
use super::desk::Desk;
use super::leximin::Contest;
use super::part::Part;
use super::standing::{Scene, Standing};
use crate::network::curve::Curve;
use crate::network::delta::Delta;
use crate::network::plant::Works;
use crate::plan::Plan;

/// Arithmetic of a step.
pub trait Machine {
    /// A number of this machine.
    type Number: Copy;

    /// A number that is known beforehand.
    fn number(&mut self, value: f64) -> Self::Number;
    /// a + b.
    fn add(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// a − b.
    fn sub(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// a · b.
    fn mul(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// a ÷ b.
    fn div(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// The smaller; `a` where they are equal.
    fn min(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// The greater; `a` where they are equal.
    fn max(&mut self, a: Self::Number, b: Self::Number) -> Self::Number;
    /// Outflow of a delta, or what arrives at the end of a canal, hm³ (equation E3).
    fn outflow(&mut self, delta: usize, inflow: Self::Number) -> Self::Number;
    /// Inflow that gives an outflow of a delta or canal, hm³ (equation E3).
    fn inflow(&mut self, delta: usize, outflow: Self::Number) -> Self::Number;
    /// Volumes of the claims that compete in a part of the network (equation E11).
    fn share(
        &mut self,
        part: &Part,
        scene: &Scene<Self::Number>,
        standing: &Standing<Self::Number>,
    ) -> Vec<Self::Number>;
    /// The value of a number, where the machine tells bounds by it.
    fn told(&self, _number: Self::Number) -> Option<f64> {
        None
    }
    /// What bounds a number, where the machine tells it.
    fn bound(&self, _number: Self::Number) -> Option<Bound> {
        None
    }
    /// Says what a number is the bound of.
    fn bind(&mut self, number: Self::Number, _bound: Bound) -> Self::Number {
        number
    }
}

/// Numbers, carried out at once.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a> {
    /// The deltas and canals with a curve of the plan.
    pub deltas: &'a [Delta],
    /// The curves of the plan.
    pub curves: &'a [Curve],
    /// The hydropower plants of the plan.
    pub plants: &'a [Works],
    /// hm³ that a flow of 1 m³/s brings in the step.
    pub hm3_per_m3s: f64,
}

impl<'a> Plain<'a> {
    /// Arithmetic of a step of a plan.
    pub fn of(plan: &'a Plan, step: usize) -> Self {
        Self {
            deltas: &plan.deltas,
            curves: &plan.curves,
            plants: &plan.plants,
            hm3_per_m3s: plan.hm3_per_m3s(step),
        }
    }
}

impl Machine for Plain<'_> {
    type Number = f64;

    fn number(&mut self, value: f64) -> f64 {
        value
    }
    fn add(&mut self, a: f64, b: f64) -> f64 {
        a + b
    }
    fn sub(&mut self, a: f64, b: f64) -> f64 {
        a - b
    }
    fn mul(&mut self, a: f64, b: f64) -> f64 {
        a * b
    }
    fn div(&mut self, a: f64, b: f64) -> f64 {
        a / b
    }
    fn min(&mut self, a: f64, b: f64) -> f64 {
        lesser(a, b)
    }
    fn max(&mut self, a: f64, b: f64) -> f64 {
        greater(a, b)
    }
    fn outflow(&mut self, delta: usize, inflow: f64) -> f64 {
        outflow(&self.deltas[delta], inflow, self.hm3_per_m3s).0
    }
    fn inflow(&mut self, delta: usize, outflow: f64) -> f64 {
        inflow_for(&self.deltas[delta], outflow, self.hm3_per_m3s)
    }
    fn share(&mut self, part: &Part, scene: &Scene<f64>, standing: &Standing<f64>) -> Vec<f64> {
        let mut machine = *self;
        let desk = Desk::with(&mut machine, &part.scheme, scene, standing.clone());
        let (wanted, enough) = desk.all_wanted(&part.group);
        if enough >= 0.0 {
            return wanted;
        }
        let mut contest = Contest::<1>::new(part);
        contest.load(scene, standing, &wanted);
        contest.share((*self).into());
        contest.volumes().as_flattened().to_vec()
    }
}

/// Numbers that remember what bounds them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labelled<'a>(pub(crate) Plain<'a>);

/// A number and what bounds it.
pub(crate) type Label = (f64, Bound);

/// The bound of a result is that of the part that has one.
fn of_either(a: Label, b: Label) -> Bound {
    if a.1 == Bound::Nothing { b.1 } else { a.1 }
}

impl Machine for Labelled<'_> {
    type Number = Label;

    fn number(&mut self, value: f64) -> Label {
        (value, Bound::Nothing)
    }
    fn add(&mut self, a: Label, b: Label) -> Label {
        (a.0 + b.0, of_either(a, b))
    }
    fn sub(&mut self, a: Label, b: Label) -> Label {
        (a.0 - b.0, of_either(a, b))
    }
    fn mul(&mut self, a: Label, b: Label) -> Label {
        (a.0 * b.0, of_either(a, b))
    }
    fn div(&mut self, a: Label, b: Label) -> Label {
        (a.0 / b.0, of_either(a, b))
    }
    fn min(&mut self, a: Label, b: Label) -> Label {
        if b.0 < a.0 { b } else { a }
    }
    fn max(&mut self, a: Label, b: Label) -> Label {
        // A claim that gets nothing is kept from more by what would have let it have less than nothing.
        (greater(a.0, b.0), of_either(a, b))
    }
    fn outflow(&mut self, delta: usize, inflow: Label) -> Label {
        (self.0.outflow(delta, inflow.0), inflow.1)
    }
    fn inflow(&mut self, delta: usize, outflow: Label) -> Label {
        (self.0.inflow(delta, outflow.0), outflow.1)
    }
    fn share(
        &mut self,
        part: &Part,
        scene: &Scene<Label>,
        standing: &Standing<Label>,
    ) -> Vec<Label> {
        let value = |label: &Label| label.0;
        let (scene, standing) = (scene.map(value), standing.map(value));
        let volumes = self.0.share(part, &scene, &standing);
        let desk = Desk::with(&mut self.0, &part.scheme, &scene, standing.clone());
        let (wanted, _) = desk.all_wanted(&part.group);
        let mut contest = Contest::<1>::new(part);
        contest.load(&scene, &standing, &wanted);
        let bounds = contest.bounds(self.0, &volumes);
        volumes.into_iter().zip(bounds).collect()
    }
    fn told(&self, number: Label) -> Option<f64> {
        Some(number.0)
    }
    fn bound(&self, number: Label) -> Option<Bound> {
        Some(number.1)
    }
    fn bind(&mut self, number: Label, bound: Bound) -> Label {
        (number.0, bound)
    }
}

/// The smaller, `a` where they are equal: one instruction on every processor.
#[inline]
pub(crate) fn lesser(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

/// The greater, `a` where they are equal.
#[inline]
pub(crate) fn greater(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// Inflow that gives an outflow of a delta, hm³.
pub(super) fn inflow_for(delta: &Delta, outflow: f64, hm3_per_m3s: f64) -> f64 {
    delta.inflow_for(outflow / hm3_per_m3s) * hm3_per_m3s
}

/// Outflow of a delta in hm³ and its slope; what is missing above it is missing below.
pub(super) fn outflow(delta: &Delta, inflow: f64, hm3_per_m3s: f64) -> (f64, f64) {
    // A canal without capacity lets all arrive that is ordered.
    if inflow <= 0.0 || inflow == f64::INFINITY {
        return (inflow, 1.0);
    }
    let (outflow, passes) = delta.outflow(inflow / hm3_per_m3s);
    (outflow * hm3_per_m3s, passes)
}
