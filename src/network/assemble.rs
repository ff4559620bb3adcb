//! Joins the tables of all basins by name, and refuses what is no network.

use std::collections::BTreeMap;

use super::convexity::refuse_convex_deltas;
use super::draws::refuse_uneven_draws;
use super::flood_rule::FloodRule;
use super::link::{Link, LinkKind};
use super::minimum_flow::MinimumFlow;
use super::order::river_order;
use super::plant::Plant;
use super::rows::{Rows, Written};
use super::user::User;
use super::{Ends, Network, Node, NodeKind, Path};
use crate::faults::{counted, listed, near, nearest};
use crate::inputs::folder::Folder;
use crate::inputs::origin::Origin;

/// The network of the rows, where it has a shape. Parties are not checked where `parties` could not be read.
///
/// Names are judged whatever else is wrong; the shape of the network only where every table of it could
/// be read and every name is known, since a gap would show as many faults that it does not have.
pub fn assemble(folder: &Folder, rows: Rows, parties: Option<Vec<String>>) -> Option<Network> {
    let desk = Desk {
        folder,
        has_unread: rows.has_unread,
    };
    if let Some(parties) = &parties {
        desk.refuse_strangers(&rows, parties);
    }
    let names_are_unique = desk.refuse_twins(&rows);
    let places = Places::of(&rows.nodes);
    let ends = each(&rows.links, |row| desk.ends(&rows.nodes, &places, row));
    let users = each(&rows.users, |row| {
        desk.withdrawal(&rows.nodes, &places, row)
    });
    let minimums = each(&rows.minimum_flows, |(flow, at)| {
        desk.place(&places, &flow.at, "at", at)
    });
    let sources_are_known = each(&rows.minimum_flows, |(flow, _)| {
        let rule = flow.rule.as_ref();
        rule.is_none_or(|rule| desk.knows_sources(&rows.nodes, &places, rule))
            .then_some(())
    });
    let plants = each(&rows.plants, |row| desk.dam(&rows.nodes, &places, row));
    desk.refuse_twin_plants(&rows.plants);
    if rows.has_gaps || rows.has_unread || !names_are_unique {
        return None;
    }
    let draft = Draft {
        ends: ends?,
        users: users?,
        minimums: minimums?,
        plants: plants?,
        rows,
    };
    sources_are_known?;
    let canal_of = desk.check_shape(&draft);
    let order = desk.order(&draft, canal_of.as_deref());
    let (canal_of, order) = (canal_of?, order?);
    desk.refuse_dry(&draft, &order);
    let network = draft.sorted(parties.unwrap_or_default(), &order, &canal_of);
    refuse_convex_deltas(folder, &network);
    refuse_uneven_draws(folder, &network);
    Some(network)
}

/// All answers, or none where one is missing; asks for every one, so that each puts down its fault.
fn each<R, T>(rows: &[R], ask: impl Fn(&R) -> Option<T>) -> Option<Vec<T>> {
    let answers: Vec<Option<T>> = rows.iter().map(ask).collect();
    answers.into_iter().collect()
}

/// Rows with their names resolved, still in the order of the files.
struct Draft {
    rows: Rows,
    ends: Vec<Ends>,
    users: Vec<Withdrawal>,
    minimums: Vec<usize>,
    plants: Vec<usize>,
}

/// Nodes that a user takes from and returns to.
#[derive(Clone, Copy)]
struct Withdrawal {
    from: usize,
    to: Option<usize>,
}

/// Where a name leads: a node, or a body of the lake there.
pub(super) struct Places<'a>(BTreeMap<&'a str, (usize, Option<usize>)>);

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
pub(super) struct Desk<'f> {
    folder: &'f Folder,
    has_unread: bool,
}

