//! `rivershare validate`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::calibrate::Sheet;
use super::{Failure, Voice};
use crate::calibration::validation::document;

/// Options of `validate`.
#[derive(Debug, Args)]
pub(super) struct Validate {
    /// A file of the folder `calibration`.
    #[arg(value_name = "CALIBRATION.toml")]
    calibration: PathBuf,
    /// File that is written.
    #[arg(long, value_name = "FILE.md")]
    out: PathBuf,
    /// Write nothing; fail where the file differs from what would be written.
    #[arg(long)]
    check: bool,
}

impl Validate {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let Sheet {
            model,
            known,
            calibration,
            sets,
            ..
        } = Sheet::read(&self.calibration, inputs, |calibration, (folder, file)| {
            calibration.kept_sets(folder, file)
        })?;
        let command = format!(
            "rivershare validate {} --out {}",
            self.calibration.display(),
            self.out.display()
        );
        let text = document(
            &calibration,
            &model,
            inputs,
            &known,
            sets.as_ref(),
            &command,
        )?;
        let is_current = std::fs::read_to_string(&self.out).is_ok_and(|present| present == text);
        let shown = self.out.display().to_string();
        match (is_current, self.check) {
            (true, _) => voice.say("done", &format!("{shown} is current")),
            (false, true) => return Err(Failure::OutOfDate(shown)),
            (false, false) => {
                std::fs::write(&self.out, text)
                    .map_err(|cause| Failure::write(&self.out, cause))?;
                voice.say("written", &shown);
            }
        }
        Ok(())
    }
}
