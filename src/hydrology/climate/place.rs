//! Rivers and storages: the places that a climate acts on.

use super::Water;
use crate::inputs::series::Monthly;
use crate::network::{Network, NodeKind};

/// A river where it enters the network, or a storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Its basin.
    pub basin: &'a str,
    /// Name of its node.
    pub node: &'a str,
    /// What stands there.
    pub kind: Kind<'a>,
}

/// What a climate may find at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// An inflow of a river of this name.
    River(&'a str),
    /// A lake or reservoir.
    Storage,
}

impl<'a> Place<'a> {
    /// The place at a node; none where neither a river enters nor water is stored.
    pub fn of(network: &'a Network, node: usize) -> Option<Self> {
        let row = &network.nodes[node];
        let kind = match &row.kind {
            NodeKind::Inflow(inflow) => Kind::River(&inflow.river),
            NodeKind::Storage(_) => Kind::Storage,
            _ => return None,
        };
        Some(Self {
            basin: &network.basins[row.basin],
            node: &row.name,
            kind,
        })
    }

    /// All places of a network, with their nodes.
    pub fn all(network: &'a Network) -> impl Iterator<Item = (usize, Self)> {
        let nodes = 0..network.nodes.len();
        nodes.filter_map(|node| Some((node, Self::of(network, node)?)))
    }

    /// The water of the place.
    pub fn waters(&self) -> &'static [Water] {
        match self.kind {
            Kind::River(_) => &[Water::Flow],
            Kind::Storage => &[Water::Rain, Water::Evaporation],
        }
    }

    /// Whether a river enters here.
    pub fn is_river(&self) -> bool {
        self.kind != Kind::Storage
    }
}

/// The series at a node that a climate changes: a flow, or rain and evaporation.
pub fn series(kind: &NodeKind) -> Vec<(Water, &Monthly)> {
    match kind {
        NodeKind::Inflow(inflow) => vec![(Water::Flow, &inflow.flow)],
        NodeKind::Storage(storage) => vec![
            (Water::Rain, &storage.precipitation),
            (Water::Evaporation, &storage.evaporation),
        ],
        _ => Vec::new(),
    }
}
