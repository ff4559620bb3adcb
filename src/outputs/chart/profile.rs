//! Panels of places along a river.

use super::font;
use super::legend::{Entry, Sample};
use super::model::{ProfileLine, ProfilePoint};
use super::palette::{GRID, INK, series};
use super::plot::{Marker, Plot, TICK_LINE, TICK_SIZE, broken_line, line_width, tick};
use super::profile_label::{Label, place_labels};
use super::scale::{Axis, Range, usable};
use super::scene::{Anchor, Scene, Spot, Text};

const POINT_COLOUR: usize = 6;
const MOST_LINES: usize = 3;

/// The parts of a panel of places.
#[derive(Clone, Copy)]
pub(super) struct ProfileView<'a> {
    /// Names of the places.
    pub(super) places: &'a [String],
    /// Lines over the places.
    pub(super) lines: &'a [ProfileLine],
    /// Single values.
    pub(super) points: &'a [ProfilePoint],
}

/// How the names of places are set below the axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PlaceNames {
    /// Lines of each name, on one row.
    Level(Vec<Vec<String>>),
    /// Lines of each name, on two rows in turn.
    Staggered(Vec<Vec<String>>),
    /// Names run upwards.
    Upright(Vec<String>),
}

impl PlaceNames {
    /// Chooses the first arrangement in which names of places do not collide.
    pub(super) fn arrange(places: &[String], width: f64) -> Self {
        let slot = width / places.len().max(1) as f64;
        let fitted = |room: f64| -> Option<Vec<Vec<String>>> {
            places
                .iter()
                .map(|place| whole_words(place, room))
                .collect()
        };
        if let Some(lines) = fitted(slot - 10.0) {
            return Self::Level(lines);
        }
        if let Some(lines) = fitted(2.0 * slot - 14.0).filter(|_| slot > 36.0) {
            return Self::Staggered(lines);
        }
        Self::Upright(places.to_vec())
    }

    /// Height in pixels below the plot.
    pub(super) fn height(&self) -> f64 {
        let deepest = |lines: &Vec<Vec<String>>| lines.iter().map(Vec::len).max().unwrap_or(0);
        match self {
            Self::Level(lines) => 14.0 + deepest(lines) as f64 * TICK_LINE,
            Self::Staggered(lines) => 24.0 + 2.0 * deepest(lines) as f64 * TICK_LINE,
            Self::Upright(names) => {
                let widths = names.iter().map(|name| font::width(name, TICK_SIZE, false));
                20.0 + widths.fold(0.0, f64::max)
            }
        }
    }

    fn draw(&self, scene: &mut Scene, plot: &Plot, centres: &[f64]) {
        let first = plot.bottom + 11.0 + 0.76 * TICK_SIZE;
        match self {
            Self::Level(lines) => {
                for (lines, &x) in lines.iter().zip(centres) {
                    draw_name(scene, lines, (x, first));
                }
            }
            Self::Staggered(all) => {
                let deepest = all.iter().map(Vec::len).max().unwrap_or(0);
                let lower = first + deepest as f64 * TICK_LINE + 8.0;
                for (index, (lines, &x)) in all.iter().zip(centres).enumerate() {
                    let top = if index % 2 == 0 { first } else { lower };
                    draw_name(scene, lines, (x, top));
                    if index % 2 == 1 {
                        let foot = lower - 0.8 * TICK_SIZE;
                        scene.path(vec![(x, plot.bottom), (x, foot)], 1.0, GRID.darker(0.15));
                    }
                }
            }
            Self::Upright(names) => {
                for (name, &x) in names.iter().zip(centres) {
                    let at = (x + 0.36 * TICK_SIZE, plot.bottom + 12.0);
                    let mut text = tick(name.clone(), at, Anchor::End);
                    text.upward = true;
                    scene.text(text);
                }
            }
        }
    }
}

/// A name in few lines of whole words, if it fits the room.
fn whole_words(name: &str, room: f64) -> Option<Vec<String>> {
    let fits = |word: &str| font::width(word, TICK_SIZE, false) <= room;
    let lines = font::wrap(name, room, TICK_SIZE, false);
    (lines.len() <= MOST_LINES && name.split(' ').all(fits)).then_some(lines)
}

fn draw_name(scene: &mut Scene, lines: &[String], (x, top): Spot) {
    for (index, line) in lines.iter().enumerate() {
        let at = (x, top + index as f64 * TICK_LINE);
        scene.text(tick(line.clone(), at, Anchor::Middle));
    }
}

