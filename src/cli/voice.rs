//! What the program says: messages on standard output, and what went wrong on standard error.

use std::cell::RefCell;
use std::fmt::Display;
use std::io::{ErrorKind, Write as _, stderr, stdout};
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::Failure;
use crate::results::RunError;

/// Why standard output takes no more, once it does not.
pub(super) type Lost = RefCell<Option<std::io::Error>>;

/// Where messages go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice<'a> {
    pub(super) quiet: bool,
    pub(super) json: bool,
    pub(super) lost: &'a Lost,
}

impl Voice<'_> {
    /// Whether nothing but faults is said.
    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Says a line of success on standard output.
    pub(crate) fn say(self, kind: &str, text: &str) {
        self.put(text, || json!({ "kind": kind, "text": text }));
    }

    /// Says that of a folder of sealed results; as JSON, folder and root have keys of their own.
    pub(crate) fn say_of_results(self, kind: &str, text: &str, folder: &Path, root: &str) {
        let folder = folder.display().to_string();
        self.put(
            text,
            || json!({ "kind": kind, "text": text, "folder": folder, "root": root }),
        );
    }

    /// Says something that has a text and, as JSON, parts with names.
    pub(crate) fn tell(self, kind: &str, what: &(impl Display + Serialize)) {
        self.put(what, || json!({ "kind": kind, kind: what }));
    }

    /// Writes a line. Where the reader is gone nothing more is said, but the work goes on: what a command writes does
    /// not depend on who listens.
    fn put(self, text: impl Display, object: impl FnOnce() -> Value) {
        let mut lost = self.lost.borrow_mut();
        if self.quiet || lost.is_some() {
            return;
        }
        let written = match self.json {
            true => writeln!(stdout(), "{}", object()),
            false => writeln!(stdout(), "{text}"),
        };
        *lost = written.err();
    }

    /// Whether all was said that somebody could hear: a reader that is gone misses nothing.
    ///
    /// # Errors
    /// Any other cause for which standard output took no more.
    pub(super) fn end(self) -> Result<(), Failure> {
        match self.lost.take() {
            Some(cause) if cause.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::write(Path::new("standard output"), cause))
            }
            _ => Ok(()),
        }
    }

    /// Tells what went wrong on standard error.
    pub(super) fn complain(self, error: &Failure) {
        match (self.json, error) {
            (true, Failure::Faults(faults) | Failure::Run(RunError::Faults(faults))) => {
                for fault in faults.iter() {
                    warn(json!({ "kind": "fault", "fault": fault }));
                }
            }
            (true, error) => warn(object_of(error)),
            (false, error) => warn(error),
        }
    }
}

/// An error as JSON.
pub(super) fn object_of(error: impl Display) -> Value {
    json!({ "kind": "error", "text": error.to_string().trim_end() })
}

/// Writes a line on standard error. Where nobody reads it, the exit code alone tells what went wrong.
pub(super) fn warn(text: impl Display) {
    let _ = writeln!(stderr(), "{text}");
}
