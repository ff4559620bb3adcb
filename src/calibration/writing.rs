//! Writes parameters into the text of the inputs: the numbers that are meant, and nothing else.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::place::Place;

/// Why a number cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {at} is not a number, or a list or curve of numbers, that can be written")]
pub struct CannotWrite {
    /// The file.
    pub file: String,
    /// The address.
    pub at: String,
}

/// The file whose text holds the numbers of a place: the curve's own where a key names one.
pub fn file_of(place: &Place, text: &str) -> Option<String> {
    let curve = place.rows.is_some();
    match curve {
        false => Some(place.file.clone()),
        true => {
            let root = DeTable::parse(text).ok()?;
            let values = found(root.get_ref(), &place.at);
            let DeValue::String(name) = values.first()?.get_ref() else {
                return None;
            };
            Some(crate::inputs::series::beside(&place.file, name))
        }
    }
}

/// The text of a file in which the numbers of a place are those of a value.
///
/// # Errors
/// Where the address does not lead to numbers.
pub fn written(place: &Place, value: f64, text: &str) -> Result<String, CannotWrite> {
    let edits = match place.rows {
        None => in_toml(place, value, text),
        Some(rows) => in_curve(place, rows, value, text),
    };
    let Some(mut edits) = edits.filter(|edits| !edits.is_empty()) else {
        return Err(CannotWrite {
            file: place.file.clone(),
            at: place.at.join(" / "),
        });
    };
    edits.sort_by_key(|(range, _)| range.start);
    let mut text = text.to_owned();
    for (range, number) in edits.into_iter().rev() {
        text.replace_range(range, &number);
    }
    Ok(text)
}

/// A number with six digits, in the shortest way.
pub fn shown(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    rounded.to_string()
}

type Edit = (Range<usize>, String);

fn in_toml(place: &Place, value: f64, text: &str) -> Option<Vec<Edit>> {
    let root = DeTable::parse(text).ok()?;
    let values = found(root.get_ref(), &place.at);
    let edits = values.into_iter().map(|spanned| match spanned.get_ref() {
        DeValue::Integer(_) | DeValue::Float(_) => Some((spanned.span(), shown(value * place.factor(0)))),
        DeValue::Array(items) => {
            let numbers = (0..items.len()).map(|item| shown(value * place.factor(item)));
            let numbers: Vec<String> = numbers.collect();
            Some((spanned.span(), format!("[{}]", numbers.join(", "))))
        }
        _ => None,
    });
    edits.collect()
}

/// The values at an address.
fn found<'t, 'x>(root: &'t DeTable<'x>, at: &[String]) -> Vec<&'t Spanned<DeValue<'x>>> {
    let Some((first, rest)) = at.split_first() else {
        return Vec::new();
    };
    let own = root.iter().find(|(key, _)| key.get_ref() == first);
    own.map_or_else(Vec::new, |(_, value)| below(value, rest))
}

fn below<'t, 'x>(value: &'t Spanned<DeValue<'x>>, at: &[String]) -> Vec<&'t Spanned<DeValue<'x>>> {
    match (value.get_ref(), at.split_first()) {
        (_, None) => vec![value],
        (DeValue::Table(table), _) => found(table, at),
        (DeValue::Array(items), Some((name, rest))) => {
            let number = name.parse::<usize>().ok();
            let meant = items.iter().enumerate().filter(|(place, item)| {
                name_of(item) == Some(name) || number == Some(place + 1)
            });
            meant.flat_map(|(_, item)| below(item, rest)).collect()
        }
        _ => Vec::new(),
    }
}

fn name_of<'t>(item: &'t Spanned<DeValue>) -> Option<&'t str> {
    let DeValue::Table(table) = item.get_ref() else {
        return None;
    };
    let name = table.iter().find(|(key, _)| key.get_ref() == "name")?.1;
    match name.get_ref() {
        DeValue::String(name) => Some(name),
        _ => None,
    }
}

/// The rows of the column of losses in a curve.
fn in_curve(place: &Place, (first, last): (usize, usize), value: f64, text: &str) -> Option<Vec<Edit>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.starts_with('#') && !line.trim().is_empty() {
            lines.push((start, line));
        }
        start += line.len();
    }
    let (_, header) = lines.first()?;
    let column = header.split(',').position(|name| name.trim() == "loss_m3s")?;
    (first..=last)
        .map(|row| {
            let (start, line) = lines.get(row)?;
            let before: usize = line.split(',').take(column).map(|cell| cell.len() + 1).sum();
            let cell = line.split(',').nth(column)?.trim_end();
            let from = start + before;
            Some((from..from + cell.len(), shown(value * place.factor(row - first))))
        })
        .collect()
}
