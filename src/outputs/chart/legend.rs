//! Legends: rows of samples and names above a plot, so that they never cover data.

use super::font;
use super::model::LineStyle;
use super::palette::{Colour, INK, series};
use super::plot::{Marker, line_width};
use super::scene::{Anchor, Scene, Text};

const SIZE: f64 = 16.0;
const ROW: f64 = 25.0;
const SAMPLE: f64 = 52.0;
const GAP: f64 = 9.0;
const BETWEEN: f64 = 34.0;

/// A sample of how something is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sample {
    /// A line.
    Line(LineStyle),
    /// A line with marks at its values.
    MarkedLine(LineStyle),
    /// A filled box.
    Box(Colour),
    /// A marker, with a bar through it for the period it stands for.
    Marker(Marker, Colour, bool),
}

/// One entry of a legend.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// The name; entries without one are left out.
    pub(super) name: String,
    /// The sample beside it.
    pub(super) sample: Sample,
}

struct Placed {
    left: f64,
    row: usize,
    lines: Vec<String>,
    sample: Sample,
}

/// A legend laid out to a width.
pub(super) struct Legend {
    placed: Vec<Placed>,
    rows: usize,
}

impl Legend {
    /// Lays the entries out in rows no wider than `room`.
    pub(super) fn new(entries: Vec<Entry>, room: f64) -> Self {
        let (mut left, mut row, mut depth) = (0.0, 0, 0);
        let mut placed = Vec::new();
        for entry in entries {
            let words = (room - SAMPLE - GAP).max(40.0);
            let lines = font::wrap(&entry.name, words, SIZE, false);
            let widths = lines.iter().map(|line| font::width(line, SIZE, false));
            let width = SAMPLE + GAP + widths.fold(0.0, f64::max);
            if lines.is_empty() {
                continue;
            }
            if left > 0.0 && left + width > room {
                row += depth;
                (left, depth) = (0.0, 0);
            }
            depth = depth.max(lines.len());
            placed.push(Placed {
                left,
                row,
                lines,
                sample: entry.sample,
            });
            left += width + BETWEEN;
        }
        Self {
            placed,
            rows: row + depth,
        }
    }

    /// Height in pixels.
    pub(super) fn height(&self) -> f64 {
        self.rows as f64 * ROW
    }

    /// Draws the legend with its upper left corner at a place.
    pub(super) fn draw(&self, scene: &mut Scene, left: f64, top: f64) {
        for entry in &self.placed {
            let x = left + entry.left;
            let middle = top + (entry.row as f64 + 0.5) * ROW;
            draw_sample(scene, entry.sample, x, middle);
            for (index, line) in entry.lines.iter().enumerate() {
                let down = index as f64 * ROW + 0.36 * SIZE;
                scene.text(Text {
                    words: line.clone(),
                    at: (x + SAMPLE + GAP, middle + down),
                    size: SIZE,
                    bold: false,
                    colour: INK,
                    anchor: Anchor::Start,
                    upward: false,
                });
            }
        }
    }
}

fn draw_sample(scene: &mut Scene, sample: Sample, left: f64, middle: f64) {
    let centre = (left + SAMPLE / 2.0, middle);
    let ends = [(left, middle), (left + SAMPLE, middle)];
    match sample {
        Sample::Line(style) | Sample::MarkedLine(style) => {
            let colour = series(style.colour);
            let width = line_width(style).min(8.0);
            scene.dashed(&ends, style.dash, width, colour);
            if matches!(sample, Sample::MarkedLine(_)) {
                scene.disk(centre, width + 1.4, colour);
            }
        }
        Sample::Box(colour) => {
            let edges = [
                left + 10.0,
                middle - 8.0,
                left + SAMPLE - 10.0,
                middle + 8.0,
            ];
            scene.rectangle(edges, colour);
        }
        Sample::Marker(marker, colour, barred) => {
            if barred {
                scene.path(ends.to_vec(), 3.2, colour);
            }
            marker.draw(scene, centre, 6.0, colour);
        }
    }
}
