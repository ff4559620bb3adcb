//! What a chart holds: the public description that [`draw`](super::draw) turns into pictures.

/// One picture: a title, one or more panels below each other, and small print.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// File name without its ending.
    pub stem: String,
    /// Title at the top, in bold.
    pub title: String,
    /// One or two sentences below the title; may be empty.
    pub subtitle: String,
    /// The panels, from top to bottom. Panels over time share one range of years.
    pub panels: Vec<Panel>,
    /// Whether all panels have one vertical scale, so that they can be compared.
    pub has_one_scale: bool,
    /// Small print below the panels: sources, caveats, the hash of the inputs.
    pub notes: Vec<String>,
}

/// One pair of axes and what is drawn on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Title of the panel; may be empty.
    pub title: String,
    /// Name of the quantity on the vertical axis, with its unit.
    pub y_label: String,
    /// What the panel shows.
    pub content: Content,
}

/// What a panel shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Quantities over time; every `x` is in decimal years.
    Time {
        /// Shaded ranges, drawn first.
        bands: Vec<Band>,
        /// Lines over the bands.
        lines: Vec<Line>,
        /// Single values over the lines, such as published means.
        points: Vec<Points>,
        /// Horizontal lines at fixed values.
        thresholds: Vec<Threshold>,
        /// Whether the vertical axis must reach zero.
        include_zero: bool,
    },
    /// One stacked bar a year: positive parts upwards from zero, negative parts downwards.
    Bars {
        /// The year of each bar.
        years: Vec<i32>,
        /// The parts that make up the bars, in the order of stacking from zero outwards.
        parts: Vec<Part>,
        /// A line over the bars. Where every `x` is a whole number, each value is put at the
        /// middle of the bar of that year; otherwise `x` is in decimal years.
        line: Option<Line>,
    },
    /// Quantities at places along a river, in order from left to right.
    Profile {
        /// Names of the places.
        places: Vec<String>,
        /// Lines over the places.
        lines: Vec<ProfileLine>,
        /// Single values at places, such as published means.
        points: Vec<ProfilePoint>,
    },
}

impl Default for Content {
    fn default() -> Self {
        Self::Time {
            bands: Vec::new(),
            lines: Vec::new(),
            points: Vec::new(),
            thresholds: Vec::new(),
            include_zero: false,
        }
    }
}

/// How a line is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Long strokes.
    Dashed,
    /// Short strokes.
    Dotted,
    /// Long and short strokes in turn.
    DashDotted,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineStyle {
    /// How the line is broken.
    pub dash: Dash,
    /// Width in pixels at the size of the PNG.
    pub width: f64,
    /// Index into the palette, see [`series_colour`](super::series_colour).
    pub colour: usize,
}

impl LineStyle {
    /// A line of the usual width, broken as `dash` says.
    pub const fn new(dash: Dash, colour: usize) -> Self {
        Self {
            dash,
            width: 2.6,
            colour,
        }
    }

    /// An unbroken line.
    pub const fn solid(colour: usize) -> Self {
        Self::new(Dash::Solid, colour)
    }

    /// A line of long strokes.
    pub const fn dashed(colour: usize) -> Self {
        Self::new(Dash::Dashed, colour)
    }

    /// A line of short strokes.
    pub const fn dotted(colour: usize) -> Self {
        Self::new(Dash::Dotted, colour)
    }

    /// The same style in another width.
    #[must_use]
    pub const fn with_width(self, width: f64) -> Self {
        Self { width, ..self }
    }
}

impl Default for LineStyle {
    fn default() -> Self {
        Self::solid(0)
    }
}

/// A line over time. Values that are not finite leave a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Name in the legend.
    pub name: String,
    /// Decimal years.
    pub x: Vec<f64>,
    /// Values.
    pub y: Vec<f64>,
    /// Looks.
    pub style: LineStyle,
}

/// A shaded range over time. Values that are not finite leave a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// Name in the legend.
    pub name: String,
    /// Decimal years.
    pub x: Vec<f64>,
    /// Lower edge.
    pub low: Vec<f64>,
    /// Upper edge.
    pub high: Vec<f64>,
    /// Index into the palette.
    pub colour: usize,
}

/// Single values over time, such as published means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// Name in the legend.
    pub name: String,
    /// Decimal years, where the markers stand.
    pub x: Vec<f64>,
    /// Values.
    pub y: Vec<f64>,
    /// Half-width of the whisker of each point; may be shorter than `x`.
    pub uncertainty: Vec<Option<f64>>,
    /// First and last decimal year each value is a mean over, drawn as a horizontal bar; may be
    /// shorter than `x`, and an entry of no width or of NaN draws no bar.
    pub periods: Vec<(f64, f64)>,
    /// Index into the palette.
    pub colour: usize,
}

/// A horizontal line at a fixed value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Threshold {
    /// Name in the legend.
    pub name: String,
    /// The value.
    pub value: f64,
    /// Index into the palette.
    pub colour: usize,
}

/// One part of stacked bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Name in the legend.
    pub name: String,
    /// One value a year; values that are not finite count as nothing.
    pub values: Vec<f64>,
    /// Index into the palette.
    pub colour: usize,
}

/// A line over places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProfileLine {
    /// Name in the legend.
    pub name: String,
    /// One value a place; values that are not finite leave a gap.
    pub values: Vec<f64>,
    /// Looks.
    pub style: LineStyle,
}

/// A single value at a place. Points that share a label are named together in the legend; a
/// label that only one point has is written beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProfilePoint {
    /// Index of the place.
    pub place: usize,
    /// The value.
    pub value: f64,
    /// What the value is and where it comes from.
    pub label: String,
}
