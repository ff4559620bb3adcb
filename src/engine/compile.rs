//! Reads a step as expressions: the same text as [`step`], over a machine that writes down what is computed.

use std::collections::BTreeMap;

use ndarray::Array2;

use super::expressions::{Binary, Expression, Expressions, Id};
use super::hydropower::{Generated, Passage, Target, Trial};
use super::layout::Layout;
use super::machine::{Advanced, Forces, StepMachine};
use super::patches::Column;
use super::plain::straight;
use super::state::{Fluxes, Row, State};
use super::step::{prepare, step};
use crate::allocate::{Desk, Machine, Part, Scene, Standing};
use crate::plan::{Brought, Plan};

/// An operation on all lanes that is more than arithmetic.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) what: What,
    pub(super) inputs: Vec<Id>,
    /// Number of results.
    pub(super) results: u32,
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
    /// Volumes of the bodies of a lake.
    BodyVolumes(usize),
    /// Outflow over a sill.
    OverSill(usize),
    /// Volume after rain and evaporation on the area at the end.
    Unload(usize),
    /// Outflow of a delta.
    Outflow(usize),
    /// Inflow that gives an outflow of a delta.
    Inflow(usize),
    /// Level of a storage.
    Level(usize),
    /// What a plant makes of what passes its dam.
    Generate(usize),
    /// Release for an energy target of a plant at the head of the start.
    FirstRelease(usize),
    /// What a trial for an energy target called for, and the release to ask for next.
    Correct,
    /// Claims that compete in a part of the network. The first input tells whether there is enough for all; then come what
    /// each wants, the scene and what stands.
    Share(Box<Part>),
}

/// What differs between the members of an ensemble.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Differs<'a> {
    /// Place of the factor of each node's inflow.
    pub(super) inflow: &'a [Option<u32>],
    /// Place of the factor of each user's demand.
    pub(super) demand: &'a [Option<u32>],
    /// Whether members read inflow and weather at rows of their own.
    pub(super) trace: bool,
    /// Numbers of the plan in whose place each member brings its own.
    pub(super) brought: &'a [Brought],
    /// Numbers in which the plans of members differ.
    pub(super) patched: &'a [Column],
}

/// Numbers that are known before the run.
enum Numbers<'a> {
    Constant(f64),
    Column(&'a [f64]),
}

impl Numbers<'_> {
    fn at(&self, step: usize) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Column(column) => column[step],
        }
    }
}

/// Whether each column changes from step to step; read row by row, as the rows stand.
fn changes(array: &Array2<f64>) -> Vec<bool> {
    let mut changes = vec![false; array.ncols()];
    for (row, before) in array.rows().into_iter().skip(1).zip(array.rows()) {
        for (place, (value, before)) in row.iter().zip(before).enumerate() {
            changes[place] |= value != before;
        }
    }
    changes
}

/// Writes down what a step computes.
pub(super) struct Compiler<'a> {
    plan: &'a Plan,
    pub(super) expressions: Expressions,
    pub(super) calls: Vec<Call>,
    /// Columns of numbers that change from step to step, each once.
    pub(super) columns: Vec<Vec<f64>>,
    columns_by_sample: BTreeMap<Vec<u64>, Vec<u32>>,
}

