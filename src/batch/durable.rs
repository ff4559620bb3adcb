//! Files that are there in whole or not at all, whatever happens to the process or the machine.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::work::WorkError;

/// Writes a file so that it is there in whole or not at all, whatever happens.
///
/// # Errors
/// What the system refuses.
pub fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), WorkError> {
    write_with(folder, name, |file| file.write_all(bytes))
}

/// As [`write_whole`], with what `write` writes.
///
/// # Errors
/// What the system refuses.
pub fn write_with(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut File) -> std::io::Result<()>,
) -> Result<(), WorkError> {
    let (partial, path) = (folder.join(format!(".{name}.partial")), folder.join(name));
    let written = File::create(&partial).and_then(|mut file| {
        write(&mut file)?;
        file.sync_all()
    });
    if written.is_err() {
        // What is half-written is of no use to anybody; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&partial);
    }
    at(&path, written)?;
    at(&path, std::fs::rename(&partial, &path))?;
    at(
        folder,
        File::open(folder).and_then(|folder| folder.sync_all()),
    )
}

/// A file's bytes.
///
/// # Errors
/// What the system refuses.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, WorkError> {
    std::fs::read(path).map_err(|cause| WorkError::Read {
        path: path.to_owned(),
        cause,
    })
}

/// What was done at a path.
///
/// # Errors
/// What the system refuses.
pub(super) fn at<T>(path: &Path, done: std::io::Result<T>) -> Result<T, WorkError> {
    done.map_err(|cause| WorkError::Write {
        path: path.to_owned(),
        cause,
    })
}
