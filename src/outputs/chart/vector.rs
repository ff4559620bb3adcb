//! Writes a scene as SVG through plotters.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle,
};

use super::font;
use super::palette::Colour;
use super::scene::{Anchor, Scene, Shape, Spot, Text};

/// Drawing units to a pixel: plotters only takes whole numbers.
const UNITS: f64 = 10.0;
/// Font size that plotters wants for one unit of SVG font size.
const SIZE_FACTOR: f64 = 1.24;
/// How far below the place of a text plotters puts its base line, as a share of the font size.
const BASE_LINE: f64 = 0.76;

fn units(spot: Spot) -> (i32, i32) {
    let round = |value: f64| (value * UNITS).round() as i32;
    (round(spot.0), round(spot.1))
}

fn shape_style(colour: Colour, width: f64, filled: bool) -> ShapeStyle {
    let [red, green, blue] = colour.rgb;
    ShapeStyle {
        color: RGBColor(red, green, blue).mix(colour.alpha),
        filled,
        stroke_width: (width * UNITS).round() as u32,
    }
}

/// The scene as an SVG document.
pub(super) fn svg(scene: &Scene) -> Result<String, String> {
    let mut document = String::new();
    let (width, height) = units((scene.width, scene.height));
    let size = (width.unsigned_abs(), height.unsigned_abs());
    let mut backend = SVGBackend::with_string(&mut document, size);
    for shape in &scene.shapes {
        draw(&mut backend, shape)?;
    }
    backend.present().map_err(|cause| cause.to_string())?;
    drop(backend);
    Ok(with_header(scene, size, &document))
}

fn draw(backend: &mut SVGBackend, shape: &Shape) -> Result<(), String> {
    let drawn = match shape {
        Shape::Path {
            spots,
            width,
            colour,
        } => {
            let style = shape_style(*colour, *width, false);
            backend.draw_path(spots.iter().copied().map(units), &style)
        }
        Shape::Area { spots, colour } => {
            let style = shape_style(*colour, 0.0, true);
            backend.fill_polygon(spots.iter().copied().map(units), &style)
        }
        Shape::Disk {
            centre,
            radius,
            colour,
        } => {
            let style = shape_style(*colour, 0.0, true);
            let radius = (radius * UNITS).round() as u32;
            backend.draw_circle(units(*centre), radius, &style, true)
        }
        Shape::Text(text) => {
            let (style, place) = text_style(text);
            backend.draw_text(&text.words, &style, place)
        }
    };
    drawn.map_err(|cause| cause.to_string())
}

fn text_style(text: &Text) -> (TextStyle<'static>, (i32, i32)) {
    let weight = if text.bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    let (x, y) = text.at;
    let drop = BASE_LINE * text.size;
    let (turn, place) = if text.upward {
        (FontTransform::Rotate270, (x - drop, y))
    } else {
        (FontTransform::None, (x, y - drop))
    };
    let side = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let size = text.size * UNITS * SIZE_FACTOR;
    let [red, green, blue] = text.colour.rgb;
    let style = FontDesc::new(FontFamily::Name(font::FAMILY), size, weight)
        .transform(turn)
        .color(&RGBColor(red, green, blue))
        .pos(Pos::new(side, VPos::Top));
    (style, units(place))
}

/// Replaces the opening tag: size in pixels, round joins, and words for readers who cannot see.
fn with_header(scene: &Scene, (width, height): (u32, u32), document: &str) -> String {
    let body = document.split_once('>').map_or("", |(_, body)| body);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" stroke-linejoin=\"round\">\n\
         <title>{}</title>\n<desc>{}</desc>{body}",
        scene.width,
        scene.height,
        escape(&scene.title),
        escape(&scene.description),
    )
}

/// A text with the marks that mean something in XML written as entities; control characters,
/// which XML forbids, become spaces.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other if other.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
