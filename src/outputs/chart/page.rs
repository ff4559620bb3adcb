//! The layout of a whole picture: headings, panels below each other, small print.

use super::font;
use super::legend::Legend;
use super::model::{Chart, Panel};
use super::palette::{Colour, FRAME, INK, SOFT_INK, WHITE};
use super::plot::{Plot, TICK_SIZE};
use super::profile::PlaceNames;
use super::scale::{Axis, Range, shows_months};
use super::scene::{Anchor, Scene, Text};
use super::view::View;

const WIDTH: f64 = 1600.0;
const MARGIN: f64 = 44.0;
const LEAST_HEIGHT: f64 = 900.0;
const LABEL_SIZE: f64 = 17.0;
const LABEL_LINE: f64 = 22.0;
const EMPTY_HEIGHT: f64 = 110.0;
const BETWEEN: f64 = 26.0;

/// Size, weight, colour and distance between lines of a kind of text.
#[derive(Clone, Copy)]
struct Style {
    size: f64,
    bold: bool,
    colour: Colour,
    line: f64,
}

const TITLE: Style = Style {
    size: 29.0,
    bold: true,
    colour: INK,
    line: 37.0,
};
const SUBTITLE: Style = Style {
    size: 19.0,
    bold: false,
    colour: SOFT_INK,
    line: 26.0,
};
const PANEL_TITLE: Style = Style {
    size: 19.5,
    bold: true,
    colour: INK,
    line: 27.0,
};
const NOTE: Style = Style {
    size: 14.0,
    bold: false,
    colour: SOFT_INK,
    line: 19.5,
};

/// A panel with everything that does not depend on its height.
struct Prepared<'a> {
    view: View<'a>,
    axis: Option<Axis>,
    title: Vec<String>,
    y_label: &'a str,
    legend: Legend,
    names: PlaceNames,
}

impl<'a> Prepared<'a> {
    fn new(
        panel: &'a Panel,
        view: View<'a>,
        axis: Option<Axis>,
        (left, right): (f64, f64),
    ) -> Self {
        let room = right - left;
        let entries = axis.as_ref().map_or_else(Vec::new, |_| view.entries());
        let places: &[String] = match &view {
            View::Profile(view) if axis.is_some() => view.places,
            _ => &[],
        };
        Self {
            names: PlaceNames::arrange(places, room),
            legend: Legend::new(entries, WIDTH - MARGIN - left),
            title: wrapped(&panel.title, PANEL_TITLE, WIDTH - MARGIN - left),
            y_label: &panel.y_label,
            view,
            axis,
        }
    }

    /// Height above the plot.
    fn head(&self) -> f64 {
        self.title.len() as f64 * PANEL_TITLE.line + self.legend.height() + 12.0
    }

    /// Height below the plot.
    fn foot(&self) -> f64 {
        match (&self.view, &self.axis) {
            (_, None) => 8.0,
            (View::Profile(_), _) => self.names.height(),
            _ => 36.0,
        }
    }

    fn draw(&self, scene: &mut Scene, plot: &Plot, years: Range) {
        let top = plot.top - self.head();
        let below = write(scene, &self.title, PANEL_TITLE, (plot.left, top));
        self.legend.draw(scene, plot.left, below);
        let Some(axis) = &self.axis else {
            draw_empty(scene, plot);
            return;
        };
        match &self.view {
            View::Time(view) => view.draw(scene, plot, axis, years),
            View::Bars(view) => view.draw(scene, plot, axis, years),
            View::Profile(view) => view.draw(scene, plot, axis, &self.names),
        }
        draw_y_label(scene, plot, self.y_label);
    }
}

fn wrapped(words: &str, style: Style, room: f64) -> Vec<String> {
    font::wrap(words, room, style.size, style.bold)
}

/// Writes lines of text below each other and gives the place below them.
fn write(scene: &mut Scene, lines: &[String], style: Style, (left, top): (f64, f64)) -> f64 {
    for (index, line) in lines.iter().enumerate() {
        let base = top + index as f64 * style.line + 0.5 * style.line + 0.36 * style.size;
        scene.text(Text {
            words: line.clone(),
            at: (left, base),
            size: style.size,
            bold: style.bold,
            colour: style.colour,
            anchor: Anchor::Start,
            upward: false,
        });
    }
    top + lines.len() as f64 * style.line
}

