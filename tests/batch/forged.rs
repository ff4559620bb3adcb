//! Published files that somebody has written anew, under a manifest, root and seal that fit: computing all again finds them.

use std::process::Output;
use std::sync::atomic::AtomicBool;

use rivershare::batch::evidence::Identity;
use rivershare::batch::rerun::Rerun;
use rivershare::outputs::folder::hashes_below;
use rivershare::outputs::manifest::{manifest, seal};

use crate::bench::Bench;
use crate::rerun::{finished, forged};

/// Words that compute all again, and a sample.
const ALL: [&str; 3] = ["verify", "out", "--rerun"];
const SAMPLE: [&str; 4] = ["verify", "out", "--rerun-sample", "1"];

/// Seals the files of the folder `out` as they are now, with an identity that may be changed.
fn seal_anew(bench: &Bench, change: impl Fn(&mut Identity)) {
    let old: serde_json::Value =
        serde_json::from_str(&bench.text("out/manifest.json")).expect("JSON");
    let mut identity: Identity =
        serde_json::from_value(old["identity"].clone()).expect("an identity");
    let mut files = hashes_below(&bench.at("out")).expect("hashes");
    files
        .retain(|file, _| !["manifest.json", "manifest.sha256", "run.log.json"].contains(&&**file));
    identity.tables.clone_from(&files);
    change(&mut identity);
    let text = manifest(&identity, &files);
    std::fs::write(bench.at("out/manifest.json"), &text).expect("written");
    std::fs::write(bench.at("out/manifest.sha256"), seal(&text)).expect("written");
    bench.done(&["verify", "out"]);
}

/// Puts a file into the folder `out`, or takes it away, and seals it.
fn put(bench: &Bench, file: &str, bytes: Option<&[u8]>) {
    let path = bench.at(&format!("out/{file}"));
    match bytes {
        Some(bytes) => std::fs::write(path, bytes).expect("written"),
        None => std::fs::remove_file(path).expect("removed"),
    }
    seal_anew(bench, |_| {});
}

/// A digit more at the end of the last line.
fn with_a_digit(text: &str) -> String {
    format!("{}1\n", text.trim_end_matches('\n'))
}

#[test]
fn a_line_of_any_text_is_named() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    let files = [
        "design.csv",
        "differences.csv",
        "failures.csv",
        "quantiles.csv",
        "summary.csv",
        "summary.md",
    ];
    for file in files {
        let text = bench.text(&format!("out/{file}"));
        let (line, last) = (text.lines().count(), text.lines().last().expect("a line"));
        put(&bench, file, Some(with_a_digit(&text).as_bytes()));
        assert_eq!(
            bench.refused(&ALL),
            format!(
                "out/{file}: line {line}: `{last}1` is published, `{last}` is computed again\n"
            )
        );
        put(&bench, file, Some(text.as_bytes()));
    }
    bench.done(&ALL);
}

#[test]
fn another_hash_of_a_chunk_is_named() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    let text = bench.text("out/chunks.csv");
    put(&bench, "chunks.csv", Some(with_a_digit(&text).as_bytes()));
    for words in [&ALL[..], &SAMPLE] {
        assert_eq!(
            bench.refused(words),
            "out/chunks.csv: chunk 0 has another hash when it is computed again; no number that is published one by one is another\n"
        );
    }
}

/// All files but one are those of a sound batch; the one is that of a batch with another number.
#[test]
fn a_number_of_a_table_that_fits_no_chunk_is_named() {
    let bench = Bench::small();
    let blueprint = bench.opened().blueprint;
    bench.batch("out", &[]);
    // The first measure of run 2, member 3.
    forged(&bench, "measure", |_| (6 + 2) * blueprint.measures.len());
    // Run 2, the months of Border: July 2001 of member 4.
    forged(&bench, "flow", |chunk| {
        chunk.place_of(&blueprint, 1, 1) + 18 * 6 + 3
    });
    let tables = [
        (
            "measure",
            "metrics.parquet",
            "run 2, member 3, The lake, mean level: ",
        ),
        (
            "flow",
            "series/run=2/series.parquet",
            "run 2, member 4, Border, flow, 2001-07: ",
        ),
    ];
    for (folder, file, place) in tables {
        let sound = std::fs::read(bench.at(&format!("out/{file}"))).expect("a table");
        let other = std::fs::read(bench.at(&format!("{folder}/{file}"))).expect("a table");
        put(&bench, file, Some(&other));
        for words in [&ALL[..], &SAMPLE] {
            let told = bench.refused(words);
            assert!(told.starts_with(&format!("out/{file}: {place}")), "{told}");
            assert!(told.ends_with(" is computed again\n"), "{told}");
        }
        put(&bench, file, Some(&sound));
    }
    bench.done(&ALL);
    bench.done(&SAMPLE);
}

