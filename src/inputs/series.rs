//! Values by month: a constant, twelve months that recur, or a dated series with alternative columns.

use std::collections::BTreeSet;

use super::columns::Columns;
use super::range::Range;
use super::table::Table;
use crate::faults::counted;
use crate::time::{Month, Period};

/// What a value measures, and so the unit that its key or column must name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Mean flow, m³/s.
    FlowM3s,
    /// Depth over the month, mm.
    DepthMm,
}

impl Unit {
    /// The ending of keys and columns.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::FlowM3s => "m3s",
            Self::DepthMm => "mm",
        }
    }

    /// The value of a month from those of its days: flows are averaged, depths added.
    fn of_month(self, days: &[f64]) -> f64 {
        let sum: f64 = days.iter().sum();
        match self {
            Self::FlowM3s => sum / days.len() as f64,
            Self::DepthMm => sum,
        }
    }
}

/// Values by month.
#[derive(Clone, Debug, PartialEq)]
pub enum Monthly {
    /// Twelve values, January to December, that recur every year.
    Recurring([f64; 12]),
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
    /// The columns of values: first the series itself, then alternatives of it.
    pub columns: Vec<(String, Vec<f64>)>,
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
            Self::Dated(series) => {
                let values = series.columns.get(column).unwrap_or(&series.columns[0]);
                values.1[month.since(series.first) as usize]
            }
        }
    }

    /// The dated series, where it is one.
    pub fn dated(&self) -> Option<&Series> {
        match self {
            Self::Recurring(_) => None,
            Self::Dated(series) => Some(series),
        }
    }
}

/// Reads `<key>_<unit> = number | [12 numbers]` or `<key> = "file.csv"` of a table; one must be there.
pub fn monthly(table: &Table, key: &str, unit: Unit) -> Option<Monthly> {
    let with_unit = format!("{key}_{}", unit.suffix());
    let (file, twelve) = (
        table.optional_text(key),
        table.twelve(&with_unit, Range::NotNegative),
    );
    match (table.has(key), table.has(&with_unit)) {
        (true, false) => monthly_file(table, &file?, unit),
        (false, true) => twelve.map(Monthly::Recurring),
        (true, true) => {
            table.excuse(key);
            let expected = format!("either `{key}` or `{with_unit}`");
            table.fault(key, "both".into(), expected, String::new());
            None
        }
        (false, false) => {
            let expected = format!("`{key} = \"FILE.csv\"` or `{with_unit} = …`");
            table.lacks(&[key, &with_unit], &expected);
            None
        }
    }
}

