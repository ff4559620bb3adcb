//! Writes a laid-out schematic as SVG.

use std::fmt::Write;

use super::layout::{Block, Hanging, LINE, Label, MARGIN, Row, SIZE, SYMBOL, Sheet, TITLE_SIZE};
use super::legend;
use super::routes::Route;
use super::{LinkSymbol, NodeSymbol, SchematicLink, SchematicNode};
use crate::outputs::chart::font;
use crate::outputs::chart::palette::{Colour, FRAME, INK, SOFT_INK, WHITE, series};
use crate::outputs::chart::vector::escape;

type Spot = (f64, f64);

/// Looks of a link: colour, width and dashes.
fn looks(kind: LinkSymbol) -> (Colour, f64, &'static str) {
    match kind {
        LinkSymbol::River => (series(0), 4.0, ""),
        LinkSymbol::Canal => (series(2), 3.2, "9 4"),
        LinkSymbol::Withdrawal => (series(1), 2.0, ""),
        LinkSymbol::Return => (series(3).darker(0.15), 2.0, "2.5 3"),
    }
}

/// Parties in the order in which they first appear.
pub(super) fn parties(nodes: &[SchematicNode]) -> Vec<&str> {
    let mut parties: Vec<&str> = Vec::new();
    for node in nodes {
        let party = node.party.as_str();
        if !party.is_empty() && !parties.contains(&party) {
            parties.push(party);
        }
    }
    parties
}

/// Fill and outline of labels of a party.
pub(super) fn tint(index: Option<usize>) -> (Colour, Colour) {
    const ORDER: [usize; 7] = [5, 4, 3, 2, 7, 0, 1];
    index.map_or((WHITE, FRAME), |index| {
        let colour = series(ORDER[index % ORDER.len()]);
        (colour.lighter(0.76), colour.lighter(0.1))
    })
}

/// The body of a document under construction.
#[derive(Default)]
pub(super) struct Body {
    /// What is written so far.
    pub(super) text: String,
}

