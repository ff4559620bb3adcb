//! The members of an ensemble as one Parquet table.

use crate::hydrology::climate::Water;
use crate::hydrology::generator::Values;
use crate::hydrology::generator::record::Record;
use crate::outputs::parquet::{Column, ColumnValues, Kind, ParquetError, ParquetWriter};
use crate::time::{Month, Period};

/// Rows of a row group, about.
const ROWS: usize = 100_000;

/// The table: a row for each site, member and month, in this order; values are not rounded.
///
/// # Errors
/// What the format refuses.
pub(super) fn table(
    record: &Record,
    (period, first): (Period, u32),
    members: &[Values],
    hash: &str,
) -> Result<Vec<u8>, ParquetError> {
    let months = period.months();
    let days: Vec<i32> = months.map(Month::first_unix_day).collect();
    let mut writer = ParquetWriter::new(Vec::new(), columns())?;
    writer.note("source", "assumption: generated, no measurement");
    writer.note("generator", hash);
    let numbered: Vec<(i32, &Values)> = (first as i32..).zip(members).collect();
    let at_once = (ROWS / days.len().max(1)).max(1);
    for (place, site) in record.sites.iter().enumerate() {
        let unit = match site.quantity {
            Water::Flow => "m3/s",
            Water::Rain | Water::Evaporation => "mm",
        };
        for group in numbered.chunks(at_once) {
            let rows = group.len() * days.len();
            let numbers = group
                .iter()
                .flat_map(|(number, _)| vec![*number; days.len()]);
            let values = group.iter().flat_map(|(_, values)| &values[place]);
            writer.write(&[
                ColumnValues::Text(&vec![site.name.as_str(); rows]),
                ColumnValues::Integers(&numbers.collect::<Vec<i32>>()),
                ColumnValues::Days(&days.repeat(group.len())),
                ColumnValues::Numbers(&values.copied().collect::<Vec<f64>>()),
                ColumnValues::Text(&vec![unit; rows]),
            ])?;
        }
    }
    writer.finish()
}

fn columns() -> Vec<Column> {
    let column = |name: &str, kind, description: &str| Column {
        name: name.to_owned(),
        kind,
        unit: String::new(),
        description: description.to_owned(),
    };
    vec![
        column(
            "site",
            Kind::Text,
            "first river or lake that takes the series",
        ),
        column("member", Kind::Integer, "member, from 1"),
        column("month", Kind::Day, "first day of the month"),
        column(
            "value",
            Kind::Number,
            "mean flow of the month, or its rain or evaporation",
        ),
        column("unit", Kind::Text, "unit of the value: m3/s or mm"),
    ]
}
