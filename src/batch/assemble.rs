//! Makes the tables of a batch of its blueprint and its finished chunks, in a memory that does not grow with members.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::blueprint::{Blueprint, Chunk};
use super::chunk::Failure;
use super::durable::write_with;
use super::summary::Summary;
use super::work::{Work, WorkError};
use crate::outputs::parquet::{Column, ColumnValues, Kind, ParquetError, ParquetWriter};

/// Rows of measures that are written at once, at least.
pub(super) const GROUP_ROWS: usize = 16_384;

/// Writes all tables of a finished batch into its folder.
///
/// # Errors
/// What the system refuses.
pub fn assemble(work: &Work, blueprint: &Blueprint) -> Result<Vec<Failure>, WorkError> {
    let chunks = blueprint.chunks();
    write_table(work.place(), "design.csv", |csv| {
        write_design(csv, blueprint)
    })?;
    let failures = write_chunks(work)?;
    super::failures::save(work.place(), blueprint, &failures)?;
    write_measures(work, blueprint, &chunks)?;
    Summary::of(work, blueprint, &chunks)?.write(work.place(), blueprint, !failures.is_empty())?;
    if !blueprint.series.is_empty() && !blueprint.kept_runs.is_empty() {
        let quantiles = super::quantiles::write(work, blueprint, &chunks)?;
        super::quantiles::write_netcdf(work.place(), blueprint, &quantiles)?;
        super::full_series::write(work, blueprint, &chunks)?;
    }
    Ok(failures)
}

/// Writes a CSV table that is there in whole or not at all.
///
/// # Errors
/// What the system refuses.
pub fn write_table(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut csv::Writer<&mut BufWriter<&mut File>>) -> csv::Result<()>,
) -> Result<(), WorkError> {
    write_with(folder, name, |file| {
        let mut buffered = BufWriter::new(file);
        let mut csv = csv::Writer::from_writer(&mut buffered);
        write(&mut csv).map_err(std::io::Error::other)?;
        csv.flush()?;
        drop(csv);
        buffered.flush()
    })
}

/// `design.csv`: the level of each axis in each run.
///
/// # Errors
/// What the system refuses.
pub fn write_design<W: Write>(csv: &mut csv::Writer<W>, blueprint: &Blueprint) -> csv::Result<()> {
    let names = blueprint
        .axes
        .iter()
        .map(|(name, unit)| match unit.is_empty() {
            true => name.clone(),
            false => format!("{name} [{unit}]"),
        });
    csv.write_record(std::iter::once("run".to_owned()).chain(names))?;
    for (run, levels) in blueprint.levels.iter().enumerate() {
        csv.write_record(std::iter::once(&(run + 1).to_string()).chain(levels))?;
    }
    Ok(())
}

/// `chunks.csv`, by which a chunk that is computed again can be recognised, and `failures.csv`.
fn write_chunks(work: &Work) -> Result<Vec<Failure>, WorkError> {
    let done = work.done();
    write_table(work.place(), "chunks.csv", |csv| {
        csv.write_record(["chunk", "sha256"])?;
        let mut entries = done.values();
        entries.try_for_each(|entry| csv.write_record([&entry.chunk.to_string(), &entry.sha256]))
    })?;
    let failures: Vec<Failure> = done
        .into_values()
        .flat_map(|entry| entry.failures)
        .collect();
    write_table(work.place(), "failures.csv", |csv| {
        csv.write_record(["run", "member", "what"])?;
        failures.iter().try_for_each(|failure| {
            let member = failure.member.map(|member| member.to_string());
            csv.write_record([
                &failure.run.to_string(),
                &member.unwrap_or_default(),
                &failure.what,
            ])
        })
    })?;
    Ok(failures)
}

/// Writes `metrics.parquet`.
fn write_measures(work: &Work, blueprint: &Blueprint, chunks: &[Chunk]) -> Result<(), WorkError> {
    write_with(work.place(), "metrics.parquet", |file| {
        let refused = |error: ParquetError| std::io::Error::other(error);
        let columns = columns(blueprint);
        let buffered = BufWriter::new(file);
        let parquet = ParquetWriter::of_version(buffered, columns, &blueprint.version);
        let mut parquet = parquet.map_err(refused)?;
        parquet.note("title", &blueprint.title);
        let mut rows = Rows::of(blueprint);
        for chunk in chunks {
            let mut numbers = work.numbers_of(chunk).map_err(std::io::Error::other)?;
            let count = blueprint.measures.len();
            let numbers = numbers
                .read(0, chunk.rows() * count)
                .map_err(std::io::Error::other)?;
            rows.add(chunk, &numbers);
            if rows.count() >= GROUP_ROWS {
                rows.write(blueprint, &mut parquet).map_err(refused)?;
                rows = Rows::of(blueprint);
            }
        }
        if rows.count() > 0 {
            rows.write(blueprint, &mut parquet).map_err(refused)?;
        }
        parquet.finish().map_err(refused)?.flush()
    })
}

