//! Panels over time.

use super::legend::{Entry, Sample};
use super::model::{Band, Dash, Line, LineStyle, Points, Threshold};
use super::palette::{Colour, GRID, INK, series};
use super::plot::{Marker, Plot, TICK_SIZE, broken_line, tick};
use super::scale::{
    Axis, Range, month_ticks, short_number, shows_months, usable, usable_year, year_ticks,
};
use super::scene::{Anchor, Scene, Spot};

const BAND_OPACITY: f64 = 0.28;

/// The parts of a panel over time.
#[derive(Clone, Copy)]
pub(super) struct TimeView<'a> {
    /// Shaded ranges.
    pub(super) bands: &'a [Band],
    /// Lines.
    pub(super) lines: &'a [Line],
    /// Single values.
    pub(super) points: &'a [Points],
    /// Horizontal lines.
    pub(super) thresholds: &'a [Threshold],
    /// Whether the axis reaches zero.
    pub(super) include_zero: bool,
}

fn threshold_style(threshold: &Threshold) -> LineStyle {
    LineStyle::new(Dash::DashDotted, threshold.colour).with_width(1.8)
}

/// The whisker of a point, or nothing where there is none.
fn whisker(points: &Points, index: usize) -> f64 {
    let width = points.uncertainty.get(index).copied().flatten();
    width.filter(|&width| usable(width)).map_or(0.0, f64::abs)
}

/// The period of a point, or its own time where there is none.
fn period(points: &Points, index: usize) -> (f64, f64) {
    let x = points.x.get(index).copied().unwrap_or(f64::NAN);
    let ends = points.periods.get(index).copied();
    ends.filter(|&(start, end)| usable_year(start) && usable_year(end))
        .unwrap_or((x, x))
}

/// The drawable points of a series: index, year and value.
fn drawable(points: &Points) -> impl Iterator<Item = (usize, f64, f64)> + '_ {
    points
        .x
        .iter()
        .zip(&points.y)
        .enumerate()
        .map(|(index, (&x, &y))| (index, x, y))
        .filter(|&(_, x, y)| usable_year(x) && usable(y))
}

impl TimeView<'_> {
    /// The drawable pairs of year and value that the panel must have room for.
    fn corners(&self) -> Vec<(f64, f64)> {
        let lines = self
            .lines
            .iter()
            .flat_map(|line| line.x.iter().copied().zip(line.y.iter().copied()));
        let bands = self.bands.iter().flat_map(|band| {
            let low = band.x.iter().copied().zip(band.low.iter().copied());
            low.chain(band.x.iter().copied().zip(band.high.iter().copied()))
        });
        let points = self.points.iter().flat_map(|points| {
            drawable(points).flat_map(|(index, _, y)| {
                let (start, end) = period(points, index);
                let half = whisker(points, index);
                [(start, y - half), (end, y + half)]
            })
        });
        lines
            .chain(bands)
            .chain(points)
            .filter(|&(x, y)| usable_year(x) && usable(y))
            .collect()
    }

    /// The years the panel covers, if it has data.
    pub(super) fn years(&self) -> Option<Range> {
        Range::of(self.corners().into_iter().map(|(x, _)| x))
    }

    /// The value axis, if the panel has data.
    pub(super) fn axis(&self, count: u32) -> Option<Axis> {
        let corners = self.corners();
        let zero = self.include_zero.then_some(0.0);
        let levels = self.thresholds.iter().map(|threshold| threshold.value);
        let values = corners.iter().map(|&(_, y)| y).chain(levels).chain(zero);
        let range = Range::of(values).filter(|_| !corners.is_empty())?;
        Some(Axis::around(self.room_for_thresholds(range), count))
    }

    /// Widens a range that ends on a threshold, so that the threshold does not lie on the edge.
    fn room_for_thresholds(&self, range: Range) -> Range {
        let room = 0.02 * range.span();
        let ends_on = |end: f64| {
            let mut levels = self.thresholds.iter().map(|threshold| threshold.value);
            end != 0.0 && levels.any(|level| level == end)
        };
        Range {
            low: range.low - if ends_on(range.low) { room } else { 0.0 },
            high: range.high + if ends_on(range.high) { room } else { 0.0 },
        }
    }

    /// The entries of the legend.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let entry = |name: &String, sample| Entry {
            name: name.clone(),
            sample,
        };
        let lines = self
            .lines
            .iter()
            .map(|line| entry(&line.name, Sample::Line(line.style)));
        let bands = self.bands.iter().map(|band| {
            let colour = series(band.colour).lighter(1.0 - BAND_OPACITY);
            entry(&band.name, Sample::Box(colour))
        });
        let points = self.points.iter().enumerate().map(|(index, points)| {
            let barred = drawable(points).any(|(index, ..)| {
                let (start, end) = period(points, index);
                end > start
            });
            let colour = series(points.colour);
            entry(
                &points.name,
                Sample::Marker(Marker::of(index), colour, barred),
            )
        });
        let thresholds = self
            .thresholds
            .iter()
            .map(|threshold| entry(&threshold.name, Sample::Line(threshold_style(threshold))));
        lines.chain(bands).chain(points).chain(thresholds).collect()
    }

    /// Draws the panel.
    pub(super) fn draw(&self, scene: &mut Scene, plot: &Plot, axis: &Axis, years: Range) {
        plot.value_axis(scene, axis);
        draw_years(scene, plot, years);
        for band in self.bands {
            draw_band(scene, plot, axis, years, band);
        }
        plot.zero_line(scene, axis);
        self.draw_thresholds(scene, plot, axis);
        for line in self.lines {
            broken_line(scene, &line_spots(plot, axis, years, line), line.style);
        }
        for (index, points) in self.points.iter().enumerate() {
            draw_points(scene, plot, axis, years, (points, Marker::of(index)));
        }
        plot.edges(scene);
    }

    /// Draws the thresholds, with their values at the right edge where these do not collide.
    fn draw_thresholds(&self, scene: &mut Scene, plot: &Plot, axis: &Axis) {
        let mut taken: Vec<f64> = Vec::new();
        for threshold in self.thresholds.iter().filter(|level| usable(level.value)) {
            let y = plot.y(axis, threshold.value);
            let style = threshold_style(threshold);
            let colour = series(style.colour);
            let ends = [(plot.left, y), (plot.right, y)];
            scene.dashed(&ends, style.dash, style.width, colour);
            if taken.iter().all(|other| (other - y).abs() >= TICK_SIZE) {
                taken.push(y);
                let at = (plot.right + 8.0, y + 0.36 * TICK_SIZE);
                let words = short_number(threshold.value);
                let mut label = tick(words, at, Anchor::Start);
                label.colour = colour.darker(0.15);
                scene.text(label);
            }
        }
    }

    /// The widest words at the right edge.
    pub(super) fn right_words(&self) -> impl Iterator<Item = String> + '_ {
        self.thresholds
            .iter()
            .filter(|threshold| usable(threshold.value))
            .map(|threshold| short_number(threshold.value))
    }
}

