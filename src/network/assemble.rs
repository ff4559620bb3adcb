//! Joins the tables of all basins by name, and refuses what is no network.

use std::collections::{BTreeMap, BTreeSet};

use super::link::{Link, LinkKind};
use super::minimum_flow::MinimumFlow;
use super::order::river_order;
use super::rows::{Rows, Written};
use super::user::User;
use super::{Ends, Network, Node, NodeKind, Path};
use crate::faults::{Fault, listed, nearest};
use crate::inputs::folder::Folder;

/// The network of the rows; none where a fault was put down.
pub fn assemble(folder: &Folder, rows: Rows, parties: Vec<String>) -> Option<Network> {
    let desk = Desk {
        folder,
        broken: rows.broken.clone(),
    };
    desk.refuse_twins(&rows);
    desk.refuse_strangers(&rows, &parties);
    let places = Places::of(&rows.nodes);
    let ends: Vec<Option<Ends>> = rows
        .links
        .iter()
        .map(|row| desk.ends(&rows.nodes, &places, &row.0, &row.1))
        .collect();
    let users: Vec<Option<Withdrawal>> = rows
        .users
        .iter()
        .map(|row| desk.withdrawal(&rows.nodes, &places, row))
        .collect();
    let minimums: Vec<Option<usize>> = rows
        .minimum_flows
        .iter()
        .map(|row| {
            desk.place(
                &places,
                &row.0.at,
                "at",
                &format!("\"{}\"", row.0.name),
                &row.1,
            )
        })
        .collect();
    let draft = Draft {
        ends: ends.into_iter().collect::<Option<_>>()?,
        users: users.into_iter().collect::<Option<_>>()?,
        minimums: minimums.into_iter().collect::<Option<_>>()?,
        rows,
    };
    let canal_of = desk.check_shape(&draft)?;
    let order = desk.order(&draft, &canal_of)?;
    desk.refuse_dry(&draft, &order);
    folder
        .is_sound()
        .then(|| draft.sorted(parties, &order, &canal_of))
}

/// Rows with their names resolved, still in the order of the files.
struct Draft {
    rows: Rows,
    ends: Vec<Ends>,
    users: Vec<Withdrawal>,
    minimums: Vec<usize>,
}

/// Nodes that a user takes from and returns to.
#[derive(Clone, Copy)]
struct Withdrawal {
    from: usize,
    to: Option<usize>,
}

/// Where a name leads: a node, or a body of the lake there.
struct Places<'a>(BTreeMap<&'a str, (usize, Option<usize>)>);

impl<'a> Places<'a> {
    fn of(nodes: &'a [Node]) -> Self {
        let mut places = BTreeMap::new();
        for (place, node) in nodes.iter().enumerate() {
            places.insert(node.name.as_str(), (place, None));
            let bodies = node.storage().map_or(&[][..], |storage| &storage.bodies);
            for (body, row) in bodies.iter().enumerate() {
                places.insert(row.name.as_str(), (place, Some(body)));
            }
        }
        Self(places)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().copied()
    }
}

/// Where faults are put down.
struct Desk<'f> {
    folder: &'f Folder,
    broken: Vec<String>,
}

