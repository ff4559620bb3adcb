//! Members without results, saved by their coordinates so that each can be run again alone.

use std::path::Path;

use serde::Serialize;

use super::blueprint::Blueprint;
use super::chunk::Failure;
use super::durable::write_whole;
use super::work::WorkError;

/// Members without results that are saved one by one; `failures.csv` names all.
pub const SAVED: usize = 1000;

/// What is needed to run a member again.
#[derive(Serialize)]
struct Saved<'a> {
    batch: &'a str,
    blueprint: String,
    run: usize,
    member: Option<usize>,
    levels: Vec<(&'a str, &'a str)>,
    seed: Option<u32>,
    generator: Option<&'a str>,
    what: &'a str,
    replay: String,
}

/// Saves members without results in the folder `failures`, the first [`SAVED`] of them.
///
/// # Errors
/// What the system refuses.
pub fn save(place: &Path, blueprint: &Blueprint, failures: &[Failure]) -> Result<(), WorkError> {
    let folder = place.join("failures");
    let refused = |cause| WorkError::Write {
        path: folder.clone(),
        cause,
    };
    // What an earlier session saved may not be among the first of all.
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(refused)?;
    }
    if failures.is_empty() {
        return Ok(());
    }
    std::fs::create_dir_all(&folder).map_err(refused)?;
    for failure in failures.iter().take(SAVED) {
        let names = blueprint.axes.iter().map(|(name, _)| name.as_str());
        let levels = blueprint.levels[failure.run - 1].iter().map(String::as_str);
        let member = failure.member.unwrap_or(1);
        let saved = Saved {
            batch: &blueprint.batch,
            blueprint: blueprint.hash(),
            run: failure.run,
            member: failure.member,
            levels: names.zip(levels).collect(),
            seed: blueprint.seed,
            generator: blueprint.generator.as_deref(),
            what: &failure.what,
            replay: format!(
                "rivershare batch {}.toml --replay {}:{member}",
                blueprint.batch, failure.run
            ),
        };
        let text = serde_json::to_string_pretty(&saved).unwrap_or_default() + "\n";
        let name = format!("run-{}-member-{member}.json", failure.run);
        write_whole(&folder, &name, text.as_bytes())?;
    }
    Ok(())
}
