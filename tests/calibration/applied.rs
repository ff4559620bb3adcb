//! What `calibrate` writes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::small_river::{RIVER, calibrated, files, read, rivershare, said, small_river, text};

#[test]
fn the_same_bytes_come_of_any_number_of_threads() {
    let folder = small_river(&text(&[103.0, -0.1, 15.5], 0.5));
    let runs = ["1", "3"].map(|threads| {
        let (done, out) = calibrated(folder.path(), threads, &["--threads", threads]);
        assert!(done.status.success(), "{}", said(&done.stderr));
        files(&out)
    });
    let names: Vec<String> = runs[0]
        .keys()
        .map(|path| path.display().to_string())
        .collect();
    let expected = [
        "charts/profiles.png",
        "charts/profiles.svg",
        "manifest.json",
        "tables/correlations.csv",
        "tables/parameters.csv",
        "tables/profiles.csv",
        "tables/sets.csv",
        "tables/targets.csv",
    ];
    assert_eq!(names, expected);
    assert!(runs[0] == runs[1], "a file differs");
    let other = text(&[103.0, -0.1, 15.5], 0.5).replace("seed = 1\n", "seed = 2\n");
    fs::write(folder.path().join("inputs/calibration/test.toml"), other).expect("a file");
    let (_, out) = calibrated(folder.path(), "other", &[]);
    let sets = Path::new("tables/sets.csv");
    assert!(
        files(&out)[sets] != runs[0][sets],
        "the seed draws the sets"
    );
}

#[test]
fn apply_changes_the_numbers_and_nothing_else() {
    let folder = small_river(&text(&[103.0, -0.1, 15.5], 0.5));
    let inputs = folder.path().join("inputs");
    let before = files(&inputs);
    let (done, out) = calibrated(folder.path(), "out", &["--apply", "--keep"]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let after = files(&inputs);
    let changed: Vec<&PathBuf> = after
        .keys()
        .filter(|name| before.get(*name) != after.get(*name))
        .collect();
    assert_eq!(
        changed,
        [Path::new(RIVER), Path::new("calibration/test_sets.csv")]
    );
    let lines = |files: &BTreeMap<PathBuf, Vec<u8>>| -> Vec<String> {
        said(&files[Path::new(RIVER)])
            .lines()
            .map(str::to_owned)
            .collect()
    };
    let (before, after) = (lines(&before), lines(&after));
    assert_eq!(before.len(), after.len());
    let differ: Vec<(&String, &String)> = before
        .iter()
        .zip(&after)
        .filter(|(one, other)| one != other)
        .collect();
    let keys: Vec<&str> = differ
        .iter()
        .filter_map(|(_, line)| line.split(" = ").next())
        .collect();
    assert_eq!(keys, ["return_fraction", "evaporation_mm"]);
    // Each change is told, and what is told is what was written.
    let told = said(&done.stdout);
    for (old, new) in differ {
        let number = |line: &str| line.split(" = ").nth(1).expect("a value").to_owned();
        assert!(
            told.contains(&format!("{} → {}", number(old), number(new))),
            "{told}"
        );
    }
    // The inputs now hold the optimum, to six digits.
    let (_, known, calibration) = read(&inputs, "calibration/test.toml");
    let sets = said(&fs::read(out.join("tables/sets.csv")).expect("a table"));
    let optimum = sets
        .lines()
        .find(|line| line.starts_with("optimum"))
        .expect("a row");
    let optimum: Vec<f64> = optimum
        .split(',')
        .skip(3)
        .map(|cell| cell.parse().expect("a number"))
        .collect();
    for (found, expected) in calibration.standing(&known).iter().zip(optimum) {
        assert!((found / expected - 1.0).abs() < 1e-5, "{found} {expected}");
    }
}

#[test]
fn a_run_rests_on_the_kept_sets_as_well() {
    let folder = small_river(&text(&[103.0, -0.1, 15.5], 0.5));
    let (done, of_calibration) = calibrated(folder.path(), "out", &["--keep"]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let (inputs, out) = (
        shown(&folder.path().join("inputs")),
        shown(&folder.path().join("out")),
    );
    let done = rivershare(&["run", "--inputs", &inputs, "--out", &out]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let results = shown(&folder.path().join("out/baseline"));
    let again = ["verify", &results, "--rerun", "--inputs", &inputs];
    let rerun = || rivershare(&again);
    let done = rerun();
    assert!(done.status.success(), "{}", said(&done.stderr));
    // By days a run rests on no sets: that the step is another is told, not that the sets are gone.
    let by_days = [&again[..], &["--step", "day"]].concat();
    let done = rivershare(&by_days);
    assert_eq!(done.status.code(), Some(1));
    let expected = format!("{results}: the inputs are the same, but give another plan\n");
    let told = said(&done.stderr);
    assert!(told.starts_with(&expected), "{told}");
    let sets = folder.path().join("inputs/calibration/test_sets.csv");
    let kept = fs::read_to_string(&sets).expect("sets");
    fs::write(&sets, format!("# more\n{kept}")).expect("a file");
    let done = rerun();
    assert_eq!(done.status.code(), Some(1));
    let told = said(&done.stderr);
    let expected = "calibration/test_sets.csv: is another one now\n    hint      ";
    assert!(told.starts_with(expected), "{told}");
    // Results of the calibration itself have no seal.
    let of_calibration = shown(&of_calibration);
    let done = rivershare(&["verify", &of_calibration]);
    assert_eq!(done.status.code(), Some(1));
    let expected =
        format!("{of_calibration}: has no seal: results of `calibrate` are not sealed\n");
    assert_eq!(said(&done.stderr), expected);
}
