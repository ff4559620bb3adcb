//! Operations that follow each other in most steps, in one: what is between them is not put down, and less time goes into
//! finding the next operation. The arithmetic and its order are the same.

use std::collections::BTreeSet;

use super::program::{Operation, Slot, SlotCall, Source};

/// What a storage evaporates: min((base + slope · a) · depth, max(a − floor, least)), all but a scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Evaporation {
    pub(super) base: u32,
    pub(super) slope: u32,
    pub(super) depth: u32,
    pub(super) floor: u32,
    pub(super) least: u32,
}

/// Operations, some of them in one, with the lists that these refer to.
#[derive(Clone, Debug, Default)]
pub(super) struct Fused {
    pub(super) operations: Vec<Operation>,
    pub(super) evaporations: Vec<Evaporation>,
    /// Sums with what is added to them.
    pub(super) added: Vec<(Slot, Slot)>,
}

/// Puts operations together. `calls` are those of the program, `lasting` the slots that are read after the last operation.
pub(super) fn fuse(
    operations: &[Operation],
    calls: &[SlotCall],
    lasting: &BTreeSet<Slot>,
) -> Fused {
    let mut fused = Fused::default();
    let mut rest = operations;
    while let Some(first) = rest.first() {
        let after = |count: usize, slots: &[Slot]| {
            let is_read = |slot: &Slot| is_read(*slot, &rest[count..], calls, lasting);
            !slots.iter().any(is_read)
        };
        let count = if let Some(count) = fused.sums(rest) {
            count
        } else if fused.evaporation(rest, &after) {
            EVAPORATION
        } else if fused.take_above(rest, &after) {
            TAKE_ABOVE
        } else {
            fused.operations.push(*first);
            1
        };
        rest = &rest[count..];
    }
    fused
}

/// Operations that become one.
const EVAPORATION: usize = 5;
const TAKE_ABOVE: usize = 3;

impl Fused {
    /// Takes in the sums that stand next; none where there are not several.
    fn sums(&mut self, rest: &[Operation]) -> Option<usize> {
        let is_sum = |operation: &&Operation| {
            matches!(operation, Operation::Sum(..) | Operation::SumMax(..))
        };
        let run: Vec<Operation> = rest.iter().take_while(is_sum).copied().collect();
        let first = self.added.len();
        for operation in &run {
            if let Operation::Sum(to, a) = *operation {
                self.added.push((to, a));
            }
        }
        if self.added.len() < first + 2 {
            self.added.truncate(first);
            return None;
        }
        // Each adds to a sum of its own, so that their order has no meaning.
        let (first, last) = (first as u32, self.added.len() as u32);
        self.operations.push(Operation::Sums(first, last));
        let others = run
            .iter()
            .filter(|operation| matches!(operation, Operation::SumMax(..)));
        self.operations.extend(others);
        Some(run.len())
    }

    /// Takes in what a storage evaporates and what is left of it; whether it stands next. `is_free` tells whether slots are
    /// not read after so many operations.
    fn evaporation(
        &mut self,
        rest: &[Operation],
        is_free: &impl Fn(usize, &[Slot]) -> bool,
    ) -> bool {
        let [
            Operation::Line(area, base, slope, storage),
            Operation::MulScalar(wants, of_area, depth),
            Operation::Above(has, of_storage, floor, least),
            Operation::Min(taken, of_wants, of_has),
            Operation::Sub(left, from, of_taken),
            ..,
        ] = *rest
        else {
            return false;
        };
        let is_chain = [of_area, of_storage, of_wants, of_has, from, of_taken]
            == [area, storage, wants, has, storage, taken];
        // What is written first is not written over before it is read.
        let is_apart = storage != area
            && storage != wants
            && storage != has
            && wants != has
            && storage != taken
            && storage != left
            && taken != left;
        let between: Vec<Slot> = [area, wants, has]
            .into_iter()
            .filter(|slot| ![taken, left].contains(slot))
            .collect();
        let fits = is_chain && is_apart && is_free(EVAPORATION, &between);
        if fits {
            let place = self.evaporations.len() as u32;
            self.evaporations.push(Evaporation {
                base,
                slope,
                depth,
                floor,
                least,
            });
            self.operations
                .push(Operation::Evaporate(taken, left, place, storage));
        }
        fits
    }

    /// Takes in what is taken of what stands above a share, and what is left of all; whether it stands next.
    fn take_above(
        &mut self,
        rest: &[Operation],
        is_free: &impl Fn(usize, &[Slot]) -> bool,
    ) -> bool {
        let [
            Operation::Excess(above, share, a),
            Operation::ScalarMin(taken, most, of_above),
            Operation::Sub(left, from, of_taken),
            ..,
        ] = *rest
        else {
            return false;
        };
        let is_chain = [of_above, from, of_taken] == [above, a, taken];
        let is_apart = a != above && a != taken && a != left && taken != left;
        let between = [above];
        let is_between = ![taken, left].contains(&above);
        let fits = is_chain && is_apart && (!is_between || is_free(TAKE_ABOVE, &between));
        if fits {
            self.operations
                .push(Operation::TakeAbove(taken, left, share, most, a));
        }
        fits
    }
}

