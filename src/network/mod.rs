//! What the inputs mean: rivers, lakes, canals and users, joined into one network.
//!
//! Each concept has a file that holds its type and reads its TOML table. [`rows`] collects the tables
//! of a folder, [`assemble`](assemble::assemble) joins them by name and refuses what is no network.

pub mod assemble;
mod convexity;
pub mod curve;
pub mod delta;
mod draft;
pub mod draws;
pub mod flood_rule;
pub mod floodplain;
pub mod hydrograph;
pub mod inflow;
pub mod levels;
pub mod link;
pub mod minimum_flow;
mod order;
pub mod plant;
mod plant_site;
pub mod rating;
pub mod rows;
pub mod salinity;
pub mod service;
mod shape;
pub mod sharing;
pub mod storage;
pub mod user;

use crate::inputs::origin::Origin;
use delta::Delta;
use inflow::Inflow;
use link::{Link, LinkKind};
use minimum_flow::MinimumFlow;
use plant::Plant;
use storage::Storage;
use user::User;

/// A place in the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Unique name.
    pub name: String,
    /// Party on whose territory it lies.
    pub party: String,
    /// Place of its basin in [`Network::basins`].
    pub basin: usize,
    /// What stands there.
    pub kind: NodeKind,
    /// The place of its table.
    pub written: Origin,
}

/// What stands at a node.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// A river enters the network.
    Inflow(Inflow),
    /// Waters meet or part.
    Junction,
    /// A place whose flow is reported.
    Gauge,
    /// Loses part of what flows in.
    Delta(Delta),
    /// A reservoir or lake.
    Storage(Box<Storage>),
    /// The river leaves the model.
    Outlet,
}

impl NodeKind {
    /// Whether a dam stands here.
    pub fn has_dam(&self) -> bool {
        matches!(self, Self::Storage(storage) if storage.dam.is_some())
    }
}

impl Node {
    /// The storage, where there is one.
    pub fn storage(&self) -> Option<&Storage> {
        match &self.kind {
            NodeKind::Storage(storage) => Some(storage),
            _ => None,
        }
    }

    /// The delta, where there is one.
    pub fn delta(&self) -> Option<&Delta> {
        match &self.kind {
            NodeKind::Delta(delta) => Some(delta),
            _ => None,
        }
    }
}

/// Ends of a link, by place in [`Network::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Upper node.
    pub from: usize,
    /// Lower node.
    pub to: usize,
    /// Body of the lake in which the link ends.
    pub body: Option<usize>,
}

/// The way of a user's water from the river to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// River node where it leaves the river.
    pub head: usize,
    /// Canals from the head to the user, in order.
    pub canals: Vec<usize>,
    /// Node that receives the return flow.
    pub returns_to: Option<usize>,
}

/// A network whose names are resolved and whose nodes stand in river order: every node after all from
/// which water can reach it, so that nothing depends on the order of tables in the files.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Parties in the order of `model.toml`.
    pub parties: Vec<String>,
    /// Basins in order of their folders.
    pub basins: Vec<String>,
    /// Nodes in river order.
    pub nodes: Vec<Node>,
    /// Links in river order of their upper ends.
    pub links: Vec<Link>,
    /// Ends of each link.
    pub ends: Vec<Ends>,
    /// Main link out of each node.
    pub river: Vec<Option<usize>>,
    /// Users in river order of their heads.
    pub users: Vec<User>,
    /// Way of each user's water.
    pub paths: Vec<Path>,
    /// Minimum flows in river order, with their nodes.
    pub minimum_flows: Vec<(MinimumFlow, usize)>,
    /// Hydropower plants in river order, with the nodes of their reservoirs.
    pub plants: Vec<(Plant, usize)>,
    /// Link along which each node's reservoir spills, where it is not the river.
    pub spillway: Vec<Option<usize>>,
    /// Rules of the classes of priority.
    pub sharing: sharing::Rules,
}

impl Network {
    /// Place of the node with this name.
    pub fn node(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.name == name)
    }

    /// Place of a node's party in [`Network::parties`].
    pub fn party_of(&self, node: usize) -> usize {
        self.party(&self.nodes[node].party)
    }

    /// Place of a party; `assemble` has refused unknown ones.
    pub fn party(&self, name: &str) -> usize {
        self.parties
            .iter()
            .position(|party| party == name)
            .unwrap_or(0)
    }

    /// The plant whose energy stands at a place among the minimum flows of a plan: after those of the network.
    pub fn plant_of(&self, minimum_flow: usize) -> Option<&Plant> {
        let place = minimum_flow.checked_sub(self.minimum_flows.len())?;
        self.plants.get(place).map(|(plant, _)| plant)
    }

    /// Name of what stands at a place among the minimum flows of a plan.
    pub fn kept_name(&self, minimum_flow: usize) -> &str {
        let flow = self.minimum_flows.get(minimum_flow);
        let flow = flow.map(|(flow, _)| flow.name.as_str());
        let plant = || self.plant_of(minimum_flow).map(|plant| plant.name.as_str());
        flow.or_else(plant).unwrap_or_default()
    }

    /// River links that cross from one party's territory to another's.
    pub fn borders(&self) -> impl Iterator<Item = usize> {
        let crosses = |ends: &Ends| self.party_of(ends.from) != self.party_of(ends.to);
        (0..self.links.len())
            .filter(move |link| self.links[*link].kind == LinkKind::River)
            .filter(move |link| crosses(&self.ends[*link]))
    }

    /// Nodes below a border, each once, in river order.
    pub fn border_nodes(&self) -> Vec<usize> {
        let mut nodes: Vec<usize> = self.borders().map(|link| self.ends[link].to).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    /// Nodes with a storage.
    pub fn storages(&self) -> impl Iterator<Item = (usize, &Storage)> {
        let nodes = self.nodes.iter().enumerate();
        nodes.filter_map(|(place, node)| Some((place, node.storage()?)))
    }

    /// Nodes below which water leaves only by evaporation: terminal lakes.
    pub fn is_terminal(&self, node: usize) -> bool {
        self.river[node].is_none() && self.nodes[node].storage().is_some()
    }
}
