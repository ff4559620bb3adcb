//! Which claims of a class compete: those that may meet at a common bound.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::scheme::Scheme;
use crate::network::sharing::Sharing;
use crate::plan::{Claim, Plan};

/// Claims that may meet at a common bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub(crate) claims: Vec<Claim>,
    /// Nodes whose flow the claims change on the way to the last bound, in river order.
    pub(crate) nodes: Vec<usize>,
    /// Whether a bound may stand at each node.
    pub(crate) bounds: Arc<[bool]>,
    pub(crate) sharing: Sharing,
    /// Weight of each claim, where the rule has weights.
    pub(crate) weights: Vec<f64>,
}

/// The claims of a class as groups, in river order of their first claims.
pub(super) fn groups(
    plan: &Plan,
    scheme: &Scheme,
    claims: &[Claim],
    bounds: &[bool],
    sharing: Sharing,
) -> Vec<Group> {
    let bounded = bounded_below(scheme, bounds);
    let mut walks = Walks::new(claims.len(), bounds.len());
    for (place, &claim) in claims.iter().enumerate() {
        if !is_flow(claim) {
            let way = scheme.down_from(scheme.node(claim));
            walks.walk(place, way.take_while(|node| bounded[*node]));
        }
    }
    // A flow that goes on takes nothing: it competes only with those whose water passes it.
    for (place, &claim) in claims.iter().enumerate() {
        if is_flow(claim)
            && let Some(other) = walks.walker[scheme.node(claim)]
        {
            walks.join(place, other);
        }
    }
    let bounds: Arc<[bool]> = bounds.into();
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for (place, &claim) in claims.iter().enumerate() {
        let group = groups.entry(walks.root(place)).or_insert_with(|| Group {
            claims: Vec::new(),
            nodes: Vec::new(),
            bounds: bounds.clone(),
            sharing,
            weights: Vec::new(),
        });
        group.claims.push(claim);
        group.weights.push(weight(plan, claim, sharing));
    }
    for node in 0..walks.walker.len() {
        if let Some(walker) = walks.walker[node]
            && let Some(group) = groups.get_mut(&walks.root(walker))
        {
            group.nodes.push(node);
        }
    }
    groups.into_values().collect()
}

/// Whether a bound stands at each node or further down.
fn bounded_below(scheme: &Scheme, bounds: &[bool]) -> Vec<bool> {
    let mut bounded = bounds.to_vec();
    for node in (0..bounds.len()).rev() {
        bounded[node] |= scheme.below[node].is_some_and(|below| bounded[below.node]);
    }
    bounded
}

/// Ways of claims down the rivers; claims whose ways meet are joined.
struct Walks {
    /// The first claim that came past each node.
    walker: Vec<Option<usize>>,
    /// A claim of the same group that stands before each, or itself.
    before: Vec<usize>,
}

impl Walks {
    fn new(claims: usize, nodes: usize) -> Self {
        Self {
            walker: vec![None; nodes],
            before: (0..claims).collect(),
        }
    }

    fn walk(&mut self, claim: usize, way: impl Iterator<Item = usize>) {
        for node in way {
            if let Some(other) = self.walker[node] {
                // From here on the other has gone the same way.
                return self.join(claim, other);
            }
            self.walker[node] = Some(claim);
        }
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.before[one.max(other)] = one.min(other);
    }

    fn root(&self, claim: usize) -> usize {
        let mut root = claim;
        while self.before[root] != root {
            root = self.before[root];
        }
        root
    }
}

/// Whether a claim asks for a flow that goes on.
fn is_flow(claim: Claim) -> bool {
    matches!(claim, Claim::MinimumFlow(_) | Claim::Release(_))
}

fn weight(plan: &Plan, claim: Claim, sharing: Sharing) -> f64 {
    match (claim, sharing) {
        (Claim::User(user), Sharing::Weights) => plan.weights[user],
        (Claim::User(user), Sharing::Shares) => plan.shares[user],
        _ => 1.0,
    }
}
