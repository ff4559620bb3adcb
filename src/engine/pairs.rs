//! Operations that are carried out two at a time, so that what is between them need not be put down.

use std::collections::{BTreeMap, BTreeSet};

use super::expressions::{Binary, Expression, Expressions, Id};

/// Two operations in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Two {
    /// a + b − c.
    AddSub,
    /// a − b + c.
    SubAdd,
    /// a − b − c.
    SubSub,
    /// min(c, a + b), c a scalar.
    MinAdd,
    /// c + a · b, a and c scalars.
    Line,
    /// max(a − b, c), b and c scalars.
    Above,
    /// b − min(a, b), a a scalar; c is b.
    Excess,
    /// c + max(a, b), c a sum and b a scalar.
    SumMax,
}

/// A pair of operations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) what: Two,
    /// The expression between the two.
    pub(super) first: Id,
    /// What the pair reads: a, b, c.
    pub(super) read: [Id; 3],
}

impl Pair {
    /// What the pair reads.
    pub(super) fn parts(&self) -> Vec<Id> {
        self.read.to_vec()
    }
}

/// The pairs among some expressions by their second operations; the first one is read nowhere else.
pub(super) fn pairs(
    expressions: &Expressions,
    uses: &[u32],
    is_sum: impl Fn(Id) -> bool,
    ids: impl Iterator<Item = Id>,
) -> BTreeMap<Id, Pair> {
    let mut pairs: BTreeMap<Id, Pair> = BTreeMap::new();
    for id in ids {
        let Expression::Binary(operation, a, b) = expressions.get(id) else {
            continue;
        };
        let found =
            [(a, b, true), (b, a, false)]
                .into_iter()
                .find_map(|(first, other, is_left)| {
                    // What is half of a pair already is computed there.
                    let free = uses[first as usize] == 1 && !pairs.contains_key(&first);
                    let pair = pair(expressions, &is_sum, operation, first, other, is_left)?;
                    free.then_some(pair)
                });
        if let Some(pair) = found {
            pairs.insert(id, pair);
        }
    }
    pairs
}

/// The pair of an operation on `first`, itself an operation, and another number.
fn pair(
    expressions: &Expressions,
    is_sum: &impl Fn(Id) -> bool,
    operation: Binary,
    first: Id,
    other: Id,
    is_left: bool,
) -> Option<Pair> {
    let Expression::Binary(before, a, b) = expressions.get(first) else {
        return None;
    };
    let scalar = |id: Id| {
        matches!(
            expressions.get(id),
            Expression::Constant(_) | Expression::Column(_)
        )
    };
    let lanes = |ids: &[Id]| ids.iter().all(|id| !scalar(*id));
    let (what, read) = match (before, operation) {
        (Binary::Add, Binary::Sub) if is_left && lanes(&[a, b, other]) => {
            (Two::AddSub, [a, b, other])
        }
        (Binary::Sub, Binary::Sub) if is_left && lanes(&[a, b, other]) => {
            (Two::SubSub, [a, b, other])
        }
        (Binary::Sub, Binary::Add) if is_left && lanes(&[a, b, other]) => {
            (Two::SubAdd, [a, b, other])
        }
        (Binary::Add, Binary::Min) if !is_left && scalar(other) && lanes(&[a, b]) => {
            (Two::MinAdd, [a, b, other])
        }
        (Binary::Mul, Binary::Add) if !is_left && scalar(other) && scalar(a) && lanes(&[b]) => {
            (Two::Line, [a, b, other])
        }
        (Binary::Sub, Binary::Max) if is_left && scalar(other) && scalar(b) && lanes(&[a]) => {
            (Two::Above, [a, b, other])
        }
        (Binary::Min, Binary::Sub) if !is_left && scalar(a) && b == other && lanes(&[b]) => {
            (Two::Excess, [a, b, other])
        }
        (Binary::Max, Binary::Add) if is_sum(other) && scalar(b) && lanes(&[a]) => {
            (Two::SumMax, [a, b, other])
        }
        _ => return None,
    };
    Some(Pair { what, first, read })
}

/// What is left, x − min(scalar, x), by what is taken, min(scalar, x), where both are read.
pub(super) fn takes(
    expressions: &Expressions,
    pairs: &BTreeMap<Id, Pair>,
    within: &BTreeSet<Id>,
    ids: impl Iterator<Item = Id>,
) -> BTreeMap<Id, Id> {
    let is_scalar = |id: Id| {
        matches!(
            expressions.get(id),
            Expression::Constant(_) | Expression::Column(_)
        )
    };
    let is_free = |id: Id| !pairs.contains_key(&id) && !within.contains(&id);
    let mut takes = BTreeMap::new();
    for left in ids.filter(|id| is_free(*id)) {
        if let Expression::Binary(Binary::Sub, from, taken) = expressions.get(left)
            && let Expression::Binary(Binary::Min, most, other) = expressions.get(taken)
            && other == from
            && is_scalar(most)
            && !is_scalar(from)
            && is_free(taken)
        {
            takes.entry(taken).or_insert(left);
        }
    }
    takes
}
