//! Plans that differ in numbers alone, as patches of the first: they run side by side on one program.
//!
//! A program leaves out what cannot happen in its plan. Plans run together only where the same can happen in all of
//! them, so that each gives the bits that it gives alone.

use super::layout::Layout;
use crate::network::delta::Delta;
use crate::plan::{Brought, Plan};

/// Numbers of plans, and their losses of deltas and canals, in the place of those of the first of them.
#[derive(Clone, Debug)]
pub struct Patches {
    /// The numbers in which any plan differs from the first.
    columns: Vec<Column>,
    /// The numbers of each plan: (step, column).
    numbers: Vec<Vec<f64>>,
    /// The deltas and canals with a curve of each plan, where they are not those of the first.
    deltas: Vec<Option<Vec<Delta>>>,
}

/// A number that is patched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) number: Brought,
    /// Whether it is never below zero in any plan.
    pub(super) is_positive: bool,
}

/// A plan that others may be patches of, with what is the same in every step.
#[derive(Debug)]
pub struct Base {
    plan: Plan,
    layout: Layout,
}

impl Base {
    /// A plan as a base.
    pub fn of(plan: Plan) -> Self {
        let layout = Layout::of(&plan);
        Self { plan, layout }
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// In what a plan differs that can run beside this one; none where it cannot.
    pub fn beside(&self, other: &Plan) -> Option<Differences> {
        let runs = self.plan.is_alike(other)
            && self.layout == Layout::of(other)
            && self.layout == self.layout_of_both(other);
        runs.then(|| Differences {
            numbers: self.plan.differences(other),
            deltas: (self.plan.deltas != other.deltas).then(|| other.deltas.clone()),
        })
    }

    /// The layout of the program that both run on: it is made of this plan and of the greatest starts.
    fn layout_of_both(&self, other: &Plan) -> Layout {
        let starts = |storage: usize| self.plan.initial[storage].max(other.initial[storage]);
        Layout::starting(&self.plan, &starts)
    }
}

/// In what a plan differs from another that is alike.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// Numbers, each in all steps.
    numbers: Vec<(Brought, Vec<f64>)>,
    /// Its deltas and canals with a curve, where any differs.
    deltas: Option<Vec<Delta>>,
}

impl Differences {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.deltas.is_none()
    }
}

impl Patches {
    /// The plans that differ so from a base, beside which all of them can run; numbers that members bring are left out.
    pub fn of(base: &Plan, plans: &[&Differences], brought: &[Brought]) -> Self {
        let mut names: Vec<Brought> = Vec::new();
        for (name, _) in plans.iter().flat_map(|plan| &plan.numbers) {
            if !brought.contains(name) && !names.contains(name) {
                names.push(*name);
            }
        }
        let of_base: Vec<Vec<f64>> = names.iter().filter_map(|name| base.column(*name)).collect();
        let numbers = |differences: &Differences| {
            let own =
                |(name, of_base): (&Brought, _)| column(differences, *name).unwrap_or(of_base);
            let columns: Vec<&Vec<f64>> = names.iter().zip(&of_base).map(own).collect();
            let row = |step: usize| columns.iter().map(move |column| column[step]);
            (0..base.steps()).flat_map(row).collect()
        };
        let numbers: Vec<Vec<f64>> = plans.iter().map(|plan| numbers(plan)).collect();
        let is_positive = |place: usize| {
            let mut all = numbers
                .iter()
                .flat_map(|numbers| numbers.iter().skip(place).step_by(names.len()));
            all.all(|number| *number >= 0.0)
        };
        let columns = names.iter().enumerate().map(|(place, name)| Column {
            number: *name,
            is_positive: is_positive(place),
        });
        Self {
            columns: columns.collect(),
            numbers,
            deltas: plans.iter().map(|plan| plan.deltas.clone()).collect(),
        }
    }

    /// The numbers that are patched.
    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The deltas and canals with a curve of a plan; none where they are those of the first.
    pub(super) fn deltas(&self, plan: usize) -> Option<&[Delta]> {
        self.deltas[plan].as_deref()
    }

    /// The numbers of a plan: (step, column).
    pub(super) fn numbers(&self, plan: usize) -> &[f64] {
        &self.numbers[plan]
    }
}

/// The column of a name among the differences of a plan.
fn column(differences: &Differences, name: Brought) -> Option<&Vec<f64>> {
    let found = differences.numbers.iter().find(|(other, _)| *other == name);
    found.map(|(_, column)| column)
}
