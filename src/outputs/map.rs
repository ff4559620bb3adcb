//! The network as a schematic.

use super::chart::schematic::{LinkSymbol, NodeSymbol, SchematicLink, SchematicNode, schematic};
use crate::network::link::LinkKind;
use crate::network::{Network, NodeKind};

/// The schematic of a network as SVG.
pub fn map(title: &str, network: &Network) -> String {
    let mut nodes: Vec<SchematicNode> = network
        .nodes
        .iter()
        .map(|node| SchematicNode {
            name: node.name.clone(),
            kind: symbol(&node.kind),
            party: node.party.clone(),
            basin: network.basins[node.basin].clone(),
        })
        .collect();
    let mut links: Vec<SchematicLink> = network
        .ends
        .iter()
        .zip(&network.links)
        .map(|(ends, link)| SchematicLink {
            from: ends.from,
            to: ends.to,
            kind: match link.kind {
                LinkKind::River | LinkKind::Spill => LinkSymbol::River,
                LinkKind::Canal => LinkSymbol::Canal,
            },
            crosses_border: network.party_of(ends.from) != network.party_of(ends.to),
        })
        .collect();
    for (user, path) in network.users.iter().zip(&network.paths) {
        let (from, at) = (
            path.canals
                .last()
                .map_or(path.head, |c| network.ends[*c].to),
            nodes.len(),
        );
        nodes.push(SchematicNode {
            name: user.name.clone(),
            kind: NodeSymbol::User,
            party: user.party.clone(),
            basin: network.basins[network.nodes[path.head].basin].clone(),
        });
        let link = |from, to, kind| SchematicLink {
            from,
            to,
            kind,
            crosses_border: false,
        };
        links.push(link(from, at, LinkSymbol::Withdrawal));
        links.extend(path.returns_to.map(|to| link(at, to, LinkSymbol::Return)));
    }
    schematic(title, &nodes, &links)
}

fn symbol(kind: &NodeKind) -> NodeSymbol {
    match kind {
        NodeKind::Inflow(_) => NodeSymbol::Inflow,
        NodeKind::Junction => NodeSymbol::Junction,
        NodeKind::Gauge => NodeSymbol::Gauge,
        NodeKind::Delta(_) => NodeSymbol::Delta,
        NodeKind::Storage(storage) if storage.dam.is_some() => NodeSymbol::Reservoir,
        NodeKind::Storage(_) => NodeSymbol::Lake,
        NodeKind::Outlet => NodeSymbol::Outlet,
    }
}
