//! Series in NetCDF files.

use rivershare::outputs::netcdf::{
    Data, Dimension, MonthAxis, NetcdfError, Value, Variable, text, write,
};
use rivershare::time::{Month, Period};
use serde_json::json;

use crate::python::{bits, told};

fn dimension(name: &str, size: usize) -> Dimension {
    Dimension {
        name: name.to_owned(),
        size,
    }
}

fn variable<'a>(name: &str, dimensions: &[&str], data: Data<'a>) -> Variable<'a> {
    Variable {
        name: name.to_owned(),
        dimensions: dimensions.iter().map(|name| (*name).to_owned()).collect(),
        attributes: Vec::new(),
        data,
    }
}

fn bytes(dimensions: &[Dimension], variables: &[Variable]) -> Result<Vec<u8>, NetcdfError> {
    let mut bytes = Vec::new();
    write(&mut bytes, dimensions, &[], variables).map(|()| bytes)
}

/// By the grammar of the format: magic, no records, one dimension, one attribute, one variable, its five bytes of text
/// filled up to eight.
#[test]
fn a_small_file_is_to_the_letter_of_the_format() {
    let letters = Data::Texts(&["abcde"]);
    let found = bytes(&[dimension("x", 1)], &[variable("n", &["x"], letters)]).expect("a file");
    let expected: &[&[u8]] = &[
        b"CDF\x02\0\0\0\0",
        b"\0\0\0\x0a\0\0\0\x02",
        b"\0\0\0\x01x\0\0\0\0\0\0\x01",
        b"\0\0\0\x08n_length\0\0\0\x05",
        b"\0\0\0\x0c\0\0\0\x01",
        b"\0\0\0\x0bConventions\0\0\0\0\x02\0\0\0\x07CF-1.11\0",
        b"\0\0\0\x0b\0\0\0\x01",
        b"\0\0\0\x01n\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x01",
        b"\0\0\0\x0c\0\0\0\x01",
        b"\0\0\0\x09_Encoding\0\0\0\0\0\0\x02\0\0\0\x05utf-8\0\0\0",
        b"\0\0\0\x02\0\0\0\x08\0\0\0\0\0\0\0\xa8",
        b"abcde\0\0\0",
    ];
    assert_eq!(found, expected.concat());
    assert_eq!(found.len(), 0xa8 + 8);
}

#[test]
fn what_the_format_does_not_hold_is_refused() {
    let two = [dimension("x", 2)];
    let told = |dimensions: &[Dimension], variables: &[Variable]| {
        bytes(dimensions, variables)
            .expect_err("a refusal")
            .to_string()
    };
    let numbers = Data::Numbers(&[1.0, 2.0]);
    assert_eq!(
        told(&two, &[variable("q", &["y"], numbers)]),
        "variable `q`: no dimension `y`"
    );
    assert_eq!(
        told(&two, &[variable("q", &["x", "x"], numbers)]),
        "variable `q`: 2 values for 4 places"
    );
    assert_eq!(
        told(&[dimension("x", 0)], &[]),
        "dimension `x`: expected at least one place"
    );
    let name = "expected a letter, then letters, digits and `_`, each name once";
    for bad in ["", "9", "m³", "a b", "a/b"] {
        let refused = told(&two, &[variable(bad, &["x"], numbers)]);
        assert_eq!(refused, format!("`{bad}`: {name}"));
    }
    let twice = [
        variable("q", &["x"], numbers),
        variable("q", &["x"], numbers),
    ];
    assert_eq!(told(&two, &twice), format!("`q`: {name}"));
}

#[test]
fn months_have_their_true_bounds() {
    let period = Period {
        first: Month::new(2024, 2),
        last: Month::new(2024, 3),
    };
    let axis = MonthAxis::of(period);
    let [time, bounds] = axis.variables();
    let numbers = |variable: &Variable| match variable.data {
        Data::Numbers(values) => values.to_vec(),
        _ => Vec::new(),
    };
    // February 2024 has 29 days, March 31.
    assert_eq!(numbers(&bounds), [0.0, 29.0, 29.0, 60.0]);
    assert_eq!(numbers(&time), [14.5, 44.5]);
    assert!(
        time.attributes
            .contains(&text("units", "days since 2024-02-01"))
    );
}

