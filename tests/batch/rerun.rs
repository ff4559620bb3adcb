//! Results computed again: the same, or the first number that differs by its place, quantity, time and member.

use rivershare::batch::blueprint::Chunk;
use rivershare::batch::chunk::compute;
use rivershare::batch::open::Opened;
use rivershare::batch::rerun::sample;
use rivershare::batch::work::{Entering, Found, Work};
use rivershare::batch::{assemble, evidence};
use rivershare::outputs::folder::hashes_below;
use rivershare::outputs::manifest::{Identity, manifest, seal, sha256};

use crate::bench::{Bench, HEAD, USE};

/// A finished batch, whole and sealed, of which one number is another than the program computes: that at a place of the
/// chunk that holds run 2.
pub(crate) fn forged(bench: &Bench, folder: &str, place: impl Fn(&Chunk) -> usize) {
    finished(bench, folder, &bench.opened(), |chunk, numbers| {
        if chunk.runs.contains(&1) {
            numbers[place(chunk)] += 0.5;
        }
    });
}

/// A finished batch, whole and sealed, with numbers that are changed before tables are made of them.
pub(crate) fn finished(
    bench: &Bench,
    folder: &str,
    opened: &Opened,
    change: impl Fn(&Chunk, &mut [f64]),
) {
    let (blueprint, out) = (&opened.blueprint, bench.at(folder));
    let found = Work::enter(&out, blueprint, Entering::Afresh).expect("a free place");
    let Found::Work(work) = found else {
        panic!("nothing is there")
    };
    for chunk in blueprint.chunks() {
        let mut results = compute(&opened.world, blueprint, &chunk);
        change(&chunk, &mut results.numbers);
        work.finish(&chunk, &results).expect("written");
    }
    assemble::assemble(&work, blueprint).expect("written");
    evidence::complete(&out, blueprint).expect("written");
    work.clear().expect("cleared");
    bench.done(&["verify", folder]);
}

#[test]
fn a_batch_that_is_computed_again_is_the_same() {
    let bench = Bench::large(200, 5);
    bench.batch("out", &[]);
    let told = bench.done(&["verify", "out", "--rerun"]);
    assert!(
        told.contains("\nout: 5 chunks computed again and every file but run.log.json made anew, every byte is the same\nroot "),
        "{told}"
    );
    let told = bench.done(&["verify", "out", "--rerun-sample", "2"]);
    assert!(
        told.contains(
            "\nout: 2 of 5 chunks computed again, their hashes, measures in metrics.parquet and values in series are the same\n\
             not made again, as --rerun does: design.csv, differences.csv, failures.csv, quantiles.csv, quantiles.nc, \
             summary.csv, summary.md, labels of rows, other chunks\nroot "
        ),
        "{told}"
    );
}

#[test]
fn the_root_chooses_the_sample() {
    let blueprint = Bench::large(200, 40).opened().blueprint;
    let numbers = |root: &str, count: usize| -> Vec<usize> {
        let chunks = sample(&blueprint, root, count);
        chunks.iter().map(|chunk| chunk.number).collect()
    };
    let few = numbers("a root", 3);
    assert_eq!(few, numbers("a root", 3));
    assert_ne!(few, numbers("another root", 3));
    // More chunks hold the fewer; all are at most all.
    assert!(few.iter().all(|chunk| numbers("a root", 9).contains(chunk)));
    assert_eq!(numbers("a root", 99), (0..40).collect::<Vec<_>>());
}

#[test]
fn a_number_of_a_full_series_is_named() {
    let bench = Bench::small();
    let blueprint = bench.opened().blueprint;
    // Run 2, the months of Border: July 2001 of member 4.
    forged(&bench, "out", |chunk| {
        chunk.place_of(&blueprint, 1, 1) + 18 * 6 + 3
    });
    let told = bench.refused(&["verify", "out", "--rerun"]);
    let expected = "out/series/run=2/series.parquet: run 2, member 4, Border, flow, 2001-07: ";
    assert!(
        told.starts_with(expected) && told.contains(" is published, "),
        "{told}"
    );
}

