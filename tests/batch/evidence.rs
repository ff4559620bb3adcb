//! Evidence: whatever is changed in a folder of results is found.

use serde::Serialize;
use serde::de::DeserializeOwned;

use rivershare::batch::evidence::Identity as OfBatch;
use rivershare::outputs::manifest::Identity as OfRun;
use rivershare::outputs::verify::{Tables, verify};

use crate::bench::Bench;

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
