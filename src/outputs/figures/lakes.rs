//! Charts of lakes and reservoirs: levels, balances, storages.

use super::{colour, published, slug, sources};
use crate::observations::{Observation, Quantity};
use crate::outputs::chart::{Band, Chart, Content, Line, LineStyle, Panel, Part};
use crate::outputs::report::Report;
use crate::outputs::tables::{LakeYear, years_of};
use crate::results::Run;
use crate::units::HM3_PER_KM3;

/// What a natural lake level is, and what it is not.
const NATURAL_LAKE: &str = "Natural: the same water without any use and without dams; losses of natural \
     floodplains that use replaced are not restored, so that the level is an upper bound.";

/// Lakes without an outlet: storage and node.
pub(super) fn terminal_lakes(report: &Report) -> Vec<(usize, usize)> {
    let network = report.network();
    let storages = network
        .storages()
        .enumerate()
        .map(|(storage, (node, _))| (storage, node));
    storages
        .filter(|(_, node)| network.is_terminal(*node))
        .collect()
}

/// Level of each terminal lake with its natural twin, its draws and published points.
pub(super) fn levels(report: &Report) -> Vec<Chart> {
    terminal_lakes(report)
        .into_iter()
        .map(|(storage, node)| level(report, storage, node))
        .collect()
}

fn level(report: &Report, storage: usize, node: usize) -> Chart {
    let name = &report.network().nodes[node].name;
    let mut notes = vec![NATURAL_LAKE.to_owned()];
    let draws = band(report, storage);
    if draws.is_some() {
        let count = report.draws.len() + 1;
        notes.push(format!(
            "Band of draws: least and greatest level of {count} draws of the reconstructed inflow."
        ));
    }
    let sets = band_of_sets(report, storage);
    if sets.is_some() {
        let count = report.sets.sets.len();
        notes.push(format!(
            "Band of sets: least and greatest level of {count} sets of uncertain parameters that meet published figures about as well, in the run's draw."
        ));
    }
    notes.extend(beyond_curve(report, storage));
    let bands: Vec<Band> = draws.into_iter().chain(sets).collect();
    let is_level = |point: &Observation| point.place == *name && point.quantity == Quantity::Level;
    notes.push(sources(report, is_level));
    Chart {
        stem: format!("{}_level", slug(name)),
        title: format!("{name}: level at the end of each month"),
        panels: vec![Panel {
            title: String::new(),
            y_label: "level, m".to_owned(),
            content: Content::Time {
                bands,
                lines: vec![
                    level_line("run", &report.run, storage, LineStyle::solid(colour::RUN)),
                    level_line(
                        "natural",
                        &report.natural,
                        storage,
                        LineStyle::dashed(colour::NATURAL),
                    ),
                ],
                points: published(report, is_level),
                thresholds: Vec::new(),
                include_zero: false,
            },
        }],
        notes,
        ..Chart::default()
    }
}

/// Level of a storage at the end of each month.
/// Says so where a level lies above the last knot of the lake's curve.
fn beyond_curve(report: &Report, storage: usize) -> Option<String> {
    let levels = &report.run.plan.curves[storage].level_m;
    let top = levels[levels.len() - 1];
    let is_beyond = |run: &Run| {
        let mut steps = 0..run.months().len();
        steps.any(|step| run.level_m(step, storage) > top)
    };
    let which: Vec<&str> = [("run", &report.run), ("natural", &report.natural)]
        .into_iter()
        .filter_map(|(name, run)| is_beyond(run).then_some(name))
        .collect();
    (!which.is_empty()).then(|| {
        let which = which.join(" and ");
        format!(
            "The lake's curve ends at {top} m: above that the level ({which}) is an extrapolation."
        )
    })
}

pub(crate) fn level_line(name: &str, run: &Run, storage: usize, style: LineStyle) -> Line {
    let months = run.months().iter();
    Line {
        name: name.to_owned(),
        x: months
            .map(|month| month.decimal_year() + 1.0 / 24.0)
            .collect(),
        y: (0..run.months().len())
            .map(|step| run.level_m(step, storage))
            .collect(),
        style,
    }
}

fn band(report: &Report, storage: usize) -> Option<Band> {
    if report.draws.is_empty() {
        return None;
    }
    let levels = |step: usize| {
        let draws = report
            .draws
            .iter()
            .map(move |(_, run)| run.level_m(step, storage));
        draws.chain(std::iter::once(report.run.level_m(step, storage)))
    };
    let months = report.run.months();
    let steps = 0..months.len();
    Some(Band {
        name: format!("{} draws", report.draws.len() + 1),
        x: months
            .iter()
            .map(|month| month.decimal_year() + 1.0 / 24.0)
            .collect(),
        low: steps
            .clone()
            .map(|step| levels(step).fold(f64::INFINITY, f64::min))
            .collect(),
        high: steps
            .map(|step| levels(step).fold(f64::NEG_INFINITY, f64::max))
            .collect(),
        colour: colour::RUN,
    })
}

/// Least and greatest level in the kept sets of parameters.
fn band_of_sets(report: &Report, storage: usize) -> Option<Band> {
    let sets = &report.sets.sets;
    if sets.is_empty() {
        return None;
    }
    let months = report.run.months();
    let edge = |pick: fn(f64, f64) -> f64| {
        let steps = 0..months.len();
        let at = |step: usize| {
            let levels = sets.iter().map(|courses| courses[storage][step][1]);
            levels.reduce(pick).unwrap_or(f64::NAN)
        };
        steps.map(at).collect()
    };
    Some(Band {
        name: format!("{} sets of parameters", sets.len()),
        x: months
            .iter()
            .map(|month| month.decimal_year() + 1.0 / 24.0)
            .collect(),
        low: edge(f64::min),
        high: edge(f64::max),
        colour: colour::SETS,
    })
}

