//! What of the expressions of a step has to be computed.

use std::collections::BTreeSet;

use super::compile::{Call, Compiler};
use super::expressions::{Expression, Expressions, Id};

/// What has to be computed.
pub(super) struct Live {
    live: Vec<bool>,
    /// Numbers of the step before that are read.
    pub(super) states: BTreeSet<u32>,
}

impl Live {
    /// What some expressions need.
    pub(super) fn of(compiler: &Compiler, roots: impl Iterator<Item = Id>) -> Self {
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
    pub(super) fn of_step(compiler: &Compiler, roots: &[Id], after: &[Id]) -> Self {
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

    pub(super) fn ids(&self) -> impl Iterator<Item = Id> {
        let all = self.live.iter().zip(0..);
        all.filter(|(live, _)| **live).map(|(_, id)| id)
    }
}

/// The expressions that an expression is made of.
pub(super) fn parts(expressions: &Expressions, calls: &[Call], id: Id) -> Vec<Id> {
    match expressions.get(id) {
        Expression::Binary(_, a, b) => vec![a, b],
        Expression::Result(call, 0) => calls[call as usize].inputs.clone(),
        // All results are computed with the first.
        Expression::Result(_, place) => vec![id - place],
        _ => Vec::new(),
    }
}
