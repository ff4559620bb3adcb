//! Lakes of Hydroweb: a first line `lake=…;country=…`, comments, then
//! `decimal year;yyyy/mm/dd;hh:mm;height;standard deviation;…`.

use super::record::{Measured, Reading, Record};
use super::source::{Separator, Source};

/// Cells of a row that are needed: up to the standard deviation of the height.
const NEEDED: usize = 5;

/// Reads the text of a lake.
pub(super) fn read(source: &Source) -> Option<Record> {
    let mut rows = source.rows();
    let lake = rows.next().and_then(|(_, head)| named(head, "lake"));
    let Some(lake) = lake else {
        let expected = "a first line that begins with `lake=NAME;`";
        let hint = "is it the text of a lake of Hydroweb?";
        source.fault(1, "", "no name of a lake".to_owned(), expected, hint);
        return None;
    };
    let readings: Vec<Option<Reading>> =
        rows.map(|(line, row)| reading(source, line, row)).collect();
    let mut comments = source.comments();
    let reference = comments.find(|(_, text)| text.to_lowercase().contains("surface of ref"));
    Some(Record {
        place: format!("lake {lake}"),
        measured: Measured::Level,
        reference: reference.map(|(_, text)| text.to_owned()),
        readings: readings.into_iter().collect::<Option<_>>()?,
    })
}

/// The value of a key in a line `key=value;key=value`.
fn named<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let mut parts = line.split(';').filter_map(|part| part.split_once('='));
    parts.find_map(|(name, value)| (name.trim() == key).then_some(value.trim()))
}

fn reading(source: &Source, line: usize, row: &str) -> Option<Reading> {
    let cells = Separator::Letter(b';').cells(row);
    if cells.len() < NEEDED {
        let expected = "`decimal year;yyyy/mm/dd;hh:mm;height;standard deviation`, and more";
        source.fault(line, "row", format!("`{row}`"), expected, "");
        return None;
    }
    let date = source.date(line, "date", &cells[1]);
    let height = source.number(line, "height", &cells[3]);
    let error = source.number(line, "standard deviation", &cells[4]);
    Some(Reading {
        line,
        date: date?,
        value: Some(height?).filter(|height| *height < 9999.0),
        error: Some(error?).filter(|error| (0.0..99.0).contains(error)),
    })
}
