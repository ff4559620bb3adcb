//! Labels beside single points: put where they cover as little as possible.

use super::font;
use super::palette::{SOFT_INK, WHITE};
use super::plot::Plot;
use super::profile::small_text;
use super::scene::{Scene, Spot};

const SIZE: f64 = 14.5;
const LINE: f64 = 18.0;
const WIDEST: f64 = 210.0;

/// A label and the point it belongs to.
pub(super) struct Label {
    lines: Vec<String>,
    point: Spot,
    width: f64,
    /// Left, top, right and bottom once it is placed.
    extent: [f64; 4],
}

impl Label {
    /// A label that is not placed yet.
    pub(super) fn new(words: &str, point: Spot) -> Self {
        let glued = words.replace(" ±", "\u{a0}±").replace("± ", "±\u{a0}");
        let lines = font::wrap(&glued, WIDEST, SIZE, false);
        let widths = lines.iter().map(|line| font::width(line, SIZE, false));
        let width = widths.fold(0.0, f64::max) + 6.0;
        Self {
            lines,
            point,
            width,
            extent: [point.0, point.1, point.0, point.1],
        }
    }

    /// Where the label can stand: in steps around its point.
    fn candidates(&self) -> Vec<[f64; 4]> {
        let (x, y) = self.point;
        let (width, height) = (self.width, self.lines.len() as f64 * LINE + 2.0);
        let (far_left, far_above) = (x - width, y - height);
        let lefts = [
            x + 12.0,
            far_left - 12.0,
            x - 0.5 * width,
            x - 0.2 * width,
            x - 0.8 * width,
            x + 36.0,
            far_left - 36.0,
        ];
        let mut tops = vec![y - 0.5 * height];
        for away in [12.0, 26.0, 40.0, 60.0, 85.0, 120.0] {
            tops.extend([far_above - away, y + away]);
        }
        let corners = tops.iter().flat_map(|&top| lefts.map(|left| (left, top)));
        corners
            .map(|(left, top)| [left, top, left + width, top + height])
            .collect()
    }

    /// How far a place for the label is from its point.
    fn distance(&self, place: &[f64; 4]) -> f64 {
        let (x, y) = self.point;
        let (dx, dy) = (
            x - x.clamp(place[0], place[2]),
            y - y.clamp(place[1], place[3]),
        );
        (dx * dx + dy * dy).sqrt()
    }

    /// Draws the label on a white ground, with a thin line to its point if it stands apart.
    pub(super) fn draw(&self, scene: &mut Scene) {
        let [left, top, right, bottom] = self.extent;
        let (x, y) = self.point;
        let nearest = (x.clamp(left, right), y.clamp(top, bottom));
        if (nearest.0 - x).abs().max((nearest.1 - y).abs()) > 14.0 {
            scene.path(vec![self.point, nearest], 1.0, SOFT_INK);
        }
        scene.rectangle(self.extent, WHITE.with_alpha(0.85));
        for (index, line) in self.lines.iter().enumerate() {
            let base = top + 1.0 + index as f64 * LINE + 0.95 * SIZE;
            scene.text(small_text(line, (left + 3.0, base), SIZE));
        }
    }
}

/// Places the labels one after the other.
pub(super) fn place_labels(
    labels: &mut [Label],
    plot: &Plot,
    markers: &[Spot],
    lines: &[Vec<Option<Spot>>],
) {
    let samples = samples(lines);
    let mut taken: Vec<[f64; 4]> = Vec::new();
    for label in labels {
        let mut best = (f64::INFINITY, label.extent);
        for place in label.candidates() {
            let cost = label.distance(&place) + cost(&place, plot, (&taken, markers, &samples));
            if cost < best.0 {
                best = (cost, place);
            }
        }
        label.extent = best.1;
        taken.push(best.1);
    }
}

/// Spots close together along all lines.
fn samples(lines: &[Vec<Option<Spot>>]) -> Vec<Spot> {
    let mut spots = Vec::new();
    for pair in lines.iter().flat_map(|line| line.windows(2)) {
        if let [Some((x0, y0)), Some((x1, y1))] = *pair {
            let shares = (0..=40).map(|index| f64::from(index) / 40.0);
            spots.extend(shares.map(|share| (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)));
        }
    }
    spots
}

fn holds([left, top, right, bottom]: &[f64; 4], (x, y): Spot, rim: f64) -> bool {
    x > left - rim && x < right + rim && y > top - rim && y < bottom + rim
}

/// Whether two rectangles overlap.
fn overlap(one: &[f64; 4], other: &[f64; 4]) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

fn cost(
    place: &[f64; 4],
    plot: &Plot,
    (taken, markers, samples): (&[[f64; 4]], &[Spot], &[Spot]),
) -> f64 {
    let outside = place[0] < plot.left + 2.0
        || place[2] > plot.right
        || place[1] < plot.top
        || place[3] > plot.bottom - 2.0;
    let labels = taken.iter().filter(|other| overlap(place, other)).count();
    let marks = markers
        .iter()
        .filter(|&&spot| holds(place, spot, 8.0))
        .count();
    let crossed = samples
        .iter()
        .filter(|&&spot| holds(place, spot, 4.0))
        .count();
    f64::from(u8::from(outside)) * 5000.0
        + labels as f64 * 2000.0
        + marks as f64 * 300.0
        + crossed as f64 * 12.0
}
