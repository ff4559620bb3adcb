//! Panels of stacked bars, one a year.

use std::borrow::Cow;

use super::legend::{Entry, Sample};
use super::model::{Line, Part};
use super::palette::{WHITE, series};
use super::plot::{Plot, TICK_SIZE, broken_line, line_width, tick};
use super::scale::{Axis, Range, usable, usable_year, year_ticks};
use super::scene::{Anchor, Scene};
use super::time::line_spots;

/// The parts of a panel of bars.
#[derive(Clone, Copy)]
pub(super) struct BarsView<'a> {
    /// The year of each bar.
    pub(super) years: &'a [i32],
    /// The parts of the bars.
    pub(super) parts: &'a [Part],
    /// A line over the bars.
    pub(super) line: Option<&'a Line>,
}

/// One piece of a bar: index of the part, value it begins at, value it ends at.
type Piece = (usize, f64, f64);

impl<'a> BarsView<'a> {
    /// The bars that have values, each as its year and its pieces.
    fn bars(&self) -> Vec<(i32, Vec<Piece>)> {
        self.years
            .iter()
            .enumerate()
            .filter(|(_, year)| usable_year(f64::from(**year)))
            .map(|(index, &year)| (year, self.stack(index)))
            .filter(|(_, pieces)| !pieces.is_empty())
            .collect()
    }

    fn stack(&self, bar: usize) -> Vec<Piece> {
        let (mut above, mut below) = (0.0, 0.0);
        let mut pieces = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            let value = part.values.get(bar).copied().unwrap_or(f64::NAN);
            if usable(value) {
                let end = if value < 0.0 { &mut below } else { &mut above };
                pieces.push((index, *end, *end + value));
                *end += value;
            }
        }
        pieces
    }

    /// The line, with whole years moved to the middle of their bars.
    fn centred_line(&self) -> Option<Cow<'a, Line>> {
        let line = self.line?;
        if line.x.iter().any(|x| x.fract() != 0.0) {
            return Some(Cow::Borrowed(line));
        }
        let mut moved = line.clone();
        moved.x.iter_mut().for_each(|x| *x += 0.5);
        Some(Cow::Owned(moved))
    }

    /// Drawable pairs of the line.
    fn line_pairs(&self) -> Vec<(f64, f64)> {
        let line = self.centred_line();
        line.iter()
            .flat_map(|line| line.x.iter().copied().zip(line.y.iter().copied()))
            .filter(|&(x, y)| usable_year(x) && usable(y))
            .collect()
    }

    /// The years the panel covers, if it has data.
    pub(super) fn years(&self) -> Option<Range> {
        let bars = self.bars();
        let ends = bars
            .iter()
            .flat_map(|&(year, _)| [f64::from(year), f64::from(year) + 1.0]);
        Range::of(ends.chain(self.line_pairs().into_iter().map(|(x, _)| x)))
    }

    /// The value axis, if the panel has data.
    pub(super) fn axis(&self, count: u32) -> Option<Axis> {
        let bars = self.bars();
        let ends = bars
            .iter()
            .flat_map(|(_, pieces)| pieces.iter().map(|&(_, _, end)| end));
        let line = self.line_pairs();
        let mut values = ends.chain(line.into_iter().map(|(_, y)| y)).peekable();
        values.peek()?;
        Range::of(values.chain([0.0])).map(|range| Axis::around(range, count))
    }

    /// The entries of the legend.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let parts = self.parts.iter().map(|part| Entry {
            name: part.name.clone(),
            sample: Sample::Box(series(part.colour)),
        });
        let line = self.line.map(|line| Entry {
            name: line.name.clone(),
            sample: Sample::Line(line.style),
        });
        parts.chain(line).collect()
    }

    /// Draws the panel.
    pub(super) fn draw(&self, scene: &mut Scene, plot: &Plot, axis: &Axis, years: Range) {
        plot.value_axis(scene, axis);
        let last = self.years().map_or(years.high, |own| own.high);
        draw_years(scene, plot, years, last);
        let slot = plot.width() / years.span();
        let gap = if slot > 8.0 { 0.13 } else { 0.04 };
        for (year, pieces) in self.bars() {
            let left = plot.x(years, f64::from(year) + gap);
            let right = plot.x(years, f64::from(year) + 1.0 - gap);
            for (index, start, end) in pieces {
                let colour = self.parts.get(index).map_or(0, |part| part.colour);
                let (from, to) = (plot.y(axis, start), plot.y(axis, end));
                let edges = [left, from.min(to), right, from.max(to)];
                scene.rectangle(edges, series(colour));
            }
        }
        plot.zero_line(scene, axis);
        if let Some(line) = self.centred_line() {
            let spots = line_spots(plot, axis, years, &line);
            // A white rim sets the line off from the bars.
            for run in spots.split(Option::is_none) {
                let rim = line_width(line.style) + 3.0;
                scene.path(run.iter().flatten().copied().collect(), rim, WHITE);
            }
            broken_line(scene, &spots, line.style);
        }
        plot.edges(scene);
    }
}

/// Writes years below the middle of their bars.
fn draw_years(scene: &mut Scene, plot: &Plot, years: Range, last: f64) {
    for year in year_ticks(years, plot.width() / 80.0) {
        let x = plot.x(years, f64::from(year) + 0.5);
        if f64::from(year) < last {
            let at = (x, plot.bottom + 11.0 + 0.76 * TICK_SIZE);
            scene.text(tick(year.to_string().replace('-', "−"), at, Anchor::Middle));
        }
    }
}
