//! Ways of links that are neither on a stem nor a branch, such as returns: along lanes just
//! below the stem, each free of other links.

use super::SchematicLink;
use super::layout::{MARGIN, SYMBOL, Sheet};
use super::network::Side;

/// How far right of a column such links run up and down.
const CHANNEL: f64 = 14.0;

/// The way of a link.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Route {
    /// The link.
    pub(super) link: usize,
    /// Its corners.
    pub(super) spots: Vec<(f64, f64)>,
}

/// The lanes that one link uses: in the row it comes from and in the row it goes to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Used {
    link: usize,
    from: usize,
    to: usize,
    /// Position among links that change rows, which run up and down at the right edge.
    edge: usize,
}

/// The lanes of all rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lanes {
    /// Taken stretches: row, lane, left, right.
    taken: Vec<(usize, usize, f64, f64)>,
    used: Vec<Used>,
}

/// Where a link leaves or enters a column: right of the column, or just before a stem node.
fn gate(sheet: &Sheet, node: usize, entering: bool) -> f64 {
    let column = sheet.places[node].column;
    if entering && sheet.sides[node] == Side::Stem {
        column - CHANNEL - 2.0
    } else {
        column + CHANNEL
    }
}

impl Lanes {
    /// Gives every link lanes in which it meets no other.
    pub(super) fn assign(sheet: &Sheet, links: &[SchematicLink], extra: &[usize]) -> Self {
        let mut lanes = Self::default();
        let mut edge = 0;
        for &link in extra {
            let (from, to) = (links[link].from, links[link].to);
            let (start, end) = (gate(sheet, from, false), gate(sheet, to, true));
            let rows = (sheet.places[from].row, sheet.places[to].row);
            let used = if rows.0 == rows.1 {
                let lane = lanes.free(rows.0, start, end);
                (lane, lane)
            } else {
                edge += 1;
                let first = lanes.free(rows.0, start, sheet.width);
                (first, lanes.free(rows.1, end, sheet.width))
            };
            lanes.used.push(Used {
                link,
                from: used.0,
                to: used.1,
                edge,
            });
        }
        lanes
    }

    /// Takes the first lane of a row that is free between two places.
    fn free(&mut self, row: usize, start: f64, end: f64) -> usize {
        let (left, right) = (start.min(end) - 6.0, start.max(end) + 6.0);
        let is_free = |lane: usize| {
            !self.taken.iter().any(|&(other, number, from, to)| {
                other == row && number == lane && from < right && left < to
            })
        };
        let lane = (0..self.taken.len()).find(|&lane| is_free(lane));
        let lane = lane.unwrap_or(self.taken.len());
        self.taken.push((row, lane, left, right));
        lane
    }

    /// How many lanes a row has.
    pub(super) fn count(&self, row: usize) -> usize {
        let lanes = self.taken.iter().filter(|taken| taken.0 == row);
        lanes.map(|taken| taken.1 + 1).max().unwrap_or(0)
    }

    /// The ways of the links once all heights are known.
    pub(super) fn routes(&self, sheet: &Sheet, links: &[SchematicLink]) -> Vec<Route> {
        let route = |used: &Used| {
            let (from, to) = (links[used.link].from, links[used.link].to);
            let rows = (sheet.places[from].row, sheet.places[to].row);
            let (start, end) = (gate(sheet, from, false), gate(sheet, to, true));
            let heights = (
                sheet.lane_height(rows.0, used.from),
                sheet.lane_height(rows.1, used.to),
            );
            let mut spots = leaving(sheet, from, start);
            spots.push((start, heights.0));
            if rows.0 != rows.1 {
                let right = sheet.width - MARGIN - 10.0 - 5.0 * (used.edge % 4) as f64;
                spots.extend([(right, heights.0), (right, heights.1)]);
            }
            spots.push((end, heights.1));
            spots.extend(entering(sheet, to, end));
            Route {
                link: used.link,
                spots,
            }
        };
        self.used.iter().map(route).collect()
    }
}

fn leaving(sheet: &Sheet, node: usize, gate: f64) -> Vec<(f64, f64)> {
    let (x, y) = sheet.places[node].spot;
    if sheet.sides[node] == Side::Stem {
        vec![(gate, y)]
    } else {
        vec![(x - SYMBOL + 2.0, y + 5.5), (gate, y + 5.5)]
    }
}

fn entering(sheet: &Sheet, node: usize, gate: f64) -> Vec<(f64, f64)> {
    let (x, y) = sheet.places[node].spot;
    if sheet.sides[node] == Side::Stem {
        vec![(gate, y + 2.0)]
    } else {
        vec![(gate, y - 5.5), (x - SYMBOL + 1.0, y - 5.5)]
    }
}
