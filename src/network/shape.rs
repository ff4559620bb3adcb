//! The shape of a network: links of each node, river order, no claim without water.

use super::NodeKind;
use super::assemble::Desk;
use super::draft::Draft;
use super::link::LinkKind;
use super::order::river_order;
use crate::faults::{counted, listed};

impl Desk<'_> {
    /// Checks the links of each node; gives the canal that leads to each canal node.
    pub(super) fn check_shape(&self, draft: &Draft) -> Option<Vec<Option<usize>>> {
        let nodes = &draft.rows.nodes;
        let mut canal_of = vec![None; nodes.len()];
        let mut sound = true;
        let all_into = draft.links_by(|ends| ends.to);
        let all_out = draft.links_by(|ends| ends.from);
        for (place, node) in nodes.iter().enumerate() {
            let (into, out) = (&all_into[place], &all_out[place]);
            let canal_in = into
                .iter()
                .find(|link| draft.kind(**link) == LinkKind::Canal);
            let rivers_out = out
                .iter()
                .filter(|l| draft.kind(**l) == LinkKind::River)
                .count();
            let spills = out
                .iter()
                .filter(|l| draft.kind(**l) == LinkKind::Spill)
                .count();
            let fault = match (canal_in, &node.kind) {
                (_, kind) if spills > usize::from(kind.has_dam()) => Some((
                    counted(spills, "link") + " of kind `spill` out",
                    "at most one, and that from a [[reservoir]]",
                )),
                (Some(canal), _) if draft.is_fed_by_canal_alone(place, into, rivers_out) => {
                    canal_of[place] = Some(*canal);
                    continue;
                }
                (Some(canal), _) => Some((
                    format!("the canal `{}` leads here", draft.rows.links[*canal].0.name),
                    "a [[junction]] that has one canal in, no river and no return flow",
                )),
                (None, NodeKind::Outlet) if !out.is_empty() => Some((
                    counted(out.len(), "link") + " out",
                    "an outlet that nothing leaves",
                )),
                (None, NodeKind::Inflow(_)) if !into.is_empty() => Some((
                    counted(into.len(), "link") + " in",
                    "an inflow that nothing enters",
                )),
                (None, NodeKind::Outlet) => None,
                (None, NodeKind::Storage(storage)) if storage.dam.is_none() => {
                    let has_outflow = storage.curve.outflow_m3s.is_some();
                    let links = counted(rivers_out, "river link") + " out";
                    match (rivers_out, has_outflow) {
                        (0, false) | (1, true) => None,
                        (0, true) => Some((
                            "an outflow in the curve, and no river link out".into(),
                            "one river link from the lake",
                        )),
                        (_, true) => Some((links, "one river link from the lake")),
                        (_, false) => Some((
                            links + " and no outflow in the curve",
                            "a column `outflow_m3s` in the lake's curve and one river link out",
                        )),
                    }
                }
                (None, _) if rivers_out != 1 => Some((
                    counted(rivers_out, "river link") + " out",
                    "one river link out (further ones are canals), or an [[outlet]]",
                )),
                _ => None,
            };
            if let Some((found, expected)) = fault {
                let expected = expected.to_owned();
                self.folder
                    .fault(node.written.whole(found, expected, String::new()));
                sound = false;
            }
        }
        sound.then_some(canal_of)
    }

    /// River order; where the canals are in doubt, only the links are looked at for loops.
    pub(super) fn order(
        &self,
        draft: &Draft,
        canal_of: Option<&[Option<usize>]>,
    ) -> Option<Vec<usize>> {
        let nodes = &draft.rows.nodes;
        let keys: Vec<_> = nodes
            .iter()
            .map(|node| (node.basin, node.name.as_str()))
            .collect();
        let mut edges: Vec<_> = draft.ends.iter().map(|ends| (ends.from, ends.to)).collect();
        for user in &draft.users {
            let head = canal_of.map(|canal_of| draft.head(user.from, canal_of).0);
            edges.extend(user.to.zip(head).map(|(to, head)| (head, to)));
        }
        match river_order(&keys, &edges) {
            Ok(order) => Some(order),
            Err(ring) => {
                let names = listed(ring.iter().map(|node| nodes[*node].name.as_str()));
                let expected = "water that never comes back to where it was";
                let hint = "look at the links and at the `returns_to` of users".to_owned();
                let found = format!("a loop through {names}");
                let at = &nodes[ring[0]].written;
                self.folder
                    .fault(at.whole(found, expected.to_owned(), hint));
                None
            }
        }
    }

    /// Refuses users and minimum flows that no water can reach.
    pub(super) fn refuse_dry(&self, draft: &Draft, order: &[usize]) {
        let nodes = &draft.rows.nodes;
        let mut wet: Vec<bool> = nodes
            .iter()
            .map(|n| matches!(n.kind, NodeKind::Inflow(_)))
            .collect();
        let links = draft.ends.iter().map(|ends| (ends.from, ends.to));
        let returns = draft.users.iter();
        let returns = returns.filter_map(|user| Some((user.from, user.to?)));
        let mut below = vec![Vec::new(); nodes.len()];
        for (from, to) in links.chain(returns) {
            below[from].push(to);
        }
        for &node in order {
            for &to in &below[node] {
                wet[to] |= wet[node];
            }
        }
        let users = draft.rows.users.iter().zip(&draft.users);
        let users = users.map(|((_, at), way)| ("takes_from", at, way.from));
        let minimums = draft.rows.minimum_flows.iter().zip(&draft.minimums);
        let minimums = minimums.map(|((_, at), node)| ("at", at, *node));
        for (key, at, node) in minimums.clone() {
            let leaves = || draft.ends.iter().any(|ends| ends.from == node);
            if nodes[node].storage().is_some() && !leaves() {
                let found = format!("`{}`, a lake that no river leaves", nodes[node].name);
                let expected = "a node with a river below it to keep the flow in";
                self.fault(at, key, found, expected, String::new());
            }
        }
        for (key, at, from) in users.chain(minimums).filter(|(_, _, from)| !wet[*from]) {
            let found = format!("`{}`, which no inflow reaches", nodes[from].name);
            let expected = "a node with a source of water";
            let hint = "join it to an [[inflow]] by [[link]] tables".to_owned();
            self.fault(at, key, found, expected, hint);
        }
    }
}
