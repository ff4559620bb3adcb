//! The folder of a batch while it is computed: a journal, finished chunks, and a lock.
//!
//! A chunk is written beside its place, brought to the disk, renamed, and then entered in the journal with its hash.
//! What is in the journal and has its hash is finished; everything else is computed again. The folder has a manifest
//! only when all of it is there.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::blueprint::{Blueprint, Chunk};
use super::chunk::{Failure, Results};
use super::durable::{at, read, write_whole};
use crate::outputs::manifest::{MANIFEST, sha256};

/// The blueprint within the folder.
pub const BLUEPRINT: &str = "blueprint.json";
/// Finished chunks within the folder.
pub const JOURNAL: &str = "journal.jsonl";
const CHUNKS: &str = "chunks";
const LOCK: &str = ".lock";
/// Marks of the sessions within the folder.
pub const SESSIONS: &str = "sessions.jsonl";

/// Why a folder cannot be worked in.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The system refuses.
    #[error("{}: cannot be written: {cause}\n    hint      what is finished is kept; go on with --resume", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The system refuses to read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// Something else stands there.
    #[error("{}: is there already and is no folder of a batch\n    hint      choose another --out", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
    },
    /// An unfinished batch stands there.
    #[error("{}: holds a batch that is not finished\n    hint      go on with --resume, or choose another --out", path.display())]
    Unfinished {
        /// The folder.
        path: PathBuf,
    },
    /// A finished batch stands there.
    #[error("{}: holds a finished batch\n    hint      choose another --out, or replace it with --force", path.display())]
    Finished {
        /// The folder.
        path: PathBuf,
    },
    /// The folder belongs to another batch.
    #[error(
        "{}: holds another batch: its blueprint is {found}, and this one's is {expected}\n    hint      the batch, an input or the program has changed; choose another --out",
        path.display()
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// Hash of its blueprint.
        found: String,
        /// Hash of this batch's.
        expected: String,
    },
    /// Somebody else is at work there.
    #[error("{}: another rivershare is at work here", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
}

/// A finished chunk in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Number of the chunk.
    pub chunk: usize,
    /// SHA-256 of its file.
    pub sha256: String,
    /// Members without results.
    pub failures: Vec<Failure>,
}

/// How a folder is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entering {
    /// Nothing may be there.
    Afresh,
    /// What is finished counts.
    Resuming,
    /// A finished batch is replaced.
    Replacing,
}

/// A folder to work in, locked for the others.
#[derive(Debug)]
pub struct Work {
    place: PathBuf,
    /// Held while the folder is worked in; the system lets go of it with the process.
    _lock: File,
    journal: Mutex<File>,
    done: Mutex<BTreeMap<usize, Entry>>,
    /// Chunks whose files had not their hash any more.
    pub spoilt: Vec<usize>,
}

/// What was found at a place.
#[derive(Debug)]
pub enum Found {
    /// A folder to work in.
    Work(Work),
    /// The finished results of this batch.
    Complete,
}

impl Work {
    /// Enters the folder of a batch, which is made where nothing is.
    ///
    /// # Errors
    /// Where the folder holds something else, somebody is at work there, or the system refuses.
    pub fn enter(
        place: &Path,
        blueprint: &Blueprint,
        entering: Entering,
    ) -> Result<Found, WorkError> {
        let path = || place.to_owned();
        let is_complete = place.join(MANIFEST).exists();
        if place.exists() && !is_own(place) {
            return Err(WorkError::Occupied { path: path() });
        }
        let found = blueprint_of(place).map(|text| sha256(&text));
        if let Some(found) = found.clone() {
            let expected = blueprint.hash();
            match entering {
                Entering::Afresh if is_complete => {
                    return Err(WorkError::Finished { path: path() });
                }
                Entering::Afresh => return Err(WorkError::Unfinished { path: path() }),
                Entering::Resuming if found != expected => {
                    let path = path();
                    return Err(WorkError::Foreign {
                        path,
                        found,
                        expected,
                    });
                }
                Entering::Resuming if is_complete && traces(place).is_empty() => {
                    return Ok(Found::Complete);
                }
                Entering::Resuming | Entering::Replacing => {}
            }
        }
        at(place, std::fs::create_dir_all(place))?;
        let lock = lock(place)?;
        match entering {
            // The program ended between its last two deeds: the results are there, and so are traces of the work.
            Entering::Resuming if found.is_some() && is_complete => {
                clear(place)?;
                return Ok(Found::Complete);
            }
            Entering::Replacing => empty(place)?,
            _ => {}
        }
        if !place.join(BLUEPRINT).exists() {
            write_whole(place, BLUEPRINT, &blueprint.text())?;
        }
        let chunks = place.join(CHUNKS);
        at(&chunks, std::fs::create_dir_all(&chunks))?;
        Self::open(place, lock, blueprint).map(Found::Work)
    }

