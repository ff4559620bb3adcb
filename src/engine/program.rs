//! The program of a step: a list of operations on slots, each slot as wide as the lanes that run side by side.

use super::compile::{Call, Compiled, Compiler, What};
use super::expressions::{Binary, Expression, Expressions, Id};

/// Place of a number in the lanes.
pub(super) type Slot = u32;

/// An operation on all lanes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operation {
    Add(Slot, Slot, Slot),
    Sub(Slot, Slot, Slot),
    Mul(Slot, Slot, Slot),
    Div(Slot, Slot, Slot),
    Min(Slot, Slot, Slot),
    Max(Slot, Slot, Slot),
    /// A column of the plan's numbers.
    Column(Slot, u32),
    /// A column that each member reads at a row of its own.
    OwnColumn(Slot, u32),
    /// A call, by place.
    Call(u32),
    Copy(Slot, Slot),
    /// Hands a number over, by its place among the series that are kept.
    Keep(u32, Slot),
}

/// A call on slots.
#[derive(Clone, Debug)]
pub(super) struct SlotCall {
    pub(super) what: What,
    pub(super) inputs: Vec<Slot>,
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
    pub(super) constants: Vec<(Slot, f64)>,
    /// Slots of factors, with their places among the factors of a member.
    pub(super) factors: Vec<(Slot, u32)>,
    /// Slots of numbers that pass from step to step, with their places in the state.
    pub(super) states: Vec<(Slot, u32)>,
    /// Slots in which series are summed up.
    pub(super) sums: Vec<Slot>,
    /// Numbers of the plan by step: as many in a row as there are columns.
    pub(super) table: Vec<f64>,
    pub(super) columns: usize,
}

/// What a program does with its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
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
        what: Series,
    ) -> Self {
        let plain_states = compiled.after.len();
        let mut after = compiled.after.clone();
        let mut roots = Vec::new();
        match what {
            Series::Keep => roots.extend_from_slice(series),
            Series::Sum => {
                for (place, &id) in series.iter().enumerate() {
                    let e = &mut compiler.expressions;
                    let sum = e.put(Expression::State((plain_states + place) as u32), false);
                    after.push(e.binary(Binary::Add, sum, id));
                }
            }
        }
        let e = &compiler.expressions;
        let mut live = Live::of(e, &compiler.calls);
        roots.extend_from_slice(&after[plain_states..]);
        for id in roots {
            live.mark(id);
        }
        // A number that passes on is computed where something needs it; so do those that it needs.
        loop {
            let needed: Vec<Id> = (0..plain_states)
                .filter(|state| live.needs_state(*state as u32))
                .map(|state| after[state])
                .filter(|id| !live.is_live(*id))
                .collect();
            if needed.is_empty() {
                break;
            }
            for id in needed {
                live.mark(id);
            }
        }
        let states: Vec<usize> = (0..after.len())
            .filter(|state| *state >= plain_states || live.needs_state(*state as u32))
            .collect();
        let kept = if what == Series::Keep { series } else { &[] };
        let after: Vec<(usize, Id)> = states.iter().map(|state| (*state, after[*state])).collect();
        let mut prepared = Live::of(e, &compiler.calls);
        let first: Vec<(usize, Id)> = states
            .iter()
            .filter(|state| **state < plain_states)
            .map(|state| (*state, compiled.prepared[*state]))
            .collect();
        for (_, id) in &first {
            prepared.mark(*id);
        }
        let mut writer = Writer::new(e, &compiler.calls, &states);
        let first = writer.write(&prepared, &first, &[]);
        let step = writer.write(&live, &after, kept);
        let sums =
            (plain_states..plain_states + series.len()).map(|state| writer.state_slot(state));
        let sums = if what == Series::Sum {
            sums.collect()
        } else {
            Vec::new()
        };
        Self {
            first,
            step,
            calls: writer.slot_calls,
            slots: writer.slots as usize,
            constants: writer.constants,
            factors: writer.factors,
            states: states
                .iter()
                .filter(|state| **state < plain_states)
                .map(|state| (writer.state_slots[state], *state as u32))
                .collect(),
            sums,
            table: table(&compiler.columns),
            columns: compiler.columns.len(),
        }
    }
}

/// Columns as rows.
fn table(columns: &[Vec<f64>]) -> Vec<f64> {
    let steps = columns.first().map_or(0, Vec::len);
    let row = |step: usize| columns.iter().map(move |column| column[step]);
    let mut table = Vec::with_capacity(steps * columns.len());
    table.extend((0..steps).flat_map(row));
    table
}

