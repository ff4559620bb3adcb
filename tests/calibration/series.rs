//! Measured series as targets: what is read of them, how they weigh, and what is told of them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rivershare::calibration::answers::Runs;
use rivershare::calibration::calibrate;
use rivershare::calibration::comparison::questions;
use rivershare::calibration::independence::independent_values;
use rivershare::calibration::objective::Objective;
use rivershare::calibration::problem::Problem;
use rivershare::probability::draws::{Draws, Purpose};
use tempfile::TempDir;

use crate::small_river::{
    ONE, PARAMETERS, RIVER, calibrated, files, read, rivershare, said, small_river, write_applied,
};

const FILE: &str = "calibration/test.toml";

/// What the twins are made with: both more than half a spread from their priors.
const TRUTH: [f64; 2] = [1150.0, 0.35];

const LEVEL: &str =
    "place = \"The lake\"\nquantity = \"level\"\nfile = \"../observations/lake.csv\"\n";
const FLOW: &str = "place = \"Border\"\nquantity = \"flow\"\nfile = \"border.csv\"\n";

/// A calibration over 2000–2002 of the model's four years.
fn text(series: &[String]) -> String {
    let head = "title = \"A test\"\nscenario = \"baseline\"\nperiod = \"2000-01..2002-12\"\nseed = 1\npopulation = 8\n\
                generations = 40\nsearches = 1\nsamples = 8\nkept = 2\ntolerance = 4.0\nsets = \"test_sets.csv\"\n\
                source = \"assumption: a test\"\nconfidence = \"low\"\n";
    let table = |keys: &String| {
        format!("\n[[series]]\n{keys}source = \"assumption: a test\"\nconfidence = \"low\"\n")
    };
    let series: String = series.iter().map(table).collect();
    format!("{head}{PARAMETERS}{series}")
}

fn level(more: &str) -> String {
    format!("{LEVEL}uncertainty = 0.1\n{more}")
}

fn flow(more: &str) -> String {
    format!("{FLOW}uncertainty = 1.0\n{more}")
}

fn months() -> impl Iterator<Item = String> {
    (2000..2004).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")))
}

/// Writes levels as `import` writes those of a satellite.
fn write_levels(inputs: &Path, levels: &[f64]) {
    let mut text = "# source: assumption: a test\n# confidence: low\n\
                    place,quantity,statistic,start,end,value,unit,uncertainty,source,confidence\n"
        .to_owned();
    for (month, level) in months().zip(levels) {
        let _ = writeln!(
            text,
            "The lake,level,mean,{month},{month},{level},m,,a test,low"
        );
    }
    fs::create_dir_all(inputs.join("observations")).expect("a folder");
    fs::write(inputs.join("observations/lake.csv"), text).expect("a file");
}

/// Writes flows; one month is missing and one is filled with nonsense, neither of which may count.
fn write_flows(inputs: &Path, flows: &[f64]) {
    let mut text =
        "# source: assumption: a test\n# confidence: low\ndate,flow_m3s,quality\n".to_owned();
    for (place, (month, flow)) in months().zip(flows).enumerate() {
        let _ = match place {
            7 => Ok(()),
            9 => writeln!(text, "{month},9999,filled-linear"),
            _ => writeln!(text, "{month},{flow},observed"),
        };
    }
    fs::write(inputs.join("calibration/border.csv"), text).expect("a file");
}

/// The small river whose measured series are those of a run with the parameters `TRUTH`, plus errors.
fn twin(series: &[String], errors: &[f64]) -> TempDir {
    let folder = small_river(&text(series));
    let inputs = folder.path().join("inputs");
    let none = vec![0.0; 48];
    write_levels(&inputs, &none);
    write_flows(&inputs, &none);
    let untouched = fs::read_to_string(inputs.join(RIVER)).expect("a file");
    fs::write(inputs.join(FILE), text(&[level("")])).expect("a file");
    let (_, _, calibration) = read(&inputs, FILE);
    write_applied(&calibration, &TRUTH, &inputs);
    let levels = of_months(&inputs);
    write_levels(&inputs, &sums(&levels, errors));
    // Every month of the flow is asked for here, also those that the file will not hold.
    let every = text(&[level("")
        .replace("The lake", "Border")
        .replace("\"level\"", "\"flow\"")]);
    fs::write(inputs.join(FILE), every).expect("a file");
    let observations = inputs.join("observations/lake.csv");
    let lake = fs::read_to_string(&observations).expect("a file");
    let border = lake
        .replace("The lake,level", "Border,flow")
        .replace(",m,", ",m3s,");
    fs::write(&observations, border).expect("a file");
    write_flows(&inputs, &of_months(&inputs));
    fs::write(&observations, lake).expect("a file");
    fs::write(inputs.join(RIVER), untouched).expect("a file");
    fs::write(inputs.join(FILE), text(series)).expect("a file");
    folder
}