impl Body {
    fn push(&mut self, arguments: std::fmt::Arguments) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(arguments);
        self.text.push('\n');
    }

    /// A line through spots.
    fn line(&mut self, spots: &[Spot], (colour, width, dashes): (Colour, f64, &str)) {
        let mut points = String::new();
        for (x, y) in spots {
            let _ = write!(points, "{x:.1},{y:.1} ");
        }
        let dashes = match dashes {
            "" => String::new(),
            dashes => format!(" stroke-dasharray=\"{dashes}\""),
        };
        self.push(format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"{dashes}/>",
            points.trim_end(),
            colour.hex()
        ));
    }

    /// A filled polygon with an outline.
    fn polygon(&mut self, spots: &[Spot], fill: Colour, outline: Colour) {
        let mut points = String::new();
        for (x, y) in spots {
            let _ = write!(points, "{x:.1},{y:.1} ");
        }
        self.push(format_args!(
            "<polygon points=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.6\"/>",
            points.trim_end(),
            fill.hex(),
            outline.hex()
        ));
    }

    fn ellipse(&mut self, (x, y): Spot, (wide, tall): Spot, fill: Colour, outline: Colour) {
        self.push(format_args!(
            "<ellipse cx=\"{x:.1}\" cy=\"{y:.1}\" rx=\"{wide}\" ry=\"{tall}\" fill=\"{}\" \
             stroke=\"{}\" stroke-width=\"1.6\"/>",
            fill.hex(),
            outline.hex()
        ));
    }

    /// A line of text that starts at a place on its base line.
    pub(super) fn text(&mut self, words: &str, (x, y): Spot, size: f64, looks: (Colour, bool)) {
        let weight = if looks.1 { " font-weight=\"bold\"" } else { "" };
        self.push(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" fill=\"{}\"{weight}>{}</text>",
            looks.0.hex(),
            escape(words)
        ));
    }

    /// A rounded box.
    pub(super) fn rounded(&mut self, class: &str, extent: [f64; 4], looks: (Colour, Colour)) {
        let [left, top, right, bottom] = extent;
        self.push(format_args!(
            "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" \
             height=\"{:.1}\" rx=\"4\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1\"/>",
            right - left,
            bottom - top,
            looks.0.hex(),
            looks.1.hex()
        ));
    }

    /// A link with an arrow at its end.
    pub(super) fn link(&mut self, spots: &[Spot], kind: LinkSymbol) {
        let style = looks(kind);
        let [.., before, end] = spots else { return };
        let (dx, dy) = (end.0 - before.0, end.1 - before.1);
        let length = (dx * dx + dy * dy).sqrt().max(1e-9);
        let (dx, dy) = (dx / length, dy / length);
        let (long, half) = (5.0 + 1.5 * style.1, 2.2 + 0.9 * style.1);
        let base = (end.0 - dx * long, end.1 - dy * long);
        let mut shortened = spots.to_vec();
        if let Some(last) = shortened.last_mut() {
            *last = (base.0 + dx, base.1 + dy);
        }
        self.line(&shortened, style);
        let sides = [
            *end,
            (base.0 - dy * half, base.1 + dx * half),
            (base.0 + dy * half, base.1 - dx * half),
        ];
        self.push(format_args!(
            "<polygon points=\"{:.1},{:.1} {:.1},{:.1} {:.1},{:.1}\" fill=\"{}\"/>",
            sides[0].0,
            sides[0].1,
            sides[1].0,
            sides[1].1,
            sides[2].0,
            sides[2].1,
            style.0.hex()
        ));
    }

    /// The dashed vertical stroke of a border.
    pub(super) fn border(&mut self, (x, y): Spot, half: f64) {
        let ends = [(x, y - half), (x, y + half)];
        self.line(&ends, (WHITE, 5.0, ""));
        self.line(&ends, (INK, 2.2, "5 3"));
    }

    /// The symbol of a node.
    pub(super) fn symbol(&mut self, kind: NodeSymbol, spot: Spot) {
        let (x, y) = spot;
        let water = series(5);
        match kind {
            NodeSymbol::Inflow => {
                let spots = [(x - 7.0, y - 8.0), (x + 9.0, y), (x - 7.0, y + 8.0)];
                self.polygon(&spots, series(0), INK);
            }
            NodeSymbol::Junction => self.ellipse(spot, (5.0, 5.0), INK, WHITE),
            NodeSymbol::Gauge => {
                self.ellipse(spot, (7.5, 7.5), WHITE, INK);
                self.line(&[(x - 7.0, y), (x + 7.0, y)], (INK, 2.0, ""));
                self.line(&[(x, y - 7.0), (x, y)], (INK, 2.0, ""));
            }
            NodeSymbol::Reservoir => {
                let spots = [(x - 10.0, y + 8.0), (x, y - 10.0), (x + 10.0, y + 8.0)];
                self.polygon(&spots, water, INK);
            }
            NodeSymbol::Lake => self.ellipse(spot, (13.0, 8.0), water.lighter(0.35), INK),
            NodeSymbol::Delta => {
                let spots = [(x - 9.0, y), (x + 8.0, y - 10.0), (x + 8.0, y + 10.0)];
                self.polygon(&spots, series(2), INK);
            }
            NodeSymbol::User => {
                let (low, high) = (-7.0, 7.0);
                let spots = [
                    (x + low, y + low),
                    (x + high, y + low),
                    (x + high, y + high),
                    (x + low, y + high),
                ];
                self.polygon(&spots, series(4), INK);
            }
            NodeSymbol::Outlet => {
                self.ellipse(spot, (8.5, 8.5), WHITE, INK);
                self.ellipse(spot, (4.0, 4.0), INK, INK);
            }
        }
    }

    fn label(&mut self, label: &Label, party: Option<usize>) {
        if label.lines.is_empty() {
            return;
        }
        self.rounded("label", label.extent, tint(party));
        for (index, line) in label.lines.iter().enumerate() {
            let base = label.extent[1] + 3.0 + (index as f64 + 0.5) * LINE + 0.36 * SIZE;
            let at = (label.extent[0] + 4.5, base);
            self.text(line, at, SIZE, (INK, false));
        }
    }
}

/// The schematic as a document.
pub(super) fn document(
    title: &str,
    nodes: &[SchematicNode],
    links: &[SchematicLink],
    sheet: &Sheet,
) -> String {
    let mut body = Body::default();
    for (index, line) in sheet.title.iter().enumerate() {
        let at = (MARGIN, 28.0 + 24.0 + index as f64 * 34.0);
        body.text(line, at, TITLE_SIZE, (INK, true));
    }
    for block in &sheet.blocks {
        draw_block(&mut body, block);
    }
    draw_links(&mut body, links, sheet);
    let parties = parties(nodes);
    for (node, place) in nodes.iter().zip(&sheet.places) {
        body.symbol(node.kind, place.spot);
        let party = parties.iter().position(|party| *party == node.party);
        body.label(&place.label, party);
    }
    let bottom = legend::draw(&mut body, nodes, links, (sheet.width, sheet.bottom));
    let (width, height) = (sheet.width.ceil(), (bottom + 24.0).ceil());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{}\" \
         stroke-linejoin=\"round\">\n<title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n{}</svg>\n",
        font::FAMILY,
        escape(title),
        body.text
    )
}

