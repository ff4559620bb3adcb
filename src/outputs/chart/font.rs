//! The bundled font: registering it, measuring text and breaking it into lines.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use plotters::style::{FontStyle, register_font};

/// Family as written into SVG files, with a fallback for viewers that lack the font.
pub(super) const FAMILY: &str = "DejaVu Sans, sans-serif";

const REGULAR: &[u8] = include_bytes!("font/DejaVuSans-subset.ttf");
const BOLD: &[u8] = include_bytes!("font/DejaVuSans-Bold-subset.ttf");

/// Advance width and left side bearing of every character of a font, in its own units.
#[derive(Debug, Default)]
pub(super) struct Face {
    glyphs: BTreeMap<u32, (u16, i16)>,
    missing: (u16, i16),
    units_per_em: u16,
    /// Ascent less descent, the size that plotters takes for the size of the font.
    line_units: i32,
}

impl Face {
    fn read(bytes: &[u8]) -> Option<Self> {
        let head = table(bytes, *b"head")?;
        let header = table(bytes, *b"hhea")?;
        let metrics = Metrics {
            bytes: table(bytes, *b"hmtx")?,
            count: usize::from(unsigned(header, 34)?),
        };
        let ascent = i32::from(signed(header, 4)?);
        let descent = i32::from(signed(header, 6)?);
        Some(Self {
            glyphs: characters(table(bytes, *b"cmap")?, &metrics)?,
            missing: metrics.of(0)?,
            units_per_em: unsigned(head, 18)?,
            line_units: ascent - descent,
        })
    }

    fn glyph(&self, character: char) -> (u16, i16) {
        let code = u32::from(character);
        self.glyphs.get(&code).copied().unwrap_or(self.missing)
    }

    /// Advance width of a character as a share of the font size.
    pub(super) fn advance(&self, character: char) -> f64 {
        f64::from(self.glyph(character).0) / f64::from(self.units_per_em.max(1))
    }

    /// Left side bearing of a character as a share of the font size.
    pub(super) fn bearing(&self, character: char) -> f64 {
        f64::from(self.glyph(character).1) / f64::from(self.units_per_em.max(1))
    }

    /// What plotters calls the size of the font, as a multiple of the font size.
    pub(super) fn line_share(&self) -> f64 {
        f64::from(self.line_units) / f64::from(self.units_per_em.max(1))
    }
}

struct Metrics<'a> {
    bytes: &'a [u8],
    count: usize,
}

impl Metrics<'_> {
    fn of(&self, glyph: usize) -> Option<(u16, i16)> {
        let last = self.count.checked_sub(1)?;
        let advance = unsigned(self.bytes, 4 * glyph.min(last))?;
        let bearing = if glyph <= last {
            signed(self.bytes, 4 * glyph + 2)?
        } else {
            signed(self.bytes, 4 * self.count + 2 * (glyph - self.count))?
        };
        Some((advance, bearing))
    }
}

fn unsigned(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at + 2)?;
    Some(u16::from_be_bytes([pair[0], pair[1]]))
}

fn signed(bytes: &[u8], at: usize) -> Option<i16> {
    let pair = bytes.get(at..at + 2)?;
    Some(i16::from_be_bytes([pair[0], pair[1]]))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let high = usize::from(unsigned(bytes, at)?);
    let low = usize::from(unsigned(bytes, at + 2)?);
    Some((high << 16) | low)
}

fn table(bytes: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let count = usize::from(unsigned(bytes, 4)?);
    let entry = (0..count)
        .map(|index| 12 + 16 * index)
        .find(|&at| bytes.get(at..at + 4) == Some(tag.as_slice()))?;
    let start = long(bytes, entry + 8)?;
    bytes.get(start..start + long(bytes, entry + 12)?)
}

