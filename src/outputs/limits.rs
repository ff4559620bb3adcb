//! What bound a claim, in words.

use crate::allocate::Bound;
use crate::plan::{Claim, Turn};
use crate::results::Run;

/// A litre, hm³: less is rounding.
const LITRE: f64 = 1e-9;

/// Names that are listed before the others are counted.
const NAMES: usize = 3;

/// What bound a claim in a step, in words; empty where nothing did.
pub(crate) fn words(run: &Run, step: usize, claim: Claim, bound: Bound) -> String {
    let network = run.network;
    let node = |node: usize| network.nodes[node].name.as_str();
    let storage = |storage: usize| node(run.plan.storage_nodes[storage]);
    match bound {
        Bound::Nothing => String::new(),
        Bound::Water(place) => {
            let equals = names(", shared with ", &equals(run, step, claim, place));
            format!("water at {}{equals}", node(place))
        }
        Bound::Senior(place) => {
            let users = earlier(run, step, claim, place);
            let all: Vec<&str> = users
                .iter()
                .map(|user| &*network.users[*user].name)
                .collect();
            let names = names(": ", &all);
            let taken: f64 = users.iter().map(|user| at_head(run, step, *user).0).sum();
            // Without the earlier claims this one would be short as well.
            let is_dry = taken < missing_at_head(run, step, claim);
            let water = if is_dry { "too little water and " } else { "" };
            format!("{water}earlier claims at {}{names}", node(place))
        }
        Bound::MinimumFlow(place) => {
            let kept = kept_at(run, step, place);
            let name = kept.map_or(node(place), |kept| &network.minimum_flows[kept].0.name);
            format!("minimum flow {name}")
        }
        Bound::Canal(link) => format!("capacity of {}", network.links[link].name),
        Bound::Storage(place) => format!("storage withheld in {}", storage(place)),
        Bound::Release(place) => format!("least release of {}", storage(place)),
        Bound::Outlet(place) => format!("outlets of {}", storage(place)),
    }
}

/// Users served before a claim that take water at a node, first served first.
fn earlier(run: &Run, step: usize, claim: Claim, node: usize) -> Vec<usize> {
    let plan = &run.plan;
    let turn = plan.turn(claim);
    let at_node = (0..plan.paths.len()).filter(|user| plan.paths[*user].head == node);
    let taking = at_node.filter(|user| run.record.delivered[[step, *user]] > LITRE);
    let mut users: Vec<(Option<Turn>, usize)> = taking
        .map(|user| (plan.turn(Claim::User(user)), user))
        .filter(|(other, _)| *other < turn)
        .collect();
    users.sort_unstable();
    users.into_iter().map(|(_, user)| user).collect()
}

/// What a user took and what it missed where its water leaves the river, losses of its canals included, hm³.
fn at_head(run: &Run, step: usize, user: usize) -> (f64, f64) {
    let canals = run.plan.paths[user].canals.iter();
    let passes: f64 = canals.map(|canal| run.plan.passes[*canal]).product();
    let (asked, got) = (
        run.plan.demand[[step, user]],
        run.record.delivered[[step, user]],
    );
    (got / passes, (asked - got) / passes)
}

/// What a claim missed in the river, hm³.
fn missing_at_head(run: &Run, step: usize, claim: Claim) -> f64 {
    match claim {
        Claim::User(user) => at_head(run, step, user).1,
        Claim::MinimumFlow(place) => {
            run.plan.minimum[[step, place]] - run.record.kept[[step, place]]
        }
        _ => 0.0,
    }
}

/// Users served together with a claim that take water at a node or above it.
fn equals<'a>(run: &Run<'a>, step: usize, claim: Claim, node: usize) -> Vec<&'a str> {
    let plan = &run.plan;
    let turn = plan.turn(claim);
    let below = |node: &usize| plan.river[*node].map(|link| plan.ends[link].to);
    let reaches = |user: &usize| {
        std::iter::successors(Some(plan.paths[*user].head), below).any(|other| other == node)
    };
    let others = (0..plan.paths.len()).filter(|user| Claim::User(*user) != claim);
    let equals = others.filter(|user| plan.turn(Claim::User(*user)) == turn);
    let taking = equals.filter(|user| run.record.delivered[[step, *user]] > LITRE);
    let users = taking.filter(reaches);
    let network = run.network;
    users.map(|user| &*network.users[user].name).collect()
}

/// At most three names after their introduction, and how many more there are; nothing where there is none.
fn names(introduction: &str, all: &[&str]) -> String {
    let listed = all[..all.len().min(NAMES)].join(", ");
    match all.len() {
        0 => String::new(),
        count if count > NAMES => format!("{introduction}{listed} and {} more", count - NAMES),
        _ => format!("{introduction}{listed}"),
    }
}

/// The greatest minimum flow that is kept at a node.
fn kept_at(run: &Run, step: usize, node: usize) -> Option<usize> {
    let kept = |place: &usize| run.record.kept[[step, *place]];
    let at_node = (0..run.plan.minimum_nodes.len())
        .filter(|place| run.plan.minimum_nodes[*place] == node)
        .rev();
    at_node.max_by(|one, other| kept(one).total_cmp(&kept(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_names_are_listed_and_the_others_counted() {
        assert_eq!(names(": ", &[]), "");
        assert_eq!(names(": ", &["A", "B", "C"]), ": A, B, C");
        assert_eq!(
            names(": ", &["A", "B", "C", "D", "E"]),
            ": A, B, C and 2 more"
        );
    }
}
