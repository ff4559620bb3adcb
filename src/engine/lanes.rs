//! Carries out a program for members side by side, one in each lane.
//!
//! Every operation does the same in all lanes and no lane sees another, so that the width, the processor's
//! instructions and the neighbours of a member change no bit of its results.

#![allow(
    clippy::inline_always,
    reason = "the instructions chosen at run time must reach the loops, and only what is inlined gets them"
)]

use super::compile::What;
use super::exact::{Forcing, advance};
use super::plain::{area, over_sill, unload};
use super::program::{Operation, Program, SlotCall};
use crate::allocate::{Contest, Machine, Plain, greater, lesser};
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
    slots: Vec<[f64; W]>,
    contests: Vec<Option<Contest>>,
    body_areas: Vec<f64>,
    kept: Vec<[f64; W]>,
    kept_in_step: usize,
}

impl<'p, const W: usize> Lanes<'p, W> {
    /// Lanes for a program that hands over `kept` numbers in each step.
    pub(super) fn new(program: &'p Program, plan: &'p Plan, kept: usize) -> Self {
        let contest = |call: &SlotCall| match &call.what {
            What::Share(part) => Some(Contest::new(part)),
            _ => None,
        };
        let steps = (BLOCK / (kept.max(1) * W)).clamp(1, plan.steps().max(1));
        let bodies = plan.curves.iter().map(|curve| curve.bodies.len());
        Self {
            program,
            plan,
            slots: vec![[0.0; W]; program.slots],
            contests: program.calls.iter().map(contest).collect(),
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
        sink: &mut impl Sink,
    ) {
        self.load(members);
        match instructions {
            Instructions::Widest => pulp::Arch::new().dispatch(|| self.steps(members, sink)),
            Instructions::Common => self.steps(members, sink),
        }
    }

    /// The sums of the last run: series by lane.
    pub(super) fn sum(&self, series: usize, lane: usize) -> f64 {
        self.slots[self.program.sums[series] as usize][lane]
    }

    fn load(&mut self, members: &[Lane]) {
        let (program, slots) = (self.program, &mut self.slots);
        let member = |lane: usize| &members[lane.min(members.len() - 1)];
        for &(slot, value) in &program.constants {
            slots[slot as usize] = [value; W];
        }
        for &(slot, place) in &program.factors {
            slots[slot as usize] = std::array::from_fn(|lane| member(lane).factors[place as usize]);
        }
        for &(slot, place) in &program.states {
            slots[slot as usize] = std::array::from_fn(|lane| member(lane).state[place as usize]);
        }
        for &slot in &program.sums {
            slots[slot as usize] = [0.0; W];
        }
    }

    #[inline(always)]
    fn steps(&mut self, members: &[Lane], sink: &mut impl Sink) {
        let program = self.program;
        let block = self.kept.len() / self.kept_in_step.max(1);
        let traced = members.iter().any(|member| member.rows.is_some());
        let (mut first, mut filled) = (0, 0);
        for step in 0..self.plan.steps() {
            let mut rows = [step; W];
            if traced {
                for (lane, row) in rows.iter_mut().enumerate() {
                    let member = &members[lane.min(members.len() - 1)];
                    *row = member.rows.map_or(step, |rows| rows[step] as usize);
                }
            }
            if step == 0 {
                self.carry_out(&program.first, step, &rows, 0);
            }
            self.carry_out(&program.step, step, &rows, filled * self.kept_in_step);
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
    fn carry_out(&mut self, operations: &[Operation], step: usize, rows: &[usize; W], keep: usize) {
        let program = self.program;
        let table = &program.table[step * program.columns..(step + 1) * program.columns];
        let slots = self.slots.as_mut_slice();
        for operation in operations {
            match *operation {
                Operation::Add(to, a, b) => each(slots, to, a, b, |a, b| a + b),
                Operation::Sub(to, a, b) => each(slots, to, a, b, |a, b| a - b),
                Operation::Mul(to, a, b) => each(slots, to, a, b, |a, b| a * b),
                Operation::Div(to, a, b) => each(slots, to, a, b, |a, b| a / b),
                Operation::Min(to, a, b) => each(slots, to, a, b, lesser),
                Operation::Max(to, a, b) => each(slots, to, a, b, greater),
                Operation::Column(to, column) => slots[to as usize] = [table[column as usize]; W],
                Operation::OwnColumn(to, column) => {
                    let at = |row: usize| program.table[row * program.columns + column as usize];
                    slots[to as usize] = rows.map(at);
                }
                Operation::Copy(to, from) => slots[to as usize] = slots[from as usize],
                Operation::Keep(place, from) => {
                    self.kept[keep + place as usize] = slots[from as usize];
                }
                Operation::Call(call) => {
                    let contest = &mut self.contests[call as usize];
                    let call = &program.calls[call as usize];
                    let plain = Plain::of(self.plan, step);
                    answer(plain, call, contest, &mut self.body_areas, slots);
                }
            }
        }
    }
}

#[inline(always)]
fn each<const W: usize>(
    slots: &mut [[f64; W]],
    to: u32,
    a: u32,
    b: u32,
    of: impl Fn(f64, f64) -> f64,
) {
    let (a, b) = (slots[a as usize], slots[b as usize]);
    let to = &mut slots[to as usize];
    for lane in 0..W {
        to[lane] = of(a[lane], b[lane]);
    }
}

/// Answers a call lane by lane.
#[inline(never)]
fn answer<const W: usize>(
    mut plain: Plain,
    call: &SlotCall,
    contest: &mut Option<Contest>,
    body_areas: &mut [f64],
    slots: &mut [[f64; W]],
) {
    for lane in 0..W {
        let input = |place: usize, slots: &[[f64; W]]| slots[call.inputs[place] as usize][lane];
        let first = input(0, slots);
        let result = match &call.what {
            What::Area(storage) => area(&plain.curves[*storage], first),
            What::OverSill(storage) => {
                over_sill(&plain.curves[*storage], first) * plain.hm3_per_m3s
            }
            What::Unload(storage) => unload(&plain.curves[*storage], first, input(1, slots)),
            What::Outflow(delta) => plain.outflow(*delta, first),
            What::Inflow(delta) => plain.inflow(*delta, first),
            What::BodyAreas(storage) => {
                let curve = &plain.curves[*storage];
                for (body, slot) in curve.bodies.iter().zip(&call.results) {
                    slots[*slot as usize][lane] = curve.at_volume(&body.area_km2, first);
                }
                continue;
            }
            What::Advance(storage, over_sill) => {
                let forcing = Forcing {
                    net_inflow_hm3: input(1, slots),
                    rain_mm: input(2, slots),
                    evaporation_mm: input(3, slots),
                    hm3_per_m3s: if *over_sill { plain.hm3_per_m3s } else { 0.0 },
                    full_hm3: input(4, slots),
                };
                advance_lane(
                    &plain, *storage, first, &forcing, call, body_areas, slots, lane,
                );
                continue;
            }
            What::Share(..) => {
                let contest = contest.as_mut().expect("every group has its contest");
                share(plain, call, contest, slots, lane);
                continue;
            }
        };
        slots[call.results[0] as usize][lane] = result;
    }
}

#[allow(clippy::too_many_arguments, reason = "the parts of a call in one lane")]
fn advance_lane<const W: usize>(
    plain: &Plain,
    storage: usize,
    start: f64,
    forcing: &Forcing,
    call: &SlotCall,
    body_areas: &mut [f64],
    slots: &mut [[f64; W]],
    lane: usize,
) {
    let curve = &plain.curves[storage];
    let body_areas = &mut body_areas[..curve.bodies.len()];
    let end = advance(curve, start, forcing, body_areas);
    let results = [
        end.end_hm3,
        end.rain_hm3,
        end.evaporation_hm3,
        end.outflow_hm3,
        end.spill_hm3,
        end.mean_area_km2,
    ];
    for (slot, result) in call
        .results
        .iter()
        .zip(results.iter().chain(body_areas.iter()))
    {
        slots[*slot as usize][lane] = *result;
    }
}

/// Shares water among competing claims; where there is enough for all, each has what it wants.
fn share<const W: usize>(
    plain: Plain,
    call: &SlotCall,
    contest: &mut Contest,
    slots: &mut [[f64; W]],
    lane: usize,
) {
    let mut inputs = call.inputs.iter().map(|slot| slots[*slot as usize][lane]);
    let enough = inputs.next().unwrap_or(0.0) >= 0.0;
    if enough {
        for (result, wanted) in call.results.iter().zip(&call.inputs[1..]) {
            slots[*result as usize][lane] = slots[*wanted as usize][lane];
        }
        return;
    }
    contest.read(&mut inputs);
    contest.share(plain);
    for (result, volume) in call.results.iter().zip(contest.volumes()) {
        slots[*result as usize][lane] = *volume;
    }
}
