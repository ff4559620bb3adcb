//! Charts of floods year by year: volumes, and what they covered, beside published years.

use super::{colour, published, slug, sources};
use crate::network::floodplain::Floodplain;
use crate::observations::{Observation, Quantity};
use crate::outputs::chart::{Band, Chart, Content, Line, LineStyle, Panel, Threshold};
use crate::outputs::report::Report;
use crate::results::floods::Flood;
use crate::units::HM3_PER_KM3;

/// A chart of each flood over a known floodplain.
pub(super) fn flooded(report: &Report) -> Vec<Chart> {
    let flows = report.network().minimum_flows.iter().enumerate();
    flows
        .filter_map(|(place, (flow, _))| {
            chart(report, place, &flow.name, flow.floodplain.as_ref()?)
        })
        .collect()
}

fn chart(report: &Report, place: usize, name: &str, plain: &Floodplain) -> Option<Chart> {
    let floods = report.run.floods(place);
    if floods.is_empty() {
        return None;
    }
    let by_months = floods.iter().all(|flood| flood.plateau.is_none());
    let plateau = match by_months {
        true => {
            "By months the plateau is not known: the share is that of the plateau asked for, the most that it can be."
        }
        false => "",
    };
    let drawn = |point: &Observation| {
        let is_flood = matches!(
            point.quantity,
            Quantity::FloodVolume | Quantity::FloodedShare
        );
        is_flood && point.place == name
    };
    Some(Chart {
        stem: format!("{}_by_year", slug(name)),
        title: format!("{name}, by year"),
        panels: vec![
            volumes(report, name, &floods, plain),
            shares(report, name, &floods),
        ],
        notes: vec![
            format!(
                "Of {} ha. The band holds all fits through published releases that are off by as much as they may be.",
                plain.area_ha
            ),
            plateau.to_owned(),
            sources(report, drawn),
        ],
        ..Chart::default()
    })
}

fn volumes(report: &Report, name: &str, floods: &[Flood], plain: &Floodplain) -> Panel {
    let volume = |value: fn(&Flood) -> f64| move |flood: &Flood| value(flood) / HM3_PER_KM3;
    Panel {
        title: "Volume".to_owned(),
        y_label: "km³".to_owned(),
        content: Content::Time {
            bands: Vec::new(),
            lines: vec![
                line(
                    "decided",
                    floods,
                    LineStyle::dashed(colour::NATURAL),
                    volume(|flood| flood.asked_hm3),
                ),
                line(
                    "released",
                    floods,
                    LineStyle::solid(colour::RUN),
                    volume(|flood| flood.released_hm3),
                ),
            ],
            points: published(report, |point| {
                point.place == name && point.quantity == Quantity::FloodVolume
            }),
            thresholds: vec![Threshold {
                name: "needed".to_owned(),
                value: plain.need_hm3 / HM3_PER_KM3,
                colour: colour::PUBLISHED,
            }],
            include_zero: true,
        },
    }
}

fn shares(report: &Report, name: &str, floods: &[Flood]) -> Panel {
    let edge = |value: fn(&crate::network::floodplain::Flooded) -> f64| {
        let covered = floods.iter().map(|flood| flood.flooded.as_ref());
        covered
            .map(|covered| covered.map_or(f64::NAN, value))
            .collect()
    };
    Panel {
        title: "Flooded part of the floodplain".to_owned(),
        y_label: "part".to_owned(),
        content: Content::Time {
            bands: vec![Band {
                name: "what published releases allow".to_owned(),
                x: years(floods),
                low: edge(|flooded| flooded.low),
                high: edge(|flooded| flooded.high),
                colour: colour::RUN,
            }],
            lines: vec![line(
                "flooded",
                floods,
                LineStyle::solid(colour::RUN),
                |flood| flood.flooded.map_or(f64::NAN, |flooded| flooded.share),
            )],
            points: published(report, |point| {
                point.place == name && point.quantity == Quantity::FloodedShare
            }),
            thresholds: Vec::new(),
            include_zero: true,
        },
    }
}

fn years(floods: &[Flood]) -> Vec<f64> {
    floods
        .iter()
        .map(|flood| f64::from(flood.year) + 0.5)
        .collect()
}

fn line(name: &str, floods: &[Flood], style: LineStyle, value: impl Fn(&Flood) -> f64) -> Line {
    Line {
        name: name.to_owned(),
        x: years(floods),
        y: floods.iter().map(value).collect(),
        style,
    }
}
