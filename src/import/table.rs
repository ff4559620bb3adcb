//! Any CSV file, with a column of values, or with rows of years and columns of months; column and unit are
//! named by the user.

use super::record::{Cell, Measured, Reading, Record};
use super::source::{Separator, Source, refuse_misfit, shown};
use super::years::Years;
use crate::faults::{Fault, listed, meant, near};
use crate::time::Date;
use crate::units::{Quantity, Unit};

/// How a CSV file is to be read.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Column of values; needed unless the table is wide.
    pub column: Option<String>,
    /// Column of dates, or of years where the table is wide; the first one where not named.
    pub dates: Option<String>,
    /// Unit of the values.
    pub unit: Option<String>,
    /// Rows are years, columns months.
    pub wide: bool,
    /// Values are means of months, whatever day they are dated by.
    pub monthly: bool,
    /// Numbers that mean that there is no value.
    pub missing: Vec<f64>,
}

/// Texts that mean that there is no value.
const BLANKS: [&str; 5] = ["", "-", "NA", "NaN", "nan"];

impl Layout {
    /// What a date means: a whole month where values are means of months.
    fn dated(&self, date: Date) -> Date {
        match self.monthly {
            true => Date::Month(date.month()),
            false => date,
        }
    }
}

/// What a unit makes of a number.
#[derive(Clone, Copy, Debug)]
struct Reader<'a> {
    measured: Measured,
    unit: Unit,
    missing: &'a [f64],
}

/// Reads a file by its layout; `place` is the name that the user gives the station.
pub(super) fn read(source: &Source, layout: &Layout, place: Option<&str>) -> Option<Record> {
    let reader = Reader::of(source, layout);
    let readings = match layout.wide {
        true => wide(source, layout, reader),
        false => long(source, layout, reader),
    };
    Some(Record {
        place: place.unwrap_or(source.name()).to_owned(),
        measured: reader?.measured,
        reference: None,
        readings: readings?,
    })
}

impl<'a> Reader<'a> {
    fn of(source: &Source, layout: &'a Layout) -> Option<Self> {
        let words = || Quantity::Flow.units().iter().map(|unit| unit.ending());
        let named = layout.unit.as_deref();
        let flows = Quantity::Flow.units().iter();
        let flow = flows.copied().find(|unit| Some(unit.ending()) == named);
        let (measured, unit) = match (flow, named) {
            (Some(unit), _) => (Measured::Flow, unit),
            (None, Some("m")) => (Measured::Level, Unit::M3s),
            (None, named) => {
                let found = named.map_or("nothing".to_owned(), |unit| format!("`{unit}`"));
                let expected = format!(
                    "the unit of the values, one of {}",
                    listed(words().chain(["m"]))
                );
                let hint = meant(near(named.unwrap_or_default(), words()));
                put(source, "--unit", found, expected, hint);
                return None;
            }
        };
        Some(Self {
            measured,
            unit,
            missing: &layout.missing,
        })
    }

    /// A value; what is none is put down.
    fn value(self, source: &Source, line: usize, place: &str, cell: &str) -> Option<Cell> {
        if BLANKS.contains(&cell) {
            return Some(Cell::Missing);
        }
        // A comma is a decimal mark where nothing else can be one.
        let decimal = match (cell.matches(',').count(), cell.contains('.')) {
            (1, false) => cell.replace(',', "."),
            _ => cell.to_owned(),
        };
        let number = source.number(line, place, &decimal)?;
        if self.missing.contains(&number) {
            return Some(Cell::Missing);
        }
        if self.measured == Measured::Flow && number < 0.0 {
            let hint = "where it means that there is no value, name it with --missing";
            source.fault(line, place, shown(cell), "a flow, zero or more", hint);
            return None;
        }
        Some(Cell::Value(match self.measured {
            Measured::Flow => self.unit.read(number),
            Measured::Level => number,
        }))
    }
}

/// A fault of the command line.
fn put(source: &Source, option: &str, found: String, expected: String, hint: String) {
    source.folder.fault(Fault {
        file: "command line".to_owned(),
        line: 0,
        place: option.to_owned(),
        found,
        expected,
        hint,
    });
}

/// The place of a column that the command line names.
fn place_of(source: &Source, names: &[String], option: &str, named: Option<&str>) -> Option<usize> {
    let place = names.iter().position(|name| Some(name.as_str()) == named);
    if place.is_none() {
        let all = || names.iter().map(String::as_str);
        let found = named.map_or("nothing".to_owned(), |name| format!("`{name}`"));
        let expected = format!("a column of {}: {}", source.file, listed(all()));
        let hint = meant(near(named.unwrap_or_default(), all()));
        put(source, option, found, expected, hint);
    }
    place
}

fn long(source: &Source, layout: &Layout, reader: Option<Reader>) -> Option<Vec<Reading>> {
    let mut rows = source.rows();
    let (_, header) = rows.next().or_else(|| empty(source))?;
    let separator = Separator::of(header);
    let names = separator.cells(header);
    let dates = match &layout.dates {
        Some(dates) => place_of(source, &names, "--dates", Some(dates)),
        None => Some(0),
    };
    let column = place_of(source, &names, "--column", layout.column.as_deref());
    let (dates, column, reader) = (dates?, column?, reader?);
    let place = format!("column `{}`", names[column]);
    let readings: Vec<Option<Reading>> = rows
        .map(|(line, row)| {
            let cells = separator.cells(row);
            // A separator at the end of a row parts nothing; anything else beyond the header would be lost.
            let has_more = cells.iter().skip(names.len()).any(|cell| !cell.is_empty());
            let wanted = (cells.get(dates), cells.get(column));
            let (Some(date), Some(cell), false) = (wanted.0, wanted.1, has_more) else {
                refuse_misfit(source, line, separator, &cells, names.len());
                return None;
            };
            let date = source.date(line, &format!("column `{}`", names[dates]), date);
            let value = reader.value(source, line, &place, cell);
            Some(Reading {
                line,
                date: date.map(|date| layout.dated(date))?,
                value: value?.value(),
                error: None,
            })
        })
        .collect();
    readings.into_iter().collect()
}

fn wide(source: &Source, layout: &Layout, reader: Option<Reader>) -> Option<Vec<Reading>> {
    let mut rows = source.rows();
    let (line, header) = rows.next().or_else(|| empty(source))?;
    let Some(years) = Years::of(header) else {
        let expected = "columns of twelve months: `Jan` to `Dec`, `1` to `12` or `I` to `XII`";
        source.fault(line, "header", format!("`{header}`"), expected, "");
        return None;
    };
    let year = match &layout.dates {
        Some(dates) => place_of(source, &years.names, "--dates", Some(dates)),
        None => Some(0),
    };
    let (year, reader) = (year?, reader?);
    let readings: Vec<Option<Vec<Reading>>> = rows
        .map(|(line, row)| {
            let cells = years.cells(source, line, row)?;
            let value = |place: &str, cell: &str| reader.value(source, line, place, cell);
            years.readings(source, line, &cells, year, value)
        })
        .collect();
    Some(readings.into_iter().collect::<Option<Vec<_>>>()?.concat())
}

fn empty<'a>(source: &Source) -> Option<(usize, &'a str)> {
    let expected = "a line with the names of the columns, and rows";
    source.fault(0, "", "an empty file".to_owned(), expected, "");
    None
}
