//! The engine and the hand-written loop, timed in turn on the same members.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::measured::engine::{self, Manner};
use crate::measured::ensemble::{self, factors};
use crate::measured::floor::{LAKE, RIVER_SERIES, Row, SERIES, SERIES_OF_A_RIVER};
use crate::measured::subject::Subject;

/// Repeats of which the best counts.
const REPEATS: usize = 5;

/// Lanes in which the hand-written loop records series.
const RECORDED_LANES: usize = 16;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    /// Members of the ensemble.
    pub(crate) members: usize,
    /// Threads.
    pub(crate) threads: usize,
    /// Lanes of the engine; as it chooses where none.
    pub(crate) lanes: Option<usize>,
    /// Whether every series is recorded; otherwise each is summed up.
    pub(crate) record: bool,
}

/// Times of wall clock in ns for each node, step and member; none where the engine did not run.
#[derive(Debug, Serialize)]
pub(crate) struct Measurement {
    pub(crate) members: usize,
    pub(crate) threads: usize,
    /// Lanes that the engine used.
    pub(crate) lanes: Option<usize>,
    /// Time in which the engine compiled the plan, ms; it is no part of the others.
    pub(crate) compile_ms: Option<f64>,
    pub(crate) steps: usize,
    pub(crate) nodes: usize,
    pub(crate) record: bool,
    /// The engine on all threads.
    pub(crate) ns_per_node_step_member: Option<f64>,
    /// The hand-written loop on all threads.
    pub(crate) floor_ns_per_node_step_member: f64,
    /// The engine on one thread.
    pub(crate) one_thread_ns_per_node_step_member: Option<f64>,
    /// The hand-written loop on one thread.
    pub(crate) floor_one_thread_ns_per_node_step_member: f64,
    /// How much faster the engine is on all threads than on one.
    pub(crate) threads_gain: Option<f64>,
    /// How much faster the hand-written loop is on all threads than on one.
    pub(crate) floor_threads_gain: f64,
    /// Greatest difference of a sum, as a part of the greatest value of its series in any member.
    pub(crate) max_difference: Option<f64>,
    /// The series of that sum.
    pub(crate) max_difference_series: Option<String>,
}

/// The best of some times.
#[derive(Clone, Copy, Default)]
struct Best(Option<Duration>);

impl Best {
    fn take(&mut self, time: Option<Duration>) {
        self.0 = match (self.0, time) {
            (Some(best), Some(time)) => Some(best.min(time)),
            (best, time) => best.or(time),
        };
    }

    fn ns(self, units: f64) -> Option<f64> {
        Some(self.0?.as_secs_f64() * 1e9 / units)
    }
}

impl Subject {
    /// Measures a task: the loop and the engine take turns, on one thread and on all.
    pub(crate) fn measure(&self, task: Task) -> Measurement {
        let factors = factors(task.members);
        let mut floor = [Best::default(); 2];
        let mut engine = [Best::default(); 2];
        let mut widest = None;
        let mut how = None;
        for _ in 0..REPEATS {
            for (place, threads) in [1, task.threads].into_iter().enumerate() {
                if place == 1 && task.threads == 1 {
                    continue;
                }
                let manner = Manner {
                    lanes: task.lanes,
                    threads,
                };
                if task.record {
                    floor[place].take(Some(self.floor_record(&factors, threads)));
                    engine[place].take(engine::record(&self.network, &self.plan, &factors, manner));
                    continue;
                }
                let (time, expected) = self.floor_sums(&factors, threads);
                floor[place].take(Some(time));
                let outcome = engine::sums(&self.network, &self.plan, &factors, manner);
                engine[place].take(outcome.as_ref().map(|outcome| outcome.time));
                how = outcome
                    .as_ref()
                    .map(|outcome| (outcome.lanes, outcome.compile));
                widest = outcome.map(|outcome| difference(&outcome.sums, &expected));
            }
        }
        Measurement {
            lanes: how.map(|(lanes, _)| lanes),
            compile_ms: how.map(|(_, compile)| compile.as_secs_f64() * 1e3),
            ..self.measurement(task, floor, engine, widest)
        }
    }

