//! Files of other archives become series and observations; what is wrong with them is told to the letter.
//!
//! The files in `tests/import/` are made up, in the layouts of the archives: no value in them was measured.

mod csv;
mod levels;

use std::path::Path;
use std::process::{Command, Output};

use rivershare::import::{Format, Layout, Method, Request, import as import_of};
use rivershare::inputs::folder::{Folder, hex};
use rivershare::inputs::series::{Series, series_file};
use rivershare::units::Quantity;
use sha2::{Digest, Sha256};

fn rivershare(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Imports to a file of its own; the file, where there is one then, and what was said.
fn import(arguments: &[&str]) -> (Option<String>, Output) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("series.csv");
    let named = ["--out", &out.to_string_lossy()].map(str::to_owned);
    let named = named.each_ref().map(String::as_str);
    let done = rivershare(&[&["import"], arguments, &named].concat());
    let count = std::fs::read_dir(folder.path()).expect("a folder").count();
    let written = std::fs::read_to_string(&out).ok();
    assert_eq!(count, usize::from(written.is_some()), "nothing beside it");
    (written, done)
}

fn imported(arguments: &[&str]) -> String {
    let (written, done) = import(arguments);
    assert!(done.status.success(), "{}", text(&done.stderr));
    written.expect("a file")
}

/// What is said of files from which nothing is made.
fn refused(arguments: &[&str]) -> String {
    let (written, done) = import(arguments);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stdout));
    assert_eq!(written, None);
    text(&done.stderr)
}

/// Reads a text as an inflow of this project is read.
fn series(text: &str) -> Series {
    let root = tempfile::tempdir().expect("a folder");
    std::fs::write(root.path().join("flow.csv"), text).expect("a file");
    let folder = Folder::new(root.path());
    let read = series_file(&folder, "flow.csv", "the test", Quantity::Flow);
    let (read, _) = folder.close(read).expect("a sound series");
    read.dated().expect("dates").clone()
}

fn flows(series: &Series) -> &[f64] {
    &series.columns[0].1
}

fn rows(text: &str) -> Vec<&str> {
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.skip(1).collect()
}

#[test]
fn months_of_grdc_are_calculated_ones_where_their_days_suffice() {
    let file = "tests/import/grdc_month.txt";
    let written = imported(&["grdc", file]);
    let hash = hex(&Sha256::digest(std::fs::read(file).expect("a file")));
    let head = format!(
        "# imported by `rivershare import grdc`
# source: The Global Runoff Data Centre, 56068 Koblenz, Germany: GRDC 9999901, BURAN, river RIVIÈRE D'ESSAI, KZ
# confidence: high
# licence: non-commercial use with citation; the series may not be passed on
# file: grdc_month.txt, sha256 {hash}
# months of days: mean of the days with a value, at most 3 missing
date,flow_m3s,quality
2001-01,54.900,observed
"
    );
    assert!(written.starts_with(&head), "{written}");
    let series = series(&written);
    assert_eq!(series.period().to_string(), "2001-01..2003-12");
    // 2002-01 is the calculated mean. Of 2002-03 a day is missing, which is few; of 2002-05 almost half, so
    // that the original value stands.
    assert_eq!(flows(&series)[12], 62.5);
    assert_eq!(flows(&series)[14], 67.5);
    assert_eq!(flows(&series)[16], 420.0);
    let none = imported(&["grdc", file, "--missing-days", "0"]);
    assert!(none.contains("2002-03,66.000,observed"), "{none}");
}

#[test]
fn days_of_grdc_become_months_where_at_most_three_are_missing() {
    let file = "tests/import/grdc_day.txt";
    let written = imported(&["grdc", file]);
    // The flow of a day is 10 times the month and a tenth of the day: January 10 + 1.6 in the mean; February
    // without its first three days 20 + (4 + … + 28) ÷ 250 = 21.6.
    let months = ["2001-01,11.600,observed", "2001-02,21.600,observed"];
    assert_eq!(rows(&written), months);
    assert!(written.contains("# 1 month with days missing\n"));
    let said = refused(&["grdc", file, "--period", "2000-12..2001-03"]);
    assert_eq!(
        said,
        "tests/import/grdc_day.txt
    found     2 months without a value: 2000-12, 2001-03 (5 days missing)
    expected  a flow in every month of 2000-12..2001-03
    hint      fill them by name with --fill, or choose months without gap with --period
1 fault
"
    );
    let alone = refused(&["grdc", file, "--period", "2001-03..2001-03"]);
    assert!(
        alone.contains("1 month without a value: 2001-03 (5 days missing)\n"),
        "{alone}"
    );
    let more = imported(&["grdc", file, "--missing-days", "5"]);
    assert_eq!(rows(&more).len(), 3);
}