#[test]
fn a_measure_is_named() {
    let bench = Bench::small();
    let blueprint = bench.opened().blueprint;
    // The first measure of run 2, member 3.
    forged(&bench, "out", |_| (6 + 2) * blueprint.measures.len());
    let told = bench.refused(&["verify", "out", "--rerun"]);
    let expected = "out/metrics.parquet: run 2, member 3, The lake, mean level: ";
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn a_percentile_of_members_that_are_not_published_is_named() {
    let bench = Bench::small();
    let blueprint = bench.opened().blueprint;
    // Run 2, the level of 2002 of a member: its mean moves first.
    forged(&bench, "out", |chunk| {
        chunk.place_of(&blueprint, 1, 0) + 2 * 6
    });
    let told = bench.refused(&["verify", "out", "--rerun"]);
    let expected = "out/quantiles.csv: run 2, The lake, level, mean, 2002: ";
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn inputs_that_have_changed_are_named() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    let inflow = bench.text("model/basins/my-river/inflow.csv");
    bench.put(
        "model/basins/my-river/inflow.csv",
        &format!("# more\n{inflow}"),
    );
    bench.put("model/scenarios/second.toml", "base = \"baseline\"\n");
    let told = bench.refused(&["verify", "out", "--rerun"]);
    let expected = "basins/my-river/inflow.csv: is another one now\nscenarios/second.toml: was not there then\n    hint      ";
    assert!(told.starts_with(expected), "{told}");
    std::fs::remove_file(bench.at("model/scenarios/second.toml")).expect("removed");
    bench.put("model/basins/my-river/inflow.csv", &inflow);
    bench.done(&["verify", "out", "--rerun"]);
    // A generator that draws others.
    let flows = bench.text("model/generators/flows.toml");
    bench.put(
        "model/generators/flows.toml",
        &flows.replace("seed = 7", "seed = 8"),
    );
    let told = bench.refused(&["verify", "out", "--rerun"]);
    assert!(
        told.starts_with("the generator is another one now\n"),
        "{told}"
    );
}

#[test]
fn a_batch_file_from_elsewhere_is_named_on_the_command_line() {
    let bench = Bench::of(&format!("{HEAD}{USE}"));
    let text = bench.text("model/batches/tried.toml");
    std::fs::remove_file(bench.at("model/batches/tried.toml")).expect("removed");
    bench.put("mine/tried.toml", &text);
    bench.done(&["batch", "mine/tried.toml", "--out", "out"]);
    bench.refused(&["verify", "out", "--rerun"]);
    bench.done(&["verify", "out", "--rerun", "--file", "mine/tried.toml"]);
}

/// A table of a run.
const TABLE: &str = "tables/flows_monthly.csv";

#[test]
fn a_run_that_is_computed_again_is_the_same_or_names_the_cell() {
    let bench = Bench::small();
    bench.done(&["run", "--out", ".", "--period", "2000-01..2001-12"]);
    let told = bench.refused(&["verify", "baseline", "--rerun"]);
    assert!(
        told.starts_with("baseline: the inputs are the same, but give another plan\n"),
        "{told}"
    );
    let rerun = [
        "verify",
        "baseline",
        "--rerun",
        "--period",
        "2000-01..2001-12",
    ];
    let told = bench.done(&rerun);
    assert!(
        told.contains("\nbaseline: computed again, every table is the same\n"),
        "{told}"
    );
    // A flow that was never computed, under a manifest that fits.
    let text = bench.text(&format!("baseline/{TABLE}"));
    let lines: Vec<&str> = text.lines().collect();
    let cells: Vec<&str> = lines[3].split(',').collect();
    let other = lines[3].replace(cells[2], "1234.5");
    let text = text.replace(lines[3], &other);
    bench.put(&format!("baseline/{TABLE}"), &text);
    let old = bench.text("baseline/manifest.json");
    let old: serde_json::Value = serde_json::from_str(&old).expect("JSON");
    let mut identity: Identity =
        serde_json::from_value(old["identity"].clone()).expect("an identity");
    identity
        .tables
        .insert(TABLE.to_owned(), sha256(text.as_bytes()));
    let mut files = hashes_below(&bench.at("baseline")).expect("hashes");
    files
        .retain(|file, _| !["manifest.json", "manifest.sha256", "run.log.json"].contains(&&**file));
    let text = manifest(&identity, &files);
    std::fs::write(bench.at("baseline/manifest.json"), &text).expect("written");
    std::fs::write(bench.at("baseline/manifest.sha256"), seal(&text)).expect("written");
    bench.done(&["verify", "baseline"]);
    assert_eq!(
        bench.refused(&rerun),
        format!(
            "baseline/{TABLE}: line 4 ({}, {}), column `flow_m3s`: 1234.5 is published, {} is computed again\n",
            cells[0], cells[1], cells[2]
        )
    );
    assert_eq!(
        bench.refused(&["verify", "baseline", "--rerun-sample", "2"]),
        "baseline: is no batch\n    hint      use --rerun in place of --rerun-sample\n"
    );
}
