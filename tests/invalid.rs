//! Every kind of bad input with its exact message.
//!
//! `tests/invalid/valid` is a small sound model. Each `tests/invalid/*.case` says how a copy of it is
//! changed and, below the line `=== standard error`, what `rivershare check --inputs inputs` then says.
//! A case that expects nothing there is about inputs that must be accepted.
//!
//! After a change of messages `RIVERSHARE_BLESS=1 cargo nextest run --test invalid` writes what is said now
//! into the cases; read each difference before you keep it.
//!
//! A case begins with a comment that says what is wrong, followed by steps, one or more:
//!
//! ```text
//! change FILE         `- old` lines become the `+ new` lines after them; a part without `-` is appended;
//! - old line          a blank line begins the next part
//! + new line
//! write FILE          the file holds the `+` lines and nothing else
//! + first line
//! remove PATH         the file or folder is not there (`.` is the whole folder of inputs)
//! folder FILE         a folder stands in the file's place
//! cut FILE at TEXT    the file ends before the text
//! byte FILE at TEXT   the byte 0xFF, which is not UTF-8, stands before the text
//! ```

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use rivershare::model::Model;

const MARK: &str = "=== standard error\n";

#[test]
fn every_case_says_exactly_what_is_wrong() {
    let bless = std::env::var_os("RIVERSHARE_BLESS").is_some();
    let mut failures = Vec::new();
    for path in cases() {
        let text = fs::read_to_string(&path).expect("a readable case");
        let (steps, expected) = text.split_once(MARK).unwrap_or((&text, ""));
        let said = said_of("check", steps, &path);
        if said != expected && bless {
            fs::write(&path, format!("{steps}{MARK}{said}")).expect("the case can be written");
        } else if said != expected {
            let name = path.display();
            failures.push(format!("{name}\n--- expected\n{expected}--- said\n{said}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_model_that_the_cases_change_is_sound() {
    assert_eq!(said_of("check", "", Path::new("the valid model")), "");
}

#[test]
fn a_run_says_the_same_and_leaves_no_results() {
    let path = root().join("several_at_once.case");
    let text = fs::read_to_string(&path).expect("a readable case");
    let (steps, expected) = text.split_once(MARK).expect("an expected text");
    assert_eq!(said_of("run", steps, &path), expected);
}

/// Texts that stand where a reader least expects them.
const SNIPPETS: [&str; 24] = [
    "",
    "\n",
    ",",
    "\"",
    "=",
    "[",
    "]",
    "[[",
    "{",
    "#",
    "-",
    ".",
    "..",
    "0",
    "-1",
    "1e308",
    "nan",
    "inf",
    "99999999999999999999",
    "0000-00",
    "9999-12",
    "name = \"Weir\"\n",
    "\u{feff}",
    "é",
];

/// Where a file is changed (parts of its length), how many bytes go, and what comes in their place.
type Edit = (prop::sample::Index, usize, prop::sample::Index);

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_bytes_makes_the_load_panic(
        file in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, any::<prop::sample::Index>()), 1..4),
    ) {
        let folder = tempfile::tempdir().expect("a folder for the case");
        let inputs = folder.path().join("inputs");
        copy(&root().join("valid"), &inputs);
        let files = files_below(&inputs);
        let path = &files[file.index(files.len())];
        let text = fs::read(path).expect("a file of the valid model");
        fs::write(path, edited(text, &edits)).expect("the changed file");
        // Sound or not: it returns.
        let _ = Model::load(&inputs, &[]);
    }
}

fn edited(mut text: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for (place, gone, snippet) in edits {
        let start = place.index(text.len() + 1);
        let end = (start + gone).min(text.len());
        let snippet = SNIPPETS[snippet.index(SNIPPETS.len())];
        text.splice(start..end, snippet.bytes());
    }
    text
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid")
}

/// The files of the cases in order.
fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(root()).expect("the folder of the cases");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "case"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

/// What a command says on standard error about the valid model after `steps`; it leaves nothing behind.
fn said_of(command: &str, steps: &str, case: &Path) -> String {
    let folder = tempfile::tempdir().expect("a folder for the case");
    let inputs = folder.path().join("inputs");
    copy(&root().join("valid"), &inputs);
    for step in steps_of(steps) {
        step.apply(&inputs, case);
    }
    let run = Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args([command, "--inputs", "inputs"])
        .current_dir(folder.path())
        .output()
        .expect("the command starts");
    let mut said = String::from_utf8(run.stderr).expect("messages in UTF-8");
    if run.status.code() != Some(i32::from(!said.is_empty())) {
        writeln!(said, "{}", run.status).expect("a text takes all");
    }
    let left: Vec<_> = fs::read_dir(folder.path())
        .expect("the folder of the case")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| name != "inputs")
        .collect();
    assert!(left.is_empty(), "{}: left behind {left:?}", case.display());
    said
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder of the valid model") {
        let from = entry.expect("an entry").path();
        let to = to.join(from.file_name().expect("a name"));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a copy");
        }
    }
}

/// One line of a case that says what is done to a file, and the lines that belong to it.
struct Step<'a> {
    words: &'a str,
    lines: Vec<&'a str>,
}

fn steps_of(text: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match steps.last_mut() {
            Some(step) if line.is_empty() || line.starts_with(['-', '+']) => step.lines.push(line),
            _ if line.is_empty() => {}
            _ => steps.push(Step {
                words: line,
                lines: Vec::new(),
            }),
        }
    }
    steps
}

impl Step<'_> {
    fn apply(&self, inputs: &Path, case: &Path) {
        let (verb, rest) = self.words.split_once(' ').unwrap_or((self.words, ""));
        let (file, text) = rest.split_once(" at ").unwrap_or((rest, ""));
        let path = match file {
            "." => inputs.to_owned(),
            file => inputs.join(file),
        };
        let old = fs::read(&path).unwrap_or_default();
        let place = || {
            let found = String::from_utf8_lossy(&old).find(text);
            found.unwrap_or_else(|| panic!("{}: no `{text}` in {file}", case.display()))
        };
        match verb {
            "change" => write(&path, &self.changed(&old, case)),
            "write" => write(&path, lines_with('+', &self.lines).as_bytes()),
            "cut" => write(&path, &old[..place()]),
            "byte" => write(&path, &[&old[..place()], b"\xff", &old[place()..]].concat()),
            "remove" if path.is_dir() => fs::remove_dir_all(&path).expect("a folder to remove"),
            "remove" => fs::remove_file(&path).expect("a file to remove"),
            "folder" => {
                fs::remove_file(&path).expect("a file to remove");
                fs::create_dir(&path).expect("a new folder");
            }
            _ => panic!("{}: `{}` is no step", case.display(), self.words),
        }
    }

    /// The old text with each part of the step's lines carried out.
    fn changed(&self, old: &[u8], case: &Path) -> Vec<u8> {
        let mut text = String::from_utf8(old.to_vec()).expect("a text file");
        for part in self.lines.split(|line| line.is_empty()) {
            let (old, new) = (lines_with('-', part), lines_with('+', part));
            if old.is_empty() {
                text.push_str(&new);
                continue;
            }
            assert!(text.contains(&old), "{}: not there: {old}", case.display());
            text = text.replacen(&old, &new, 1);
        }
        text.into_bytes()
    }
}

/// The lines that begin with a sign, without it and the space after it.
fn lines_with(sign: char, lines: &[&str]) -> String {
    let bare = lines.iter().filter_map(|line| line.strip_prefix(sign));
    bare.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"])
        .collect()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("the folder of a file");
    fs::write(path, bytes).expect("a file that can be written");
}
