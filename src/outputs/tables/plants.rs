//! Energy of hydropower plants, step by step.

use serde::Serialize;

use crate::outputs::catalogue::ENERGY;
use crate::outputs::limits::words;
use crate::outputs::table::Table;
use crate::plan::Claim;
use crate::results::Run;
use crate::units::HM3_PER_KM3;

/// A part of an energy target by which it may be missed in rounding.
const EXACT: f64 = 1e-9;

#[derive(Serialize)]
struct Row<'a> {
    date: String,
    plant: &'a str,
    party: &'a str,
    energy_gwh: f64,
    head_m: f64,
    turbined_km3: f64,
    bypassed_km3: f64,
    spilled_km3: f64,
    target_gwh: f64,
    shortfall_gwh: f64,
    limited_by: String,
}

/// Rows of the months in which each plant is in service.
pub(super) fn table(run: &Run) -> Table {
    let steps = run.plan.dates.len();
    let plants = run.network.plants.len();
    let all = (0..steps).flat_map(|step| (0..plants).map(move |plant| (step, plant)));
    let rows = all.filter(|at| run.plan.turbine[[at.0, at.1]] > 0.0);
    Table::of(&ENERGY, rows.map(|(step, plant)| row(run, step, plant)))
}

fn row<'a>(run: &Run<'a>, step: usize, plant: usize) -> Row<'a> {
    let (plan, record, at) = (&run.plan, &run.record, [step, plant]);
    let (name, node) = (
        &run.network.plants[plant].0.name,
        run.network.plants[plant].1,
    );
    let storage = plan.plant_storages[plant];
    let spilled = record.spill[[step, storage]];
    let river = plan.river[node].map_or(0.0, |link| record.enters[[step, link]]);
    let in_river = if plan.spillways[storage].is_none() {
        spilled
    } else {
        0.0
    };
    let turbined = record.turbined[at];
    Row {
        date: plan.dates[step].to_string(),
        plant: name,
        party: &run.network.nodes[node].party,
        energy_gwh: record.energy[at],
        head_m: record.head_m[at],
        turbined_km3: turbined / HM3_PER_KM3,
        bypassed_km3: (river - in_river - turbined).max(0.0) / HM3_PER_KM3,
        spilled_km3: spilled / HM3_PER_KM3,
        target_gwh: plan.energy[at],
        shortfall_gwh: shortfall_gwh(run, step, plant),
        limited_by: limited_by(run, step, plant),
    }
}

/// By how much a plant missed its target, GWh.
pub(super) fn shortfall_gwh(run: &Run, step: usize, plant: usize) -> f64 {
    let target = run.plan.energy[[step, plant]];
    let missing = target - run.record.energy[[step, plant]];
    if missing > EXACT * target {
        missing
    } else {
        0.0
    }
}

/// What kept a plant from its target, in words: its water, its turbines or its head.
fn limited_by(run: &Run, step: usize, plant: usize) -> String {
    if shortfall_gwh(run, step, plant) == 0.0 {
        return String::new();
    }
    let (plan, record, at) = (&run.plan, &run.record, [step, plant]);
    let name = &run.network.plants[plant].0.name;
    let claim = Claim::MinimumFlow(plan.energy_claims[plant]);
    let bound = words(run, step, claim, run.bound(step, claim));
    let reaches = |found: f64, most: f64| found >= most * (1.0 - EXACT);
    if record.head_m[at] < plan.plants[plant].minimum_head_m {
        format!("head below the least of {name}")
    } else if reaches(record.turbined[at], plan.turbine[at])
        || reaches(record.energy[at], plan.power[at])
    {
        format!("turbines of {name}")
    } else if bound.is_empty() {
        // The claim got the release that it asked for, and that was not yet the right one.
        "head falls too fast within the step".to_owned()
    } else {
        bound
    }
}
