//! Computes a chunk: some members of some runs.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::blueprint::{Blueprint, Chunk};
use super::measure::Family;
use super::natural::Flows;
use super::side_by_side::{SideBySide, Signals};
use super::signal::Watch;
use super::water::MemberWater;
use super::world::{Kept, Run, World};
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
    let task = Task {
        blueprint,
        chunk,
        water: &water,
    };
    let mut team: Option<Team> = None;
    for number in chunk.runs.clone() {
        let (run, natural) = match with_twin(world, number, chunk, &water) {
            Ok(found) => found,
            Err(faults) => {
                results.failures.push(Failure {
                    run: number + 1,
                    member: None,
                    what: faults.to_string(),
                });
                continue;
            }
        };
        let alone = match &mut team {
            Some(team) => team.join(number, run, natural),
            None => Some((run, natural)),
        };
        if let Some((run, natural)) = alone
            && let Some(before) = team.replace(Team::of(number, run, natural))
        {
            task.compute(&before, &mut results);
        }
    }
    if let Some(team) = team {
        task.compute(&team, &mut results);
    }
    results
        .failures
        .sort_by_key(|failure| (failure.run, failure.member));
    results
}

/// The natural flows of the members of a chunk, where they are asked for.
type Natural = Option<Arc<Flows>>;

/// A run, and the natural flows of the members of a chunk where they are asked for.
fn with_twin<'w>(
    world: &'w World,
    run: usize,
    chunk: &Chunk,
    water: &MemberWater,
) -> Result<(Run<'w>, Natural), Faults> {
    let own = world.run(run)?;
    let natural = world.natural(run, &own)?;
    let flows = natural.map(|natural| world.natural_flows(&natural, &chunk.members, water));
    Ok((own, flows))
}

/// Runs that are computed side by side.
struct Team {
    side: SideBySide,
    watch: Watch,
    kept: Vec<Kept>,
    runs: Vec<Judged>,
}

/// How a run is judged.
struct Judged {
    /// Its number, from 0.
    number: usize,
    families: Vec<Family>,
    natural: Natural,
}

impl Team {
    fn of(number: usize, run: Run, natural: Natural) -> Self {
        let judged = Judged {
            number,
            families: run.families,
            natural,
        };
        Self {
            side: SideBySide::of(run.network, run.plan, run.water, run.watch.clone()),
            watch: run.watch,
            kept: run.kept,
            runs: vec![judged],
        }
    }

    /// Takes in a run; gives it back where it cannot be computed beside the others.
    fn join<'a>(
        &mut self,
        number: usize,
        run: Run<'a>,
        natural: Natural,
    ) -> Option<(Run<'a>, Natural)> {
        if run.kept != self.kept {
            return Some((run, natural));
        }
        if let Some((plan, water)) = self.side.take(run.plan, run.water, &run.watch) {
            return Some((Run { plan, water, ..run }, natural));
        }
        self.runs.push(Judged {
            number,
            families: run.families,
            natural,
        });
        None
    }
}

/// Members of the runs of a chunk.
struct Task<'a> {
    blueprint: &'a Blueprint,
    chunk: &'a Chunk,
    water: &'a MemberWater,
}

/// A member that is done: its run, and its place among the members of the chunk.
struct Done<'a> {
    team: &'a Team,
    run: &'a Judged,
    member: usize,
    signals: Signals<'a>,
}

impl Task<'_> {
    fn compute(&self, team: &Team, results: &mut Results) {
        team.side.each(self.water, |place, member, signals| {
            let run = &team.runs[place];
            let both = signals.and_then(|signals| Ok((signals, natural_of(run, member)?)));
            match both {
                Ok((signals, natural)) => {
                    let done = Done {
                        team,
                        run,
                        member,
                        signals,
                    };
                    self.judge(&done, natural, results);
                }
                Err(what) => results.failures.push(Failure {
                    run: run.number + 1,
                    member: Some(self.chunk.members.start + member + 1),
                    what,
                }),
            }
        });
    }

    /// Puts down the measures and series of a member.
    fn judge(&self, done: &Done, natural: &[Vec<f64>], results: &mut Results) {
        let (number, seconds) = (done.run.number, &done.team.side.plan().seconds);
        let mut measures = Vec::with_capacity(self.blueprint.measures.len());
        for family in &done.run.families {
            let signal = done.signals.months(family.signal);
            family.judge(signal, natural, seconds, &mut measures);
        }
        let row = (number - self.chunk.runs.start) * self.chunk.members.len() + done.member;
        let count = measures.len();
        results.numbers[row * count..(row + 1) * count].copy_from_slice(&measures);
        if self.blueprint.keeps(number) {
            self.keep(done, results);
        }
    }

    fn keep(&self, done: &Done, results: &mut Results) {
        let members = self.chunk.members.len();
        for (series, kept) in done.team.kept.iter().enumerate() {
            let months = done.signals.months(kept.signal);
            let place = self.chunk.place_of(self.blueprint, done.run.number, series);
            let cells = results.numbers[place + done.member..]
                .iter_mut()
                .step_by(members);
            if kept.by_month {
                cells.zip(months).for_each(|(cell, month)| *cell = *month);
                continue;
            }
            let what = done.team.watch.signals[kept.signal].what;
            let years = months.chunks(12).map(|year| {
                let sum = year.iter().sum::<f64>();
                if what.adds_up() { sum } else { sum / 12.0 }
            });
            cells.zip(years).for_each(|(cell, year)| *cell = year);
        }
    }
}

/// The natural flows of a member of a run; none where they are not asked for.
fn natural_of(run: &Judged, member: usize) -> Result<&[Vec<f64>], String> {
    match run.natural.as_ref().map(|flows| &flows[member]) {
        None => Ok(&[]),
        Some(Ok(flows)) => Ok(flows),
        Some(Err(what)) => Err(format!("without use and dams: {what}")),
    }
}
