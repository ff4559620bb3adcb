//! Reads a step as expressions: the same text as [`step`](super::step::step), over a machine that writes down.

use std::collections::BTreeMap;

use ndarray::Array2;

use super::expressions::{Binary, Expression, Expressions, Id};
use super::layout::Layout;
use super::plain::straight;
use super::step::{Advanced, Fluxes, Forces, Row, State, StepMachine, prepare, step};
use crate::allocate::{Desk, Group, Machine, Scene, Scheme, Standing};
use crate::plan::{Claim, Plan};

/// An operation on all lanes that is more than arithmetic.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) what: What,
    pub(super) inputs: Vec<Id>,
    pub(super) results: Vec<Id>,
}

/// What is called.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// Exact advance of a storage; whether over its sill.
    Advance(usize, bool),
    /// Area of a storage.
    Area(usize),
    /// Areas of the bodies of a lake.
    BodyAreas(usize),
    /// Outflow over a sill.
    OverSill(usize),
    /// Volume after rain and evaporation on the area at the end.
    Unload(usize),
    /// Outflow of a delta.
    Outflow(usize),
    /// Inflow that gives an outflow of a delta.
    Inflow(usize),
    /// A group of claims that compete. The first input tells whether there is enough for all, then come what
    /// each wants, the scene and what stands.
    Share(Box<(Scheme, Group)>),
}

/// Writes down what a step computes.
pub(super) struct Compiler<'a> {
    pub(super) plan: &'a Plan,
    pub(super) expressions: Expressions,
    pub(super) calls: Vec<Call>,
    pub(super) columns: Vec<Vec<f64>>,
    columns_by_bits: BTreeMap<Vec<u64>, u32>,
}

/// What a step computes.
pub(super) struct Compiled {
    pub(super) fluxes: Fluxes<Id>,
    pub(super) before: State<Id>,
    pub(super) prepared: State<Id>,
    pub(super) after: State<Id>,
}

/// What differs between members.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Differs<'a> {
    /// Inflow nodes with factors.
    pub(super) inflow: &'a [bool],
    /// Users with factors.
    pub(super) demand: &'a [bool],
    /// Whether members read inflow and weather at rows of their own.
    pub(super) trace: bool,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            expressions: Expressions::default(),
            calls: Vec::new(),
            columns: Vec::new(),
            columns_by_bits: BTreeMap::new(),
        }
    }

    /// Reads the step of a plan.
    pub(super) fn read(&mut self, layout: &Layout, differs: Differs) -> Compiled {
        let row = self.row(differs);
        let mut count = 0;
        let before = layout.start(self.plan).map(&|_: f64| {
            count_up(&mut count)
        });
        let before = before.map(&|number: u32| number);
        let before = self.states(before);
        let mut prepared = before.clone();
        prepare(self, layout, &row, &mut prepared);
        let mut after = before.clone();
        let fluxes = step(self, layout, &row, &mut after);
        Compiled {
            fluxes,
            before,
            prepared,
            after,
        }
    }
}
