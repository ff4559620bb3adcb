//! Values by month: a constant, twelve months that recur, or a dated series with alternative columns,
//! by month or by day.

use super::columns::Columns;
use super::dates::{days_in_order, months_in_order};
use super::folder::Folder;
use super::quantity::{Spelling, endings, split};
use super::range::Range;
use super::table::Table;
use crate::faults::counted;
use crate::time::{Month, Period};
use crate::units::{Quantity, Unit};

/// Values by month: flows in m³/s, depths in mm.
#[derive(Clone, Debug, PartialEq)]
pub enum Monthly {
    /// Twelve values, January to December, that recur every year.
    Recurring([f64; 12]),
    /// Twelve depths a day, January to December, that recur every year.
    RecurringPerDay([f64; 12]),
    /// A dated series.
    Dated(Series),
}

/// A dated series without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// File it came from, relative to the folder of inputs.
    pub file: String,
    /// First month.
    pub first: Month,
    /// The columns of values by month: first the series itself, then alternatives of it.
    pub columns: Vec<(String, Vec<f64>)>,
    /// The same columns by day, where the file is daily.
    pub daily: Option<Vec<Vec<f64>>>,
    /// How each month came about, `observed` where nothing is said.
    pub quality: Option<Vec<String>>,
}

impl Series {
    /// The months that the series covers.
    pub fn period(&self) -> Period {
        let count = self.columns[0].1.len() as i32;
        Period {
            first: self.first,
            last: self.first.plus(count - 1),
        }
    }

    /// Place of the column whose name without unit is `name`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(column, _)| column == name)
    }
}

impl Monthly {
    /// The value of a month from column `column` (the first where a series has no such column).
    ///
    /// The month lies within a dated series: `plan` sees to that.
    pub fn at(&self, month: Month, column: usize) -> f64 {
        match self {
            Self::Recurring(twelve) => twelve[month.index()],
            Self::RecurringPerDay(twelve) => twelve[month.index()] * f64::from(month.days()),
            Self::Dated(series) => {
                let values = series.columns.get(column).unwrap_or(&series.columns[0]);
                values.1[month.since(series.first) as usize]
            }
        }
    }

    /// The value of a day as a daily series has it; none of all else.
    pub fn on(&self, month: Month, day: u32, column: usize) -> Option<f64> {
        let series = self.dated()?;
        let columns = series.daily.as_ref()?;
        let values = columns.get(column).unwrap_or(&columns[0]);
        let place = month.first_day() - series.first.first_day() + i64::from(day) - 1;
        values.get(usize::try_from(place).ok()?).copied()
    }

    /// The dated series, where it is one.
    pub fn dated(&self) -> Option<&Series> {
        match self {
            Self::Recurring(_) | Self::RecurringPerDay(_) => None,
            Self::Dated(series) => Some(series),
        }
    }

    fn recurring(twelve: [f64; 12], unit: Unit) -> Self {
        match unit {
            Unit::MmPerDay => Self::RecurringPerDay(twelve),
            _ => Self::Recurring(twelve.map(|number| unit.read(number))),
        }
    }
}

/// Reads `<key>_<unit> = number | [12 numbers]` or `<key> = "file.csv"` of a table; one must be there.
pub fn monthly(table: &Table, key: &str, quantity: Quantity) -> Option<Monthly> {
    let (file, written) = (table.optional_text(key), table.spelling(key, quantity));
    let twelve = table.twelve(&written.name, Range::NotNegative);
    match (table.has(key), table.has(&written.name)) {
        (true, false) => monthly_file(table, &file?, quantity),
        (false, true) => Some(Monthly::recurring(twelve?, written.unit)),
        (true, true) => {
            table.excuse(key);
            let expected = format!("either `{key}` or `{}`", written.name);
            table.fault(key, "both".into(), expected, String::new());
            None
        }
        (false, false) => {
            let expected = format!("`{key} = \"FILE.csv\"` or `{} = …`", written.name);
            let all = Spelling::all(key, quantity);
            let mut keys = vec![key];
            keys.extend(all.iter().map(|key| key.name.as_str()));
            table.lacks(&keys, &expected);
            None
        }
    }
}

