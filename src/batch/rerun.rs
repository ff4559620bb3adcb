//! Computes finished chunks of a batch again, makes its files anew of them, and names the first published number, line or
//! byte that is another then.
//!
//! What is computed again is put into a folder beside the temporary files of the system, so that memory holds no more of
//! it than a batch does.

mod aside;
mod file;
mod number;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::assemble::assemble;
use super::blueprint::{Blueprint, Chunk};
use super::chunk::compute;
use super::evidence::{complete, is_result};
use super::work::{Work, WorkError};
use super::world::World;
use crate::faults::Faults;
use crate::outputs::folder::paths_below;
use crate::outputs::manifest::{MANIFEST, sha256};
use aside::Aside;
pub use file::Other;
pub use number::Number;

/// A finished batch with what computes it.
#[derive(Debug)]
pub struct Rerun<'a> {
    /// Its folder.
    pub place: &'a Path,
    /// Its blueprint.
    pub blueprint: &'a Blueprint,
    /// Its worlds, from the inputs as they are now.
    pub world: &'a World,
    /// Set when it is to end before all is compared.
    pub stop: &'a AtomicBool,
}

/// What is published and is another when it is computed again.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// A number.
    Number(Number),
    /// The hash of a chunk, whose published numbers are the same.
    Chunk(usize),
    /// A file.
    File {
        /// Its path in the folder.
        file: String,
        /// Where it differs.
        other: Other,
    },
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Chunk(chunk) => write!(
                f,
                "chunks.csv: chunk {chunk} has another hash when it is computed again; no number that is published one by one is another"
            ),
            Self::File { file, other } => write!(f, "{file}: {other}"),
        }
    }
}

