//! `series/run=N/series.parquet`: every member of the series that are asked for in full.
//!
//! Rows stand by quantity, place, member and time, and a group of rows holds one place alone, so that a reader of one
//! place of one run skips all others.

use std::io::{BufWriter, Write};

use super::blueprint::{Blueprint, Chunk};
use super::durable::write_with;
use super::work::{Work, WorkError};
use crate::outputs::parquet::{Column, ColumnValues, Kind, ParquetError, ParquetWriter};
use crate::time::Month;

/// Writes the file of each kept run; nothing where no series is asked for in full.
///
/// # Errors
/// What the system refuses.
pub fn write(work: &Work, blueprint: &Blueprint, chunks: &[Chunk]) -> Result<(), WorkError> {
    if blueprint.series.iter().all(|series| !series.full) {
        return Ok(());
    }
    for &run in &blueprint.kept_runs {
        let folder = work.place().join("series").join(format!("run={}", run + 1));
        std::fs::create_dir_all(&folder).map_err(|cause| WorkError::Write {
            path: folder.clone(),
            cause,
        })?;
        let own: Vec<&Chunk> = chunks
            .iter()
            .filter(|chunk| chunk.runs.contains(&run))
            .collect();
        write_with(&folder, "series.parquet", |file| {
            let refused = |error: ParquetError| std::io::Error::other(error);
            let buffered = BufWriter::with_capacity(1 << 20, file);
            let parquet = ParquetWriter::of_version(buffered, columns(), &blueprint.version);
            let mut parquet = parquet.map_err(refused)?;
            parquet.note("title", &blueprint.title);
            parquet.note("run", &(run + 1).to_string());
            for series in 0..blueprint.series.len() {
                if blueprint.series[series].full {
                    of_series(work, blueprint, &own, (run, series), &mut parquet)?;
                }
            }
            parquet.finish().map_err(refused)?.flush()
        })?;
    }
    Ok(())
}

fn columns() -> Vec<Column> {
    let column = |name: &str, kind, description: &str| Column {
        name: name.to_owned(),
        kind,
        unit: String::new(),
        description: description.to_owned(),
    };
    vec![
        column("quantity", Kind::Text, "what the series tells"),
        column("place", Kind::Text, "lake, node, user, plant or flood"),
        column("unit", Kind::Text, "unit of the value"),
        column("member", Kind::Integer, "number of the member, from 1"),
        column("time", Kind::Day, "first day of the year or month"),
        column(
            "value",
            Kind::Number,
            "the value; none where the member has no results",
        ),
    ]
}

/// Writes the members of a series, chunk after chunk.
fn of_series<W: Write + Send>(
    work: &Work,
    blueprint: &Blueprint,
    chunks: &[&Chunk],
    (run, series): (usize, usize),
    parquet: &mut ParquetWriter<W>,
) -> std::io::Result<()> {
    let kept = &blueprint.series[series];
    let days: Vec<i32> = kept.times.iter().map(|time| day(time)).collect();
    for chunk in chunks {
        let members = chunk.members.len();
        let place = chunk.place_of(blueprint, run, series);
        let numbers = work
            .numbers_of(chunk)
            .and_then(|mut n| n.read(place, days.len() * members));
        let numbers = numbers.map_err(std::io::Error::other)?;
        let rows = days.len() * members;
        let values: Vec<f64> = (0..rows)
            .map(|row| numbers[row % days.len() * members + row / days.len()])
            .collect();
        let number = |row: usize| (chunk.members.start + row / days.len()) as i32 + 1;
        let own: Vec<i32> = (0..rows).map(number).collect();
        let times: Vec<i32> = (0..rows).map(|row| days[row % days.len()]).collect();
        let (quantity, place, unit) = (&*kept.quantity, &*kept.place, &*kept.unit);
        let group = [
            ColumnValues::Text(&vec![quantity; rows]),
            ColumnValues::Text(&vec![place; rows]),
            ColumnValues::Text(&vec![unit; rows]),
            ColumnValues::Integers(&own),
            ColumnValues::Days(&times),
            ColumnValues::Numbers(&values),
        ];
        parquet.write(&group).map_err(std::io::Error::other)?;
    }
    Ok(())
}

/// The first day of a year or month, from 1 January 1970.
fn day(time: &str) -> i32 {
    let month = match time.parse::<Month>() {
        Ok(month) => month,
        Err(_) => Month::new(time.parse().unwrap_or(1970), 1),
    };
    (month.first_day() - Month::new(1970, 1).first_day()) as i32
}