/// What a step computes.
pub(super) struct Compiled {
    pub(super) fluxes: Fluxes<Id>,
    /// The state once it is prepared for the first step.
    pub(super) prepared: Vec<Id>,
    /// The state at the end of the step.
    pub(super) after: Vec<Id>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            expressions: Expressions::default(),
            calls: Vec::new(),
            columns: Vec::new(),
            columns_by_sample: BTreeMap::new(),
        }
    }

    /// Reads the step of a plan.
    pub(super) fn read(&mut self, layout: &Layout, differs: Differs) -> Compiled {
        let row = self.row(layout, differs);
        let mut count = 0;
        let before = layout.start(self.plan).map(&mut |_| {
            count += 1;
            self.expressions.put(Expression::State(count - 1), false)
        });
        let mut prepared = before.clone();
        prepare(self, layout, &row, &mut prepared);
        let mut after: State<Id> = before;
        let fluxes = step(self, layout, &row, &mut after);
        Compiled {
            fluxes,
            prepared: prepared.numbers(),
            after: after.numbers(),
        }
    }

    fn row(&mut self, layout: &Layout, differs: Differs) -> Row<Id> {
        let plan = self.plan;
        let mut row = Row {
            formed: self.all(&plan.formed, differs.trace),
            demand: self.all(&plan.demand, false),
            returns: self.constants(&plan.return_fractions),
            minimum: self.all(&plan.minimum, false),
            capacity: self.all(&plan.capacity, false),
            rain_mm: self.all(&plan.rain_mm, differs.trace),
            evaporation_mm: self.all(&plan.evaporation_mm, differs.trace),
            groundwater: self.all(&plan.groundwater, false),
            dead: self.all(&plan.dead, false),
            full: self.all(&plan.full, false),
            target: self.all(&plan.target, false),
            zone: self.all(&plan.zone, false),
            least_release: self.all(&plan.least_release, false),
            most_release: self.all(&plan.most_release, false),
            decides: self.all(&plan.floods.decides, false),
            expected: self.all(&plan.floods.expected, differs.trace),
            rises: self.all(&plan.floods.rises, false),
            turbine: self.all(&plan.turbine, false),
            power: self.all(&plan.power, false),
            energy: self.all(&plan.energy, false),
            salinity: Vec::new(),
            exchange: Vec::new(),
            sinks: Vec::new(),
        };
        if layout.carried.is_some()
            && let Some(salt) = &plan.carried.salt
        {
            row.salinity = self.all(&salt.formed_g_per_l, differs.trace);
            row.exchange = self.all(&salt.exchange, false);
            row.sinks = self.constants(&salt.sink_fractions);
        }
        for (column, patched) in differs.patched.iter().enumerate() {
            if let Some(number) = row.brought(patched.number) {
                let expression = Expression::Patched(column as u32);
                *number = self.expressions.put(expression, patched.is_positive);
            }
        }
        for (column, place) in differs.brought.iter().enumerate() {
            if let Some(number) = row.brought(*place) {
                let brought = Expression::Brought(column as u32);
                *number = self.expressions.put(brought, true);
            }
        }
        // What a source brings more, is expected more of it.
        let sources = plan.floods.sources.iter();
        let expected: Vec<Option<u32>> = sources
            .map(|node| differs.inflow.get(*node).copied().flatten())
            .collect();
        for (numbers, factors) in [
            (&mut row.formed, differs.inflow),
            (&mut row.demand, differs.demand),
            (&mut row.expected, &expected),
        ] {
            for (number, factor) in numbers.iter_mut().zip(factors) {
                if let Some(factor) = factor {
                    let factor = self.expressions.put(Expression::Factor(*factor), true);
                    *number = self.mul(factor, *number);
                }
            }
        }
        row
    }

    fn constants(&mut self, numbers: &[f64]) -> Vec<Id> {
        let numbers = numbers.iter();
        numbers
            .map(|number| self.expressions.constant(*number))
            .collect()
    }

    fn all(&mut self, array: &Array2<f64>, own: bool) -> Vec<Id> {
        let changes = changes(array);
        let number = |place: usize| match changes[place] {
            true => self.own_column(array.column(place).to_vec(), own),
            false => self.expressions.constant(array[[0, place]]),
        };
        (0..array.ncols()).map(number).collect()
    }

    /// A column of numbers: a constant where it never changes.
    fn own_column(&mut self, column: Vec<f64>, own: bool) -> Id {
        let first = column.first().copied().unwrap_or(0.0);
        if column.iter().all(|value| *value == first) {
            return self.expressions.constant(first);
        }
        let is_positive = column.iter().all(|value| *value >= 0.0);
        let known = self.place_of(column);
        let column = match own {
            true => Expression::OwnColumn(known),
            false => Expression::Column(known),
        };
        self.expressions.put(column, is_positive)
    }

    /// The place of a column, each of which stands once.
    fn place_of(&mut self, column: Vec<f64>) -> u32 {
        // A few steps tell most columns apart; the others are compared.
        let some = column.iter().step_by(1 + column.len() / 64);
        let sample: Vec<u64> = some.map(|value| value.to_bits()).collect();
        let alike = self.columns_by_sample.entry(sample).or_default();
        let columns = &self.columns;
        let known = alike
            .iter()
            .find(|place| columns[**place as usize] == column);
        if let Some(place) = known {
            return *place;
        }
        let place = self.columns.len() as u32;
        alike.push(place);
        self.columns.push(column);
        place
    }

    /// An operation; on numbers of the plan alone it is carried out here, step by step.
    fn binary(&mut self, operation: Binary, a: Id, b: Id) -> Id {
        let result = self.expressions.binary(operation, a, b);
        let is_new = self.expressions.get(result) == Expression::Binary(operation, a, b);
        let (Some(left), Some(right), true) = (self.numbers(a), self.numbers(b), is_new) else {
            return result;
        };
        let steps = 0..self.plan.steps();
        let column = steps
            .map(|step| operation.of(left.at(step), right.at(step)))
            .collect();
        self.own_column(column, false)
    }

    /// Numbers of the plan that are the same for all members.
    fn numbers(&self, id: Id) -> Option<Numbers<'_>> {
        match self.expressions.get(id) {
            Expression::Constant(bits) => Some(Numbers::Constant(f64::from_bits(bits))),
            Expression::Column(column) => Some(Numbers::Column(&self.columns[column as usize])),
            _ => None,
        }
    }

    fn call(&mut self, what: What, inputs: Vec<Id>, is_positive: &[bool]) -> Vec<Id> {
        let call = self.calls.len() as u32;
        self.calls.push(Call {
            what,
            inputs,
            results: is_positive.len() as u32,
        });
        let results = is_positive.iter().enumerate();
        results
            .map(|(place, is_positive)| {
                let result = Expression::Result(call, place as u32);
                self.expressions.put(result, *is_positive)
            })
            .collect()
    }

    fn call_one(&mut self, what: What, input: Id, is_positive: bool) -> Id {
        self.call(what, vec![input], &[is_positive])[0]
    }
}

