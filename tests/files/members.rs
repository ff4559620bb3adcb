//! Members of an ensemble as a Parquet table: written, read again, and refused.

use std::path::Path;
use std::process::Command;

use rivershare::faults::Faults;
use rivershare::hydrology::climate::Water;
use rivershare::hydrology::generator::record::{Record, Site};
use rivershare::hydrology::generator::{Values, fitted, members};
use rivershare::inputs::folder::Folder;
use rivershare::outputs::parquet::{Column, ColumnValues, Kind, ParquetWriter};

use crate::python::told;

const TABLE: &str = "members.parquet";

fn read(folder: &Path, record: &Record) -> Result<Vec<Values>, Faults> {
    let folder = Folder::new(folder);
    let members = members::read(&folder, TABLE, record);
    folder.close(members).map(|(members, _)| members)
}

/// Exports two members of a shipped generator and gives the folder of results.
fn exported(out: &Path) -> std::path::PathBuf {
    let done = Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args([
            "generate",
            "inputs/generators/regimes.toml",
            "--members",
            "2",
        ])
        .args(["--format", "parquet", "--out"])
        .arg(out)
        .output()
        .expect("the program starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    out.join("generated-regimes")
}

#[test]
fn members_are_read_back_to_the_bit() {
    let out = tempfile::tempdir().expect("a folder");
    let results = exported(out.path());
    let folder = Folder::new(&results);
    let generator = fitted::read(&folder, "generator.toml").expect("a generator");
    let found = read(&results, &generator.record).expect("members");
    assert_eq!(found.len(), 2);
    for (values, number) in found.iter().zip(1..) {
        let expected = generator.member(number, generator.record.period());
        // No value is NaN, and none is a zero with a sign, so that equal means the same bits.
        assert_eq!(*values, expected, "member {number}");
    }
    let done = Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args([
            "generate",
            "inputs/generators/regimes.toml",
            "--check",
            "--import",
        ])
        .arg(results.join(TABLE))
        .arg("--out")
        .arg(out.path())
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.contains(": 2 members, generator "), "{said}");
}

#[test]
#[ignore = "needs the Python package pandas; ./test.sh installs it"]
fn a_table_of_pandas_is_read() {
    let out = tempfile::tempdir().expect("a folder");
    let results = exported(out.path());
    let generator = fitted::read(&Folder::new(&results), "generator.toml").expect("a generator");
    let before = read(&results, &generator.record).expect("members");
    // Columns that may be null, whole numbers of 64 bits, months as texts, rows in another order.
    told("shuffle_members.py", &results.join(TABLE));
    assert_eq!(read(&results, &generator.record).expect("members"), before);
}

/// Two sites over two years.
fn record() -> Record {
    let site = |name: &str| Site {
        name: name.to_owned(),
        quantity: Water::Flow,
        file: format!("{name}.csv"),
        quality: Vec::new(),
        values: vec![1.0; 24],
    };
    Record {
        first_year: 1990,
        sites: vec![site("Ili"), site("Tekes")],
    }
}

/// A table of one member, before it is spoilt.
struct Sketch {
    names: Vec<&'static str>,
    sites: Vec<&'static str>,
    members: Vec<i32>,
    days: Vec<i32>,
    values: Vec<f64>,
}

impl Sketch {
    fn sound() -> Self {
        let months = record().period().months();
        let days: Vec<i32> = months
            .map(rivershare::time::Month::first_unix_day)
            .collect();
        Self {
            names: vec!["site", "member", "month", "value"],
            sites: [["Ili"; 24], ["Tekes"; 24]].concat(),
            members: vec![1; 48],
            days: days.repeat(2),
            values: (0..48).map(f64::from).collect(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let kinds = [Kind::Text, Kind::Integer, Kind::Day, Kind::Number];
        let columns = self.names.iter().zip(kinds).map(|(name, kind)| Column {
            name: (*name).to_owned(),
            kind,
            unit: String::new(),
            description: String::new(),
        });
        let mut writer = ParquetWriter::new(Vec::new(), columns.collect()).expect("a writer");
        let rows = [
            ColumnValues::Text(&self.sites),
            ColumnValues::Integers(&self.members),
            ColumnValues::Days(&self.days),
            ColumnValues::Numbers(&self.values),
        ];
        writer.write(&rows).expect("rows");
        writer.finish().expect("a file")
    }

    /// The faults of the table, without the name of the file.
    fn refused(&self) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(TABLE), self.bytes()).expect("written");
        let faults = read(folder.path(), &record()).expect_err("faults");
        let told = |fault: &rivershare::faults::Fault| {
            format!(
                "{}: {}; {}; {}",
                fault.place, fault.found, fault.expected, fault.hint
            )
        };
        faults.iter().map(told).collect()
    }
}

#[test]
fn faults_of_all_columns_are_told_at_once() {
    let mut sketch = Sketch::sound();
    sketch.sites[7] = "Tekez";
    sketch.members[3] = 0;
    sketch.days[5] = -1;
    sketch.values[9] = f64::NAN;
    assert_eq!(
        sketch.refused(),
        [
            "column `member`: 0 in row 4; a number from 1 to 100000; ",
            "column `month`: 1969-12 in row 6; a month of 1990-01..1991-12; ",
            "column `site`: `Tekez`; a site of the record; did you mean `Tekes`?",
            "column `value`: NaN in row 10; a finite number, zero or more; ",
        ]
    );
}

#[test]
fn columns_that_are_not_there_or_of_another_type_are_told() {
    let mut sketch = Sketch::sound();
    sketch.names = vec!["member", "site", "month", "values"];
    assert_eq!(
        sketch.refused(),
        [
            "column `member`: BYTE_ARRAY (UTF8); whole numbers; ",
            "column `site`: INT32; texts; ",
            "column `value`: `member`, `site`, `month`, `values`; a column of 64-bit or 32-bit floats; did you mean \
             `values`?",
        ]
    );
}

#[test]
fn every_member_has_every_month_once() {
    let mut sketch = Sketch::sound();
    sketch.members[47] = 2;
    assert_eq!(
        sketch.refused(),
        ["column `member`: 48 rows; 2 members of every site and month; "]
    );
    let mut sketch = Sketch::sound();
    sketch.days[1] = sketch.days[0];
    assert_eq!(
        sketch.refused(),
        ["column `member`: two rows of one site, member and month; row 2; each once; "]
    );
}

/// Whatever is wrong with a byte of the file is a fault, or passes unnoticed; nothing panics.
#[test]
fn a_spoilt_file_is_refused_or_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = Sketch::sound().bytes();
    let mut refused = 0;
    for place in 0..sound.len() {
        let mut spoilt = sound.clone();
        spoilt[place] ^= 1 << (place % 8);
        std::fs::write(folder.path().join(TABLE), &spoilt).expect("written");
        refused += usize::from(read(folder.path(), &record()).is_err());
        std::fs::write(folder.path().join(TABLE), &sound[..place]).expect("written");
        assert!(read(folder.path(), &record()).is_err());
    }
    assert!(refused > 100, "{refused} of {}", sound.len());
}
