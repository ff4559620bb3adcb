//! `rivershare verify`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, Voice};
use crate::batch::evidence;
use crate::outputs::manifest::{Identity, MANIFEST, root_of};
use crate::outputs::verify::{Tables, Verified, verify};

/// Options of `verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// A folder of results, of `run` or of `batch`.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Verify {
    pub(super) fn run(&self, _inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let place = &self.folder;
        let is_batch = place.join(crate::batch::work::BLUEPRINT).exists();
        match is_batch {
            true => self.whole::<evidence::Identity>(voice),
            false => self.whole::<Identity>(voice),
        }
    }

    fn whole<I>(&self, voice: Voice) -> Result<(), Failure>
    where
        I: serde::de::DeserializeOwned + serde::Serialize + Tables,
    {
        let verified: Verified<I> = verify(&self.folder)
            .map_err(|cause| Failure::write(&self.folder.join(MANIFEST), cause))?;
        let place = self.folder.display();
        match (&verified.identity, verified.findings.is_empty()) {
            (Some(identity), true) => {
                voice.say(
                    "verified",
                    &format!("{place}: whole and unchanged\nroot {}", root_of(identity)),
                );
                Ok(())
            }
            _ => {
                let lines = verified
                    .findings
                    .iter()
                    .map(|finding| format!("{place}/{finding}"));
                Err(Failure::NotVerified(lines.collect::<Vec<_>>().join("\n")))
            }
        }
    }
}
