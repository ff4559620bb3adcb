//! Chart of the energy of hydropower plants.

use ndarray::Array2;

use super::{colour, published, sources};
use crate::observations::{Observation, Quantity};
use crate::outputs::chart::{Chart, Content, Line, LineStyle, Panel};
use crate::outputs::report::Report;
use crate::results::Run;

/// Annual energy of each plant beside its target and published means.
pub(super) fn energy(report: &Report) -> Option<Chart> {
    let plants = 0..report.network().plants.len();
    let panels: Vec<Panel> = plants.filter_map(|plant| panel(report, plant)).collect();
    let is_energy = |point: &Observation| point.quantity == Quantity::Energy;
    (!panels.is_empty()).then(|| Chart {
        stem: "energy_by_plant".to_owned(),
        title: "Energy of hydropower plants by year".to_owned(),
        panels,
        notes: vec![
            "Calendar years in which the plant is in service in all months.".to_owned(),
            sources(report, is_energy),
        ],
        ..Chart::default()
    })
}

fn panel(report: &Report, plant: usize) -> Option<Panel> {
    let run = &report.run;
    let name = &report.network().plants[plant].0.name;
    let energy = line(
        "run",
        run,
        plant,
        &run.record.energy,
        LineStyle::solid(colour::RUN),
    );
    if energy.x.is_empty() {
        return None;
    }
    let targets = &run.plan.energy;
    let mut lines = vec![energy];
    if targets.column(plant).iter().any(|gwh| *gwh > 0.0) {
        let style = LineStyle::dashed(colour::PUBLISHED);
        lines.push(line("target", run, plant, targets, style));
    }
    let of_plant = |point: &Observation| point.place == *name && point.quantity == Quantity::Energy;
    Some(Panel {
        title: name.clone(),
        y_label: "GWh a year".to_owned(),
        content: Content::Time {
            bands: Vec::new(),
            lines,
            points: published(report, of_plant),
            thresholds: Vec::new(),
            include_zero: true,
        },
    })
}

/// Sums of the whole years of service.
fn line(name: &str, run: &Run, plant: usize, values: &Array2<f64>, style: LineStyle) -> Line {
    let mut years: Vec<(i32, usize, f64)> = Vec::new();
    for (step, month) in run.months().iter().enumerate() {
        if run.plan.turbine[[step, plant]] == 0.0 {
            continue;
        }
        let value = values[[step, plant]];
        match years.last_mut() {
            Some((year, months, sum)) if *year == month.year() => {
                *months += 1;
                *sum += value;
            }
            _ => years.push((month.year(), 1, value)),
        }
    }
    let whole = || years.iter().filter(|(_, months, _)| *months == 12);
    Line {
        name: name.to_owned(),
        x: whole().map(|(year, ..)| f64::from(*year) + 0.5).collect(),
        y: whole().map(|(.., sum)| *sum).collect(),
        style,
    }
}
