//! The legend of a schematic: only what the schematic shows.

use super::drawing::{Body, parties, tint};
use super::layout::MARGIN;
use super::{LinkSymbol, NodeSymbol, SchematicLink, SchematicNode};
use crate::outputs::chart::font;
use crate::outputs::chart::palette::INK;

const SIZE: f64 = 14.0;
const ROW: f64 = 27.0;
const SAMPLE: f64 = 44.0;

const NODES: [(NodeSymbol, &str); 8] = [
    (NodeSymbol::Inflow, "inflow"),
    (NodeSymbol::Junction, "junction"),
    (NodeSymbol::Gauge, "gauge"),
    (NodeSymbol::Reservoir, "reservoir"),
    (NodeSymbol::Lake, "lake"),
    (NodeSymbol::Delta, "delta or wetland"),
    (NodeSymbol::User, "user"),
    (NodeSymbol::Outlet, "outlet"),
];

const LINKS: [(LinkSymbol, &str); 4] = [
    (LinkSymbol::River, "river"),
    (LinkSymbol::Canal, "canal"),
    (LinkSymbol::Withdrawal, "withdrawal"),
    (LinkSymbol::Return, "return flow"),
];

/// An entry of the legend.
enum Sample {
    Node(NodeSymbol),
    Link(LinkSymbol),
    Border,
    Party(usize),
}

fn entries<'a>(nodes: &'a [SchematicNode], links: &[SchematicLink]) -> Vec<(Sample, &'a str)> {
    let mut entries = Vec::new();
    for (kind, name) in NODES {
        if nodes.iter().any(|node| node.kind == kind) {
            entries.push((Sample::Node(kind), name));
        }
    }
    for (kind, name) in LINKS {
        if links.iter().any(|link| link.kind == kind) {
            entries.push((Sample::Link(kind), name));
        }
    }
    if links.iter().any(|link| link.crosses_border) {
        entries.push((Sample::Border, "crosses a border"));
    }
    let parties = parties(nodes).into_iter().enumerate();
    entries.extend(parties.map(|(index, name)| (Sample::Party(index), name)));
    entries
}

/// Draws the legend below the blocks and gives its lower edge.
pub(super) fn draw(
    body: &mut Body,
    nodes: &[SchematicNode],
    links: &[SchematicLink],
    (width, top): (f64, f64),
) -> f64 {
    let (mut x, mut y) = (MARGIN, top + 0.5 * ROW);
    for (sample, name) in entries(nodes, links) {
        let room = SAMPLE + 8.0 + font::width(name, SIZE, false) * 1.05;
        if x > MARGIN && x + room > width - MARGIN {
            x = MARGIN;
            y += ROW;
        }
        match sample {
            Sample::Node(kind) => body.symbol(kind, (x + SAMPLE / 2.0, y)),
            Sample::Link(kind) => body.link(&[(x, y), (x + SAMPLE, y)], kind),
            Sample::Border => {
                body.link(&[(x, y), (x + SAMPLE, y)], LinkSymbol::River);
                body.border((x + 0.45 * SAMPLE, y), 11.0);
            }
            Sample::Party(index) => {
                let extent = [x + 8.0, y - 9.0, x + SAMPLE, y + 9.0];
                body.rounded("party", extent, tint(Some(index)));
            }
        }
        let at = (x + SAMPLE + 8.0, y + 0.36 * SIZE);
        body.text(name, at, SIZE, (INK, false));
        x += room + 26.0;
    }
    y + 0.5 * ROW
}
