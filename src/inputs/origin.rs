//! Where a table is written.

use std::collections::BTreeMap;

use crate::faults::Fault;

/// Where a table is written, for faults that are found when it has been read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The file as the user would open it.
    pub file: String,
    /// How the table is called in a fault.
    pub label: String,
    pub(super) line: usize,
    pub(super) lines: BTreeMap<String, usize>,
}

impl Origin {
    /// The line of a key, else of the table.
    pub fn line_of(&self, key: &str) -> usize {
        self.lines.get(key).copied().unwrap_or(self.line)
    }

    /// The fault of one key.
    pub fn fault(&self, key: &str, found: String, expected: String, hint: String) -> Fault {
        Fault {
            file: self.file.clone(),
            line: self.line_of(key),
            place: place_of(&self.label, key),
            found,
            expected,
            hint,
        }
    }

    /// The fault of the table as a whole.
    pub fn whole(&self, found: String, expected: String, hint: String) -> Fault {
        Fault {
            file: self.file.clone(),
            line: self.line,
            place: self.label.clone(),
            found,
            expected,
            hint,
        }
    }
}

fn place_of(label: &str, key: &str) -> String {
    match label {
        "" => format!("key `{key}`"),
        label => format!("{label}, key `{key}`"),
    }
}
