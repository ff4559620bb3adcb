//! Levels of all storages in the sets of parameters that are kept: how far the shipped parameters may be off.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;

use super::bench::{Bench, NoBench, look_at_each};
use super::place::Known;
use super::sets::Sets;
use super::settings::Calibration;
use crate::faults::{Fault, Faults};
use crate::inputs::folder::{Evidence, Folder};
use crate::model::Model;
use crate::results::Run;
use crate::scenario::Scenario;
use crate::time::TimeStep;

/// Level of a storage at the start and at the end of each month, m.
pub type Course = Vec<[f64; 2]>;

/// Levels of all storages in each kept set.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// By set and storage.
    pub sets: Vec<Vec<Course>>,
    /// SHA-256 of each file that they rest on beside those of the model.
    pub hashes: BTreeMap<String, String>,
}

/// The levels in a scenario that a file of the folder `calibration` was made for, in its first draw and by months;
/// nothing where there is none, or where it has no kept sets.
///
/// # Errors
/// Faults of a calibration, of its sets or of the reconstruction.
pub fn levels(model: &Model, inputs: &Path, scenario: &Scenario) -> Result<Levels, Faults> {
    let mut levels = Levels::default();
    for (calibration, known, sets, evidence) in all_of(model, inputs, scenario)? {
        let bench = Bench::new(&calibration, model, inputs, &known, scenario.period);
        let bench = bench.map_err(|why| faults(inputs, why))?;
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        let mut benches = vec![bench; threads.min(sets.kept.len()).max(1)];
        let kept: Vec<&[f64]> = sets.kept.iter().map(|set| set.values.as_slice()).collect();
        let found = look_at_each(&mut benches, &kept, &|_, run| run.map(courses));
        levels.sets.extend(found.into_iter().flatten());
        levels.hashes.extend(evidence.hashes);
    }
    Ok(levels)
}

/// The [`Levels::hashes`] of a scenario, without any run.
///
/// # Errors
/// Faults of a calibration, of its sets or of the reconstruction.
pub fn hashes(
    model: &Model,
    inputs: &Path,
    scenario: &Scenario,
) -> Result<BTreeMap<String, String>, Faults> {
    let read = all_of(model, inputs, scenario)?.into_iter();
    Ok(read.flat_map(|(.., evidence)| evidence.hashes).collect())
}

/// The calibrations of a scenario that have kept sets.
fn all_of(
    model: &Model,
    inputs: &Path,
    scenario: &Scenario,
) -> Result<Vec<(Calibration, Known, Sets, Evidence)>, Faults> {
    if scenario.inflow_column.is_some() || scenario.time_step == TimeStep::Day {
        return Ok(Vec::new());
    }
    let read = all(model, inputs)?.into_iter();
    let of_scenario = read.filter(|(calibration, ..)| calibration.scenario == scenario.name);
    let kept = of_scenario.filter_map(|(calibration, known, sets, evidence)| {
        Some((calibration, known, sets?, evidence))
    });
    Ok(kept.collect())
}

/// A calibration, what the inputs say, its kept sets, and what was read of it.
type Read = (Calibration, Known, Option<Sets>, Evidence);

/// All files of the folder `calibration` with their kept sets.
///
/// # Errors
/// Faults of the first that has any, or of the reconstruction.
pub fn all(model: &Model, inputs: &Path) -> Result<Vec<Read>, Faults> {
    let names = Folder::new(inputs).names_in("calibration").into_iter();
    let files = names.filter(|name| name.ends_with(".toml"));
    let read = |name: String| {
        let known = Known::of(model, inputs)?;
        let folder = Folder::new(inputs);
        let file = format!("calibration/{name}");
        let calibration = Calibration::read(&folder, &file, model, &known);
        let sets = calibration
            .as_ref()
            .and_then(|calibration| calibration.kept_sets(&folder, &file));
        let (calibration, evidence) = folder.close(calibration)?;
        Ok((calibration, known, sets, evidence))
    };
    files.map(read).collect()
}

/// Levels of all storages of a run.
fn courses(run: &Run) -> Vec<Course> {
    let storages = 0..run.plan.curves.len();
    let course = |storage: usize| {
        let steps = 0..run.months().len();
        let at = |step: usize| {
            let start = run.plan.curves[storage].level(run.start_hm3(step, storage));
            [start, run.level_m(step, storage)]
        };
        steps.map(at).collect()
    };
    storages.map(course).collect()
}

fn faults(inputs: &Path, why: NoBench) -> Faults {
    match why {
        NoBench::Faults(faults) => faults,
        NoBench::CannotBuild(_) | NoBench::PriorsCannotRun => {
            let mut faults = Faults::default();
            faults.push(Fault {
                file: inputs.join("reconstruction").display().to_string(),
                line: 0,
                place: String::new(),
                found: why.to_string(),
                expected: "figures from which the series can be made".to_owned(),
                hint: String::new(),
            });
            faults
        }
    }
}