fn draw_empty(scene: &mut Scene, plot: &Plot) {
    let corners = vec![
        (plot.left, plot.top),
        (plot.right, plot.top),
        (plot.right, plot.bottom),
        (plot.left, plot.bottom),
        (plot.left, plot.top),
    ];
    scene.path(corners, 1.2, FRAME);
    scene.text(Text {
        words: "no data".to_owned(),
        at: (plot.across(0.5), f64::midpoint(plot.top, plot.bottom) + 7.0),
        size: 20.0,
        bold: false,
        colour: SOFT_INK,
        anchor: Anchor::Middle,
        upward: false,
    });
}

/// Writes the name of the value axis upwards along the left margin.
fn draw_y_label(scene: &mut Scene, plot: &Plot, label: &str) {
    let middle = f64::midpoint(plot.top, plot.bottom);
    let lines = font::wrap(label, plot.bottom - plot.top, LABEL_SIZE, false);
    for (index, line) in lines.into_iter().enumerate() {
        scene.text(Text {
            words: line,
            at: (
                MARGIN + 0.76 * LABEL_SIZE + index as f64 * LABEL_LINE,
                middle,
            ),
            size: LABEL_SIZE,
            bold: false,
            colour: INK,
            anchor: Anchor::Middle,
            upward: true,
        });
    }
}

/// The years all panels share, with a little room at both ends.
fn shared_years(views: &[View]) -> Range {
    let ranges = views.iter().filter_map(View::years);
    let all = Range::of(ranges.flat_map(|range| [range.low, range.high]));
    let mut range = all.unwrap_or(Range {
        low: 0.0,
        high: 1.0,
    });
    if range.span() < 1.0 && !shows_months(range) {
        let low = range.low.floor();
        range = Range {
            low,
            high: range.high.ceil().max(low + 1.0),
        };
    }
    let room = 0.012 * range.span();
    Range {
        low: range.low - room,
        high: range.high + room,
    }
}

/// The value axis of each panel that has data.
fn axes(views: &[View], count: u32, is_one: bool) -> Vec<Option<Axis>> {
    let own: Vec<Option<Axis>> = views.iter().map(|view| view.axis(count)).collect();
    let ranges = own.iter().flatten().map(|axis| axis.range);
    match Range::of(ranges.flat_map(|range| [range.low, range.high])) {
        Some(all) if is_one => {
            let shared = Axis::around(all, count);
            own.into_iter()
                .map(|axis| axis.map(|_| shared.clone()))
                .collect()
        }
        _ => own,
    }
}

/// Left and right edge of every plot.
fn sides(views: &[View], axes: &[Option<Axis>], label_lines: usize) -> (f64, f64) {
    let ticks = axes.iter().flatten().flat_map(|axis| &axis.ticks);
    let widest = ticks
        .map(|(_, words)| font::width(words, TICK_SIZE, false))
        .fold(0.0, f64::max);
    let left = MARGIN + label_lines as f64 * LABEL_LINE + widest + 12.0;
    let right_room = views.iter().map(View::right_room).fold(0.0, f64::max);
    (left, WIDTH - MARGIN - right_room)
}

/// Height of each plot when panels are stacked.
fn stacked_height(panels: usize) -> f64 {
    match panels {
        0 | 1 => 420.0,
        2 => 360.0,
        _ => 300.0,
    }
}

/// Lays out a chart.
pub(super) fn compose(chart: &Chart) -> Scene {
    let views: Vec<View> = chart
        .panels
        .iter()
        .map(|panel| View::of(&panel.content))
        .collect();
    let count = if views.len() > 1 { 5 } else { 7 };
    let axes = axes(&views, count, chart.has_one_scale);
    let years = shared_years(&views);
    let least = stacked_height(views.len());
    let label_lines = chart
        .panels
        .iter()
        .map(|panel| font::wrap(&panel.y_label, least, LABEL_SIZE, false).len());
    let (left, right) = sides(&views, &axes, label_lines.max().unwrap_or(0));
    let prepared: Vec<Prepared> = chart
        .panels
        .iter()
        .zip(views.into_iter().zip(axes))
        .map(|(panel, (view, axis))| Prepared::new(panel, view, axis, (left, right)))
        .collect();
    assemble(chart, &prepared, (left, right), years)
}

