//! Tables in Parquet files.

use rivershare::outputs::parquet::{Column, ColumnValues, Kind, ParquetError, ParquetWriter};
use serde_json::json;

use crate::python::{bits, told};

fn column(name: &str, kind: Kind, unit: &str, description: &str) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        unit: unit.to_owned(),
        description: description.to_owned(),
    }
}

fn columns() -> Vec<Column> {
    vec![
        column("site", Kind::Text, "", "river"),
        column("month", Kind::Day, "", "first day of the month"),
        column("member", Kind::Integer, "", "member of the ensemble"),
        column("seed", Kind::LongInteger, "", "key of its draws"),
        column("flow", Kind::Number, "m³/s", "mean flow of the month"),
    ]
}

const SITES: [[&str; 4]; 2] = [["Іле", "Іле", "Tekes", "Іле"], ["", "Tekes", "Tekes", ""]];
// 1 January 1970, 1 February 1970, 31 December 1969, 29 February 2024.
const DAYS: [i32; 4] = [0, 31, -1, 19_782];
const MEMBERS: [i32; 4] = [1, 2, i32::MAX, i32::MIN];
const SEEDS: [i64; 4] = [0, -1, i64::MAX, i64::MIN];
const FLOWS: [f64; 4] = [0.1, -0.0, f64::NAN, 1e-310];

/// Two row groups of four rows.
fn table() -> Vec<u8> {
    let mut writer = ParquetWriter::new(Vec::new(), columns()).expect("a writer");
    writer.note("title", "A table");
    for sites in &SITES {
        let rows = [
            ColumnValues::Text(sites),
            ColumnValues::Days(&DAYS),
            ColumnValues::Integers(&MEMBERS),
            ColumnValues::LongIntegers(&SEEDS),
            ColumnValues::Numbers(&FLOWS),
        ];
        writer.write(&rows).expect("rows");
    }
    writer.finish().expect("a file")
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let bytes = table();
    assert_eq!(bytes, table());
    assert_eq!(
        (&bytes[..4], &bytes[bytes.len() - 4..]),
        (&b"PAR1"[..], &b"PAR1"[..])
    );
}

#[test]
fn rows_of_other_columns_are_refused() {
    let mut writer = ParquetWriter::new(Vec::new(), columns()[3..].to_vec()).expect("a writer");
    let mut refused = |rows: &[ColumnValues]| match writer.write(rows) {
        Err(error @ ParquetError::Misfit { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let seeds = ColumnValues::LongIntegers(&SEEDS);
    assert_eq!(
        refused(&[seeds]),
        "rows of 4 × LongInteger for a table of [LongInteger, Number]"
    );
    assert_eq!(
        refused(&[seeds, ColumnValues::Integers(&MEMBERS)]),
        "rows of 4 × LongInteger, 4 × Integer for a table of [LongInteger, Number]"
    );
    assert_eq!(
        refused(&[seeds, ColumnValues::Numbers(&FLOWS[1..])]),
        "rows of 4 × LongInteger, 3 × Number for a table of [LongInteger, Number]"
    );
}

#[test]
#[ignore = "needs the Python packages duckdb, pandas and pyarrow; ./test.sh installs them"]
fn duckdb_pandas_and_pyarrow_read_what_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("table.parquet");
    std::fs::write(&file, table()).expect("a file");
    let twice = |values: &serde_json::Value| {
        let values = values.as_array().expect("a list");
        json!([values.as_slice(), values.as_slice()].concat())
    };
    let rows = json!({
        "site": SITES.concat(),
        "month": twice(&json!(["1970-01-01", "1970-02-01", "1969-12-31", "2024-02-29"])),
        "member": twice(&json!(MEMBERS)),
        "seed": twice(&json!(SEEDS)),
        "flow": twice(&json!(bits(&FLOWS))),
    });
    let found = told("read_parquet.py", &file);
    for reader in ["duckdb", "pandas", "pyarrow"] {
        assert_eq!(found[reader], rows, "{reader}");
    }
    assert_eq!(
        found["schema"],
        json!([
            "site: string not null",
            "month: date32[day] not null",
            "member: int32 not null",
            "seed: int64 not null",
            "flow: double not null"
        ])
    );
    assert_eq!(found["row groups"], json!([4, 4]));
    assert_eq!(
        found["created by"],
        json!(concat!("rivershare version ", env!("CARGO_PKG_VERSION")))
    );
    let notes = &found["notes"];
    assert_eq!(notes["flow.unit"], json!("m³/s"));
    assert_eq!(notes["flow.description"], json!("mean flow of the month"));
    assert_eq!(notes["title"], json!("A table"));
}
