//! Charts of what the water carries: salinity of lakes, and where their water and that of borders rose.

use super::lakes::terminal_lakes;
use super::{colour, observed, slug, sources};
use crate::observations::{Observation, Quantity};
use crate::outputs::chart::{Band, Chart, Content, Line, LineStyle, Panel, Part};
use crate::outputs::report::Report;
use crate::outputs::tables::{OriginYear, Place};

/// Origins that a chart tells apart; smaller ones stand together.
const TOLD_APART: usize = 6;

/// Colours of the others, and of what was stored at the start.
const OTHERS: usize = 6;
const STORED: usize = 7;

/// Salinity of each lake that asks for salt, body by body, beside published ranges.
pub(super) fn salinities(report: &Report) -> Vec<Chart> {
    let storages = report.network().storages().enumerate();
    let salty = storages.filter(|(_, (_, row))| row.salt.is_some());
    salty
        .map(|(storage, (node, row))| {
            let name = &report.network().nodes[node].name;
            let bodies = row.bodies.iter().enumerate();
            let mut places: Vec<(Option<usize>, &str)> = bodies
                .map(|(body, row)| (Some(body), row.name.as_str()))
                .collect();
            if places.is_empty() {
                places.push((None, name));
            }
            let is_drawn = |point: &Observation| {
                is_salinity(point) && places.iter().any(|(_, name)| *name == point.place)
            };
            let note = "Salt: inflow salinities, the exchange through a strait and what sinks are \
                        assumptions (docs/data-sources.md); a range whose years are not stated is \
                        drawn up to its publication.";
            Chart {
                stem: format!("{}_salinity", slug(name)),
                title: format!("{name}: salinity at the end of each month"),
                notes: vec![note.to_owned(), sources(report, is_drawn)],
                panels: places
                    .iter()
                    .map(|(body, name)| salinity(report, storage, *body, name))
                    .collect(),
                ..Chart::default()
            }
        })
        .collect()
}

fn is_salinity(point: &Observation) -> bool {
    point.quantity == Quantity::Salinity
}

fn salinity(report: &Report, storage: usize, body: Option<usize>, name: &str) -> Panel {
    let run = &report.run;
    let months = run.months().iter();
    let at_end = |step: usize| run.salt(step, storage, body)?.g_per_l;
    let line = Line {
        name: "run".to_owned(),
        x: months
            .map(|month| month.decimal_year() + 1.0 / 24.0)
            .collect(),
        y: (0..run.months().len())
            .map(|step| at_end(step).unwrap_or(f64::NAN))
            .collect(),
        style: LineStyle::solid(colour::RUN),
    };
    Panel {
        title: name.to_owned(),
        y_label: "salinity, g/l".to_owned(),
        content: Content::Time {
            bands: ranges(report, name),
            lines: vec![line],
            points: Vec::new(),
            thresholds: Vec::new(),
            include_zero: true,
        },
    }
}

/// Published ranges of the salinity of a place.
fn ranges(report: &Report, name: &str) -> Vec<Band> {
    let points = observed(report, |point| is_salinity(point) && point.place == name);
    points
        .map(|point| {
            let wide = point.uncertainty.unwrap_or(0.0);
            Band {
                name: "published range".to_owned(),
                x: vec![
                    point.period.first.decimal_year() - 1.0 / 24.0,
                    point.period.last.decimal_year() + 1.0 / 24.0,
                ],
                low: vec![point.value - wide; 2],
                high: vec![point.value + wide; 2],
                colour: colour::PUBLISHED,
            }
        })
        .collect()
}

/// Where the water rose that each terminal lake holds, and that crosses each border with water of more than
/// one party.
pub(super) fn origins(report: &Report) -> Vec<Chart> {
    let (network, run) = (report.network(), &report.run);
    if !run.knows_origins() {
        return Vec::new();
    }
    let lakes = terminal_lakes(report).into_iter().map(|(storage, node)| {
        let name = &network.nodes[node].name;
        let title = format!("{name}: where the water that it holds at the end of each year rose");
        chart(report, name, title, &Place::Storage(storage).years(run))
    });
    let borders = network.borders().filter_map(|link| {
        let years = Place::Border(link).years(run);
        let name = &network.links[link].name;
        let title = format!("{name}: where the water that crosses the border rose");
        rises_in_two(report, &years).then(|| chart(report, name, title, &years))
    });
    lakes.chain(borders).collect()
}

fn rises_in_two(report: &Report, years: &[OriginYear]) -> bool {
    let origins = report.run.plan.carried.origins.iter().enumerate();
    let mut parties: Vec<usize> = origins
        .filter(|(origin, _)| years.iter().any(|year| year.km3[*origin] > 0.0))
        .filter_map(|(_, formation)| formation.party)
        .collect();
    parties.sort_unstable();
    parties.dedup();
    parties.len() > 1
}

fn chart(report: &Report, name: &str, title: String, years: &[OriginYear]) -> Chart {
    let origins = &report.run.plan.carried.origins;
    let shares: Vec<Vec<f64>> = years.iter().map(OriginYear::shares).collect();
    let percent =
        |origin: usize| -> Vec<f64> { shares.iter().map(|year| 100.0 * year[origin]).collect() };
    let mean = |origin: &usize| percent(*origin).iter().sum::<f64>();
    let mut present: Vec<usize> = (1..origins.len()).filter(|o| mean(o) > 0.0).collect();
    // The greatest first; of two alike the one that stands first.
    present.sort_by(|one, other| mean(other).total_cmp(&mean(one)));
    let part = |origin: usize, colour: usize| Part {
        name: origins[origin].name.clone(),
        values: percent(origin),
        colour,
    };
    let (large, small) = present.split_at(present.len().min(TOLD_APART));
    let large = large.iter().enumerate();
    let mut parts: Vec<Part> = large
        .map(|(colour, origin)| part(*origin, colour))
        .collect();
    match small {
        [] => {}
        [one] => parts.push(part(*one, OTHERS)),
        _ => {
            let sum = |year: &Vec<f64>| small.iter().map(|origin| 100.0 * year[*origin]).sum();
            parts.push(Part {
                name: format!("{} others", small.len()),
                values: shares.iter().map(sum).collect(),
                colour: OTHERS,
            });
        }
    }
    // The first of all origins is what was stored at the start.
    if mean(&0) > 0.0 {
        parts.push(part(0, STORED));
    }
    Chart {
        stem: format!("{}_origin", slug(name)),
        title,
        panels: vec![Panel {
            title: String::new(),
            y_label: "share, %".to_owned(),
            content: Content::Bars {
                years: years.iter().map(|year| year.year).collect(),
                parts,
                line: None,
            },
        }],
        notes: vec![
            "Waters mix completely in lakes, reservoirs and reaches; what was stored at the start \
             is an origin of its own."
                .to_owned(),
        ],
        ..Chart::default()
    }
}
