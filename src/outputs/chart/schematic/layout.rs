//! Where every node and label of a schematic stands.

use super::network::{Branch, Network, Side, Stem};
use super::routes::{Lanes, Route};
use super::{SchematicLink, SchematicNode};
use crate::outputs::chart::font;

/// Font size of labels.
pub(super) const SIZE: f64 = 13.5;
/// Distance between lines of a label.
pub(super) const LINE: f64 = 16.5;
/// Half the size of a symbol.
pub(super) const SYMBOL: f64 = 9.0;
/// Distance of the page's edge to everything.
pub(super) const MARGIN: f64 = 36.0;
/// Distance between lanes.
const LANE: f64 = 8.0;
const LABEL_ROOM: f64 = 124.0;
const RIM: f64 = 4.0;
const INDENT: f64 = 32.0;
const GAP: f64 = 46.0;
const FIRST: f64 = 64.0;
const WIDEST_ROW: f64 = 1500.0;
const HEADING: f64 = 34.0;
/// Font size of the title.
pub(super) const TITLE_SIZE: f64 = 26.0;

/// A label: lines of text in a tinted box.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Label {
    /// The lines.
    pub(super) lines: Vec<String>,
    /// Left, top, right and bottom of its box.
    pub(super) extent: [f64; 4],
}

impl Label {
    fn new(name: &str) -> Self {
        let lines = font::wrap(name, LABEL_ROOM, SIZE, false);
        let widths = lines.iter().map(|line| font::width(line, SIZE, false));
        // Viewers without the font may set the text a little wider.
        let width = widths.fold(0.0, f64::max) * 1.04 + 2.0 * RIM;
        let height = lines.len() as f64 * LINE + 2.0 * RIM - 2.0;
        Self {
            lines,
            extent: [0.0, 0.0, width, height],
        }
    }

    fn width(&self) -> f64 {
        self.extent[2] - self.extent[0]
    }

    fn height(&self) -> f64 {
        self.extent[3] - self.extent[1]
    }

    fn move_to(&mut self, left: f64, top: f64) {
        self.extent = [left, top, left + self.width(), top + self.height()];
    }
}

/// A node where it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// Its centre.
    pub(super) spot: (f64, f64),
    /// Its label.
    pub(super) label: Label,
    /// The row it belongs to.
    pub(super) row: usize,
    /// Where the stem node is that it hangs from.
    pub(super) column: f64,
}

/// A node that hangs from another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hanging {
    /// The node.
    pub(super) node: usize,
    /// The node it hangs from.
    pub(super) parent: usize,
    /// The link between them.
    pub(super) link: usize,
    depth: usize,
}

/// A piece of a stem that stands on one line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// The stem nodes.
    pub(super) nodes: Vec<usize>,
    /// The link into each of them from the one before it, in this row or the last.
    pub(super) links: Vec<Option<usize>>,
    /// Height of the line.
    pub(super) y: f64,
    /// Lower edge.
    pub(super) bottom: f64,
    width: f64,
}

/// The block of a basin.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    /// Name of the basin.
    pub(super) name: String,
    /// Left, top, right and bottom.
    pub(super) extent: [f64; 4],
    rows: std::ops::Range<usize>,
}

/// The whole schematic, laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sheet {
    /// Width of the page.
    pub(super) width: f64,
    /// Where the blocks end and the legend may start.
    pub(super) bottom: f64,
    /// Lines of the title.
    pub(super) title: Vec<String>,
    /// The blocks.
    pub(super) blocks: Vec<Block>,
    /// The rows of all blocks.
    pub(super) rows: Vec<Row>,
    /// Every node.
    pub(super) places: Vec<Place>,
    /// Nodes off the stems.
    pub(super) hanging: Vec<Hanging>,
    /// The side of every node.
    pub(super) sides: Vec<Side>,
    /// The way of every link that is neither on a stem nor a branch.
    pub(super) routes: Vec<Route>,
}