#[test]
fn every_fault_of_a_file_is_told_at_once() {
    assert_eq!(
        refused(&[
            "grdc",
            "tests/import/grdc_bad.txt",
            "tests/import/grdc_dya.txt"
        ]),
        "tests/import/grdc_bad.txt, line 24, unit
    found     `mm/d`
    expected  m³/s
tests/import/grdc_bad.txt, line 35, `Data lines`
    found     6 rows
    expected  7 rows, as the header says
    hint      is the file cut off?
tests/import/grdc_bad.txt, line 39, date
    found     `2001-02-30`
    expected  a day or month, for instance 1987-06-30, 1987/06/30, 30.06.1987, 19870630 or 1987-06
tests/import/grdc_bad.txt, line 40, flow
    found     `twelve`
    expected  a number
tests/import/grdc_bad.txt, line 41, flow
    found     `-2.500`
    expected  a flow, zero or more, or -999.000 where it is missing
tests/import/grdc_bad.txt, line 42, row
    found     2 cells
    expected  3 cells as in the header
tests/import/grdc_dya.txt
    found     no such file
    expected  the file that `rivershare import grdc` needs
    hint      did you mean `grdc_day.txt`?
7 faults
"
    );
    let said = refused(&["grdc", "tests/import/dahiti.txt"]);
    assert!(said.contains("is it an export of GRDC as text?"), "{said}");
}

#[test]
fn gaps_are_filled_by_name_only_and_marked() {
    let file = "tests/import/grdc_month_gaps.txt";
    let said = refused(&["grdc", file]);
    assert!(
        said.contains("3 months without a value: 2001-07, 2002-02, 2002-03\n"),
        "{said}"
    );
    let written = imported(
        &["grdc", file, "--fill", "linear", "--longest", "1"]
            .iter()
            .chain(&["--fill", "climatology"])
            .copied()
            .collect::<Vec<_>>(),
    );
    // Linear: between June 504 and August 207. Climatology: the means of 2001 and 2003, 52.2 and 63.8, 59.4 and 72.6.
    for row in [
        "2001-07,355.500,filled-linear",
        "2002-02,58.000,filled-climatology",
        "2002-03,66.000,filled-climatology",
        "2002-04,141.500,observed",
    ] {
        assert!(written.contains(row), "{row} in {written}");
    }
    assert!(written.contains("# confidence: medium\n"));
    assert!(
        written.contains("# filled-linear: 1 month; between the months beside gaps of at most 1\n")
    );
    let (_, done) = import(&["grdc", file, "--fill", "climatology"]);
    let said = text(&done.stdout);
    assert!(
        said.starts_with("warning: climatology of 2002-02 rests on 2 other years\n"),
        "{said}"
    );
}

#[test]
fn a_regression_rests_on_a_neighbour_and_tells_its_r2() {
    let folder = tempfile::tempdir().expect("a folder");
    let neighbour = folder.path().join("neighbour.csv");
    let whole = imported(&["grdc", "tests/import/grdc_month.txt"]);
    std::fs::write(&neighbour, whole).expect("a file");
    let neighbour = neighbour.to_string_lossy();
    let file = "tests/import/grdc_month_gaps.txt";
    let fill = [
        "grdc",
        file,
        "--fill",
        "regression",
        "--neighbour",
        &neighbour,
    ];
    let written = imported(&fill);
    // The neighbour is the record itself without gaps: the line is y = x.
    let row = "2001-07,351.000,filled-regression";
    assert!(written.contains(row), "{written}");
    let note = "0.000000 + 1.000000 times neighbour.csv, r² = 1.0000 over 33 months";
    assert!(written.replace("-0.0", "0.0").contains(note), "{written}");
    assert_eq!(
        refused(&fill[..4]),
        "command line, --neighbour
    found     nothing
    expected  the series that `--fill regression` rests on
tests/import/grdc_month_gaps.txt
    found     3 months without a value: 2001-07, 2002-02, 2002-03
    expected  a flow in every month of 2001-01..2003-12
    hint      fill them by name with --fill, or choose months without gap with --period
2 faults
"
    );
}

