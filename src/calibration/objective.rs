//! The misfit of a candidate: how far a run is from the targets, and its parameters from their priors (equation E70).

use std::num::NonZero;
use std::path::Path;

use super::bench::{Bench, NoBench, look_at_each};
use super::place::Known;
use super::problem::{Problem, misfit};
use super::settings::{Calibration, Target};
use super::weights::Weights;
use crate::model::Model;
use crate::results::Run;

/// The misfit of a calibration.
#[derive(Debug)]
pub struct Objective<'c> {
    /// The calibration.
    pub calibration: &'c Calibration,
    /// Targets and values of measured series that are fitted, with the uncertainty that weighs each.
    pub targets: Vec<(&'c Target, f64)>,
    /// Independent values of each measured series; none of one that is not fitted.
    pub independent_values: Vec<Option<f64>>,
    bounds: Vec<(f64, f64)>,
    scales: Vec<f64>,
    benches: Vec<Bench<'c>>,
    evaluations: usize,
}

impl<'c> Objective<'c> {
    /// The misfit over the months that are fitted; `threads` changes no result.
    ///
    /// # Errors
    /// Series that cannot be reconstructed; priors that cannot be run where a measured series is weighed by them.
    pub fn new(
        calibration: &'c Calibration,
        model: &'c Model,
        inputs: &'c Path,
        known: &Known,
        threads: NonZero<usize>,
    ) -> Result<Self, NoBench> {
        let bench = Bench::new(calibration, model, inputs, known, calibration.period)?;
        let weights = Weights::of(calibration, model, &bench)?;
        let parameters = || calibration.parameters.iter();
        Ok(Self {
            calibration,
            targets: calibration.fitted().zip(weights.uncertainties).collect(),
            independent_values: weights.independent_values,
            bounds: parameters().map(|parameter| parameter.bounds).collect(),
            scales: parameters().map(|parameter| parameter.spread).collect(),
            benches: vec![bench; threads.get()],
            evaluations: 0,
        })
    }

    /// Runs that were made.
    pub fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// The part of a misfit that the targets have.
    pub fn of_targets(&self, residuals: &[f64]) -> f64 {
        misfit(Some(&residuals[..self.targets.len()]))
    }
}

impl Problem for Objective<'_> {
    fn bounds(&self) -> &[(f64, f64)] {
        &self.bounds
    }

    fn scales(&self) -> &[f64] {
        &self.scales
    }

    /// Targets first, then priors.
    fn residuals(&mut self, candidates: &[Vec<f64>]) -> Vec<Option<Vec<f64>>> {
        self.evaluations += candidates.len();
        let (calibration, targets) = (self.calibration, &self.targets);
        look_at_each(&mut self.benches, candidates, &|candidate, run| {
            residuals(calibration, targets, run?, &candidates[candidate])
        })
    }
}

fn residuals(
    calibration: &Calibration,
    targets: &[(&Target, f64)],
    run: &Run,
    values: &[f64],
) -> Option<Vec<f64>> {
    let of_targets = targets.iter().map(|(target, uncertainty)| {
        let answer = target.question.answer(run)?;
        Some((answer - target.value) / uncertainty)
    });
    let parameters = calibration.parameters.iter().zip(values);
    let of_priors =
        parameters.map(|(parameter, value)| Some((value - parameter.prior) / parameter.spread));
    of_targets.chain(of_priors).collect()
}
