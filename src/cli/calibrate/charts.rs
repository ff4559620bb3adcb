//! Charts of a calibration: the profiles of the parameters that the targets tell most of.

use crate::calibration::certainty::{PROFILE, ProfilePoint};
use crate::calibration::{Calibrated, Calibration};
use crate::outputs::chart::{Chart, Content, LineStyle, Panel, ProfileLine};

/// Panels of the chart.
const SHOWN: usize = 6;

/// The charts.
pub(super) fn charts(calibration: &Calibration, done: &Calibrated, hash: &str) -> Vec<Chart> {
    let told = |place: usize| done.certainty.spreads[place] / calibration.parameters[place].spread;
    let mut places: Vec<usize> = (0..calibration.parameters.len()).collect();
    places.sort_by(|one, other| told(*one).total_cmp(&told(*other)));
    places.truncate(SHOWN);
    vec![Chart {
        stem: "profiles".to_owned(),
        title: "Misfit above the optimum along each parameter".to_owned(),
        subtitle: format!("{}: the parameters that the targets tell most of", calibration.title),
        panels: places.into_iter().map(|place| panel(calibration, done, place)).collect(),
        has_one_scale: true,
        notes: vec![
            "The other parameters follow to their best; the dotted line is that of a normal distribution.".to_owned(),
            format!("rivershare {} · calibration {hash}", env!("CARGO_PKG_VERSION")),
        ],
    }]
}

fn panel(calibration: &Calibration, done: &Calibrated, place: usize) -> Panel {
    let parameter = &calibration.parameters[place];
    let of_place = done.profiles.iter().filter(|point| point.number == place);
    let points: Vec<&ProfilePoint> = of_place.collect();
    let half = PROFILE.len() / 2;
    let value = |point: &&ProfilePoint| point.values[place];
    let own = done.optimum.values[place];
    let values: Vec<f64> = points[..half]
        .iter()
        .map(value)
        .chain([own])
        .chain(points[half..].iter().map(value))
        .collect();
    let above = |point: &&ProfilePoint| point.misfit - done.optimum.misfit;
    let found = points[..half]
        .iter()
        .map(above)
        .chain([0.0])
        .chain(points[half..].iter().map(above))
        .collect();
    let normal = values.iter().map(|value| {
        let part = (value - own) / done.certainty.spreads[place];
        part * part
    });
    Panel {
        title: format!("{}, {}", parameter.name, parameter.unit),
        y_label: "misfit".to_owned(),
        content: Content::Profile {
            lines: vec![
                ProfileLine {
                    name: "others at their best".to_owned(),
                    values: found,
                    style: LineStyle::solid(0),
                },
                ProfileLine {
                    name: "normal distribution".to_owned(),
                    values: normal.collect(),
                    style: LineStyle::dotted(1),
                },
            ],
            places: values.iter().map(|value| shown(*value)).collect(),
            points: Vec::new(),
        },
    }
}

/// A value with three digits or so.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
