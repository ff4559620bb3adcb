//! Tables of measured series: their scores, and each value beside the runs.

use serde::Serialize;

use super::csv;
use crate::calibration::answers::Runs;
use crate::calibration::comparison::{Compared, compared, questions};
use crate::calibration::{Calibrated, Calibration};

#[derive(Serialize)]
struct ScoreRow<'a> {
    place: &'a str,
    quantity: &'static str,
    unit: &'static str,
    by: &'static str,
    fitted: bool,
    months: String,
    run: &'static str,
    values: usize,
    independent_values: Option<f64>,
    nse: Option<f64>,
    log_nse: Option<f64>,
    kge_2009: Option<f64>,
    kge_2012: Option<f64>,
    r2: Option<f64>,
    rmse: Option<f64>,
    mean_error: Option<f64>,
    bias_percent: Option<f64>,
    duration_high_percent: Option<f64>,
    duration_middle_percent: Option<f64>,
    duration_low_percent: Option<f64>,
    peak_error_percent: Option<f64>,
}

#[derive(Serialize)]
struct ValueRow<'a> {
    place: &'a str,
    quantity: &'static str,
    unit: &'static str,
    start: String,
    end: String,
    fitted: bool,
    measured: f64,
    uncertainty: f64,
    weighed_by: Option<f64>,
    inputs: Option<f64>,
    optimum: Option<f64>,
}

/// Names and texts of the tables.
pub(super) fn tables(
    calibration: &Calibration,
    done: &Calibrated,
    runs: &Runs,
) -> Vec<(&'static str, Vec<u8>)> {
    let questions = questions(calibration);
    let inputs = runs.as_they_stand(&questions);
    let optimum = runs.of_sets(std::iter::once(&done.sets.optimum), &questions);
    let optimum = &optimum[0];
    let of_run = |run, answers| {
        let all = compared(calibration, answers).into_iter();
        all.map(move |one| (run, one))
    };
    let scores = of_run("inputs", &inputs).chain(of_run("optimum", optimum));
    let scores = scores.map(|(run, one)| score_row(calibration, done, run, &one));
    vec![
        ("series", csv(scores)),
        (
            "series_values",
            csv(values(calibration, done, &inputs, optimum)),
        ),
    ]
}

fn score_row<'a>(
    calibration: &Calibration,
    done: &Calibrated,
    run: &'static str,
    one: &Compared<'a>,
) -> ScoreRow<'a> {
    let (series, scores) = (one.series, one.scores);
    let fitted = series.is_fitted && !one.is_after;
    ScoreRow {
        place: &series.place,
        quantity: series.quantity.word(),
        unit: series.quantity.unit(),
        by: series.by.word(),
        fitted,
        months: one.months(calibration),
        run,
        values: one.values,
        independent_values: done.independent_values[one.place].filter(|_| fitted),
        nse: scores.nash_sutcliffe,
        log_nse: scores.log_nash_sutcliffe,
        kge_2009: scores.kling_gupta_2009,
        kge_2012: scores.kling_gupta_2012,
        r2: scores.determination,
        rmse: scores.root_mean_square_error,
        mean_error: scores.mean_error,
        bias_percent: scores.percent_bias,
        duration_high_percent: scores.duration_high,
        duration_middle_percent: scores.duration_middle,
        duration_low_percent: scores.duration_low,
        peak_error_percent: scores.peak_error,
    }
}

fn values<'a>(
    calibration: &'a Calibration,
    done: &Calibrated,
    inputs: &[Option<f64>],
    optimum: &[Option<f64>],
) -> Vec<ValueRow<'a>> {
    let mut weights = done.weighed_by[calibration.fitted_targets().count()..].iter();
    let series = calibration.series.iter();
    let values = series.flat_map(|series| series.values.iter().map(move |value| (series, value)));
    let answers = inputs.iter().zip(optimum);
    values
        .zip(answers)
        .map(|((series, value), (inputs, optimum))| {
            let fitted = series.is_fitted && calibration.is_fitted(&value.question);
            ValueRow {
                place: &series.place,
                quantity: series.quantity.word(),
                unit: series.quantity.unit(),
                start: value.question.period.first.to_string(),
                end: value.question.period.last.to_string(),
                fitted,
                measured: value.value,
                uncertainty: value.uncertainty,
                weighed_by: if fitted {
                    weights.next().copied()
                } else {
                    None
                },
                inputs: *inputs,
                optimum: *optimum,
            }
        })
        .collect()
}
