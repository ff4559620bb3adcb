//! A run whose instructions are counted from outside, and callgrind as the counter.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use clap::ValueEnum;
use rivershare::time::Period;

use super::definition;
use super::engine::{self, Manner};
use super::ensemble::{self, factors};
use super::floor::SERIES;
use super::subject::Subject;

/// What runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Of {
    Engine,
    Floor,
}

impl Of {
    fn word(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Floor => "floor",
        }
    }
}

/// One run on one thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// What runs.
    pub(crate) of: Of,
    /// Days that it covers at least: the fewest whole months that hold them.
    pub(crate) days: usize,
    /// Members.
    pub(crate) members: usize,
    /// Members that the engine runs side by side, where they are named.
    pub(crate) lanes: Option<usize>,
}

impl Run {
    /// Runs once and tells how many steps there were.
    ///
    /// # Errors
    /// Where the network cannot be written or loaded.
    pub(crate) fn once(self, seed: u64) -> Result<usize, Box<dyn Error>> {
        let subject = Subject::generated(months_of(self.days), seed)?;
        let factors = factors(self.members);
        match self.of {
            Of::Floor => {
                let sums = counted(|| ensemble::sums(&subject.floor, &factors, 1));
                drop(black_box(sums));
            }
            Of::Engine => {
                let (lanes, threads) = (self.lanes, 1);
                let manner = Manner { lanes, threads };
                let outcome = engine::sums(&subject.network, &subject.plan, &factors, manner);
                let outcome = outcome.ok_or("the engine lacks a series of the network")?;
                println!("{:?}", outcome.time);
            }
        }
        Ok(subject.floor.steps())
    }
}

/// Runs what is to be counted: callgrind counts within this function alone.
#[inline(never)]
pub(crate) fn counted<T>(run: impl FnOnce() -> T) -> T {
    black_box(run())
}

/// Days of a short and a long run, whose difference leaves out what a run does once.
const DAYS: [usize; 2] = [1_000, 11_000];

/// Numbers of members that are counted: alone, and side by side.
pub(crate) const MEMBERS: [usize; 2] = [1, 16];

/// Instructions for a node, step and member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instructions {
    /// Members.
    pub(crate) members: usize,
    /// Of the engine.
    pub(crate) engine: f64,
    /// Of the loop written by hand.
    pub(crate) floor: f64,
}

/// Counts instructions of a program that takes `--count`, `--of` and `--members` and then runs once; none where
/// callgrind is not at hand.
///
/// # Errors
/// Where a run fails, or tells no counts.
pub(crate) fn instructions(program: &Path) -> Result<Option<Vec<Instructions>>, Box<dyn Error>> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Ok(None);
    }
    let row = |members: usize| -> Result<Instructions, Box<dyn Error>> {
        Ok(Instructions {
            members,
            engine: of_a_step(program, Of::Engine, members)?,
            floor: of_a_step(program, Of::Floor, members)?,
        })
    };
    let rows: Result<Vec<_>, _> = MEMBERS.into_iter().map(row).collect();
    rows.map(Some)
}

/// Instructions for a node, step and member.
fn of_a_step(program: &Path, of: Of, members: usize) -> Result<f64, Box<dyn Error>> {
    let [short, long] = DAYS.map(|days| collected(program, of, members, days));
    let (short, long) = (short?, long?);
    let [few, many] = DAYS.map(steps_of);
    let steps = (many - few) as f64;
    Ok((long - short) as f64 / (SERIES as f64 * steps * members as f64))
}

/// Instructions of one run.
fn collected(program: &Path, of: Of, members: usize, days: usize) -> Result<u64, Box<dyn Error>> {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*count*counted*")
        .arg(program)
        .args(["--count", &days.to_string(), "--of", of.word()])
        .args(["--members", &members.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&run.stderr);
    let number = said
        .lines()
        .find_map(|line| line.split("Collected : ").nth(1));
    let number = number.and_then(|text| text.trim().parse().ok());
    let number = number.filter(|number| *number > 0 && run.status.success());
    number.ok_or_else(|| format!("callgrind counted nothing: {said}").into())
}

/// Days of the months of a run.
fn steps_of(days: usize) -> usize {
    let months = months_of(days).months();
    months.map(|month| month.days() as usize).sum()
}

/// The fewest months from the beginning of the definition's period that hold so many days.
fn months_of(days: usize) -> Period {
    let mut period = definition::period();
    period.last = period.first;
    let held =
        |period: Period| -> usize { period.months().map(|month| month.days() as usize).sum() };
    while held(period) < days {
        period.last = period.last.plus(1);
    }
    period
}
