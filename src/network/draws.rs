//! Draws of the synthetic years: alternative columns that inflow files have in common.

use super::{Network, NodeKind};
use crate::faults::{Fault, counted, listed};
use crate::inputs::folder::Folder;
use crate::inputs::series::Series;

/// How the column of a draw begins; its number follows.
const DRAW: &str = "draw_";

/// The dated series of inflows.
pub fn inflow_series(network: &Network) -> impl Iterator<Item = &Series> {
    network.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::Inflow(inflow) => inflow.flow.dated(),
        _ => None,
    })
}

/// How the inflows came about, in the words of their files; empty where all are observed.
pub fn reconstructed(network: &Network) -> Vec<String> {
    let mut words: Vec<String> = inflow_series(network)
        .flat_map(|series| series.quality.iter().flatten())
        .filter(|word| *word != "observed")
        .cloned()
        .collect();
    words.sort();
    words.dedup();
    words
}

/// Columns `draw_…` of all inflow files, in order of their numbers.
pub fn draw_columns(network: &Network) -> Vec<String> {
    in_order(inflow_series(network).flat_map(draws_of))
}

/// Refuses inflow files with other draws than the rest: a draw is one history of all rivers. A file without draws
/// gives its one series to each.
pub(super) fn refuse_uneven_draws(folder: &Folder, network: &Network) {
    let all = draw_columns(network);
    let mut drawn: Vec<&Series> = inflow_series(network)
        .filter(|series| draws_of(series).next().is_some())
        .collect();
    drawn.sort_by(|one, other| one.file.cmp(&other.file));
    drawn.dedup_by(|one, other| one.file == other.file);
    for series in &drawn {
        let missing = all.iter().filter(|draw| series.column(draw).is_none());
        let missing: Vec<&str> = missing.map(String::as_str).collect();
        let Some(first) = missing.first() else {
            continue;
        };
        let others = drawn.iter().filter(|other| other.column(first).is_some());
        let others: Vec<String> = others.map(|other| folder.shown(&other.file)).collect();
        folder.fault(Fault {
            file: folder.shown(&series.file),
            line: 0,
            place: "header".to_owned(),
            found: format!(
                "{}, without {}",
                counted(draws_of(series).count(), "draw"),
                listed(missing.iter().copied())
            ),
            expected: "the same draws in all inflow files that have any".to_owned(),
            hint: format!("`{first}` stands in {}", some(&others)),
        });
    }
}

/// Names without units of the draws of a series.
fn draws_of(series: &Series) -> impl Iterator<Item = (u32, &str)> {
    let columns = series.columns.iter();
    columns.filter_map(|(name, _)| Some((name.strip_prefix(DRAW)?.parse().ok()?, name.as_str())))
}

fn in_order<'a>(draws: impl Iterator<Item = (u32, &'a str)>) -> Vec<String> {
    let mut draws: Vec<(u32, &str)> = draws.collect();
    draws.sort_unstable();
    draws.dedup();
    draws.into_iter().map(|(_, name)| name.to_owned()).collect()
}

/// The first of some files, and how many others there are.
fn some(files: &[String]) -> String {
    match files {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [first, others @ ..] => {
            format!("`{first}` and {}", counted(others.len(), "other file"))
        }
    }
}
