//! Where messages go: keys of JSON, and readers that are gone.

use std::path::Path;
use std::process::{Command, Output, Stdio};

const SMALL: &str = "tests/golden/two-parties/inputs";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rivershare"));
    command.args(arguments);
    command
}

fn rivershare(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The only line that was said, as JSON.
#[track_caller]
fn object(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_str(text(bytes).trim_end()).expect("one object")
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[test]
fn folder_and_root_have_keys_of_their_own() {
    let out = tempfile::tempdir().expect("a folder");
    let place = shown(&out.path().join("baseline"));
    let run = [
        "run",
        "--json",
        "--inputs",
        SMALL,
        "--out",
        &shown(out.path()),
    ];
    let written = object(&rivershare(&run).stdout);
    assert_eq!(
        (&written["kind"], &written["folder"]),
        (&"written".into(), &place.clone().into())
    );
    let root = written["root"].as_str().expect("a root");
    let said = written["text"].as_str().expect("a text");
    assert!(said.contains(&format!("\n{place}\n")), "{said}");
    assert!(said.ends_with(&format!("\nroot {root}")), "{said}");
    let verified = object(&rivershare(&["verify", "--json", &place]).stdout);
    assert_eq!(verified["kind"], "verified");
    assert_eq!(
        (&verified["folder"], &verified["root"]),
        (&written["folder"], &written["root"])
    );
}

#[test]
fn wrong_usage_is_json_where_that_is_asked_for() {
    let words = ["batch", "any.toml", "--shard", "5/3"];
    let told = "error: invalid value '5/3' for '--shard <I/N>': expected I/N with I from 1 to N, for instance 2/8\n\n\
                For more information, try '--help'.";
    let done = rivershare(&words);
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(text(&done.stderr), format!("{told}\n"));
    let done = rivershare(&[&words[..], &["--json"]].concat());
    assert_eq!(done.status.code(), Some(2));
    let expected = serde_json::json!({ "kind": "error", "text": told });
    assert_eq!(object(&done.stderr), expected);
    assert!(done.stdout.is_empty());
    // Help is no error, and stays a text.
    let done = rivershare(&["--json", "--help"]);
    assert_eq!(done.status.code(), Some(0));
    assert!(text(&done.stdout).contains("Usage: rivershare"));
}

#[test]
fn a_reader_that_is_gone_changes_no_result() {
    let out = tempfile::tempdir().expect("a folder");
    let place = shown(out.path());
    let run = ["run", "--inputs", SMALL, "--out", &place];
    let questions = ["--explain", "Fields@2001-07", "--explain", "Fish@2001-01"];
    let mut program = command(&[&run[..], &questions].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(program.stdout.take());
    let done = program.wait_with_output().expect("the program ends");
    assert_eq!(text(&done.stderr), "");
    assert_eq!(done.status.code(), Some(0));
    let verified = rivershare(&["verify", &shown(&out.path().join("baseline"))]);
    assert!(verified.status.success(), "{}", text(&verified.stderr));
}

#[test]
fn faults_that_nobody_reads_are_in_the_exit_code() {
    let mut program = command(&["check", "--inputs", "nowhere"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(program.stderr.take());
    assert_eq!(program.wait().expect("the program ends").code(), Some(1));
}

/// A device that is always full stands for a full disk; where the system has none there is nothing to try.
#[test]
fn messages_that_cannot_be_written_are_told() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else {
        return;
    };
    let done = command(&["check", "--inputs", SMALL])
        .stdout(full)
        .output()
        .expect("the program starts");
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(
        text(&done.stderr),
        "standard output: cannot be written: No space left on device (os error 28)\n"
    );
}
