//! The program of a step: a list of operations on slots, each slot as wide as the lanes that run side by side.
//!
//! Numbers that are the same for all members stand once, in a row of scalars; so do constants. A slot is used
//! again as soon as nobody reads its number any more, so that what a step works on stays close by.

use std::collections::{BTreeMap, BTreeSet};

use super::compile::{Call, Compiled, Compiler, What};
use super::expressions::{Binary, Expression, Expressions, Id};

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
    pub(super) calls: Vec<SlotCall>,
    pub(super) slots: usize,
    /// The scalars that never change, which stand before those that do.
    pub(super) constants: Vec<f64>,
    /// Slots of factors, with their places among the factors of a member.
    pub(super) factors: Vec<(Slot, u32)>,
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
        let mut writer = Writer::new(&compiler, &states);
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
        Self {
            first: first.iter().map(place).collect(),
            step: step.iter().map(place).collect(),
            calls: writer.calls_after(constants),
            slots: writer.slots as usize,
            factors: writer.factors,
            states,
            sums,
            constants: writer.constants,
            table: table(&compiler.columns),
            columns: compiler.columns.len(),
        }
    }
}

/// While a program is written, constants are not counted yet and columns stand from here on.
const COLUMNS: u32 = 1 << 31;

fn after_constants(scalar: u32, constants: u32) -> u32 {
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

/// What has to be computed.
struct Live {
    live: Vec<bool>,
    /// Numbers of the step before that are read.
    states: BTreeSet<u32>,
}

impl Live {
    /// What some expressions need.
    fn of(compiler: &Compiler, roots: impl Iterator<Item = Id>) -> Self {
        let mut live = Self {
            live: vec![false; compiler.expressions.len()],
            states: BTreeSet::new(),
        };
        for id in roots {
            live.mark(compiler, id);
        }
        live
    }

    /// What the roots need, and what the numbers need that they need from the step before.
    fn of_step(compiler: &Compiler, roots: &[Id], after: &[Id]) -> Self {
        let mut live = Self::of(compiler, roots.iter().copied());
        loop {
            let needed = live.states.iter().map(|state| *state as usize);
            let needed = needed.filter_map(|state| after.get(state).copied());
            let missing: Vec<Id> = needed.filter(|id| !live.live[*id as usize]).collect();
            if missing.is_empty() {
                return live;
            }
            for id in missing {
                live.mark(compiler, id);
            }
        }
    }

    /// Marks an expression and all that it is made of.
    fn mark(&mut self, compiler: &Compiler, id: Id) {
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            if std::mem::replace(&mut self.live[id as usize], true) {
                continue;
            }
            if let Expression::State(state) = compiler.expressions.get(id) {
                self.states.insert(state);
            }
            waiting.extend_from_slice(&parts(&compiler.expressions, &compiler.calls, id));
        }
    }

    fn ids(&self) -> impl Iterator<Item = Id> {
        let all = self.live.iter().zip(0..);
        all.filter(|(live, _)| **live).map(|(_, id)| id)
    }
}

/// The expressions that an expression is made of.
fn parts(expressions: &Expressions, calls: &[Call], id: Id) -> Vec<Id> {
    match expressions.get(id) {
        Expression::Binary(_, a, b) => vec![a, b],
        Expression::Result(call, _) => calls[call as usize].inputs.clone(),
        _ => Vec::new(),
    }
}

/// Gives expressions slots and writes operations.
struct Writer<'a> {
    expressions: &'a Expressions,
    calls: &'a [Call],
    slots: Slot,
    /// Slots whose number nobody reads any more.
    free: Vec<Slot>,
    /// Slots that are written in each step.
    working: Vec<Slot>,
    constants: Vec<f64>,
    factors: Vec<(Slot, u32)>,
    state_slots: BTreeMap<usize, Slot>,
    slot_calls: Vec<SlotCall>,
    /// Where numbers stand that no operation computes.
    fixed: BTreeMap<Id, Source>,
    /// Where each expression stands.
    source: Vec<Option<Source>>,
    /// Where each expression is read for the last time.
    last: Vec<Id>,
}

impl<'a> Writer<'a> {
    fn new(compiler: &'a Compiler, states: &[usize]) -> Self {
        let state_slots = states.iter().zip(0..);
        Self {
            expressions: &compiler.expressions,
            calls: &compiler.calls,
            slots: states.len() as Slot,
            free: Vec::new(),
            working: Vec::new(),
            constants: Vec::new(),
            factors: Vec::new(),
            state_slots: state_slots.map(|(state, slot)| (*state, slot)).collect(),
            slot_calls: Vec::new(),
            fixed: BTreeMap::new(),
            source: Vec::new(),
            last: Vec::new(),
        }
    }

