//! The section on rivers of growing length.

use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use rivershare::engine::Ensemble;

use super::{best, number};
use crate::measured::rivers::{self, LENGTHS, MEMBERS};
use crate::measured::variations;

/// Compilations that take longer are not repeated, s.
const LONGEST: f64 = 0.5;

const HEAD: &str = "
## Rivers by length

A river with a user at four nodes of ten, a reservoir and a minimum flow at one of ten, three classes, over 24 months. The plan is compiled
once; then 96 members run on one thread, with inflows from 0.7 to 1.3 times those of the river, flows and storages summed up.

| nodes | compile, ms | compile, µs a node | run, ns a node, step and member |
|---:|---:|---:|---:|
";

/// The section.
///
/// # Errors
/// Where a river cannot be written or loaded.
pub(super) fn section() -> Result<String, Box<dyn Error>> {
    let mut text = HEAD.to_owned();
    for nodes in LENGTHS {
        let plan = rivers::plan(nodes)?;
        let (members, series) = (
            variations::members(&plan, MEMBERS),
            variations::flows_and_storages(&plan),
        );
        let ensemble = Ensemble::new(&plan, &members);
        let start = Instant::now();
        let ready = ensemble.summing(&series);
        let first = start.elapsed().as_secs_f64();
        // Long rivers compile for seconds: once is enough.
        let compile = match first < LONGEST {
            true => best(|| {
                black_box(ensemble.summing(&series));
            }),
            false => first,
        };
        let run = best(|| {
            black_box(ready.sums());
        });
        let cells = [
            nodes.to_string(),
            number(Some(compile * 1e3)),
            number(Some(compile * 1e6 / nodes as f64)),
            number(Some(run * 1e9 / (nodes * plan.steps() * MEMBERS) as f64)),
        ];
        // Writing to a text cannot fail.
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    Ok(text)
}