impl Desk<'_> {
    fn fault(
        &self,
        at: &(String, usize),
        place: String,
        found: String,
        expected: &str,
        hint: String,
    ) {
        let (file, line) = (self.folder.shown(&at.0), at.1);
        let expected = expected.to_owned();
        self.folder.fault(Fault {
            file,
            line,
            place,
            found,
            expected,
            hint,
        });
    }

    fn refuse_twins(&self, rows: &Rows) {
        let mut seen = BTreeSet::new();
        let nodes = rows
            .nodes
            .iter()
            .map(|node| (node.name.as_str(), &node.written));
        let bodies = rows.nodes.iter().flat_map(|node| {
            let bodies = node.storage().map_or(&[][..], |storage| &storage.bodies);
            bodies
                .iter()
                .map(|body| (body.name.as_str(), &node.written))
        });
        let users = rows.users.iter().map(|(user, at)| (user.name.as_str(), at));
        let minimums = rows
            .minimum_flows
            .iter()
            .map(|(flow, at)| (flow.name.as_str(), at));
        for (name, at) in nodes.chain(bodies).chain(users).chain(minimums) {
            if !seen.insert(name) {
                let found = format!("the name `{name}` a second time");
                let expected = "names that stand for one thing in all basins";
                self.fault(at, "key `name`".into(), found, expected, String::new());
            }
        }
        let mut links = BTreeSet::new();
        for (link, at) in &rows.links {
            if !links.insert(&link.name) {
                let found = format!("the link `{}` a second time", link.name);
                let hint = "give one of them a `name`".to_owned();
                self.fault(
                    at,
                    "[[link]]".into(),
                    found,
                    "links with names of their own",
                    hint,
                );
            }
        }
    }

    fn refuse_strangers(&self, rows: &Rows, parties: &[String]) {
        let nodes = rows
            .nodes
            .iter()
            .map(|node| (&node.party, &node.name, &node.written));
        let users = rows
            .users
            .iter()
            .map(|(user, at)| (&user.party, &user.name, at));
        let minimums = rows
            .minimum_flows
            .iter()
            .map(|(flow, at)| (&flow.party, &flow.name, at));
        for (party, name, at) in nodes.chain(users).chain(minimums) {
            if !parties.contains(party) {
                let known = parties.iter().map(String::as_str);
                let place = format!("\"{name}\", key `party`");
                let expected = "one of the `parties` of model.toml";
                self.fault(
                    at,
                    place,
                    format!("`{party}`"),
                    expected,
                    nearest(party, known),
                );
            }
        }
    }

    fn place(
        &self,
        places: &Places,
        name: &str,
        key: &str,
        label: &str,
        at: &(String, usize),
    ) -> Option<usize> {
        self.place_or_body(places, name, key, label, at)
            .map(|(node, _)| node)
    }

    fn place_or_body(
        &self,
        places: &Places,
        name: &str,
        key: &str,
        label: &str,
        at: &(String, usize),
    ) -> Option<(usize, Option<usize>)> {
        let found = places.0.get(name).copied();
        if found.is_none() && !self.broken.iter().any(|broken| broken == name) {
            let place = format!("{label}, key `{key}`");
            let hint = nearest(name, places.names());
            self.fault(at, place, format!("`{name}`"), "the name of a node", hint);
        }
        found
    }

    fn ends(
        &self,
        nodes: &[Node],
        places: &Places,
        link: &Link,
        at: &(String, usize),
    ) -> Option<Ends> {
        let from = self.place(places, &link.from, "from", "[[link]]", at);
        let to = self.place_or_body(places, &link.to, "to", "[[link]]", at);
        let (from, (to, body)) = (from?, to?);
        let bodies = nodes[to]
            .storage()
            .map_or(&[][..], |storage| &storage.bodies);
        if body.is_none() && !bodies.is_empty() {
            let known = listed(bodies.iter().map(|body| body.name.as_str()));
            let found = format!("`{}`, a lake with bodies", link.to);
            let expected = format!("the body in which the river ends: {known}");
            self.fault(
                at,
                "[[link]], key `to`".into(),
                found,
                &expected,
                String::new(),
            );
        }
        Some(Ends { from, to, body })
    }

    fn withdrawal(
        &self,
        nodes: &[Node],
        places: &Places,
        row: &Written<User>,
    ) -> Option<Withdrawal> {
        let (user, at) = row;
        let label = format!("[[user]] \"{}\"", user.name);
        let from = self.place(places, &user.takes_from, "takes_from", &label, at);
        let to = user
            .returns_to
            .as_deref()
            .map(|to| self.place(places, to, "returns_to", &label, at));
        let to = match to {
            Some(to) => Some(to?),
            None => None,
        };
        let from = from?;
        for (key, node) in [("takes_from", Some(from)), ("returns_to", to)] {
            let Some(node) = node.map(|node| &nodes[node]) else {
                continue;
            };
            if node
                .storage()
                .is_some_and(|storage| !storage.bodies.is_empty())
            {
                let found = format!("`{}`, a lake with bodies", node.name);
                let expected = "a node of the river: use of such a lake has no body to book it to";
                self.fault(
                    at,
                    format!("{label}, key `{key}`"),
                    found,
                    expected,
                    String::new(),
                );
            }
        }
        Some(Withdrawal { from, to })
    }

    /// Checks the links of each node; gives the canal that leads to each canal node.
    fn check_shape(&self, draft: &Draft) -> Option<Vec<Option<usize>>> {
        let nodes = &draft.rows.nodes;
        let mut canal_of = vec![None; nodes.len()];
        let mut sound = true;
        for (place, node) in nodes.iter().enumerate() {
            let into = draft.links_where(|ends| ends.to == place);
            let out = draft.links_where(|ends| ends.from == place);
            let canal_in = into
                .iter()
                .find(|link| draft.kind(**link) == LinkKind::Canal);
            let rivers_out = out
                .iter()
                .filter(|l| draft.kind(**l) == LinkKind::River)
                .count();
            let fault = match (canal_in, &node.kind) {
                (Some(canal), _) if draft.is_fed_by_canal_alone(place, &into, rivers_out) => {
                    canal_of[place] = Some(*canal);
                    continue;
                }
                (Some(canal), _) => Some((
                    format!("the canal `{}` leads here", draft.rows.links[*canal].0.name),
                    "a [[junction]] that has one canal in, no river and no return flow",
                )),
                (None, NodeKind::Outlet) if !out.is_empty() => Some((
                    format!("{} links out", out.len()),
                    "an outlet that nothing leaves",
                )),
                (None, NodeKind::Inflow(_)) if !into.is_empty() => Some((
                    format!("{} links in", into.len()),
                    "an inflow that nothing enters",
                )),
                (None, NodeKind::Outlet) => None,
                (None, NodeKind::Storage(storage)) if storage.dam.is_none() => {
                    match (rivers_out, storage.curve.outflow_m3s.is_some()) {
                        (0, false) | (1, true) => None,
                        (0, true) => Some((
                            "an outflow in the curve, and no river link out".into(),
                            "one river link from the lake",
                        )),
                        _ => Some((
                            format!("{rivers_out} river links out and no outflow in the curve"),
                            "a column `outflow_m3s` in the lake's curve and one river link out",
                        )),
                    }
                }
                (None, _) if rivers_out != 1 => Some((
                    format!("{rivers_out} river links out"),
                    "one river link out (further ones are canals), or an [[outlet]]",
                )),
                _ => None,
            };
            if let Some((found, expected)) = fault {
                let label = format!("\"{}\"", node.name);
                self.fault(&node.written, label, found, expected, String::new());
                sound = false;
            }
        }
        sound.then_some(canal_of)
    }

    fn order(&self, draft: &Draft, canal_of: &[Option<usize>]) -> Option<Vec<usize>> {
        let nodes = &draft.rows.nodes;
        let keys: Vec<_> = nodes
            .iter()
            .map(|node| (node.basin, node.name.as_str()))
            .collect();
        let mut edges: Vec<_> = draft.ends.iter().map(|ends| (ends.from, ends.to)).collect();
        for user in &draft.users {
            let head = draft.head(user.from, canal_of).0;
            edges.extend(user.to.map(|to| (head, to)));
        }
        match river_order(&keys, &edges) {
            Ok(order) => Some(order),
            Err(ring) => {
                let names = listed(ring.iter().map(|node| nodes[*node].name.as_str()));
                let expected = "water that never comes back to where it was";
                let hint = "look at the links and at the `returns_to` of users".to_owned();
                let found = format!("a loop through {names}");
                self.fault(
                    &nodes[ring[0]].written,
                    "network".into(),
                    found,
                    expected,
                    hint,
                );
                None
            }
        }
    }

    /// Refuses users and minimum flows that no water can reach.
    fn refuse_dry(&self, draft: &Draft, order: &[usize]) {
        let nodes = &draft.rows.nodes;
        let mut wet: Vec<bool> = nodes
            .iter()
            .map(|n| matches!(n.kind, NodeKind::Inflow(_)))
            .collect();
        for &node in order {
            let from_links = draft
                .ends
                .iter()
                .any(|ends| ends.to == node && wet[ends.from]);
            let from_users = draft
                .users
                .iter()
                .any(|user| user.to == Some(node) && wet[user.from]);
            wet[node] |= from_links || from_users;
        }
        let users = draft.rows.users.iter().zip(&draft.users);
        let users = users.map(|((user, at), way)| (&user.name, at, way.from));
        let minimums = draft.rows.minimum_flows.iter().zip(&draft.minimums);
        let minimums = minimums.map(|((flow, at), node)| (&flow.name, at, *node));
        for (name, at, from) in users.chain(minimums).filter(|(_, _, from)| !wet[*from]) {
            let found = format!("`{}`, which no inflow reaches", nodes[from].name);
            let expected = "a node with a source of water";
            let hint = "join it to an [[inflow]] by [[link]] tables".to_owned();
            self.fault(at, format!("\"{name}\""), found, expected, hint);
        }
    }
}

