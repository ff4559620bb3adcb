//! A folder beside the temporary files of the system, in which a batch is computed again.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::RerunError;
use crate::batch::blueprint::Blueprint;
use crate::batch::work::{Entering, Found, Work, WorkError};

/// The folder, which is taken away with all that is in it when nobody needs it any more.
#[derive(Debug)]
pub(super) struct Aside {
    place: PathBuf,
}

impl Aside {
    /// Makes a folder that nobody else has.
    pub(super) fn begin() -> Result<Self, RerunError> {
        let (all, process) = (std::env::temp_dir(), std::process::id());
        let mut number = 0_u32;
        loop {
            let place = all.join(format!("rivershare-verify-{process}-{number}"));
            match std::fs::create_dir(&place) {
                Ok(()) => return Ok(Self { place }),
                // Left by a process of the same number that was killed.
                Err(cause) if cause.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(cause) => return Err(RerunError::Aside { path: place, cause }),
            }
        }
    }

    /// The work on a batch in the folder.
    pub(super) fn work(&self, blueprint: &Blueprint) -> Result<Work, RerunError> {
        match Work::enter(&self.place, blueprint, Entering::Afresh)? {
            Found::Work(work) => Ok(work),
            Found::Complete => Err(WorkError::Finished {
                path: self.place.clone(),
            }
            .into()),
        }
    }

    /// Its path.
    pub(super) fn place(&self) -> &Path {
        &self.place
    }
}

impl Drop for Aside {
    /// Nothing stays, however the work ended; what cannot be removed is the system's to clear.
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.place);
    }
}
