//! The program as its users call it: exit codes, messages, and folders that are whole or not there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rivershare::inputs::folder::hex;
use sha2::{Digest, Sha256};

const SMALL: &str = "tests/golden/two-parties/inputs";

fn rivershare(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_rivershare");
    Command::new(program)
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Every file of a folder by its path in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![PathBuf::new()];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(folder.join(&path)).expect("a folder") {
            let name = path.join(entry.expect("an entry").file_name());
            if folder.join(&name).is_dir() {
                open.push(name);
            } else {
                let bytes = std::fs::read(folder.join(&name)).expect("a file");
                found.insert(name.to_string_lossy().into_owned(), bytes);
            }
        }
    }
    found
}

fn run_small(out: &Path, more: &[&str]) -> Output {
    let out = out.to_string_lossy();
    rivershare(&[&["run", "--inputs", SMALL, "--out", &out], more].concat())
}

#[test]
fn the_shipped_baseline_runs_and_is_the_same_twice() {
    let (one, two) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    for out in [&one, &one, &two] {
        let done = rivershare(&["run", "--out", &out.path().to_string_lossy()]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let said = text(&done.stdout);
        assert!(said.contains("756 months, every balance closes"), "{said}");
        assert!(said.contains("inflows are reconstructed"), "{said}");
    }
    let (one, two) = (files(one.path()), files(two.path()));
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        two.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &one {
        assert!(
            name.ends_with("run.log.json") || *bytes == two[name],
            "{name} differs"
        );
    }
    for chart in [
        "border_inflow",
        "balkhash_level",
        "balkhash_balance",
        "alakol_level",
        "deliveries_by_party",
        "irtysh_profile",
        "ili_storage",
        "irtysh_storage",
    ] {
        for ending in ["svg", "png"] {
            assert!(
                one.contains_key(&format!("baseline/charts/{chart}.{ending}")),
                "{chart}"
            );
        }
    }
    sample_is_current(&one);
}

/// The sample in `outputs/sample` is what the baseline writes; `RIVERSHARE_BLESS=1` writes it anew.
fn sample_is_current(run: &BTreeMap<String, Vec<u8>>) {
    let sample = Path::new("outputs/sample");
    for name in [
        "charts/balkhash_level.svg",
        "charts/irtysh_profile.svg",
        "tables/lake_balance_annual.csv",
        "tables/party_balance_annual.csv",
        "tables/summary.csv",
        "manifest.json",
    ] {
        let (path, bytes) = (sample.join(name), &run[&format!("baseline/{name}")]);
        if std::env::var_os("RIVERSHARE_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(&path, bytes).expect("a file");
        }
        let known = std::fs::read(&path).expect("a sample");
        assert!(known == *bytes, "{name} of outputs/sample is not current");
    }
}

#[test]
fn the_shipped_baseline_computed_again_is_the_same() {
    let out = tempfile::tempdir().expect("a folder");
    let place = out.path().join("baseline").to_string_lossy().into_owned();
    let period = ["--period", "1961-01..1962-12"];
    let run = ["run", "--out", &out.path().to_string_lossy()];
    let done = rivershare(&[&run[..], &period].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    let done = rivershare(&[&["verify", &place, "--rerun"][..], &period].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    let said = text(&done.stdout);
    let expected = format!("\n{place}: computed again, every table is the same\nroot ");
    assert!(said.contains(&expected), "{said}");
}

#[test]
fn the_manifest_seals_every_file_and_names_no_time_or_place() {
    let out = tempfile::tempdir().expect("a folder");
    let done = run_small(out.path(), &[]);
    assert!(done.status.success());
    let files = files(&out.path().join("baseline"));
    let hash = |bytes: &[u8]| hex(&Sha256::digest(bytes));
    let manifest: serde_json::Value =
        serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    let listed = manifest["files"].as_object().expect("files");
    for (name, bytes) in &files {
        match name.as_str() {
            "manifest.json" => {
                let seal = text(&files["manifest.sha256"]);
                assert_eq!(seal, format!("{}  manifest.json\n", hash(bytes)));
            }
            "manifest.sha256" | "run.log.json" => assert!(!listed.contains_key(name)),
            _ => assert_eq!(listed[name], hash(bytes), "{name}"),
        }
        let place = out.path().to_string_lossy().into_owned();
        assert!(
            !String::from_utf8_lossy(bytes).contains(&place),
            "{name} names a path"
        );
    }
    let root = manifest["root"].as_str().expect("a root").to_owned();
    assert!(text(&done.stdout).contains(&root), "the root is printed");
    assert!(
        text(&files["charts/border_inflow.svg"]).contains(&root),
        "the root is on charts"
    );
    let identity = serde_json::to_vec(&manifest["identity"]).expect("JSON");
    let again: serde_json::Value = serde_json::from_slice(&identity).expect("JSON");
    assert_eq!(again["tables"].as_object().expect("tables").len(), 12);
}

#[test]
fn one_digit_of_one_input_changes_the_root() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = |value: &str| {
        let inputs = folder.path().join(value);
        for (name, bytes) in files(Path::new("tests/golden/one-reach/inputs")) {
            let path = inputs.join(&name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            let bytes = text(&bytes).replacen("flow_m3s = [10", &format!("flow_m3s = [{value}"), 1);
            std::fs::write(path, bytes).expect("a file");
        }
        let (inputs, out) = (inputs.to_string_lossy(), folder.path().join("out"));
        let done = rivershare(&["run", "--inputs", &inputs, "--out", &out.to_string_lossy()]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        text(&done.stdout)
            .lines()
            .last()
            .expect("a line")
            .to_owned()
    };
    assert_eq!(root("10"), root("10"));
    assert_ne!(root("10"), root("10.000000001"));
}

#[test]
fn another_folder_in_its_place_stays_unless_forced() {
    let out = tempfile::tempdir().expect("a folder");
    let place = out.path().join("baseline");
    std::fs::create_dir(&place).expect("a folder");
    std::fs::write(place.join("diary.txt"), "mine").expect("a file");
    let done = run_small(out.path(), &[]);
    assert_eq!(done.status.code(), Some(1));
    let wanted = format!(
        "{}: is there already and is no folder of rivershare results\n    hint      choose another --out, or replace it with --force\n",
        place.display()
    );
    assert_eq!(text(&done.stderr), wanted);
    assert_eq!(
        std::fs::read_to_string(place.join("diary.txt")).expect("still there"),
        "mine"
    );
    assert!(run_small(out.path(), &["--force"]).status.success());
    assert!(!place.join("diary.txt").exists() && place.join("manifest.json").exists());
    assert_eq!(
        std::fs::read_dir(out.path()).expect("a folder").count(),
        1,
        "nothing beside it"
    );
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let done = run_small(&file, &[]);
    assert_eq!(done.status.code(), Some(1));
    let said = text(&done.stderr);
    assert!(said.contains("cannot be written: "), "{said}");
    // A limit on the size of a file stands for a full disk: the write fails in the middle.
    let out = folder.path().join("out");
    let script = format!(
        "trap '' XFSZ; ulimit -f 8; exec {} run --inputs {SMALL} --out {}",
        env!("CARGO_BIN_EXE_rivershare"),
        out.display()
    );
    let done = Command::new("bash")
        .args(["-c", &script])
        .output()
        .expect("bash starts");
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    assert!(
        text(&done.stderr).contains("cannot"),
        "{}",
        text(&done.stderr)
    );
    assert_eq!(
        std::fs::read_dir(&out).expect("a folder").count(),
        0,
        "no part of a folder is left"
    );
}

#[test]
fn bad_inputs_write_no_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let done = rivershare(&[
        "run",
        "--inputs",
        "nowhere",
        "--out",
        &out.to_string_lossy(),
    ]);
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(
        text(&done.stderr),
        "nowhere\n    found     no such folder\n    expected  a folder with model.toml and basins/\n    hint      `rivershare new DIR` writes a small one to start from\n1 fault\n"
    );
    assert!(!out.exists());
}

#[test]
fn an_unknown_scenario_is_told_with_the_nearest_name() {
    let done = rivershare(&["run", "bse-line", "--inputs", SMALL]);
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(
        text(&done.stderr),
        "command line, scenario\n    found     `bse-line`\n    expected  the name of a scenario of the inputs, or a scenario file\n    hint      did you mean `baseline`?\n1 fault\n"
    );
}

#[test]
fn an_explanation_follows_the_run_and_has_parts_as_json() {
    let out = tempfile::tempdir().expect("a folder");
    let questions = ["--explain", "Fields@2001-07", "--explain", "Fish@2001-01"];
    let done = run_small(out.path(), &questions);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let said = text(&done.stdout);
    let (run, told) = said
        .split_once("Fields (Lower) in 2001-07")
        .expect("an answer");
    assert!(run.contains("\nroot "), "{said}");
    assert!(told.contains("\nFish (Nature) in 2001-01"), "{said}");
    let done = run_small(out.path(), &[&questions[..], &["--json"]].concat());
    let said = text(&done.stdout);
    let lines = said.lines().map(serde_json::from_str::<serde_json::Value>);
    let lines: Vec<_> = lines
        .collect::<Result<_, _>>()
        .expect("JSON, one object a line");
    assert_eq!((&lines[1]["kind"], lines.len()), (&"explanation".into(), 3));
    let told = &lines[1]["explanation"];
    assert_eq!(
        (&told["claim"], &told["date"]),
        (&"Fields".into(), &"2001-07".into())
    );
    assert!(told["asked"]["hm3"].as_f64() > Some(0.0), "{told}");
    assert!(told["stretches"][0]["sites"][0]["entries"][0]["m3s"].is_number());
}

#[test]
fn what_cannot_be_explained_is_told_before_anything_is_computed() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let questions = [
        "--explain",
        "Feilds@1999-07",
        "--explain",
        "Fish@2001-01-15",
    ];
    let done = run_small(&out, &questions);
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(
        text(&done.stderr),
        "command line, --explain
    found     `1999-07`
    expected  a date in 2001-01..2003-12, the period of `baseline`
command line, --explain
    found     `2001-01-15`
    expected  a month: `baseline` runs by months
    hint      leave out the day, or add `--step day`
command line, --explain
    found     `Feilds`
    expected  the name of a user, minimum flow or reservoir
    hint      did you mean `Fields`?
3 faults
"
    );
    assert!(!out.exists(), "nothing is written");
}

#[test]
fn a_question_that_is_none_is_wrong_usage() {
    for question in [
        "Fields",
        "Fields@",
        "@2001-07",
        "Fields@2001-13",
        "Fields@2001-02-30",
    ] {
        let done = rivershare(&["run", "--explain", question]);
        assert_eq!(done.status.code(), Some(2), "{question}");
        let said = text(&done.stderr);
        assert!(
            said.contains("expected the name of a user, minimum flow or reservoir, `@` and a month or day: CLAIM@YYYY-MM or CLAIM@YYYY-MM-DD"),
            "{said}"
        );
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    assert_eq!(rivershare(&["flow"]).status.code(), Some(2));
    assert_eq!(
        rivershare(&["run", "--period", "2001"]).status.code(),
        Some(2)
    );
}

#[test]
fn faults_as_json_are_one_object_a_line() {
    let done = rivershare(&["check", "--json", "--inputs", "nowhere"]);
    assert_eq!(done.status.code(), Some(1));
    let line: serde_json::Value = serde_json::from_str(text(&done.stderr).trim()).expect("JSON");
    assert_eq!(line["kind"], "fault");
    assert_eq!(line["fault"]["found"], "no such folder");
}

#[test]
fn a_scenario_file_from_elsewhere_and_a_shorter_period() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = folder.path().join("wet.toml");
    let factor = "base = \"baseline\"\n[[inflow_factor]]\nfactor = 1.5\nsource = \"assumption: a test\"\nconfidence = \"low\"\n";
    std::fs::write(&scenario, factor).expect("a file");
    let path = scenario.to_string_lossy();
    let done = run_small(
        folder.path(),
        &[&path, "baseline", "--period", "2001-01..2002-12"],
    );
    assert!(done.status.success(), "{}", text(&done.stderr));
    let said = text(&done.stdout);
    assert!(said.contains("wet: 2001-01..2002-12, 24 months"), "{said}");
    let comparison = folder.path().join("comparison/tables/comparison.csv");
    let comparison = std::fs::read_to_string(comparison).expect("a comparison");
    assert!(
        comparison
            .starts_with("scenario,indicator,place,value,unit,difference\nwet,mean flow,Border,")
    );
    assert!(
        folder
            .path()
            .join("comparison/charts/lake_level.svg")
            .exists()
    );
    let manifest = std::fs::read_to_string(folder.path().join("wet/manifest.json")).expect("text");
    assert!(!manifest.contains(&*folder.path().to_string_lossy()));
}

#[test]
fn new_refuses_a_folder_that_is_not_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("x"), "").expect("a file");
    let done = rivershare(&["new", &folder.path().to_string_lossy()]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("is not empty"));
}

#[test]
fn the_shipped_series_are_what_reconstruct_would_write() {
    let done = rivershare(&["reconstruct", "--check"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
}

#[test]
fn the_schematic_holds_every_node() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("map.svg");
    let done = rivershare(&[
        "check",
        "--inputs",
        SMALL,
        "--schematic",
        &file.to_string_lossy(),
    ]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let drawing = std::fs::read_to_string(file).expect("a drawing");
    for name in [
        "Mountains",
        "Reservoir",
        "Canal town",
        "Border",
        "Delta",
        "Lake",
    ] {
        assert!(drawing.contains(name), "{name}");
    }
}