impl ProfileView<'_> {
    fn usable_points(&self) -> impl Iterator<Item = &ProfilePoint> {
        self.points
            .iter()
            .filter(|point| point.place < self.places.len() && usable(point.value))
    }

    /// The value axis, if the panel has data.
    pub(super) fn axis(&self, count: u32) -> Option<Axis> {
        let lines = self
            .lines
            .iter()
            .flat_map(|line| line.values.iter().copied().take(self.places.len()));
        let points = self.usable_points().map(|point| point.value);
        let range = Range::of(lines.chain(points))?;
        // A profile of flows is read against zero, unless it varies little around a level.
        let from_zero = range.low >= 0.0 && range.span() > 0.2 * range.high;
        let zero = from_zero.then_some(0.0);
        Range::of([range.low, range.high].into_iter().chain(zero))
            .map(|range| Axis::around(range, count))
    }

    /// Labels that several points share, in the order in which they first appear.
    fn shared_labels(&self) -> Vec<&str> {
        let mut shared: Vec<&str> = Vec::new();
        for point in self.usable_points() {
            let label = point.label.as_str();
            let count = self.usable_points().filter(|other| other.label == label);
            if !shared.contains(&label) && count.count() > 1 {
                shared.push(label);
            }
        }
        shared
    }

    /// The entries of the legend.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let lines = self.lines.iter().map(|line| Entry {
            name: line.name.clone(),
            sample: Sample::MarkedLine(line.style),
        });
        let shared = self.shared_labels();
        let points = shared.iter().enumerate().map(|(index, label)| Entry {
            name: (*label).to_owned(),
            sample: Sample::Marker(Marker::of(index), series(POINT_COLOUR), false),
        });
        lines.chain(points).collect()
    }

    /// Draws the panel.
    pub(super) fn draw(&self, scene: &mut Scene, plot: &Plot, axis: &Axis, names: &PlaceNames) {
        let count = self.places.len().max(1) as f64;
        let centres: Vec<f64> = (0..self.places.len())
            .map(|index| plot.across((index as f64 + 0.5) / count))
            .collect();
        plot.value_axis(scene, axis);
        for &x in &centres {
            scene.path(vec![(x, plot.top), (x, plot.bottom)], 1.0, GRID);
            scene.path(vec![(x, plot.bottom), (x, plot.bottom + 6.0)], 1.4, INK);
        }
        names.draw(scene, plot, &centres);
        plot.zero_line(scene, axis);
        let mut obstacles = Vec::new();
        for line in self.lines {
            let spots = line_spots(line, plot, axis, &centres);
            broken_line(scene, &spots, line.style);
            for &spot in spots.iter().flatten() {
                let radius = line_width(line.style) + 1.4;
                scene.disk(spot, radius, series(line.style.colour));
            }
            obstacles.push(spots);
        }
        self.draw_points(scene, plot, axis, (&centres, &obstacles));
        plot.edges(scene);
    }

    fn draw_points(
        &self,
        scene: &mut Scene,
        plot: &Plot,
        axis: &Axis,
        (centres, obstacles): (&[f64], &[Vec<Option<Spot>>]),
    ) {
        let shared = self.shared_labels();
        let mut markers = Vec::new();
        let mut labels = Vec::new();
        for point in self.usable_points() {
            let x = centres.get(point.place).copied().unwrap_or(plot.left);
            let spot = (x, plot.y(axis, point.value));
            let series_index = shared.iter().position(|&label| label == point.label);
            markers.push((spot, series_index.unwrap_or(1)));
            if series_index.is_none() && !point.label.is_empty() {
                labels.push(Label::new(&point.label, spot));
            }
        }
        let spots: Vec<Spot> = markers.iter().map(|&(spot, _)| spot).collect();
        place_labels(&mut labels, plot, &spots, obstacles);
        for label in &labels {
            label.draw(scene);
        }
        for (spot, index) in markers {
            Marker::of(index).draw(scene, spot, 6.5, series(POINT_COLOUR));
        }
    }
}

fn line_spots(line: &ProfileLine, plot: &Plot, axis: &Axis, centres: &[f64]) -> Vec<Option<Spot>> {
    line.values
        .iter()
        .zip(centres)
        .map(|(&value, &x)| usable(value).then(|| (x, plot.y(axis, value))))
        .collect()
}

/// A line of small text, for labels inside the plot.
pub(super) fn small_text(words: &str, at: Spot, size: f64) -> Text {
    Text {
        words: words.to_owned(),
        at,
        size,
        bold: false,
        colour: INK,
        anchor: Anchor::Start,
        upward: false,
    }
}