impl Draft {
    fn links_where(&self, holds: impl Fn(&Ends) -> bool) -> Vec<usize> {
        (0..self.ends.len())
            .filter(|link| holds(&self.ends[*link]))
            .collect()
    }

    fn kind(&self, link: usize) -> LinkKind {
        self.rows.links[link].0.kind
    }

    fn is_fed_by_canal_alone(&self, place: usize, into: &[usize], rivers_out: usize) -> bool {
        matches!(self.rows.nodes[place].kind, NodeKind::Junction)
            && into.len() == 1
            && rivers_out == 0
            && self.users.iter().all(|user| user.to != Some(place))
            && self.minimums.iter().all(|node| *node != place)
    }

    /// The river node at the head of the canals that lead to a node, and those canals in order.
    fn head(&self, node: usize, canal_of: &[Option<usize>]) -> (usize, Vec<usize>) {
        let (mut at, mut canals) = (node, Vec::new());
        while let Some(canal) = canal_of[at]
            && canals.len() <= self.ends.len()
        {
            canals.insert(0, canal);
            at = self.ends[canal].from;
        }
        (at, canals)
    }

    /// The network with nodes in `order` and all else sorted after them.
    fn sorted(self, parties: Vec<String>, order: &[usize], canal_of: &[Option<usize>]) -> Network {
        let mut rank = vec![0; order.len()];
        for (place, node) in order.iter().enumerate() {
            rank[*node] = place;
        }
        let links = self.sorted_links(&rank);
        let mut link_rank = vec![0; links.len()];
        for (place, link) in links.iter().enumerate() {
            link_rank[*link] = place;
        }
        let path = |user: &Withdrawal| {
            let (head, canals) = self.head(user.from, canal_of);
            Path {
                head: rank[head],
                canals: canals.into_iter().map(|canal| link_rank[canal]).collect(),
                returns_to: user.to.map(|to| rank[to]),
            }
        };
        let mut users: Vec<(Path, User)> = self
            .users
            .iter()
            .zip(&self.rows.users)
            .map(|(way, row)| (path(way), row.0.clone()))
            .collect();
        users.sort_by(|l, r| (l.0.head, &l.1.name).cmp(&(r.0.head, &r.1.name)));
        let mut minimum_flows: Vec<(MinimumFlow, usize)> = self
            .rows
            .minimum_flows
            .iter()
            .zip(&self.minimums)
            .map(|(row, node)| (row.0.clone(), rank[*node]))
            .collect();
        minimum_flows.sort_by(|l, r| (l.1, &l.0.name).cmp(&(r.1, &r.0.name)));
        let ends: Vec<Ends> = links
            .iter()
            .map(|link| self.ends[*link])
            .map(|ends| Ends {
                from: rank[ends.from],
                to: rank[ends.to],
                body: ends.body,
            })
            .collect();
        let links: Vec<Link> = links
            .iter()
            .map(|l| self.rows.links[*l].0.clone())
            .collect();
        let mut river = vec![None; order.len()];
        for (link, ends) in ends.iter().enumerate() {
            if links[link].kind == LinkKind::River {
                river[ends.from] = Some(link);
            }
        }
        let nodes = order
            .iter()
            .map(|node| self.rows.nodes[*node].clone())
            .collect();
        let (paths, users) = users.into_iter().unzip();
        let basins = self.rows.basins;
        Network {
            parties,
            basins,
            nodes,
            links,
            ends,
            river,
            users,
            paths,
            minimum_flows,
        }
    }

    fn sorted_links(&self, rank: &[usize]) -> Vec<usize> {
        let mut links: Vec<usize> = (0..self.ends.len()).collect();
        links.sort_by_key(|link| {
            let ends = &self.ends[*link];
            (
                rank[ends.from],
                rank[ends.to],
                self.rows.links[*link].0.name.clone(),
            )
        });
        links
    }
}