    fn open(place: &Path, lock: File, blueprint: &Blueprint) -> Result<Self, WorkError> {
        let path = place.join(JOURNAL);
        let text = if path.exists() {
            read(&path)?
        } else {
            Vec::new()
        };
        let (entries, sound) = entries(&text);
        let journal = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let mut journal = at(&path, journal)?;
        // A line that was cut off is no entry.
        at(&path, journal.set_len(sound as u64))?;
        at(&path, journal.seek(SeekFrom::End(0)))?;
        let chunks = blueprint.chunks();
        let (mut done, mut spoilt) = (BTreeMap::new(), Vec::new());
        for entry in entries {
            let Some(chunk) = chunks.get(entry.chunk) else {
                continue;
            };
            let bytes = std::fs::read(place.join(CHUNKS).join(chunk.file()));
            if bytes.is_ok_and(|bytes| sha256(&bytes) == entry.sha256) {
                done.insert(entry.chunk, entry);
            } else {
                spoilt.push(entry.chunk);
            }
        }
        spoilt.retain(|chunk| !done.contains_key(chunk));
        spoilt.sort_unstable();
        spoilt.dedup();
        Ok(Self {
            place: place.to_owned(),
            _lock: lock,
            journal: Mutex::new(journal),
            done: Mutex::new(done),
            spoilt,
        })
    }

    /// The folder.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Finished chunks by number.
    pub fn done(&self) -> BTreeMap<usize, Entry> {
        self.done
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether a chunk is finished.
    pub fn has(&self, chunk: &Chunk) -> bool {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.contains_key(&chunk.number)
    }

    /// Puts down the results of a chunk.
    ///
    /// # Errors
    /// What the system refuses; the chunk then does not count as finished.
    pub fn finish(&self, chunk: &Chunk, results: &Results) -> Result<(), WorkError> {
        self.adopt(chunk, &results.bytes(), results.failures.clone())
    }

    /// Puts down a chunk that was computed elsewhere.
    ///
    /// # Errors
    /// As those of [`Work::finish`].
    pub fn adopt(
        &self,
        chunk: &Chunk,
        bytes: &[u8],
        failures: Vec<Failure>,
    ) -> Result<(), WorkError> {
        write_whole(&self.place.join(CHUNKS), &chunk.file(), bytes)?;
        let entry = Entry {
            chunk: chunk.number,
            sha256: sha256(bytes),
            failures,
        };
        let mut line = serde_json::to_vec(&entry).unwrap_or_default();
        line.push(b'\n');
        let path = self.place.join(JOURNAL);
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        let entered = enter_line(&mut journal, &line);
        at(&path, entered)?;
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.insert(chunk.number, entry);
        Ok(())
    }

    /// The finished chunk of a number, to read from.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn numbers_of(&self, chunk: &Chunk) -> Result<Numbers, WorkError> {
        Numbers::open(&self.place, chunk)
    }

    /// Takes away all that is not a result.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn clear(self) -> Result<(), WorkError> {
        clear(&self.place)
    }
}

/// The numbers of a finished chunk.
#[derive(Debug)]
pub struct Numbers {
    path: PathBuf,
    file: File,
}

impl Numbers {
    /// Those of a chunk in a folder.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn open(place: &Path, chunk: &Chunk) -> Result<Self, WorkError> {
        let path = place.join(CHUNKS).join(chunk.file());
        let file = File::open(&path).map_err(|cause| WorkError::Read {
            path: path.clone(),
            cause,
        })?;
        Ok(Self { path, file })
    }

    /// Some numbers from a place on.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn read(&mut self, first: usize, count: usize) -> Result<Vec<f64>, WorkError> {
        let mut bytes = vec![0; 8 * count];
        let done = self.file.seek(SeekFrom::Start(8 * first as u64));
        let done = done.and_then(|_| self.file.read_exact(&mut bytes));
        done.map_err(|cause| WorkError::Read {
            path: self.path.clone(),
            cause,
        })?;
        let eight = bytes.as_chunks::<8>().0;
        Ok(eight
            .iter()
            .map(|bytes| f64::from_le_bytes(*bytes))
            .collect())
    }
}

