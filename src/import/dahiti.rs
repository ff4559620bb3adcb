//! Water levels of DAHITI: text with `#` lines and `date [time] height error`, or CSV `datetime;wse;wse_u`.

use super::record::{Measured, Reading, Record};
use super::source::{Separator, Source};

/// Names of the columns of dates, heights and errors in the CSV files of its versions.
const NAMES: [&[&str]; 3] = [
    &["datetime", "date"],
    &["wse", "water_level", "height"],
    &["wse_u", "error"],
];

/// Reads either of its texts.
pub(super) fn read(source: &Source) -> Option<Record> {
    let rows: Vec<(usize, &str)> = source.rows().collect();
    let Some((first, names)) = rows.first() else {
        source.fault(0, "", "no rows".to_owned(), "at least one water level", "");
        return None;
    };
    let is_table = names.to_lowercase().starts_with("date");
    let readings: Vec<Option<Reading>> = match is_table {
        true => {
            let columns = Columns::of(source, *first, names)?;
            let rows = rows[1..].iter();
            rows.map(|(line, row)| columns.reading(source, *line, row))
                .collect()
        }
        false => rows
            .iter()
            .map(|(line, row)| by_blanks(source, *line, row))
            .collect(),
    };
    let noted = |key| source.noted(key).map(|(_, value)| value.to_owned());
    let place = [
        noted("DAHITI-ID").map(|id| format!("DAHITI {id}")),
        noted("Target name"),
    ];
    let mut place: Vec<String> = place.into_iter().flatten().collect();
    if place.is_empty() {
        place.push(source.name().to_owned());
    }
    Some(Record {
        place: place.join(", "),
        measured: Measured::Level,
        reference: noted("column 2"),
        readings: readings.into_iter().collect::<Option<_>>()?,
    })
}

/// A row `date [time] height error [kind]`.
fn by_blanks(source: &Source, line: usize, row: &str) -> Option<Reading> {
    let mut cells: Vec<&str> = row.split_whitespace().collect();
    if cells.get(1).is_some_and(|cell| cell.contains(':')) {
        cells.remove(1);
    }
    let [date, height, error, ..] = cells[..] else {
        let expected = "`date height error` or `date time height error`";
        source.fault(line, "row", format!("`{row}`"), expected, "");
        return None;
    };
    reading(source, line, date, height, error)
}

fn reading(source: &Source, line: usize, date: &str, height: &str, error: &str) -> Option<Reading> {
    let date = source.date(line, "date", date);
    let height = source.number(line, "height", height);
    let error = source.number(line, "error", error);
    Some(Reading {
        line,
        date: date?,
        value: Some(height?).filter(|height| *height < 9999.0),
        error: Some(error?).filter(|error| (0.0..99.0).contains(error)),
    })
}

/// Places of the columns of a CSV file.
#[derive(Debug)]
struct Columns {
    separator: Separator,
    places: [usize; 3],
}

impl Columns {
    fn of(source: &Source, line: usize, names: &str) -> Option<Self> {
        let separator = Separator::of(names);
        let cells = separator.cells(&names.to_lowercase());
        let place = |known: &&[&str]| cells.iter().position(|cell| known.contains(&cell.as_str()));
        let places: Option<Vec<usize>> = NAMES.iter().map(place).collect();
        let Some(places) = places.and_then(|places| <[usize; 3]>::try_from(places).ok()) else {
            let expected = "columns `datetime`, `wse` and `wse_u`";
            source.fault(line, "header", format!("`{names}`"), expected, "");
            return None;
        };
        Some(Self { separator, places })
    }

    fn reading(&self, source: &Source, line: usize, row: &str) -> Option<Reading> {
        let cells = self.separator.cells(row);
        let [Some(date), Some(height), Some(error)] = self.places.map(|place| cells.get(place))
        else {
            let expected = "as many cells as the header has names";
            source.fault(line, "row", format!("`{row}`"), expected, "");
            return None;
        };
        reading(source, line, date, height, error)
    }
}
