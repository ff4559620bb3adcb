//! Writes parameters into the text of the inputs: the numbers that are meant, and nothing else.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::place::Place;
use super::settings::Calibration;
use crate::inputs::series::beside;

/// Why a number cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: at {at} stands no number, list or curve of numbers that could be replaced")]
pub struct CannotWrite {
    /// The file.
    pub file: String,
    /// The address.
    pub at: String,
}

/// A file with its new text, and each number that changed: its address, before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// The new text.
    pub text: String,
    /// Address, what stood there, what stands there now.
    pub numbers: Vec<(String, String, String)>,
}

/// The files of the inputs that change when each parameter is given its value; nothing is written.
///
/// # Errors
/// Where an address does not lead to numbers.
pub fn applied(
    calibration: &Calibration,
    values: &[f64],
    inputs: &Path,
) -> Result<BTreeMap<String, Changed>, CannotWrite> {
    let mut files: BTreeMap<String, Changed> = BTreeMap::new();
    for (parameter, value) in calibration.parameters.iter().zip(values) {
        for place in &parameter.places {
            let cannot = || CannotWrite {
                file: inputs.join(&place.file).display().to_string(),
                at: place.at.join(" / "),
            };
            let read = |file: &str| std::fs::read_to_string(inputs.join(file)).ok();
            let text = |files: &BTreeMap<String, Changed>, file: &str| {
                files
                    .get(file)
                    .map(|changed| changed.text.clone())
                    .or_else(|| read(file))
            };
            let named = text(&files, &place.file).ok_or_else(cannot)?;
            let file = file_of(place, &named).ok_or_else(cannot)?;
            let old = text(&files, &file).ok_or_else(cannot)?;
            let edits = edits(place, *value, &old).ok_or_else(cannot)?;
            let changed = files.entry(file).or_default();
            changed.text = spliced(&old, &edits);
            let told = edits
                .into_iter()
                .filter(|(range, after)| old[range.clone()] != *after);
            let at = place.at.join(" / ");
            changed
                .numbers
                .extend(told.map(|(range, after)| (at.clone(), old[range].to_owned(), after)));
        }
    }
    files.retain(|_, changed| !changed.numbers.is_empty());
    Ok(files)
}

/// The file whose text holds the numbers of a place: the curve's own where a key names one.
fn file_of(place: &Place, text: &str) -> Option<String> {
    if place.rows.is_none() {
        return Some(place.file.clone());
    }
    let root = DeTable::parse(text).ok()?;
    let values = found(root.get_ref(), &place.at);
    let DeValue::String(name) = values.first()?.get_ref() else {
        return None;
    };
    Some(beside(&place.file, name))
}

/// What of a text is replaced by what so that the numbers of a place are those of a value; none where none stand there.
fn edits(place: &Place, value: f64, text: &str) -> Option<Vec<Edit>> {
    let edits = match place.rows {
        None => in_toml(place, value, text),
        Some(rows) => in_curve(place, rows, value, text),
    };
    edits.filter(|edits| !edits.is_empty())
}

fn spliced(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|(range, _)| range.start);
    let mut text = text.to_owned();
    for (range, number) in edits.into_iter().rev() {
        text.replace_range(range.clone(), number);
    }
    text
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
        DeValue::Integer(_) | DeValue::Float(_) => {
            Some((spanned.span(), shown(value * place.factor(0))))
        }
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
            let meant = items
                .iter()
                .enumerate()
                .filter(|(place, item)| name_of(item) == Some(name) || number == Some(place + 1));
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
fn in_curve(
    place: &Place,
    (first, last): (usize, usize),
    value: f64,
    text: &str,
) -> Option<Vec<Edit>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.starts_with('#') && !line.trim().is_empty() {
            lines.push((start, line));
        }
        start += line.len();
    }
    let (_, header) = lines.first()?;
    let column = header
        .split(',')
        .position(|name| name.trim() == "loss_m3s")?;
    (first..=last)
        .map(|row| {
            let (start, line) = lines.get(row)?;
            let before: usize = line
                .split(',')
                .take(column)
                .map(|cell| cell.len() + 1)
                .sum();
            let cell = line.split(',').nth(column)?.trim_end();
            let from = start + before;
            Some((
                from..from + cell.len(),
                shown(value * place.factor(row - first)),
            ))
        })
        .collect()
}