/// Annual balance of each terminal lake.
pub(super) fn balances(report: &Report) -> Vec<Chart> {
    let charts = terminal_lakes(report).into_iter();
    charts
        .map(|(storage, node)| balance(report, storage, node))
        .collect()
}

fn balance(report: &Report, storage: usize, node: usize) -> Chart {
    let run = &report.run;
    let steps = (0..run.months().len()).map(|step| run.lake(step, storage));
    let years = years_of(run.months(), steps);
    let km3 = |of: fn(&LakeYear) -> f64| -> Vec<f64> {
        years.iter().map(|year| of(year) / HM3_PER_KM3).collect()
    };
    let parts = [
        ("river inflow", km3(|year| year.sums.river_inflow), 0),
        ("rain", km3(|year| year.sums.precipitation), 5),
        ("groundwater", km3(|year| year.sums.groundwater), 2),
        ("evaporation", km3(|year| -year.sums.evaporation), 4),
        ("taken from the lake", km3(|year| -year.sums.outflow), 3),
    ];
    let present = |values: &[f64]| values.iter().any(|value| *value != 0.0);
    let parts = parts
        .into_iter()
        .filter(|(_, values, _)| present(values))
        .map(|(name, values, colour)| Part {
            name: name.to_owned(),
            values,
            colour,
        });
    let change = Line {
        name: "change of volume".to_owned(),
        x: years.iter().map(|year| f64::from(year.year)).collect(),
        y: km3(|year| year.sums.end - year.sums.start),
        style: LineStyle::solid(6),
    };
    let name = &report.network().nodes[node].name;
    Chart {
        stem: format!("{}_balance", slug(name)),
        title: format!("{name}: water balance by year"),
        panels: vec![Panel {
            title: String::new(),
            y_label: "km³ a year".to_owned(),
            content: Content::Bars {
                years: years.iter().map(|year| year.year).collect(),
                parts: parts.collect(),
                line: Some(change),
            },
        }],
        ..Chart::default()
    }
}

/// Storage of the reservoirs of each basin, but for those that would vanish beside its largest.
pub(super) fn storages(report: &Report) -> Vec<Chart> {
    let network = report.network();
    (0..network.basins.len())
        .filter_map(|basin| {
            let full = |storage: usize| {
                report
                    .run
                    .plan
                    .full
                    .column(storage)
                    .iter()
                    .copied()
                    .fold(0.0, f64::max)
            };
            let reservoirs: Vec<(usize, usize)> = network
                .storages()
                .enumerate()
                .filter(|(_, (node, row))| network.nodes[*node].basin == basin && row.dam.is_some())
                .map(|(storage, (node, _))| (storage, node))
                .collect();
            let largest = reservoirs
                .iter()
                .map(|(storage, _)| full(*storage))
                .fold(0.0, f64::max);
            let count = reservoirs.len();
            let shown = reservoirs
                .into_iter()
                .filter(|(storage, _)| full(*storage) > 0.05 * largest);
            let shown: Vec<(usize, usize)> = shown.collect();
            let named: Vec<&String> = shown
                .iter()
                .map(|(_, node)| &network.nodes[*node].name)
                .collect();
            let panels: Vec<Panel> = shown
                .iter()
                .map(|(storage, node)| storage_panel(report, *storage, *node))
                .collect();
            let small = match count == shown.len() {
                true => String::new(),
                false => {
                    "Reservoirs below a twentieth of the basin's largest are left out.".to_owned()
                }
            };
            let basin = &network.basins[basin];
            (!panels.is_empty()).then(|| Chart {
                stem: format!("{}_storage", slug(basin)),
                title: format!("{basin}: storage of reservoirs at the end of each month"),
                panels,
                notes: vec![
                    sources(report, |point| {
                        point.quantity == Quantity::Storage && named.contains(&&point.place)
                    }),
                    small,
                ],
                ..Chart::default()
            })
        })
        .collect()
}

fn storage_panel(report: &Report, storage: usize, node: usize) -> Panel {
    let name = &report.network().nodes[node].name;
    let run = &report.run;
    // Before there is a dam or a lake nothing is full, dead or empty.
    let works = |step: usize| run.plan.full[[step, storage]] > 0.0;
    let months = run.months();
    let line = |name: &str, style, values: &ndarray::Array2<f64>| Line {
        name: name.to_owned(),
        x: months
            .iter()
            .map(|month| month.decimal_year() + 1.0 / 24.0)
            .collect(),
        y: (0..months.len())
            .map(|step| match works(step) {
                true => values[[step, storage]] / HM3_PER_KM3,
                false => f64::NAN,
            })
            .collect(),
        style,
    };
    let lines = vec![
        line("run", LineStyle::solid(colour::RUN), &run.record.storage),
        line("full storage", LineStyle::dotted(6), &run.plan.full),
        line("dead storage", LineStyle::dashed(6), &run.plan.dead),
    ];
    Panel {
        title: name.clone(),
        y_label: "storage, km³".to_owned(),
        content: Content::Time {
            bands: Vec::new(),
            lines,
            points: published(report, |point| {
                point.place == *name && point.quantity == Quantity::Storage
            }),
            thresholds: Vec::new(),
            include_zero: true,
        },
    }
}