impl Sheet {
    /// Lays out a network.
    pub(super) fn new(
        title: &str,
        nodes: &[SchematicNode],
        links: &[SchematicLink],
        network: &Network,
    ) -> Self {
        let mut sheet = Self {
            sides: network.sides.clone(),
            ..Self::default()
        };
        sheet.places.extend(nodes.iter().map(|node| Place {
            label: Label::new(&node.name),
            ..Place::default()
        }));
        for basin in &network.basins {
            let first = sheet.rows.len();
            for stem in &basin.stems {
                sheet.add_rows(stem, links, network);
            }
            sheet.blocks.push(Block {
                name: basin.name.clone(),
                extent: [0.0; 4],
                rows: first..sheet.rows.len(),
            });
        }
        let widest = sheet.rows.iter().map(|row| row.width).fold(760.0, f64::max);
        sheet.width = widest + 2.0 * MARGIN + 36.0;
        let lanes = Lanes::assign(&sheet, links, &network.extra);
        sheet.title = font::wrap(title, sheet.width - 2.0 * MARGIN, TITLE_SIZE, true);
        sheet.stack(network, &lanes);
        sheet.routes = lanes.routes(&sheet, links);
        sheet
    }

    /// All nodes that hang from a stem node on one side, in the order of their rows.
    fn outline(&self, network: &Network, root: usize, side: Side) -> Vec<Hanging> {
        let mut found = Vec::new();
        let child = |branch: &Branch, parent, depth| Hanging {
            node: branch.node,
            parent,
            link: branch.link,
            depth,
        };
        let mut waiting: Vec<Hanging> = network.branches[root]
            .iter()
            .rev()
            .filter(|branch| self.sides[branch.node] == side)
            .map(|branch| child(branch, root, 1))
            .collect();
        while let Some(next) = waiting.pop() {
            found.push(next);
            let below = network.branches[next.node].iter().rev();
            waiting.extend(below.map(|branch| child(branch, next.node, next.depth + 1)));
        }
        found
    }

    /// How far right of its node the label of a stem node begins.
    fn stem_offset(&self, network: &Network, node: usize) -> f64 {
        let has_below = network.branches[node]
            .iter()
            .any(|branch| self.sides[branch.node] == Side::Below);
        if has_below { 20.0 } else { -SYMBOL }
    }

    fn column_width(&self, network: &Network, node: usize) -> f64 {
        let own = self.stem_offset(network, node) + self.places[node].label.width();
        let hung = [Side::Above, Side::Below].into_iter().flat_map(|side| {
            let outline = self.outline(network, node, side).into_iter();
            outline.map(|hanging| {
                let left = hanging.depth as f64 * INDENT + SYMBOL + 6.0;
                left + self.places[hanging.node].label.width()
            })
        });
        hung.fold(own, f64::max).max(40.0) + GAP
    }

    /// Puts a stem on as few rows as it needs, of about the same width.
    fn add_rows(&mut self, stem: &Stem, links: &[SchematicLink], network: &Network) {
        let widths: Vec<f64> = stem
            .nodes
            .iter()
            .map(|&node| self.column_width(network, node))
            .collect();
        let breaks = breaks(&widths, &self.spans(stem, links, network));
        let mut row = Row::default();
        let mut x = FIRST;
        for (index, (&node, width)) in stem.nodes.iter().zip(widths).enumerate() {
            if breaks.contains(&index) && !row.nodes.is_empty() {
                self.rows.push(std::mem::take(&mut row));
                x = FIRST;
            }
            let number = self.rows.len();
            self.set_column(network, node, MARGIN + x, number);
            row.nodes.push(node);
            let before = index.checked_sub(1);
            row.links
                .push(before.and_then(|before| stem.links.get(before).copied()));
            x += width;
            row.width = x;
        }
        self.rows.push(row);
    }

    /// Between which columns of a stem the links run that are neither on it nor branches.
    fn spans(&self, stem: &Stem, links: &[SchematicLink], network: &Network) -> Vec<[usize; 2]> {
        let mut columns = vec![None; self.places.len()];
        for (index, &node) in stem.nodes.iter().enumerate() {
            columns[node] = Some(index);
            for side in [Side::Above, Side::Below] {
                for hanging in self.outline(network, node, side) {
                    columns[hanging.node] = Some(index);
                }
            }
        }
        let span = |&link: &usize| {
            let (from, to) = (columns[links[link].from]?, columns[links[link].to]?);
            Some([from.min(to), from.max(to)])
        };
        network.extra.iter().filter_map(span).collect()
    }

