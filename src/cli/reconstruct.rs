//! `rivershare reconstruct`.

use std::path::Path;

use clap::Args;

use super::{Failure, Voice};
use crate::hydrology::reconstruction;
use crate::hydrology::settings::Settings;
use crate::inputs::folder::Folder;

/// Options of `reconstruct`.
#[derive(Debug, Args)]
pub(super) struct Reconstruct {
    /// Write nothing; fail where a file differs from what would be written.
    #[arg(long)]
    check: bool,
}

impl Reconstruct {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let folder = Folder::new(inputs);
        let settings = Settings::read(&folder);
        let (settings, _) = folder.close(settings)?;
        let files = reconstruction::build(&settings)?;
        let mut stale = Vec::new();
        for (file, text) in &files {
            let path = inputs.join(file);
            if std::fs::read_to_string(&path).is_ok_and(|present| present == *text) {
                continue;
            }
            if self.check {
                stale.push(path.display().to_string());
                continue;
            }
            std::fs::write(&path, text).map_err(|cause| Failure::write(&path, cause))?;
            voice.say("written", &path.display().to_string());
        }
        if !stale.is_empty() {
            return Err(Failure::Stale(stale.join("\n")));
        }
        voice.say("done", &format!("{} series are current", files.len()));
        Ok(())
    }
}