#[test]
fn a_second_file_gives_the_months_that_the_first_lacks() {
    let (gaps, whole) = (
        "tests/import/grdc_month_gaps.txt",
        "tests/import/grdc_month.txt",
    );
    let written = imported(&["grdc", gaps, whole]);
    assert!(written.contains("2001-07,351.000,observed"), "{written}");
    assert_eq!(written.matches("# file: ").count(), 2);
    let (lake, other) = ("tests/import/dahiti.txt", "tests/import/dahiti.csv");
    let said = refused(&["dahiti", lake, other, "--place", "Mirror"]);
    assert_eq!(
        said,
        "tests/import/dahiti.csv
    found     dahiti.csv
    expected  DAHITI 99999, Essai, Lake, as in tests/import/dahiti.txt
    hint      import one station or lake at a time
1 fault
"
    );
}

#[test]
fn a_table_of_r_arcticnet_has_stations_by_years_and_months() {
    let file = "tests/import/arcticnet.txt";
    let said = refused(&["arcticnet", file]);
    assert!(
        said.contains("found     2 stations: `9001`, `9002`\n    expected  one station\n    hint      name one with --station"),
        "{said}"
    );
    let written = imported(&["arcticnet", file, "--station", "9001", "--fill", "linear"]);
    assert!(written.contains(": station 9001, 99001\n"), "{written}");
    let series = series(&written);
    assert_eq!(flows(&series)[..3], [61.0, 58.0, 66.0]);
    // Blank in November 1981: between 110 and 70.
    assert_eq!(flows(&series)[22], 90.0);
    let said = refused(&["arcticnet", file, "--station", "99002"]);
    assert!(
        said.contains("1 month without a value: 1980-03\n"),
        "{said}"
    );
}

/// Whatever a file holds, it gives a file or faults.
#[test]
fn no_text_makes_an_import_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("torn.txt");
    let request = |format: &str, wide| Request {
        format: format.parse().expect("a format"),
        files: vec![file.to_string_lossy().into_owned()],
        period: None,
        missing_days: 3,
        methods: vec![Method::Linear, Method::Climatology],
        longest_line: usize::MAX,
        neighbour: None,
        station: None,
        layout: Layout {
            column: Some("Abfluss".to_owned()),
            unit: Some("m3s".to_owned()),
            wide,
            ..Layout::default()
        },
        place: Some("Mirror".to_owned()),
        lakes: None,
        shift_m: Some(0.0),
        source: Some("a test".to_owned()),
        licence: None,
        confidence: None,
    };
    let mut sound = 0;
    for sample in std::fs::read_dir("tests/import").expect("samples") {
        let bytes = std::fs::read(sample.expect("a sample").path()).expect("a sample");
        for end in (0..=bytes.len()).step_by(23).chain([bytes.len()]) {
            let mut torn = bytes[..end].to_vec();
            if let Some(letter) = torn.get_mut(end / 2) {
                *letter = b";0\"\xff\n"[end % 5];
            }
            std::fs::write(&file, torn).expect("a file");
            for format in Format::WORDS {
                sound += usize::from(import_of(&request(format, end % 2 == 0)).is_ok());
            }
        }
    }
    assert!(sound > 0, "some of them are still sound");
}

/// Copies a folder of inputs.
fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copied(&from, &to);
        } else {
            std::fs::copy(from, to).expect("a copy");
        }
    }
}