/// The blueprint of a folder as it stands there; none where there is none.
pub fn blueprint_of(place: &Path) -> Option<Vec<u8>> {
    let text = std::fs::read(place.join(BLUEPRINT)).ok()?;
    serde_json::from_slice::<Blueprint>(&text).ok()?;
    Some(text)
}

/// The entries of a folder's journal.
///
/// # Errors
/// What the system refuses.
pub fn journal_of(place: &Path) -> Result<Vec<Entry>, WorkError> {
    Ok(entries(&read(&place.join(JOURNAL))?).0)
}

/// The bytes of a chunk's file in a folder.
///
/// # Errors
/// What the system refuses.
pub fn bytes_of(place: &Path, chunk: &Chunk) -> Result<Vec<u8>, WorkError> {
    read(&place.join(CHUNKS).join(chunk.file()))
}

/// Entries of a journal, and the number of bytes of its whole lines.
fn entries(text: &[u8]) -> (Vec<Entry>, usize) {
    let (mut entries, mut sound) = (Vec::new(), 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let entry = line.ends_with(b"\n").then(|| serde_json::from_slice(line));
        let Some(Ok(entry)) = entry else { break };
        entries.push(entry);
        sound += line.len();
    }
    (entries, sound)
}

fn lock(place: &Path) -> Result<File, WorkError> {
    let path = place.join(LOCK);
    let file = at(&path, File::create(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(WorkError::Locked {
            path: place.to_owned(),
        }),
        Err(std::fs::TryLockError::Error(cause)) => Err(WorkError::Write { path, cause }),
    }
}

/// Adds a line to the journal; of one that cannot be written in whole nothing stays.
fn enter_line(journal: &mut File, line: &[u8]) -> std::io::Result<()> {
    let before = journal.metadata()?.len();
    let written = journal.write_all(line).and_then(|()| journal.sync_data());
    if written.is_err() {
        // What cannot be taken back is no whole line, and counts for nothing when the folder is entered again.
        let _ = journal.set_len(before);
        let _ = journal.seek(SeekFrom::End(0));
    }
    written
}

/// Whether a place is free for a batch, or has one.
fn is_own(place: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(place) else {
        return false;
    };
    let begun = format!(".{BLUEPRINT}.partial");
    let is_begun = |name: &OsStr| name == LOCK || name == OsStr::new(&begun);
    blueprint_of(place).is_some() || entries.flatten().all(|entry| is_begun(&entry.file_name()))
}

/// What stands in a folder and is no result.
fn traces(place: &Path) -> Vec<PathBuf> {
    let all = [JOURNAL, SESSIONS, CHUNKS, LOCK].map(|name| place.join(name));
    all.into_iter().filter(|path| path.exists()).collect()
}

/// Takes away all that is not a result; the lock last.
fn clear(place: &Path) -> Result<(), WorkError> {
    for path in traces(place) {
        match path.is_dir() {
            true => at(&path, std::fs::remove_dir_all(&path))?,
            false => at(&path, std::fs::remove_file(&path))?,
        }
    }
    Ok(())
}

/// Takes away the batch of a folder. Its manifest goes first and its blueprint last, so that what is left of it when the
/// program ends on the way is an unfinished batch.
fn empty(place: &Path) -> Result<(), WorkError> {
    let entries = at(place, std::fs::read_dir(place))?;
    let mut names: Vec<OsString> = entries.flatten().map(|entry| entry.file_name()).collect();
    names.retain(|name| name != LOCK);
    names.sort_by_key(|name| (name == BLUEPRINT, name != MANIFEST, name.clone()));
    for name in names {
        let path = place.join(name);
        match path.is_dir() {
            true => at(&path, std::fs::remove_dir_all(&path))?,
            false => at(&path, std::fs::remove_file(&path))?,
        }
    }
    Ok(())
}
