//! What is written is what the catalogue and the data package say.

use std::path::Path;

use rivershare::model::Model;
use rivershare::outputs::catalogue::Kind;
use rivershare::outputs::package::describe;
use rivershare::outputs::report::Report;
use rivershare::outputs::tables::tables;

fn small() -> (Model, &'static Path) {
    let inputs = Path::new("tests/golden/two-parties/inputs");
    (Model::load(inputs, &[]).expect("sound"), inputs)
}

#[test]
fn every_cell_has_the_type_of_its_column_and_every_key_is_unique() {
    let (model, inputs) = small();
    let report = Report::of(&model, inputs, &model.scenarios["baseline"]).expect("a run");
    for table in tables(&report) {
        let mut reader = csv::Reader::from_reader(table.csv.as_slice());
        let header: Vec<String> = reader
            .headers()
            .expect("a header")
            .iter()
            .map(str::to_owned)
            .collect();
        let names: Vec<&str> = table
            .entry
            .columns
            .iter()
            .map(|column| column.name)
            .collect();
        assert_eq!(header, names, "{}", table.entry.name);
        let mut keys = std::collections::BTreeSet::new();
        for row in reader.records() {
            let row = row.expect("a row");
            for (cell, column) in row.iter().zip(table.entry.columns) {
                let fits = match column.kind {
                    Kind::Month => cell.parse::<rivershare::time::Month>().is_ok(),
                    Kind::Day => is_day(cell),
                    Kind::Integer => cell.parse::<i64>().is_ok(),
                    Kind::Number => cell.parse::<f64>().is_ok_and(f64::is_finite),
                    Kind::Text => true,
                };
                // Figures that are not published, and salt where none is followed.
                let may_lack = ["published", "salinity_g_per_l", "salt_Mt"];
                let empty = cell.is_empty() && may_lack.contains(&column.name);
                assert!(
                    fits || empty,
                    "{} {}: `{cell}`",
                    table.entry.name,
                    column.name
                );
            }
            let key: Vec<&str> = table
                .entry
                .key
                .iter()
                .map(|name| {
                    let place = names
                        .iter()
                        .position(|column| column == name)
                        .expect("a column");
                    &row[place]
                })
                .collect();
            assert!(
                keys.insert(key.join("|")),
                "{}: {key:?} twice",
                table.entry.name
            );
        }
    }
}

fn is_day(cell: &str) -> bool {
    let (month, day) = cell.split_at(cell.len().min(7));
    month.parse::<rivershare::time::Month>().is_ok() && day.len() == 3 && day.starts_with('-')
}

#[test]
fn the_lake_is_the_sum_of_its_bodies() {
    let (model, inputs) = small();
    let report = Report::of(&model, inputs, &model.scenarios["baseline"]).expect("a run");
    let lake = model
        .network
        .node("Lake")
        .and_then(|node| report.run.storage_at(node))
        .expect("a lake");
    for step in 0..report.run.months().len() {
        let whole = report.run.lake(step, lake);
        let bodies = report.run.bodies(step, lake);
        let sum =
            |of: fn(&rivershare::results::LakeStep) -> f64| bodies.iter().map(of).sum::<f64>();
        // Sums of a handful of numbers up to 4000 hm³.
        let close = |left: f64, right: f64| (left - right).abs() < 1e-9;
        assert!(close(sum(|body| body.evaporation), whole.evaporation));
        assert!(close(sum(|body| body.river_inflow), whole.river_inflow));
        assert!(close(sum(|body| body.end), whole.end));
        // The net flow through the strait leaves one body and enters the other.
        assert!(close(sum(|body| body.outflow), whole.outflow));
        for body in &bodies {
            assert!(close(body.residual(), 0.0), "{step}: {}", body.residual());
        }
    }
}

#[test]
fn the_package_describes_every_column_with_its_unit() {
    let (model, inputs) = small();
    let report = Report::of(&model, inputs, &model.scenarios["baseline"]).expect("a run");
    let tables = tables(&report);
    let package = describe("Baseline 1", "a title", "terms", &tables);
    let package: serde_json::Value = serde_json::from_slice(&package).expect("JSON");
    assert_eq!(package["name"], "baseline-1");
    let resources = package["resources"].as_array().expect("resources");
    assert_eq!(resources.len(), tables.len());
    let flows = &resources[0]["schema"]["fields"];
    assert_eq!(flows[0]["type"], "yearmonth");
    assert_eq!(flows[2]["unit"], "m³/s");
}

#[test]
#[ignore = "needs the Python package frictionless; ./test.sh installs it"]
fn frictionless_accepts_the_package() {
    let program = std::env::var("FRICTIONLESS").expect("FRICTIONLESS names the program");
    let out = tempfile::tempdir().expect("a folder");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args(["run", "--quiet", "--out"])
        .arg(out.path())
        .status()
        .expect("the program starts");
    assert!(done.success());
    let done = std::process::Command::new(program)
        .current_dir(out.path().join("baseline"))
        .args(["validate", "datapackage.json"])
        .output()
        .expect("frictionless starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stdout)
    );
}
