//! Tables that were computed again beside those of a folder of results.

use std::collections::BTreeMap;
use std::path::Path;

use super::table::Table;

/// The first cell of a table that is another when it is computed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Path of the table.
    pub table: String,
    /// Line of the file, of which the first is the header.
    pub line: usize,
    /// Its first columns, which say of what the row tells.
    pub row: String,
    /// Name of the column.
    pub column: String,
    /// As it is published.
    pub published: String,
    /// As it is computed again.
    pub found: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Self {
            table,
            line,
            row,
            column,
            published,
            found,
        } = self;
        write!(
            f,
            "{table}: line {line} ({row}), column `{column}`: {published} is published, {found} is computed again"
        )
    }
}

/// What stands where a table or row is missing.
const NOTHING: &str = "nothing";

/// Compares tables with those of a folder, whose hashes are `published`; the first cell that differs.
///
/// # Errors
/// A table of the folder that cannot be read.
pub fn first_difference(
    place: &Path,
    published: &BTreeMap<String, String>,
    tables: &[Table],
) -> csv::Result<Option<Difference>> {
    for table in tables {
        let path = table.path();
        let text = match published.contains_key(&path) {
            true => std::fs::read(place.join(&path))?,
            false => Vec::new(),
        };
        if text != table.csv {
            return of_texts(path, &text, &table.csv);
        }
    }
    let is_known = |path: &String| tables.iter().any(|table| table.path() == *path);
    match published.keys().find(|path| !is_known(path)) {
        Some(path) => of_texts(path.clone(), &std::fs::read(place.join(path))?, &[]),
        None => Ok(None),
    }
}

fn of_texts(table: String, published: &[u8], found: &[u8]) -> csv::Result<Option<Difference>> {
    let (published, found) = (rows(published)?, rows(found)?);
    let nothing = csv::StringRecord::new();
    for line in 0..published.len().max(found.len()) {
        let [one, other] = [&published, &found].map(|rows| rows.get(line).unwrap_or(&nothing));
        let cell = |row: &csv::StringRecord, column| row.get(column).unwrap_or(NOTHING).to_owned();
        let columns = 0..one.len().max(other.len());
        let Some(column) = columns.into_iter().find(|c| one.get(*c) != other.get(*c)) else {
            continue;
        };
        let names = published.first().or(found.first()).unwrap_or(&nothing);
        let whole = if one.is_empty() { other } else { one };
        return Ok(Some(Difference {
            table,
            line: line + 1,
            row: whole.iter().take(2).collect::<Vec<_>>().join(", "),
            column: cell(names, column),
            published: cell(one, column),
            found: cell(other, column),
        }));
    }
    Ok(None)
}

fn rows(text: &[u8]) -> csv::Result<Vec<csv::StringRecord>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).from_reader(text);
    reader.into_records().collect()
}
