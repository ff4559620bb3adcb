//! Gives the expressions of a step their slots and writes the operations that compute them.

use std::collections::{BTreeMap, BTreeSet};

use super::compile::{Call, Compiler};
use super::expressions::{Binary, Expression, Expressions, Id};
use super::live::{Live, parts};
use super::pairs::{Pair, Two, pairs, takes};
use super::program::{COLUMNS, Operation, Slot, SlotCall, Source, after_constants};

/// Gives expressions slots and writes operations.
pub(super) struct Writer<'a> {
    expressions: &'a Expressions,
    calls: &'a [Call],
    pub(super) slots: Slot,
    /// Slots whose number nobody reads any more.
    free: Vec<Slot>,
    /// Slots that are written in each step.
    working: Vec<Slot>,
    pub(super) constants: Vec<f64>,
    pub(super) factors: Vec<(Slot, u32)>,
    pub(super) brought: Vec<(Slot, u32)>,
    pub(super) patched: Vec<(Slot, u32)>,
    pub(super) state_slots: BTreeMap<usize, Slot>,
    /// The first state that is a sum.
    first_sum: usize,
    slot_calls: Vec<SlotCall>,
    /// Where numbers stand that no operation computes.
    fixed: BTreeMap<Id, Source>,
    /// Where each expression stands.
    source: Vec<Option<Source>>,
    /// Where each expression is read for the last time.
    last: Vec<Id>,
    /// The second operation of each pair, with the first one.
    pairs: BTreeMap<Id, Pair>,
    /// What is left by what is taken from it.
    left: BTreeMap<Id, Id>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(compiler: &'a Compiler, states: &[usize], first_sum: usize) -> Self {
        let state_slots = states.iter().zip(0..);
        Self {
            expressions: &compiler.expressions,
            calls: &compiler.calls,
            slots: states.len() as Slot,
            free: Vec::new(),
            working: Vec::new(),
            constants: Vec::new(),
            factors: Vec::new(),
            brought: Vec::new(),
            patched: Vec::new(),
            state_slots: state_slots.map(|(state, slot)| (*state, slot)).collect(),
            first_sum,
            slot_calls: Vec::new(),
            fixed: BTreeMap::new(),
            source: Vec::new(),
            last: Vec::new(),
            pairs: BTreeMap::new(),
            left: BTreeMap::new(),
        }
    }

    pub(super) fn calls_after(&self, constants: u32) -> Vec<SlotCall> {
        let mut calls = self.slot_calls.clone();
        for input in calls.iter_mut().flat_map(|call| &mut call.inputs) {
            if let Source::Scalar(scalar) = input {
                *scalar = after_constants(*scalar, constants);
            }
        }
        calls
    }

    /// Slots whose numbers are read in another step than they are written in.
    pub(super) fn lasting(&self) -> BTreeSet<Slot> {
        let all = 0..self.slots;
        all.filter(|slot| !self.working.contains(slot)).collect()
    }

    /// The operations that compute what is live, hand over `kept` and end with the new state.
    pub(super) fn write(
        &mut self,
        live: &Live,
        after: &[(usize, Id)],
        kept: &[Id],
    ) -> Vec<Operation> {
        let uses = self.uses(live, after, kept);
        let is_sum = |id: Id| self.is_sum_state(id) && uses[id as usize] == 1;
        self.pairs = pairs(self.expressions, &uses, is_sum, live.ids());
        let within: BTreeSet<Id> = self.pairs.values().map(|pair| pair.first).collect();
        self.left = takes(self.expressions, &self.pairs, &within, live.ids());
        self.find_last_uses(live, after);
        self.source = vec![None; self.expressions.len()];
        let homes = self.homes(live, after);
        let mut keeps: Vec<(Id, u32)> = kept.iter().copied().zip(0..).collect();
        keeps.sort_unstable();
        let mut keeps = keeps.into_iter().peekable();
        let mut operations = Vec::new();
        for id in live.ids().filter(|id| !within.contains(id)) {
            let home = |id: &Id| homes.get(id).copied();
            match self.left.get(&id).copied() {
                _ if self.source[id as usize].is_some() => {}
                Some(left) => {
                    self.write_take((id, left), (home(&id), home(&left)), &mut operations);
                }
                None => self.write_one(id, home(&id), &mut operations),
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

    /// How often each expression is read.
    fn uses(&self, live: &Live, after: &[(usize, Id)], kept: &[Id]) -> Vec<u32> {
        let mut uses = vec![0; self.expressions.len()];
        let parts = live
            .ids()
            .flat_map(|id| parts(self.expressions, self.calls, id));
        let ends = after.iter().map(|(_, id)| *id).chain(kept.iter().copied());
        for id in parts.chain(ends) {
            uses[id as usize] += 1;
        }
        uses
    }

    /// Where each expression is read for the last time; what passes on is read at the end.
    fn find_last_uses(&mut self, live: &Live, after: &[(usize, Id)]) {
        self.last = (0..self.expressions.len() as Id).collect();
        let with_taken: BTreeMap<Id, Id> = self
            .left
            .iter()
            .map(|(taken, left)| (*left, *taken))
            .collect();
        for id in live.ids() {
            if let Some(taken) = with_taken.get(&id) {
                // What is left is computed together with what is taken.
                let from = parts(self.expressions, self.calls, id)[0] as usize;
                self.last[from] = self.last[from].max(*taken);
                self.last[*taken as usize] = self.last[*taken as usize].max(*taken);
                continue;
            }
            let read = match self.pairs.get(&id) {
                Some(pair) => pair.parts(),
                None => parts(self.expressions, self.calls, id),
            };
            for part in read {
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
        // What is left is computed earlier than it stands in the order.
        let left: BTreeSet<Id> = self.left.values().copied().collect();
        let free = |(state, id): &&(usize, Id)| {
            let old = old.get(&(*state as u32));
            let computed =
                matches!(self.expressions.get(*id), Expression::Binary(..)) && !left.contains(id);
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
            Expression::Brought(column) => {
                self.slots += 1;
                self.brought.push((self.slots - 1, column));
                Source::Lanes(self.slots - 1)
            }
            Expression::Patched(column) => {
                self.slots += 1;
                self.patched.push((self.slots - 1, column));
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
        if let Some(pair) = self.pairs.get(&id).copied() {
            return self.write_pair(id, pair, home, operations);
        }
        match self.expressions.get(id) {
            Expression::Binary(Binary::Add, sum, b) if self.is_sum(id, sum) => {
                let Source::Lanes(to) = self.at(sum) else {
                    unreachable!("a sum stands in the lanes")
                };
                let b = match self.at(b) {
                    Source::Lanes(slot) => slot,
                    Source::Scalar(scalar) => {
                        let aside = self.new_slot();
                        self.free.push(aside);
                        operations.push(Operation::Fill(aside, scalar));
                        aside
                    }
                };
                if let Expression::Binary(_, _, b) = self.expressions.get(id) {
                    self.release(b, id);
                }
                operations.push(Operation::Sum(to, b));
                self.source[id as usize] = Some(Source::Lanes(to));
            }
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

    /// Writes what is taken together with what is left.
    fn write_take(
        &mut self,
        (taken, left): (Id, Id),
        homes: (Option<Slot>, Option<Slot>),
        operations: &mut Vec<Operation>,
    ) {
        let Expression::Binary(_, most, from) = self.expressions.get(taken) else {
            unreachable!("what is taken is the lesser of two")
        };
        let (Source::Scalar(most), Source::Lanes(slot)) = (self.at(most), self.at(from)) else {
            unreachable!("a scalar is the most that is taken of a slot")
        };
        let taken_slot = homes.0.unwrap_or_else(|| self.new_slot());
        let left_slot = homes.1.unwrap_or_else(|| self.new_slot());
        operations.push(Operation::Take(taken_slot, left_slot, most, slot));
        self.release(from, taken);
        self.source[taken as usize] = Some(Source::Lanes(taken_slot));
        self.source[left as usize] = Some(Source::Lanes(left_slot));
    }

    /// Whether an expression adds to a sum that nobody else reads.
    fn is_sum(&self, id: Id, sum: Id) -> bool {
        self.is_sum_state(sum) && self.last[sum as usize] == id
    }

    fn is_sum_state(&self, id: Id) -> bool {
        matches!(self.expressions.get(id), Expression::State(state) if state as usize >= self.first_sum)
    }

    fn write_pair(
        &mut self,
        id: Id,
        pair: Pair,
        home: Option<Slot>,
        operations: &mut Vec<Operation>,
    ) {
        let [a, b, c] = pair.read;
        let slot = |writer: &Self, id: Id| match writer.at(id) {
            Source::Lanes(slot) => slot,
            Source::Scalar(_) => unreachable!("a pair knows which of its parts are scalars"),
        };
        let scalar = |writer: &mut Self, id: Id| match writer.fixed(id) {
            Some(Source::Scalar(scalar)) => scalar,
            _ => unreachable!("a pair knows which of its parts are scalars"),
        };
        let to = match pair.what {
            // A sum grows where it stands.
            Two::SumMax => slot(self, c),
            _ => home.unwrap_or_else(|| self.new_slot()),
        };
        operations.push(match pair.what {
            Two::AddSub => Operation::AddSub(to, slot(self, a), slot(self, b), slot(self, c)),
            Two::SubAdd => Operation::SubAdd(to, slot(self, a), slot(self, b), slot(self, c)),
            Two::SubSub => Operation::SubSub(to, slot(self, a), slot(self, b), slot(self, c)),
            Two::MinAdd => Operation::MinAdd(to, scalar(self, c), slot(self, a), slot(self, b)),
            Two::Line => Operation::Line(to, scalar(self, c), scalar(self, a), slot(self, b)),
            Two::Above => Operation::Above(to, slot(self, a), scalar(self, b), scalar(self, c)),
            Two::Excess => Operation::Excess(to, scalar(self, a), slot(self, b)),
            Two::SumMax => Operation::SumMax(to, slot(self, a), scalar(self, b)),
        });
        for part in pair.parts() {
            self.release(part, id);
        }
        self.source[id as usize] = Some(Source::Lanes(to));
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