    /// Sets what is known of a stem node and all that hangs from it before heights are.
    fn set_column(&mut self, network: &Network, node: usize, column: f64, row: usize) {
        let mut members = vec![(node, 0)];
        for side in [Side::Above, Side::Below] {
            let outline = self.outline(network, node, side);
            members.extend(outline.iter().map(|hanging| (hanging.node, hanging.depth)));
            self.hanging.extend(outline);
        }
        for (member, depth) in members {
            let place = &mut self.places[member];
            place.column = column;
            place.row = row;
            place.spot.0 = column + depth as f64 * INDENT;
        }
    }

    /// Stacks the blocks and sets all heights.
    fn stack(&mut self, network: &Network, lanes: &Lanes) {
        let mut top = 28.0 + self.title.len() as f64 * 34.0 + 10.0;
        for index in 0..self.blocks.len() {
            let start = top;
            top += HEADING + 6.0;
            for row in self.blocks[index].rows.clone() {
                top = self.stack_row(network, row, top, lanes.count(row)) + 30.0;
            }
            let right = self.width - MARGIN;
            self.blocks[index].extent = [MARGIN, start, right, top - 12.0];
            top += 8.0;
        }
        self.bottom = top;
    }

    fn row_height(&self, node: usize) -> f64 {
        (self.places[node].label.height() + 7.0).max(2.0 * SYMBOL + 8.0)
    }

    /// Sets the heights of a row and gives its lower edge.
    fn stack_row(&mut self, network: &Network, row: usize, top: f64, lanes: usize) -> f64 {
        let nodes = self.rows[row].nodes.clone();
        let above = nodes.iter().map(|&node| {
            let outline = self.outline(network, node, Side::Above);
            outline
                .iter()
                .map(|hanging| self.row_height(hanging.node))
                .sum::<f64>()
        });
        let y = top + above.fold(0.0, f64::max) + 34.0;
        let mut bottom = y + SYMBOL;
        for node in nodes {
            bottom = bottom.max(self.stack_column(network, node, y, lanes));
        }
        self.rows[row].y = y;
        self.rows[row].bottom = bottom;
        bottom
    }

    fn stack_column(&mut self, network: &Network, node: usize, y: f64, lanes: usize) -> f64 {
        let offset = self.stem_offset(network, node);
        let column = self.places[node].column;
        let place = &mut self.places[node];
        place.spot.1 = y;
        let label_top = y + SYMBOL + 7.0 + lanes as f64 * LANE;
        place.label.move_to(column + offset, label_top);
        let mut height = y - SYMBOL - 8.0;
        for hanging in self.outline(network, node, Side::Above) {
            let tall = self.row_height(hanging.node);
            self.set_hanging(hanging.node, height - tall / 2.0);
            height -= tall;
        }
        let mut depth = label_top + self.places[node].label.height() + 6.0;
        for hanging in self.outline(network, node, Side::Below) {
            let tall = self.row_height(hanging.node);
            self.set_hanging(hanging.node, depth + tall / 2.0);
            depth += tall;
        }
        depth
    }

    fn set_hanging(&mut self, node: usize, y: f64) {
        let place = &mut self.places[node];
        place.spot.1 = y;
        let left = place.spot.0 + SYMBOL + 6.0;
        place.label.move_to(left, y - place.label.height() / 2.0);
    }

    /// Height of a lane of a row.
    pub(super) fn lane_height(&self, row: usize, lane: usize) -> f64 {
        self.rows[row].y + SYMBOL + 5.0 + lane as f64 * LANE
    }
}

/// Before which columns a stem goes on in a new row: near the places that make rows of the same
/// width, where as few links as possible run across.
fn breaks(widths: &[f64], spans: &[[usize; 2]]) -> Vec<usize> {
    let total: f64 = widths.iter().sum();
    let rows = (total / WIDEST_ROW).ceil().max(1.0) as usize;
    let cost = |column: usize, aim: f64| {
        let done: f64 = widths[..column].iter().sum();
        let across = spans
            .iter()
            .filter(|[low, high]| *low < column && column <= *high);
        (done - aim).abs() + 160.0 * across.count() as f64
    };
    (1..rows)
        .filter_map(|row| {
            let aim = total * row as f64 / rows as f64;
            (1..widths.len()).min_by(|&one, &other| cost(one, aim).total_cmp(&cost(other, aim)))
        })
        .collect()
}
