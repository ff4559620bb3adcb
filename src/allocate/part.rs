//! The part of the network in which a group of claims competes, with places of its own.
//!
//! Claims change flows only from where they take down to the last bound. What comes from elsewhere is a fixed
//! number while they are served, so that a contest over a few nodes costs no more in a large network.

use std::sync::Arc;

use super::Bound;
use super::desk::Desk;
use super::groups::Group;
use super::machine::Machine;
use super::scheme::{Below, Canal, OwnReturn, Passes, Scheme, Way};
use super::standing::{Scene, Standing};
use crate::plan::{Claim, Place};

/// A part of the network; lists give the place in the whole of each place in the part.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub(crate) scheme: Arc<Scheme>,
    pub(crate) group: Group,
    nodes: Vec<usize>,
    storages: Vec<usize>,
    users: Vec<usize>,
    minimum_flows: Vec<usize>,
    zones: Vec<usize>,
    links: Vec<usize>,
    /// Canals that lose by a curve, by their places among those.
    curved: Vec<usize>,
    /// Rivers into each node from outside: node above and part that arrives.
    outside: Vec<Vec<(usize, f64)>>,
}

/// Place in the part of a node or storage of the whole: both stand in river order.
fn place_of(list: &[usize], place: usize) -> Option<usize> {
    list.binary_search(&place).ok()
}

fn place_in(list: &mut Vec<usize>, place: usize) -> usize {
    let known = list.iter().position(|other| *other == place);
    known.unwrap_or_else(|| {
        list.push(place);
        list.len() - 1
    })
}

impl Part {
    /// The part of a group.
    pub(super) fn of(whole: &Scheme, group: &Group) -> Self {
        let nodes = group.nodes.clone();
        let inside = |node: &usize| place_of(&nodes, *node);
        let storages: Vec<usize> = nodes
            .iter()
            .filter_map(|node| match whole.places[*node] {
                Place::Storage(storage) => Some(storage),
                _ => None,
            })
            .collect();
        let mut lists = Self {
            scheme: Arc::new(Scheme::default()),
            group: group.clone(),
            users: Vec::new(),
            minimum_flows: Vec::new(),
            zones: Vec::new(),
            links: Vec::new(),
            curved: Vec::new(),
            outside: nodes
                .iter()
                .map(|node| outside(whole, &nodes, *node))
                .collect(),
            storages: storages.clone(),
            nodes: nodes.clone(),
        };
        let mut scheme = Scheme {
            classes: Vec::new(),
            below: nodes
                .iter()
                .map(|node| below(whole, &nodes, *node))
                .collect(),
            above: nodes
                .iter()
                .map(|node| above(whole, &nodes, *node))
                .collect(),
            places: nodes
                .iter()
                .map(|node| place(whole, &storages, *node))
                .collect(),
            storage_nodes: storages
                .iter()
                .filter_map(|storage| inside(&whole.storage_nodes[*storage]))
                .collect(),
            ..Scheme::default()
        };
        let claims = group
            .claims
            .iter()
            .map(|claim| lists.claim(whole, &mut scheme, *claim));
        let claims = claims.collect();
        scheme.links = lists.links.len();
        scheme.curved = lists.curved.len();
        lists.group = Group {
            claims,
            nodes: (0..nodes.len()).collect(),
            bounds: nodes.iter().map(|node| group.bounds[*node]).collect(),
            part: None,
            ..group.clone()
        };
        lists.scheme = Arc::new(scheme);
        lists
    }

    /// A claim by its places in the part.
    fn claim(&mut self, whole: &Scheme, scheme: &mut Scheme, claim: Claim) -> Claim {
        let node = place_of(&self.nodes, whole.node(claim)).unwrap_or_default();
        match claim {
            Claim::User(user) => {
                let way = self.way(&whole.users[user], node);
                scheme.users.push(way);
                Claim::User(place_in(&mut self.users, user))
            }
            Claim::MinimumFlow(place) => {
                scheme.minimum_nodes.push(node);
                Claim::MinimumFlow(place_in(&mut self.minimum_flows, place))
            }
            Claim::Release(storage) => Claim::Release(place_in(&mut self.storages, storage)),
            Claim::Hold(storage) => Claim::Hold(place_in(&mut self.storages, storage)),
            Claim::Zone(zone) => {
                let storage = place_in(&mut self.storages, whole.zone_storages[zone]);
                scheme.zone_storages.push(storage);
                Claim::Zone(place_in(&mut self.zones, zone))
            }
        }
    }