fn draw_block(body: &mut Body, block: &Block) {
    let ground = (SOFT_INK.lighter(0.965), FRAME.lighter(0.5));
    body.rounded("basin", block.extent, ground);
    let at = (block.extent[0] + 16.0, block.extent[1] + 27.0);
    body.text(&block.name, at, 17.0, (SOFT_INK, true));
}

fn draw_links(body: &mut Body, links: &[SchematicLink], sheet: &Sheet) {
    let mut borders = Vec::new();
    for route in &sheet.routes {
        body.link(&route.spots, links[route.link].kind);
        if links[route.link].crosses_border {
            borders.push((middle(route), 8.0));
        }
    }
    // Rivers last, so that they lie on top.
    let mut hanging: Vec<&Hanging> = sheet.hanging.iter().rev().collect();
    hanging.sort_by_key(|hanging| links[hanging.link].kind == LinkSymbol::River);
    for hanging in hanging {
        let link = &links[hanging.link];
        let spots = elbow(sheet, hanging, link);
        body.link(&spots, link.kind);
        if link.crosses_border {
            let (x, y) = sheet.places[hanging.node].spot;
            borders.push(((x - SYMBOL - 8.0, y), 10.0));
        }
    }
    for (index, row) in sheet.rows.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| &sheet.rows[before]);
        draw_row(body, links, sheet, (before, row), &mut borders);
    }
    for (spot, half) in borders {
        body.border(spot, half);
    }
}

/// The middle of the longest level stretch of a way.
fn middle(route: &Route) -> Spot {
    let level = route.spots.windows(2).filter(|pair| pair[0].1 == pair[1].1);
    let longest = level.max_by(|one, other| {
        let length = |pair: &[Spot]| (pair[0].0 - pair[1].0).abs();
        length(one).total_cmp(&length(other))
    });
    longest.map_or((0.0, 0.0), |pair| {
        (f64::midpoint(pair[0].0, pair[1].0), pair[0].1)
    })
}

/// The way of a branch: along the column of its parent, then across to the node.
fn elbow(sheet: &Sheet, hanging: &Hanging, link: &SchematicLink) -> Vec<Spot> {
    let parent = sheet.places[hanging.parent].spot;
    let child = sheet.places[hanging.node].spot;
    // Kinds that may hang from one node run side by side.
    let aside = match link.kind {
        LinkSymbol::River | LinkSymbol::Canal => 0.0,
        LinkSymbol::Withdrawal => 5.0,
        LinkSymbol::Return => -5.0,
    };
    let x = parent.0 + aside;
    let away = if child.1 < parent.1 { -SYMBOL } else { SYMBOL };
    if link.to == hanging.parent {
        let start = (child.0 - SYMBOL + 2.0, child.1);
        vec![start, (x, child.1), (x, parent.1 + away)]
    } else {
        let end = (child.0 - SYMBOL + 1.0, child.1);
        vec![(x, parent.1 + 0.3 * away), (x, child.1), end]
    }
}

fn draw_row(
    body: &mut Body,
    links: &[SchematicLink],
    sheet: &Sheet,
    (before, row): (Option<&Row>, &Row),
    borders: &mut Vec<(Spot, f64)>,
) {
    for (index, &node) in row.nodes.iter().enumerate() {
        let Some(link) = row.links[index] else {
            continue;
        };
        let (x, y) = sheet.places[node].spot;
        let end = (x - SYMBOL, y);
        let from = sheet.places[links[link].from].spot;
        let mut spots = vec![from];
        if let Some(before) = before.filter(|_| index == 0) {
            let right = sheet.width - MARGIN - 34.0;
            let (between, left) = (before.bottom + 15.0, MARGIN + 16.0);
            spots.extend([
                (right, from.1),
                (right, between),
                (left, between),
                (left, y),
            ]);
        }
        spots.push(end);
        body.link(&spots, links[link].kind);
        if links[link].crosses_border {
            borders.push(((x - SYMBOL - 22.0, y), 26.0));
        }
    }
}
