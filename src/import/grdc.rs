//! Exports of the Global Runoff Data Centre: a header of `#` lines, then `YYYY-MM-DD;hh:mm;…` by day or month.

use super::record::{Cell, Measured, Reading, Record};
use super::source::{Separator, Source, shown};
use crate::faults::counted;
use crate::time::{Date, Month};

/// How the export writes that there is no value.
const MISSING: f64 = -999.0;

/// Flag of a daily value whose use its provider does not recommend.
const NOT_RECOMMENDED: f64 = 99.0;

/// Reads an export. A month that GRDC calculated from days counts as missing where its flag says that more
/// than `missing_days` of them are.
pub(super) fn read(source: &Source, missing_days: u32) -> Option<Record> {
    let mut rows = source.rows();
    let Some((header, names)) = rows.find(|(_, row)| row.trim_start().starts_with("YYYY-MM-DD"))
    else {
        let expected = "a line of names that begins with `YYYY-MM-DD;hh:mm;`";
        let hint = "is it an export of GRDC as text?";
        source.fault(0, "", "no names of columns".to_owned(), expected, hint);
        return None;
    };
    let unit_is_known = unit_is_known(source);
    let columns = Columns::of(source, header, names)?;
    let content = source.noted("Data Set Content");
    let by_month = content.is_some_and(|(_, content)| content.contains("MONTHLY"));
    let mut count = 0;
    let readings: Vec<Option<Reading>> = rows
        .inspect(|_| count += 1)
        .map(|(line, row)| columns.reading(source, line, row, by_month, missing_days))
        .collect();
    is_whole(source, count);
    unit_is_known.then_some(Record {
        place: station(source),
        measured: Measured::Flow,
        reference: None,
        readings: readings.into_iter().collect::<Option<_>>()?,
    })
}

/// Refuses flows in another unit.
fn unit_is_known(source: &Source) -> bool {
    let stated = source.noted("Unit of measure").or(source.noted("Unit"));
    let Some((line, unit)) = stated else {
        return true;
    };
    // The ³ of an export that was saved in another alphabet can be any letter.
    let parts = unit
        .strip_prefix('m')
        .and_then(|rest| rest.strip_suffix("/s"));
    let is_flow = parts.is_some_and(|power| power.chars().count() <= 2);
    if !is_flow {
        source.fault(line, "unit", format!("`{unit}`"), "m³/s", "");
    }
    is_flow
}

/// Number, station and river as the header prints them.
fn station(source: &Source) -> String {
    let named = |key: &str, before: &str| {
        let (_, value) = source.noted(key)?;
        Some(format!("{before}{value}"))
    };
    let parts = [
        named("GRDC-No.", "GRDC "),
        named("Station", ""),
        named("River", "river "),
        named("Country", ""),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Refuses a file that has not as many rows as its header says.
fn is_whole(source: &Source, count: usize) {
    let Some((line, stated)) = source.noted("Data lines") else {
        return;
    };
    if stated.parse() != Ok(count) {
        let expected = format!("{stated} rows, as the header says");
        let hint = "is the file cut off?";
        source.fault(line, "`Data lines`", counted(count, "row"), &expected, hint);
    }
}

/// Places of the columns of values.
#[derive(Debug)]
struct Columns {
    count: usize,
    original: usize,
    calculated: Option<usize>,
    flag: Option<usize>,
}

impl Columns {
    fn of(source: &Source, line: usize, names: &str) -> Option<Self> {
        let names = Separator::Letter(b';').cells(names);
        let place = |name: &str| names.iter().position(|known| known == name);
        let Some(original) = place("Original").or(place("Value")) else {
            let expected = "a column `Value`, or `Original`, `Calculated` and `Flag`";
            source.fault(line, "header", names.join(";"), expected, "");
            return None;
        };
        Some(Self {
            count: names.len(),
            original,
            calculated: place("Calculated"),
            flag: place("Flag"),
        })
    }

    fn reading(
        &self,
        source: &Source,
        line: usize,
        row: &str,
        by_month: bool,
        missing_days: u32,
    ) -> Option<Reading> {
        let cells = Separator::Letter(b';').cells(row);
        if cells.len() != self.count {
            let expected = format!("{} as in the header", counted(self.count, "cell"));
            source.fault(line, "row", counted(cells.len(), "cell"), &expected, "");
            return None;
        }
        let date = source.date(line, "date", &cells[0]);
        let original = flow(source, line, &cells[self.original]);
        let calculated = self
            .calculated
            .map(|place| flow(source, line, &cells[place]));
        let flag = match self.flag {
            Some(place) => Some(source.number(line, "column `Flag`", &cells[place])?),
            None => None,
        };
        let date = match date? {
            date if by_month => Date::Month(date.month()),
            date => date,
        };
        let calculated = calculated.unwrap_or(Some(Cell::Missing))?;
        let value = calculated
            .value()
            .filter(|_| is_trusted(date, flag, missing_days))
            .or(original?.value())
            .filter(|_| matches!(date, Date::Month(_)) || flag != Some(NOT_RECOMMENDED));
        Some(Reading {
            line,
            date,
            value,
            error: None,
        })
    }
}

/// Whether a calculated month has days enough: its flag is the part of them that are valid, in percent. A
/// flag of 0 or less says nothing.
fn is_trusted(date: Date, flag: Option<f64>, missing_days: u32) -> bool {
    let days = |month: Month| f64::from(month.days());
    match (date, flag) {
        (Date::Month(month), Some(percent)) if percent > 0.0 => {
            ((1.0 - percent / 100.0) * days(month)).round() <= f64::from(missing_days)
        }
        _ => true,
    }
}

/// A flow; what is none is put down.
fn flow(source: &Source, line: usize, cell: &str) -> Option<Cell> {
    let number = source.number(line, "flow", cell)?;
    if number == MISSING {
        return Some(Cell::Missing);
    }
    if number < 0.0 {
        let expected = "a flow, zero or more, or -999.000 where it is missing";
        source.fault(line, "flow", shown(cell), expected, "");
        return None;
    }
    Some(Cell::Value(number))
}
