//! Computes a chunk: some members of some runs.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::blueprint::{Blueprint, Chunk};
use super::natural::Flows;
use super::water::MemberWater;
use super::world::{Run, World};
use crate::faults::Faults;

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
        match with_twin(world, run, chunk, &water) {
            Ok((own, natural)) => {
                let task = Task {
                    run: &own,
                    blueprint,
                    chunk,
                    number: run,
                    natural: natural.as_deref(),
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

/// A run, and the natural flows of the members of a chunk where they are asked for.
fn with_twin<'w>(
    world: &'w World,
    run: usize,
    chunk: &Chunk,
    water: &MemberWater,
) -> Result<(Run<'w>, Option<Arc<Flows>>), Faults> {
    let own = world.run(run)?;
    let natural = world.natural(run, &own)?;
    let flows = natural.map(|natural| world.natural_flows(&natural, &chunk.members, water));
    Ok((own, flows))
}

/// A run of a chunk.
struct Task<'a> {
    run: &'a Run<'a>,
    blueprint: &'a Blueprint,
    chunk: &'a Chunk,
    number: usize,
    /// Natural flows of each member, where they are asked for.
    natural: Option<&'a Flows>,
}

impl Task<'_> {
    fn compute(&self, water: &MemberWater, results: &mut Results) {
        let watched = self.run.watched();
        watched.each(water, |member, signals| {
            let both = signals.and_then(|signals| Ok((signals, self.natural_of(member)?)));
            match both {
                Ok((signals, natural)) => self.judge(&signals, natural, member, results),
                Err(what) => results.failures.push(Failure {
                    run: self.number + 1,
                    member: Some(self.chunk.members.start + member + 1),
                    what,
                }),
            }
        });
    }

    /// The natural flows of a member; none where they are not asked for.
    fn natural_of(&self, member: usize) -> Result<&[Vec<f64>], String> {
        match self.natural.map(|flows| &flows[member]) {
            None => Ok(&[]),
            Some(Ok(flows)) => Ok(flows),
            Some(Err(what)) => Err(format!("without use and dams: {what}")),
        }
    }

    /// Puts down the measures and series of a member.
    fn judge(
        &self,
        signals: &[Vec<f64>],
        natural: &[Vec<f64>],
        member: usize,
        results: &mut Results,
    ) {
        let mut measures = Vec::with_capacity(self.blueprint.measures.len());
        for family in &self.run.families {
            family.judge(
                &signals[family.signal],
                natural,
                &self.run.plan.seconds,
                &mut measures,
            );
        }
        let row = (self.number - self.chunk.runs.start) * self.chunk.members.len() + member;
        let count = measures.len();
        results.numbers[row * count..(row + 1) * count].copy_from_slice(&measures);
        if self.blueprint.keeps(self.number) {
            self.keep(signals, member, results);
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
