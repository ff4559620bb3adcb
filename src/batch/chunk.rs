//! Computes a chunk: some members of some runs, side by side in the engine's lanes.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::blueprint::{Blueprint, Chunk};
use super::group::{Group, Own};
use super::world::World;
use crate::engine::{Block, Ensemble, Member, Series};
use crate::hydrology::generator::Values;
use crate::ledger::{Forms, Imbalance, Sheet};

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
    let task = Task {
        blueprint,
        chunk,
        water: &water,
    };
    let mut group: Option<Group> = None;
    for number in chunk.runs.clone() {
        let run = match world.run(number) {
            Ok(run) => run,
            Err(faults) => {
                results.failures.push(Failure {
                    run: number + 1,
                    member: None,
                    what: faults.to_string(),
                });
                continue;
            }
        };
        let alone = match &mut group {
            Some(group) => group.take(number, run),
            None => Some(run),
        };
        if let Some(run) = alone
            && let Some(before) = group.replace(Group::of(number, run))
        {
            task.compute(&before, &mut results);
        }
    }
    if let Some(group) = group {
        task.compute(&group, &mut results);
    }
    results
        .failures
        .sort_by_key(|failure| (failure.run, failure.member));
    results
}

/// Members of the runs of a chunk.
struct Task<'a> {
    blueprint: &'a Blueprint,
    chunk: &'a Chunk,
    /// The water of each member: site, month.
    water: &'a [Values],
}

/// What is known of members that run side by side.
struct Lanes {
    /// Signals: (signal, step, lane).
    months: Vec<f64>,
    sheet: Sheet,
}

/// Members whose signals are taken out of the lanes at once: as many numbers as stand in a line of the cache.
const AT_ONCE: usize = 8;

impl Lanes {
    /// The signals of some lanes of so many: lane, signal, month.
    fn of_members(&self, signals: usize, width: usize, lanes: &Range<usize>) -> Vec<Vec<Vec<f64>>> {
        let steps = self.months.len() / (signals * width).max(1);
        let mut all = vec![vec![vec![0.0; steps]; signals]; lanes.len()];
        for (signal, rows) in self.months.chunks((steps * width).max(1)).enumerate() {
            for (step, row) in rows.chunks(width).enumerate() {
                for (own, number) in all.iter_mut().zip(&row[lanes.clone()]) {
                    own[signal][step] = *number;
                }
            }
        }
        all
    }
}