fn assemble(chart: &Chart, panels: &[Prepared], (left, right): (f64, f64), years: Range) -> Scene {
    let room = WIDTH - 2.0 * MARGIN;
    let title = wrapped(&chart.title, TITLE, room);
    let subtitle = wrapped(&chart.subtitle, SUBTITLE, room);
    let notes: Vec<String> = chart
        .notes
        .iter()
        .flat_map(|note| wrapped(note, NOTE, room))
        .collect();
    let heading =
        30.0 + title.len() as f64 * TITLE.line + subtitle.len() as f64 * SUBTITLE.line + 18.0;
    let print = 34.0 + notes.len() as f64 * NOTE.line;
    let least = stacked_height(panels.len());
    let fixed: f64 = panels
        .iter()
        .map(|panel| panel.head() + panel.foot() + BETWEEN)
        .sum();
    let drawn = panels.iter().filter(|panel| panel.axis.is_some()).count();
    let empty = (panels.len() - drawn) as f64 * EMPTY_HEIGHT;
    let taken = heading + fixed + empty + print;
    let height = if drawn == 0 {
        0.0
    } else {
        ((LEAST_HEIGHT - taken) / drawn as f64).max(least)
    };
    let mut scene = Scene {
        width: WIDTH,
        height: (taken + height * drawn as f64).ceil(),
        title: chart.title.clone(),
        description: description(chart),
        shapes: Vec::new(),
    };
    scene.rectangle([0.0, 0.0, scene.width, scene.height], WHITE);
    let below = write(&mut scene, &title, TITLE, (MARGIN, 30.0));
    let mut top = write(&mut scene, &subtitle, SUBTITLE, (MARGIN, below)) + 18.0;
    for panel in panels {
        let tall = if panel.axis.is_some() {
            height
        } else {
            EMPTY_HEIGHT
        };
        let plot = Plot {
            left,
            top: top + panel.head(),
            right,
            bottom: top + panel.head() + tall,
        };
        panel.draw(&mut scene, &plot, years);
        top = plot.bottom + panel.foot() + BETWEEN;
    }
    write(&mut scene, &notes, NOTE, (MARGIN, top));
    scene
}

/// The subtitle and the names of all series, for readers that cannot see the picture.
fn description(chart: &Chart) -> String {
    let panels = chart.panels.iter().map(|panel| {
        let names: Vec<String> = View::of(&panel.content)
            .entries()
            .into_iter()
            .map(|entry| entry.name)
            .collect();
        format!("{} {}: {}.", panel.title, panel.y_label, names.join("; "))
    });
    let parts: Vec<String> = std::iter::once(chart.subtitle.clone())
        .chain(panels)
        .collect();
    parts.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outputs::chart::{Content, Line, LineStyle};

    fn of_two(values: &[f64]) -> Content {
        Content::Time {
            bands: Vec::new(),
            lines: vec![Line {
                name: "line".to_owned(),
                x: vec![2001.0, 2002.0],
                y: values.to_vec(),
                style: LineStyle::default(),
            }],
            points: Vec::new(),
            thresholds: Vec::new(),
            include_zero: true,
        }
    }

    #[test]
    fn panels_have_one_scale_where_they_are_to_be_compared() {
        let contents = [of_two(&[0.0, 7.8]), of_two(&[0.0, 8.3]), of_two(&[])];
        let views: Vec<View> = contents.iter().map(View::of).collect();
        let highest = |is_one| -> Vec<Option<f64>> {
            let axes = axes(&views, 5, is_one).into_iter();
            axes.map(|axis| Some(axis?.range.high)).collect()
        };
        assert_eq!(highest(false), [Some(8.0), Some(10.0), None]);
        assert_eq!(highest(true), [Some(10.0), Some(10.0), None]);
    }
}
