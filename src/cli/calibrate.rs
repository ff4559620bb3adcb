//! `rivershare calibrate`.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, Voice};
use crate::calibration::place::Known;
use crate::calibration::{Calibrated, Calibration, calibrate};
use crate::inputs::folder::Folder;
use crate::model::Model;

/// Options of `calibrate`.
#[derive(Debug, Args)]
pub(super) struct Calibrate {
    /// A file of the folder `calibration`.
    #[arg(value_name = "CALIBRATION.toml")]
    calibration: PathBuf,
}

impl Calibrate {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let start = std::time::Instant::now();
        let model = Model::load(inputs, &[])?;
        let known = Known::of(&model, inputs)?;
        let calibration = read(&self.calibration, &model, &known)?;
        let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        let done = calibrate(&calibration, &model, inputs, &known, threads)?;
        println!("found {} of searches {:?} -> {}; evals {}; within {}; {:?}", done.found.misfit, done.found.of_searches, done.optimum.misfit, done.evaluations, done.within, start.elapsed());
        for (p, parameter) in calibration.parameters.iter().enumerate() {
            println!("{:45} prior {:8.3} ± {:7.3} standing {:8.3} DE {:8.3} optimum {:8.3} ± {:7.3}", parameter.name, parameter.prior, parameter.spread, done.standing.0[p], done.found.values[p], done.optimum.values[p], done.certainty.spreads[p]);
        }
        for (t, target) in calibration.fitted().enumerate() {
            println!("{:30} {:50} {:8.2} ± {:6.2} standing {:6.2} optimum {:6.2}", target.question.place, target.question.in_words(), target.value, done.weighed_by[t], done.standing.1.as_ref().unwrap()[t], done.optimum.residuals[t]);
        }
        println!("{:.2}", done.certainty.correlations);
        println!("standing {}", crate::calibration::problem::misfit(done.standing.1.as_deref()));
        Ok(())
    }
}

/// The calibration of a file.
fn read(path: &Path, model: &Model, known: &Known) -> Result<Calibration, Failure> {
    let parent = path.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = Folder::new(parent.unwrap_or(Path::new(".")));
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let calibration = Calibration::read(&folder, &file, model, known);
    Ok(folder.close(calibration)?.0)
}
