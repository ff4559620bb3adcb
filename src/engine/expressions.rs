//! A step read as expressions: what it computes, once each, and nothing that is known beforehand.
//!
//! Every rule that leaves an operation out keeps the value to the last bit: rounding is monotone, so that what
//! is provably smaller before rounding is not greater after it.

use std::collections::BTreeMap;

/// Place of an expression in [`Expressions`].
pub(super) type Id = u32;

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Min,
    Max,
}

impl Binary {
    pub(super) fn of(self, a: f64, b: f64) -> f64 {
        use crate::allocate::{greater, lesser};
        match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
            Self::Min => lesser(a, b),
            Self::Max => greater(a, b),
        }
    }
}

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expression {
    /// A number, by its bits.
    Constant(u64),
    /// A column of the plan's numbers.
    Column(u32),
    /// A column of numbers that each member reads at a row of its own.
    OwnColumn(u32),
    /// A factor of each member.
    Factor(u32),
    /// A number that each member brings in each step.
    Brought(u32),
    /// A number that the plan of each member has in the place of the compiled one.
    Patched(u32),
    /// A number that passes from step to step.
    State(u32),
    /// An operation on two numbers.
    Binary(Binary, Id, Id),
    /// One of the results of a call.
    Result(u32, u32),
}

/// Expressions, each once, in an order in which they can be computed.
#[derive(Clone, Debug, Default)]
pub(super) struct Expressions {
    list: Vec<Expression>,
    /// Whether each is known never to be below zero.
    is_positive: Vec<bool>,
    known: BTreeMap<Expression, Id>,
}

/// How deep the order of two expressions is looked for.
const DEPTH: u32 = 6;

impl Expressions {
    pub(super) fn get(&self, id: Id) -> Expression {
        self.list[id as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The expression, which is never below zero where `is_positive` says so.
    pub(super) fn put(&mut self, expression: Expression, is_positive: bool) -> Id {
        if let Some(&id) = self.known.get(&expression) {
            return id;
        }
        let id = self.list.len() as Id;
        self.list.push(expression);
        self.is_positive.push(is_positive);
        self.known.insert(expression, id);
        id
    }

    pub(super) fn constant(&mut self, value: f64) -> Id {
        // One zero: the sign of nothing has no meaning here.
        let value = if value == 0.0 { 0.0 } else { value };
        self.put(Expression::Constant(value.to_bits()), value >= 0.0)
    }

    pub(super) fn value(&self, id: Id) -> Option<f64> {
        match self.get(id) {
            Expression::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// An operation, or what it is known to give.
    pub(super) fn binary(&mut self, operation: Binary, a: Id, b: Id) -> Id {
        if let (Some(x), Some(y)) = (self.value(a), self.value(b)) {
            return self.constant(operation.of(x, y));
        }
        if let Some(known) = self.known_result(operation, a, b) {
            return known;
        }
        let is_positive = self.is_positive_result(operation, a, b);
        self.put(Expression::Binary(operation, a, b), is_positive)
    }

    fn known_result(&mut self, operation: Binary, a: Id, b: Id) -> Option<Id> {
        let (x, y) = (self.value(a), self.value(b));
        match operation {
            Binary::Add | Binary::Sub if y == Some(0.0) => Some(a),
            Binary::Add if x == Some(0.0) => Some(b),
            Binary::Sub if a == b => Some(self.constant(0.0)),
            Binary::Mul | Binary::Div if y == Some(1.0) => Some(a),
            Binary::Mul if x == Some(1.0) => Some(b),
            Binary::Mul if x == Some(0.0) || y == Some(0.0) => Some(self.constant(0.0)),
            Binary::Min if self.is_at_most(a, b, DEPTH) => Some(a),
            Binary::Min if self.is_at_most(b, a, DEPTH) => Some(b),
            Binary::Max if self.is_at_most(b, a, DEPTH) => Some(a),
            Binary::Max if self.is_at_most(a, b, DEPTH) => Some(b),
            _ => None,
        }
    }

    fn is_positive_result(&self, operation: Binary, a: Id, b: Id) -> bool {
        let (a_is, b_is) = (self.is_positive[a as usize], self.is_positive[b as usize]);
        match operation {
            Binary::Add | Binary::Mul | Binary::Div | Binary::Min => a_is && b_is,
            Binary::Max => a_is || b_is,
            Binary::Sub => self.is_at_most(b, a, DEPTH),
        }
    }

    /// Whether a ≤ b is known.
    fn is_at_most(&self, a: Id, b: Id, depth: u32) -> bool {
        if a == b {
            return true;
        }
        if let (Some(x), Some(y)) = (self.value(a), self.value(b)) {
            return x <= y;
        }
        if self.value(b) == Some(f64::INFINITY) {
            return true;
        }
        if self.value(a).is_some_and(|a| a <= 0.0) && self.is_positive[b as usize] {
            return true;
        }
        if depth == 0 {
            return false;
        }
        let positive = |id: Id| self.is_positive[id as usize];
        let at_most = |a: Id, b: Id| self.is_at_most(a, b, depth - 1);
        let from_a = match self.get(a) {
            Expression::Binary(Binary::Sub, x, y) => positive(y) && at_most(x, b),
            Expression::Binary(Binary::Min, x, y) => at_most(x, b) || at_most(y, b),
            Expression::Binary(Binary::Max, x, y) => at_most(x, b) && at_most(y, b),
            Expression::Binary(Binary::Mul, x, y) => {
                let part = self
                    .value(x)
                    .is_some_and(|part| (0.0..=1.0).contains(&part));
                part && positive(y) && at_most(y, b)
            }
            _ => false,
        };
        from_a
            || match self.get(b) {
                Expression::Binary(Binary::Add, x, y) => {
                    (positive(y) && at_most(a, x)) || (positive(x) && at_most(a, y))
                }
                Expression::Binary(Binary::Max, x, y) => at_most(a, x) || at_most(a, y),
                Expression::Binary(Binary::Min, x, y) => at_most(a, x) && at_most(a, y),
                _ => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_not_computed() {
        let mut e = Expressions::default();
        let (zero, one, all) = (e.constant(0.0), e.constant(1.0), e.constant(f64::INFINITY));
        let x = e.put(Expression::State(0), false);
        let q = e.put(Expression::Column(0), true);
        let d = e.put(Expression::Column(1), true);
        assert_eq!(e.binary(Binary::Add, x, zero), x);
        assert_eq!(e.binary(Binary::Mul, one, x), x);
        assert_eq!(e.binary(Binary::Min, x, all), x);
        assert_eq!(e.binary(Binary::Sub, x, x), zero);
        // What a user gets of a flow leaves no less than nothing.
        let gets = e.binary(Binary::Min, d, q);
        let left = e.binary(Binary::Sub, q, gets);
        assert_eq!(e.binary(Binary::Max, left, zero), left);
        assert_eq!(e.binary(Binary::Min, q, left), left);
        // A storage need not be above its floor.
        let below = e.binary(Binary::Sub, x, d);
        assert_ne!(e.binary(Binary::Max, below, zero), below);
    }
}
