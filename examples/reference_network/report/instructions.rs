//! The section on instructions.

use std::error::Error;
use std::fmt::Write as _;

use crate::measured::count::instructions;

const HEAD: &str = "
## Instructions

Instructions for each node, step and member on one thread, every series summed up, counted by callgrind: the difference of runs of 1000 and
11 000 days, within the run alone. They do not depend on what else the machine does. Callgrind hides the widest registers of a processor,
so that the loops count here as they run on older ones.

| members | engine | floor | engine ÷ floor |
|---:|---:|---:|---:|
";

/// The section; none where callgrind is not at hand.
///
/// # Errors
/// Where a run fails.
pub(super) fn section() -> Result<Option<String>, Box<dyn Error>> {
    let Some(rows) = instructions(&std::env::current_exe()?)? else {
        return Ok(None);
    };
    let mut text = HEAD.to_owned();
    for row in rows {
        let (engine, floor) = (row.engine, row.floor);
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| {} | {engine:.1} | {floor:.1} | {:.1} |",
            row.members,
            engine / floor
        );
    }
    Ok(Some(text))
}