/// Percentiles of flows at two places over two years, as results are written.
fn percentiles(file: &std::path::Path, flows: &[f64]) {
    let period = Period {
        first: Month::new(1999, 1),
        last: Month::new(2000, 12),
    };
    let axis = MonthAxis::of(period);
    let [time, bounds] = axis.dimensions();
    let dimensions = [
        time,
        bounds,
        dimension("place", 2),
        dimension("percentile", 3),
    ];
    let mut names = variable(
        "place_name",
        &["place"],
        Data::Texts(&["Іле, Dobyn", "Boran"]),
    );
    names.attributes = vec![text("long_name", "place"), text("cf_role", "timeseries_id")];
    let mut percentile = variable(
        "percentile",
        &["percentile"],
        Data::Numbers(&[5.0, 50.0, 95.0]),
    );
    percentile.attributes = vec![
        text("long_name", "percentile over members"),
        text("units", "percent"),
    ];
    let mut members = variable("members", &[], Data::Integers(&[1000]));
    members.attributes = vec![text("long_name", "number of members"), text("units", "1")];
    let mut flow = variable(
        "flow",
        &["percentile", "place", "time"],
        Data::Numbers(flows),
    );
    flow.attributes = vec![
        text("standard_name", "water_volume_transport_in_river_channel"),
        text("long_name", "mean flow of the month"),
        text("units", "m3 s-1"),
        text("cell_methods", "time: mean"),
        text("coordinates", "place_name"),
        ("_FillValue".to_owned(), Value::Numbers(vec![f64::NAN])),
    ];
    let [time, time_bounds] = axis.variables();
    let variables = [time, time_bounds, names, percentile, members, flow];
    let attributes = [
        text("title", "Percentiles of flows"),
        text("institution", "rivershare"),
        text("source", "rivershare, scenario baseline"),
        text("history", "written by rivershare"),
        text("references", "docs/equations.md"),
        text("comment", "a test"),
    ];
    let out = std::fs::File::create(file).expect("a file");
    write(out, &dimensions, &attributes, &variables).expect("it is written");
}

#[test]
#[ignore = "needs the Python packages netCDF4, scipy and xarray; ./test.sh installs them"]
fn netcdf4_scipy_and_xarray_read_what_was_written() {
    let mut flows: Vec<f64> = (0..144).map(|place| f64::from(place) / 7.0).collect();
    (flows[3], flows[4], flows[143]) = (f64::NAN, -0.0, 1e300);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("percentiles.nc");
    percentiles(&file, &flows);
    let found = told("read_netcdf.py", &file);
    for reader in ["netCDF4", "scipy", "xarray"] {
        assert_eq!(found[reader]["flow"], json!(bits(&flows)), "{reader}");
        assert_eq!(found[reader]["dimensions"], json!([3, 2, 24]), "{reader}");
        assert_eq!(found[reader]["members"], json!(1000), "{reader}");
    }
    let xarray = &found["xarray"];
    assert_eq!(xarray["places"], json!(["Іле, Dobyn", "Boran"]));
    assert_eq!(xarray["first"], json!("1999-01-16T12:00:00"));
    assert_eq!(xarray["last bounds"], json!(["2000-12-01", "2001-01-01"]));
    assert_eq!(xarray["conventions"], json!("CF-1.11"));
    assert_eq!(xarray["units"], json!("m3 s-1"));
}

#[test]
#[ignore = "needs the Python package compliance-checker; ./test.sh installs it"]
fn the_compliance_checker_finds_nothing_against_cf_1_11() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("percentiles.nc");
    percentiles(&file, &[1.5; 144]);
    let python = std::env::var("PYTHON").expect("PYTHON names the interpreter");
    let checker = std::path::Path::new(&python).with_file_name("compliance-checker");
    let done = std::process::Command::new(checker)
        .args(["--test=cf:1.11", "--criteria=strict", "--verbose"])
        .arg(&file)
        .output()
        .expect("the checker starts");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&done.stderr)
    );
}
