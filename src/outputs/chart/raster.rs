//! Writes a scene as PNG through plotters.
//!
//! The picture is drawn several times larger and then averaged down, so that edges are smooth.
//! Everything is computed with additions, multiplications, divisions and square roots alone,
//! which give the same bits on every machine.

use std::path::Path;

use plotters::backend::{BitMapBackend, DrawingBackend, RGBPixel};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBAColor, RGBColor};

use super::font;
use super::palette::Colour;
use super::scene::{Scene, Shape, Spot, Text};

/// How many times larger the picture is drawn, unless it is very tall.
const ENLARGEMENT: u32 = 3;
const TALL: f64 = 8000.0;

/// Writes the scene to a file.
pub(super) fn write(scene: &Scene, path: &Path) -> Result<(), String> {
    let size = (scene.width.round() as u32, scene.height.round() as u32);
    let pixels = pixels(scene, size)?;
    let mut backend = BitMapBackend::new(path, size);
    backend
        .blit_bitmap((0, 0), size, &pixels)
        .and_then(|()| backend.present())
        .map_err(|cause| cause.to_string())
}

/// The pixels of the scene, three bytes each.
fn pixels(scene: &Scene, (width, height): (u32, u32)) -> Result<Vec<u8>, String> {
    let times = if scene.height > TALL { 1 } else { ENLARGEMENT };
    let (wide, tall) = (width * times, height * times);
    let mut buffer = vec![255_u8; 3 * wide as usize * tall as usize];
    let backend = BitMapBackend::<RGBPixel>::with_buffer_and_format(&mut buffer, (wide, tall))
        .map_err(|cause| cause.to_string())?;
    let mut canvas = Canvas {
        backend,
        times: f64::from(times),
    };
    for shape in &scene.shapes {
        canvas.draw(shape)?;
    }
    drop(canvas);
    Ok(averaged(&buffer, wide as usize, times as usize))
}

/// Averages squares of `times` by `times` pixels.
fn averaged(buffer: &[u8], wide: usize, times: usize) -> Vec<u8> {
    let row_bytes = 3 * wide;
    let share = times * times;
    let mut smaller = Vec::with_capacity(buffer.len() / share);
    let mut sums = vec![0_usize; row_bytes / times];
    for rows in buffer.chunks_exact(row_bytes * times) {
        sums.fill(0);
        for row in rows.chunks_exact(row_bytes) {
            for (index, pixel) in row.chunks_exact(3).enumerate() {
                let at = 3 * (index / times);
                for (sum, part) in sums[at..at + 3].iter_mut().zip(pixel) {
                    *sum += usize::from(*part);
                }
            }
        }
        smaller.extend(sums.iter().map(|sum| ((sum + share / 2) / share) as u8));
    }
    smaller
}

struct Canvas<'a> {
    backend: BitMapBackend<'a, RGBPixel>,
    times: f64,
}

fn blend(colour: Colour) -> RGBAColor {
    let [red, green, blue] = colour.rgb;
    RGBColor(red, green, blue).mix(colour.alpha)
}

