//! Tables of a calibration.

mod series;

use serde::Serialize;

use crate::calibration::answers::Runs;
use crate::calibration::question::Question;
use crate::calibration::sets;
use crate::calibration::{Calibrated, Calibration};

#[derive(Serialize)]
struct ParameterRow<'a> {
    parameter: &'a str,
    unit: &'a str,
    prior: f64,
    prior_spread: f64,
    low: f64,
    high: f64,
    inputs: f64,
    optimum: f64,
    optimum_spread: f64,
    told: f64,
    source: &'a str,
}

#[derive(Serialize)]
struct TargetRow<'a> {
    place: &'a str,
    quantity: &'static str,
    unit: &'static str,
    question: String,
    fitted: bool,
    published: f64,
    uncertainty: f64,
    weighed_by: Option<f64>,
    inputs: Option<f64>,
    optimum: Option<f64>,
    source: &'a str,
}

#[derive(Serialize)]
struct CorrelationRow<'a> {
    parameter: &'a str,
    other: &'a str,
    correlation: f64,
}

#[derive(Serialize)]
struct ProfileRow<'a> {
    parameter: &'a str,
    value: f64,
    misfit: f64,
    above_optimum: f64,
}

/// Names and texts of all tables.
pub(super) fn tables(
    calibration: &Calibration,
    done: &Calibrated,
    runs: &Runs,
) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = vec![
        ("parameters", csv(parameters(calibration, done))),
        ("targets", csv(targets(calibration, done, runs))),
        ("correlations", csv(correlations(calibration, done))),
        ("profiles", csv(profiles(calibration, done))),
        ("sets", sets::text(calibration, &done.sets).into_bytes()),
    ];
    if !calibration.series.is_empty() {
        all.extend(series::tables(calibration, done, runs));
    }
    all
}

fn csv<R: Serialize>(rows: impl IntoIterator<Item = R>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let whole = "rows of plain values can be written to memory";
    for row in rows {
        writer.serialize(row).expect(whole);
    }
    writer.into_inner().expect(whole)
}

fn parameters<'a>(
    calibration: &'a Calibration,
    done: &'a Calibrated,
) -> impl Iterator<Item = ParameterRow<'a>> {
    let parameters = calibration.parameters.iter().enumerate();
    parameters.map(|(place, parameter)| {
        let spread = done.certainty.spreads[place];
        let kept = spread / parameter.spread;
        ParameterRow {
            parameter: &parameter.name,
            unit: &parameter.unit,
            prior: parameter.prior,
            prior_spread: parameter.spread,
            low: parameter.bounds.0,
            high: parameter.bounds.1,
            inputs: done.standing.0[place],
            optimum: done.optimum.values[place],
            optimum_spread: spread,
            told: 1.0 - kept * kept,
            source: &parameter.source,
        }
    })
}

fn targets<'a>(calibration: &'a Calibration, done: &Calibrated, runs: &Runs) -> Vec<TargetRow<'a>> {
    let questions: Vec<Question> = calibration
        .targets
        .iter()
        .map(|target| target.question.clone())
        .collect();
    let standing = runs.as_they_stand(&questions);
    let optimum = runs.of_sets(std::iter::once(&done.sets.optimum), &questions);
    let mut weights = done.weighed_by.iter().copied();
    let targets = calibration.targets.iter().enumerate();
    targets
        .map(|(place, target)| {
            let fitted = calibration.is_fitted(&target.question);
            TargetRow {
                place: &target.question.place,
                quantity: target.question.quantity.word(),
                unit: target.question.quantity.unit(),
                question: target.question.in_words(),
                fitted,
                published: target.value,
                uncertainty: target.uncertainty,
                weighed_by: if fitted { weights.next() } else { None },
                inputs: standing[place],
                optimum: optimum[0][place],
                source: &target.source,
            }
        })
        .collect()
}

fn correlations<'a>(
    calibration: &'a Calibration,
    done: &'a Calibrated,
) -> impl Iterator<Item = CorrelationRow<'a>> {
    let count = calibration.parameters.len();
    let pairs = (0..count).flat_map(move |one| (one + 1..count).map(move |other| (one, other)));
    let name = |place: usize| calibration.parameters[place].name.as_str();
    pairs.map(move |(one, other)| CorrelationRow {
        parameter: name(one),
        other: name(other),
        correlation: done.certainty.correlations[(one, other)],
    })
}

fn profiles<'a>(
    calibration: &'a Calibration,
    done: &'a Calibrated,
) -> impl Iterator<Item = ProfileRow<'a>> {
    done.profiles.iter().map(|point| ProfileRow {
        parameter: &calibration.parameters[point.number].name,
        value: point.values[point.number],
        misfit: point.misfit,
        above_optimum: point.misfit - done.optimum.misfit,
    })
}