    fn way(&mut self, way: &Way, head: usize) -> Way {
        let canals = way.canals.iter().map(|canal| self.canal(canal)).collect();
        // A return below the last bound makes nothing good that is short.
        let own = way.own_return.and_then(|own| {
            let node = place_of(&self.nodes, own.node)?;
            Some(OwnReturn { node, ..own })
        });
        Way {
            head,
            arrives: way.arrives,
            canals,
            bends: way.bends,
            own_return: own,
            late_return: None,
        }
    }

    fn canal(&mut self, canal: &Canal) -> Canal {
        let passes = match canal.passes {
            Passes::Part(part) => Passes::Part(part),
            Passes::Curve { loss, place } => {
                let place = place_in(&mut self.curved, place);
                Passes::Curve { loss, place }
            }
        };
        Canal {
            link: place_in(&mut self.links, canal.link),
            passes,
            ..*canal
        }
    }

    /// The scene of the part and what stands in it; what comes from outside is part of what forms.
    pub(super) fn cut<M: Machine>(
        &self,
        desk: &mut Desk<M>,
    ) -> (Scene<M::Number>, Standing<M::Number>) {
        let zero = desk.machine.number(0.0);
        // In river order: all above is found with the last.
        desk.refresh(self.nodes.last().copied().unwrap_or_default());
        let forms = (0..self.nodes.len())
            .map(|place| self.forms(desk, place))
            .collect();
        let pick =
            |all: &[M::Number], places: &[usize]| places.iter().map(|place| all[*place]).collect();
        let (scene, standing) = (desk.scene, &desk.standing);
        let part = Scene {
            forms,
            holds: pick(&scene.holds, &self.storages),
            dead: pick(&scene.dead, &self.storages),
            most: pick(&scene.most, &self.storages),
            least: pick(&scene.least, &self.storages),
            target: pick(&scene.target, &self.storages),
            zone: pick(&scene.zone, &self.zones),
            demand: pick(&scene.demand, &self.users),
            returns: pick(&scene.returns, &self.users),
            minimum: pick(&scene.minimum, &self.minimum_flows),
            capacity: pick(&scene.capacity, &self.links),
        };
        let stands = Standing {
            taken: pick(&standing.taken, &self.nodes),
            returned: vec![zero; self.nodes.len()],
            kept: pick(&standing.kept, &self.nodes),
            released: pick(&standing.released, &self.storages),
            floor: pick(&standing.floor, &self.storages),
            carried: pick(&standing.carried, &self.links),
            arrives: pick(&standing.arrives, &self.curved),
        };
        (part, stands)
    }

    /// A bound by the places of the whole network.
    pub(super) fn in_whole(&self, bound: Bound) -> Bound {
        match bound {
            Bound::Nothing => Bound::Nothing,
            Bound::Water(node) => Bound::Water(self.nodes[node]),
            Bound::Senior(node) => Bound::Senior(self.nodes[node]),
            Bound::MinimumFlow(node) => Bound::MinimumFlow(self.nodes[node]),
            Bound::Canal(link) => Bound::Canal(self.links[link]),
            Bound::Storage(storage) => Bound::Storage(self.storages[storage]),
            Bound::Release(storage) => Bound::Release(self.storages[storage]),
            Bound::Outlet(storage) => Bound::Outlet(self.storages[storage]),
        }
    }

    fn forms<M: Machine>(&self, desk: &mut Desk<M>, place: usize) -> M::Number {
        let node = self.nodes[place];
        let mut forms = desk
            .machine
            .add(desk.scene.forms[node], desk.standing.returned[node]);
        for &(above, passes) in &self.outside[place] {
            let passes = desk.machine.number(passes);
            let arrives = desk.machine.mul(passes, desk.flows.leaves[above]);
            forms = desk.machine.add(forms, arrives);
        }
        forms
    }
}

fn outside(whole: &Scheme, nodes: &[usize], node: usize) -> Vec<(usize, f64)> {
    let above = whole.above[node].iter();
    above
        .filter(|(above, _)| place_of(nodes, *above).is_none())
        .copied()
        .collect()
}

fn above(whole: &Scheme, nodes: &[usize], node: usize) -> Vec<(usize, f64)> {
    let above = whole.above[node].iter();
    above
        .filter_map(|(above, passes)| Some((place_of(nodes, *above)?, *passes)))
        .collect()
}

fn below(whole: &Scheme, nodes: &[usize], node: usize) -> Option<Below> {
    let below = whole.below[node]?;
    let node = place_of(nodes, below.node)?;
    Some(Below { node, ..below })
}

fn place(whole: &Scheme, storages: &[usize], node: usize) -> Place {
    match whole.places[node] {
        Place::Storage(storage) => Place::Storage(place_of(storages, storage).unwrap_or_default()),
        place => place,
    }
}
