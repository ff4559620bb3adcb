//! The way of the water to a claim: which places it passes, from the sources to the place that binds.

use super::site::{Ledge, river_above};
use super::{Site, Stretch};
use crate::allocate::Bound;
use crate::plan::Claim;
use crate::results::Run;

/// The stretches of a claim's water in a step.
pub(super) fn stretches(run: &Run, step: usize, claim: Claim) -> Vec<Stretch> {
    let bound = run.bound(step, claim);
    let binding = node_of(run, bound);
    let head = match claim {
        Claim::User(user) => run.plan.paths[user].head,
        Claim::MinimumFlow(place) => run.plan.minimum_nodes[place],
        Claim::Release(storage) | Claim::Hold(storage) => run.plan.storage_nodes[storage],
        Claim::Zone(zone) => run.plan.storage_nodes[run.plan.zone_storages[zone]],
    };
    let ledge = Ledge { run, step, claim };
    let above = ledge.way_down_to(head);
    let below = binding.map_or(Vec::new(), |node| ledge.way_between(head, node));
    let name = |node: usize| &run.network.nodes[node].name;
    let node_sites = |nodes: &[usize]| sites(&ledge, nodes, head, binding);
    let mut stretches = vec![Stretch {
        title: format!("Down the river to {}", name(head)),
        sites: node_sites(&above),
    }];
    let aside = binding.filter(|node| !above.contains(node) && !below.contains(node));
    if let Some(node) = aside {
        let title = "On a tributary".to_owned();
        let sites = vec![ledge.node(node, None, true)];
        stretches.insert(0, Stretch { title, sites });
    }
    if let Claim::User(user) = claim {
        let canals = run.plan.paths[user].canals.iter();
        let mut sites: Vec<Site> = canals
            .map(|canal| ledge.canal(*canal, bound == Bound::Canal(*canal)))
            .collect();
        sites.push(ledge.user(user));
        stretches.push(Stretch {
            title: format!("From {} to the user", name(head)),
            sites,
        });
    }
    if let Some(node) = below.last() {
        stretches.push(Stretch {
            title: format!("Further down to {}", name(*node)),
            sites: node_sites(&below),
        });
    }
    stretches
}

/// Nodes as sites; those at which nothing happens are passed over.
fn sites(ledge: &Ledge, nodes: &[usize], head: usize, binding: Option<usize>) -> Vec<Site> {
    let mut shown: Vec<Site> = Vec::new();
    let mut last = None;
    for &node in nodes {
        let binds = binding == Some(node);
        if node == head || binds || !ledge.is_quiet(node) {
            shown.push(ledge.node(node, last, binds));
            last = Some(node);
        }
    }
    shown
}

/// The node at which a bound stands; none of a canal, or where nothing bound.
fn node_of(run: &Run, bound: Bound) -> Option<usize> {
    match bound {
        Bound::Nothing | Bound::Canal(_) => None,
        Bound::Water(node) | Bound::Senior(node) | Bound::MinimumFlow(node) => Some(node),
        Bound::Storage(storage) | Bound::Release(storage) | Bound::Outlet(storage) => {
            Some(run.plan.storage_nodes[storage])
        }
    }
}

impl Ledge<'_, '_> {
    /// From the source down to a node: at each confluence along the river that brings most.
    fn way_down_to(&self, node: usize) -> Vec<usize> {
        let above = |node: &usize| {
            let link = river_above(self, *node)?;
            Some(self.run.plan.ends[link].from)
        };
        let mut way: Vec<usize> = std::iter::successors(Some(node), above).collect();
        way.reverse();
        way
    }

    /// The nodes below one down to another; none where that does not lie below.
    fn way_between(&self, head: usize, node: usize) -> Vec<usize> {
        let plan = &self.run.plan;
        let below = |node: &usize| plan.river[*node].map(|link| plan.ends[link].to);
        let down = std::iter::successors(below(&head), below);
        let way: Vec<usize> = down.collect();
        match way.iter().position(|other| *other == node) {
            Some(place) => way[..=place].to_vec(),
            None => Vec::new(),
        }
    }
}
