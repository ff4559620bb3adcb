//! Lake heights of G-REALM: lines `Column N: …` that say what a column is, then rows parted by blanks.

use super::record::{Measured, Reading, Record};
use super::source::Source;

/// A column by the words of its description, with its place where the file describes none.
struct Known {
    words: &'static str,
    usual: usize,
}

const DATE: Known = Known {
    words: "calendar year/month/day",
    usual: 3,
};
const VARIATION: Known = Known {
    words: "height variation with respect to",
    usual: 6,
};
const ERROR: Known = Known {
    words: "estimated error",
    usual: 7,
};
const ABOVE_GEOID: Known = Known {
    words: "egm2008",
    usual: 15,
};

/// Reads heights above the EGM2008 geoid; where a file has none, heights above the mean of its reference
/// pass, which are levels only if `shift_is_named`.
pub(super) fn read(source: &Source, shift_is_named: bool) -> Option<Record> {
    let columns = described(source);
    let place = |known: &Known| match columns.is_empty() {
        true => Some(known.usual),
        false => columns
            .iter()
            .find(|(_, text)| text.contains(known.words))
            .map(|(place, _)| *place),
    };
    let (date, error) = (place(&DATE), place(&ERROR));
    let height = place(&ABOVE_GEOID).or(place(&VARIATION));
    let (Some(date), Some(height)) = (date, height) else {
        let expected = "lines `Column N: …` that describe a date and a height";
        source.fault(0, "", "none of one or the other".to_owned(), expected, "");
        return None;
    };
    let is_level = place(&ABOVE_GEOID).is_some();
    if !is_level && !shift_is_named {
        let found = "heights above the mean of a reference pass only".to_owned();
        let hint = "name the level of that mean with --shift-m";
        source.fault(0, "", found, "heights above a geoid", hint);
        return None;
    }
    let rows = source
        .rows()
        .filter(|(_, row)| row.split_whitespace().nth(date - 1).is_some_and(is_date));
    let readings: Vec<Option<Reading>> = rows
        .map(|(line, row)| reading(source, line, row, date, height, error))
        .collect();
    let reference = match is_level {
        true => "EGM2008",
        false => "the mean of a reference pass",
    };
    Some(Record {
        place: name(source),
        measured: Measured::Level,
        reference: Some(reference.to_owned()),
        readings: readings.into_iter().collect::<Option<_>>()?,
    })
}

/// Numbers and descriptions, lower case, of the lines `Column N: …`.
fn described(source: &Source) -> Vec<(usize, String)> {
    let lines = source
        .lines()
        .map(|(_, line)| line.trim_start_matches('#').trim());
    let columns = lines.filter_map(|line| line.strip_prefix("Column")?.split_once(':'));
    columns
        .filter_map(|(number, text)| Some((number.trim().parse().ok()?, text.to_lowercase())))
        .filter(|(number, _)| *number > 0)
        .collect()
}

/// The first line that is neither a description nor a row: files begin with the lake.
fn name(source: &Source) -> String {
    let mut lines = source
        .lines()
        .map(|(_, line)| line.trim_start_matches('#').trim());
    let is_name = |line: &&str| !line.starts_with("Column") && !line.is_empty();
    lines.find(is_name).unwrap_or_default().to_owned()
}

fn is_date(cell: &str) -> bool {
    cell.len() == 8 && cell.bytes().all(|byte| byte.is_ascii_digit()) && cell != "99999999"
}

fn reading(
    source: &Source,
    line: usize,
    row: &str,
    date: usize,
    height: usize,
    error: Option<usize>,
) -> Option<Reading> {
    let cells: Vec<&str> = row.split_whitespace().collect();
    let Some(written) = cells.get(height - 1) else {
        let expected = format!("at least {height} columns");
        let found = format!("{} columns", cells.len());
        source.fault(line, "row", found, &expected, "");
        return None;
    };
    let date = source.date(line, "date", cells[date - 1]);
    let value = source.number(line, &format!("column {height}"), written);
    let error = error.and_then(|place| cells.get(place - 1)?.parse::<f64>().ok());
    Some(Reading {
        line,
        date: date?,
        value: Some(value?).filter(|value| !is_missing(*value)),
        error: error.filter(|error| (0.0..99.0).contains(error)),
    })
}

/// Whether a height is one of the defaults 999.99 and 9999.99.
fn is_missing(height: f64) -> bool {
    [999.99, 9999.99]
        .iter()
        .any(|default| (height - default).abs() < 1e-6)
}
