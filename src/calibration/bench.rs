//! A bench: the inputs in memory, on which one candidate after the other is set, and several are run side by side.

use std::path::Path;

use super::place::Known;
use super::settings::Calibration;
use crate::engine::{self, Quantity, Record, run_each_of};
use crate::faults::Faults;
use crate::hydrology::reconstruction::{CannotBuild, attempt, history};
use crate::hydrology::settings::Settings;
use crate::inputs::folder::Folder;
use crate::inputs::series::Monthly;
use crate::ledger::{Account, Accounts};
use crate::model::Model;
use crate::network::delta::Delta;
use crate::network::{Network, NodeKind};
use crate::observations;
use crate::plan::Plan;
use crate::results::Run;
use crate::scenario::{Initial, Scenario};
use crate::time::Period;

/// Why there is no bench.
#[derive(Debug, thiserror::Error)]
pub enum NoBench {
    /// The inputs are at fault.
    #[error(transparent)]
    Faults(#[from] Faults),
    /// The series cannot be reconstructed.
    #[error(transparent)]
    CannotBuild(#[from] CannotBuild),
    /// A measured series is weighed by the run of the priors, and there is none.
    #[error(
        "the priors cannot be run, so that it is not known how many independent values a measured series has; state `independent_values`"
    )]
    PriorsCannotRun,
}

/// The inputs in memory. What a candidate gives depends on it alone, not on those that were set before it.
#[derive(Clone, Debug)]
pub struct Bench<'c> {
    calibration: &'c Calibration,
    inputs: &'c Path,
    known: Known,
    states: &'c [Initial],
    scenario: Scenario,
    /// The attempt at the first draw that the series are made anew from, where a parameter asks for it.
    attempt: Option<u32>,
    quantities: Vec<Quantity>,
}

impl Known {
    /// What the inputs of a model say.
    ///
    /// # Errors
    /// Faults of the reconstruction.
    pub fn of(model: &Model, inputs: &Path) -> Result<Self, Faults> {
        let folder = Folder::new(inputs);
        let mut reconstruction = None;
        if folder.holds("reconstruction/settings.toml") {
            let settings = Settings::read(&folder);
            reconstruction = Some(folder.close(settings)?.0);
        }
        let network = model.network.clone();
        Ok(Self {
            network,
            reconstruction,
        })
    }
}

impl<'c> Bench<'c> {
    /// The bench of a calibration over some months of its scenario.
    ///
    /// # Errors
    /// Series that cannot be reconstructed.
    pub fn new(
        calibration: &'c Calibration,
        model: &'c Model,
        inputs: &'c Path,
        known: &Known,
        period: Period,
    ) -> Result<Self, NoBench> {
        let mut places = calibration
            .parameters
            .iter()
            .flat_map(|parameter| &parameter.places);
        let makes_series = places.any(super::place::Place::is_of_series);
        let settings = known.reconstruction.as_ref().filter(|_| makes_series);
        let scenario = Scenario {
            period,
            ..model.scenarios[&calibration.scenario].clone()
        };
        Ok(Self {
            calibration,
            inputs,
            known: known.clone(),
            states: &model.states,
            scenario,
            attempt: settings.map(attempt).transpose()?,
            quantities: quantities(calibration),
        })
    }

    /// The run of a candidate, as [`Bench::runs`].
    pub fn run(&mut self, values: &[f64]) -> Option<Run<'_>> {
        self.runs(&[values]).pop().flatten()
    }

    /// The runs of candidates, side by side and not audited; none of a candidate that cannot be: a delta that loses more
    /// than comes, or a river that flows backwards.
    pub fn runs<V: AsRef<[f64]>>(&mut self, candidates: &[V]) -> Vec<Option<Run<'_>>> {
        let plans = candidates.iter().map(|values| self.plan(values.as_ref()));
        let plans: Vec<Option<Plan>> = plans.collect();
        let can_be: Vec<bool> = plans.iter().map(Option::is_some).collect();
        let plans: Vec<Plan> = plans.into_iter().flatten().collect();
        let records = run_each_of(&plans, &self.quantities);
        let mut runs = plans.into_iter().zip(records);
        can_be
            .into_iter()
            .map(|can_be| {
                let (plan, record) = can_be.then(|| runs.next()).flatten()?;
                Some(self.run_of(&self.scenario, plan, record))
            })
            .collect()
    }

    /// The plan of a candidate.
    fn plan(&mut self, values: &[f64]) -> Option<Plan> {
        self.set(values);
        if !self
            .known
            .network
            .nodes
            .iter()
            .filter_map(|node| node.delta())
            .all(is_delta)
        {
            return None;
        }
        self.make_series()?;
        self.plan_as_set(&self.scenario)
    }

    /// The run of the inputs as they stand, in a draw or in the scenario's own; of a bench on which nothing was set.
    pub fn run_as_it_stands(&self, draw: Option<&str>) -> Option<Run<'_>> {
        match draw {
            None => self.run_as_set(&self.scenario),
            Some(column) => self.run_as_set(&Scenario {
                inflow_column: Some(column.to_owned()),
                ..self.scenario.clone()
            }),
        }
    }

    fn set(&mut self, values: &[f64]) {
        for (parameter, value) in self.calibration.parameters.iter().zip(values) {
            for place in &parameter.places {
                place.set(&mut self.known, *value);
            }
        }
    }

    /// Makes the series of the first draw anew, of the same chances.
    fn make_series(&mut self) -> Option<()> {
        let Known {
            network,
            reconstruction,
        } = &mut self.known;
        let (Some(settings), Some(attempt)) = (reconstruction, self.attempt) else {
            return Some(());
        };
        let flows = history(settings, attempt).ok()?;
        for (river, flows) in settings.rivers.iter().zip(flows) {
            for part in &river.parts {
                put(network, &part.file, &flows, part.fraction);
            }
        }
        Some(())
    }

    fn plan_as_set(&self, scenario: &Scenario) -> Option<Plan> {
        let folder = Folder::new(self.inputs);
        Plan::build(&folder, &self.known.network, self.states, scenario)
    }

    fn run_as_set(&self, scenario: &Scenario) -> Option<Run<'_>> {
        let plan = self.plan_as_set(scenario)?;
        let record = engine::run_of(&plan, &self.quantities);
        Some(self.run_of(scenario, plan, record))
    }

    fn run_of(&self, scenario: &Scenario, plan: Plan, record: Record) -> Run<'_> {
        let none = ndarray::Array2::from_elem((0, 0), Account::default());
        Run {
            // Of the network answers read names and places, which are those of all candidates; numbers are those of the last one
            // and are read of the plan.
            network: &self.known.network,
            scenario: scenario.clone(),
            plan,
            record,
            accounts: Accounts {
                basins: none.clone(),
                parties: none,
            },
            bounds: None,
            days: None,
        }
    }
}