impl Desk<'_> {
    pub(super) fn fault(
        &self,
        at: &Origin,
        key: &str,
        found: String,
        expected: &str,
        hint: String,
    ) {
        self.folder
            .fault(at.fault(key, found, expected.to_owned(), hint));
    }

    /// Refuses a name that stands for two things; true where there is none.
    fn refuse_twins(&self, rows: &Rows) -> bool {
        let nodes = rows.nodes.iter().map(|node| (&node.name, &node.written));
        let bodies = rows.nodes.iter().flat_map(|node| {
            let bodies = node.storage().map_or(&[][..], |storage| &storage.bodies);
            bodies.iter().map(|body| (&body.name, &node.written))
        });
        let users = rows.users.iter().map(|(user, at)| (&user.name, at));
        let flows = rows.minimum_flows.iter();
        let flows = flows.map(|(flow, at)| (&flow.name, at));
        let links = rows.links.iter().map(|(link, at)| (&link.name, at));
        let plants = rows.plants.iter().map(|(plant, at)| (&plant.name, at));
        let things = nodes.chain(bodies).chain(users).chain(flows).chain(plants);
        let things_are_unique = self.refuse_twins_among(things, "each thing of all basins");
        self.refuse_twins_among(links, "each link") && things_are_unique
    }

    fn refuse_twins_among<'r>(
        &self,
        things: impl Iterator<Item = (&'r String, &'r Origin)>,
        what: &str,
    ) -> bool {
        let mut seen: BTreeMap<&String, &Origin> = BTreeMap::new();
        let mut sound = true;
        for (name, at) in things {
            if let Some(first) = seen.insert(name, at) {
                let found = format!("`{name}` a second time");
                let expected = format!("a name of its own for {what}");
                let line = first.line_of("name");
                let hint = format!("the first stands in {}, line {line}", first.file);
                self.fault(at, "name", found, &expected, hint);
                sound = false;
            }
        }
        sound
    }

    fn refuse_strangers(&self, rows: &Rows, parties: &[String]) {
        let nodes = rows.nodes.iter().map(|node| (&node.party, &node.written));
        let users = rows.users.iter().map(|(user, at)| (&user.party, at));
        let flows = rows.minimum_flows.iter();
        let flows = flows.map(|(flow, at)| (&flow.party, at));
        for (party, at) in nodes.chain(users).chain(flows) {
            if !parties.contains(party) {
                let hint = nearest(party, parties.iter().map(String::as_str));
                let expected = "one of the `parties` of model.toml";
                self.fault(at, "party", format!("`{party}`"), expected, hint);
            }
        }
    }

    pub(super) fn place(
        &self,
        places: &Places,
        name: &str,
        key: &str,
        at: &Origin,
    ) -> Option<usize> {
        let place = self.place_or_body(places, name, "the name of a node", key, at);
        place.map(|(node, _)| node)
    }

    fn place_or_body(
        &self,
        places: &Places,
        name: &str,
        expected: &str,
        key: &str,
        at: &Origin,
    ) -> Option<(usize, Option<usize>)> {
        let found = places.0.get(name).copied();
        // A name like none that is known may stand in the file or table that could not be read.
        let may_exist = self.has_unread && near(name, places.names()).is_none();
        if found.is_none() && !may_exist && !self.folder.excuses(name) {
            let hint = nearest(name, places.names());
            self.fault(at, key, format!("`{name}`"), expected, hint);
        }
        found
    }

    /// Refuses storages and inflows of a rule that are none.
    fn knows_sources(&self, nodes: &[Node], places: &Places, rule: &FloodRule) -> bool {
        let storages = rule.storages.iter().map(|name| ("storages", name));
        let inflows = rule.inflows.iter().map(|name| ("inflows", name));
        let mut sound = true;
        for (key, name) in storages.chain(inflows) {
            let Some(node) = self.place(places, name, key, &rule.written) else {
                sound = false;
                continue;
            };
            let (is_one, expected) = match key {
                "storages" => (nodes[node].storage().is_some(), "a lake or reservoir"),
                _ => (
                    matches!(nodes[node].kind, NodeKind::Inflow(_)),
                    "an [[inflow]]",
                ),
            };
            if !is_one {
                let found = format!("`{name}`");
                self.fault(&rule.written, key, found, expected, String::new());
                sound = false;
            }
        }
        sound
    }

    fn ends(&self, nodes: &[Node], places: &Places, row: &Written<Link>) -> Option<Ends> {
        let (link, at) = row;
        let from = self.place(places, &link.from, "from", at);
        let either = "the name of a node or of a body of a lake";
        let to = self.place_or_body(places, &link.to, either, "to", at);
        let (from, (to, body)) = (from?, to?);
        let bodies = nodes[to]
            .storage()
            .map_or(&[][..], |storage| &storage.bodies);
        if body.is_none() && !bodies.is_empty() {
            let known = listed(bodies.iter().map(|body| body.name.as_str()));
            let found = format!("`{}`, a lake with bodies", link.to);
            let expected = format!("the body in which the river ends: {known}");
            self.fault(at, "to", found, &expected, String::new());
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
        let from = self.place(places, &user.takes_from, "takes_from", at);
        let to = user
            .returns_to
            .as_deref()
            .map(|to| self.place(places, to, "returns_to", at));
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
                self.fault(at, key, found, expected, String::new());
            }
        }
        Some(Withdrawal { from, to })
    }

    /// Checks the links of each node; gives the canal that leads to each canal node.
    fn check_shape(&self, draft: &Draft) -> Option<Vec<Option<usize>>> {
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
    fn order(&self, draft: &Draft, canal_of: Option<&[Option<usize>]>) -> Option<Vec<usize>> {
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
    fn refuse_dry(&self, draft: &Draft, order: &[usize]) {
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

impl Draft {
    /// The links of each node that `of` names an end of.
    fn links_by(&self, of: impl Fn(&Ends) -> usize) -> Vec<Vec<usize>> {
        let mut links = vec![Vec::new(); self.rows.nodes.len()];
        for (link, ends) in self.ends.iter().enumerate() {
            links[of(ends)].push(link);
        }
        links
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
        let plants = self.rows.plants.iter().zip(&self.plants);
        let plants = plants.map(|(row, node)| (row.0.clone(), rank[*node]));
        let mut plants: Vec<(Plant, usize)> = plants.collect();
        plants.sort_by_key(|(_, node)| *node);
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
        let mut spillway = vec![None; order.len()];
        for (link, ends) in ends.iter().enumerate() {
            if links[link].kind == LinkKind::Spill {
                spillway[ends.from] = Some(link);
            }
        }
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
            plants,
            spillway,
            sharing: BTreeMap::new(),
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
