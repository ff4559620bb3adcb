//! Charts of rivers: flow over the borders, and along the main stem of each basin.

use super::{annual_line, colour, published, slug, sources};
use crate::network::Network;
use crate::observations::{Observation, Quantity, Statistic};
use crate::outputs::chart::{Chart, Content, LineStyle, Panel, ProfileLine, ProfilePoint};
use crate::outputs::report::Report;
use crate::outputs::tables::gauges;
use crate::results::Run;

/// Annual flow where a river crosses from one party's territory to another's.
pub(super) fn borders(report: &Report) -> Option<Chart> {
    let network = report.network();
    let nodes = network.border_nodes();
    if nodes.is_empty() {
        return None;
    }
    let names: Vec<String> = nodes
        .iter()
        .map(|node| network.nodes[*node].name.clone())
        .collect();
    let panels = nodes.into_iter().map(|node| border(report, node)).collect();
    Some(Chart {
        stem: "border_inflow".to_owned(),
        title: "Flow over the borders, annual means".to_owned(),
        panels,
        notes: vec![
            "Natural: the same water without any use and without dams.".to_owned(),
            sources(report, |point| {
                is_observed_mean(point) && names.contains(&point.place)
            }),
        ],
        ..Chart::default()
    })
}

/// The place of a border with the parties on both of its sides.
pub(super) fn border_title(network: &Network, node: usize) -> String {
    let above = network
        .borders()
        .find(|link| network.ends[*link].to == node)
        .map(|link| network.nodes[network.ends[link].from].party.as_str());
    let (name, to) = (&network.nodes[node].name, &network.nodes[node].party);
    format!("{name}: {} → {to}", above.unwrap_or_default())
}

fn border(report: &Report, node: usize) -> Panel {
    let network = report.network();
    let name = &network.nodes[node].name;
    let line =
        |name, run: &Run, style| annual_line(name, run, style, |step| run.flow_m3s(step, node));
    Panel {
        title: border_title(network, node),
        y_label: "flow, m³/s".to_owned(),
        content: Content::Time {
            bands: Vec::new(),
            lines: vec![
                line("run", &report.run, LineStyle::solid(colour::RUN)),
                line(
                    "natural",
                    &report.natural,
                    LineStyle::dashed(colour::NATURAL),
                ),
            ],
            points: published(report, |point| {
                point.place == *name && is_observed_mean(point)
            }),
            thresholds: Vec::new(),
            include_zero: true,
        },
    }
}

/// Mean flow along the main stem of each basin that has at least three gauges on it.
pub(super) fn profiles(report: &Report) -> Vec<Chart> {
    let network = report.network();
    (0..network.basins.len())
        .filter_map(|basin| profile(report, basin))
        .collect()
}

fn profile(report: &Report, basin: usize) -> Option<Chart> {
    let network = report.network();
    let known = gauges(network);
    let stem: Vec<usize> = main_stem(report, basin)
        .into_iter()
        .filter(|node| known.contains(node))
        .collect();
    if stem.len() < 3 {
        return None;
    }
    let mean = |run: &Run, node: usize| {
        let seconds: f64 = run.months().iter().map(|month| month.seconds()).sum();
        let volume = |(step, month): (usize, &crate::time::Month)| {
            run.flow_m3s(step, node) * month.seconds()
        };
        run.months().iter().enumerate().map(volume).sum::<f64>() / seconds
    };
    let line = |name: &str, run: &Run, style| ProfileLine {
        name: name.to_owned(),
        values: stem.iter().map(|node| mean(run, *node)).collect(),
        style,
    };
    let basin = &network.basins[basin];
    Some(Chart {
        stem: format!("{}_profile", slug(basin)),
        title: format!("{basin}: mean flow along the main river"),
        panels: vec![Panel {
            title: String::new(),
            y_label: "mean flow, m³/s".to_owned(),
            content: Content::Profile {
                places: stem
                    .iter()
                    .map(|node| network.nodes[*node].name.clone())
                    .collect(),
                lines: vec![
                    line("run", &report.run, LineStyle::solid(colour::RUN)),
                    line(
                        "natural",
                        &report.natural,
                        LineStyle::dashed(colour::NATURAL),
                    ),
                ],
                points: published_profile(report, &stem),
            },
        }],
        notes: vec![
            format!(
                "Means of {}. Natural: without any use and without dams.",
                report.run.scenario.period.in_words()
            ),
            format!(
                "Published means are of periods of their own: {}.",
                published_words(report, &stem)
            ),
        ],
        ..Chart::default()
    })
}

/// Period and source of each published mean that is drawn, place by place.
fn published_words(report: &Report, stem: &[usize]) -> String {
    let network = report.network();
    let words = stem.iter().filter_map(|node| {
        let name = &network.nodes[*node].name;
        let points = report.model.observations.iter();
        let points = points.filter(|point| is_mean(point) && point.place == *name);
        let points: Vec<String> = points
            .map(|point| format!("{} ({})", point.period.in_words(), point.source))
            .collect();
        (!points.is_empty()).then(|| format!("{name} {}", points.join(", ")))
    });
    words.collect::<Vec<_>>().join("; ")
}

/// Whether a published figure is the mean flow of a period, as it was observed.
fn is_observed_mean(point: &Observation) -> bool {
    point.quantity == Quantity::Flow && point.statistic == Statistic::Mean
}

/// Whether a published figure is the mean flow of a period, observed or natural.
fn is_mean(point: &Observation) -> bool {
    let flow = matches!(point.quantity, Quantity::Flow | Quantity::NaturalFlow);
    flow && point.statistic == Statistic::Mean
}

fn published_profile(report: &Report, stem: &[usize]) -> Vec<ProfilePoint> {
    let network = report.network();
    let points = stem.iter().enumerate().flat_map(|(place, node)| {
        let name = &network.nodes[*node].name;
        report.model.observations.iter().filter_map(move |point| {
            let fits = point.place == *name && is_mean(point);
            let label = match point.quantity {
                Quantity::NaturalFlow => "published natural mean of a period",
                _ => "published mean of a period",
            };
            let label = label.to_owned();
            fits.then_some(ProfilePoint {
                place,
                value: point.value,
                label,
            })
        })
    });
    points.collect()
}

/// Nodes of the longest river of a basin, downwards: at each confluence the larger mean flow is followed.
fn main_stem(report: &Report, basin: usize) -> Vec<usize> {
    let network = report.network();
    let carried = |link: usize| report.natural.record.leaves.column(link).sum();
    let ends = (0..network.nodes.len())
        .filter(|node| network.nodes[*node].basin == basin && network.river[*node].is_none());
    let total = |node: usize| {
        rivers_into(network, node)
            .into_iter()
            .map(carried)
            .sum::<f64>()
    };
    let Some(mouth) = ends.max_by(|left, right| total(*left).total_cmp(&total(*right))) else {
        return Vec::new();
    };
    let (mut stem, mut at) = (vec![mouth], mouth);
    while let Some(link) = rivers_into(network, at)
        .into_iter()
        .max_by(|left, right| carried(*left).total_cmp(&carried(*right)))
    {
        at = network.ends[link].from;
        stem.push(at);
    }
    stem.reverse();
    stem
}

fn rivers_into(network: &Network, node: usize) -> Vec<usize> {
    let rivers = (0..network.links.len()).filter(|link| network.ends[*link].to == node);
    rivers
        .filter(|link| network.river[network.ends[*link].from] == Some(*link))
        .collect()
}
