//! Computes the chunks that are missing, on several threads, until all are there or somebody says stop.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::blueprint::{Blueprint, Chunk};
use super::chunk::{Failure, compute};
use super::work::{Work, WorkError};
use super::world::World;

/// Watches a batch while it is computed.
pub trait Observer: Sync {
    /// A chunk is finished; so many members of runs are done with it.
    fn finished(&self, rows: usize);
}

/// How a batch ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All chunks are there.
    Complete,
    /// It was asked to stop.
    Stopped,
    /// A member has no results, and nobody said to go on.
    Failed(Vec<Failure>),
}

/// How a batch is computed.
#[derive(Debug)]
pub struct Manner<'a> {
    /// Threads; all processors where 0.
    pub threads: usize,
    /// Whether members without results stop nothing.
    pub keep_going: bool,
    /// Set when no other chunk is to be begun.
    pub stop: &'a AtomicBool,
}

/// Computes all of `chunks` that are not finished. No number depends on the threads or on the order.
///
/// # Errors
/// What the system refuses; chunks that are finished stay so.
pub fn drive(
    world: &World,
    blueprint: &Blueprint,
    work: &Work,
    chunks: &[Chunk],
    manner: &Manner,
    observer: &impl Observer,
) -> Result<Ended, WorkError> {
    let missing = chunks.iter().filter(|chunk| !work.has(chunk));
    let mut missing: Vec<&Chunk> = missing.collect();
    missing.sort_by_key(|chunk| chunk.by_members());
    let halted = AtomicBool::new(false);
    let compute_one = |chunk: &Chunk| -> Result<Vec<Failure>, WorkError> {
        if manner.stop.load(Ordering::Relaxed) || halted.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        let results = compute(world, blueprint, chunk);
        if !results.failures.is_empty() && !manner.keep_going {
            halted.store(true, Ordering::Relaxed);
            return Ok(results.failures);
        }
        work.finish(chunk, &results)
            .inspect_err(|_| halted.store(true, Ordering::Relaxed))?;
        observer.finished(chunk.rows());
        Ok(Vec::new())
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(manner.threads)
        .build();
    let next = AtomicUsize::new(0);
    // One at a time to each thread, in their order, so that few members are at hand at once.
    let compute_some = || -> Result<Vec<Failure>, WorkError> {
        let mut failures = Vec::new();
        while let Some(chunk) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
            failures.extend(compute_one(chunk)?);
        }
        Ok(failures)
    };
    let outcomes = match pool {
        Ok(pool) => pool.broadcast(|_| compute_some()),
        // A system that gives no threads still has this one.
        Err(_) => vec![compute_some()],
    };
    // Tables need none of it.
    world.let_go();
    let mut failures = Vec::new();
    for outcome in outcomes {
        failures.extend(outcome?);
    }
    failures.sort_by_key(|failure| (failure.run, failure.member));
    Ok(match chunks.iter().all(|chunk| work.has(chunk)) {
        _ if !failures.is_empty() => Ended::Failed(failures),
        true => Ended::Complete,
        false => Ended::Stopped,
    })
}
