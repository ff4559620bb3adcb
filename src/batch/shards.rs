//! Joins the parts of a batch that were computed apart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::blueprint::{Blueprint, Chunk};
use super::chunk::Failure;
use super::work::{Entry, Work, WorkError, blueprint_of, bytes_of, journal_of};
use crate::outputs::manifest::sha256;

/// Why parts do not make a whole.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A folder that is none of a batch.
    #[error("{}: is no folder of a batch's part", path.display())]
    NoPart {
        /// The folder.
        path: PathBuf,
    },
    /// A part of another batch.
    #[error("{}: is a part of another batch: its blueprint is {found}, and that of {} is {expected}", path.display(), first.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// Hash of its blueprint.
        found: String,
        /// The first folder.
        first: PathBuf,
        /// Hash of the blueprint there.
        expected: String,
    },
    /// Two parts hold the same.
    #[error("{} and {}: both hold the chunks {chunks}", one.display(), other.display())]
    Overlap {
        /// A folder.
        one: PathBuf,
        /// Another one.
        other: PathBuf,
        /// What both hold.
        chunks: String,
    },
    /// Something is in no part.
    #[error(
        "of {of} chunks these are in no part: {chunks}\n    hint      run the missing `--shard`, or go on with it with --resume"
    )]
    Missing {
        /// What is missing.
        chunks: String,
        /// Number of all chunks.
        of: usize,
    },
    /// A chunk has not the hash of its journal.
    #[error("{}: chunk {chunk} has changed since it was computed", path.display())]
    Spoilt {
        /// The folder.
        path: PathBuf,
        /// The chunk.
        chunk: usize,
    },
    /// The system refuses.
    #[error(transparent)]
    Work(#[from] WorkError),
}

/// Chunks of parts that make a whole.
pub type Parts = Vec<(PathBuf, Chunk, String, Vec<Failure>)>;

/// Reads the parts of a batch.
///
/// # Errors
/// Parts that do not belong together, overlap, or are not all.
pub fn read(places: &[PathBuf]) -> Result<(Blueprint, Parts), MergeError> {
    let mut whole: Option<(Blueprint, String, &Path)> = None;
    let mut found: BTreeMap<usize, (PathBuf, String, Vec<Failure>)> = BTreeMap::new();
    for place in places {
        let text = blueprint_of(place).ok_or_else(|| MergeError::NoPart {
            path: place.clone(),
        })?;
        let hash = sha256(&text);
        match &whole {
            None => {
                let blueprint = serde_json::from_slice(&text).map_err(|_| MergeError::NoPart {
                    path: place.clone(),
                })?;
                whole = Some((blueprint, hash, place));
            }
            Some((_, expected, first)) if *expected != hash => {
                return Err(MergeError::Foreign {
                    path: place.clone(),
                    found: hash,
                    first: first.to_path_buf(),
                    expected: expected.clone(),
                });
            }
            Some(_) => {}
        }
        let entries = journal_of(place).map_err(|_| MergeError::NoPart {
            path: place.clone(),
        })?;
        let entries: BTreeMap<usize, _> = entries
            .into_iter()
            .map(|entry| (entry.chunk, entry))
            .collect();
        refuse_overlap(place, &entries, &found)?;
        for (chunk, entry) in entries {
            found.insert(chunk, (place.clone(), entry.sha256, entry.failures));
        }
    }
    let Some((blueprint, ..)) = whole else {
        return Err(MergeError::NoPart {
            path: PathBuf::new(),
        });
    };
    let chunks = blueprint.chunks();
    let missing = chunks
        .iter()
        .filter(|chunk| !found.contains_key(&chunk.number));
    let missing: Vec<usize> = missing.map(|chunk| chunk.number).collect();
    if !missing.is_empty() {
        return Err(MergeError::Missing {
            chunks: ranges(&missing),
            of: chunks.len(),
        });
    }
    let parts = chunks.into_iter().filter_map(|chunk| {
        let (place, hash, failures) = found.remove(&chunk.number)?;
        Some((place, chunk, hash, failures))
    });
    Ok((blueprint, parts.collect()))
}

/// Refuses a part that holds chunks of which another one holds as well.
fn refuse_overlap(
    place: &Path,
    entries: &BTreeMap<usize, Entry>,
    found: &BTreeMap<usize, (PathBuf, String, Vec<Failure>)>,
) -> Result<(), MergeError> {
    let Some((other, ..)) = entries.keys().find_map(|chunk| found.get(chunk)) else {
        return Ok(());
    };
    let both = entries.keys().filter(|chunk| found.contains_key(chunk));
    let both: Vec<usize> = both.copied().collect();
    Err(MergeError::Overlap {
        one: other.clone(),
        other: place.to_owned(),
        chunks: ranges(&both),
    })
}

/// Numbers in order, those that follow one another as first and last: `0 to 3, 7`.
fn ranges(numbers: &[usize]) -> String {
    let stretches = numbers.chunk_by(|one, next| one + 1 == *next);
    let told = stretches.map(|stretch| match stretch {
        [only] => only.to_string(),
        [first, .., last] => format!("{first} to {last}"),
        [] => String::new(),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// Takes the chunks of all parts into a folder.
///
/// # Errors
/// A chunk that has changed, and what the system refuses.
pub fn adopt(work: &Work, parts: &Parts) -> Result<(), MergeError> {
    let missing = parts.iter().filter(|(_, chunk, ..)| !work.has(chunk));
    for (place, chunk, hash, failures) in missing {
        let bytes = bytes_of(place, chunk)?;
        if sha256(&bytes) != *hash {
            return Err(MergeError::Spoilt {
                path: place.clone(),
                chunk: chunk.number,
            });
        }
        work.adopt(chunk, &bytes, failures.clone())?;
    }
    Ok(())
}
