//! The value that a run gives for a published figure; a natural flow is asked of the natural twin.

use std::ops::RangeInclusive;

use crate::observations::{Observation, Quantity, Statistic};
use crate::results::{LakeStep, Run};
use crate::time::Period;
use crate::units::HM3_PER_KM3;

/// The run's value of an observation in the observation's unit; none where the run does not cover it.
pub fn simulated(run: &Run, observation: &Observation) -> Option<f64> {
    let period = observation.period;
    let (first, last) = (run.months()[0], run.months()[run.months().len() - 1]);
    if period.first < first || last < period.last {
        return None;
    }
    let steps = period.first.since(first) as usize..=period.last.since(first) as usize;
    let values: Option<Vec<f64>> = match observation.quantity {
        Quantity::Flow | Quantity::NaturalFlow => {
            let node = run.network.node(&observation.place)?;
            Some(steps.map(|step| run.flow_m3s(step, node)).collect())
        }
        Quantity::Level | Quantity::Storage | Quantity::Area => {
            steps.map(|step| state(run, step, observation)).collect()
        }
        Quantity::FloodVolume | Quantity::FloodedShare => {
            return flood(run, observation);
        }
        Quantity::Salinity => steps.map(|step| salinity(run, step, observation)).collect(),
        Quantity::Energy => by_year(period, steps, |step| {
            energy_gwh(run, step, &observation.place)
        }),
        flux => by_year(period, steps, |step| {
            Some(volume(&place(run, step, &observation.place)?, flux) / HM3_PER_KM3)
        }),
    };
    let values = values?;
    Some(match observation.statistic {
        Statistic::Mean if is_flow(observation.quantity) => mean_flow(run, observation, &values),
        Statistic::Mean => values.iter().sum::<f64>() / values.len() as f64,
        Statistic::Minimum => values.iter().copied().fold(f64::INFINITY, f64::min),
        Statistic::Maximum => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    })
}

/// The flood of the year in which the period begins.
fn flood(run: &Run, observation: &Observation) -> Option<f64> {
    let mut flows = run.network.minimum_flows.iter();
    let place = flows.position(|(flow, _)| flow.name == observation.place)?;
    let mut floods = run.floods(place).into_iter();
    let flood = floods.find(|flood| flood.year == observation.period.first.year())?;
    match observation.quantity {
        Quantity::FloodVolume => Some(flood.released_hm3 / HM3_PER_KM3),
        _ => flood.flooded.map(|flooded| flooded.share),
    }
}

/// Sums of calendar years; none where the months are no whole years.
fn by_year(
    period: Period,
    steps: RangeInclusive<usize>,
    monthly: impl Fn(usize) -> Option<f64>,
) -> Option<Vec<f64>> {
    if period.first.number() != 1 || period.last.number() != 12 {
        return None;
    }
    let months: Vec<f64> = steps.map(monthly).collect::<Option<_>>()?;
    Some(months.chunks(12).map(|year| year.iter().sum()).collect())
}

/// Energy of a plant in a step, GWh.
fn energy_gwh(run: &Run, step: usize, name: &str) -> Option<f64> {
    let mut plants = run.network.plants.iter();
    let plant = plants.position(|(plant, _)| plant.name == name)?;
    Some(run.record.energy[[step, plant]])
}

fn is_flow(quantity: Quantity) -> bool {
    matches!(quantity, Quantity::Flow | Quantity::NaturalFlow)
}

/// Mean flow by the lengths of the months.
fn mean_flow(run: &Run, observation: &Observation, values: &[f64]) -> f64 {
    let start = observation.period.first.since(run.months()[0]) as usize;
    let seconds = |step: usize| run.months()[start + step].seconds();
    let volume: f64 = values
        .iter()
        .enumerate()
        .map(|(step, flow)| flow * seconds(step))
        .sum();
    volume / (0..values.len()).map(seconds).sum::<f64>()
}

/// The balance of a lake, reservoir or body in a step.
pub fn place(run: &Run, step: usize, name: &str) -> Option<LakeStep> {
    match found(run, name)? {
        (storage, None) => Some(run.lake(step, storage)),
        (storage, Some(body)) => run.bodies(step, storage).get(body).copied(),
    }
}

/// Salinity of a lake or body at the end of a step, g/l.
fn salinity(run: &Run, step: usize, observation: &Observation) -> Option<f64> {
    let (storage, body) = found(run, &observation.place)?;
    run.salt(step, storage, body)?.g_per_l
}

/// The storage of a name, and its body where the name is that of one.
pub fn found(run: &Run, name: &str) -> Option<(usize, Option<usize>)> {
    if let Some(node) = run.network.node(name) {
        return Some((run.storage_at(node)?, None));
    }
    let (storage, body) = run
        .network
        .storages()
        .enumerate()
        .find_map(|(storage, (_, row))| {
            Some((
                storage,
                row.bodies.iter().position(|body| body.name == name)?,
            ))
        })?;
    Some((storage, Some(body)))
}

fn state(run: &Run, step: usize, observation: &Observation) -> Option<f64> {
    let lake = place(run, step, &observation.place)?;
    Some(match observation.quantity {
        // The mean of a month lies between its ends; so does what a source calls its level.
        Quantity::Level => 0.5 * (lake.start_level_m + lake.end_level_m),
        Quantity::Storage => 0.5 * (lake.start + lake.end) / HM3_PER_KM3,
        _ => lake.area_km2,
    })
}

fn volume(lake: &LakeStep, quantity: Quantity) -> f64 {
    match quantity {
        Quantity::Evaporation => lake.evaporation,
        Quantity::Precipitation => lake.precipitation,
        _ => lake.river_inflow,
    }
}
