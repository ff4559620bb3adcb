//! Audits energy: what each plant generated must be what its recorded water and head give (equations E36 to E38).

use crate::engine::Record;
use crate::network::Network;
use crate::plan::Plan;
use crate::time::Month;

/// Joules in a GWh.
const J_PER_GWH: f64 = 3.6e12;

/// Weight of a hm³ of water, N.
const N_PER_HM3: f64 = 1e9 * 9.81;

/// Energy that the recorded water does not give.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "the energy of `{plant}` in {month} is not that of its water: {what} is {found} in place of {expected}"
)]
pub struct FalseEnergy {
    /// The plant.
    pub plant: String,
    /// The step.
    pub month: Month,
    /// What is wrong.
    pub what: &'static str,
    /// What the record says.
    pub found: f64,
    /// What it should be, or may be at the most.
    pub expected: f64,
}

/// Audits all plants of a run.
///
/// # Errors
/// The first energy, head or turbined water that storages and flows of the record do not give.
pub fn audit_energy(network: &Network, plan: &Plan, record: &Record) -> Result<(), FalseEnergy> {
    for step in 0..plan.steps() {
        for (plant, (row, _)) in network.plants.iter().enumerate() {
            check(plan, record, step, plant).map_err(|(what, found, expected)| FalseEnergy {
                plant: row.name.clone(),
                month: plan.months[step],
                what,
                found,
                expected,
            })?;
        }
    }
    Ok(())
}

/// What is wrong, what was found and what was expected.
type Wrong = (&'static str, f64, f64);

fn check(plan: &Plan, record: &Record, step: usize, plant: usize) -> Result<(), Wrong> {
    let at = [step, plant];
    let (turbined, energy, head) = (record.turbined[at], record.energy[at], record.head_m[at]);
    if plan.turbine[at] == 0.0 {
        return equal("energy out of service", energy, 0.0, 0.0);
    }
    let storage = plan.plant_storages[plant];
    let (leaves, spill) = down_the_river(plan, record, step, storage);
    let most = (leaves - spill).min(plan.turbine[at]);
    at_most("turbined water, hm³,", turbined, most)?;
    at_most("energy, GWh,", energy, plan.power[at])?;
    let works = &plan.plants[plant];
    let tailwater = works.tailwater.at(leaves / plan.hm3_per_m3s(step));
    let level = mean_level(plan, record, step, storage);
    equal("head, m,", head, (level - tailwater).max(0.0), level.abs())?;
    let of_water = works.efficiency.at(head) * N_PER_HM3 * turbined * head / J_PER_GWH;
    equal("energy, GWh,", energy, of_water, of_water)?;
    match head < works.minimum_head_m {
        true => equal("energy below the least head", energy, 0.0, 0.0),
        false => Ok(()),
    }
}

/// What goes down the river below a storage, hm³, and the part of it that spilled.
fn down_the_river(plan: &Plan, record: &Record, step: usize, storage: usize) -> (f64, f64) {
    let link = plan.river[plan.storage_nodes[storage]];
    let leaves = link.map_or(0.0, |link| record.enters[[step, link]]);
    match plan.spillways[storage] {
        Some(_) => (leaves, 0.0),
        None => (leaves, record.spill[[step, storage]]),
    }
}

/// Mean of the levels at both ends of a step; what stood above full storage at the start has spilled.
fn mean_level(plan: &Plan, record: &Record, step: usize, storage: usize) -> f64 {
    let (start, end) = super::storages(plan, record, step, storage);
    let start = start.min(plan.full[[step, storage]]);
    let curve = &plan.curves[storage];
    f64::midpoint(curve.level(start), curve.level(end))
}

/// Equal but for the rounding of numbers of some size.
fn equal(what: &'static str, found: f64, expected: f64, size: f64) -> Result<(), Wrong> {
    // What is not a number must fail as well.
    match (found - expected).abs() <= 1e-9 * size {
        true => Ok(()),
        false => Err((what, found, expected)),
    }
}

fn at_most(what: &'static str, found: f64, most: f64) -> Result<(), Wrong> {
    // A litre, as in the balances of water.
    match (0.0..=most + 1e-9 * most.abs() + 1e-9).contains(&found) {
        true => Ok(()),
        false => Err((what, found, most)),
    }
}
