//! Members without results: saved by their coordinates, and run again one at a time.

use std::path::Path;

use serde::Serialize;

use super::{Failure, SAVED, Voice};
use crate::batch::blueprint::Blueprint;
use crate::batch::chunk::Failure as Failed;
use crate::batch::durable::write_whole;
use crate::batch::natural::Natural;
use crate::batch::open::Opened;
use crate::batch::work::WorkError;
use crate::results::simulate_plan;

/// A member of a run, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coordinates {
    run: usize,
    member: usize,
}

impl std::str::FromStr for Coordinates {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once(':').and_then(|(run, member)| {
            Some((run.parse::<usize>().ok()?, member.parse::<usize>().ok()?))
        });
        match numbers {
            Some((run, member)) if run > 0 && member > 0 => Ok(Self { run, member }),
            _ => Err("expected RUN:MEMBER, both from 1, for instance 12:7".to_owned()),
        }
    }
}

impl Coordinates {
    /// Runs the member with every flux recorded, and audits every node.
    pub(super) fn run(self, opened: &Opened, voice: Voice) -> Result<(), Failure> {
        let (world, blueprint) = (&opened.world, &opened.blueprint);
        if self.run > blueprint.runs() || self.member > blueprint.members as usize {
            let (runs, members) = (blueprint.runs(), blueprint.members);
            return Err(Failure::NoSuchMember { runs, members });
        }
        let run = world.run(self.run - 1)?;
        let water = world.water_of(self.member - 1..self.member);
        let (scenario, natural) = (
            world.scenario(self.run - 1),
            world.natural(self.run - 1, &run)?,
        );
        for values in water.iter() {
            let plan = run
                .water
                .put(&run.plan, &run.water.numbers(&run.plan, values));
            simulate_plan(&world.model, &scenario, plan)?;
            if let Some(Natural { plan, water, .. }) = &natural {
                let plan = water.put(plan, &water.numbers(plan, values));
                simulate_plan(&world.model, &scenario.natural(), plan)?;
            }
        }
        voice.say(
            "replayed",
            &format!(
                "run {}, member {}: every balance closes",
                self.run, self.member
            ),
        );
        Ok(())
    }
}

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
pub(super) fn save(
    place: &Path,
    blueprint: &Blueprint,
    failures: &[Failed],
) -> Result<(), Failure> {
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