#[test]
fn an_imported_record_takes_the_place_of_a_reconstruction() {
    let folder = tempfile::tempdir().expect("a folder");
    let inputs = folder.path().join("inputs");
    copied(Path::new("tests/golden/one-reach/inputs"), &inputs);
    let network = inputs.join("basins/river/network.toml");
    let constant = "flow_m3s = [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10]\nsource = \"assumption: a test\"\nconfidence = \"low\"\n";
    let written = std::fs::read_to_string(&network).expect("a network");
    assert!(written.contains(constant));
    let named = written.replacen(constant, "flow = \"spring.csv\"\n", 1);
    std::fs::write(&network, named).expect("a file");
    let spring = inputs.join("basins/river/spring.csv");
    let head = "# generated by `rivershare reconstruct`\n# source: assumption: a test\n# confidence: low\ndate,flow_m3s,quality\n";
    let months = (1..=12).map(|month| format!("2001-{month:02},10,synthetic\n"));
    let months = months.collect::<Vec<_>>().concat();
    std::fs::write(&spring, format!("{head}{months}")).expect("a file");

    let run = |out: &str| {
        let out = folder.path().join(out);
        let place = [inputs.to_string_lossy(), out.to_string_lossy()];
        let done = rivershare(&["run", "--inputs", &place[0], "--out", &place[1]]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let read = |name: &str| std::fs::read_to_string(out.join("baseline").join(name));
        let manifest: serde_json::Value =
            serde_json::from_str(&read("manifest.json").expect("a manifest")).expect("JSON");
        let words = manifest["identity"]["reconstructed_inputs"].clone();
        let charts = std::fs::read_dir(out.join("baseline/charts")).expect("charts");
        let drawn: Vec<String> = charts
            .map(|chart| chart.expect("a chart").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "svg"))
            .map(|path| std::fs::read_to_string(path).expect("a chart"))
            .collect();
        let sources = read("tables/sources.csv").expect("sources");
        (text(&done.stdout), words, drawn.concat(), sources)
    };
    let (said, words, drawn, _) = run("before");
    assert!(
        said.contains("inflows are reconstructed: synthetic"),
        "{said}"
    );
    assert_eq!(words, serde_json::json!(["synthetic"]));
    assert!(drawn.contains("Inflows are reconstructed inputs (synthetic)"));

    let place = spring.to_string_lossy();
    let file = "tests/import/grdc_month.txt";
    let done = rivershare(&["import", "grdc", file, "--out", &place]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let (said, words, drawn, sources) = run("after");
    assert!(said.contains("inflows are observed"), "{said}");
    assert_eq!(words, serde_json::json!([]));
    assert!(drawn.contains("Inflows are observed series."));
    assert!(!drawn.contains("reconstructed"));
    assert!(sources.contains("GRDC 9999901, BURAN"), "{sources}");

    let gaps = "tests/import/grdc_month_gaps.txt";
    let fill = [
        "import",
        "grdc",
        gaps,
        "--fill",
        "climatology",
        "--out",
        &place,
    ];
    assert!(rivershare(&fill).status.success());
    let (_, words, drawn, _) = run("filled");
    assert_eq!(words, serde_json::json!(["filled-climatology"]));
    assert!(drawn.contains("Inflows are reconstructed inputs (filled-climatology)"));
}

#[test]
fn a_file_that_the_program_did_not_write_stays_unless_forced() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("mine.csv");
    std::fs::write(&out, "mine").expect("a file");
    let place = out.to_string_lossy();
    let arguments = [
        "import",
        "grdc",
        "tests/import/grdc_month.txt",
        "--out",
        &place,
    ];
    let done = rivershare(&arguments);
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(
        text(&done.stderr),
        format!(
            "{place}: is there already and was not written by rivershare\n    hint      choose another --out, or replace it with --force\n"
        )
    );
    assert_eq!(std::fs::read_to_string(&out).expect("a file"), "mine");
    for more in [&["--force"][..], &[]] {
        assert!(
            rivershare(&[&arguments[..], more].concat())
                .status
                .success()
        );
    }
}

#[test]
fn a_format_or_method_that_is_none_is_wrong_usage() {
    let file = "tests/import/grdc_month.txt";
    for (arguments, expected) in [
        (
            ["import", "grcd", file, "--out", "x.csv", "--quiet"],
            "expected one of `grdc`",
        ),
        (
            ["import", "grdc", file, "--fill", "mean", "--out"],
            "expected one of `climatology`",
        ),
    ] {
        let done = rivershare(&arguments);
        assert_eq!(done.status.code(), Some(2));
        assert!(
            text(&done.stderr).contains(expected),
            "{}",
            text(&done.stderr)
        );
    }
}
