//! Twins whose parameters are known; the misfit, and the sets that are kept.

use std::fs;

use rivershare::calibration::calibrate;
use rivershare::calibration::objective::Objective;
use rivershare::calibration::problem::Problem;

use crate::small_river::{ONE, RIVER, answers, read, small_river, text, write_applied};

#[test]
fn a_twin_gives_back_the_parameters_that_it_was_made_with() {
    let truth = [1050.0, 0.35];
    let folder = small_river(&text(&[1.0; 3], 1.0));
    let inputs = folder.path().join("inputs");
    let (_, _, calibration) = read(&inputs, "calibration/test.toml");
    let untouched = fs::read_to_string(inputs.join(RIVER)).expect("a file");
    write_applied(&calibration, &truth, &inputs);
    let targets = answers(&inputs, "calibration/test.toml");
    fs::write(inputs.join(RIVER), untouched).expect("a file");
    fs::write(inputs.join("calibration/test.toml"), text(&targets, 1e-4)).expect("a file");
    let (model, known, calibration) = read(&inputs, "calibration/test.toml");
    let done = calibrate(&calibration, &model, &inputs, &known, ONE).expect("an optimum");
    // Priors are off by 150 mm and 0.15; with uncertainties of 1e-4 m and m³/s they pull by less than a hundred-thousandth.
    for (found, truth) in done.optimum.values.iter().zip(truth) {
        assert!(
            (found / truth - 1.0).abs() < 1e-4,
            "{:?}",
            done.optimum.values
        );
    }
    assert!(
        done.standing
            .1
            .expect("a run of the inputs")
            .iter()
            .any(|residual| residual.abs() > 10.0)
    );
}

#[test]
fn e70_residuals_are_of_targets_and_then_of_priors() {
    let folder = small_river(&text(&[99.0, 0.5, 20.0], 0.25));
    let inputs = folder.path().join("inputs");
    let (model, known, calibration) = read(&inputs, "calibration/test.toml");
    let mut objective =
        Objective::new(&calibration, &model, &inputs, &known, ONE).expect("a bench");
    let values = vec![1000.0, 0.3];
    let residuals = objective
        .residuals(std::slice::from_ref(&values))
        .remove(0)
        .expect("a run");
    write_applied(&calibration, &values, &inputs);
    let of_targets = answers(&inputs, "calibration/test.toml")
        .into_iter()
        .zip([99.0, 0.5, 20.0]);
    let expected: Vec<f64> = of_targets
        .map(|(answer, value)| (answer - value) / 0.25)
        .chain([100.0 / 400.0, 0.1 / 0.2])
        .collect();
    for (found, expected) in residuals.iter().zip(&expected) {
        // Values written with six digits are those of memory here; what remains is rounding of sums.
        assert!(
            (found - expected).abs() < 1e-9,
            "{residuals:?} {expected:?}"
        );
    }
    assert_eq!(residuals.len(), expected.len());
}

#[test]
fn e75_kept_sets_lie_within_bounds_and_tolerance() {
    let folder = small_river(&text(&[103.0, -0.1, 15.5], 0.5));
    let inputs = folder.path().join("inputs");
    let (model, known, calibration) = read(&inputs, "calibration/test.toml");
    let done = calibrate(&calibration, &model, &inputs, &known, ONE).expect("an optimum");
    assert!(
        !done.sets.kept.is_empty() && done.sets.kept.len() <= 5,
        "{}",
        done.within
    );
    for set in &done.sets.kept {
        assert!(set.of_targets <= done.sets.optimum.of_targets + 4.0);
        let mut parameters = calibration.parameters.iter().zip(&set.values);
        assert!(
            parameters.all(
                |(parameter, value)| (parameter.bounds.0..=parameter.bounds.1).contains(value)
            )
        );
    }
}