    fn calls_after(&self, constants: u32) -> Vec<SlotCall> {
        let mut calls = self.slot_calls.clone();
        for input in calls.iter_mut().flat_map(|call| &mut call.inputs) {
            if let Source::Scalar(scalar) = input {
                *scalar = after_constants(*scalar, constants);
            }
        }
        calls
    }

    /// The operations that compute what is live, hand over `kept` and end with the new state.
    fn write(&mut self, live: &Live, after: &[(usize, Id)], kept: &[Id]) -> Vec<Operation> {
        self.find_last_uses(live, after);
        self.source = vec![None; self.expressions.len()];
        let homes = self.homes(live, after);
        let mut keeps: Vec<(Id, u32)> = kept.iter().copied().zip(0..).collect();
        keeps.sort_unstable();
        let mut keeps = keeps.into_iter().peekable();
        let mut operations = Vec::new();
        for id in live.ids() {
            if self.source[id as usize].is_none() {
                self.write_one(id, homes.get(&id).copied(), &mut operations);
            }
            // What is handed over is so at once, so that its slot can be used again.
            while let Some((_, place)) = keeps.next_if(|(kept, _)| *kept == id) {
                operations.push(match self.at(id) {
                    Source::Lanes(slot) => Operation::Keep(place, slot),
                    Source::Scalar(scalar) => Operation::KeepScalar(place, scalar),
                });
            }
        }
        self.write_state(after, &mut operations);
        self.free.clone_from(&self.working);
        operations
    }

    fn at(&self, id: Id) -> Source {
        self.source[id as usize].expect("parts stand before what is made of them")
    }

    /// Where each expression is read for the last time; what passes on is read at the end.
    fn find_last_uses(&mut self, live: &Live, after: &[(usize, Id)]) {
        self.last = (0..self.expressions.len() as Id).collect();
        for id in live.ids() {
            for part in parts(self.expressions, self.calls, id) {
                self.last[part as usize] = self.last[part as usize].max(id);
            }
        }
        for (_, id) in after {
            self.last[*id as usize] = Id::MAX;
        }
    }

    /// Expressions that can be computed in the place of the number that they follow: nobody reads it later.
    fn homes(&self, live: &Live, after: &[(usize, Id)]) -> BTreeMap<Id, Slot> {
        let old: BTreeMap<u32, Id> = live
            .ids()
            .filter_map(|id| match self.expressions.get(id) {
                Expression::State(state) => Some((state, id)),
                _ => None,
            })
            .collect();
        let free = |(state, id): &&(usize, Id)| {
            let old = old.get(&(*state as u32));
            let computed = matches!(self.expressions.get(*id), Expression::Binary(..));
            computed && old.is_none_or(|old| self.last[*old as usize] < *id)
        };
        let after = after.iter().filter(free);
        after
            .map(|(state, id)| (*id, self.state_slots[state]))
            .collect()
    }

