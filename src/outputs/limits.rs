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
            let users = earlier(run, step, claim);
            let here = users
                .iter()
                .filter(|user| run.plan.paths[**user].head == place);
            let here: Vec<&str> = here.map(|user| &*network.users[*user].name).collect();
            let water = match is_dry(run, step, claim, place, &users) {
                true => "too little water and ",
                false => "",
            };
            let names = names(": ", &here);
            format!("{water}earlier claims at {}{names}", node(place))
        }
        Bound::MinimumFlow(place) => {
            let kept = kept_at(run, step, place);
            let kept =
                kept.map(|place| (network.minimum_flows.get(place), network.plant_of(place)));
            match kept {
                Some((Some((flow, _)), _)) => format!("minimum flow {}", flow.name),
                Some((_, Some(plant))) => format!("energy of {}", plant.name),
                _ => format!("minimum flow {}", node(place)),
            }
        }
        Bound::Canal(link) => format!("capacity of {}", network.links[link].name),
        Bound::Storage(place) => format!("storage withheld in {}", storage(place)),
        Bound::Release(place) => format!("least release of {}", storage(place)),
        Bound::Outlet(place) => format!("outlets of {}", storage(place)),
    }
}

/// Whether a claim would be short without the earlier claims at and above a place too.
fn is_dry(run: &Run, step: usize, claim: Claim, place: usize, earlier: &[usize]) -> bool {
    let head = head(run, claim);
    let lower = match passes(run, place, head) {
        Some(_) => head,
        None => place,
    };
    let taken = earlier.iter().filter_map(|user| {
        let path = &run.plan.paths[*user];
        let taken = at_head(run, step, *user).0 * passes(run, path.head, lower)?;
        let returns = path.returns_to.and_then(|to| passes(run, to, lower));
        Some(taken - returns.unwrap_or(0.0) * run.record.returned[[step, *user]])
    });
    let missing = missing_at_head(run, step, claim);
    taken.sum::<f64>() * worth(run, lower, head) + LITRE < missing
}

/// Users that are served before a claim and take water, first served first.
fn earlier(run: &Run, step: usize, claim: Claim) -> Vec<usize> {
    let plan = &run.plan;
    let turn = plan.turn(claim);
    let all = 0..plan.paths.len();
    let taking = all.filter(|user| run.record.delivered[[step, *user]] > LITRE);
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
    let passes: f64 = canals
        .map(|canal| run.part_that_arrives(step, *canal))
        .product();
    let (asked, got) = (
        run.plan.demand[[step, user]],
        run.record.delivered[[step, user]],
    );
    (got / passes, (asked - got) / passes)
}

/// The node at which a claim takes or keeps water.
fn head(run: &Run, claim: Claim) -> usize {
    match claim {
        Claim::User(user) => run.plan.paths[user].head,
        Claim::MinimumFlow(place) => run.plan.minimum_nodes[place],
        Claim::Release(storage) | Claim::Hold(storage) => run.plan.storage_nodes[storage],
        Claim::Zone(zone) => run.plan.storage_nodes[run.plan.zone_storages[zone]],
    }
}

/// What a cubic metre at one node is worth at another above or below it on the same river: losses of reaches between
/// are left out or added.
fn worth(run: &Run, node: usize, at: usize) -> f64 {
    let down = passes(run, node, at);
    let up = || passes(run, at, node).filter(|part| *part > 0.0);
    down.or_else(|| up().map(|part| 1.0 / part)).unwrap_or(1.0)
}

/// Part of a flow that arrives further down the river; none where that does not lie below.
fn passes(run: &Run, from: usize, to: usize) -> Option<f64> {
    let plan = &run.plan;
    let mut way = std::iter::successors(Some((from, 1.0)), |(node, part)| {
        let link = plan.river[*node]?;
        Some((plan.ends[link].to, part * plan.passes[link]))
    });
    way.find(|(node, _)| *node == to).map(|(_, part)| part)
}

/// What a claim missed in the river, hm³.
fn missing_at_head(run: &Run, step: usize, claim: Claim) -> f64 {
    match claim {
        Claim::User(user) => at_head(run, step, user).1,
        Claim::MinimumFlow(place) => {
            run.record.asked[[step, place]] - run.record.kept[[step, place]]
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
