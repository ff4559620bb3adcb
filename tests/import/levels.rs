//! Levels of lakes become observations of a place of the network.

use std::path::Path;

use crate::{copied, import, imported, refused, rivershare, rows, text};

#[test]
fn levels_of_all_archives_become_the_same_observations() {
    for (format, file) in [
        ("hydroweb", "hydroweb.txt"),
        ("dahiti", "dahiti.txt"),
        ("dahiti", "dahiti.csv"),
        ("grealm", "grealm.txt"),
    ] {
        let file = format!("tests/import/{file}");
        let place = ["--place", "Mirror", "--inputs", "none"];
        let written = imported(&[&[format, &file, "--shift-m", "-0.5"][..], &place].concat());
        let rows = rows(&written);
        // Two passes in January, 341.20 ± 0.05 and 341.30 ± 0.07; none in February.
        let months = [
            "Mirror,level,mean,2001-01,2001-01,340.750,m,0.060,",
            "Mirror,level,mean,2001-03,2001-03,341.000,m,0.040,",
        ];
        assert_eq!(rows.len(), 2, "{written}");
        for (row, month) in rows.iter().zip(months) {
            assert!(row.starts_with(month), "{row} of {file}");
        }
        assert!(written.contains("# added to each: -0.5 m\n"));
    }
    let relative = [
        "grealm",
        "tests/import/grealm_relative.txt",
        "--place",
        "Mirror",
        "--inputs",
        "none",
    ];
    let said = refused(&relative);
    assert!(
        said.contains("above the mean of a reference pass only"),
        "{said}"
    );
    let written = imported(&[&relative[..], &["--shift-m", "341.35"]].concat());
    assert!(written.contains(",341.250,m,0.060,"), "{written}");
    assert_eq!(
        refused(&["dahiti", "tests/import/dahiti.csv", "--fill", "climatology"]),
        "command line, --fill
    found     a method
    expected  no filling of levels, which may have gaps
    hint      leave it out: an observation that was not made is no observation
command line, --place
    found     nothing
    expected  the lake or body of a lake of the network whose level this is
2 faults
"
    );
}

#[test]
fn observed_levels_stand_beside_the_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = folder.path().join("inputs");
    copied(Path::new("tests/golden/two-parties/inputs"), &inputs);
    std::fs::create_dir_all(inputs.join("observations")).expect("a folder");
    let out = inputs.join("observations/passes.csv");
    let (out, inputs) = (out.to_string_lossy(), inputs.to_string_lossy());
    let file = "tests/import/hydroweb.txt";
    let known = ["--inputs", &inputs, "--out", &out];
    let import = ["import", "hydroweb", file, "--place"];
    let done = rivershare(&[&import[..], &["lake"], &known].concat());
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(
        text(&done.stderr),
        "command line, --place
    found     `lake`
    expected  the name of a lake, reservoir or body of a lake of the network
    hint      did you mean `Lake`?
1 fault
"
    );
    assert!(!Path::new(&*out).exists());
    let done = rivershare(&[&import[..], &["Lake"], &known].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    let said = text(&done.stdout);
    let summary = "lake essai: 2 months of level, 2001-01..2001-03, 1 month without a pass";
    assert!(said.contains(summary), "{said}");
    let results = folder.path().join("out");
    let done = rivershare(&[
        "run",
        "--inputs",
        &inputs,
        "--out",
        &results.to_string_lossy(),
    ]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let summary = std::fs::read_to_string(results.join("baseline/tables/summary.csv"));
    let summary = summary.expect("a summary");
    assert_eq!(summary.matches("lake essai").count(), 2, "{summary}");
}

/// A record may be imported to mend inputs with faults; that its place was not looked for is told.
#[test]
fn a_place_that_nobody_can_look_for_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = folder.path().join("inputs");
    std::fs::create_dir(&inputs).expect("a folder");
    let inputs = inputs.to_string_lossy();
    let dahiti = ["dahiti", "tests/import/dahiti.csv", "--shift-m", "0"];
    let place = ["--place", "Mirror", "--inputs"];
    let (written, done) = import(&[&dahiti[..], &place, &[&inputs]].concat());
    assert!(written.is_some());
    let expected = format!(
        "warning: {inputs} has faults, so that nobody looked for `Mirror` in its network; `rivershare check` tells them\n"
    );
    assert!(
        text(&done.stdout).starts_with(&expected),
        "{}",
        text(&done.stdout)
    );
}