    fn measurement(
        &self,
        task: Task,
        floor: [Best; 2],
        engine: [Best; 2],
        widest: Option<(f64, String)>,
    ) -> Measurement {
        let units = (self.floor.steps() * SERIES * task.members) as f64;
        let last = usize::from(task.threads > 1);
        // The loop has run at least once.
        let of_floor = |place: usize| floor[place].ns(units).unwrap_or(f64::NAN);
        let of_engine = |place: usize| engine[place].ns(units);
        let gain = |one: f64, all: f64| one / all;
        Measurement {
            members: task.members,
            threads: task.threads,
            lanes: task.lanes,
            compile_ms: None,
            steps: self.floor.steps(),
            nodes: SERIES,
            record: task.record,
            ns_per_node_step_member: of_engine(last),
            floor_ns_per_node_step_member: of_floor(last),
            one_thread_ns_per_node_step_member: of_engine(0),
            floor_one_thread_ns_per_node_step_member: of_floor(0),
            threads_gain: of_engine(0)
                .zip(of_engine(last))
                .map(|(one, all)| gain(one, all)),
            floor_threads_gain: gain(of_floor(0), of_floor(last)),
            max_difference: widest.as_ref().map(|(part, _)| *part),
            max_difference_series: widest.map(|(_, series)| series),
        }
    }

    fn floor_sums(&self, factors: &[f64], threads: usize) -> (Duration, Vec<[f64; SERIES]>) {
        let start = Instant::now();
        let sums = black_box(ensemble::sums(
            black_box(&self.floor),
            black_box(factors),
            threads,
        ));
        (start.elapsed(), sums)
    }

    fn floor_record(&self, factors: &[f64], threads: usize) -> Duration {
        match factors.len() {
            1 => self.floor_record_in::<1>(factors, 1),
            _ => self.floor_record_in::<RECORDED_LANES>(factors, threads),
        }
    }

    /// Time to record into buffers whose pages have been touched before.
    fn floor_record_in<const W: usize>(&self, factors: &[f64], threads: usize) -> Duration {
        let mut buffers: Vec<Vec<Row<W>>> = (0..threads)
            .map(|_| ensemble::buffer(&self.floor))
            .collect();
        let first = &factors[..threads.min(factors.len())];
        ensemble::record(&self.floor, first, &mut buffers);
        let start = Instant::now();
        ensemble::record(black_box(&self.floor), black_box(factors), &mut buffers);
        let time = start.elapsed();
        black_box(&buffers);
        time
    }
}

/// Greatest difference of two sets of sums, each relative to the greatest value of its series, and the
/// name of that series.
fn difference(found: &[[f64; SERIES]], expected: &[[f64; SERIES]]) -> (f64, String) {
    let of_series = |series: usize| {
        let sums = expected.iter().map(|sums| sums[series].abs());
        let scale = sums.fold(f64::MIN_POSITIVE, f64::max);
        let pairs = found.iter().zip(expected);
        let differences = pairs.map(|(found, expected)| (found[series] - expected[series]).abs());
        // What is no number differs from everything.
        let differences = differences.map(|by| if by.is_nan() { f64::INFINITY } else { by });
        (differences.fold(0.0, f64::max) / scale, name(series))
    };
    let all = (0..SERIES).map(of_series);
    all.fold((0.0, String::new()), |widest, of| {
        if of.0 > widest.0 { of } else { widest }
    })
}

/// Name of a series.
fn name(series: usize) -> String {
    match SERIES_OF_A_RIVER.get(series % RIVER_SERIES) {
        Some(name) if series < LAKE => format!("{name} of river {}", series / RIVER_SERIES + 1),
        _ => "storage of the lake".to_owned(),
    }
}
