//! Measured series in the document of the validation: their scores before and after the end of what is fitted.

use std::fmt::Write;

use super::super::answers::Runs;
use super::super::comparison::{Compared, compared, questions};
use super::super::sets::Sets;
use super::super::settings::Calibration;
use super::in_words;

const HEAD: &str = "\n## Measured series\n\n\
     Scores of the runs beside measured values (E44 to E49, E69), up to the end of the years that parameters are fitted in and after it. \
     A level has no scores that its datum would change. *RMSE* and *error*, the mean difference, are in the unit of the series; \
     *bias*, the three biases of the duration curve and that of the peak are in percent.\n\n\
     | Series | Months | Fitted | Values | Run | NSE | log NSE | KGE 2009 | KGE 2012 | R² | RMSE | Error | Bias | High | Middle | Low | Peak |\n\
     |---|---|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n";

/// Writes the section; nothing where no series was measured.
pub(super) fn series(
    text: &mut String,
    calibration: &Calibration,
    runs: &Runs,
    sets: Option<&Sets>,
) {
    if calibration.series.is_empty() {
        return;
    }
    text.push_str(HEAD);
    let questions = questions(calibration);
    let standing = runs.as_they_stand(&questions);
    let optimum = sets.map(|sets| {
        runs.of_sets(std::iter::once(&sets.optimum), &questions)
            .remove(0)
    });
    let of_optimum = optimum.map(|answers| compared(calibration, &answers));
    for (place, shipped) in compared(calibration, &standing).iter().enumerate() {
        row(text, calibration, "shipped", shipped);
        if let Some(all) = &of_optimum {
            row(text, calibration, "optimum", &all[place]);
        }
    }
}

fn row(text: &mut String, calibration: &Calibration, run: &str, one: &Compared) {
    let (series, scores) = (one.series, one.scores);
    let _ = write!(
        text,
        "| {}, {} by {}, {} | {} | {} | {} | {run} |",
        series.place,
        series.quantity.word(),
        series.by.word(),
        in_words(series.quantity.unit()),
        one.months(calibration),
        match series.is_fitted && !one.is_after {
            true => "yes",
            false => "no",
        },
        one.values,
    );
    let shares = [
        scores.nash_sutcliffe,
        scores.log_nash_sutcliffe,
        scores.kling_gupta_2009,
        scores.kling_gupta_2012,
        scores.determination,
    ];
    let own_unit = [scores.root_mean_square_error, scores.mean_error];
    let percents = [
        scores.percent_bias,
        scores.duration_high,
        scores.duration_middle,
        scores.duration_low,
        scores.peak_error,
    ];
    let cells = |text: &mut String, scores: &[Option<f64>], digits: usize| {
        for score in scores {
            let shown = score.map_or("–".to_owned(), |score| format!("{score:.digits$}"));
            let _ = write!(text, " {shown} |");
        }
    };
    cells(text, &shares, 3);
    cells(text, &own_unit, 2);
    cells(text, &percents, 1);
    text.push('\n');
}