/// Reads a series (`date,…`) or twelve recurring months (`month,…`) from a file beside the table's own.
fn monthly_file(table: &Table, name: &str, unit: Unit) -> Option<Monthly> {
    let file = beside(table.file(), name);
    let columns = Columns::read(table.folder(), &file, table.label())?;
    match columns.header[0].as_str() {
        "month" => recurring(&columns, unit).map(Monthly::Recurring),
        _ => dated(&columns, &file, unit).map(Monthly::Dated),
    }
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

fn recurring(columns: &Columns, unit: Unit) -> Option<[f64; 12]> {
    let (values, months) = (value_columns(columns, unit), columns.texts(0, true));
    let values = values?;
    let numbers = columns.numbers(values[0].0, Range::NotNegative);
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
    <[f64; 12]>::try_from(numbers?).ok()
}

/// The columns of values: place and name without unit.
fn value_columns(columns: &Columns, unit: Unit) -> Option<Vec<(usize, String)>> {
    let suffix = format!("_{}", unit.suffix());
    let mut found = Vec::new();
    let mut sound = true;
    for (place, name) in columns.header.iter().enumerate().skip(1) {
        if name == "quality" {
            continue;
        }
        if let Some(name) = name.strip_suffix(&suffix) {
            found.push((place, name.to_owned()));
            continue;
        }
        let hint = "the unit is the ending of the column's name";
        let expected = format!("a column whose name ends in `{suffix}`");
        columns.fault(
            columns.header_line,
            "header",
            format!("the column `{name}`"),
            expected,
            hint,
        );
        sound = false;
    }
    if found.is_empty() && sound {
        let expected = format!("a column of values whose name ends in `{suffix}`");
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

fn dated(columns: &Columns, file: &str, unit: Unit) -> Option<Series> {
    if columns.header[0] != "date" {
        let found = format!("`{}` as the first column", columns.header[0]);
        let expected = "`date` (or `month` for twelve recurring months)".to_owned();
        columns.fault(columns.header_line, "header", found, expected, "");
        return None;
    }
    let places = value_columns(columns, unit);
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
        let read = |(place, name)| Some((name, columns.numbers(place, Range::NotNegative)?));
        places.into_iter().map(read).collect::<Vec<_>>()
    });
    let quality = match columns.header.iter().position(|name| name == "quality") {
        Some(place) => Some(columns.texts(place, true)?),
        None => None,
    };
    let values = values?.into_iter().collect::<Option<Vec<_>>>()?;
    let series = Series {
        file: file.to_owned(),
        first: first?,
        columns: values,
        quality,
    };
    Some(if daily {
        months_of_days(&series, unit)
    } else {
        series
    })
}

/// The first month, where each date is the month after the one before.
fn months_in_order(columns: &Columns, dates: &[String]) -> Option<Month> {
    let months: Vec<Option<Month>> = columns
        .lines()
        .zip(dates)
        .map(|(line, date)| {
            let month = date.parse::<Month>().ok();
            if month.is_none() {
                let form = "a month of the form YYYY-MM".to_owned();
                columns.fault(line, "column `date`", format!("`{date}`"), form, "");
            }
            month
        })
        .collect();
    let months = months.into_iter().collect::<Option<Vec<Month>>>()?;
    let all: BTreeSet<Month> = months.iter().copied().collect();
    let mut next = months.first()?.plus(1);
    let (mut sound, mut in_order) = (true, true);
    for (row, line) in columns.lines().enumerate().skip(1) {
        let month = months[row];
        let hint = match order_of(month, next, &months[..row], &all) {
            Order::Gap(1) => "1 month is missing".to_owned(),
            Order::Gap(count) => format!("{count} months are missing"),
            Order::Twice => "the month stands twice".to_owned(),
            // One fault for the file: each month after it would be another.
            Order::Elsewhere if in_order => {
                in_order = false;
                "the months are not in order".to_owned()
            }
            Order::Next | Order::Elsewhere => String::new(),
        };
        if !hint.is_empty() {
            let (found, expected) = (month.to_string(), next.to_string());
            columns.fault(line, "column `date`", found, expected, &hint);
            sound = false;
        }
        next = next.max(month.plus(1));
    }
    months.first().copied().filter(|_| sound)
}

/// How a month stands after those before it.
#[derive(Debug, PartialEq, Eq)]
enum Order {
    Next,
    Gap(i32),
    Twice,
    Elsewhere,
}

/// How a month stands where `next` should stand.
fn order_of(month: Month, next: Month, before: &[Month], all: &BTreeSet<Month>) -> Order {
    if month == next {
        return Order::Next;
    }
    if before.contains(&month) {
        return Order::Twice;
    }
    let after = all.range(next..).next();
    match after {
        Some(after) if month > next && *after > next => Order::Gap(after.since(next)),
        _ => Order::Elsewhere,
    }
}

/// The first month, where the days are whole months without gap.
fn days_in_order(columns: &Columns, dates: &[String]) -> Option<Month> {
    let mut expected: Option<(Month, u32)> = None;
    let mut first = None;
    let mut last_line = 0;
    for (line, date) in columns.lines().zip(dates) {
        let Some((month, day)) = day_of(date) else {
            let form = "a day of the form YYYY-MM-DD".to_owned();
            columns.fault(line, "column `date`", format!("`{date}`"), form, "");
            return None;
        };
        let (next_month, next_day) = expected.unwrap_or((month, 1));
        if (month, day) != (next_month, next_day) {
            let expected = format!("{next_month}-{next_day:02}");
            let hint = "a daily series holds whole months, each day once and in order";
            columns.fault(line, "column `date`", date.clone(), expected, hint);
            return None;
        }
        first = first.or(Some(month));
        let ends = day == month.days();
        expected = Some(if ends {
            (month.plus(1), 1)
        } else {
            (month, day + 1)
        });
        last_line = line;
    }
    match expected {
        Some((month, day)) if day > 1 => {
            let expected = format!("{month}-{day:02} and the days up to the end of the month");
            let found = "the end of the file".to_owned();
            columns.fault(last_line, "column `date`", found, expected, "");
            None
        }
        _ => first,
    }
}

fn day_of(date: &str) -> Option<(Month, u32)> {
    let month: Month = date.get(..7)?.parse().ok()?;
    let day = date
        .get(7..)?
        .strip_prefix('-')
        .filter(|day| day.len() == 2)?;
    let digits = day.bytes().all(|byte| byte.is_ascii_digit());
    let day: u32 = day.parse().ok().filter(|_| digits)?;
    (1..=month.days()).contains(&day).then_some((month, day))
}

fn months_of_days(series: &Series, unit: Unit) -> Series {
    let (mut starts, mut start, mut month) = (Vec::new(), 0, series.first);
    while start < series.columns[0].1.len() {
        starts.push((start, start + month.days() as usize));
        start += month.days() as usize;
        month = month.plus(1);
    }
    let monthly = |values: &[f64]| {
        starts
            .iter()
            .map(|&(start, end)| unit.of_month(&values[start..end]))
            .collect()
    };
    let columns = series
        .columns
        .iter()
        .map(|(name, days)| (name.clone(), monthly(days)))
        .collect();
    let quality = series.quality.as_ref().map(|days| {
        starts
            .iter()
            .map(|&(start, end)| mixed(&days[start..end]))
            .collect()
    });
    Series {
        file: series.file.clone(),
        first: series.first,
        columns,
        quality,
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

    #[test]
    fn a_month_is_next_or_missing_or_twice_or_elsewhere() {
        let month = |number| Month::new(2000, number);
        let months = [1, 2, 5, 4, 2].map(month);
        let all: BTreeSet<Month> = months.into_iter().collect();
        let order = |row: usize, next| order_of(months[row], month(next), &months[..row], &all);
        assert_eq!(order(1, 2), Order::Next);
        assert_eq!(order(2, 3), Order::Gap(1));
        assert_eq!(order(3, 6), Order::Elsewhere);
        assert_eq!(order(4, 6), Order::Twice);
    }
}