impl Task<'_> {
    fn compute(&self, group: &Group, results: &mut Results) {
        let (plan, watch, tally) = (group.plan(), &group.watch, &group.tally);
        let of_each = self.water.len();
        let members = group.members(of_each);
        let patches = group.patches();
        let own = |member: usize| &group.runs[member / of_each];
        let bring = |member: usize| {
            let values = &self.water[member % of_each];
            own(member).water.numbers(plan, values)
        };
        let series: Vec<Series> = watch.series.iter().chain(&tally.series).copied().collect();
        let ensemble = Ensemble::new(plan, &members)
            .bringing(group.columns(), &bring)
            .patched(&patches)
            .lanes(LANES);
        let ready = ensemble.keeping(&series);
        let width = ready.lanes().next_power_of_two();
        let lanes = Mutex::new(Lanes {
            months: vec![0.0; watch.signals.len() * plan.steps() * width],
            sheet: Sheet::starting(Vec::new()),
        });
        let results = Mutex::new(results);
        ready.each(&|block: Block| {
            let mut lanes = lanes.lock().unwrap_or_else(PoisonError::into_inner);
            let places = block.first_member..block.first_member + block.members;
            if block.first_step == 0 {
                lanes.sheet = Sheet::starting(stored(&members[places.clone()], block.lanes));
            }
            let forms: Vec<Forms> = places
                .clone()
                .zip(block.brought)
                .map(|(member, brought)| Forms {
                    formed: &own(member).formed,
                    brought,
                })
                .collect();
            for (at, numbers) in block.numbers.chunks(series.len() * block.lanes).enumerate() {
                let step = block.first_step + at;
                let (watched, tallied) = numbers.split_at(watch.series.len() * block.lanes);
                tally.step((step, plan.months[step]), tallied, &forms, &mut lanes.sheet);
                for signal in 0..watch.signals.len() {
                    let first = (signal * plan.steps() + step) * block.lanes;
                    let into = &mut lanes.months[first..first + block.lanes];
                    watch.fill(plan, step, signal, watched, into);
                }
                if step + 1 == plan.steps() {
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    for first in (0..block.members).step_by(AT_ONCE) {
                        let some = first..block.members.min(first + AT_ONCE);
                        let signals = lanes.of_members(watch.signals.len(), block.lanes, &some);
                        for (lane, signals) in some.zip(signals) {
                            let member = block.first_member + lane;
                            let done = Done {
                                group,
                                own: own(member),
                                member: member % of_each,
                                signals,
                                open: lanes.sheet.open[lane].as_deref(),
                            };
                            self.judge(&done, &mut results);
                        }
                    }
                }
            }
        });
    }

    /// Puts down the measures and series of a member, or why it has none.
    fn judge(&self, done: &Done, results: &mut Results) {
        let (seconds, signals) = (&done.group.plan().seconds, &done.signals);
        if let Some(what) = fails(done.open, signals) {
            results.failures.push(Failure {
                run: done.own.number + 1,
                member: Some(self.chunk.members.start + done.member + 1),
                what,
            });
            return;
        }
        let mut measures = Vec::with_capacity(self.blueprint.measures.len());
        for family in &done.own.families {
            family.judge(&signals[family.signal], seconds, &mut measures);
        }
        let run = done.own.number - self.chunk.runs.start;
        let row = run * self.chunk.members.len() + done.member;
        let count = measures.len();
        results.numbers[row * count..(row + 1) * count].copy_from_slice(&measures);
        if self.blueprint.keeps(done.own.number) {
            self.keep(done, results);
        }
    }

    fn keep(&self, done: &Done, results: &mut Results) {
        let members = self.chunk.members.len();
        for (series, kept) in done.group.kept.iter().enumerate() {
            let months = &done.signals[kept.signal];
            let first = self.chunk.place_of(self.blueprint, done.own.number, series) + done.member;
            let cells = results.numbers[first..].iter_mut().step_by(members);
            if kept.by_month {
                cells.zip(months).for_each(|(cell, month)| *cell = *month);
                continue;
            }
            let what = done.group.watch.signals[kept.signal].what;
            let years = months.chunks(12).map(|year| {
                let sum = year.iter().sum::<f64>();
                if what.adds_up() { sum } else { sum / 12.0 }
            });
            cells.zip(years).for_each(|(cell, year)| *cell = year);
        }
    }
}

/// A member that is done.
struct Done<'a> {
    group: &'a Group,
    own: &'a Own,
    /// Its place among the members of the chunk.
    member: usize,
    /// Its signals, month by month.
    signals: Vec<Vec<f64>>,
    /// The balance that is open.
    open: Option<&'a Imbalance>,
}

/// What members store at the start in all, hm³, in as many lanes; those without a member store nothing.
fn stored(members: &[Member], lanes: usize) -> Vec<f64> {
    let stored = members.iter().map(|member| member.initial.iter().sum());
    stored.chain(std::iter::repeat(0.0)).take(lanes).collect()
}

/// Why a member has no results.
fn fails(open: Option<&Imbalance>, signals: &[Vec<f64>]) -> Option<String> {
    if let Some(imbalance) = open {
        return Some(imbalance.to_string());
    }
    let is_broken = signals.iter().flatten().any(|number| !number.is_finite());
    is_broken.then(|| "a result is no finite number".to_owned())
}