impl Canvas<'_> {
    fn draw(&mut self, shape: &Shape) -> Result<(), String> {
        match shape {
            Shape::Path {
                spots,
                width,
                colour,
            } => self.line(spots, *width, *colour),
            Shape::Area { spots, colour } => {
                let corners: Vec<Spot> = spots.iter().map(|&spot| self.enlarged(spot)).collect();
                self.fill(&corners, *colour)
            }
            Shape::Disk {
                centre,
                radius,
                colour,
            } => self.disk(self.enlarged(*centre), radius * self.times, *colour),
            Shape::Text(text) => self.text(text),
        }
    }

    fn enlarged(&self, (x, y): Spot) -> Spot {
        (x * self.times, y * self.times)
    }

    /// Draws an opaque line with round joins and flat ends.
    fn line(&mut self, spots: &[Spot], width: f64, colour: Colour) -> Result<(), String> {
        let corners: Vec<Spot> = spots.iter().map(|&spot| self.enlarged(spot)).collect();
        let half = width * self.times / 2.0;
        for pair in corners.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let length = ((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0)).sqrt();
            if length > 0.0 {
                let (dx, dy) = (half * (y1 - y0) / length, half * (x1 - x0) / length);
                let sides = [
                    (x0 + dx, y0 - dy),
                    (x1 + dx, y1 - dy),
                    (x1 - dx, y1 + dy),
                    (x0 - dx, y0 + dy),
                ];
                self.fill(&sides, colour)?;
            }
        }
        let inner = corners.len().saturating_sub(1);
        for &corner in corners.get(1..inner).unwrap_or_default() {
            self.disk(corner, half, colour)?;
        }
        Ok(())
    }

    /// Fills the row of pixels from `left` to `right`.
    fn span(&mut self, row: i32, left: f64, right: f64, colour: Colour) -> Result<(), String> {
        let (from, to) = (left.round() as i32, right.round() as i32);
        if to <= from {
            return Ok(());
        }
        self.backend
            .draw_rect((from, row), (to, row + 1), &blend(colour), true)
            .map_err(|cause| cause.to_string())
    }

    /// The rows of pixels between two heights that are on the picture.
    fn rows(&self, top: f64, bottom: f64) -> std::ops::Range<i32> {
        let height = self.backend.get_size().1 as i32;
        let first = (top - 0.5).ceil() as i32;
        let last = (bottom - 0.5).ceil() as i32;
        first.max(0)..last.min(height)
    }

    fn disk(&mut self, (x, y): Spot, radius: f64, colour: Colour) -> Result<(), String> {
        for row in self.rows(y - radius, y + radius) {
            let off = f64::from(row) + 0.5 - y;
            let half = (radius * radius - off * off).max(0.0).sqrt();
            self.span(row, x - half, x + half, colour)?;
        }
        Ok(())
    }

    /// Fills a polygon; where it crosses itself, by the rule of even and odd.
    fn fill(&mut self, corners: &[Spot], colour: Colour) -> Result<(), String> {
        let heights = corners.iter().map(|corner| corner.1);
        let top = heights.clone().fold(f64::INFINITY, f64::min);
        let bottom = heights.fold(f64::NEG_INFINITY, f64::max);
        let edges: Vec<(Spot, Spot)> = corners
            .iter()
            .copied()
            .zip(corners.iter().copied().cycle().skip(1))
            .collect();
        for row in self.rows(top, bottom) {
            let crossings = crossings(&edges, f64::from(row) + 0.5);
            for pair in crossings.chunks_exact(2) {
                self.span(row, pair[0], pair[1], colour)?;
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &Text) -> Result<(), String> {
        let face = font::face(text.bold);
        let weight = if text.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let em = text.size * self.times;
        // An even size puts every glyph on the same base line.
        let size = 2.0 * (em * face.line_share() / 2.0).round();
        let desc = FontDesc::new(FontFamily::Name(font::FAMILY), size, weight);
        let origin = self.enlarged(text.at);
        let mut pen = -text.lead() * self.times;
        for character in text.words.chars() {
            let start = (pen + face.bearing(character) * em).round() as i32;
            self.glyph(text, &desc, character, (start, origin))?;
            pen += face.advance(character) * em;
        }
        Ok(())
    }

    /// Draws one glyph, `start` pixels along the text from its place at `origin`.
    fn glyph(
        &mut self,
        text: &Text,
        desc: &FontDesc,
        character: char,
        (start, origin): (i32, Spot),
    ) -> Result<(), String> {
        let (x, y) = (origin.0.round() as i32, origin.1.round() as i32);
        let drop = (desc.get_size() / 2.0) as i32;
        let colour = blend(text.colour);
        let mut buffer = [0_u8; 4];
        desc.draw(
            character.encode_utf8(&mut buffer),
            (0, 0),
            |along, down, cover| {
                let (along, down) = (start + along, down - drop);
                let place = if text.upward {
                    (x + down, y - along)
                } else {
                    (x + along, y + down)
                };
                let ink = colour.mix(f64::from(cover.clamp(0.0, 1.0)));
                self.backend.draw_pixel(place, ink.to_backend_color())
            },
        )
        .map_err(|cause| cause.to_string())?
        .map_err(|cause| cause.to_string())
    }
}

/// Where a row crosses the edges, from left to right.
fn crossings(edges: &[(Spot, Spot)], height: f64) -> Vec<f64> {
    let mut found: Vec<f64> = edges
        .iter()
        .filter(|((_, y0), (_, y1))| (*y0 <= height) != (*y1 <= height))
        .map(|((x0, y0), (x1, y1))| x0 + (x1 - x0) * (height - y0) / (y1 - y0))
        .collect();
    found.sort_by(f64::total_cmp);
    found
}
