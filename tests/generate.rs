//! Stochastic water: draws that nothing moves, members that keep what their method keeps, files, the command.

use std::path::Path;
use std::process::{Command, Output};

use rivershare::hydrology::climate::Water;
use rivershare::hydrology::generator::lognormal::Lognormal;
use rivershare::hydrology::generator::normal::deviate;
use rivershare::hydrology::generator::record::{Record, Site};
use rivershare::hydrology::generator::regimes::Regimes;
use rivershare::hydrology::generator::shuffled_months::ShuffledMonths;
use rivershare::hydrology::generator::statistics::correlation;
use rivershare::hydrology::generator::{Generator, Method, Values, fitted};
use rivershare::inputs::folder::Folder;
use rivershare::time::{Month, Period};

/// A record of 40 years whose numbers are spread evenly enough to be of full rank.
fn record(names: &[&str]) -> Record {
    let site = |place: usize, name: &str| {
        let part = |step: usize, by: f64| {
            let turned = (step as f64 * by).fract();
            deviate(0.01 + 0.98 * turned)
        };
        let value = |step: usize| {
            let common = part(step / 12, 0.618_033_988_75);
            let own = part(step, 0.414_213_562_37 + 0.1 * place as f64);
            libm::exp(3.0 + 0.2 * common + 0.1 * own)
        };
        Site {
            name: name.to_owned(),
            quantity: Water::Flow,
            file: format!("{name}.csv"),
            quality: vec!["period-mean".to_owned()],
            values: (0..480).map(value).collect(),
        }
    };
    let sites = names.iter().enumerate();
    Record {
        first_year: 1961,
        sites: sites.map(|(place, name)| site(place, name)).collect(),
    }
}

fn generator(record: Record, method: Method) -> Generator {
    Generator {
        title: "a test".to_owned(),
        seed: 7,
        record_sha256: record.hash(),
        record,
        method,
    }
}

fn all_methods(record: &Record) -> Vec<Generator> {
    let methods = [
        Method::Lognormal(Lognormal::fit(record)),
        Method::NearestYears,
        Method::ShuffledMonths(ShuffledMonths::fit(record)),
        Method::Regimes(Regimes::fit(record)),
    ];
    methods
        .map(|method| generator(record.clone(), method))
        .into()
}

