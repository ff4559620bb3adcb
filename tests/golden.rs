//! Whole runs of small networks, held against their tables to the byte.
//!
//! `RIVERSHARE_BLESS=1 cargo test --test golden` writes the tables anew: read the difference before you
//! commit it.

use std::path::Path;
use std::process::Command;

/// Names of the files of a folder, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry
            .expect("a file")
            .file_name()
            .to_string_lossy()
            .into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// Runs the model in `inputs` and compares its tables with `expected`.
fn holds(inputs: &Path, expected: &Path, scenario: &str) {
    let out = tempfile::tempdir().expect("a folder");
    let status = Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args(["run", scenario, "--quiet", "--inputs"])
        .arg(inputs)
        .arg("--out")
        .arg(out.path())
        .status()
        .expect("the program starts");
    assert!(status.success());
    let tables = out.path().join(scenario).join("tables");
    let names = names_in(&tables);
    if std::env::var_os("RIVERSHARE_BLESS").is_some() {
        let _ = std::fs::remove_dir_all(expected);
        std::fs::create_dir_all(expected).expect("a folder");
        for name in &names {
            std::fs::copy(tables.join(name), expected.join(name)).expect("a copy");
        }
    }
    assert_eq!(names, names_in(expected));
    for name in &names {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(name)).expect("a table");
        let (found, wanted) = (read(&tables), read(expected));
        for (line, (found, wanted)) in found.lines().zip(wanted.lines()).enumerate() {
            assert_eq!(found, wanted, "{name}, line {}", line + 1);
        }
        assert_eq!(found.len(), wanted.len(), "{name}");
    }
}

fn golden(name: &str, scenario: &str) {
    let folder = Path::new("tests/golden").join(name);
    holds(
        &folder.join("inputs"),
        &folder.join("expected").join(scenario),
        scenario,
    );
}

#[test]
fn one_reach_and_one_user() {
    golden("one-reach", "baseline");
}

#[test]
fn two_parties_a_reservoir_a_canal_a_delta_and_a_lake() {
    golden("two-parties", "baseline");
}

#[test]
fn a_growing_withdrawal_behind_a_canal_that_is_too_small() {
    golden("two-parties", "growth");
}

/// The networks whose numbers `tests/parity.rs` works out by hand.
#[test]
fn cases_of_parity_with_other_engines() {
    for name in [
        "class-rules",
        "evaporation",
        "losses",
        "minimum-flow",
        "monthly-profiles",
        "proportional-sharing",
        "rated-reservoir",
        "return-flow",
        "spillway",
        "storage-priority",
        "travel-lag",
        "travel-muskingum",
        "units",
        "zone",
    ] {
        golden(name, "baseline");
    }
}

/// A run by days; its numbers are worked out by hand at the head of its network.
#[test]
fn a_flood_that_is_decided_every_spring() {
    golden("spring-flood", "baseline");
}

/// `tests/reference_network/` writes its inputs and holds its tables against the loop written by hand.
#[test]
fn two_months_of_the_reference_network() {
    golden("reference-network", "baseline");
}

#[test]
fn a_plant_with_an_energy_target() {
    golden("energy-target", "baseline");
}

#[test]
fn the_template_for_a_river_of_ones_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = folder.path().join("model");
    let made = Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args(["new", "--quiet"])
        .arg(&model)
        .status()
        .expect("the program starts");
    assert!(made.success());
    holds(
        &model,
        Path::new("tests/golden/template/expected"),
        "baseline",
    );
}