/// Reads the character map of format 4 for the Windows platform.
fn characters(map: &[u8], metrics: &Metrics) -> Option<BTreeMap<u32, (u16, i16)>> {
    let count = usize::from(unsigned(map, 2)?);
    let entry = (0..count)
        .map(|index| 4 + 8 * index)
        .find(|&at| unsigned(map, at) == Some(3))?;
    let format = map.get(long(map, entry + 4)?..)?;
    let segments = usize::from(unsigned(format, 6)?) / 2;
    let mut found = BTreeMap::new();
    for segment in 0..segments {
        let last = unsigned(format, 14 + 2 * segment)?;
        let first = unsigned(format, 16 + 2 * (segments + segment))?;
        for code in first..=last.min(0xFFFE) {
            let glyph = glyph_of(format, segments, segment, code - first, code)?;
            found.insert(u32::from(code), metrics.of(usize::from(glyph))?);
        }
    }
    Some(found)
}

fn glyph_of(format: &[u8], segments: usize, segment: usize, place: u16, code: u16) -> Option<u16> {
    let delta = unsigned(format, 16 + 2 * (2 * segments + segment))?;
    let offset_at = 16 + 2 * (3 * segments + segment);
    let offset = usize::from(unsigned(format, offset_at)?);
    if offset == 0 {
        return Some(code.wrapping_add(delta));
    }
    let glyph = unsigned(format, offset_at + offset + 2 * usize::from(place))?;
    Some(if glyph == 0 {
        0
    } else {
        glyph.wrapping_add(delta)
    })
}

/// The metrics of the regular or the bold font.
pub(super) fn face(bold: bool) -> &'static Face {
    static FACES: [OnceLock<Face>; 2] = [OnceLock::new(), OnceLock::new()];
    let bytes = if bold { BOLD } else { REGULAR };
    FACES[usize::from(bold)].get_or_init(|| Face::read(bytes).unwrap_or_default())
}

/// Makes the bundled fonts known to plotters; gives false if plotters cannot read them.
pub(super) fn register() -> bool {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    *REGISTERED.get_or_init(|| {
        register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
            && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok()
    })
}

/// Width of a text in pixels.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let face = face(bold);
    text.chars()
        .map(|character| face.advance(character))
        .sum::<f64>()
        * size
}

/// Breaks a text into lines no wider than `room`, at spaces where that can be done. Spaces that
/// do not break, such as thin spaces in numbers, are kept.
pub(super) fn wrap(text: &str, room: f64, size: f64, bold: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text
        .split([' ', '\n', '\t'])
        .filter(|word| !word.is_empty())
    {
        for piece in pieces(word, room, size, bold) {
            let longer = if line.is_empty() {
                piece.clone()
            } else {
                format!("{line} {piece}")
            };
            if line.is_empty() || width(&longer, size, bold) <= room {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, piece));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Cuts a word that is wider than `room` into pieces.
fn pieces(word: &str, room: f64, size: f64, bold: bool) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0.0;
    for character in word.chars() {
        let advance = face(bold).advance(character) * size;
        if used + advance > room && used > 0.0 {
            pieces.push(String::new());
            used = 0.0;
        }
        used += advance;
        if let Some(piece) = pieces.last_mut() {
            piece.push(character);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_font_holds_the_letters_of_the_region() {
        assert!(register());
        let needed = "ӘҒҚҢӨҰҮҺІәғқңөұүһіЁёÜüöäß³²–±−×°→≤≥≈₂\u{2009}";
        for bold in [false, true] {
            let face = face(bold);
            assert!(face.line_share() > 1.1 && face.line_share() < 1.2);
            for character in needed.chars() {
                assert!(
                    face.glyphs.contains_key(&u32::from(character)),
                    "{character}"
                );
            }
        }
    }

    #[test]
    fn charts_font_measures_and_wraps() {
        assert!(width("mmm", 20.0, false) > width("iii", 20.0, false));
        assert!((width("0", 1000.0, false) - 636.2).abs() < 1.0);
        let lines = wrap("one two three four", 60.0, 16.0, false);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), "one two three four");
        let hash = "0123456789abcdef".repeat(4);
        let cut = wrap(&hash, 200.0, 14.0, false);
        assert_eq!(cut.concat(), hash);
        assert!(cut.iter().all(|line| width(line, 14.0, false) <= 200.0));
        assert!(wrap("  ", 60.0, 16.0, false).is_empty());
    }
}
