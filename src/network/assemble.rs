//! Joins the tables of all basins by name, and refuses what is no network.

use std::collections::BTreeMap;

use super::convexity::refuse_convex_deltas;
use super::draft::{Draft, Withdrawal};
use super::draws::refuse_uneven_draws;
use super::flood_rule::FloodRule;
use super::link::Link;
use super::rows::{Rows, Written};
use super::user::User;
use super::{Ends, Network, Node, NodeKind};
use crate::faults::{listed, near, nearest};
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
    pub(super) folder: &'f Folder,
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
}