#[test]
fn a_byte_of_a_file_without_lines_is_named() {
    let bench = Bench::small();
    let blueprint = bench.opened().blueprint;
    bench.batch("out", &[]);
    // Run 2, the level of 2002 of a member.
    forged(&bench, "level", |chunk| {
        chunk.place_of(&blueprint, 1, 0) + 2 * 6
    });
    let sound = std::fs::read(bench.at("out/quantiles.nc")).expect("a file");
    let other = std::fs::read(bench.at("level/quantiles.nc")).expect("a file");
    let pairs = sound.iter().zip(&other);
    let byte = pairs.take_while(|(one, other)| one == other).count();
    put(&bench, "quantiles.nc", Some(&other));
    assert_eq!(
        bench.refused(&ALL),
        format!("out/quantiles.nc: byte {byte} is another when it is made anew\n")
    );
    put(&bench, "quantiles.nc", Some(&sound));
    // What is no table at all.
    put(&bench, "metrics.parquet", Some(b"PAR1"));
    assert_eq!(
        bench.refused(&ALL),
        "out/metrics.parquet: byte 4 is another when it is made anew\n"
    );
}

#[test]
fn a_file_that_is_missing_or_more_is_named() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    let text = bench.text("out/summary.md");
    put(&bench, "summary.md", None);
    assert_eq!(
        bench.refused(&ALL),
        "out/summary.md: is not published, but is made when all is made anew\n"
    );
    put(&bench, "summary.md", Some(text.as_bytes()));
    put(&bench, "notes.md", Some(b"All is well.\n"));
    assert_eq!(
        bench.refused(&ALL),
        "out/notes.md: is published, but is not made when all is made anew\n"
    );
}

#[test]
fn an_identity_of_another_blueprint_is_refused() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    seal_anew(&bench, |identity| identity.seed = Some(8));
    for words in [&ALL[..], &SAMPLE] {
        assert_eq!(
            bench.refused(words),
            "out/manifest.json: the identity is not that of blueprint.json\n"
        );
    }
}

/// A sample says what it has not made again.
#[test]
fn a_sample_claims_nothing_of_a_summary() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    let text = bench.text("out/summary.md");
    put(&bench, "summary.md", Some(with_a_digit(&text).as_bytes()));
    let told = bench.done(&SAMPLE);
    let left = "\nnot made again, as --rerun does: design.csv, differences.csv, failures.csv, quantiles.csv, quantiles.nc, \
                summary.csv, summary.md, labels of rows, other chunks\n";
    assert!(told.contains(left), "{told}");
}

#[test]
fn results_of_another_version_may_be_the_same() {
    let bench = Bench::small();
    let mut opened = bench.opened();
    opened.blueprint.version = "0.0.9".to_owned();
    finished(&bench, "out", &opened, |_, _| {});
    bench.done(&ALL);
}

/// Members without results are made again as well, each with its file.
#[test]
fn members_without_results_are_the_same_again() {
    let axis = "[[design]]\nmethod = \"grid\"\n[[design.axis]]\nname = \"wet\"\nvalues = [1, 1e308]\nSOURCE\
                [[design.axis.change.inflow_factor]]\nfactor = \"value\"\nSOURCE";
    let head = crate::bench::HEAD;
    let bench = Bench::of(&format!("{head}{axis}").replace("members = 6", "members = 2"));
    bench.refused_batch("out", &["--keep-going"]);
    bench.done(&ALL);
    let file = "failures/run-2-member-1.json";
    let text = bench.text(&format!("out/{file}"));
    put(
        &bench,
        file,
        Some(text.replace("\"run\": 2", "\"run\": 3").as_bytes()),
    );
    let told = bench.refused(&ALL);
    let line = ": `  \"run\": 3,` is published, `  \"run\": 2,` is computed again\n";
    assert!(
        told.starts_with(&format!("out/{file}: line ")) && told.ends_with(line),
        "{told}"
    );
}

#[test]
fn what_is_stopped_claims_nothing() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    let (opened, place) = (bench.opened(), bench.at("out"));
    let rerun = Rerun {
        place: &place,
        blueprint: &opened.blueprint,
        world: &opened.world,
        stop: &AtomicBool::new(true),
    };
    let told = rerun.of_all().expect_err("stopped").to_string();
    assert_eq!(told, "stopped before all was compared");
}

/// What is computed again stands beside the temporary files, and is taken away however it ends.
#[cfg(unix)]
#[test]
fn nothing_stays_of_what_is_computed_again() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    let aside = bench.at("aside");
    let ended = |words: &[&str]| -> Output {
        let mut command = bench.command(words);
        let output = command.env("TMPDIR", &aside).output();
        output.expect("the program starts")
    };
    let told = String::from_utf8_lossy(&ended(&ALL).stderr).into_owned();
    assert!(
        told.contains("/aside/rivershare-verify-") && told.contains("-0: cannot be written: "),
        "{told}"
    );
    let hint = "\n    hint      all is made again beside the temporary files of the system; TMPDIR names another folder\n";
    assert!(told.ends_with(hint), "{told}");
    std::fs::create_dir(&aside).expect("a folder");
    assert!(ended(&ALL).status.success());
    let text = bench.text("out/summary.md");
    put(&bench, "summary.md", Some(with_a_digit(&text).as_bytes()));
    assert_eq!(ended(&ALL).status.code(), Some(1));
    assert!(ended(&SAMPLE).status.success());
    assert!(bench.files("aside").is_empty());
}
