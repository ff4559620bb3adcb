//! Results computed again from the inputs as they are now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Verify;
use crate::batch::blueprint::Blueprint;
use crate::batch::evidence::Identity as OfBatch;
use crate::batch::rerun::{Rerun, sample};
use crate::batch::work::blueprint_of;
use crate::cli::Failure;
use crate::cli::batch::opened;
use crate::faults::counted;
use crate::model::Model;
use crate::outputs::manifest::{Identity, LOG, MANIFEST, hash_of_plan, root_of};
use crate::outputs::report::{Report, hashes_of};
use crate::outputs::rerun::first_difference;
use crate::outputs::tables::{comparison, indicators, tables};
use crate::outputs::verify::other_inputs;
use crate::scenario::Scenario;
use crate::time::TimeStep;

/// Files and folders that a sample compares.
const COMPARED: [&str; 4] = ["blueprint.json", "chunks.csv", "metrics.parquet", "series"];

/// Computes chunks of a batch again; what was done, in words.
pub(super) fn batch(asked: &Verify, identity: &OfBatch, inputs: &Path) -> Result<String, Failure> {
    let place = &asked.folder;
    let published = blueprint_of(place).and_then(|text| serde_json::from_slice(&text).ok());
    let Some(published): Option<Blueprint> = published else {
        let told = format!(
            "{}: cannot be read as a blueprint",
            place.join("blueprint.json").display()
        );
        return Err(Failure::NotVerified(told));
    };
    if OfBatch::of(&published, identity.tables.clone()) != *identity {
        let manifest = place.join(MANIFEST);
        let told = "the identity is not that of blueprint.json";
        return Err(Failure::NotVerified(format!(
            "{}: {told}",
            manifest.display()
        )));
    }
    let file = format!("batches/{}.toml", published.batch);
    let file = asked.file.clone().unwrap_or_else(|| inputs.join(file));
    let opened = opened(&file, inputs)?;
    refuse_others(inputs, &published, &opened.blueprint)?;
    let stop = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&stop);
    // Without a handler an interruption ends the program as ever, and what was put aside stays.
    let _ = ctrlc::set_handler(move || heard.store(true, Ordering::Relaxed));
    let rerun = Rerun {
        place,
        blueprint: &published,
        world: &opened.world,
        stop: &stop,
    };
    let all = counted(published.chunks().len(), "chunk");
    let (difference, told) = match asked.rerun_sample {
        Some(count) => {
            let chunks = sample(&published, &root_of(identity), count);
            let told = told_of_sample(identity, &published);
            let told = format!("{} of {all} computed again, {told}", chunks.len());
            (rerun.of_sample(&chunks)?, told)
        }
        None => (
            rerun.of_all()?,
            format!(
                "{all} computed again and every file but {LOG} made anew, every byte is the same"
            ),
        ),
    };
    match difference {
        Some(difference) => Err(differs(place, &difference)),
        None => Ok(told),
    }
}

/// What a sample has compared, and which files it has not.
fn told_of_sample(identity: &OfBatch, blueprint: &Blueprint) -> String {
    let is_full = blueprint.series.iter().any(|series| series.full);
    let compared = match is_full && !blueprint.kept_runs.is_empty() {
        true => "their hashes, measures in metrics.parquet and values in series are the same",
        false => "their hashes and measures in metrics.parquet are the same",
    };
    let of_folders = identity
        .tables
        .keys()
        .map(|file| match file.split_once('/') {
            Some((folder, _)) => folder,
            None => file,
        });
    // Chunks and numbers are compared; the blueprint is that of the inputs.
    let is_left = |name: &&str| !COMPARED.contains(name);
    let left: BTreeSet<&str> = of_folders.filter(is_left).collect();
    let left: Vec<&str> = left.into_iter().collect();
    format!(
        "{compared}\nnot made again, as --rerun does: {}, labels of rows, other chunks",
        left.join(", ")
    )
}