fn years(first: i32, last: i32) -> Period {
    Period {
        first: Month::new(first, 1),
        last: Month::new(last, 12),
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn a_longer_period_begins_with_the_same_numbers() {
    for generator in all_methods(&record(&["Alma", "Boran"])) {
        let short = generator.member(5, years(2024, 2030));
        let long = generator.member(5, years(2024, 2060));
        for (short, long) in short.iter().zip(&long) {
            assert_eq!(bits(short), bits(&long[..84]));
        }
    }
}

#[test]
fn e54_a_site_that_follows_moves_no_other() {
    let of = |names: &[&str]| {
        let record = record(names);
        let method = Method::Lognormal(Lognormal::fit(&record));
        generator(record, method).member(2, years(1961, 1980))
    };
    let (two, three) = (of(&["Alma", "Boran"]), of(&["Alma", "Boran", "Chilik"]));
    assert_eq!(bits(&two[0]), bits(&three[0]));
    assert_eq!(bits(&two[1]), bits(&three[1]));
}

#[test]
fn e56_no_site_moves_another() {
    let all = record(&["Alma", "Boran", "Chilik"]);
    let of = |record: Record| {
        let method = Method::ShuffledMonths(ShuffledMonths::fit(&record));
        generator(record, method).member(2, years(1961, 1980))
    };
    let last = Record {
        sites: all.sites[2..].to_vec(),
        ..all.clone()
    };
    assert_eq!(bits(&of(last)[0]), bits(&of(all)[2]));
}

#[test]
fn e55_years_have_volumes_of_the_record() {
    let record = record(&["Alma", "Boran"]);
    let known = record.totals();
    let generator = generator(record.clone(), Method::NearestYears);
    let period = years(2001, 2040);
    let member: Values = generator.member(1, period);
    let made = Record {
        first_year: 2001,
        sites: record
            .sites
            .iter()
            .zip(member)
            .map(|(site, values)| Site {
                values,
                ..site.clone()
            })
            .collect(),
    };
    for total in made.totals() {
        // Products and sums of 24 numbers: some 1e-15 of the volume each.
        assert!(
            known
                .iter()
                .any(|known| (known - total).abs() < 1e-12 * total),
            "{total}"
        );
    }
}

#[test]
fn e56_months_of_half_a_year_go_together_as_in_the_record() {
    let record = record(&["Alma"]);
    let pairs = |values: &[f64]| -> f64 {
        let scores: Vec<f64> = values.iter().map(|value| libm::log(*value)).collect();
        let of = |month: usize| {
            scores
                .iter()
                .skip(month)
                .step_by(12)
                .copied()
                .collect::<Vec<_>>()
        };
        correlation(&of(7), &of(8))
    };
    let wanted = pairs(&record.sites[0].values);
    let method = Method::ShuffledMonths(ShuffledMonths::fit(&record));
    let generator = generator(record, method);
    let found = (1..=400).map(|member| pairs(&generator.member(member, years(1961, 2000))[0]));
    let mean = found.sum::<f64>() / 400.0;
    // A correlation of 40 pairs has a standard error of at most 0.16, the mean of 400 of them 0.008; it is low by up
    // to 0.005, as sample correlations are.
    assert!((mean - wanted).abs() < 0.03, "{mean} {wanted}");
}

#[test]
fn e57_two_regimes_are_found_again() {
    // Spells of ten years at e² and e³, with deviations of ±0.1 in turn: the chain leaves the low regime once in 20
    // of its 20 years but the last, and the high one once in 19 years that have a successor.
    let value = |step: usize| {
        let year = step / 12;
        let level = if (year / 10).is_multiple_of(2) {
            2.0
        } else {
            3.0
        };
        let deviation = if year.is_multiple_of(2) { 0.1 } else { -0.1 };
        libm::exp(level + deviation)
    };
    let record = Record {
        first_year: 1961,
        sites: vec![Site {
            name: "Alma".to_owned(),
            quantity: Water::Flow,
            file: "alma.csv".to_owned(),
            quality: Vec::new(),
            values: (0..480).map(value).collect(),
        }],
    };
    let fitted = Regimes::fit(&record);
    // hm³ in a year of 365.25 days, whose leap days move a logarithm by less than 0.003.
    let level = libm::log(365.25 * 86_400.0 / 1e6);
    for (found, wanted) in fitted.log_mean.into_iter().zip([2.0, 3.0]) {
        assert!((found - level - wanted).abs() < 0.003, "{fitted:?}");
    }
    for found in fitted.log_deviation {
        assert!((found - 0.1).abs() < 0.003, "{fitted:?}");
    }
    // The regimes lie ten deviations apart, so that no year's regime is in doubt.
    assert!((fitted.stays[0] - 18.0 / 20.0).abs() < 1e-6, "{fitted:?}");
    assert!((fitted.stays[1] - 18.0 / 19.0).abs() < 1e-6, "{fitted:?}");
}

#[test]
fn the_file_gives_the_same_generator() {
    let folder = tempfile::tempdir().expect("a folder");
    for generator in all_methods(&record(&["Alma", "Boran"])) {
        std::fs::write(folder.path().join("g.toml"), fitted::text(&generator)).expect("written");
        let inputs = Folder::new(folder.path());
        assert!(fitted::is_fitted(&inputs, "g.toml"));
        let read = fitted::read(&inputs, "g.toml");
        let (read, _) = inputs.close(read).expect("sound");
        assert_eq!(read, generator);
        assert_eq!(fitted::hash(&read), fitted::hash(&generator));
    }
}

#[test]
fn a_file_whose_numbers_were_changed_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let record = record(&["Alma"]);
    let text = fitted::text(&generator(record, Method::NearestYears));
    let changed = text.replace("first_year = 1961", "first_year = 1962");
    std::fs::write(folder.path().join("g.toml"), changed).expect("written");
    let inputs = Folder::new(folder.path());
    let read = fitted::read(&inputs, "g.toml");
    let faults = inputs.close(read).expect_err("a fault");
    let found: Vec<&str> = faults.iter().map(|fault| &*fault.found).collect();
    assert_eq!(
        found,
        ["numbers that do not fit each other or the hash of the record"]
    );
}

fn rivershare(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn told(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The acceptance: over 1 000 members of the shipped generator no mean of a month is off by two standard errors.
fn accepted(method: &str) {
    let out = tempfile::tempdir().expect("a folder");
    let out = out.path().display().to_string();
    let file = format!("inputs/generators/{method}.toml");
    let done = rivershare(&[
        "generate",
        &file,
        "--check",
        "--members",
        "1000",
        "--out",
        &out,
    ]);
    let (said, wrong) = (told(&done.stdout), told(&done.stderr));
    assert!(done.status.success(), "{said}{wrong}");
    assert!(said.contains("\n0 of 324 means by month are off"), "{said}");
}

#[test]
fn e58_lognormal_keeps_the_means_by_month() {
    accepted("lognormal");
}

#[test]
fn e58_nearest_years_keep_the_means_by_month() {
    accepted("nearest-years");
}

#[test]
fn e58_shuffled_months_keep_the_means_by_month() {
    accepted("shuffled-months");
}

#[test]
fn e58_regimes_keep_the_means_by_month() {
    accepted("regimes");
}

#[test]
fn members_are_exported_and_imported() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().display().to_string();
    let make = |file: &str, members: &str, out: &str| {
        let done = rivershare(&["generate", file, "--members", members, "--out", out]);
        assert!(done.status.success(), "{}", told(&done.stderr));
    };
    make("inputs/generators/regimes.toml", "2", &out);
    let results = folder.path().join("generated-regimes");
    let series = |results: &Path| {
        let file = results.join("inputs/basins/ili/inflow_tekes.csv");
        std::fs::read_to_string(file).expect("a series")
    };
    let two = series(&results);
    assert!(two.contains("\ndate,flow_m3s,draw_2_m3s,quality\n1961-01,"));
    // From the fitted file, with a member more: the first two are as they were.
    make(
        &results.join("generator.toml").display().to_string(),
        "3",
        &out,
    );
    let three = series(&folder.path().join("generated-generator"));
    let rows = |text: &str| -> Vec<Vec<String>> {
        let rows = text.lines().filter(|line| line.starts_with(['1', '2']));
        rows.map(|row| row.split(',').take(3).map(str::to_owned).collect())
            .collect()
    };
    assert_eq!(rows(&two).len(), 756);
    assert_eq!(rows(&two), rows(&three));
    let from = results.display().to_string();
    let arguments = [
        "generate",
        "inputs/generators/regimes.toml",
        "--check",
        "--import",
        &from,
        "--out",
        &out,
    ];
    let said = told(&rivershare(&arguments).stdout);
    assert!(said.contains(": 2 members, generator "), "{said}");
}

#[test]
fn faults_of_a_generator_are_told_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("wrong.toml");
    let text = "title = \"x\"\nmethod = \"lognormel\"\nseed = 1\nperiod = \"1961-02..2023-12\"\n\
                source = \"assumption: a test\"\nconfidence = \"low\"\n";
    std::fs::write(&file, text).expect("written");
    let shown = file.display().to_string();
    let done = rivershare(&[
        "generate",
        &shown,
        "--out",
        &folder.path().display().to_string(),
    ]);
    assert_eq!(done.status.code(), Some(1));
    let expected = format!(
        "{shown}, line 2, key `method`\n    found     `lognormel`\n    expected  one of `lognormal`, `nearest-years`, \
         `shuffled-months`, `regimes`\n    hint      did you mean `lognormal`?\n\
         {shown}, line 4, key `period`\n    found     `1961-02..2023-12`\n    expected  at least 10 whole years\n2 faults\n"
    );
    assert_eq!(told(&done.stderr), expected);
}

#[test]
fn a_name_that_is_no_site_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("wrong.toml");
    let text = "title = \"x\"\nmethod = \"regimes\"\nseed = 1\nperiod = \"1961-01..2023-12\"\nexcept = [\"Ayagus\"]\n\
                source = \"assumption: a test\"\nconfidence = \"low\"\n";
    std::fs::write(&file, text).expect("written");
    let shown = file.display().to_string();
    let done = rivershare(&[
        "generate",
        &shown,
        "--out",
        &folder.path().display().to_string(),
    ]);
    let expected = format!(
        "{shown}, line 5, key `except`\n    found     `Ayagus`\n    expected  an inflow or lake with a dated series\n    \
         hint      did you mean `Ayaguz`?\n1 fault\n"
    );
    assert_eq!(
        (done.status.code(), told(&done.stderr)),
        (Some(1), expected)
    );
}
