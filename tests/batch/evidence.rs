//! Evidence: whatever is changed in a folder of results is found.

use serde::Serialize;
use serde::de::DeserializeOwned;

use rivershare::batch::evidence::Identity as OfBatch;
use rivershare::outputs::manifest::Identity as OfRun;
use rivershare::outputs::verify::{Tables, verify};

use crate::bench::{Bench, LOG};

/// Flips bytes of every file but the log, and asks whether that is found.
fn flip_everything<I: DeserializeOwned + Serialize + Tables>(bench: &Bench, folder: &str) {
    let place = bench.at(folder);
    let is_whole = || verify::<I>(&place).is_ok_and(|verified| verified.findings.is_empty());
    assert!(is_whole());
    for (name, bytes) in bench.files(folder) {
        let path = place.join(&name);
        let last = bytes.len().saturating_sub(1);
        // Ends, middle, and some between.
        let places = [
            0,
            1,
            last / 7,
            last / 3,
            last / 2,
            last.saturating_sub(1),
            last,
        ];
        for at in places.into_iter().filter(|at| *at < bytes.len()) {
            for bit in [0x01, 0x20, 0x80] {
                let mut flipped = bytes.clone();
                flipped[at] ^= bit;
                std::fs::write(&path, flipped).expect("written");
                assert_eq!(
                    is_whole(),
                    name == "run.log.json",
                    "{name}, byte {at}, {bit:#x}"
                );
            }
        }
        std::fs::write(&path, bytes).expect("written");
    }
    assert!(is_whole());
}

#[test]
fn any_byte_of_a_batch_that_is_flipped_is_found() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    flip_everything::<OfBatch>(&bench, "out");
}

#[test]
fn any_byte_of_a_run_that_is_flipped_is_found() {
    let bench = Bench::small();
    bench.done(&["run", "--out", "."]);
    flip_everything::<OfRun>(&bench, "baseline");
}

#[test]
fn what_is_missing_changed_or_new_is_named() {
    let bench = Bench::small();
    let root = bench.batch("out", &[]);
    let root = root.lines().last().expect("a line").to_owned();
    assert_eq!(
        bench.done(&["verify", "out"]),
        format!("out: whole and unchanged\n{root}\n")
    );
    let metrics = std::fs::read(bench.at("out/metrics.parquet")).expect("a table");
    std::fs::remove_file(bench.at("out/metrics.parquet")).expect("removed");
    std::fs::remove_file(bench.at("out/blueprint.json")).expect("removed");
    bench.put("out/design.csv", "run\n");
    bench.put("out/more/notes.txt", "");
    bench.put("out/run.log.json", "{}");
    assert_eq!(
        bench.refused(&["verify", "out"]),
        "out/blueprint.json: is missing\nout/design.csv: has changed\nout/metrics.parquet: is missing\n\
         out/more/notes.txt: is no part of the results\n"
    );
    assert!(!metrics.is_empty());
}

#[test]
fn a_manifest_that_contradicts_itself_is_refused() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    let manifest = bench.text("out/manifest.json");
    let seal = |text: &str| {
        bench.put("out/manifest.json", text);
        let sealed = rivershare::outputs::manifest::seal(text.as_bytes());
        std::fs::write(bench.at("out/manifest.sha256"), sealed).expect("written");
    };
    bench.put(
        "out/manifest.json",
        &manifest.replace("\"tried\"", "\"tired\""),
    );
    assert_eq!(
        bench.refused(&["verify", "out"]),
        "out/manifest.sha256: is not the seal of manifest.json\nout/manifest.json: the root is not that of the identity\n"
    );
    seal(&manifest.replace("\"tried\"", "\"tired\""));
    assert_eq!(
        bench.refused(&["verify", "out"]),
        "out/manifest.json: the root is not that of the identity\n"
    );
    seal("{}\n");
    assert_eq!(
        bench.refused(&["verify", "out"]),
        "out/manifest.json: cannot be read as a manifest of rivershare\n"
    );
    std::fs::remove_file(bench.at("out/manifest.json")).expect("removed");
    let told = bench.refused(&["verify", "out"]);
    assert!(
        told.starts_with("out/manifest.json: cannot be read: "),
        "{told}"
    );
    let hint = "\n    hint      results have a manifest only when they are complete\n";
    assert!(told.ends_with(hint), "{told}");
}

#[test]
fn folder_and_root_have_keys_of_their_own_as_json() {
    let bench = Bench::small();
    let told = bench.batch("out", &["--json"]);
    let told: serde_json::Value = serde_json::from_str(told.trim_end()).expect("one object");
    let manifest = bench.text("out/manifest.json");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(
        (&told["folder"], &told["root"]),
        (&"out".into(), &manifest["root"])
    );
}

#[test]
fn a_folder_without_a_seal_is_told_why() {
    let bench = Bench::small();
    let generate = ["generate", "model/generators/flows.toml", "--members", "2"];
    bench.done(&[&generate[..], &["--out", "."]].concat());
    assert_eq!(
        bench.refused(&["verify", "generated-flows"]),
        "generated-flows: has no seal: results of `generate` are not sealed\n"
    );
    bench.put("elsewhere/manifest.json", "{}\n");
    assert_eq!(
        bench.refused(&["verify", "elsewhere"]),
        "elsewhere: is no folder of sealed results: manifest.sha256 is missing\n"
    );
    // Results that have lost their seal lack a file.
    bench.done(&["run", "--out", "."]);
    std::fs::remove_file(bench.at("baseline/manifest.sha256")).expect("removed");
    assert_eq!(
        bench.refused(&["verify", "baseline"]),
        "baseline/manifest.sha256: is missing\n"
    );
}

/// The log tells of sessions, and of all parts of a batch.
#[test]
fn a_log_stands_beside_the_results() {
    let bench = Bench::large(300, 2);
    let log = |folder: &str| -> serde_json::Value {
        serde_json::from_str(&bench.text(&format!("{folder}/{LOG}"))).expect("JSON")
    };
    bench.batch("whole", &["--threads", "1"]);
    let whole = log("whole");
    assert_eq!(
        (&whole["members_of_runs"], &whole["resumptions"]),
        (&600.into(), &0.into())
    );
    assert_eq!(whole["sessions"][0]["threads"], 1);
    let number = |key: &str| whole[key].as_f64().expect("a number");
    let rate = 600.0 / number("compute_seconds");
    assert!((number("members_of_runs_per_second") - rate).abs() < 1e-9 * rate);
    assert!(number("tables_seconds") > 0.0);
    for part in ["1", "2"] {
        bench.batch(&format!("part-{part}"), &["--shard", &format!("{part}/2")]);
    }
    bench.done(&["merge", "part-1", "part-2", "--out", "merged"]);
    let merged = log("merged");
    let members = |session: usize| merged["sessions"][session]["members_of_runs"].as_u64();
    assert_eq!(merged["sessions"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        members(0).zip(members(1)).map(|(one, other)| one + other),
        Some(600)
    );
    // A batch that goes on tells of both sessions.
    bench.batch("part-1", &["--resume"]);
    let resumed = log("part-1");
    assert_eq!(
        (&resumed["members_of_runs"], &resumed["resumptions"]),
        (&600.into(), &1.into())
    );
    bench.done(&["verify", "part-1"]);
    assert!(!bench.at("part-1/sessions.jsonl").exists());
}
