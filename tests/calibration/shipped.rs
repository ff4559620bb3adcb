//! The calibration that is shipped.

use std::fs;
use std::path::Path;

use rivershare::calibration::answers::Runs;
use rivershare::calibration::descent::descend;
use rivershare::calibration::objective::Objective;
use rivershare::calibration::problem::{Problem, misfit};
use rivershare::calibration::question::Question;
use rivershare::calibration::sets::Set;
use rivershare::inputs::folder::Folder;
use rivershare::metrics::published::simulated;
use rivershare::observations::{Observation, Quantity};
use rivershare::results::simulate;
use tempfile::TempDir;

use crate::small_river::{ONE, answers, files, questions, read, rivershare, said, write_applied};

const SHIPPED: &str = "calibration/baseline.toml";

#[test]
fn applied_inputs_run_as_the_bench_ran_them_in_memory() {
    let folder = TempDir::new().expect("a folder");
    let inputs = folder.path().join("inputs");
    for (name, bytes) in files(Path::new("inputs")) {
        let path = inputs.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    let (model, known, calibration) = read(&inputs, SHIPPED);
    let mut values = calibration.standing(&known);
    for (value, parameter) in values.iter_mut().zip(&calibration.parameters) {
        *value += 0.05 * parameter.spread;
    }
    let set = Set {
        values,
        misfit: 0.0,
        of_targets: 0.0,
    };
    let questions = questions(&calibration);
    let runs = Runs::new(&calibration, &model, &inputs, &known).expect("runs");
    let in_memory = runs.of_sets([&set].into_iter(), &questions).remove(0);
    write_applied(&calibration, &set.values, &inputs);
    let done = rivershare(&["reconstruct", "--inputs", &inputs.to_string_lossy()]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    for (question, (found, expected)) in questions
        .iter()
        .zip(answers(&inputs, SHIPPED).iter().zip(in_memory))
    {
        let expected = expected.expect("an answer");
        // Numbers are written with six digits and series with three decimals of a m³/s, each below 5e-6 of a mean;
        // a level moves by less than 1e-3 m with them in 60 years.
        let near = (found - expected).abs() <= 1e-5 * expected.abs() + 1e-3;
        assert!(
            near,
            "{} {}: {found} {expected}",
            question.place,
            question.in_words()
        );
    }
}

/// A bench records what its answers read and no more: of each published figure it says what a whole run says.
#[test]
fn the_bench_answers_as_a_whole_run() {
    let inputs = Path::new("inputs");
    let (model, known, calibration) = read(inputs, SHIPPED);
    let whole = simulate(&model, inputs, &model.scenarios[&calibration.scenario]).expect("a run");
    let of_run = |observation: &&Observation| {
        observation.quantity != Quantity::NaturalFlow && simulated(&whole, observation).is_some()
    };
    let figures: Vec<&Observation> = model.observations.iter().filter(of_run).collect();
    let kinds = |quantity| figures.iter().any(|figure| figure.quantity == quantity);
    assert!([Quantity::Level, Quantity::Flow, Quantity::Evaporation].map(kinds) == [true; 3]);
    let question = |figure: &&Observation| Question {
        statistic: figure.statistic,
        ..Question::mean(&figure.place, figure.quantity, figure.period)
    };
    let questions: Vec<Question> = figures.iter().map(question).collect();
    let runs = Runs::new(&calibration, &model, inputs, &known).expect("runs");
    let answers = runs.as_they_stand(&questions);
    for (figure, answer) in figures.iter().zip(answers) {
        let expected = simulated(&whole, figure);
        assert_eq!(answer, expected, "{} {:?}", figure.place, figure.quantity);
    }
}

#[test]
fn the_shipped_sets_are_current_and_their_optimum_is_one() {
    let inputs = Path::new("inputs");
    let (model, known, calibration) = read(inputs, SHIPPED);
    let folder = Folder::new(inputs);
    let sets = calibration.kept_sets(&folder, SHIPPED);
    let (sets, _) = folder.close(sets).expect("sound sets");
    let threads = std::thread::available_parallelism().unwrap_or(ONE);
    let mut objective =
        Objective::new(&calibration, &model, inputs, &known, threads).expect("a bench");
    let all: Vec<&Set> = std::iter::once(&sets.optimum).chain(&sets.kept).collect();
    let values: Vec<Vec<f64>> = all.iter().map(|set| set.values.clone()).collect();
    for (set, residuals) in all.iter().zip(objective.residuals(&values)) {
        let residuals = residuals.expect("a run");
        // The file holds all digits; where this fails, run `rivershare calibrate … --keep`.
        assert!((misfit(Some(&residuals)) / set.misfit - 1.0).abs() < 1e-9);
        assert!(set.of_targets <= sets.optimum.of_targets + calibration.tolerance);
    }
    let descent = descend(&mut objective, &sets.optimum.values).expect("a descent");
    assert!(
        descent.misfit > sets.optimum.misfit - 1e-4,
        "{} {}",
        descent.misfit,
        sets.optimum.misfit
    );
    assert_eq!(sets.kept.len(), calibration.kept);
}

#[test]
fn the_shipped_validation_is_current() {
    let done = rivershare(&[
        "validate",
        "inputs/calibration/baseline.toml",
        "--out",
        "docs/validation.md",
        "--check",
    ]);
    assert!(done.status.success(), "{}", said(&done.stderr));
}