/// Refuses inputs that are not those of the published batch.
fn refuse_others(inputs: &Path, published: &Blueprint, now: &Blueprint) -> Result<(), Failure> {
    let mut others = other_inputs(&published.inputs, &now.inputs);
    if others.is_empty() {
        // Another version may give the same numbers: whether it does is what is asked.
        let version = published.version.clone();
        let same = Blueprint {
            version,
            ..now.clone()
        };
        if same != *published {
            others.push(match published.generator == now.generator {
                true => {
                    "the inputs are the same, but the program makes another plan of them".to_owned()
                }
                false => "the generator is another one now".to_owned(),
            });
        }
    }
    refuse(inputs, &published.version, &others)
}

fn refuse(inputs: &Path, version: &str, others: &[String]) -> Result<(), Failure> {
    if others.is_empty() {
        return Ok(());
    }
    let own = env!("CARGO_PKG_VERSION");
    let lines = others.join("\n");
    Err(Failure::NotVerified(format!(
        "{lines}\n    hint      the results were made by version {version} from other inputs than those of {}; this is version {own}",
        inputs.display()
    )))
}

/// Runs the scenarios of a folder again.
pub(super) fn scenario(asked: &Verify, identity: &Identity, inputs: &Path) -> Result<(), Failure> {
    let files: Vec<PathBuf> = asked.file.iter().cloned().collect();
    let model = Model::load(inputs, &files)?;
    let others = |of: &dyn Fn(&Scenario) -> Scenario| -> Result<Vec<String>, Failure> {
        let now = inputs_now(identity, inputs, &model, of)?;
        Ok(other_inputs(&identity.inputs, &now))
    };
    let as_asked = others(&|scenario| asked.asked.of(scenario))?;
    // A run by days rests on no kept sets: where another step explains all, the plan tells of it.
    let at = |time_step| {
        others(&|scenario| Scenario {
            time_step,
            ..scenario.clone()
        })
    };
    if !at(TimeStep::Month)?.is_empty() && !at(TimeStep::Day)?.is_empty() {
        refuse(inputs, &identity.version, &as_asked)?;
    }
    let mut reports = Vec::new();
    for name in identity.scenario.split(", ") {
        let Some(scenario) = model.scenarios.get(name) else {
            let told = format!("{}: no scenario `{name}`", inputs.display());
            return Err(Failure::NotVerified(told));
        };
        reports.push(Report::of(&model, inputs, &asked.asked.of(scenario))?);
    }
    if let [report] = &reports[..]
        && hash_of_plan(&report.run.computed().plan) != identity.plan
    {
        let told = "the inputs are the same, but give another plan\n    hint      where `run` had a --period or --step, give the same here";
        let place = asked.folder.display();
        return Err(Failure::NotVerified(format!("{place}: {told}")));
    }
    refuse(inputs, &identity.version, &as_asked)?;
    let again = match &reports[..] {
        [report] => tables(report),
        reports => {
            let named = reports
                .iter()
                .map(|r| (r.run.scenario.name.clone(), indicators(r)));
            vec![comparison(&named.collect::<Vec<_>>())]
        }
    };
    let found = first_difference(&asked.folder, &identity.tables, &again);
    match found.map_err(|cause| Failure::write(&asked.folder, cause.into()))? {
        Some(difference) => Err(differs(&asked.folder, &difference)),
        None => Ok(()),
    }
}

/// SHA-256 of every input file on which the same scenarios rest now, changed as `of` says.
fn inputs_now(
    identity: &Identity,
    inputs: &Path,
    model: &Model,
    of: &dyn Fn(&Scenario) -> Scenario,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut now = model.evidence.hashes.clone();
    for name in identity.scenario.split(", ") {
        // Of one that is gone, there is nothing but the model.
        if let Some(scenario) = model.scenarios.get(name) {
            now.extend(hashes_of(model, inputs, &of(scenario))?);
        }
    }
    Ok(now)
}

fn differs(place: &Path, difference: &impl std::fmt::Display) -> Failure {
    Failure::NotVerified(format!("{}/{difference}", place.display()))
}
