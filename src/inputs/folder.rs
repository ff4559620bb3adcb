//! A folder of inputs: which files were read, what they hash to, who stands behind their numbers, and
//! what is wrong with them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::faults::{Fault, Faults};

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

    /// Whether nothing is wrong so far.
    pub fn is_sound(&self) -> bool {
        self.faults.borrow().is_empty()
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
        let bytes = match std::fs::read(self.root.join(file)) {
            Ok(bytes) => bytes,
            Err(error) => {
                let found = match error.kind() {
                    std::io::ErrorKind::NotFound => "no such file".to_owned(),
                    _ => format!("the file cannot be read: {error}"),
                };
                self.whole_file(file, found, format!("the file that {wanted_by} needs"), "");
                return None;
            }
        };
        let hash = hex(&Sha256::digest(&bytes));
        self.hashes.borrow_mut().insert(file.to_owned(), hash);
        match String::from_utf8(bytes) {
            Ok(text) => Some(
                text.strip_prefix('\u{feff}')
                    .map_or(text.clone(), str::to_owned),
            ),
            Err(error) => {
                let place = error.utf8_error().valid_up_to();
                let found = format!("a byte that is not UTF-8 after {place} bytes");
                self.whole_file(
                    file,
                    found,
                    "text in UTF-8".to_owned(),
                    "save the file as UTF-8",
                );
                None
            }
        }
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
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    }

    /// A fault for each file below `folder` that nothing has read.
    pub fn refuse_unread_below(&self, folder: &str, expected: &str) {
        for name in self.names_in(folder) {
            let path = format!("{folder}/{name}");
            if self.root.join(&path).is_dir() {
                self.refuse_unread_below(&path, expected);
            } else if !self.hashes.borrow().contains_key(&path) {
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

    /// Takes over the faults and the evidence of another folder, whose only file counts as `file` here.
    pub fn absorb(&self, other: Self, file: &str) {
        let (faults, hashes) = (other.faults.into_inner(), other.hashes.into_inner());
        for fault in faults.iter() {
            self.fault(fault.clone());
        }
        self.hashes
            .borrow_mut()
            .extend(hashes.into_values().map(|hash| (file.to_owned(), hash)));
        for provenance in other.provenance.into_inner() {
            self.vouch(Provenance {
                file: file.to_owned(),
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
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
