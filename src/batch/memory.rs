//! The memory that a batch needs, about, whatever the number of its members.
//!
//! What is counted are the large lists: what each level of an axis changes; water of members at hand, the numbers that members bring and what each thread
//! watches of them, a chunk's results; then, when all chunks are there, columns of measures, places of samples, groups of
//! rows, and times of series. Chunks are computed before tables are made, so that the greater of both counts.

use std::collections::BTreeSet;

use super::blueprint::{Blueprint, Chunk};
use super::open::Opened;
use super::side_by_side::{LANES, MOST_PLANS};
use super::{assemble, columns, natural, quantiles, summary};
use crate::scenario::Change;

/// Bytes of a number.
const NUMBER: usize = size_of::<f64>();

/// Bytes of where a change is written, for faults.
const WRITTEN: usize = 384;

/// Bytes of the program with a model of some hundred places.
const PROGRAM: usize = 24 << 20;

/// What the system counts for each byte of the many lists of members, which are made and given back all the time.
const FOR_A_BYTE: f64 = 1.3;

/// Bytes of a batch on so many threads.
pub fn bytes(opened: &Opened, threads: usize) -> usize {
    let chunks = opened.blueprint.chunks();
    let computing = computing(opened, &chunks, threads);
    PROGRAM + design(&opened.blueprint) + computing.max(tables(&opened.blueprint))
}

/// What the levels of axes change; of a sampled axis each run has its own.
fn design(blueprint: &Blueprint) -> usize {
    let axes = 0..blueprint.axes.len();
    let levels = axes.map(|axis| {
        let all = blueprint.levels.iter().map(|levels| &levels[axis]);
        all.collect::<BTreeSet<&String>>().len()
    });
    levels.sum::<usize>() * (size_of::<Change>() + WRITTEN)
}

/// While chunks are computed.
fn computing(opened: &Opened, chunks: &[Chunk], threads: usize) -> usize {
    let (world, blueprint) = (&opened.world, &opened.blueprint);
    let Ok(run) = world.run(0) else { return 0 };
    let (months, threads) = (world.base.period.len(), threads.min(chunks.len()));
    let most = |count: &dyn Fn(&Chunk) -> usize| chunks.iter().map(count).max().unwrap_or(0);
    let members = most(&|chunk| chunk.members.len());
    let blocks = chunks
        .iter()
        .filter(|chunk| chunk.runs.contains(&0))
        .count();
    // Threads that end some members stand beside those that begin the next.
    let at_hand = blocks.min(1 + (threads - 1).div_ceil(chunks.len() / blocks.max(1)));
    let sites = world
        .generator
        .as_ref()
        .map_or(0, |generator| generator.record.sites.len());
    let water = at_hand * members * sites * months;
    let brought = LANES * run.water.columns.len() * months;
    // Numbers of users, in which plans differ most, once as columns and once as rows; and what water becomes in each.
    let plans = most(&|chunk| chunk.runs.len()).min(MOST_PLANS);
    let patched = plans * (2 * run.plan.paths.len() + run.water.columns.len()) * months;
    let watched = LANES * run.watch.signals.len() * months;
    let regimes = run.families.iter().filter(|family| family.is_regime());
    let natural = natural::AT_HAND * members * regimes.count() * months;
    // As numbers, and as the bytes of the file.
    let results = 2 * most(&|chunk| chunk.numbers(blueprint));
    let numbers = water + natural + threads * (brought + patched + watched + results);
    (FOR_A_BYTE * (NUMBER * numbers) as f64) as usize
}

/// While tables are made.
fn tables(blueprint: &Blueprint) -> usize {
    let summary = NUMBER * columns::held(blueprint) + summary::bytes_of_samples(blueprint);
    let rows = NUMBER * assemble::held(blueprint);
    let series = NUMBER * quantiles::held(blueprint);
    summary.max(rows).max(series)
}
