//! The audit of origins: wherever there is water, the shares of where it rose add up to 1 (equation E34).

use super::{Balance, Imbalance, Matter};
use crate::engine::Record;
use crate::network::Network;
use crate::plan::Plan;
use crate::plan::pools::Vessel;

/// Water below which a pool counts as dry, hm³: a litre.
const DRY: f64 = 1e-9;

/// Checks the shares of every pool in every step.
pub(super) fn check(network: &Network, plan: &Plan, record: &Record) -> Result<(), Imbalance> {
    let carried = &plan.carried;
    // What a storage lets out below its bottom has no origin; nor has a pool into which nothing else came.
    let mut has_debt = false;
    for (step, &month) in plan.months.iter().enumerate() {
        has_debt |= record.storage.row(step).iter().any(|hm3| *hm3 < -DRY);
        for (pool, shares) in carried.first_share.windows(2).enumerate() {
            let shares = shares[0]..shares[1];
            let shares = shares.map(|share| record.share[[step, share]]);
            let sum: f64 = shares.clone().sum();
            let is_dry = sum == 0.0 && (has_debt || water(plan, record, step, pool) <= DRY);
            let least = shares.fold(0.0, f64::min);
            if is_dry && least == 0.0 {
                continue;
            }
            let balance = Balance {
                comes: sum,
                goes: 1.0,
                start: 0.0,
                end: least,
            };
            let vessel = carried.pools[pool].vessel;
            balance.check(Matter::Origins, || name(network, plan, vessel), month)?;
        }
    }
    Ok(())
}

/// Water that is in a pool or passes through it, hm³.
fn water(plan: &Plan, record: &Record, step: usize, pool: usize) -> f64 {
    match plan.carried.pools[pool].vessel {
        Vessel::Node(node) => record.comes[[step, node]],
        Vessel::Storage(storage) | Vessel::Body(storage, _) => record.storage[[step, storage]],
        Vessel::Link(link) => record.leaves[[step, link]].max(record.transit[[step, link]]),
        Vessel::Return(user) => record.returned[[step, user]].max(record.returning[[step, user]]),
    }
}

fn name(network: &Network, plan: &Plan, vessel: Vessel) -> String {
    let node = |node: usize| format!("`{}`", network.nodes[node].name);
    match vessel {
        Vessel::Node(place) => node(place),
        Vessel::Storage(storage) | Vessel::Body(storage, _) => node(plan.storage_nodes[storage]),
        Vessel::Link(link) => format!("`{}`", network.links[link].name),
        Vessel::Return(user) => format!("the return flow of `{}`", network.users[user].name),
    }
}
