//! Computes a chunk: some members of some runs, side by side in the engine's lanes.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::blueprint::{Blueprint, Chunk};
use super::world::{Run, World};
use crate::engine::{Block, Ensemble, Member, Series};
use crate::ledger::{Imbalance, Sheet, Tally};

/// Members side by side: most of the time goes into what is done lane by lane, for which wide lanes are best.
const LANES: usize = 64;

/// A member of a run without results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The run, from 1.
    pub run: usize,
    /// The member, from 1; none where the run as a whole cannot be planned.
    pub member: Option<usize>,
    /// What is wrong.
    pub what: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self.member {
            Some(member) => write!(f, "run {}, member {member}: {}", self.run, self.what),
            None => write!(f, "run {}: {}", self.run, self.what),
        }
    }
}

/// The results of a chunk.
#[derive(Clone, Debug)]
pub struct Results {
    /// Measures (run, member, measure), then the kept series (run, series, time, member). Members without results
    /// have no numbers: NaN.
    pub numbers: Vec<f64>,
    /// Members without results.
    pub failures: Vec<Failure>,
}

impl Results {
    /// The numbers as the file of a chunk holds them: 8 bytes each, the lowest first.
    pub fn bytes(&self) -> Vec<u8> {
        let numbers = self.numbers.iter();
        numbers.flat_map(|number| number.to_le_bytes()).collect()
    }
}

/// Computes a chunk.
pub fn compute(world: &World, blueprint: &Blueprint, chunk: &Chunk) -> Results {
    let mut results = Results {
        numbers: vec![f64::NAN; chunk.numbers(blueprint)],
        failures: Vec::new(),
    };
    let water = world.water_of(chunk.members.clone());
    for run in chunk.runs.clone() {
        match world.run(run) {
            Ok(own) => {
                let task = Task {
                    run: &own,
                    blueprint,
                    chunk,
                    number: run,
                };
                task.compute(&water, &mut results);
            }
            Err(faults) => results.failures.push(Failure {
                run: run + 1,
                member: None,
                what: faults.to_string(),
            }),
        }
    }
    results
}

/// A run of a chunk.
struct Task<'a> {
    run: &'a Run<'a>,
    blueprint: &'a Blueprint,
    chunk: &'a Chunk,
    number: usize,
}

/// What is known of members that run side by side.
struct Lanes {
    /// Signals: (signal, step, lane).
    months: Vec<f64>,
    sheet: Sheet,
}

impl Task<'_> {
    fn compute(&self, water: &[Vec<Vec<f64>>], results: &mut Results) {
        let (plan, watch) = (&self.run.plan, &self.run.watch);
        let members: Vec<Member> = water
            .iter()
            .map(|values| Member {
                brought: self.run.water.numbers(plan, values),
                ..Member::of(plan)
            })
            .collect();
        let brought: Vec<&[f64]> = members.iter().map(|member| &*member.brought).collect();
        let tally = Tally::of(self.run.network, plan, &self.run.water.columns);
        let series: Vec<Series> = watch.series.iter().chain(&tally.series).copied().collect();
        let ensemble = Ensemble::new(plan, &members)
            .bringing(&self.run.water.columns)
            .lanes(LANES);
        let ready = ensemble.keeping(&series);
        let width = ready.lanes().next_power_of_two();
        let lanes = Mutex::new(Lanes {
            months: vec![0.0; watch.signals.len() * plan.steps() * width],
            sheet: tally.sheet(plan, width),
        });
        let results = Mutex::new(results);
        ready.each(&|block: Block| {
            let mut lanes = lanes.lock().unwrap_or_else(PoisonError::into_inner);
            let members = block.first_member..block.first_member + block.members;
            if block.first_step == 0 {
                lanes.sheet = tally.sheet(plan, block.lanes);
            }
            let own = &brought[members.clone()];
            for (at, numbers) in block.numbers.chunks(series.len() * block.lanes).enumerate() {
                let step = block.first_step + at;
                let (watched, tallied) = numbers.split_at(watch.series.len() * block.lanes);
                tally.step(plan, step, tallied, own, &mut lanes.sheet);
                for signal in 0..watch.signals.len() {
                    let first = (signal * plan.steps() + step) * block.lanes;
                    let into = &mut lanes.months[first..first + block.lanes];
                    watch.fill(plan, step, signal, watched, into);
                }
                if step + 1 == plan.steps() {
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    for (lane, member) in members.clone().enumerate() {
                        self.judge(&lanes, lane, block.lanes, member, &mut results);
                    }
                }
            }
        });
    }

    /// Puts down the measures and series of a member, or why it has none.
    fn judge(
        &self,
        lanes: &Lanes,
        lane: usize,
        width: usize,
        member: usize,
        results: &mut Results,
    ) {
        let steps = self.run.plan.steps();
        let months = |signal: usize| -> Vec<f64> {
            let all = &lanes.months[signal * steps * width..(signal + 1) * steps * width];
            all.iter().skip(lane).step_by(width).copied().collect()
        };
        let signals: Vec<Vec<f64>> = (0..self.run.watch.signals.len()).map(months).collect();
        if let Some(what) = fails(lanes.sheet.open[lane].as_deref(), &signals) {
            results.failures.push(Failure {
                run: self.number + 1,
                member: Some(self.chunk.members.start + member + 1),
                what,
            });
            return;
        }
        let mut measures = Vec::with_capacity(self.blueprint.measures.len());
        for family in &self.run.families {
            family.judge(
                &signals[family.signal],
                &self.run.plan.seconds,
                &mut measures,
            );
        }
        let row = (self.number - self.chunk.runs.start) * self.chunk.members.len() + member;
        let count = measures.len();
        results.numbers[row * count..(row + 1) * count].copy_from_slice(&measures);
        if self.blueprint.keeps(self.number) {
            self.keep(&signals, member, results);
        }
    }

    fn keep(&self, signals: &[Vec<f64>], member: usize, results: &mut Results) {
        let members = self.chunk.members.len();
        for (series, kept) in self.run.kept.iter().enumerate() {
            let months = &signals[kept.signal];
            let first = self.chunk.place_of(self.blueprint, self.number, series) + member;
            let cells = results.numbers[first..].iter_mut().step_by(members);
            if kept.by_month {
                cells.zip(months).for_each(|(cell, month)| *cell = *month);
                continue;
            }
            let what = self.run.watch.signals[kept.signal].what;
            let years = months.chunks(12).map(|year| {
                let sum = year.iter().sum::<f64>();
                if what.adds_up() { sum } else { sum / 12.0 }
            });
            cells.zip(years).for_each(|(cell, year)| *cell = year);
        }
    }
}

/// Why a member has no results.
fn fails(open: Option<&Imbalance>, signals: &[Vec<f64>]) -> Option<String> {
    if let Some(imbalance) = open {
        return Some(imbalance.to_string());
    }
    let is_broken = signals.iter().flatten().any(|number| !number.is_finite());
    is_broken.then(|| "a result is no finite number".to_owned())
}
