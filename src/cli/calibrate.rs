//! `rivershare calibrate`.

mod charts;
mod tables;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{Failure, Voice};
use crate::calibration::answers::Runs;
use crate::calibration::place::Known;
use crate::calibration::sets::{self, Sets};
use crate::calibration::{Calibrated, Calibration, calibrate, writing};
use crate::faults::counted;
use crate::inputs::folder::Folder;
use crate::model::Model;
use crate::outputs::chart;
use crate::outputs::folder::{Folder as Results, FolderError};
use crate::outputs::manifest::{MANIFEST, sha256};

/// Options of `calibrate`.
#[derive(Debug, Args)]
pub(super) struct Calibrate {
    /// A file of the folder `calibration`.
    #[arg(value_name = "CALIBRATION.toml")]
    calibration: PathBuf,
    /// Folder of results.
    #[arg(long, value_name = "DIR", default_value = "outputs")]
    out: PathBuf,
    /// Replace what stands in the place of the results.
    #[arg(long)]
    force: bool,
    /// Write the optimum into the inputs, and tell every number that changes.
    #[arg(long)]
    apply: bool,
    /// Write the optimum and the kept sets to the file beside the calibration that it names.
    #[arg(long)]
    keep: bool,
    /// Threads; no result depends on it. As many as there are processors where left out.
    #[arg(long, value_name = "N")]
    threads: Option<NonZero<usize>>,
}

/// A calibration with what it is about.
pub(super) struct Sheet {
    pub(super) model: Model,
    pub(super) known: Known,
    pub(super) calibration: Calibration,
    /// The sets that are kept beside it, where there are any.
    pub(super) sets: Option<Sets>,
    /// SHA-256 of its file and of each that it names.
    pub(super) hashes: BTreeMap<String, String>,
}

/// What the results were made from.
#[derive(Serialize)]
struct Manifest<'a> {
    program: &'static str,
    version: &'static str,
    calibration: &'a str,
    calibration_sha256: String,
    inputs: &'a BTreeMap<String, String>,
    /// The calibration and its measured series, as it names them.
    read: &'a BTreeMap<String, String>,
    reconstructed_inputs: Vec<String>,
    misfit_of_optimum: f64,
    misfit_of_inputs: Option<f64>,
    misfit_of_searches: &'a [f64],
    runs: usize,
    sets_within_tolerance: usize,
    files: BTreeMap<String, String>,
}

impl Calibrate {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let sheet = Sheet::read(&self.calibration, inputs, |_, _| None)?;
        let results = Results::begin(&self.out, &self.name(), self.force)?;
        let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        let threads = self.threads.unwrap_or(threads);
        let Sheet {
            model,
            known,
            calibration,
            ..
        } = &sheet;
        let done = calibrate(calibration, model, inputs, known, threads)?;
        let runs = Runs::new(calibration, model, inputs, known)?;
        let all = tables::tables(calibration, &done, &runs);
        for (name, bytes) in &all {
            results.write(&format!("tables/{name}.csv"), bytes)?;
        }
        let text = std::fs::read(&self.calibration).unwrap_or_default();
        let hash = sha256(&text);
        for chart in charts::charts(calibration, &done, &hash) {
            chart::draw(&chart, &results.path().join("charts")).map_err(FolderError::from)?;
        }
        let manifest = manifest(&sheet, &done, hash, results.hashes()?);
        results.write(MANIFEST, manifest.as_bytes())?;
        let place = results.finish()?;
        voice.say("written", &format!("{}\n{}", place.display(), told(&done)));
        if self.keep {
            self.keep(calibration, &done, voice)?;
        }
        if self.apply {
            apply(calibration, &done, inputs, voice)?;
        }
        Ok(())
    }

    /// Name of the folder of results.
    fn name(&self) -> String {
        let stem = self.calibration.file_stem().unwrap_or_default();
        format!("calibration-{}", stem.to_string_lossy())
    }

    /// Writes the file of the sets.
    fn keep(
        &self,
        calibration: &Calibration,
        done: &Calibrated,
        voice: Voice,
    ) -> Result<(), Failure> {
        let Some(name) = &calibration.sets else {
            return Err(Failure::NowhereToKeep);
        };
        let path = self.calibration.with_file_name(name);
        let text = sets::text(calibration, &done.sets);
        std::fs::write(&path, text).map_err(|cause| Failure::write(&path, cause))?;
        let count = counted(done.sets.kept.len(), "set");
        voice.say(
            "kept",
            &format!("{}: the optimum and {count}", path.display()),
        );
        Ok(())
    }
}

fn manifest(
    sheet: &Sheet,
    done: &Calibrated,
    hash: String,
    files: BTreeMap<String, String>,
) -> String {
    let of_inputs = done.standing.1.as_deref();
    let manifest = Manifest {
        program: "rivershare",
        version: env!("CARGO_PKG_VERSION"),
        calibration: &sheet.calibration.title,
        calibration_sha256: hash,
        inputs: &sheet.model.evidence.hashes,
        read: &sheet.hashes,
        reconstructed_inputs: crate::network::draws::reconstructed(&sheet.model.network),
        misfit_of_optimum: done.optimum.misfit,
        misfit_of_inputs: of_inputs.map(|all| crate::calibration::problem::misfit(Some(all))),
        misfit_of_searches: &done.found.of_searches,
        runs: done.evaluations,
        sets_within_tolerance: done.within,
        files,
    };
    serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n"
}

fn told(done: &Calibrated) -> String {
    let of_inputs = crate::calibration::problem::misfit(done.standing.1.as_deref());
    format!(
        "misfit {:.4} at the optimum, {of_inputs:.4} of the inputs as they stand; {} runs; {} of the sets that were drawn are within the tolerance",
        done.optimum.misfit, done.evaluations, done.within
    )
}

/// Writes the optimum into the inputs; every file is made before the first is written.
fn apply(
    calibration: &Calibration,
    done: &Calibrated,
    inputs: &Path,
    voice: Voice,
) -> Result<(), Failure> {
    let files = writing::applied(calibration, &done.optimum.values, inputs)?;
    for (file, changes) in &files {
        let path = inputs.join(file);
        std::fs::write(&path, &changes.text).map_err(|cause| Failure::write(&path, cause))?;
        for (at, before, after) in &changes.numbers {
            voice.say(
                "applied",
                &format!("{}, {at}: {before} → {after}", path.display()),
            );
        }
    }
    let of_series = calibration
        .parameters
        .iter()
        .flat_map(|parameter| &parameter.places);
    if of_series
        .clone()
        .any(crate::calibration::place::Place::is_of_series)
    {
        voice.say(
            "next",
            "series rest on what was applied: run `rivershare reconstruct`",
        );
    }
    Ok(())
}

impl Sheet {
    /// The calibration of a file with its model; `sets` may read what is kept beside it.
    pub(super) fn read(
        path: &Path,
        inputs: &Path,
        sets: impl Fn(&Calibration, (&Folder, &str)) -> Option<Sets>,
    ) -> Result<Self, Failure> {
        let model = Model::load(inputs, &[])?;
        let known = Known::of(&model, inputs)?;
        let parent = path.parent().filter(|path| !path.as_os_str().is_empty());
        let folder = Folder::new(parent.unwrap_or(Path::new(".")));
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let calibration = Calibration::read(&folder, &file, &model, &known);
        let sets = calibration
            .as_ref()
            .and_then(|calibration| sets(calibration, (&folder, &file)));
        let (calibration, evidence) = folder.close(calibration)?;
        Ok(Self {
            model,
            known,
            calibration,
            sets,
            hashes: evidence.hashes,
        })
    }
}