/// Reads a series (`date,…`) or twelve recurring months (`month,…`) from a file beside the table's own.
fn monthly_file(table: &Table, name: &str, quantity: Quantity) -> Option<Monthly> {
    let file = beside(table.file(), name);
    series_file(table.folder(), &file, table.label(), quantity)
}

/// Reads a series or twelve recurring months from a file that `wanted_by` needs.
pub fn series_file(
    folder: &Folder,
    file: &str,
    wanted_by: &str,
    quantity: Quantity,
) -> Option<Monthly> {
    let columns = Columns::read(folder, file, wanted_by)?;
    match columns.header[0].as_str() {
        "month" => recurring(&columns, quantity),
        _ => dated(&columns, file, quantity).map(Monthly::Dated),
    }
}

/// Reads a dated series from a file that `wanted_by` needs.
pub fn dated_file(
    folder: &Folder,
    file: &str,
    quantity: Quantity,
    wanted_by: &str,
) -> Option<Series> {
    let columns = Columns::read(folder, file, wanted_by)?;
    dated(&columns, file, quantity)
}

/// The path of `name` in the folder of `file`, without detours through `.` and `..`.
pub fn beside(file: &str, name: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn recurring(columns: &Columns, quantity: Quantity) -> Option<Monthly> {
    let (values, months) = (value_columns(columns, quantity), columns.texts(0, true));
    let values = values?;
    let numbers = columns.numbers(values[0].place, Range::NotNegative);
    if values.len() > 1 {
        let found = counted(values.len(), "column") + " of values";
        let expected = "one column of values beside `month`".to_owned();
        columns.fault(columns.header_line, "header", found, expected, "");
        return None;
    }
    let months = months?;
    if !months
        .iter()
        .eq(&(1..=12).map(|month| month.to_string()).collect::<Vec<_>>())
    {
        let expected = "the months 1 to 12 in order".to_owned();
        let line = columns.header_line;
        columns.fault(line, "column `month`", months.join(", "), expected, "");
        return None;
    }
    let twelve = <[f64; 12]>::try_from(numbers?).ok()?;
    Some(Monthly::recurring(twelve, values[0].unit))
}

/// A column of values.
struct ValueColumn {
    place: usize,
    /// Name without unit.
    name: String,
    unit: Unit,
}

/// The columns of values of a file.
fn value_columns(columns: &Columns, quantity: Quantity) -> Option<Vec<ValueColumn>> {
    let mut found: Vec<ValueColumn> = Vec::new();
    let mut sound = true;
    let mut wrong = |found: String, expected: String, hint: &str| {
        columns.fault(columns.header_line, "header", found, expected, hint);
        sound = false;
    };
    let endings = endings(quantity);
    for (place, name) in columns.header.iter().enumerate().skip(1) {
        if name == "quality" {
            continue;
        }
        let Some((name, unit)) = split(name, quantity) else {
            let hint = "the unit is the ending of the column's name";
            let expected = format!("a column whose name ends in {endings}");
            wrong(format!("the column `{name}`"), expected, hint);
            continue;
        };
        if found.iter().any(|other| other.name == name) {
            let expected = "each column once, in one unit".to_owned();
            wrong(format!("`{name}` in two units"), expected, "");
        }
        let name = name.to_owned();
        found.push(ValueColumn { place, name, unit });
    }
    if found.is_empty() && sound {
        let expected = format!("a column of values whose name ends in {endings}");
        columns.fault(
            columns.header_line,
            "header",
            "no column of values".into(),
            expected,
            "",
        );
        sound = false;
    }
    sound.then_some(found)
}

fn dated(columns: &Columns, file: &str, quantity: Quantity) -> Option<Series> {
    if columns.header[0] != "date" {
        let found = format!("`{}` as the first column", columns.header[0]);
        let expected = "`date` (or `month` for twelve recurring months)".to_owned();
        columns.fault(columns.header_line, "header", found, expected, "");
        return None;
    }
    let places = value_columns(columns, quantity);
    let dates = columns.texts(0, true);
    let daily = dates
        .as_ref()
        .is_some_and(|dates| dates.first().is_some_and(|d| d.len() > 7));
    let first = dates.and_then(|dates| {
        if daily {
            days_in_order(columns, &dates)
        } else {
            months_in_order(columns, &dates)
        }
    });
    let values = places.map(|places| {
        let read = |column: ValueColumn| {
            let numbers = columns.numbers(column.place, Range::NotNegative)?;
            Some((column, numbers))
        };
        places.into_iter().map(read).collect::<Vec<_>>()
    });
    let quality = match columns.header.iter().position(|name| name == "quality") {
        Some(place) => Some(columns.texts(place, true)?),
        None => None,
    };
    let values = values?.into_iter().collect::<Option<Vec<_>>>()?;
    let first = first?;
    let converted = values.into_iter().map(|(column, numbers)| {
        let numbers = match (column.unit, daily) {
            (Unit::MmPerDay, false) => of_month(first, numbers),
            (unit, _) => numbers
                .into_iter()
                .map(|number| unit.read(number))
                .collect(),
        };
        (column.name, numbers)
    });
    let series = Series {
        file: file.to_owned(),
        first,
        columns: converted.collect(),
        daily: None,
        quality,
    };
    Some(if daily {
        months_of_days(series, quantity)
    } else {
        series
    })
}

/// Depths of months from mean depths a day.
fn of_month(first: Month, per_day: Vec<f64>) -> Vec<f64> {
    let days = (0..).map(|step| f64::from(first.plus(step).days()));
    per_day
        .into_iter()
        .zip(days)
        .map(|(depth, days)| depth * days)
        .collect()
}

/// A daily series with its months: flows are averaged, depths added (equation E17).
fn months_of_days(series: Series, quantity: Quantity) -> Series {
    let (mut starts, mut start, mut month) = (Vec::new(), 0, series.first);
    while start < series.columns[0].1.len() {
        starts.push((start, start + month.days() as usize));
        start += month.days() as usize;
        month = month.plus(1);
    }
    let of_month = |days: &[f64]| {
        let sum: f64 = days.iter().sum();
        match quantity {
            Quantity::Flow => sum / days.len() as f64,
            Quantity::Volume | Quantity::Depth => sum,
        }
    };
    let monthly = |values: &[f64]| {
        starts
            .iter()
            .map(|&(start, end)| of_month(&values[start..end]))
            .collect()
    };
    let quality = series.quality.as_ref().map(|days| {
        starts
            .iter()
            .map(|&(start, end)| mixed(&days[start..end]))
            .collect()
    });
    let columns = series.columns.iter();
    Series {
        columns: columns
            .map(|(name, days)| (name.clone(), monthly(days)))
            .collect(),
        daily: Some(series.columns.into_iter().map(|(_, days)| days).collect()),
        quality,
        ..series
    }
}

/// The quality of a month whose days need not agree.
fn mixed(days: &[String]) -> String {
    let mut words: Vec<&str> = days.iter().map(String::as_str).collect();
    words.sort_unstable();
    words.dedup();
    words.join("+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_no_detours() {
        let file = "basins/ili/network.toml";
        for name in ["a.csv", "./a.csv", "../ili/a.csv", "b/../a.csv"] {
            assert_eq!(beside(file, name), "basins/ili/a.csv");
        }
        assert_eq!(beside("model.toml", "a.csv"), "a.csv");
        assert_eq!(beside("model.toml", "../a.csv"), "../a.csv");
    }
}