impl Machine for Compiler<'_> {
    type Number = Id;

    fn number(&mut self, value: f64) -> Id {
        self.expressions.constant(value)
    }
    fn add(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Add, a, b)
    }
    fn sub(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Sub, a, b)
    }
    fn mul(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Mul, a, b)
    }
    fn div(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Div, a, b)
    }
    fn min(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Min, a, b)
    }
    fn max(&mut self, a: Id, b: Id) -> Id {
        self.binary(Binary::Max, a, b)
    }
    fn outflow(&mut self, delta: usize, inflow: Id) -> Id {
        self.call_one(What::Outflow(delta), inflow, false)
    }
    fn inflow(&mut self, delta: usize, outflow: Id) -> Id {
        self.call_one(What::Inflow(delta), outflow, false)
    }
    fn share(&mut self, part: &Part, scene: &Scene<Id>, standing: &Standing<Id>) -> Vec<Id> {
        let desk = Desk::with(self, &part.scheme, scene, standing.clone());
        let (wanted, enough) = desk.all_wanted(&part.group);
        let scene = scene.lists().into_iter().flatten();
        let standing = standing.lists().into_iter().flatten();
        let numbers = wanted.iter().chain(scene).chain(standing).copied();
        let inputs = std::iter::once(enough).chain(numbers).collect();
        let what = What::Share(Box::new(part.clone()));
        self.call(what, inputs, &vec![true; wanted.len()])
    }
}

impl StepMachine for Compiler<'_> {
    fn advance(&mut self, storage: usize, forces: &Forces<Id>) -> Advanced<Id> {
        let inputs = vec![
            forces.start,
            forces.net_inflow,
            forces.rain_mm,
            forces.evaporation_mm,
            forces.full,
        ];
        let bodies = self.plan.curves[storage].bodies.len();
        let what = What::Advance(storage, forces.over_sill);
        let mut is_positive = vec![true; 6 + bodies];
        is_positive[0] = false;
        let results = self.call(what, inputs, &is_positive);
        Advanced {
            end: results[0],
            rain: results[1],
            evaporation: results[2],
            outflow: results[3],
            spill: results[4],
            mean_area: results[5],
            body_areas: results[6..].to_vec(),
        }
    }

    fn area(&mut self, storage: usize, volume: Id) -> Id {
        let Some((first, slope)) = straight(&self.plan.curves[storage]) else {
            return self.call_one(What::Area(storage), volume, true);
        };
        let (first, slope) = (self.number(first), self.number(slope));
        let more = self.mul(slope, volume);
        self.add(first, more)
    }

    fn body_areas(&mut self, storage: usize, volume: Id) -> Vec<Id> {
        let bodies = self.plan.curves[storage].bodies.len();
        if bodies == 0 {
            return Vec::new();
        }
        self.call(What::BodyAreas(storage), vec![volume], &vec![true; bodies])
    }

    fn body_volumes(&mut self, storage: usize, volume: Id) -> Vec<Id> {
        let bodies = self.plan.curves[storage].bodies.len();
        self.call(
            What::BodyVolumes(storage),
            vec![volume],
            &vec![true; bodies],
        )
    }

    fn over_sill(&mut self, storage: usize, volume: Id) -> Id {
        self.call_one(What::OverSill(storage), volume, true)
    }

    fn unload(&mut self, storage: usize, net_mm: Id, load: Id) -> Id {
        self.call(What::Unload(storage), vec![net_mm, load], &[false])[0]
    }

    fn level(&mut self, storage: usize, volume: Id) -> Id {
        self.call_one(What::Level(storage), volume, false)
    }

    fn generate(&mut self, plant: usize, passage: &Passage<Id>) -> Generated<Id> {
        let inputs = passage.list().to_vec();
        let results = self.call(What::Generate(plant), inputs, &[true; 3]);
        Generated::of([results[0], results[1], results[2]])
    }

    fn first_release(&mut self, plant: usize, target: &Target<Id>) -> Id {
        let inputs = target.list().to_vec();
        self.call(What::FirstRelease(plant), inputs, &[true])[0]
    }

    fn correct(
        &mut self,
        target: &Target<Id>,
        before: &Trial<Id>,
        asked: Id,
        generated: &Generated<Id>,
    ) -> (Trial<Id>, Id) {
        let inputs = [
            &target.list()[..],
            &before.list(),
            &[asked],
            &generated.list(),
        ];
        let results = self.call(What::Correct, inputs.concat(), &[true; 2]);
        let due = results[0];
        (Trial { asked, due }, results[1])
    }
}
