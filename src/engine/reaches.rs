//! Parts of the network within which water arrives in the step in which it leaves (equation E26).
//!
//! Where no link takes time the whole network is one reach. Else the reaches are decided one after the other,
//! each with the water that really arrives there, and all that is not decided yet is seen as if its water came
//! at once: so a claim further down is protected as in a steady state, and no step needs to foresee the next.

use std::sync::Arc;

use crate::allocate::Scheme;
use crate::plan::Plan;

/// A part of the network that is decided as one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reach {
    /// Its nodes, in river order.
    pub(crate) nodes: Vec<usize>,
    /// Claims of the reach and of all that is decided later.
    pub(crate) scheme: Arc<Scheme>,
    /// Its users.
    pub(crate) users: Vec<usize>,
    /// Its minimum flows.
    pub(crate) minimum_flows: Vec<usize>,
    /// Rivers that arrive from what is decided already: link and lower node.
    pub(crate) arrivals: Vec<(usize, usize)>,
    /// Returns that are known before the reach is decided: user and node.
    pub(crate) returns: Vec<(usize, usize)>,
}

/// The reaches of a plan in the order in which they are decided.
pub(crate) fn reaches(plan: &Plan) -> Vec<Reach> {
    let mut names = plan.reach.clone();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| reach(plan, name)).collect()
}

fn reach(plan: &Plan, name: usize) -> Reach {
    let own = |node: usize| plan.reach[node] == name;
    let inside: Vec<bool> = plan.reach.iter().map(|other| *other >= name).collect();
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
        nodes: (0..plan.places.len()).filter(|node| own(*node)).collect(),
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
