//! A picture as a list of shapes, before it is written in any format.

use super::font;
use super::model::Dash;
use super::palette::Colour;

/// A place on the picture in pixels, from the upper left corner.
pub(super) type Spot = (f64, f64);

/// Which end of a text its place names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Anchor {
    /// The text starts there.
    Start,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    End,
}

/// One line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    /// The words.
    pub(super) words: String,
    /// Where its base line is anchored.
    pub(super) at: Spot,
    /// Font size in pixels.
    pub(super) size: f64,
    /// Whether it is bold.
    pub(super) bold: bool,
    /// Colour.
    pub(super) colour: Colour,
    /// Which end of the text `at` names.
    pub(super) anchor: Anchor,
    /// Whether it runs upwards instead of to the right.
    pub(super) upward: bool,
}

impl Text {
    /// How far along its own direction the text begins before its place.
    pub(super) fn lead(&self) -> f64 {
        let width = font::width(&self.words, self.size, self.bold);
        match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        }
    }

    /// The rectangle the text covers: left, top, right, bottom.
    #[cfg(test)]
    pub(super) fn extent(&self) -> [f64; 4] {
        let width = font::width(&self.words, self.size, self.bold);
        let (ascent, descent) = (0.76 * self.size, 0.24 * self.size);
        let (x, y) = self.at;
        let lead = self.lead();
        if self.upward {
            [x - ascent, y + lead - width, x + descent, y + lead]
        } else {
            [x - lead, y - ascent, x - lead + width, y + descent]
        }
    }
}

/// Anything that can be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// An open line.
    Path {
        /// Its corners.
        spots: Vec<Spot>,
        /// Its width.
        width: f64,
        /// Its colour.
        colour: Colour,
    },
    /// A filled area.
    Area {
        /// Its corners.
        spots: Vec<Spot>,
        /// Its colour.
        colour: Colour,
    },
    /// A filled circle.
    Disk {
        /// Its centre.
        centre: Spot,
        /// Its radius.
        radius: f64,
        /// Its colour.
        colour: Colour,
    },
    /// A line of text.
    Text(Text),
}

/// A whole picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Scene {
    /// Width in pixels.
    pub(super) width: f64,
    /// Height in pixels.
    pub(super) height: f64,
    /// Title for readers that cannot see the picture.
    pub(super) title: String,
    /// Description for readers that cannot see the picture.
    pub(super) description: String,
    /// The shapes, from the lowest to the topmost.
    pub(super) shapes: Vec<Shape>,
}

impl Scene {
    /// Adds an unbroken line.
    pub(super) fn path(&mut self, spots: Vec<Spot>, width: f64, colour: Colour) {
        self.shapes.push(Shape::Path {
            spots,
            width,
            colour,
        });
    }

    /// Adds a line broken as `dash` says.
    pub(super) fn dashed(&mut self, spots: &[Spot], dash: Dash, width: f64, colour: Colour) {
        let pattern: &[f64] = match dash {
            Dash::Solid => {
                self.path(spots.to_vec(), width, colour);
                return;
            }
            Dash::Dashed => &[5.0, 2.6],
            Dash::Dotted => &[1.4, 1.8],
            Dash::DashDotted => &[5.0, 2.0, 1.4, 2.0],
        };
        let lengths: Vec<f64> = pattern.iter().map(|part| part * width.max(1.2)).collect();
        for piece in strokes(spots, &lengths) {
            self.path(piece, width, colour);
        }
    }

    /// Adds a filled area.
    pub(super) fn area(&mut self, spots: Vec<Spot>, colour: Colour) {
        self.shapes.push(Shape::Area { spots, colour });
    }

    /// Adds a filled rectangle, given left, top, right and bottom.
    pub(super) fn rectangle(&mut self, [left, top, right, bottom]: [f64; 4], colour: Colour) {
        let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
        self.area(corners, colour);
    }

    /// Adds a filled circle.
    pub(super) fn disk(&mut self, centre: Spot, radius: f64, colour: Colour) {
        self.shapes.push(Shape::Disk {
            centre,
            radius,
            colour,
        });
    }

    /// Adds a line of text.
    pub(super) fn text(&mut self, text: Text) {
        self.shapes.push(Shape::Text(text));
    }
}

/// Cuts a line into the strokes of a dash pattern; `lengths` are strokes and gaps in turn.
fn strokes(spots: &[Spot], lengths: &[f64]) -> Vec<Vec<Spot>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Spot> = spots.first().copied().into_iter().collect();
    let (mut phase, mut left) = (0, lengths[0]);
    for pair in spots.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = ((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)).sqrt();
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let cut = (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share);
            if phase % 2 == 0 {
                piece.push(cut);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![cut];
            }
            phase = (phase + 1) % lengths.len();
            left = lengths[phase];
        }
        left -= length - done;
        if phase % 2 == 0 {
            piece.push((x1, y1));
        }
    }
    if phase % 2 == 0 && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_strokes_follow_the_pattern() {
        let pieces = strokes(&[(0.0, 0.0), (6.0, 0.0), (12.0, 0.0)], &[4.0, 2.0]);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[0], vec![(0.0, 0.0), (4.0, 0.0)]);
        assert_eq!(pieces[1].first(), Some(&(6.0, 0.0)));
        assert_eq!(pieces[1].last(), Some(&(10.0, 0.0)));
    }

    #[test]
    fn charts_strokes_of_nothing_are_none() {
        assert!(strokes(&[], &[4.0, 2.0]).is_empty());
        assert!(strokes(&[(1.0, 1.0)], &[4.0, 2.0]).is_empty());
    }
}