/// What the inputs answer to the values of the series.
fn of_months(inputs: &Path) -> Vec<f64> {
    let (model, known, calibration) = read(inputs, FILE);
    let runs = Runs::new(&calibration, &model, inputs, &known).expect("runs");
    let answers = runs.as_they_stand(&questions(&calibration)).into_iter();
    answers.map(|answer| answer.expect("an answer")).collect()
}

fn sums(one: &[f64], other: &[f64]) -> Vec<f64> {
    one.iter()
        .zip(other)
        .map(|(one, other)| one + other)
        .collect()
}

/// Errors with a standard deviation and a correlation with those of the month before.
fn errors(seed: u32, deviation: f64, lasting: f64) -> Vec<f64> {
    let mut draws = Draws::new(seed, "errors", Purpose::Set).from(0, 0);
    let mut last = draws.normal();
    let mut next = || {
        last = lasting * last + (1.0 - lasting * lasting).sqrt() * draws.normal();
        deviation * last
    };
    (0..48).map(|_| next()).collect()
}

/// Optimum and stated spread of each parameter.
fn found(folder: &TempDir) -> Vec<(f64, f64)> {
    let inputs = folder.path().join("inputs");
    let (model, known, calibration) = read(&inputs, FILE);
    let done = calibrate(&calibration, &model, &inputs, &known, ONE).expect("an optimum");
    let spreads = done.certainty.spreads.into_iter();
    done.optimum.values.into_iter().zip(spreads).collect()
}

#[test]
fn e68_a_twin_is_found_within_the_spread_that_is_stated() {
    for by in ["", "by = \"year\"\n"] {
        let folder = twin(&[level(by), flow(by)], &[0.0; 48]);
        for ((found, spread), truth) in found(&folder).into_iter().zip(TRUTH) {
            assert!(
                (found - truth).abs() <= spread,
                "{by}{found} ± {spread}, not {truth}"
            );
        }
    }
}

/// Errors that last as those of a lake do: were every month taken for independent, the truth would lie several stated
/// spreads away.
#[test]
fn e68_stated_spreads_hold_where_errors_last() {
    let away = |more: &str| {
        let seeds = 1..=10;
        let squares = seeds.map(|seed| {
            let folder = twin(&[level(more)], &errors(seed, 0.1, 0.9));
            let (found, spread) = found(&folder)[0];
            let away = (found - TRUTH[0]) / spread;
            away * away
        });
        (squares.sum::<f64>() / 10.0).sqrt()
    };
    // The root of the mean of ten squares of a normal deviate lies below 1.4 in 97 cases of 100 (χ² with 10 degrees of freedom);
    // the prior, which is off by 0.6 of its spread, adds some of that.
    let (weighed, independent) = (away(""), away("independent_values = 36\n"));
    assert!(weighed < 1.4, "{weighed}");
    assert!(independent > 1.5 * weighed, "{independent} {weighed}");
}

#[test]
fn e68_residuals_add_up_to_the_mean_square_times_the_independent_values() {
    let folder = twin(&[level("independent_values = 9\n"), flow("")], &[0.0; 48]);
    let inputs = folder.path().join("inputs");
    let (model, known, calibration) = read(&inputs, FILE);
    let of_priors = |place: usize| -> Vec<(i32, f64)> {
        let series = &calibration.series[place];
        let runs = Runs::new(&calibration, &model, &inputs, &known).expect("runs");
        // The priors are what the template holds but for the share that comes back.
        let priors = rivershare::calibration::sets::Set {
            values: calibration.priors(),
            misfit: 0.0,
            of_targets: 0.0,
        };
        let values: Vec<_> = calibration.fitted_values(series).collect();
        let questions: Vec<_> = values.iter().map(|value| value.question.clone()).collect();
        let answers = runs.of_sets(std::iter::once(&priors), &questions).remove(0);
        let residual =
            |(value, answer): (&&rivershare::calibration::settings::Target, Option<f64>)| {
                let at = value
                    .question
                    .period
                    .first
                    .since(model.scenarios["baseline"].period.first);
                (
                    at,
                    (answer.expect("an answer") - value.value) / value.uncertainty,
                )
            };
        values.iter().zip(answers).map(residual).collect()
    };
    let (levels, flows) = (of_priors(0), of_priors(1));
    // Three years of months, less the one that is missing and the one that is filled.
    assert_eq!((levels.len(), flows.len()), (36, 34));
    let mean_square =
        |all: &[(i32, f64)]| all.iter().map(|(_, r)| r * r).sum::<f64>() / all.len() as f64;
    let independent = independent_values(&flows);
    let mut objective =
        Objective::new(&calibration, &model, &inputs, &known, ONE).expect("a bench");
    assert_eq!(objective.independent_values, [Some(9.0), Some(independent)]);
    assert!(independent > 1.0 && independent < 34.0, "{independent}");
    let residuals = objective
        .residuals(&[calibration.priors()])
        .remove(0)
        .expect("a run");
    let expected = 9.0 * mean_square(&levels) + independent * mean_square(&flows);
    let of_targets = objective.of_targets(&residuals);
    // Sums of 70 squares in another order.
    assert!(
        (of_targets / expected - 1.0).abs() < 1e-12,
        "{of_targets} {expected}"
    );
}