    fn new_slot(&mut self) -> Slot {
        self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.working.push(self.slots - 1);
            self.slots - 1
        })
    }

    /// Where a number stands that no operation computes.
    fn fixed(&mut self, id: Id) -> Option<Source> {
        if let Some(source) = self.fixed.get(&id) {
            return Some(*source);
        }
        let source = match self.expressions.get(id) {
            Expression::Constant(bits) => {
                self.constants.push(f64::from_bits(bits));
                Source::Scalar(self.constants.len() as u32 - 1)
            }
            Expression::Column(column) => Source::Scalar(COLUMNS + column),
            Expression::Factor(place) => {
                self.slots += 1;
                self.factors.push((self.slots - 1, place));
                Source::Lanes(self.slots - 1)
            }
            Expression::State(state) => Source::Lanes(self.state_slots[&(state as usize)]),
            _ => return None,
        };
        self.fixed.insert(id, source);
        Some(source)
    }

    fn write_one(&mut self, id: Id, home: Option<Slot>, operations: &mut Vec<Operation>) {
        if let Some(source) = self.fixed(id) {
            self.source[id as usize] = Some(source);
            return;
        }
        match self.expressions.get(id) {
            Expression::Binary(operation, a, b) => {
                let (x, y) = (self.at(a), self.at(b));
                // It writes elsewhere than it reads.
                let to = home.unwrap_or_else(|| self.new_slot());
                self.release(a, id);
                self.release(b, id);
                self.source[id as usize] = Some(Source::Lanes(to));
                self.write_binary(operation, to, (x, y), operations);
            }
            Expression::OwnColumn(column) => {
                let to = self.new_slot();
                self.source[id as usize] = Some(Source::Lanes(to));
                operations.push(Operation::Own(to, column));
            }
            Expression::Result(call, place) => self.write_call(call, id - place, operations),
            _ => unreachable!("the others stand somewhere already"),
        }
    }

    fn write_binary(
        &mut self,
        operation: Binary,
        to: Slot,
        sources: (Source, Source),
        operations: &mut Vec<Operation>,
    ) {
        let operation = match sources {
            (Source::Lanes(a), Source::Lanes(b)) => of_slots(operation, to, a, b),
            (Source::Lanes(a), Source::Scalar(b)) => with_scalar(operation, to, a, b),
            (Source::Scalar(a), Source::Lanes(b)) => from_scalar(operation, to, a, b),
            (Source::Scalar(a), Source::Scalar(b)) => {
                let aside = self.new_slot();
                self.free.push(aside);
                operations.push(Operation::Fill(aside, a));
                with_scalar(operation, to, aside, b)
            }
        };
        operations.push(operation);
    }

    /// Writes a call; all its results, from `first` on, are written at once, wanted or not.
    fn write_call(&mut self, call: u32, first: Id, operations: &mut Vec<Operation>) {
        let row = &self.calls[call as usize];
        let inputs = row.inputs.iter().map(|input| self.at(*input)).collect();
        let results: Vec<Slot> = (0..row.results).map(|_| self.new_slot()).collect();
        for (place, slot) in results.iter().enumerate() {
            self.source[first as usize + place] = Some(Source::Lanes(*slot));
        }
        operations.push(Operation::Call(self.slot_calls.len() as u32));
        self.slot_calls.push(SlotCall {
            what: row.what.clone(),
            inputs,
            results,
        });
    }

    /// Frees the slot of what is read here for the last time.
    fn release(&mut self, part: Id, reader: Id) {
        if self.last[part as usize] == reader
            && !self.fixed.contains_key(&part)
            && let Some(Source::Lanes(slot)) = self.source[part as usize]
        {
            // Read twice by the same, freed once.
            self.last[part as usize] = Id::MAX;
            self.free.push(slot);
        }
    }

    /// The new state takes the place of the old one; what is read from the old one is set aside before.
    fn write_state(&mut self, after: &[(usize, Id)], operations: &mut Vec<Operation>) {
        let mut last = Vec::new();
        for &(state, id) in after {
            let source = self.fixed(id).unwrap_or_else(|| self.at(id));
            let to = self.state_slots[&state];
            match source {
                Source::Scalar(scalar) => last.push(Operation::Fill(to, scalar)),
                Source::Lanes(from) if from == to => {}
                Source::Lanes(from) if self.fixed.contains_key(&id) => {
                    self.slots += 1;
                    operations.push(Operation::Copy(self.slots - 1, from));
                    last.push(Operation::Copy(to, self.slots - 1));
                }
                Source::Lanes(from) => last.push(Operation::Copy(to, from)),
            }
        }
        operations.extend(last);
    }
}

fn of_slots(operation: Binary, to: Slot, a: Slot, b: Slot) -> Operation {
    match operation {
        Binary::Add => Operation::Add(to, a, b),
        Binary::Sub => Operation::Sub(to, a, b),
        Binary::Mul => Operation::Mul(to, a, b),
        Binary::Div => Operation::Div(to, a, b),
        Binary::Min => Operation::Min(to, a, b),
        Binary::Max => Operation::Max(to, a, b),
    }
}

fn with_scalar(operation: Binary, to: Slot, a: Slot, b: u32) -> Operation {
    match operation {
        Binary::Add => Operation::AddScalar(to, a, b),
        Binary::Sub => Operation::SubScalar(to, a, b),
        Binary::Mul => Operation::MulScalar(to, a, b),
        Binary::Div => Operation::DivScalar(to, a, b),
        Binary::Min => Operation::MinScalar(to, a, b),
        Binary::Max => Operation::MaxScalar(to, a, b),
    }
}

fn from_scalar(operation: Binary, to: Slot, a: u32, b: Slot) -> Operation {
    match operation {
        Binary::Add => Operation::AddScalar(to, b, a),
        Binary::Sub => Operation::ScalarSub(to, a, b),
        Binary::Mul => Operation::MulScalar(to, b, a),
        Binary::Div => Operation::ScalarDiv(to, a, b),
        Binary::Min => Operation::ScalarMin(to, a, b),
        Binary::Max => Operation::ScalarMax(to, a, b),
    }
}
