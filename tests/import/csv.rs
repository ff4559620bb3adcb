//! Any CSV file, by its column and unit.

use crate::{flows, import, imported, refused, rows, series, text};

#[test]
fn any_csv_file_is_read_by_its_column_and_unit() {
    let own = ["--source", "a test", "--unit", "m3s"];
    let long = ["csv", "tests/import/long.csv", "--column", "Abfluss"];
    let long = series(&imported(&[&long[..], &own].concat()));
    assert_eq!(flows(&long)[..2], [61.25, 58.25]);
    let wide = ["csv", "tests/import/wide.csv", "--wide", "--missing", "-99"];
    let said = refused(&[&wide[..], &own].concat());
    assert!(
        said.contains("1 month without a value: 2002-05\n"),
        "{said}"
    );
    let more = ["--period", "2001-01..2001-12", "--station", "A gauge"];
    let written = imported(&[&wide[..], &own, &more].concat());
    assert!(written.contains("# source: a test: A gauge\n"), "{written}");
    assert_eq!(flows(&series(&written))[11], 70.0);
    let litres = [
        "csv",
        "tests/import/wide.csv",
        "--wide",
        "--source",
        "a test",
    ];
    let litres = [&litres[..], &["--missing", "-99", "--unit", "ml_per_day"]].concat();
    let litres = series(&imported(&[&litres[..], &more].concat()));
    // 61 ML a day are 61 000 m³ in 86 400 s, rounded to a litre a second.
    assert_eq!(flows(&litres)[0], 0.706);
    assert_eq!(
        refused(&[
            "csv",
            "tests/import/long.csv",
            "--column",
            "Abflus",
            "--unit",
            "m3"
        ]),
        "command line, --column
    found     `Abflus`
    expected  a column of tests/import/long.csv: `Datum`, `Abfluss`, `Bemerkung`
    hint      did you mean `Abfluss`?
command line, --unit
    found     `m3`
    expected  the unit of the values, one of `m3s`, `ml_per_day`, `m`
    hint      did you mean `m3s`?
2 faults
"
    );
    let torn = ["--source", "a test\n2001-01,1,observed", "--unit", "m3s"];
    let written = imported(&[&wide[..], &torn, &more].concat());
    assert_eq!(
        rows(&written).len(),
        12,
        "a source stays in its line: {written}"
    );
    let negative = [&wide[..3], &own].concat();
    let said = refused(&negative);
    assert!(said.contains("name it with --missing"), "{said}");
}

/// Imports a CSV file of a text, with the column `flow` in m³/s; what is written, and what is said of it with the path
/// of the file left out.
fn of_csv(text_of_file: &str, more: &[&str]) -> (Option<String>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("k.csv");
    std::fs::write(&file, text_of_file).expect("a file");
    let file = file.to_string_lossy();
    let own = ["csv", &file, "--unit", "m3s", "--source", "me"];
    let (written, done) = import(&[&own[..], more].concat());
    assert_eq!(done.status.code(), Some(i32::from(written.is_none())));
    (written, text(&done.stderr).replace(&*file, "k.csv"))
}

#[test]
fn a_row_with_more_cells_than_the_header_is_refused() {
    let column = ["--column", "flow"];
    let decimal = "    expected  2 cells as in the header
    hint      is the comma a decimal mark? then part the cells by `;`, or put the numbers into quotation marks
";
    let (_, said) = of_csv(
        "date,flow\n2001-01,10,5\n2001-02,11\n2001-03,12,5\n",
        &column,
    );
    let row = |line| format!("k.csv, line {line}, row\n    found     3 cells\n{decimal}");
    assert_eq!(said, format!("{}{}2 faults\n", row(2), row(4)));
    let (_, said) = of_csv("date;flow\n2001-01;10;5\n", &column);
    assert_eq!(
        said,
        "k.csv, line 2, row
    found     3 cells
    expected  2 cells as in the header
1 fault
"
    );
    let (_, said) = of_csv(
        "year,1,2,3,4,5,6,7,8,9,10,11,12\n2001,1,5,2,3,4,5,6,7,8,9,10,11,12\n",
        &["--wide"],
    );
    let wide = decimal.replace("2 cells", "13 cells");
    let expected = format!("k.csv, line 2, row\n    found     14 cells\n{wide}1 fault\n");
    assert_eq!(said, expected);
    for text in [
        "date,flow\n2001-01,\"10,5\"\n",
        "date;flow\n2001-01;10,5;\n",
    ] {
        let written = of_csv(text, &column).0.expect("a file");
        assert_eq!(rows(&written), ["2001-01,10.500,observed"]);
    }
}

#[test]
fn means_of_months_that_are_dated_by_a_day_are_read_when_asked_for() {
    let column = ["--column", "flow"];
    let monthly = [&column[..], &["--monthly"]].concat();
    for days in [
        ["2001-01-01", "2001-02-01"],
        ["2001-01-31", "2001-02-28"],
        ["01.01.2001", "01.02.2001"],
    ] {
        let text = format!("date,flow\n{},5\n{},6\n", days[0], days[1]);
        let (_, said) = of_csv(&text, &column);
        assert_eq!(
            said,
            "k.csv
    found     1 of 31 days in 2001-01, and in no month more
    expected  at least one month of which at most 3 days are missing
    hint      are these means of months? then add --monthly
1 fault
"
        );
        let with_period = [&column[..], &["--period", "2001-01..2001-02"]].concat();
        let (_, said) = of_csv(&text, &with_period);
        assert_eq!(
            said,
            "k.csv
    found     2 months without a value: 2001-01 (30 days missing), 2001-02 (27 days missing)
    expected  a flow in every month of 2001-01..2001-02
    hint      are these means of months? then add --monthly
1 fault
"
        );
        let written = of_csv(&text, &monthly).0.expect("a file");
        let months = ["2001-01,5.000,observed", "2001-02,6.000,observed"];
        assert_eq!(rows(&written), months);
        assert!(
            written.contains("# means of months, as the file has them\n"),
            "{written}"
        );
    }
    let days = "date,flow\n2001-01-01,5\n2001-01-02,6\n";
    let (_, said) = of_csv(days, &column);
    assert!(
        said.contains("found     2 of 31 days in 2001-01, and in no month more\n")
            && said.contains("hint      allow more missing days with --missing-days\n"),
        "{said}"
    );
    let (_, said) = of_csv(days, &monthly);
    assert!(
        said.contains("line 3, date\n    found     2001-01 a second time\n"),
        "{said}"
    );
}