/// Numbers of measures that wait to be written, at most.
pub fn held(blueprint: &Blueprint) -> usize {
    let rows = blueprint.runs() * blueprint.members as usize;
    rows.min(GROUP_ROWS) * blueprint.measures.len()
}

/// Columns of `metrics.parquet`: run, member, axes, measures.
fn columns(blueprint: &Blueprint) -> Vec<Column> {
    let column = |name: &str, kind, unit: &str, description: &str| Column {
        name: name.to_owned(),
        kind,
        unit: unit.to_owned(),
        description: description.to_owned(),
    };
    let mut columns = vec![
        column("run", Kind::Integer, "", "number of the run, from 1"),
        column("member", Kind::Integer, "", "number of the member, from 1"),
    ];
    for (place, (name, unit)) in blueprint.axes.iter().enumerate() {
        let kind = match numbers_of(blueprint, place) {
            Some(_) => Kind::Number,
            None => Kind::Text,
        };
        columns.push(column(name, kind, unit, "level of the axis"));
    }
    for measure in &blueprint.measures {
        let description = format!("{}: {}", measure.place, measure.name);
        columns.push(column(
            &measure.column,
            Kind::Number,
            &measure.unit,
            &description,
        ));
    }
    columns
}

/// The levels of an axis in all runs, where they are numbers.
pub fn numbers_of(blueprint: &Blueprint, axis: usize) -> Option<Vec<f64>> {
    blueprint
        .levels
        .iter()
        .map(|levels| levels[axis].parse().ok())
        .collect()
}

/// Rows of measures that wait to be written.
struct Rows {
    runs: Vec<i32>,
    members: Vec<i32>,
    /// Measures, column by column.
    measures: Vec<Vec<f64>>,
}

impl Rows {
    fn of(blueprint: &Blueprint) -> Self {
        Self {
            runs: Vec::new(),
            members: Vec::new(),
            measures: vec![Vec::new(); blueprint.measures.len()],
        }
    }

    fn count(&self) -> usize {
        self.runs.len()
    }

    fn add(&mut self, chunk: &Chunk, numbers: &[f64]) {
        for run in chunk.runs.clone() {
            for member in chunk.members.clone() {
                self.runs.push(run as i32 + 1);
                self.members.push(member as i32 + 1);
            }
        }
        for row in numbers.chunks(self.measures.len().max(1)) {
            for (column, number) in self.measures.iter_mut().zip(row) {
                column.push(*number);
            }
        }
    }

    fn write<W: Write + Send>(
        &self,
        blueprint: &Blueprint,
        parquet: &mut ParquetWriter<W>,
    ) -> Result<(), ParquetError> {
        let runs = || self.runs.iter().map(|run| *run as usize - 1);
        let axes = (0..blueprint.axes.len()).map(|axis| match numbers_of(blueprint, axis) {
            Some(levels) => Levels::Numbers(runs().map(|run| levels[run]).collect()),
            None => Levels::Texts(runs().map(|run| &*blueprint.levels[run][axis]).collect()),
        });
        let axes: Vec<Levels> = axes.collect();
        let mut values = vec![
            ColumnValues::Integers(&self.runs),
            ColumnValues::Integers(&self.members),
        ];
        values.extend(axes.iter().map(|levels| match levels {
            Levels::Numbers(numbers) => ColumnValues::Numbers(numbers),
            Levels::Texts(texts) => ColumnValues::Text(texts),
        }));
        values.extend(
            self.measures
                .iter()
                .map(|column| ColumnValues::Numbers(column)),
        );
        parquet.write(&values)
    }
}

/// Levels of an axis, row by row.
enum Levels<'a> {
    Numbers(Vec<f64>),
    Texts(Vec<&'a str>),
}
