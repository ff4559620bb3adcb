//! Carries out a program for members side by side, one in each lane.
//!
//! Every operation does the same in all lanes and no lane sees another, so that the width, the processor's
//! instructions and the neighbours of a member change no bit of its results.

#![allow(
    clippy::inline_always,
    reason = "the instructions chosen at run time must reach the loops, and only what is inlined gets them"
)]

use std::array::from_fn;

use multiversion::multiversion;

use super::advance::Walks;
use super::answer::{Aside, Contests, Scratch, answer};
use super::compile::What;
use super::patches::Column;
use super::program::{Operation, Program, SlotCall};
use super::wide::{Wide, add_to, both, each, take, three};
use crate::allocate::{Plain, greater, lesser};
use crate::network::delta::Delta;
use crate::network::levels::Levels;
use crate::plan::Plan;

/// Instructions of the processor that may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Instructions {
    /// The widest that it has.
    #[default]
    Widest,
    /// Those that every processor of its kind has.
    Common,
}

/// A member as a lane needs it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lane<'a> {
    /// Factors, by place.
    pub(super) factors: &'a [f64],
    /// State before the first step.
    pub(super) state: &'a [f64],
    /// Row of the plan from which each step takes inflow and weather; that of the step where none.
    pub(super) rows: Option<&'a [u32]>,
    /// What the member brings in each step: (step, column).
    pub(super) brought: &'a [f64],
    /// Columns of what it brings.
    pub(super) columns: usize,
    /// What its plan has in the place of the compiled one in each step: (step, column).
    pub(super) patch: &'a [f64],
    /// The deltas and canals with a curve of its plan.
    pub(super) deltas: &'a [Delta],
}

/// Receives the numbers that a program hands over: first step, and all numbers (step, series, lane).
pub(super) trait Sink {
    /// Takes a block of steps.
    fn take(&mut self, first_step: usize, numbers: &[f64]);
}

/// Numbers that are handed over at once, about.
const BLOCK: usize = 32_768;

/// Lanes of one width with the lists that a program works on.
pub(super) struct Lanes<'p, const W: usize> {
    program: &'p Program,
    plan: &'p Plan,
    patched: &'p [Column],
    slots: Vec<Wide<W>>,
    /// Constants, then the columns of the step.
    scalars: Vec<f64>,
    /// What each call works on.
    scratch: Vec<Scratch<W>>,
    body_areas: Vec<f64>,
    instructions: Instructions,
    kept: Vec<[f64; W]>,
    kept_in_step: usize,
}

impl<'p, const W: usize> Lanes<'p, W> {
    /// Lanes for a program that hands over `kept` numbers in each step.
    pub(super) fn new(
        program: &'p Program,
        plan: &'p Plan,
        patched: &'p [Column],
        kept: usize,
    ) -> Self {
        let scratch = |call: &SlotCall| match &call.what {
            What::Share(part) => Scratch::Contests(Box::new(Contests::of(part, W))),
            What::Advance(storage, _) => {
                Scratch::Walks(Box::new(Walks::of(&plan.curves[*storage])))
            }
            What::Level(storage) => Scratch::Levels(Levels::of(&plan.curves[*storage])),
            _ => Scratch::Nothing,
        };
        let steps = (BLOCK / (kept.max(1) * W)).clamp(1, plan.steps().max(1));
        let bodies = plan.curves.iter().map(|curve| curve.bodies.len());
        Self {
            program,
            plan,
            patched,
            slots: vec![Wide([0.0; W]); program.slots],
            scalars: [program.constants.clone(), vec![0.0; program.columns]].concat(),
            scratch: program.calls.iter().map(scratch).collect(),
            instructions: Instructions::default(),
            body_areas: vec![0.0; bodies.max().unwrap_or(0)],
            kept: vec![[0.0; W]; steps * kept],
            kept_in_step: kept,
        }
    }

    /// Runs members from the first step to the last; lanes without a member repeat the last one.
    pub(super) fn run(
        &mut self,
        members: &[Lane],
        instructions: Instructions,
        sink: &mut dyn Sink,
    ) {
        self.load(members);
        self.instructions = instructions;
        match instructions {
            Instructions::Widest => steps_widest(self, members, sink),
            Instructions::Common => self.steps(members, sink),
        }
    }

    /// The sums of the last run: series by lane.
    pub(super) fn sum(&self, series: usize, lane: usize) -> f64 {
        self.slots[self.program.sums[series] as usize].0[lane]
    }

    fn load(&mut self, members: &[Lane]) {
        let (program, slots) = (self.program, &mut self.slots);
        let member = |lane: usize| &members[lane.min(members.len() - 1)];
        for &(slot, place) in &program.factors {
            slots[slot as usize].0 =
                std::array::from_fn(|lane| member(lane).factors[place as usize]);
        }
        for &(slot, place) in &program.states {
            slots[slot as usize].0 = std::array::from_fn(|lane| member(lane).state[place as usize]);
        }
        for &slot in &program.sums {
            slots[slot as usize].0 = [0.0; W];
        }
    }

