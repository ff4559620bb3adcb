//! Deltas above claims: each further cubic metre that flows in must not let out more than the one before it.
//!
//! Else more than one allocation may be the best, and none could be found without search (equation E9).

use super::Network;
use super::delta::Delta;
use crate::faults::listed;
use crate::inputs::folder::Folder;

/// Refuses a delta whose outflow is no concave function of its inflow where a claim stands on or below it.
pub(super) fn refuse_convex_deltas(folder: &Folder, network: &Network) {
    for (node, row) in network.nodes.iter().enumerate() {
        if row.delta().is_none_or(Delta::is_concave) {
            continue;
        }
        let claims = claims_below(network, node);
        if claims.is_empty() {
            continue;
        }
        let found = format!(
            "a loss that grows slower further up, above the claims of {}",
            listed(claims)
        );
        let expected = "a loss that takes no smaller part of each further cubic metre".to_owned();
        let hint = "the same part of every flow is the least that may be".to_owned();
        folder.fault(row.written.fault("loss", found, expected, hint));
    }
}

/// Names of the users, minimum flows and reservoirs at a node and down its river.
fn claims_below(network: &Network, node: usize) -> Vec<&str> {
    let below = |node: &usize| Some(network.ends[network.river[*node]?].to);
    let nodes: Vec<usize> = std::iter::successors(Some(node), below).collect();
    let reservoirs = nodes.iter().map(|node| &network.nodes[*node]);
    let reservoirs = reservoirs.filter(|node| node.kind.has_dam());
    let users = network.users.iter().zip(&network.paths);
    let users = users.filter(|(_, path)| nodes.contains(&path.head));
    let flows = network.minimum_flows.iter();
    let flows = flows.filter(|(_, at)| nodes.contains(at));
    let names = users.map(|(user, _)| &user.name);
    let names = names.chain(flows.map(|(flow, _)| &flow.name));
    let names = names.chain(reservoirs.map(|node| &node.name));
    names.map(String::as_str).collect()
}
