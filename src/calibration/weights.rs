//! What weighs each value that is fitted: its own uncertainty and that of the draws (equation E70), and in a measured
//! series how many of its values are independent (equation E68).

use super::bench::{Bench, NoBench};
use super::independence::independent_values;
use super::measured::Measured;
use super::settings::{Calibration, Target};
use crate::model::Model;
use crate::network::draws::draw_columns;

/// The weights of all values that are fitted.
#[derive(Clone, Debug)]
pub struct Weights {
    /// The uncertainty that weighs each of them, in order of [`Calibration::fitted`].
    pub uncertainties: Vec<f64>,
    /// Independent values of each measured series; none of one that is not fitted.
    pub independent_values: Vec<Option<f64>>,
}

impl Weights {
    /// The weights of a calibration; `bench` holds the inputs as they stand.
    ///
    /// # Errors
    /// Where the priors cannot be run and a series needs their run.
    pub fn of(calibration: &Calibration, model: &Model, bench: &Bench) -> Result<Self, NoBench> {
        let spreads = match calibration.counts_draws {
            true => spreads_of_draws(calibration, model, bench),
            false => vec![0.0; calibration.fitted().count()],
        };
        let mut uncertainties: Vec<f64> = calibration
            .fitted()
            .zip(spreads)
            .map(|(target, spread)| {
                (target.uncertainty * target.uncertainty + spread * spread).sqrt()
            })
            .collect();
        let residuals = residuals_of_priors(calibration, bench, &uncertainties)?;
        let mut independent = Vec::new();
        let mut first = calibration.fitted_targets().count();
        for series in &calibration.series {
            let count = calibration.fitted_values(series).count();
            let own = first..first + count;
            first += count;
            let values = (count > 0).then(|| {
                let residuals = residuals.get(own.clone()).unwrap_or_default();
                let of_priors = || independent_values(&in_time(calibration, series, residuals));
                series.independent_values.unwrap_or_else(of_priors)
            });
            independent.push(values);
            let dilution = values.map_or(1.0, |values| (count as f64 / values).sqrt());
            for uncertainty in &mut uncertainties[own] {
                *uncertainty *= dilution;
            }
        }
        Ok(Self {
            uncertainties,
            independent_values: independent,
        })
    }
}

/// Residuals of the run of all priors in order of [`Calibration::fitted`]; nothing where no series needs them.
fn residuals_of_priors(
    calibration: &Calibration,
    bench: &Bench,
    uncertainties: &[f64],
) -> Result<Vec<f64>, NoBench> {
    let is_asked = |series: &Measured| {
        series.independent_values.is_none() && calibration.fitted_values(series).count() > 0
    };
    if !calibration.series.iter().any(is_asked) {
        return Ok(Vec::new());
    }
    let mut bench = bench.clone();
    let run = bench.run(&calibration.priors());
    let residual = |(target, uncertainty): (&Target, &f64)| {
        let answer = target.question.answer(run.as_ref()?)?;
        Some((answer - target.value) / uncertainty)
    };
    let values = calibration.fitted().zip(uncertainties);
    let residuals: Option<Vec<f64>> = values.map(residual).collect();
    residuals.ok_or(NoBench::PriorsCannotRun)
}

fn in_time(calibration: &Calibration, series: &Measured, residuals: &[f64]) -> Vec<(i32, f64)> {
    let values = calibration.fitted_values(series).zip(residuals);
    values
        .map(|(value, residual)| (series.by.place_of(value.question.period), *residual))
        .collect()
}

/// Standard deviation of each fitted value over the draws of the inputs as they stand.
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