    /// Puts what the plans of members have in a step into its slots; neighbours are often of one plan.
    fn patch(&mut self, members: &[Lane], step: usize, rows: &[usize; W]) {
        let columns = self.patched.len();
        let traced = members.iter().any(|member| member.rows.is_some());
        let mut first = 0;
        while first < members.len() {
            let patch = members[first].patch;
            let is_of_plan = |member: &&Lane| std::ptr::eq(member.patch, patch);
            let count = members[first..].iter().take_while(is_of_plan).count();
            let is_last = first + count == members.len();
            let lanes = first..if is_last { W } else { first + count };
            first = lanes.end;
            for &(slot, column) in &self.program.patched {
                let column = column as usize;
                let slot = &mut self.slots[slot as usize].0[lanes.clone()];
                if traced && self.patched[column].number.is_of_history() {
                    for (number, row) in slot.iter_mut().zip(&rows[lanes.clone()]) {
                        *number = patch[row * columns + column];
                    }
                } else {
                    slot.fill(patch[step * columns + column]);
                }
            }
        }
    }

    /// Puts what members bring in a step into its slots.
    fn bring(&mut self, members: &[Lane], step: usize) {
        if self.program.brought.is_empty() {
            return;
        }
        let rows: [&[f64]; W] = from_fn(|lane| {
            let member = &members[lane.min(members.len() - 1)];
            &member.brought[step * member.columns..(step + 1) * member.columns]
        });
        for &(slot, column) in &self.program.brought {
            let lanes = &mut self.slots[slot as usize].0;
            for (number, row) in lanes.iter_mut().zip(&rows) {
                *number = row[column as usize];
            }
        }
    }

    #[inline(always)]
    fn steps(&mut self, members: &[Lane], sink: &mut dyn Sink) {
        let program = self.program;
        let block = self.kept.len() / self.kept_in_step.max(1);
        let traced = members.iter().any(|member| member.rows.is_some());
        let (mut first, mut filled) = (0, 0);
        let reads_rows = |operation: &Operation| matches!(operation, Operation::Own(..));
        let reads_rows = program.first.iter().chain(&program.step).any(reads_rows);
        let mut rows = [0; W];
        for step in 0..self.plan.steps() {
            if reads_rows {
                rows = [step; W];
            }
            if traced {
                for (lane, row) in rows.iter_mut().enumerate() {
                    let member = &members[lane.min(members.len() - 1)];
                    *row = member.rows.map_or(step, |rows| rows[step] as usize);
                }
            }
            if !self.patched.is_empty() {
                self.patch(members, step, &rows);
            }
            self.bring(members, step);
            if step == 0 {
                self.carry_out(&program.first, members, step, &rows, 0);
            }
            let keep = filled * self.kept_in_step;
            self.carry_out(&program.step, members, step, &rows, keep);
            if self.kept_in_step > 0 {
                filled += 1;
                if filled == block || step + 1 == self.plan.steps() {
                    sink.take(
                        first,
                        self.kept[..filled * self.kept_in_step].as_flattened(),
                    );
                    (first, filled) = (step + 1, 0);
                }
            }
        }
    }