#[test]
fn a_year_is_the_mean_of_its_measured_months_by_their_lengths() {
    let folder = twin(&[flow("by = \"year\"\n")], &[0.0; 48]);
    let inputs = folder.path().join("inputs");
    let (_, _, calibration) = read(&inputs, FILE);
    let years: Vec<i32> = calibration.series[0]
        .values
        .iter()
        .map(|value| value.question.period.first.year())
        .collect();
    // The gap and the filled month lie in 2000.
    assert_eq!(years, [2001, 2002, 2003]);
    write_applied(&calibration, &TRUTH, &inputs);
    for (value, answer) in calibration.series[0].values.iter().zip(of_months(&inputs)) {
        // A run's mean of a year is weighed by the lengths of the months too; flows are written with all digits.
        assert!(
            (value.value / answer - 1.0).abs() < 1e-12,
            "{} {answer}",
            value.value
        );
    }
}

#[test]
fn tables_hold_scores_and_every_value() {
    let series = [level(""), flow("fitted = false\n")];
    let folder = twin(&series, &errors(3, 0.1, 0.0));
    let (done, out) = calibrated(folder.path(), "out", &[]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let files = files(&out);
    let manifest = said(&files[Path::new("manifest.json")]);
    for file in ["test.toml", "border.csv", "../observations/lake.csv"] {
        assert!(
            manifest.contains(&format!("    \"{file}\": \"")),
            "{manifest}"
        );
    }
    let table = |name: &str| -> Vec<Vec<String>> {
        let text = said(&files[&Path::new("tables").join(name)]);
        let cells = |line: &str| line.split(',').map(str::to_owned).collect();
        text.lines().map(cells).collect()
    };
    let scores = table("series.csv");
    let row = |row: &[String]| row[..8].join(",");
    let rows: Vec<String> = scores[1..].iter().map(|cells| row(cells)).collect();
    assert_eq!(
        rows,
        [
            "The lake,level,m,month,true,up to 2002,inputs,36",
            "The lake,level,m,month,false,after 2002,inputs,12",
            "Border,flow,m3s,month,false,up to 2002,inputs,34",
            "Border,flow,m3s,month,false,after 2002,inputs,12",
            "The lake,level,m,month,true,up to 2002,optimum,36",
            "The lake,level,m,month,false,after 2002,optimum,12",
            "Border,flow,m3s,month,false,up to 2002,optimum,34",
            "Border,flow,m3s,month,false,after 2002,optimum,12",
        ]
    );
    let column = |name: &str| {
        scores[0]
            .iter()
            .position(|own| own == name)
            .expect("a column")
    };
    let number = |row: usize, name: &str| scores[row][column(name)].parse::<f64>().ok();
    // The twin differs from the truth by errors of 0.1 m alone, so that its optimum is off by about as much.
    let rmse = number(5, "rmse").expect("a score");
    assert!((0.05..0.15).contains(&rmse), "{rmse}");
    assert!(number(1, "rmse") > number(5, "rmse"));
    assert_eq!(number(5, "kge_2009").or(number(5, "bias_percent")), None);
    assert!(number(3, "kge_2012").is_some() && number(3, "duration_low_percent").is_some());
    assert!(number(1, "independent_values").is_some() && number(3, "independent_values").is_none());
    let values = table("series_values.csv");
    assert_eq!(values.len(), 1 + 48 + 46);
    let head = [
        "place",
        "quantity",
        "unit",
        "start",
        "end",
        "fitted",
        "measured",
        "uncertainty",
    ];
    assert_eq!(values[0][..8], head);
    let fitted = |row: &&Vec<String>| row[5] == "true" && !row[8].is_empty();
    assert_eq!(values.iter().filter(fitted).count(), 36);
    assert!(
        values[1..]
            .iter()
            .all(|row| (row[5] == "true") != row[8].is_empty())
    );
}

#[test]
fn a_validation_tells_the_scores_before_and_after() {
    let folder = twin(&[level(""), flow("")], &[0.0; 48]);
    let (done, _) = calibrated(folder.path(), "out", &["--keep"]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let [inputs, file, out] = ["inputs", "inputs/calibration/test.toml", "validation.md"]
        .map(|path| folder.path().join(path).to_string_lossy().into_owned());
    let done = rivershare(&["validate", &file, "--inputs", &inputs, "--out", &out]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let text = fs::read_to_string(&out).expect("a document");
    let (_, section) = text
        .split_once("\n## Measured series\n")
        .expect("a section");
    let rows: Vec<&str> = section
        .lines()
        .filter(|line| line.starts_with("| The lake") || line.starts_with("| Border"))
        .collect();
    assert_eq!(rows.len(), 8, "{section}");
    let start = "| Border, flow by month, m³/s | up to 2002 | yes | 34 | optimum | ";
    assert!(rows[5].starts_with(start), "{}", rows[5]);
    let cells = |row: &str| row.split(" | ").map(str::to_owned).collect::<Vec<_>>();
    // What the twin was made of is found again, before and after the end of what is fitted.
    for row in [rows[1], rows[3], rows[5], rows[7]] {
        let efficiency: f64 = cells(row)[5].parse().expect("a number");
        assert!(efficiency > 0.95, "{row}");
    }
    let level = cells(rows[1]);
    assert_eq!(level[6..9], ["–", "–", "–"], "{}", rows[1]);
    assert!(level[9] != "–" && level[10] != "–" && level[11] != "–");
}

/// The faults of a calibration with these series, with short names of files.
fn faults(series: &[String], border: &str) -> String {
    let folder = twin(&[level("")], &[0.0; 48]);
    let inputs = folder.path().join("inputs");
    fs::write(inputs.join("calibration/border.csv"), border).expect("a file");
    fs::write(inputs.join(FILE), text(series)).expect("a file");
    let (done, out) = calibrated(folder.path(), "out", &[]);
    assert_eq!(done.status.code(), Some(1));
    assert!(!out.exists());
    let inputs = inputs.display().to_string();
    said(&done.stderr).replace(&format!("{inputs}/"), "")
}

#[test]
fn faults_of_measured_series_are_told_together() {
    let series = [
        level("").replace("\"The lake\"", "\"The lak\""),
        level("")
            .replace("\"The lake\"", "\"Border\"")
            .replace("\"level\"", "\"flow\""),
        level("").replace("0.1", "0"),
        level("independent_values = 40\n"),
        level("by = \"week\"\n").replace("\"level\"", "\"area\""),
        flow(""),
        flow("").replace("border", "bordr"),
    ];
    let border =
        "# source: assumption: a test\n# confidence: low\ndate,flow_km3\n2000-01,1\n1999-12,1\n";
    let told = faults(&series, border);
    assert_eq!(told, FAULTS, "{told}");
}

const FAULTS: &str = r"calibration/border.csv, line 3, header
    found     `flow_km3`
    expected  one column of values beside `date` and `quality`, for flow with a name that ends in `_m3s` or `_ml_per_day`
calibration/border.csv, line 5, column `date`
    found     `1999-12`
    expected  a month after 2000-01
calibration/bordr.csv
    found     no such file
    expected  the file that [[series]] needs
    hint      did you mean `border.csv`?
calibration/test.toml, line 45, [[series]], key `place`
    found     `The lak`
    expected  the name of a lake, reservoir or body of a lake
    hint      did you mean `The lake`?
calibration/test.toml, line 55, [[series]], key `file`
    found     no such row
    expected  rows of `Border` with the mean flow of a month
calibration/test.toml, line 64, [[series]], key `uncertainty`
    found     the number 0
    expected  a finite number above zero
calibration/test.toml, line 73, [[series]], key `independent_values`
    found     40
    expected  at most 36, the values within 2000-01..2002-12
calibration/test.toml, line 79, [[series]], key `quantity`
    found     `area`
    expected  one of `flow`, `level`, `storage`
calibration/test.toml, line 82, [[series]], key `by`
    found     `week`
    expected  one of `month`, `year`
9 faults
";

#[test]
fn a_series_without_a_value_in_its_months_is_a_fault() {
    let border = |months: &str| {
        format!("# source: assumption: a test\n# confidence: low\ndate,flow_m3s,quality\n{months}")
    };
    let after = border("2003-01,5,observed\n2003-02,5,observed\n");
    let told = faults(&[flow("")], &after);
    assert_eq!(told, AFTER, "{told}");
    let outside = border("1999-01,5,observed\n2000-01,5,filled-linear\n");
    let told = faults(&[level(""), flow("fitted = false\n")], &outside);
    assert_eq!(told, OUTSIDE, "{told}");
}

const AFTER: &str = r"calibration/test.toml, line 47, [[series]], key `file`
    found     values from 2003-01 to 2003-02
    expected  a month with a value within 2000-01..2002-12
    hint      with `fitted = false` a series is compared and seen by no parameter
1 fault
";
const OUTSIDE: &str = r"calibration/test.toml, line 55, [[series]], key `file`
    found     values from 1999-01 to 1999-01
    expected  a month with a value within 2000-01..2003-12
1 fault
";
