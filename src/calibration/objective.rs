//! The misfit of a candidate: how far a run is from the targets, and its parameters from their priors (equation E70).

use std::num::NonZero;
use std::path::Path;

use super::bench::{Bench, NoBench, shared_out};
use super::place::Known;
use super::problem::{Problem, misfit};
use super::settings::{Calibration, Target};
use crate::model::Model;
use crate::network::draws::draw_columns;

/// The misfit of a calibration.
#[derive(Debug)]
pub struct Objective<'c> {
    /// The calibration.
    pub calibration: &'c Calibration,
    /// Targets that are fitted, with the uncertainty that weighs each: its own and that of the draws.
    pub targets: Vec<(&'c Target, f64)>,
    bounds: Vec<(f64, f64)>,
    scales: Vec<f64>,
    benches: Vec<Bench<'c>>,
    evaluations: usize,
}

impl<'c> Objective<'c> {
    /// The misfit over the months that are fitted; `threads` changes no result.
    ///
    /// # Errors
    /// Series that cannot be reconstructed.
    pub fn new(
        calibration: &'c Calibration,
        model: &'c Model,
        inputs: &'c Path,
        known: &Known,
        threads: NonZero<usize>,
    ) -> Result<Self, NoBench> {
        let bench = Bench::new(calibration, model, inputs, known, calibration.period)?;
        let spreads = match calibration.counts_draws {
            true => spreads_of_draws(calibration, model, &bench),
            false => vec![0.0; calibration.fitted().count()],
        };
        let targets = calibration.fitted().zip(spreads);
        let parameters = || calibration.parameters.iter();
        Ok(Self {
            calibration,
            targets: targets
                .map(|(target, spread)| {
                    (
                        target,
                        (target.uncertainty * target.uncertainty + spread * spread).sqrt(),
                    )
                })
                .collect(),
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
        shared_out(&mut self.benches, candidates.len(), &|bench, candidate| {
            residuals(calibration, targets, bench, &candidates[candidate])
        })
    }
}

fn residuals(
    calibration: &Calibration,
    targets: &[(&Target, f64)],
    bench: &mut Bench,
    values: &[f64],
) -> Option<Vec<f64>> {
    let run = bench.run(values)?;
    let of_targets = targets.iter().map(|(target, uncertainty)| {
        let answer = target.question.answer(&run)?;
        Some((answer - target.value) / uncertainty)
    });
    let parameters = calibration.parameters.iter().zip(values);
    let of_priors =
        parameters.map(|(parameter, value)| Some((value - parameter.prior) / parameter.spread));
    of_targets.chain(of_priors).collect()
}

/// Standard deviation of each fitted target over the draws of the inputs as they stand.
fn spreads_of_draws(calibration: &Calibration, model: &Model, bench: &Bench) -> Vec<f64> {
    let columns = draw_columns(&model.network);
    let runs: Vec<_> = columns
        .iter()
        .filter_map(|column| bench.run_as_it_stands(Some(column)))
        .collect();
    let spread = |target: &Target| {
        let answers: Vec<f64> = runs
            .iter()
            .filter_map(|run| target.question.answer(run))
            .collect();
        deviation(&answers)
    };
    calibration.fitted().map(spread).collect()
}

/// Standard deviation of a sample; 0 of fewer than two.
fn deviation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    if count < 2.0 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    (squares / (count - 1.0)).sqrt()
}