/// Whether a slot is read before it is written again.
fn is_read(
    slot: Slot,
    operations: &[Operation],
    calls: &[SlotCall],
    lasting: &BTreeSet<Slot>,
) -> bool {
    for operation in operations {
        let (reads, writes) = touched(operation, calls);
        if reads.contains(&slot) {
            return true;
        }
        if writes.contains(&slot) {
            return false;
        }
    }
    lasting.contains(&slot)
}

/// The slots that an operation reads, and those that it writes.
fn touched(operation: &Operation, calls: &[SlotCall]) -> (Vec<Slot>, Vec<Slot>) {
    use Operation::{
        Above, Add, AddScalar, AddSub, Call, Copy, Div, DivScalar, Evaporate, Excess, Fill, Keep,
        KeepScalar, Line, Max, MaxScalar, Min, MinAdd, MinScalar, Mul, MulScalar, Own, ScalarDiv,
        ScalarMax, ScalarMin, ScalarSub, Sub, SubAdd, SubScalar, SubSub, Sum, SumMax, Sums, Take,
        TakeAbove,
    };
    match *operation {
        Add(to, a, b)
        | Sub(to, a, b)
        | Mul(to, a, b)
        | Div(to, a, b)
        | Min(to, a, b)
        | Max(to, a, b)
        | MinAdd(to, _, a, b) => (vec![a, b], vec![to]),
        AddScalar(to, a, _)
        | SubScalar(to, a, _)
        | MulScalar(to, a, _)
        | DivScalar(to, a, _)
        | MinScalar(to, a, _)
        | MaxScalar(to, a, _)
        | ScalarSub(to, _, a)
        | ScalarDiv(to, _, a)
        | ScalarMin(to, _, a)
        | ScalarMax(to, _, a)
        | Line(to, _, _, a)
        | Above(to, a, _, _)
        | Excess(to, _, a)
        | Copy(to, a) => (vec![a], vec![to]),
        AddSub(to, a, b, c) | SubAdd(to, a, b, c) | SubSub(to, a, b, c) => {
            (vec![a, b, c], vec![to])
        }
        Take(taken, left, _, a)
        | Evaporate(taken, left, _, a)
        | TakeAbove(taken, left, _, _, a) => (vec![a], vec![taken, left]),
        Sum(to, a) | SumMax(to, a, _) => (vec![to, a], vec![to]),
        Own(to, _) | Fill(to, _) => (Vec::new(), vec![to]),
        Call(call) => {
            let call = &calls[call as usize];
            let reads = call.inputs.iter().filter_map(|input| match input {
                Source::Lanes(slot) => Some(*slot),
                Source::Scalar(_) => None,
            });
            (reads.collect(), call.results.clone())
        }
        Keep(_, from) => (vec![from], Vec::new()),
        KeepScalar(..) => (Vec::new(), Vec::new()),
        Sums(..) => unreachable!("sums are put together last"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Area, wish, what there is, the lesser of both, and the rest, as a program writes them down.
    fn evaporation(left: Slot) -> [Operation; 5] {
        [
            Operation::Line(10, 0, 1, 4),
            Operation::MulScalar(11, 10, 2),
            Operation::Above(10, 4, 3, 5),
            Operation::Min(12, 11, 10),
            Operation::Sub(left, 4, 12),
        ]
    }

    fn fused(operations: &[Operation]) -> Vec<Operation> {
        fuse(operations, &[], &BTreeSet::from([7])).operations
    }

    #[test]
    fn what_a_storage_evaporates_is_one_operation() {
        let wanted = vec![Operation::Evaporate(12, 10, 0, 4)];
        assert_eq!(fused(&evaporation(10)), wanted);
    }

    #[test]
    fn what_is_read_later_is_put_down() {
        let mut operations = evaporation(13).to_vec();
        operations.push(Operation::Copy(14, 11));
        assert_eq!(fused(&operations), operations);
        // A slot that lasts is read by the next step.
        let mut operations = evaporation(13);
        operations[1] = Operation::MulScalar(7, 10, 2);
        operations[3] = Operation::Min(12, 7, 10);
        assert_eq!(fused(&operations), operations);
    }

    #[test]
    fn a_storage_that_is_written_over_is_not_read_again() {
        let operations = evaporation(4);
        assert_eq!(fused(&operations), operations);
    }

    #[test]
    fn what_is_taken_above_a_share_is_one_operation() {
        let operations = [
            Operation::Excess(8, 0, 5),
            Operation::ScalarMin(9, 1, 8),
            Operation::Sub(8, 5, 9),
        ];
        assert_eq!(fused(&operations), [Operation::TakeAbove(9, 8, 0, 1, 5)]);
    }

    #[test]
    fn sums_are_added_up_together() {
        let operations = [
            Operation::Sum(1, 5),
            Operation::SumMax(2, 6, 0),
            Operation::Sum(3, 7),
            Operation::Copy(8, 5),
        ];
        let found = fuse(&operations, &[], &BTreeSet::new());
        assert_eq!(found.added, [(1, 5), (3, 7)]);
        let wanted = [Operation::Sums(0, 2), operations[1], operations[3]];
        assert_eq!(found.operations, wanted);
    }
}
