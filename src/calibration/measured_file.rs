//! The files that a measured series may stand in: observations, or a dated series in which months may be missing.

use crate::faults::{listed, meant, near};
use crate::inputs::columns::Columns;
use crate::inputs::quantity::{endings, split};
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::network::Network;
use crate::observations::{self, Observation, Quantity, Statistic};
use crate::time::Month;
use crate::units::{HM3_PER_KM3, Quantity as Written, Unit};

/// What was measured in a month, in the unit of its quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// The month.
    pub month: Month,
    /// Its mean.
    pub value: f64,
    /// What the file states of its uncertainty.
    pub uncertainty: Option<f64>,
}

/// The quality of a value that nobody made up.
const OBSERVED: &str = "observed";

/// The months that a file has of a place, in order. Faults stand at the key `file` of `table`, or in the file.
pub fn measurements(
    table: &Table,
    file: &str,
    place: &str,
    quantity: Quantity,
    network: &Network,
) -> Option<Vec<Measurement>> {
    let mut columns = Columns::read(table.folder(), file, table.label())?;
    match columns.header[0].as_str() {
        "place" => {
            let rows = observations::of(&mut columns, Some(network))?;
            of_observations(table, &rows, place, quantity)
        }
        "date" => of_series(&columns, quantity),
        other => {
            let found = format!("`{other}` as the first column");
            let expected = "`date` (a series) or `place` (observations)".to_owned();
            columns.fault(columns.header_line, "header", found, expected, "");
            None
        }
    }
}

/// The rows of single months.
fn of_observations(
    table: &Table,
    rows: &[Observation],
    place: &str,
    quantity: Quantity,
) -> Option<Vec<Measurement>> {
    let is_month = |row: &&Observation| {
        row.statistic == Statistic::Mean && row.period.first == row.period.last
    };
    let of_quantity = || rows.iter().filter(|row| row.quantity == quantity);
    let own = of_quantity().filter(|row| row.place == place);
    let mut months: Vec<Measurement> = own
        .filter(is_month)
        .map(|row| Measurement {
            month: row.period.first,
            value: row.value,
            uncertainty: row.uncertainty,
        })
        .collect();
    months.sort_by_key(|one| one.month);
    let fault = |found: String, hint: String| {
        let expected = format!(
            "rows of `{place}` with the mean {} of a month",
            quantity.word()
        );
        table.fault("file", found, expected, hint);
    };
    if months.is_empty() {
        let hint = meant(near(place, of_quantity().map(|row| row.place.as_str())));
        fault("no such row".to_owned(), hint);
    }
    let twice = months
        .windows(2)
        .find(|pair| pair[0].month == pair[1].month);
    if let Some(twice) = twice {
        fault(format!("{} twice", twice[0].month), String::new());
    }
    (twice.is_none() && !months.is_empty()).then_some(months)
}

/// The observed months of a dated series.
fn of_series(columns: &Columns, quantity: Quantity) -> Option<Vec<Measurement>> {
    let (column, months) = (value_column(columns, quantity), months(columns));
    let quality = columns.header.iter().position(|name| name == "quality");
    let qualities = quality.map(|place| columns.texts(place, true));
    let (place, unit) = column?;
    let range = match quantity {
        Quantity::Level => Range::Finite,
        _ => Range::NotNegative,
    };
    let (values, months) = (columns.numbers(place, range), months?);
    let qualities = match qualities {
        Some(read) => Some(read?),
        None => None,
    };
    let is_observed = |row: usize| qualities.as_ref().is_none_or(|all| all[row] == OBSERVED);
    let rows = months.into_iter().zip(values?).enumerate();
    let observed = rows.filter(|(row, _)| is_observed(*row));
    let measurement = |(month, value)| Measurement {
        month,
        value: unit.read(value),
        uncertainty: None,
    };
    Some(observed.map(|(_, of_row)| measurement(of_row)).collect())
}

/// The unit of a column of values.
#[derive(Clone, Copy)]
enum Ending {
    Metres,
    Of(Unit),
}

impl Ending {
    /// A number in m, m³/s or km³.
    fn read(self, number: f64) -> f64 {
        match self {
            Self::Metres => number,
            Self::Of(unit @ (Unit::Km3 | Unit::Hm3 | Unit::Ml)) => unit.read(number) / HM3_PER_KM3,
            Self::Of(unit) => unit.read(number),
        }
    }
}

/// The one column of values, and its unit.
fn value_column(columns: &Columns, quantity: Quantity) -> Option<(usize, Ending)> {
    let written = match quantity {
        Quantity::Flow => Some(Written::Flow),
        Quantity::Storage => Some(Written::Volume),
        _ => None,
    };
    let ending = |name: &str| match written {
        None => name.strip_suffix("_m").map(|_| Ending::Metres),
        Some(written) => split(name, written).map(|(_, unit)| Ending::Of(unit)),
    };
    let header = columns.header.iter().enumerate().skip(1);
    let others: Vec<(usize, &String)> = header.filter(|(_, name)| *name != "quality").collect();
    if let [(place, name)] = others.as_slice()
        && let Some(ending) = ending(name)
    {
        return Some((*place, ending));
    }
    let found = match others.is_empty() {
        true => "no column of values".to_owned(),
        false => listed(others.iter().map(|(_, name)| name.as_str())),
    };
    let endings = written.map_or("`_m`".to_owned(), endings);
    let expected = format!(
        "one column of values beside `date` and `quality`, for {} with a name that ends in {endings}",
        quantity.word()
    );
    columns.fault(columns.header_line, "header", found, expected, "");
    None
}

/// The months of a series: each later than the one before.
fn months(columns: &Columns) -> Option<Vec<Month>> {
    let dates = columns.texts(0, true)?;
    let mut months: Vec<Month> = Vec::new();
    for (line, date) in columns.lines().zip(&dates) {
        let fault = |expected: String| {
            columns.fault(line, "column `date`", format!("`{date}`"), expected, "");
        };
        let Ok(month) = date.parse::<Month>() else {
            fault("a month of the form YYYY-MM".to_owned());
            return None;
        };
        if let Some(last) = months.last().filter(|last| **last >= month) {
            fault(format!("a month after {last}"));
            return None;
        }
        months.push(month);
    }
    Some(months)
}
