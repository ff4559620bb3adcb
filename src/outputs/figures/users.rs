//! Chart of deliveries against demand, party by party.

use ndarray::Array2;

use super::colour;
use crate::outputs::chart::{Chart, Content, Line, LineStyle, Panel};
use crate::outputs::report::Report;
use crate::units::HM3_PER_KM3;

/// Annual demand and delivery of the users of each party.
pub(super) fn deliveries(report: &Report) -> Option<Chart> {
    let parties = report.network().parties.iter();
    let panels: Vec<Panel> = parties.filter_map(|party| panel(report, party)).collect();
    (!panels.is_empty()).then(|| Chart {
        stem: "deliveries_by_party".to_owned(),
        title: "Demand and delivery by party".to_owned(),
        panels,
        has_one_scale: true,
        notes: vec![
            "At the point of use, without losses on the way; minimum flows are not counted."
                .to_owned(),
        ],
        ..Chart::default()
    })
}

fn panel(report: &Report, party: &str) -> Option<Panel> {
    let (network, run) = (report.network(), &report.run);
    let users: Vec<usize> = (0..network.users.len())
        .filter(|user| network.users[*user].party == party)
        .collect();
    if users.is_empty() {
        return None;
    }
    let line = |name: &str, values: &Array2<f64>, style| {
        let mut years: Vec<(i32, f64)> = Vec::new();
        for (step, month) in run.months().iter().enumerate() {
            let volume: f64 = users.iter().map(|user| values[[step, *user]]).sum();
            match years.last_mut() {
                Some((year, sum)) if *year == month.year() => *sum += volume,
                _ => years.push((month.year(), volume)),
            }
        }
        Line {
            name: name.to_owned(),
            x: years
                .iter()
                .map(|(year, _)| f64::from(*year) + 0.5)
                .collect(),
            y: years
                .iter()
                .map(|(_, volume)| volume / HM3_PER_KM3)
                .collect(),
            style,
        }
    };
    Some(Panel {
        title: party.to_owned(),
        y_label: "km³ a year".to_owned(),
        content: Content::Time {
            bands: Vec::new(),
            lines: vec![
                line(
                    "demand",
                    &run.plan.demand,
                    LineStyle::dashed(colour::PUBLISHED),
                ),
                line(
                    "delivered",
                    &run.record.delivered,
                    LineStyle::solid(colour::RUN),
                ),
                line(
                    "consumed",
                    &run.record.consumed,
                    LineStyle::dotted(colour::NATURAL),
                ),
            ],
            points: Vec::new(),
            thresholds: Vec::new(),
            include_zero: true,
        },
    })
}
