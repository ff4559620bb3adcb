//! `rivershare verify`.

mod rerun;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Failure, Voice};
use crate::batch::evidence;
use crate::outputs::manifest::{Identity, MANIFEST, root_of};
use crate::outputs::verify::{Tables, Verified, verify, why_unsealed};

/// Options of `verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// A folder of results, of `run` or of `batch`.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Compute the results again from the inputs, make every file anew, and name the first number or line that differs.
    #[arg(long)]
    rerun: bool,
    /// Compute N chunks of a batch again, which its root chooses, and compare their numbers; tables over all are not made.
    #[arg(long, value_name = "N", conflicts_with = "rerun")]
    rerun_sample: Option<usize>,
    /// The batch or scenario file, where it does not stand in the folder of inputs.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// What `run` was asked for beside its scenario.
    #[command(flatten)]
    asked: super::run::Asked,
}

impl Verify {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        if let Some(why) = why_unsealed(&self.folder) {
            let place = self.folder.display();
            return Err(Failure::NotVerified(format!("{place}: {why}")));
        }
        match is_batch(&self.folder) {
            true => self.batch(inputs, voice),
            false => self.scenario(inputs, voice),
        }
    }

    fn batch(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let identity: evidence::Identity = self.whole()?;
        let root = root_of(&identity);
        self.say("whole and unchanged", &root, voice);
        if !self.rerun && self.rerun_sample.is_none() {
            return Ok(());
        }
        let told = rerun::batch(self, &identity, inputs)?;
        self.say(&told, &root, voice);
        Ok(())
    }

    fn scenario(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let identity: Identity = self.whole()?;
        let root = root_of(&identity);
        self.say("whole and unchanged", &root, voice);
        if self.rerun_sample.is_some() {
            let place = self.folder.display();
            let told = format!(
                "{place}: is no batch\n    hint      use --rerun in place of --rerun-sample"
            );
            return Err(Failure::NotVerified(told));
        }
        if self.rerun {
            rerun::scenario(self, &identity, inputs)?;
            self.say("computed again, every table is the same", &root, voice);
        }
        Ok(())
    }

    fn say(&self, told: &str, root: &str, voice: Voice) {
        let place = self.folder.display();
        let text = format!("{place}: {told}\nroot {root}");
        voice.say_of_results("verified", &text, &self.folder, root);
    }

    /// The identity of a folder in which nothing is wrong.
    fn whole<I: DeserializeOwned + Serialize + Tables>(&self) -> Result<I, Failure> {
        let place = self.folder.display();
        let Verified { identity, findings }: Verified<I> = verify(&self.folder).map_err(|cause| {
            Failure::NotVerified(format!(
                "{place}/{MANIFEST}: cannot be read: {cause}\n    hint      results have a manifest only when they are complete"
            ))
        })?;
        if let (Some(identity), true) = (identity, findings.is_empty()) {
            return Ok(identity);
        }
        let lines = findings.iter().map(|finding| format!("{place}/{finding}"));
        Err(Failure::NotVerified(lines.collect::<Vec<_>>().join("\n")))
    }
}

/// Whether the manifest of a folder is that of a batch; where it cannot be read, whether the folder has a blueprint.
fn is_batch(place: &Path) -> bool {
    let text = std::fs::read(place.join(MANIFEST)).unwrap_or_default();
    match serde_json::from_slice::<serde_json::Value>(&text) {
        Ok(manifest) => manifest["identity"]["batch"].is_string(),
        Err(_) => place.join(crate::batch::work::BLUEPRINT).exists(),
    }
}