/// What has to be computed.
struct Live<'a> {
    expressions: &'a Expressions,
    calls: &'a [Call],
    marked: Vec<bool>,
    states: std::collections::BTreeSet<u32>,
}

impl<'a> Live<'a> {
    fn of(expressions: &'a Expressions, calls: &'a [Call]) -> Self {
        Self {
            expressions,
            calls,
            marked: vec![false; expressions.len()],
            states: std::collections::BTreeSet::new(),
        }
    }

    fn is_live(&self, id: Id) -> bool {
        self.marked[id as usize]
    }

    fn needs_state(&self, state: u32) -> bool {
        self.states.contains(&state)
    }

    /// Marks an expression and all that it is made of.
    fn mark(&mut self, id: Id) {
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            if std::mem::replace(&mut self.marked[id as usize], true) {
                continue;
            }
            match self.expressions.get(id) {
                Expression::Binary(_, a, b) => waiting.extend([a, b]),
                Expression::Result(call, _) => {
                    waiting.extend_from_slice(&self.calls[call as usize].inputs);
                }
                Expression::State(state) => {
                    self.states.insert(state);
                }
                _ => {}
            }
        }
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
    constants: Vec<(Slot, f64)>,
    factors: Vec<(Slot, u32)>,
    state_slots: std::collections::BTreeMap<usize, Slot>,
    slot_calls: Vec<SlotCall>,
    /// Slots that keep their number through all steps.
    fixed: std::collections::BTreeMap<Id, Slot>,
}

impl<'a> Writer<'a> {
    fn new(expressions: &'a Expressions, calls: &'a [Call], states: &[usize]) -> Self {
        let state_slots = states.iter().enumerate();
        let state_slots = state_slots
            .map(|(slot, state)| (*state, slot as Slot))
            .collect();
        Self {
            expressions,
            calls,
            slots: states.len() as Slot,
            free: Vec::new(),
            working: Vec::new(),
            constants: Vec::new(),
            factors: Vec::new(),
            state_slots,
            slot_calls: Vec::new(),
            fixed: std::collections::BTreeMap::new(),
        }
    }

    fn state_slot(&self, state: usize) -> Slot {
        self.state_slots[&state]
    }

