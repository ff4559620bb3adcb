//! Results of a batch as Python packages read them.

use std::path::Path;
use std::process::Command;

use crate::bench::Bench;

fn python() -> String {
    std::env::var("PYTHON").expect("PYTHON names the interpreter")
}

/// What `tests/batch/read_batch.py` prints of a folder.
fn told(folder: &Path) -> serde_json::Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/batch/read_batch.py");
    let done = Command::new(python()).arg(script).arg(folder).output();
    let done = done.expect("Python starts");
    let complained = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{complained}");
    serde_json::from_slice(&done.stdout).expect("JSON")
}

#[test]
#[ignore = "needs the Python packages duckdb, pandas, polars, pyarrow and xarray; ./test.sh installs them"]
fn xarray_duckdb_pandas_and_polars_read_what_was_written() {
    let bench = Bench::large(30, 3);
    bench.batch("out", &[]);
    let found = told(&bench.at("out"));
    // Every number of the table is that of the NetCDF file, bit by bit.
    assert_eq!(found["quantiles"]["compared"], 3 * (4 + 48) * 10);
    assert_eq!(found["quantiles"]["different"], serde_json::json!([]));
    assert_eq!(found["quantiles"]["conventions"], "CF-1.11");
    assert_eq!(
        found["quantiles"]["last year"],
        serde_json::json!(["2003-01-01", "2004-01-01"])
    );
    for reader in ["duckdb", "pandas", "polars"] {
        assert_eq!(
            found[reader]["metrics"],
            serde_json::json!([90, 3, 30]),
            "{reader}"
        );
        assert_eq!(
            found[reader]["place"],
            serde_json::json!([30 * 48, 2, "2000-01-01", "2003-12-01"]),
            "{reader}"
        );
        assert_eq!(found[reader]["mean"], found["duckdb"]["mean"], "{reader}");
    }
}

#[test]
#[ignore = "needs the Python package compliance-checker; ./test.sh installs it"]
fn the_compliance_checker_finds_nothing_against_the_quantiles() {
    let bench = Bench::large(3, 3);
    bench.batch("out", &[]);
    let checker = Path::new(&python()).with_file_name("compliance-checker");
    let done = Command::new(checker)
        .args(["--test=cf:1.11", "--criteria=strict", "--verbose"])
        .arg(bench.at("out/quantiles.nc"))
        .output()
        .expect("the checker starts");
    let said = String::from_utf8_lossy(&done.stdout);
    let complained = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}{complained}");
}