    #[inline(always)]
    #[allow(clippy::too_many_lines, reason = "a line or two for each operation")]
    fn carry_out(
        &mut self,
        operations: &[Operation],
        members: &[Lane],
        step: usize,
        rows: &[usize; W],
        keep: usize,
    ) {
        let program = self.program;
        let row = &program.table[step * program.columns..(step + 1) * program.columns];
        self.scalars[program.constants.len()..].copy_from_slice(row);
        let (slots, scalars) = (self.slots.as_mut_slice(), self.scalars.as_slice());
        for operation in operations {
            match *operation {
                Operation::Add(to, a, b) => both(slots, to, a, b, |a, b| a + b),
                Operation::Sub(to, a, b) => both(slots, to, a, b, |a, b| a - b),
                Operation::Mul(to, a, b) => both(slots, to, a, b, |a, b| a * b),
                Operation::Div(to, a, b) => both(slots, to, a, b, |a, b| a / b),
                Operation::Min(to, a, b) => both(slots, to, a, b, lesser),
                Operation::Max(to, a, b) => both(slots, to, a, b, greater),
                Operation::AddScalar(to, a, b) => {
                    let b = scalars[b as usize];
                    each(slots, to, a, |a| a + b);
                }
                Operation::SubScalar(to, a, b) => {
                    let b = scalars[b as usize];
                    each(slots, to, a, |a| a - b);
                }
                Operation::MulScalar(to, a, b) => {
                    let b = scalars[b as usize];
                    each(slots, to, a, |a| a * b);
                }
                Operation::DivScalar(to, a, b) => {
                    let b = scalars[b as usize];
                    each(slots, to, a, |a| a / b);
                }
                Operation::MinScalar(to, a, b) => {
                    let b = scalars[b as usize];
                    each(slots, to, a, |a| lesser(a, b));
                }
                Operation::MaxScalar(to, a, b) => {
                    let b = scalars[b as usize];
                    each(slots, to, a, |a| greater(a, b));
                }
                Operation::ScalarSub(to, a, b) => {
                    let a = scalars[a as usize];
                    each(slots, to, b, |b| a - b);
                }
                Operation::ScalarDiv(to, a, b) => {
                    let a = scalars[a as usize];
                    each(slots, to, b, |b| a / b);
                }
                Operation::ScalarMin(to, a, b) => {
                    let a = scalars[a as usize];
                    each(slots, to, b, |b| lesser(a, b));
                }
                Operation::ScalarMax(to, a, b) => {
                    let a = scalars[a as usize];
                    each(slots, to, b, |b| greater(a, b));
                }
                Operation::AddSub(to, a, b, c) => three(slots, to, [a, b, c], |a, b, c| a + b - c),
                Operation::SubAdd(to, a, b, c) => three(slots, to, [a, b, c], |a, b, c| a - b + c),
                Operation::SubSub(to, a, b, c) => three(slots, to, [a, b, c], |a, b, c| a - b - c),
                Operation::MinAdd(to, scalar, a, b) => {
                    let most = scalars[scalar as usize];
                    both(slots, to, a, b, |a, b| lesser(most, a + b));
                }
                Operation::Line(to, base, slope, a) => {
                    let (base, slope) = (scalars[base as usize], scalars[slope as usize]);
                    each(slots, to, a, |a| base + slope * a);
                }
                Operation::Above(to, a, base, least) => {
                    let (base, least) = (scalars[base as usize], scalars[least as usize]);
                    each(slots, to, a, |a| greater(a - base, least));
                }
                Operation::Excess(to, scalar, a) => {
                    let most = scalars[scalar as usize];
                    each(slots, to, a, |a| a - lesser(most, a));
                }
                Operation::Take(taken, left, scalar, a) => {
                    let most = scalars[scalar as usize];
                    take(slots, [taken, left], a, |a| lesser(most, a));
                }
                Operation::Evaporate(taken, left, place, a) => {
                    let row = &program.evaporations[place as usize];
                    let [base, slope, depth, floor, least] =
                        [row.base, row.slope, row.depth, row.floor, row.least]
                            .map(|scalar| scalars[scalar as usize]);
                    take(slots, [taken, left], a, |a| {
                        lesser((base + slope * a) * depth, greater(a - floor, least))
                    });
                }
                Operation::TakeAbove(taken, left, share, most, a) => {
                    let (share, most) = (scalars[share as usize], scalars[most as usize]);
                    take(slots, [taken, left], a, |a| {
                        lesser(most, a - lesser(share, a))
                    });
                }
                Operation::Sums(first, last) => {
                    for &(to, a) in &program.added[first as usize..last as usize] {
                        add_to(slots, to, a, |a| a);
                    }
                }
                Operation::Sum(to, a) => add_to(slots, to, a, |a| a),
                Operation::SumMax(to, a, scalar) => {
                    let least = scalars[scalar as usize];
                    add_to(slots, to, a, |a| greater(a, least));
                }
                Operation::Own(to, column) => {
                    let at = |row: usize| program.table[row * program.columns + column as usize];
                    slots[to as usize].0 = rows.map(at);
                }
                Operation::Copy(to, from) => each(slots, to, from, |from| from),
                Operation::Fill(to, scalar) => slots[to as usize].0 = [scalars[scalar as usize]; W],
                Operation::Keep(place, from) => {
                    self.kept[keep + place as usize] = slots[from as usize].0;
                }
                Operation::KeepScalar(place, scalar) => {
                    self.kept[keep + place as usize] = [scalars[scalar as usize]; W];
                }
                Operation::Call(call) => {
                    let scratch = &mut self.scratch[call as usize];
                    let call = &program.calls[call as usize];
                    let plain = Plain::of(self.plan, step);
                    let aside = Aside {
                        body_areas: &mut self.body_areas,
                        instructions: self.instructions,
                        members,
                    };
                    answer(plain, call, scratch, aside, slots, scalars);
                }
            }
        }
    }
}

/// The steps with the widest instructions that the processor has.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn steps_widest<const W: usize>(lanes: &mut Lanes<W>, members: &[Lane], sink: &mut dyn Sink) {
    lanes.steps(members, sink);
}
