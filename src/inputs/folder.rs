//! A folder of inputs: which files were read, what they hash to, who stands behind their numbers, and
//! what is wrong with them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::document::line_at;
use super::series::beside;
use crate::faults::{Fault, Faults, meant, near};

/// Where the numbers of one table or file come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Provenance {
    /// The file, relative to the folder of inputs.
    pub file: String,
    /// The table in a TOML file; empty for a CSV file.
    pub table: String,
    /// The publication, or `assumption: …`.
    pub source: String,
    /// `high`, `medium` or `low`.
    pub confidence: String,
}

/// The words for how far a number can be trusted.
pub const CONFIDENCES: [&str; 3] = ["high", "medium", "low"];

/// A folder of inputs while it is being read.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    faults: RefCell<Faults>,
    hashes: RefCell<BTreeMap<String, String>>,
    provenance: RefCell<Vec<Provenance>>,
    excused: RefCell<BTreeSet<String>>,
}

/// What a load learned of its files.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// SHA-256 of each file that was read, by its path relative to the folder.
    pub hashes: BTreeMap<String, String>,
    /// Source and confidence of each table and file that holds numbers, in order of file and table.
    pub provenance: Vec<Provenance>,
}

impl Folder {
    /// The folder at `root`; nothing is read yet.
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            faults: RefCell::default(),
            hashes: RefCell::default(),
            provenance: RefCell::default(),
            excused: RefCell::default(),
        }
    }

    /// A file's path as the user would open it.
    pub fn shown(&self, file: &str) -> String {
        self.root.join(file).display().to_string()
    }

    /// Puts down a fault.
    pub fn fault(&self, fault: Fault) {
        self.faults.borrow_mut().push(fault);
    }

    /// SHA-256 of each file that was read so far, by its path relative to the folder.
    pub fn hashes(&self) -> BTreeMap<String, String> {
        self.hashes.borrow().clone()
    }

    /// How many faults were put down so far.
    pub fn faults(&self) -> usize {
        self.faults.borrow().len()
    }

    /// Whether nothing is wrong so far.
    pub fn is_sound(&self) -> bool {
        self.faults() == 0
    }

    /// Remembers a name or a file that stands in a table that could not be understood: that nothing is
    /// called so, or that nothing refers to it, follows from the fault of that table and is none itself.
    pub fn excuse(&self, name: &str) {
        self.excused.borrow_mut().insert(name.to_owned());
    }

    /// Whether a name or file follows from a fault that was put down.
    pub fn excuses(&self, name: &str) -> bool {
        self.excused.borrow().contains(name)
    }

    /// Puts down who stands behind the numbers of a table or file.
    pub fn vouch(&self, provenance: Provenance) {
        self.provenance.borrow_mut().push(provenance);
    }

    /// Whether there is such a file or folder.
    pub fn holds(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// The text of a file that must be there; `wanted_by` says who needs it.
    pub fn read(&self, file: &str, wanted_by: &str) -> Option<String> {
        match String::from_utf8(self.bytes(file, wanted_by)?) {
            Ok(text) => Some(
                text.strip_prefix('\u{feff}')
                    .map_or(text.clone(), str::to_owned),
            ),
            Err(error) => {
                let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = line_at(sound, sound.len());
                self.fault(Fault {
                    file: self.shown(file),
                    line,
                    place: String::new(),
                    found: "a byte that is not UTF-8".to_owned(),
                    expected: "text in UTF-8".to_owned(),
                    hint: "save the file as UTF-8".to_owned(),
                });
                None
            }
        }
    }

    /// The bytes of a file that must be there, as [`Folder::read`]; its hash is remembered.
    pub fn bytes(&self, file: &str, wanted_by: &str) -> Option<Vec<u8>> {
        let path = self.root.join(file);
        // A pipe or device would be waited for without end.
        let kind = std::fs::metadata(&path).map(|data| data.is_file() || data.is_dir());
        let bytes = match kind.and_then(|plain| match plain {
            true => std::fs::read(&path),
            false => Err(std::io::Error::other("it is no regular file")),
        }) {
            Ok(bytes) => bytes,
            Err(error) => {
                let is_folder = self.root.join(file).is_dir();
                let found = match error.kind() {
                    std::io::ErrorKind::NotFound => "no such file".to_owned(),
                    _ if is_folder => "a folder".to_owned(),
                    _ => format!("the file cannot be read: {error}"),
                };
                let hint = self.file_near(file);
                self.whole_file(
                    file,
                    found,
                    format!("the file that {wanted_by} needs"),
                    &hint,
                );
                return None;
            }
        };
        let hash = hex(&Sha256::digest(&bytes));
        self.hashes.borrow_mut().insert(file.to_owned(), hash);
        Some(bytes)
    }

    /// SHA-256 of a file that was read.
    pub fn hash_of(&self, file: &str) -> Option<String> {
        self.hashes.borrow().get(file).cloned()
    }

    /// The hint that names a file of the same folder, which then is excused from being referred to.
    fn file_near(&self, file: &str) -> String {
        let (folder, name) = file.rsplit_once('/').unwrap_or((".", file));
        let names = self.names_in(folder);
        let near = near(name, names.iter().map(String::as_str)).filter(|near| *near != name);
        if let Some(near) = near {
            self.excuse(&beside(file, near));
        }
        meant(near)
    }

    /// The text of a file as far as it can be read, without putting down a fault.
    pub fn glance(&self, file: &str) -> Option<String> {
        let bytes = std::fs::read(self.root.join(file)).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn whole_file(&self, file: &str, found: String, expected: String, hint: &str) {
        self.fault(Fault {
            file: self.shown(file),
            line: 0,
            place: String::new(),
            found,
            expected,
            hint: hint.to_owned(),
        });
    }

    /// Names in a sub-folder, sorted; hidden ones are passed over.
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.root.join(folder)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    }

    /// Names of the folders in a sub-folder, sorted; hidden ones are passed over.
    pub fn folders_in(&self, folder: &str) -> Vec<String> {
        let mut names = self.names_in(folder);
        names.retain(|name| self.root.join(folder).join(name).is_dir());
        names
    }

    /// A fault for each file below `folder` that nothing has read and that is not excused.
    pub fn refuse_unread_below(&self, folder: &str, expected: &str) {
        for name in self.names_in(folder) {
            let path = format!("{folder}/{name}");
            if self.root.join(&path).is_dir() {
                self.refuse_unread_below(&path, expected);
            } else if !self.hashes.borrow().contains_key(&path) && !self.excuses(&path) {
                let found = "a file that no network refers to".to_owned();
                self.whole_file(
                    &path,
                    found,
                    expected.to_owned(),
                    "refer to it or move it away",
                );
            }
        }
    }

    /// Takes over the faults and the evidence of another folder: its file `main` counts as `file` here,
    /// and what that file refers to stands below it.
    pub fn absorb(&self, other: Self, main: &str, file: &str) {
        let renamed = |own: &str| match own == main {
            true => file.to_owned(),
            false => format!("{file}/{own}"),
        };
        let (faults, hashes) = (other.faults.into_inner(), other.hashes.into_inner());
        for fault in faults.iter() {
            self.fault(fault.clone());
        }
        self.hashes
            .borrow_mut()
            .extend(hashes.into_iter().map(|(own, hash)| (renamed(&own), hash)));
        for provenance in other.provenance.into_inner() {
            self.vouch(Provenance {
                file: renamed(&provenance.file),
                ..provenance
            });
        }
    }

    /// The faults so far, else `value` with the evidence of what was read.
    ///
    /// # Errors
    /// The faults, where there are any.
    pub fn close<T>(self, value: Option<T>) -> Result<(T, Evidence), Faults> {
        let mut provenance = self.provenance.into_inner();
        provenance.sort();
        provenance.dedup();
        let evidence = Evidence {
            hashes: self.hashes.into_inner(),
            provenance,
        };
        self.faults
            .into_inner()
            .or(value.map(|value| (value, evidence)))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15];
    let nibbles = bytes.iter().flat_map(digits);
    nibbles
        .filter_map(|nibble| char::from_digit(nibble.into(), 16))
        .collect()
}
