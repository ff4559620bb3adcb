//! The rectangle between the axes, and marks that several kinds of panels share.

use super::model::LineStyle;
use super::palette::{Colour, FRAME, GRID, INK, SOFT_INK, WHITE, series};
use super::scale::{Axis, Range};
use super::scene::{Anchor, Scene, Spot, Text};

/// Font size of tick labels.
pub(super) const TICK_SIZE: f64 = 17.0;
/// Distance between lines of tick labels.
pub(super) const TICK_LINE: f64 = 21.0;

/// The rectangle between the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plot {
    /// Left edge in pixels.
    pub(super) left: f64,
    /// Upper edge in pixels.
    pub(super) top: f64,
    /// Right edge in pixels.
    pub(super) right: f64,
    /// Lower edge in pixels.
    pub(super) bottom: f64,
}

impl Plot {
    /// Width in pixels.
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Where a share of the width lies.
    pub(super) fn across(&self, share: f64) -> f64 {
        self.left + share * self.width()
    }

    /// Where a decimal year lies.
    pub(super) fn x(&self, years: Range, year: f64) -> f64 {
        self.across((year - years.low) / years.span())
    }

    /// Where a value lies.
    pub(super) fn y(&self, axis: &Axis, value: f64) -> f64 {
        self.bottom - axis.share(value) * (self.bottom - self.top)
    }

    /// Draws the horizontal grid and the labels of the value axis.
    pub(super) fn value_axis(&self, scene: &mut Scene, axis: &Axis) {
        for (value, words) in &axis.ticks {
            let y = self.y(axis, *value);
            scene.path(vec![(self.left, y), (self.right, y)], 1.0, GRID);
            let at = (self.left - 10.0, y + 0.36 * TICK_SIZE);
            scene.text(tick(words.clone(), at, Anchor::End));
        }
    }

    /// Draws the left and the lower edge, over the grid.
    pub(super) fn edges(&self, scene: &mut Scene) {
        let spots = vec![
            (self.left, self.top),
            (self.left, self.bottom),
            (self.right, self.bottom),
        ];
        scene.path(spots, 1.4, FRAME);
    }

    /// Draws a heavier line at zero where zero is inside the axis.
    pub(super) fn zero_line(&self, scene: &mut Scene, axis: &Axis) {
        if axis.range.low < 0.0 && axis.range.high > 0.0 {
            let y = self.y(axis, 0.0);
            scene.path(vec![(self.left, y), (self.right, y)], 1.4, SOFT_INK);
        }
    }
}

/// Words at a tick.
pub(super) fn tick(words: String, at: Spot, anchor: Anchor) -> Text {
    Text {
        words,
        at,
        size: TICK_SIZE,
        bold: false,
        colour: INK,
        anchor,
        upward: false,
    }
}

/// Draws a line through spots, leaving gaps where there is none.
pub(super) fn broken_line(scene: &mut Scene, spots: &[Option<Spot>], style: LineStyle) {
    let colour = series(style.colour);
    let width = line_width(style);
    for run in spots.split(Option::is_none) {
        let run: Vec<Spot> = run.iter().flatten().copied().collect();
        match run.as_slice() {
            [] => {}
            [only] => scene.disk(*only, width.max(2.0) * 1.3, colour),
            _ => scene.dashed(&run, style.dash, width, colour),
        }
    }
}

/// The width of a line, kept within what can be seen.
pub(super) fn line_width(style: LineStyle) -> f64 {
    if style.width.is_finite() {
        style.width.clamp(0.5, 20.0)
    } else {
        LineStyle::default().width
    }
}

/// The shape of a marker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Marker {
    /// A circle.
    Circle,
    /// A square.
    Square,
    /// A square on its corner.
    Diamond,
    /// A triangle.
    Triangle,
}

impl Marker {
    /// The marker of the series with this index.
    pub(super) fn of(index: usize) -> Self {
        match index % 4 {
            0 => Self::Circle,
            1 => Self::Diamond,
            2 => Self::Square,
            _ => Self::Triangle,
        }
    }

    /// Draws the marker with a white rim, so that it stands out from lines.
    pub(super) fn draw(self, scene: &mut Scene, centre: Spot, radius: f64, colour: Colour) {
        self.plain(scene, centre, radius + 1.8, WHITE);
        self.plain(scene, centre, radius, colour);
    }

    fn plain(self, scene: &mut Scene, centre: Spot, radius: f64, colour: Colour) {
        let (x, y) = centre;
        match self {
            Self::Circle => scene.disk(centre, radius, colour),
            Self::Square => {
                let half = radius * 0.88;
                scene.rectangle([x - half, y - half, x + half, y + half], colour);
            }
            Self::Diamond => {
                let half = radius * 1.2;
                let spots = vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)];
                scene.area(spots, colour);
            }
            Self::Triangle => {
                let half = radius * 1.1;
                let spots = vec![
                    (x, y - 1.2 * half),
                    (x + 1.1 * half, y + 0.8 * half),
                    (x - 1.1 * half, y + 0.8 * half),
                ];
                scene.area(spots, colour);
            }
        }
    }
}
