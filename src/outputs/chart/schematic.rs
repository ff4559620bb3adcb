//! A schematic of a river network as SVG: every basin in a block of its own, its main stem from
//! left to right, tributaries above and users and canals below.
//!
//! The main stem is the path with the most river links. A stem too long for one line goes on in a
//! second one below.

mod drawing;
mod layout;
mod legend;
mod network;
mod routes;
#[cfg(test)]
mod tests;

/// What a node is, shown by its shape and fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeSymbol {
    /// Water enters the network.
    Inflow,
    /// Rivers meet or part.
    Junction,
    /// Flow is measured.
    Gauge,
    /// A reservoir.
    Reservoir,
    /// A lake.
    Lake,
    /// A delta or wetland.
    Delta,
    /// Somebody takes water.
    User,
    /// Water leaves the network.
    Outlet,
}

/// What a link is, shown by its colour and dashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkSymbol {
    /// A reach of a river.
    River,
    /// A canal.
    Canal,
    /// Water taken by a user.
    Withdrawal,
    /// Water given back by a user.
    Return,
}

/// A node of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchematicNode {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: NodeSymbol,
    /// The party it belongs to; may be empty.
    pub party: String,
    /// The basin it lies in; nodes of one basin stand in one block.
    pub basin: String,
}

/// A link from one node to another, in the direction of the flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchematicLink {
    /// Index of the node it comes from.
    pub from: usize,
    /// Index of the node it goes to.
    pub to: usize,
    /// What it is.
    pub kind: LinkSymbol,
    /// Whether it crosses a border.
    pub crosses_border: bool,
}

/// The schematic as an SVG document. Links to nodes that do not exist are left out.
pub fn schematic(title: &str, nodes: &[SchematicNode], links: &[SchematicLink]) -> String {
    let network = network::Network::new(nodes, links);
    let sheet = layout::Sheet::new(title, nodes, links, &network);
    drawing::document(title, nodes, links, &sheet)
}