/// Draws the vertical grid and the years, or months, below it.
fn draw_years(scene: &mut Scene, plot: &Plot, years: Range) {
    let ticks = match shows_months(years) {
        true => month_ticks(years),
        false => year_ticks(years, plot.width() / 92.0)
            .into_iter()
            .map(|year| (f64::from(year), year.to_string().replace('-', "−")))
            .collect(),
    };
    for (place, words) in ticks {
        let x = plot.x(years, place);
        scene.path(vec![(x, plot.top), (x, plot.bottom)], 1.0, GRID);
        scene.path(vec![(x, plot.bottom), (x, plot.bottom + 6.0)], 1.4, INK);
        let at = (x, plot.bottom + 11.0 + 0.76 * TICK_SIZE);
        scene.text(tick(words, at, Anchor::Middle));
    }
}

/// Where the values of a line lie, with nothing for pairs that cannot be drawn.
pub(super) fn line_spots(plot: &Plot, axis: &Axis, years: Range, line: &Line) -> Vec<Option<Spot>> {
    let pairs = line.x.iter().zip(&line.y);
    pairs
        .map(|(&x, &y)| (usable_year(x) && usable(y)).then(|| (plot.x(years, x), plot.y(axis, y))))
        .collect()
}

fn draw_band(scene: &mut Scene, plot: &Plot, axis: &Axis, years: Range, band: &Band) {
    let colour = series(band.colour).with_alpha(BAND_OPACITY);
    let edges: Vec<Option<(f64, f64, f64)>> = band
        .x
        .iter()
        .zip(band.low.iter().zip(&band.high))
        .map(|(&x, (&low, &high))| {
            (usable_year(x) && usable(low) && usable(high))
                .then(|| (plot.x(years, x), plot.y(axis, low), plot.y(axis, high)))
        })
        .collect();
    for run in edges.split(Option::is_none) {
        let upper = run.iter().flatten().map(|&(x, _, high)| (x, high));
        let lower = run.iter().flatten().rev().map(|&(x, low, _)| (x, low));
        if run.len() > 1 {
            scene.area(upper.chain(lower).collect(), colour);
        } else if let [Some((x, low, high))] = *run {
            scene.path(
                vec![(x, low), (x, high)],
                4.0,
                series(band.colour).lighter(0.6),
            );
        }
    }
}

fn draw_points(
    scene: &mut Scene,
    plot: &Plot,
    axis: &Axis,
    years: Range,
    (points, marker): (&Points, Marker),
) {
    let colour = series(points.colour);
    for (index, x, y) in drawable(points) {
        let (start, end) = period(points, index);
        let height = plot.y(axis, y);
        if end > start {
            let ends = [(plot.x(years, start), height), (plot.x(years, end), height)];
            scene.path(ends.to_vec(), 3.2, colour);
        }
        let half = whisker(points, index);
        if half > 0.0 {
            draw_whisker(scene, plot, axis, (plot.x(years, x), y, half), colour);
        }
    }
    for (_, x, y) in drawable(points) {
        let spot = (plot.x(years, x), plot.y(axis, y));
        marker.draw(scene, spot, 6.0, colour);
    }
}

fn draw_whisker(
    scene: &mut Scene,
    plot: &Plot,
    axis: &Axis,
    (x, value, half): (f64, f64, f64),
    colour: Colour,
) {
    let (top, bottom) = (plot.y(axis, value + half), plot.y(axis, value - half));
    scene.path(vec![(x, top), (x, bottom)], 2.0, colour);
    for y in [top, bottom] {
        scene.path(vec![(x - 6.0, y), (x + 6.0, y)], 2.0, colour);
    }
}
