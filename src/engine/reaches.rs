//! Parts of the network within which water arrives in the step in which it leaves (equation E26).
//!
//! Where no link takes time the whole network is one reach. Else each reach is decided with the water that
//! really arrives there, and everything below it is seen as if its water came at once: so a claim further
//! down is protected as in a steady state, and no step needs to foresee the next.

use std::sync::Arc;

use crate::allocate::Scheme;
use crate::network::Ends;
use crate::network::link::Travel;
use crate::plan::Plan;

/// A part of the network that is decided as one.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    /// Its nodes, in river order.
    pub(crate) nodes: Vec<usize>,
    /// Claims of the reach and of all below it.
    pub(crate) scheme: Arc<Scheme>,
    /// Its users.
    pub(crate) users: Vec<usize>,
    /// Its minimum flows.
    pub(crate) minimum_flows: Vec<usize>,
    /// Rivers that arrive from outside: link and lower node.
    pub(crate) arrivals: Vec<(usize, usize)>,
    /// Returns that are known before the reach is decided: user and node.
    pub(crate) returns: Vec<(usize, usize)>,
}

/// The reaches of a plan from the headwaters down; `travels` says which links take time.
pub(crate) fn reaches(plan: &Plan, travels: &[Option<Travel>]) -> Vec<Reach> {
    let reach_of = reach_of(plan, travels);
    let mut names: Vec<usize> = reach_of.clone();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|name| reach(plan, &reach_of, name))
        .collect()
}

/// The reach of each node, numbered so that each stands after those above it.
fn reach_of(plan: &Plan, travels: &[Option<Travel>]) -> Vec<usize> {
    if travels.iter().all(Option::is_none) {
        return vec![0; plan.places.len()];
    }
    // Nodes joined by canals or by rivers that take no time belong together.
    let mut group: Vec<usize> = (0..plan.places.len()).collect();
    for (ends, travel) in plan.ends.iter().zip(travels) {
        if travel.is_none() {
            group = joined(&group, ends.from, ends.to);
        }
    }
    // A return that comes at once joins two rivers, but not across a link that takes time.
    for (path, lag) in plan.paths.iter().zip(&plan.return_lags) {
        if let (Some(to), 0) = (path.returns_to, *lag) {
            let joined = joined(&group, path.head, to);
            let splits = |(ends, travel): (&Ends, &Option<Travel>)| {
                travel.is_some() && joined[ends.from] == joined[ends.to]
            };
            if !plan.ends.iter().zip(travels).any(splits) {
                group = joined;
            }
        }
    }
    // A reach is decided after those from which rivers and returns come to it.
    let timed = plan
        .ends
        .iter()
        .zip(travels)
        .filter(|(_, travel)| travel.is_some());
    let rivers = timed.map(|(ends, _)| (ends.from, ends.to));
    let returns = plan
        .paths
        .iter()
        .zip(&plan.return_lags)
        .filter(|(_, lag)| **lag == 0);
    let returns = returns.filter_map(|(path, _)| Some((path.head, path.returns_to?)));
    let before: Vec<(usize, usize)> = rivers.chain(returns).collect();
    let mut rank = vec![0; group.len()];
    // As many turns as groups reach every rank where there is no loop; `Plan::build` has refused one.
    for _ in 0..group.len() {
        for &(above, below) in &before {
            let (above, below) = (group[above], group[below]);
            if above != below {
                rank[below] = rank[below].max(rank[above] + 1);
            }
        }
    }
    let count = group.len();
    group
        .into_iter()
        .map(|name| rank[name] * count + name)
        .collect()
}

/// The groups once those of two nodes are one.
fn joined(group: &[usize], one: usize, other: usize) -> Vec<usize> {
    let (from, to) = (group[one].max(group[other]), group[one].min(group[other]));
    let join = |name: &usize| if *name == from { to } else { *name };
    group.iter().map(join).collect()
}

fn reach(plan: &Plan, reach_of: &[usize], name: usize) -> Reach {
    let own = |node: usize| reach_of[node] == name;
    let mut inside: Vec<bool> = (0..reach_of.len()).map(own).collect();
    for node in 0..inside.len() {
        if let (true, Some(link)) = (inside[node], plan.river[node]) {
            inside[plan.ends[link].to] = true;
        }
    }
    let rivers = plan.river.iter().flatten().copied();
    let arrivals = rivers
        .map(|link| (link, plan.ends[link]))
        .filter(|(_, ends)| !inside[ends.from] && inside[ends.to])
        .map(|(link, ends)| (link, ends.to));
    let users = || plan.paths.iter().enumerate();
    let returns = users().filter_map(|(user, path)| {
        let known = plan.return_lags[user] > 0 || !inside[path.head];
        path.returns_to
            .filter(|to| known && inside[*to])
            .map(|to| (user, to))
    });
    let flows = plan.minimum_nodes.iter().enumerate();
    Reach {
        nodes: (0..reach_of.len()).filter(|node| own(*node)).collect(),
        users: users()
            .filter(|(_, path)| own(path.head))
            .map(|(user, _)| user)
            .collect(),
        minimum_flows: flows
            .filter(|(_, node)| own(**node))
            .map(|(place, _)| place)
            .collect(),
        returns: returns.collect(),
        arrivals: arrivals.collect(),
        scheme: Arc::new(Scheme::within(plan, &inside)),
    }
}
