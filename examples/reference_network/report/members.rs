//! The section on ensembles of growing size.

use std::error::Error;
use std::fmt::Write as _;

use super::{dash, number};
use crate::measure::Task;
use crate::measured::definition;
use crate::measured::inflows::SEED;
use crate::measured::subject::Subject;

/// Sizes of the ensembles.
const MEMBERS: [usize; 6] = [1, 10, 100, 1_000, 10_000, 100_000];

const HEAD: &str = "
## Ensembles by size

The first ten years (3 652 days) of the reference network on one thread, every series summed up.

| members | side by side | engine | floor | engine ÷ floor | engine, µs a member |
|---:|---:|---:|---:|---:|---:|
";

/// The section.
///
/// # Errors
/// Where the network cannot be written or loaded.
pub(super) fn section(lanes: Option<usize>) -> Result<String, Box<dyn Error>> {
    let subject = Subject::generated(definition::years(10), SEED)?;
    let mut text = HEAD.to_owned();
    for members in MEMBERS {
        let of = subject.measure(Task {
            members,
            threads: 1,
            lanes,
            record: false,
        });
        let (engine, floor) = (of.ns_per_node_step_member, of.floor_ns_per_node_step_member);
        let cells = [
            members.to_string(),
            of.lanes.map_or_else(dash, |lanes| lanes.to_string()),
            number(engine),
            number(Some(floor)),
            number(engine.map(|engine| engine / floor)),
            number(engine.map(|engine| engine * (of.nodes * of.steps) as f64 / 1e3)),
        ];
        // Writing to a text cannot fail.
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    Ok(text)
}
