//! What a reservoir claims for itself: a least release, zones and a target.

use super::Amount;
use crate::network::{Network, Node};
use crate::plan::Claim;
use crate::results::Run;

/// Names of all reservoirs.
pub(super) fn reservoirs(network: &Network) -> impl Iterator<Item = &str> {
    let nodes = network.nodes.iter();
    nodes
        .filter(|node| is_reservoir(node))
        .map(|node| node.name.as_str())
}

fn is_reservoir(node: &Node) -> bool {
    node.storage().is_some_and(|storage| storage.dam.is_some())
}

/// The claims of the reservoir of this name in the order in which they are told; none where there is no such one.
pub(super) fn claims(network: &Network, name: &str) -> Vec<Claim> {
    let (mut zones, mut claims) = (0, Vec::new());
    for (storage, (node, row)) in network.storages().enumerate() {
        let Some(dam) = &row.dam else { continue };
        if network.nodes[node].name == name {
            let own = zones..zones + dam.zones.len();
            claims.push(Claim::Release(storage));
            claims.extend(own.map(Claim::Zone));
            claims.push(Claim::Hold(storage));
        }
        zones += dam.zones.len();
    }
    claims
}

/// What is claimed for which reservoir, and whose that is.
pub(super) fn named<'r>(run: &Run<'r>, storage: usize, what: &str) -> (String, &'r String) {
    let node = &run.network.nodes[run.plan.storage_nodes[storage]];
    (format!("{what} of {}", node.name), &node.party)
}

/// A zone by the class from which it is withheld.
pub(super) fn zone_named(run: &Run, zone: usize) -> String {
    let turn = run.plan.turn(Claim::Zone(zone));
    let class = turn.and_then(|turn| run.plan.classes[turn.class].priority);
    match class {
        Some(class) => format!("zone against class {class}"),
        None => "zone".to_owned(),
    }
}

/// A volume that is to be held, and what of it there is at the end of a step; nothing of a lake that no dam rules.
pub(super) fn held(run: &Run, step: usize, storage: usize, wanted: f64) -> (Amount, Amount) {
    let wanted = if wanted.is_finite() { wanted } else { 0.0 };
    let stands = |hm3: f64| Amount { hm3, m3s: None };
    let end = run.record.storage[[step, storage]];
    (stands(wanted), stands(wanted.min(end)))
}
