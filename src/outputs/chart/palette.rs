//! Colours: the palette of Okabe and Ito, which colour-blind readers can tell apart.

/// A colour with its opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Colour {
    /// Red, green and blue.
    pub(super) rgb: [u8; 3],
    /// Opacity from zero to one.
    pub(super) alpha: f64,
}

impl Colour {
    const fn opaque(red: u8, green: u8, blue: u8) -> Self {
        Self {
            rgb: [red, green, blue],
            alpha: 1.0,
        }
    }

    /// The same colour, see-through.
    pub(super) const fn with_alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// The colour mixed with white; `share` is the share of white.
    pub(super) fn lighter(self, share: f64) -> Self {
        let mix = |part: u8| (f64::from(part) * (1.0 - share) + 255.0 * share).round() as u8;
        Self {
            rgb: self.rgb.map(mix),
            alpha: self.alpha,
        }
    }

    /// The colour mixed with black; `share` is the share of black.
    pub(super) fn darker(self, share: f64) -> Self {
        let mix = |part: u8| (f64::from(part) * (1.0 - share)).round() as u8;
        Self {
            rgb: self.rgb.map(mix),
            alpha: self.alpha,
        }
    }

    /// As SVG writes it.
    pub(super) fn hex(self) -> String {
        let [red, green, blue] = self.rgb;
        format!("#{red:02X}{green:02X}{blue:02X}")
    }
}

/// The ground of every picture.
pub(super) const WHITE: Colour = Colour::opaque(255, 255, 255);
/// Text and axes.
pub(super) const INK: Colour = Colour::opaque(34, 34, 34);
/// Less important text.
pub(super) const SOFT_INK: Colour = Colour::opaque(90, 90, 90);
/// Frame of a panel.
pub(super) const FRAME: Colour = Colour::opaque(150, 150, 150);
/// Grid lines.
pub(super) const GRID: Colour = Colour::opaque(226, 226, 226);

const SERIES: [Colour; 8] = [
    Colour::opaque(0, 114, 178),
    Colour::opaque(213, 94, 0),
    Colour::opaque(0, 158, 115),
    Colour::opaque(204, 121, 167),
    Colour::opaque(230, 159, 0),
    Colour::opaque(86, 180, 233),
    Colour::opaque(51, 51, 51),
    Colour::opaque(240, 228, 66),
];

/// Red, green and blue of an entry of the palette: 0 blue, 1 vermilion, 2 bluish green,
/// 3 reddish purple, 4 orange, 5 sky blue, 6 dark grey, 7 yellow (for areas rather than lines).
/// Higher indices give the same colours in lighter tints.
pub fn series_colour(index: usize) -> [u8; 3] {
    series(index).rgb
}

/// An entry of the palette.
pub(super) fn series(index: usize) -> Colour {
    let colour = SERIES[index % SERIES.len()];
    match index / SERIES.len() {
        0 => colour,
        1 => colour.lighter(0.45),
        _ => colour.darker(0.4),
    }
}