    fn new_slot(&mut self) -> Slot {
        self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.working.push(self.slots - 1);
            self.slots - 1
        })
    }

    /// The slot of a number that is the same in all steps.
    fn fixed_slot(&mut self, id: Id) -> Option<Slot> {
        if let Some(slot) = self.fixed.get(&id) {
            return Some(*slot);
        }
        let slot = match self.expressions.get(id) {
            Expression::Constant(bits) => {
                self.slots += 1;
                self.constants.push((self.slots - 1, f64::from_bits(bits)));
                self.slots - 1
            }
            Expression::Factor(place) => {
                self.slots += 1;
                self.factors.push((self.slots - 1, place));
                self.slots - 1
            }
            Expression::State(state) => self.state_slots[&(state as usize)],
            _ => return None,
        };
        self.fixed.insert(id, slot);
        Some(slot)
    }

    /// The operations that compute what is live, hand over `kept` and end with the new state.
    fn write(&mut self, live: &Live, after: &[(usize, Id)], kept: &[Id]) -> Vec<Operation> {
        let mut last = self.last_uses(live, after);
        let mut operations = Vec::new();
        let mut slot_of: Vec<Option<Slot>> = vec![None; self.expressions.len()];
        let mut keeps: Vec<(Id, u32)> = kept.iter().copied().zip(0..).collect();
        keeps.sort_unstable();
        let mut keeps = keeps.into_iter().peekable();
        for id in (0..self.expressions.len() as Id).filter(|id| live.is_live(*id)) {
            if slot_of[id as usize].is_none() {
                self.write_one(id, &mut slot_of, &mut last, &mut operations);
            }
            // What is handed over is so at once, so that its slot can be used again.
            while let Some((_, place)) = keeps.next_if(|(kept, _)| *kept == id) {
                let slot = slot_of[id as usize].expect("what is live is computed");
                operations.push(Operation::Keep(place, slot));
            }
        }
        self.write_state(after, &slot_of, &mut operations);
        self.free.clone_from(&self.working);
        operations
    }

    /// Where each expression is read for the last time; what passes on or is kept is read at the end.
    fn last_uses(&self, live: &Live, after: &[(usize, Id)]) -> Vec<Id> {
        let mut last: Vec<Id> = (0..self.expressions.len() as Id).collect();
        for id in (0..self.expressions.len() as Id).filter(|id| live.is_live(*id)) {
            for part in self.expressions.parts(id).into_iter().flatten() {
                last[part as usize] = id;
            }
            if let Expression::Result(call, _) = self.expressions.get(id) {
                for &input in &self.calls[call as usize].inputs {
                    last[input as usize] = last[input as usize].max(id);
                }
            }
        }
        for (_, id) in after {
            last[*id as usize] = Id::MAX;
        }
        last
    }

    fn write_one(
        &mut self,
        id: Id,
        slot_of: &mut [Option<Slot>],
        last: &mut [Id],
        operations: &mut Vec<Operation>,
    ) {
        if let Some(slot) = self.fixed_slot(id) {
            slot_of[id as usize] = Some(slot);
            return;
        }
        let at = |id: Id, slot_of: &[Option<Slot>]| {
            slot_of[id as usize].expect("parts stand before what is made of them")
        };
        match self.expressions.get(id) {
            Expression::Binary(operation, a, b) => {
                let (x, y) = (at(a, slot_of), at(b, slot_of));
                for part in [a, b] {
                    self.release(part, id, slot_of, last);
                }
                let slot = self.new_slot();
                slot_of[id as usize] = Some(slot);
                operations.push(binary(operation, slot, x, y));
            }
            Expression::Column(column) => {
                let slot = self.new_slot();
                slot_of[id as usize] = Some(slot);
                operations.push(Operation::Column(slot, column));
            }
            Expression::OwnColumn(column) => {
                let slot = self.new_slot();
                slot_of[id as usize] = Some(slot);
                operations.push(Operation::OwnColumn(slot, column));
            }
            Expression::Result(call, _) => {
                let row = &self.calls[call as usize];
                let inputs = row.inputs.iter().map(|input| at(*input, slot_of)).collect();
                let results: Vec<Slot> = (0..row.results).map(|_| self.new_slot()).collect();
                operations.push(Operation::Call(self.slot_calls.len() as u32));
                // All results are written at once, wanted or not.
                let first = id - self.place_of(id);
                for (place, slot) in results.iter().enumerate() {
                    slot_of[first as usize + place] = Some(*slot);
                }
                self.slot_calls.push(SlotCall {
                    what: row.what.clone(),
                    inputs,
                    results,
                });
            }
            _ => unreachable!("the others have fixed slots"),
        }
    }

    /// Place of an expression among the results of its call.
    fn place_of(&self, id: Id) -> Id {
        match self.expressions.get(id) {
            Expression::Result(_, place) => place,
            _ => 0,
        }
    }

    /// Frees the slot of what is read here for the last time.
    fn release(&mut self, part: Id, reader: Id, slot_of: &[Option<Slot>], last: &mut [Id]) {
        let is_fixed = self.fixed.contains_key(&part);
        if last[part as usize] == reader && !is_fixed {
            // Read twice by the same, freed once.
            last[part as usize] = Id::MAX;
            self.free.extend(slot_of[part as usize]);
        }
    }

    /// The new state takes the place of the old one; what is read from the old one is set aside before.
    fn write_state(
        &mut self,
        after: &[(usize, Id)],
        slot_of: &[Option<Slot>],
        operations: &mut Vec<Operation>,
    ) {
        let mut aside = Vec::new();
        for &(state, id) in after {
            let from = self.fixed.get(&id).copied().or(slot_of[id as usize]);
            let from = from.unwrap_or_else(|| self.fixed_slot(id).expect("a state or a constant"));
            let to = self.state_slots[&state];
            let is_state = matches!(self.expressions.get(id), Expression::State(_));
            if is_state && from != to {
                self.slots += 1;
                operations.push(Operation::Copy(self.slots - 1, from));
                aside.push(Operation::Copy(to, self.slots - 1));
            } else if from != to {
                aside.push(Operation::Copy(to, from));
            }
        }
        operations.extend(aside);
    }
}

fn binary(operation: Binary, to: Slot, a: Slot, b: Slot) -> Operation {
    match operation {
        Binary::Add => Operation::Add(to, a, b),
        Binary::Sub => Operation::Sub(to, a, b),
        Binary::Mul => Operation::Mul(to, a, b),
        Binary::Div => Operation::Div(to, a, b),
        Binary::Min => Operation::Min(to, a, b),
        Binary::Max => Operation::Max(to, a, b),
    }
}
