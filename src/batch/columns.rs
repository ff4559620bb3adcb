//! Columns of measures, read back from finished chunks: a few measures of all runs, one run at a time.
//!
//! Chunks hold rows of members. So many measures are taken in one pass that memory holds some tens of megabytes of
//! them, however many members there are.

use std::ops::Range;

use super::blueprint::{Blueprint, Chunk};
use super::work::{Work, WorkError};

/// Numbers that are held at once, about: 32 MB.
const AT_ONCE: usize = 4 << 20;

/// Fewest measures of a pass: of a million members they are 128 MB.
const FEWEST: usize = 8;

/// Columns of a measure that are held at once: those of a run and of the one that it differs from.
const COLUMNS: usize = 2;

/// The measures of each pass.
pub fn passes(blueprint: &Blueprint) -> impl Iterator<Item = Range<usize>> {
    let (all, at_once) = (blueprint.measures.len(), measures_at_once(blueprint));
    let passes = (0..all).step_by(at_once);
    passes.map(move |first| first..(first + at_once).min(all))
}

fn measures_at_once(blueprint: &Blueprint) -> usize {
    let at_once = AT_ONCE / (COLUMNS * blueprint.members as usize);
    at_once.max(FEWEST)
}

/// Numbers that a pass holds.
pub fn held(blueprint: &Blueprint) -> usize {
    let measures = measures_at_once(blueprint).min(blueprint.measures.len());
    COLUMNS * measures * blueprint.members as usize
}

/// Hands over the columns of some measures, run after run: the run, and of each measure a number of each member.
///
/// # Errors
/// What the system refuses.
pub fn each_run(
    work: &Work,
    blueprint: &Blueprint,
    chunks: &[Chunk],
    measures: &Range<usize>,
    mut take: impl FnMut(usize, &[Vec<f64>]),
) -> Result<(), WorkError> {
    let (all, members) = (blueprint.measures.len(), blueprint.members as usize);
    let columns = measures.clone().map(|_| Vec::with_capacity(members));
    let mut columns: Vec<Vec<f64>> = columns.collect();
    for chunk in chunks {
        let numbers = work.numbers_of(chunk)?.read(0, chunk.rows() * all)?;
        for (run, rows) in chunk
            .runs
            .clone()
            .zip(numbers.chunks(all * chunk.members.len()))
        {
            for row in rows.chunks(all) {
                let own = columns.iter_mut().zip(&row[measures.clone()]);
                own.for_each(|(column, number)| column.push(*number));
            }
            if chunk.members.end == members {
                take(run, &columns);
                columns.iter_mut().for_each(Vec::clear);
            }
        }
    }
    Ok(())
}
