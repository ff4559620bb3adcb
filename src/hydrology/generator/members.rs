//! Members in one Parquet table: a row for each site, member and month, in any order.

use super::Values;
use super::record::Record;
use crate::faults::{counted, nearest};
use crate::inputs::folder::Folder;
use crate::inputs::parquet::ParquetTable;
use crate::inputs::range::Range;

/// Most members, as `--members`.
const MOST: i64 = 100_000;

/// Reads the members of a table with the columns `site`, `member` (from 1), `month` and `value` (m³/s or mm).
///
/// Faults are missing columns and columns of other types, names that are no site of the record, months outside it,
/// values below zero, and a site, member and month that has no row or two.
pub fn read(folder: &Folder, file: &str, record: &Record) -> Option<Vec<Values>> {
    let table = ParquetTable::read(folder, file, "the comparison")?;
    let (sites, members) = (sites(&table, record), members(&table));
    let (months, values) = (months(&table, record), values(&table));
    let (sites, members, months, values) = (sites?, members?, months?, values?);
    let count = members.iter().max().map_or(0, |last| last + 1);
    let places = record.sites.len() * record.period().len();
    if values.len() != count * places {
        let expected = format!("{} of every site and month", counted(count, "member"));
        let found = counted(values.len(), "row");
        table.fault("member", found, &expected, "");
        return None;
    }
    let mut read = vec![vec![vec![f64::NAN; record.period().len()]; record.sites.len()]; count];
    for (row, value) in values.into_iter().enumerate() {
        let cell = &mut read[members[row]][sites[row]][months[row]];
        if !cell.is_nan() {
            let found = format!("two rows of one site, member and month; row {}", row + 1);
            table.fault("member", found, "each once", "");
            return None;
        }
        *cell = value;
    }
    Some(read)
}

/// Each row's place in the list of sites.
fn sites(table: &ParquetTable, record: &Record) -> Option<Vec<usize>> {
    let texts = table.texts("site")?;
    let names = || record.sites.iter().map(|site| site.name.as_str());
    let place = |word: &String| {
        let place = names().position(|name| name == word);
        if place.is_none() {
            let hint = nearest(word, names());
            table.fault("site", format!("`{word}`"), "a site of the record", &hint);
        }
        place
    };
    let places: Vec<Option<usize>> = texts.words.iter().map(place).collect();
    texts.places.iter().map(|word| places[*word]).collect()
}

/// Each row's member, from 0.
fn members(table: &ParquetTable) -> Option<Vec<usize>> {
    let members = table.whole_numbers("member")?;
    let outside = members
        .iter()
        .position(|member| !(1..=MOST).contains(member));
    if let Some(row) = outside {
        let found = format!("{} in row {}", members[row], row + 1);
        let expected = format!("a number from 1 to {MOST}");
        table.fault("member", found, &expected, "");
        return None;
    }
    Some(
        members
            .into_iter()
            .map(|member| member as usize - 1)
            .collect(),
    )
}

/// Each row's month, from 0.
fn months(table: &ParquetTable, record: &Record) -> Option<Vec<usize>> {
    let (months, period) = (table.months("month")?, record.period());
    if let Some(row) = months.iter().position(|month| !period.contains(*month)) {
        let found = format!("{} in row {}", months[row], row + 1);
        table.fault("month", found, &format!("a month of {period}"), "");
        return None;
    }
    let place = |month: crate::time::Month| month.since(period.first) as usize;
    Some(months.into_iter().map(place).collect())
}

fn values(table: &ParquetTable) -> Option<Vec<f64>> {
    let (values, range) = (table.numbers("value")?, Range::NotNegative);
    if let Some(row) = values.iter().position(|value| !range.holds(*value)) {
        let found = format!("{} in row {}", values[row], row + 1);
        table.fault("value", found, range.expected(), "");
        return None;
    }
    Some(values)
}