/// Candidates that run side by side at most: the records of so many are held at a time.
const SIDE_BY_SIDE: usize = 8;

/// Runs candidates, shared out over benches, and looks at each of them; what is seen stands in its place, whoever ran it.
pub fn look_at_each<T: Send, V: AsRef<[f64]> + Sync>(
    benches: &mut [Bench],
    candidates: &[V],
    look: &(impl Fn(usize, Option<&Run>) -> T + Sync),
) -> Vec<T> {
    let hands = benches.len();
    let of_each = candidates.len().div_ceil(hands).clamp(1, SIDE_BY_SIDE);
    let look_at_group = |bench: &mut Bench, group: usize| {
        let first = group * of_each;
        let runs = bench.runs(&candidates[first..candidates.len().min(first + of_each)]);
        let runs = runs.iter().enumerate();
        runs.map(|(at, run)| (first + at, look(first + at, run.as_ref())))
            .collect::<Vec<_>>()
    };
    let look_at_group = &look_at_group;
    let groups = candidates.len().div_ceil(of_each);
    let mut seen: Vec<Option<T>> = candidates.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        let hands: Vec<_> = benches
            .iter_mut()
            .enumerate()
            .map(|(hand, bench)| {
                let own = (hand..groups).step_by(hands);
                scope.spawn(move || {
                    own.flat_map(|group| look_at_group(bench, group))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        for hand in hands {
            match hand.join() {
                Ok(done) => done
                    .into_iter()
                    .for_each(|(place, sight)| seen[place] = Some(sight)),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    seen.into_iter().flatten().collect()
}

/// Puts flows in the place of the first column of the inflows that a file is read for.
fn put(network: &mut Network, file: &str, flows: &[f64], fraction: f64) {
    for node in &mut network.nodes {
        if let NodeKind::Inflow(inflow) = &mut node.kind
            && let Monthly::Dated(series) = &mut inflow.flow
            && series.file == file
            && series.columns[0].1.len() == flows.len()
        {
            let own = series.columns[0].1.iter_mut().zip(flows);
            own.for_each(|(own, flow)| *own = flow * fraction);
        }
    }
}

fn is_delta(delta: &Delta) -> bool {
    let knots = delta.inflow_m3s.windows(2).zip(delta.loss_m3s.windows(2));
    let mut rises = knots.map(|(inflow, loss)| (inflow[1] - inflow[0], loss[1] - loss[0]));
    delta.loss_m3s.iter().all(|loss| *loss >= 0.0) && rises.all(|(inflow, loss)| loss <= inflow)
}

/// What answers read of a record ([`simulated`](crate::metrics::published::simulated)).
const READ: [Quantity; 14] = [
    Quantity::Comes,
    Quantity::Enters,
    Quantity::Leaves,
    Quantity::Asked,
    Quantity::Kept,
    Quantity::Storage,
    Quantity::Rain,
    Quantity::Evaporation,
    Quantity::Groundwater,
    Quantity::Release,
    Quantity::Spill,
    Quantity::Area,
    Quantity::BodyArea,
    Quantity::Energy,
];

/// What questions of a calibration read of a record: the water, and salt where salinities are asked for.
fn quantities(calibration: &Calibration) -> Vec<Quantity> {
    // Measured series hold no salinity.
    let targets = calibration.targets.iter().map(|target| &target.question);
    let figures = calibration.figures.iter().map(|figure| &figure.question);
    let salt = targets
        .chain(figures)
        .any(|q| q.quantity == observations::Quantity::Salinity);
    let salt = salt.then_some(Quantity::Salt);
    READ.into_iter().chain(salt).collect()
}
