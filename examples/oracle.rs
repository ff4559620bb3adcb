//! Compares the allocation with a linear programme of its definition on many random rivers.
//!
//!     cargo run --release --example oracle [-- COUNT SEED [RIVER [curves]]]
//!
//! The rivers depend on the seed alone; with `curves` canals lose by curves. Every 25th is solved by a second method too. Ends with code 1 where
//! anything differs, after printing the tables of the smallest river on which it does.

#[path = "../tests/support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::thread;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use support::case::{Case, cases};
use support::proof::Tally;
use support::random::With;

/// Every so many rivers one is solved by both methods.
const SECOND: u64 = 25;

/// Rivers between two lines of progress.
const PROGRESS: u64 = 500;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |usual: u64| match arguments.next() {
        Some(text) => text.parse().ok(),
        None => Some(usual),
    };
    let (Some(count), Some(seed), Some(first)) = (number(10_000), number(1), number(0)) else {
        eprintln!("usage: cargo run --release --example oracle [-- COUNT SEED [RIVER [curves]]]");
        return ExitCode::from(2);
    };
    let with = match arguments.next().as_deref() {
        Some("curves") => With::CurvedCanals,
        _ => With::Everything,
    };
    match compare(first, count, seed, with) {
        Ok(tally) => {
            println!("{}", summary(&tally));
            ExitCode::SUCCESS
        }
        Err(difference) => {
            println!("{difference}");
            ExitCode::FAILURE
        }
    }
}

/// Compares `count` rivers from one on, on all processors; the first difference by number.
fn compare(first: u64, count: u64, seed: u64, with: With) -> Result<Tally, String> {
    let workers = thread::available_parallelism().map_or(1, |workers| workers.get() as u64);
    let work = |worker: u64| -> Result<Tally, String> {
        let mut tally = Tally::default();
        for river in (first + worker..first + count).step_by(workers as usize) {
            tally = tally.and(compare_one(seed, river, with)?);
            if river.is_multiple_of(PROGRESS) {
                eprintln!("river {river} of {count}");
            }
        }
        Ok(tally)
    };
    let work = &work;
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| scope.spawn(move || work(worker)))
            .collect();
        let tallies = workers.into_iter().map(|worker| {
            let failed = || Err("a thread failed; its message stands above".to_owned());
            worker.join().unwrap_or_else(|_| failed())
        });
        tallies
            .reduce(|one, other| Ok(one?.and(other?)))
            .unwrap_or_else(|| Ok(Tally::default()))
    })
}

fn compare_one(seed: u64, river: u64, with: With) -> Result<Tally, String> {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&river.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &key);
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let tree = cases(with)
        .new_tree(&mut runner)
        .map_err(|reason| reason.to_string())?;
    let tally = std::cell::Cell::new(Tally::default());
    let shrunk = runner.run_one(tree, |case| {
        let checked = case
            .check(river.is_multiple_of(SECOND))
            .map_err(TestCaseError::fail)?;
        tally.set(checked);
        Ok(())
    });
    match shrunk {
        Ok(_) => Ok(tally.get()),
        Err(TestError::Fail(reason, case)) => Err(told(river, &reason.to_string(), &case)),
        Err(error) => Err(format!("river {river}: {error}")),
    }
}

fn told(river: u64, reason: &str, case: &Case) -> String {
    let tables = case.basin.sketch().tables.join("\n");
    format!(
        "{tables}\n\nriver {river}, made as small as it goes: {reason}\n{}",
        case.fixed()
    )
}

fn summary(tally: &Tally) -> String {
    format!(
        "{} networks agree: {} classes, {} of them short of water, {} with several short claims; {} claims \
         compared, greatest difference {:.1e}, {} known no better than their bounds; {} networks checked by the second solver, {} without an answer of it",
        tally.networks,
        tally.classes,
        tally.short_classes,
        tally.shared_classes,
        tally.claims,
        tally.greatest,
        tally.loose,
        tally.second,
        tally.unanswered,
    )
}
