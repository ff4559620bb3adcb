//! Tables of R-ArcticNET: stations and years by twelve months, flows in m³/s, `-9999` or blank where missing.

use super::record::{Cell, Measured, Reading, Record};
use super::source::{Source, shown};
use super::years::Years;
use crate::faults::{listed, nearest};

/// Names of columns that tell stations apart, lower case.
const STATIONS: [&str; 3] = ["pointid", "point_id", "code"];

/// Reads the table of the station `station`; it need not be named where there is only one.
pub(super) fn read(source: &Source, station: Option<&str>) -> Option<Record> {
    let mut rows = source.rows();
    let header = rows.find_map(|(line, row)| Some((line, Years::of(row)?)));
    let header = header.and_then(|(_, years)| Some((years.place(&["year"])?, years)));
    let Some((year, years)) = header else {
        let expected = "a line of names with `Year` and `Jan` to `Dec`";
        let hint = "is it a table of years by months?";
        source.fault(0, "", "no names of columns".to_owned(), expected, hint);
        return None;
    };
    let keys: Vec<usize> = STATIONS
        .iter()
        .filter_map(|key| years.place(&[key]))
        .collect();
    let rows: Vec<Option<(usize, Vec<String>)>> = rows
        .map(|(line, row)| Some((line, years.cells(source, line, row)?)))
        .collect();
    let rows = rows.into_iter().collect::<Option<Vec<_>>>()?;
    let own = chosen(source, &rows, &keys, station)?;
    let readings: Vec<Option<Vec<Reading>>> = own
        .iter()
        .map(|(line, cells)| {
            let value = |place: &str, cell: &str| flow(source, *line, place, cell);
            years.readings(source, *line, cells, year, value)
        })
        .collect();
    let readings = readings.into_iter().collect::<Option<Vec<_>>>()?;
    let printed = keys.iter().map(|key| own[0].1[*key].as_str());
    Some(Record {
        place: match keys.is_empty() {
            true => station.unwrap_or("a station without name").to_owned(),
            false => format!("station {}", printed.collect::<Vec<_>>().join(", ")),
        },
        measured: Measured::Flow,
        reference: None,
        readings: readings.concat(),
    })
}

/// The rows of the station that is meant; at least one.
fn chosen<'a>(
    source: &Source,
    rows: &'a [(usize, Vec<String>)],
    keys: &[usize],
    station: Option<&str>,
) -> Option<Vec<&'a (usize, Vec<String>)>> {
    let Some(first) = keys.first().filter(|_| !rows.is_empty()) else {
        if rows.is_empty() {
            source.fault(0, "rows", "no rows".to_owned(), "at least one year", "");
            return None;
        }
        return Some(rows.iter().collect());
    };
    let mut names: Vec<&str> = rows.iter().map(|(_, row)| row[*first].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let Some(station) = station.or((names.len() == 1).then(|| names[0])) else {
        let some = listed(names.iter().copied().take(8));
        let found = format!("{} stations: {some}{}", names.len(), more(names.len(), 8));
        let hint = "name one with --station";
        source.fault(0, "", found, "one station", hint);
        return None;
    };
    let is_meant = |(_, row): &&(usize, Vec<String>)| keys.iter().any(|key| row[*key] == station);
    let own: Vec<_> = rows.iter().filter(is_meant).collect();
    if own.is_empty() {
        let expected = format!("rows of the station `{station}`");
        let hint = nearest(station, names.iter().copied());
        source.fault(0, "", "none of its rows".to_owned(), &expected, &hint);
        return None;
    }
    Some(own)
}

fn more(count: usize, shown: usize) -> &'static str {
    match count > shown {
        true => ", …",
        false => "",
    }
}

/// A flow; what is none is put down.
fn flow(source: &Source, line: usize, place: &str, cell: &str) -> Option<Cell> {
    if cell.is_empty() {
        return Some(Cell::Missing);
    }
    let number = source.number(line, place, cell)?;
    if number == -9999.0 || number == -999.0 {
        return Some(Cell::Missing);
    }
    if number < 0.0 {
        let expected = "a flow, zero or more, or -9999 where it is missing";
        source.fault(line, place, shown(cell), expected, "");
        return None;
    }
    Some(Cell::Value(number))
}
