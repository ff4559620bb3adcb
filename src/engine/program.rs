//! The program of a step: a list of operations on slots, each slot as wide as the lanes that run side by side.
//!
//! Numbers that are the same for all members stand once, in a row of scalars; so do constants. A slot is used
//! again as soon as nobody reads its number any more, so that what a step works on stays close by.

use super::compile::{Compiled, Compiler, What};
use super::expressions::{Binary, Expression, Id};
use super::fuse::{Evaporation, fuse};
use super::live::Live;
use super::writer::Writer;

/// Place of a number in the lanes.
pub(super) type Slot = u32;

/// Where an operation reads a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A slot, one number a lane.
    Lanes(Slot),
    /// A scalar, the same for all lanes.
    Scalar(u32),
}

/// An operation on all lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Add(Slot, Slot, Slot),
    Sub(Slot, Slot, Slot),
    Mul(Slot, Slot, Slot),
    Div(Slot, Slot, Slot),
    Min(Slot, Slot, Slot),
    Max(Slot, Slot, Slot),
    // A slot and a scalar.
    AddScalar(Slot, Slot, u32),
    SubScalar(Slot, Slot, u32),
    MulScalar(Slot, Slot, u32),
    DivScalar(Slot, Slot, u32),
    MinScalar(Slot, Slot, u32),
    MaxScalar(Slot, Slot, u32),
    // A scalar and a slot; a sum and a product are the same either way.
    ScalarSub(Slot, u32, Slot),
    ScalarDiv(Slot, u32, Slot),
    ScalarMin(Slot, u32, Slot),
    ScalarMax(Slot, u32, Slot),
    // Two operations in one, where nobody else reads what is between them.
    /// a + b − c.
    AddSub(Slot, Slot, Slot, Slot),
    /// a − b + c.
    SubAdd(Slot, Slot, Slot, Slot),
    /// a − b − c.
    SubSub(Slot, Slot, Slot, Slot),
    /// min(scalar, a + b).
    MinAdd(Slot, u32, Slot, Slot),
    /// scalar + scalar · a.
    Line(Slot, u32, u32, Slot),
    /// max(a − scalar, scalar).
    Above(Slot, Slot, u32, u32),
    /// a − min(scalar, a).
    Excess(Slot, u32, Slot),
    /// min(scalar, a), and a less that: what is taken and what is left.
    Take(Slot, Slot, u32, Slot),
    // Several operations in one ([`fuse`](super::fuse)).
    /// What a storage evaporates, by its place among the evaporations, and a less that.
    Evaporate(Slot, Slot, u32, Slot),
    /// min(second scalar, a − min(first scalar, a)), and a less that.
    TakeAbove(Slot, Slot, u32, u32, Slot),
    /// Adds to sums: first and last place among what is added.
    Sums(u32, u32),
    /// Adds to a sum.
    Sum(Slot, Slot),
    /// Adds max(a, scalar) to a sum.
    SumMax(Slot, Slot, u32),
    /// A column that each member reads at a row of its own.
    Own(Slot, u32),
    /// A call, by place.
    Call(u32),
    Copy(Slot, Slot),
    /// Puts a scalar into all lanes.
    Fill(Slot, u32),
    /// Hands a number over, by its place among the series that are kept.
    Keep(u32, Slot),
    KeepScalar(u32, u32),
}

/// A call on slots.
#[derive(Clone, Debug)]
pub(super) struct SlotCall {
    pub(super) what: What,
    pub(super) inputs: Vec<Source>,
    pub(super) results: Vec<Slot>,
}

/// The program of a plan.
#[derive(Clone, Debug)]
pub(super) struct Program {
    /// Carried out once, before the first step.
    pub(super) first: Vec<Operation>,
    /// Carried out in each step.
    pub(super) step: Vec<Operation>,
    /// What storages evaporate.
    pub(super) evaporations: Vec<Evaporation>,
    /// Sums with what is added to them.
    pub(super) added: Vec<(Slot, Slot)>,
    pub(super) calls: Vec<SlotCall>,
    pub(super) slots: usize,
    /// The scalars that never change, which stand before those that do.
    pub(super) constants: Vec<f64>,
    /// Slots of factors, with their places among the factors of a member.
    pub(super) factors: Vec<(Slot, u32)>,
    /// Slots of what members bring in each step, with their columns.
    pub(super) brought: Vec<(Slot, u32)>,
    /// Slots of what the plans of members have in each step, with their columns.
    pub(super) patched: Vec<(Slot, u32)>,
    /// Slots of numbers that pass from step to step, with their places in the state.
    pub(super) states: Vec<(Slot, u32)>,
    /// Slots in which series are summed up.
    pub(super) sums: Vec<Slot>,
    /// Scalars that change, by step: as many in a row as there are columns.
    pub(super) table: Vec<f64>,
    pub(super) columns: usize,
}

/// What a program does with its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Adds each up over all steps.
    Sum,
    /// Hands over each in each step.
    Keep,
}

