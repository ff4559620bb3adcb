//! Members without results: named, saved, run again.

use crate::bench::{Bench, HEAD};

/// Inflows of the second run are greater than any number.
fn failing() -> Bench {
    let axis = "[[design]]\nmethod = \"grid\"\n[[design.axis]]\nname = \"wet\"\nvalues = [1, 1e308]\nSOURCE\
                [[design.axis.change.inflow_factor]]\nfactor = \"value\"\nSOURCE";
    Bench::of(&format!("{HEAD}{axis}").replace("members = 6", "members = 2"))
}

#[test]
fn a_batch_stops_at_a_member_without_results_and_names_it() {
    let bench = failing();
    let told = bench.refused_batch("out", &[]);
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("run 2, member 1: "), "{told}");
    assert!(lines[1].starts_with("run 2, member 2: "), "{told}");
    let hint = "    hint      run one of them again with --replay RUN:MEMBER; --keep-going goes on with the others";
    assert_eq!(lines[2..], [hint]);
    assert!(!bench.at("out/manifest.json").exists());
    let saved = bench.text("out/failures/run-2-member-1.json");
    let saved: serde_json::Value = serde_json::from_str(&saved).expect("JSON");
    assert_eq!((&saved["run"], &saved["member"]), (&2.into(), &1.into()));
    assert_eq!(saved["levels"][0][0], "wet");
    assert_eq!(saved["seed"], 7);
    assert!(
        saved["replay"]
            .as_str()
            .is_some_and(|text| text.ends_with("--replay 2:1"))
    );
}

#[test]
fn a_batch_may_go_on_with_the_others() {
    let bench = failing();
    let told = bench.refused_batch("out", &["--keep-going"]);
    assert!(told.starts_with("run 2, member 1: "), "{told}");
    let failures = bench.text("out/failures.csv");
    let rows: Vec<&str> = failures.lines().collect();
    assert_eq!((rows.len(), rows[0]), (3, "run,member,what"));
    assert!(
        rows[1].starts_with("2,1,") && rows[2].starts_with("2,2,"),
        "{failures}"
    );
    let summary = bench.text("out/summary.csv");
    let members = |run: &str| {
        let row = summary
            .lines()
            .find(|row| row.starts_with(run))
            .expect("a row");
        row.split(',').nth(4).map(str::to_owned)
    };
    assert_eq!(
        (members("1,"), members("2,")),
        (Some("2".into()), Some("0".into()))
    );
    let told = "\nSome members have no results and are left out: `failures.csv` names them.\n";
    assert!(bench.text("out/summary.md").contains(told));
    assert!(!summary.contains("NaN") && !bench.text("out/quantiles.csv").contains("NaN"));
    // The results are whole; a second call finds them.
    bench.done(&["verify", "out"]);
    bench.batch("out", &["--resume"]);
}

#[test]
fn a_member_is_run_again_by_its_coordinates() {
    let bench = failing();
    let told = bench.batch("out", &["--replay", "1:2"]);
    assert_eq!(told, "run 1, member 2: every balance closes\n");
    let told = bench.refused_batch("out", &["--replay", "2:1"]);
    assert!(told.contains("2000-01"), "{told}");
    assert_eq!(
        bench.refused_batch("out", &["--replay", "3:1"]),
        "there are 2 runs with 2 members each, counted from 1\n"
    );
    assert!(!bench.at("out").exists());
}

/// All of 1 200 members fail: each is named once in a table, and the first thousand are saved.
#[test]
fn of_very_many_members_without_results_the_first_are_saved() {
    let axis = "[[design]]\nmethod = \"grid\"\n[[design.axis]]\nname = \"wet\"\nvalues = [1e308, 1.1e308]\nSOURCE\
                [[design.axis.change.inflow_factor]]\nfactor = \"value\"\nSOURCE";
    let bench = Bench::of(&format!("{HEAD}{axis}").replace("members = 6", "members = 600"));
    // A first session ends at a member that need be none of the first thousand.
    bench.refused_batch("out", &["--shard", "2/2"]);
    bench.put("out/failures/run-2-member-600.json", "{}");
    let told = bench.refused_batch("out", &["--keep-going", "--resume"]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[10], "and 1190 more");
    let saved = "of 1200 members without results the first 1000 are saved in `failures`";
    assert_eq!(lines[11], saved);
    let files = bench.files("out/failures");
    assert_eq!(files.len(), 1000);
    assert!(files.contains_key("run-2-member-400.json"));
    assert!(!files.contains_key("run-2-member-401.json"));
    assert_eq!(bench.text("out/failures.csv").lines().count(), 1201);
    bench.done(&["verify", "out"]);
}

#[test]
fn a_measure_that_has_no_meaning_is_no_member_without_results() {
    let axis = "[[design]]\nmethod = \"grid\"\n[[design.axis]]\nname = \"use\"\nvalues = [0, 1]\nSOURCE\
                [[design.axis.change.demand]]\nfactor = \"value\"\nSOURCE";
    let bench = Bench::of(&format!("{HEAD}{axis}").replace("members = 6", "members = 2"));
    bench.batch("out", &[]);
    // Who asks for nothing has no reliability.
    let summary = bench.text("out/summary.csv");
    let nothing = |row: &str| row.starts_with("1,") && row.contains(",reliability in time,1,0,,");
    assert!(summary.lines().any(nothing), "{summary}");
    assert!(!bench.text("out/summary.md").contains("no results"));
}
