//! A folder of results that is there in whole or not at all.
//!
//! It is written beside its place as `.NAME.partial` and renamed when it is complete. An older folder of
//! results gives way; anything else stays unless it is to be replaced by force.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::manifest::{MANIFEST, sha256_of};

/// Why a folder of results cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system refuses.
    #[error("{}: cannot be written: {cause}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// Something else stands in its place.
    #[error(
        "{}: is there already and is no folder of rivershare results\n    hint      choose another --out, or replace it with --force",
        path.display()
    )]
    Occupied {
        /// The folder.
        path: PathBuf,
    },
    /// A chart cannot be drawn.
    #[error(transparent)]
    Chart(#[from] super::chart::ChartError),
}

/// A folder of results while it is being written.
#[derive(Debug)]
pub struct Folder {
    place: PathBuf,
    partial: PathBuf,
    finished: bool,
}

impl Folder {
    /// Begins the folder `out/name`.
    ///
    /// # Errors
    /// Where the place is occupied or cannot be written.
    pub fn begin(out: &Path, name: &str, force: bool) -> Result<Self, FolderError> {
        let place = out.join(name);
        if place.exists() && !force && !is_results(&place) {
            return Err(FolderError::Occupied { path: place });
        }
        let partial = out.join(format!(".{name}.partial"));
        let folder = Self {
            place,
            partial,
            finished: false,
        };
        remove(&folder.partial)?;
        at(&folder.partial, std::fs::create_dir_all(&folder.partial))?;
        Ok(folder)
    }

    /// The path to write below.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// Writes a file, with its folders.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn write(&self, file: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let path = self.partial.join(file);
        if let Some(parent) = path.parent() {
            at(parent, std::fs::create_dir_all(parent))?;
        }
        at(&path, std::fs::write(&path, bytes))
    }

    /// Hash of every file that was written, by its path in the folder.
    ///
    /// # Errors
    /// What cannot be read back.
    pub fn hashes(&self) -> Result<BTreeMap<String, String>, FolderError> {
        at(&self.partial, hashes_below(&self.partial))
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    /// What the system refuses; the older folder is then still there.
    pub fn finish(mut self) -> Result<PathBuf, FolderError> {
        let name = self
            .place
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let old = self.place.with_file_name(format!(".{name}.old"));
        remove(&old)?;
        if self.place.exists() {
            at(&self.place, std::fs::rename(&self.place, &old))?;
        }
        if let Err(cause) = std::fs::rename(&self.partial, &self.place) {
            let _ = std::fs::rename(&old, &self.place);
            return Err(FolderError::Write {
                path: self.place.clone(),
                cause,
            });
        }
        self.finished = true;
        remove(&old)?;
        Ok(self.place.clone())
    }
}

impl Drop for Folder {
    /// A folder that was not finished leaves nothing behind.
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_dir_all(&self.partial);
        }
    }
}

fn is_results(place: &Path) -> bool {
    let manifest = std::fs::read(place.join(MANIFEST)).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap_or_default();
    manifest["program"] == "rivershare"
}

fn remove(path: &Path) -> Result<(), FolderError> {
    match std::fs::symlink_metadata(path) {
        Err(_) => Ok(()),
        Ok(data) if data.is_dir() => at(path, std::fs::remove_dir_all(path)),
        Ok(_) => at(path, std::fs::remove_file(path)),
    }
}

fn at<T>(path: &Path, done: std::io::Result<T>) -> Result<T, FolderError> {
    done.map_err(|cause| FolderError::Write {
        path: path.to_owned(),
        cause,
    })
}

/// SHA-256 of every file below a folder, by its path there.
///
/// # Errors
/// What cannot be read.
pub fn hashes_below(folder: &Path) -> std::io::Result<BTreeMap<String, String>> {
    let files = paths_below(folder)?.into_iter();
    files
        .map(|(file, path)| Ok((file, sha256_of(&path)?)))
        .collect()
}

/// Every file below a folder, by its path there.
///
/// # Errors
/// What cannot be read.
pub fn paths_below(folder: &Path) -> std::io::Result<BTreeMap<String, PathBuf>> {
    let mut paths = BTreeMap::new();
    collect(folder, "", &mut paths)?;
    Ok(paths)
}

fn collect(
    folder: &Path,
    prefix: &str,
    paths: &mut BTreeMap<String, PathBuf>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), paths)?;
        } else {
            paths.insert(name, entry.path());
        }
    }
    Ok(())
}