/// Why a batch cannot be computed again.
#[derive(Debug, thiserror::Error)]
pub enum RerunError {
    /// A table that cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: csv::Error,
    },
    /// A table of another form.
    #[error(transparent)]
    Faults(#[from] Faults),
    /// A file that the system refuses to read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// What is computed again cannot be put down.
    #[error("{}: cannot be written: {cause}\n    hint      all is made again beside the temporary files of the system; TMPDIR names another folder", path.display())]
    Aside {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// It was asked to end.
    #[error("stopped before all was compared")]
    Stopped,
    /// Another trouble with what is computed again.
    #[error(transparent)]
    Work(WorkError),
}

impl From<WorkError> for RerunError {
    fn from(error: WorkError) -> Self {
        match error {
            // Nothing of it is kept, as it is of a batch.
            WorkError::Write { path, cause } => Self::Aside { path, cause },
            other => Self::Work(other),
        }
    }
}

/// Some chunks of a batch, chosen by its root: the same for everybody, and known to nobody before the results are.
pub fn sample(blueprint: &Blueprint, root: &str, count: usize) -> Vec<Chunk> {
    let mut chunks = blueprint.chunks();
    chunks.sort_by_key(|chunk| sha256(format!("{root}|{}", chunk.number).as_bytes()));
    chunks.truncate(count);
    chunks.sort_by_key(|chunk| chunk.number);
    chunks
}

impl Rerun<'_> {
    /// Computes some chunks again on all threads: their hashes, their measures, and their members in full series.
    ///
    /// # Errors
    /// Tables of the folder that cannot be read, and what the system refuses.
    pub fn of_sample(&self, chunks: &[Chunk]) -> Result<Option<Difference>, RerunError> {
        let aside = Aside::begin()?;
        let work = aside.work(self.blueprint)?;
        if let Some(chunk) = self.first_differing(&work, chunks)? {
            return self.within(&work, chunk).map(Some);
        }
        Ok(self.in_tables(&work, chunks)?.map(Difference::Number))
    }

    /// Computes all chunks again on all threads, makes every file of the batch anew, and compares them byte for byte.
    ///
    /// # Errors
    /// As those of [`Rerun::of_sample`].
    pub fn of_all(&self) -> Result<Option<Difference>, RerunError> {
        let aside = Aside::begin()?;
        let work = aside.work(self.blueprint)?;
        let chunks = self.blueprint.chunks();
        if let Some(chunk) = self.first_differing(&work, &chunks)? {
            return self.within(&work, chunk).map(Some);
        }
        // Tables need none of it.
        self.world.let_go();
        assemble(&work, self.blueprint)?;
        complete(aside.place(), self.blueprint)?;
        self.refuse_stopped()?;
        self.first_file(&work, &chunks)
    }

    /// The first chunk that has another hash when it is computed again, in order of their numbers. Chunks are put down as
    /// they are computed.
    fn first_differing<'c>(
        &self,
        work: &Work,
        chunks: &'c [Chunk],
    ) -> Result<Option<&'c Chunk>, RerunError> {
        let hashes = self.hashes()?;
        let mut chunks: Vec<&Chunk> = chunks.iter().collect();
        chunks.sort_by_key(|chunk| chunk.by_members());
        let (next, first) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX));
        let compute_some = || -> Result<(), WorkError> {
            while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
                if self.stop.load(Ordering::Relaxed) {
                    break;
                }
                // After one that differs only those before it are of interest.
                if chunk.number > first.load(Ordering::Relaxed) {
                    continue;
                }
                let results = compute(self.world, self.blueprint, chunk);
                let bytes = results.bytes();
                if hashes.get(&chunk.number) != Some(&sha256(&bytes)) {
                    first.fetch_min(chunk.number, Ordering::Relaxed);
                }
                let put = work.adopt(chunk, &bytes, results.failures);
                // What cannot be written ends the others as well.
                put.inspect_err(|_| next.store(chunks.len(), Ordering::Relaxed))?;
            }
            Ok(())
        };
        let ended = rayon::broadcast(|_| compute_some());
        ended.into_iter().collect::<Result<(), WorkError>>()?;
        self.refuse_stopped()?;
        let first = first.into_inner();
        Ok(chunks.into_iter().find(|chunk| chunk.number == first))
    }

    /// Ends where it was asked to, so that what was put aside is taken away.
    fn refuse_stopped(&self) -> Result<(), RerunError> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(RerunError::Stopped),
            false => Ok(()),
        }
    }

    /// What differs in a chunk that has another hash.
    fn within(&self, work: &Work, chunk: &Chunk) -> Result<Difference, RerunError> {
        let mut number = self.in_tables(work, std::slice::from_ref(chunk))?;
        if number.is_none() {
            number = self.in_quantiles(chunk)?;
        }
        Ok(number.map_or(Difference::Chunk(chunk.number), Difference::Number))
    }

    /// The first number of some chunks that differs where numbers of members are published.
    fn in_tables(&self, work: &Work, chunks: &[Chunk]) -> Result<Option<Number>, RerunError> {
        match self.in_series(work, chunks)? {
            None => self.in_measures(work, chunks),
            number => Ok(number),
        }
    }

    /// The first file that differs from the one made anew; the manifest last, since it differs with every other.
    fn first_file(&self, work: &Work, chunks: &[Chunk]) -> Result<Option<Difference>, RerunError> {
        let mut names = results_below(self.place)?;
        names.extend(results_below(work.place())?);
        for file in names.into_iter().chain([MANIFEST.to_owned()]) {
            let (published, found) = (self.place.join(&file), work.place().join(&file));
            let Some(other) = file::compare(&file, &published, &found)? else {
                continue;
            };
            let number = match &*file {
                number::MEASURES => self.in_measures(work, chunks),
                series if series.starts_with(number::SERIES) => self.in_series(work, chunks),
                _ => Ok(None),
            };
            // What cannot be read as a table still has a byte that differs.
            let number = number.unwrap_or(None).map(Difference::Number);
            return Ok(Some(number.unwrap_or(Difference::File { file, other })));
        }
        Ok(None)
    }

    /// Hash of each chunk, from `chunks.csv`.
    fn hashes(&self) -> Result<BTreeMap<usize, String>, RerunError> {
        let rows = self.rows("chunks.csv")?.into_iter();
        let hash =
            |row: csv::StringRecord| Some((row.get(0)?.parse().ok()?, row.get(1)?.to_owned()));
        Ok(rows.filter_map(hash).collect())
    }

    fn rows(&self, file: &str) -> Result<Vec<csv::StringRecord>, RerunError> {
        let path = self.place.join(file);
        let read = csv::Reader::from_path(&path).and_then(|csv| csv.into_records().collect());
        read.map_err(|cause| RerunError::Table { path, cause })
    }
}

/// Files of results below a folder.
fn results_below(place: &Path) -> Result<BTreeSet<String>, RerunError> {
    let paths = paths_below(place).map_err(|cause| RerunError::Unreadable {
        path: place.to_owned(),
        cause,
    })?;
    Ok(paths.into_keys().filter(|file| is_result(file)).collect())
}