impl Program {
    /// The program that computes `series` of a compiled step.
    pub(super) fn of(
        mut compiler: Compiler,
        compiled: &Compiled,
        series: &[Id],
        what: Use,
    ) -> Self {
        let own_states = compiled.after.len();
        let mut after = compiled.after.clone();
        if what == Use::Sum {
            for (place, &id) in series.iter().enumerate() {
                let expressions = &mut compiler.expressions;
                let sum = Expression::State((own_states + place) as u32);
                let sum = expressions.put(sum, false);
                after.push(expressions.put(Expression::Binary(Binary::Add, sum, id), false));
            }
        }
        let kept = if what == Use::Keep { series } else { &[] };
        let roots: Vec<Id> = kept.iter().chain(&after[own_states..]).copied().collect();
        let live = Live::of_step(&compiler, &roots, &after[..own_states]);
        let needed = |state: &usize| *state >= own_states || live.states.contains(&(*state as u32));
        let states: Vec<usize> = (0..after.len()).filter(needed).collect();
        let own = states.iter().filter(|state| **state < own_states);
        let prepared: Vec<(usize, Id)> = own
            .clone()
            .map(|state| (*state, compiled.prepared[*state]))
            .collect();
        let prepared_live = Live::of(&compiler, prepared.iter().map(|(_, id)| *id));
        let after: Vec<(usize, Id)> = states.iter().map(|state| (*state, after[*state])).collect();
        let mut writer = Writer::new(&compiler, &states, own_states);
        let first = writer.write(&prepared_live, &prepared, &[]);
        let step = writer.write(&live, &after, kept);
        let slot_of = |state: &usize| writer.state_slots[state];
        let sums = states
            .iter()
            .filter(|state| **state >= own_states)
            .map(slot_of)
            .collect();
        let states = own.map(|state| (slot_of(state), *state as u32)).collect();
        let constants = writer.constants.len() as u32;
        let place = |operation: &Operation| operation.with_columns_after(constants);
        let calls = writer.calls_after(constants);
        let step: Vec<Operation> = step.iter().map(place).collect();
        // What no step works on lasts from step to step.
        let lasting = writer.lasting();
        let fused = fuse(&step, &calls, &lasting);
        Self {
            first: first.iter().map(place).collect(),
            step: fused.operations,
            evaporations: fused.evaporations,
            added: fused.added,
            calls,
            slots: writer.slots as usize,
            factors: writer.factors,
            brought: writer.brought,
            patched: writer.patched,
            states,
            sums,
            constants: writer.constants,
            table: table(&compiler.columns),
            columns: compiler.columns.len(),
        }
    }
}

/// While a program is written, constants are not counted yet and columns stand from here on.
pub(super) const COLUMNS: u32 = 1 << 31;

pub(super) fn after_constants(scalar: u32, constants: u32) -> u32 {
    if scalar >= COLUMNS {
        scalar - COLUMNS + constants
    } else {
        scalar
    }
}

impl Operation {
    fn with_columns_after(self, constants: u32) -> Self {
        let place = |scalar| after_constants(scalar, constants);
        match self {
            Self::AddScalar(to, a, b) => Self::AddScalar(to, a, place(b)),
            Self::SubScalar(to, a, b) => Self::SubScalar(to, a, place(b)),
            Self::MulScalar(to, a, b) => Self::MulScalar(to, a, place(b)),
            Self::DivScalar(to, a, b) => Self::DivScalar(to, a, place(b)),
            Self::MinScalar(to, a, b) => Self::MinScalar(to, a, place(b)),
            Self::MaxScalar(to, a, b) => Self::MaxScalar(to, a, place(b)),
            Self::ScalarSub(to, a, b) => Self::ScalarSub(to, place(a), b),
            Self::ScalarDiv(to, a, b) => Self::ScalarDiv(to, place(a), b),
            Self::ScalarMin(to, a, b) => Self::ScalarMin(to, place(a), b),
            Self::ScalarMax(to, a, b) => Self::ScalarMax(to, place(a), b),
            Self::MinAdd(to, scalar, a, b) => Self::MinAdd(to, place(scalar), a, b),
            Self::Line(to, base, slope, a) => Self::Line(to, place(base), place(slope), a),
            Self::Above(to, a, base, least) => Self::Above(to, a, place(base), place(least)),
            Self::Excess(to, scalar, a) => Self::Excess(to, place(scalar), a),
            Self::Take(taken, left, scalar, a) => Self::Take(taken, left, place(scalar), a),
            Self::SumMax(to, a, least) => Self::SumMax(to, a, place(least)),
            Self::Fill(to, scalar) => Self::Fill(to, place(scalar)),
            Self::KeepScalar(to, scalar) => Self::KeepScalar(to, place(scalar)),
            other => other,
        }
    }
}

/// Columns as rows.
fn table(columns: &[Vec<f64>]) -> Vec<f64> {
    let steps = columns.first().map_or(0, Vec::len);
    let row = |step: usize| columns.iter().map(move |column| column[step]);
    (0..steps).flat_map(row).collect()
}
