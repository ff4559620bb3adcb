//! A model in megalitres is the same model.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rivershare::model::Model;
use rivershare::plan::Plan;
use rivershare::results::simulate;

const INPUTS: &str = "tests/golden/two-parties/inputs";

/// Endings and what a number is multiplied by where its unit is changed.
const CHANGES: [[(&str, &str, f64); 3]; 2] = [
    [
        ("_m3s", "_ml_per_day", 86.4),
        ("_km3", "_ml", 1e6),
        ("", "", 1.0),
    ],
    [
        ("_m3s", "_ml_per_day", 86.4),
        ("_km3", "_hm3", 1e3),
        ("", "", 1.0),
    ],
];

type Change = (&'static str, &'static str, f64);

/// `text` with each number multiplied.
fn scaled(text: &str, factor: f64) -> String {
    let mut out = String::new();
    let mut number = String::new();
    for letter in text.chars().chain(std::iter::once(' ')) {
        if letter.is_ascii_digit() || letter == '.' {
            number.push(letter);
            continue;
        }
        if !number.is_empty() {
            let value: f64 = number.parse().expect("a number");
            let _ = write!(out, "{:?}", value * factor);
            number.clear();
        }
        out.push(letter);
    }
    out.trim_end().to_owned()
}

/// A TOML file with the keys in other units.
fn toml(text: &str, changes: &[Change]) -> String {
    let line = |line: &str| match line.split_once(" = ") {
        Some((key, value)) => {
            let change = changes.iter().find(|(old, ..)| key.ends_with(old));
            let (old, new, factor) = change.expect("the last fits all");
            let stem = key.strip_suffix(old).expect("the ending");
            match old.is_empty() {
                true => line.to_owned(),
                false => format!("{stem}{new} = {}", scaled(value, *factor)),
            }
        }
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// A CSV file with the columns in other units.
fn csv(text: &str, changes: &[Change]) -> String {
    let (mut factors, mut lines) = (Vec::new(), Vec::new());
    for line in text.lines() {
        if line.starts_with('#') {
            lines.push(line.to_owned());
            continue;
        }
        let cells = line.split(',');
        let changed: Vec<String> = if factors.is_empty() {
            let of = |cell: &str| {
                *changes
                    .iter()
                    .find(|(old, ..)| cell.ends_with(old))
                    .expect("one")
            };
            factors = cells.clone().map(|cell| of(cell).2).collect();
            cells
                .map(|cell| {
                    cell.strip_suffix(of(cell).0)
                        .expect("the ending")
                        .to_owned()
                        + of(cell).1
                })
                .collect()
        } else {
            let pairs = cells.zip(&factors);
            pairs
                .map(|(cell, factor)| match *factor == 1.0 {
                    true => cell.to_owned(),
                    false => scaled(cell, *factor),
                })
                .collect()
        };
        lines.push(changed.join(","));
    }
    lines.join("\n") + "\n"
}

fn rewrite(from: &Path, to: &Path, changes: &[Change]) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            rewrite(&path, &target, changes);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        let text = match path.extension().is_some_and(|ending| ending == "csv") {
            true => csv(&text, changes),
            false => toml(&text, changes),
        };
        fs::write(target, text).expect("a copy");
    }
}

fn same(one: &ndarray::Array2<f64>, other: &ndarray::Array2<f64>, tolerance: f64, what: &str) {
    assert_eq!(one.dim(), other.dim());
    for (one, other) in one.iter().zip(other) {
        let differs = one != other && (one - other).abs() > tolerance * one.abs().max(1e-9);
        assert!(!differs, "{what}: {one} {other}");
    }
}

#[test]
fn a_model_in_megalitres_is_the_same_model() {
    let inputs = Path::new(INPUTS);
    let model = Model::load(inputs, &[]).expect("sound");
    let run = simulate(&model, inputs, &model.scenarios["growth"]).expect("a run");
    for changes in CHANGES {
        let folder = tempfile::tempdir().expect("a folder");
        rewrite(inputs, folder.path(), &changes);
        let network = fs::read_to_string(folder.path().join("basins/river/network.toml"));
        let network = network.expect("a network");
        assert!(
            !network.contains("_m3s =") && !network.contains("_km3 ="),
            "{network}"
        );
        let other = match Model::load(folder.path(), &[]) {
            Ok(model) => model,
            Err(faults) => panic!("{faults}"),
        };
        let twin = simulate(&other, folder.path(), &other.scenarios["growth"]).expect("a run");
        // A number is rounded once on the way into the file and twice on the way out of it.
        let arrays: [fn(&Plan) -> &ndarray::Array2<f64>; 8] = [
            |plan| &plan.formed,
            |plan| &plan.minimum,
            |plan| &plan.capacity,
            |plan| &plan.dead,
            |plan| &plan.full,
            |plan| &plan.target,
            |plan| &plan.least_release,
            |plan| &plan.most_release,
        ];
        for (place, array) in arrays.iter().enumerate() {
            same(
                array(&run.plan),
                array(&twin.plan),
                1e-15 * 4.0,
                &format!("array {place}"),
            );
        }
        same(&run.record.storage, &twin.record.storage, 1e-12, "storage");
        same(
            &run.record.delivered,
            &twin.record.delivered,
            1e-12,
            "delivered",
        );
    }
}

#[test]
fn depths_a_day_are_those_of_the_month() {
    let folder = tempfile::tempdir().expect("a folder");
    rewrite(Path::new(INPUTS), folder.path(), &CHANGES[0]);
    let path = folder.path().join("basins/river/network.toml");
    let text = fs::read_to_string(&path).expect("a network");
    assert!(text.contains("precipitation_mm = 30\n"));
    let text = text.replacen(
        "precipitation_mm = 30\n",
        "precipitation_mm_per_day = 1\n",
        1,
    );
    fs::write(&path, text).expect("the network");
    let model = Model::load(folder.path(), &[]).expect("sound");
    let plan = model
        .plan(folder.path(), &model.scenarios["baseline"])
        .expect("a plan");
    for (step, month) in plan.months.iter().enumerate() {
        assert_eq!(plan.rain_mm[[step, 0]], f64::from(month.days()));
    }
}
