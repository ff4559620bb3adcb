//! The first published number that is another when chunks are computed again.

use super::{Rerun, RerunError};
use crate::batch::blueprint::{Blueprint, Chunk};
use crate::batch::chunk::{Results, compute};
use crate::batch::quantiles::{PERCENTS, of_values, word};
use crate::batch::work::Work;
use crate::inputs::folder::Folder;
use crate::inputs::parquet::ParquetTable;

/// The table of measures.
pub(super) const MEASURES: &str = "metrics.parquet";

/// The folder of series that are published in full.
pub(super) const SERIES: &str = "series/";

/// A published number that is another when it is computed again.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// File in which it is published.
    pub file: String,
    /// The run, from 1.
    pub run: usize,
    /// The member, from 1; none where the number is one of all members.
    pub member: Option<usize>,
    /// Place or group of users.
    pub place: String,
    /// What it tells.
    pub quantity: String,
    /// Year or month; none of a measure of the whole run.
    pub time: Option<String>,
    /// As it is published.
    pub published: f64,
    /// As it is computed again.
    pub found: f64,
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}: run {}", self.file, self.run)?;
        if let Some(member) = self.member {
            write!(f, ", member {member}")?;
        }
        write!(f, ", {}, {}", self.place, self.quantity)?;
        if let Some(time) = &self.time {
            write!(f, ", {time}")?;
        }
        let (published, found) = (self.published, self.found);
        write!(f, ": {published} is published, {found} is computed again")
    }
}

impl Rerun<'_> {
    /// In the series that are published in full, of some chunks that are computed again.
    pub(super) fn in_series(
        &self,
        work: &Work,
        chunks: &[Chunk],
    ) -> Result<Option<Number>, RerunError> {
        let blueprint = self.blueprint;
        if blueprint.series.iter().all(|series| !series.full) {
            return Ok(None);
        }
        for &run in &blueprint.kept_runs {
            let own = chunks.iter().filter(|chunk| chunk.runs.contains(&run));
            let own: Vec<&Chunk> = own.collect();
            if own.is_empty() {
                continue;
            }
            let file = format!("{SERIES}run={}/series.parquet", run + 1);
            let published = self.column(&file, "value")?;
            let of_run = OfRun {
                file,
                run,
                published,
            };
            if let Some(number) = self.in_series_of(work, &own, &of_run)? {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    fn in_series_of(
        &self,
        work: &Work,
        chunks: &[&Chunk],
        of_run: &OfRun,
    ) -> Result<Option<Number>, RerunError> {
        let (blueprint, run) = (self.blueprint, of_run.run);
        let mut before = 0;
        for (place, series) in blueprint.series.iter().enumerate().filter(|(_, s)| s.full) {
            let times = series.times.len();
            for chunk in chunks {
                let members = chunk.members.len();
                let first = chunk.place_of(blueprint, run, place);
                let numbers = work.numbers_of(chunk)?.read(first, times * members)?;
                for (lane, time) in cells(members, times) {
                    let member = chunk.members.start + lane;
                    let found = numbers[time * members + lane];
                    let published = of_run.published.get(before + member * times + time);
                    if let Some(published) = other(published, found) {
                        return Ok(Some(Number {
                            file: of_run.file.clone(),
                            run: run + 1,
                            member: Some(member + 1),
                            place: series.place.clone(),
                            quantity: series.quantity.clone(),
                            time: Some(series.times[time].clone()),
                            published,
                            found,
                        }));
                    }
                }
            }
            before += times * blueprint.members as usize;
        }
        Ok(None)
    }

    /// Among the measures of some chunks that are computed again.
    pub(super) fn in_measures(
        &self,
        work: &Work,
        chunks: &[Chunk],
    ) -> Result<Option<Number>, RerunError> {
        let measures = &self.blueprint.measures;
        let firsts = first_rows(self.blueprint);
        for (place, measure) in measures.iter().enumerate() {
            let published = self.column(MEASURES, &measure.column)?;
            for chunk in chunks {
                let (first, members) = (firsts[chunk.number], chunk.members.len());
                let count = chunk.rows() * measures.len();
                let numbers = work.numbers_of(chunk)?.read(0, count)?;
                for row in 0..chunk.rows() {
                    let found = numbers[row * measures.len() + place];
                    if let Some(published) = other(published.get(first + row), found) {
                        return Ok(Some(Number {
                            file: MEASURES.to_owned(),
                            run: chunk.runs.start + row / members + 1,
                            member: Some(chunk.members.start + row % members + 1),
                            place: measure.place.clone(),
                            quantity: measure.name.clone(),
                            time: None,
                            published,
                            found,
                        }));
                    }
                }
            }
        }
        Ok(None)
    }

    /// A column of numbers of a Parquet file.
    fn column(&self, file: &str, name: &str) -> Result<Vec<f64>, RerunError> {
        let folder = Folder::new(self.place);
        let table = ParquetTable::read(&folder, file, "the batch");
        let numbers = table.and_then(|table| table.numbers(name));
        Ok(folder.close(numbers)?.0)
    }

    /// Among means and percentiles, for which all members of the chunk's runs are computed.
    pub(super) fn in_quantiles(&self, chunk: &Chunk) -> Result<Option<Number>, RerunError> {
        const FILE: &str = "quantiles.csv";
        let blueprint = self.blueprint;
        let kept: Vec<usize> = chunk
            .runs
            .clone()
            .filter(|run| blueprint.keeps(*run))
            .collect();
        if kept.is_empty() || blueprint.series.is_empty() {
            return Ok(None);
        }
        let published = self.rows(FILE)?;
        for run in kept {
            let of_run = blueprint.chunks().into_iter();
            let of_run = of_run.filter(|other| other.runs.contains(&run));
            let all: Vec<(Chunk, Results)> = of_run
                .map(|chunk| (chunk.clone(), compute(self.world, blueprint, &chunk)))
                .collect();
            let place = blueprint.kept_runs.partition_point(|kept| *kept < run);
            let mut row = place * blueprint.kept_numbers();
            for (place, series) in blueprint.series.iter().enumerate() {
                for (time, name) in series.times.iter().enumerate() {
                    let mut values = all.iter().flat_map(|(chunk, results)| {
                        let members = chunk.members.len();
                        let first = chunk.place_of(blueprint, run, place) + time * members;
                        results.numbers[first..first + members].iter().copied()
                    });
                    let mut values: Vec<f64> = values.by_ref().filter(|v| !v.is_nan()).collect();
                    let found = of_values(&mut values);
                    let cells = std::iter::once(&found.mean).chain(&found.percentiles);
                    for (column, found) in cells.enumerate() {
                        let cell = published.get(row).and_then(|row| row.get(6 + column));
                        let cell = cell.map(|text| text.parse().unwrap_or(f64::NAN));
                        if let Some(published) = other(cell.as_ref(), *found) {
                            let told = match column {
                                0 => "mean".to_owned(),
                                _ => word(PERCENTS[column - 1]),
                            };
                            return Ok(Some(Number {
                                file: FILE.to_owned(),
                                run: run + 1,
                                member: None,
                                place: series.place.clone(),
                                quantity: format!("{}, {told}", series.quantity),
                                time: Some(name.clone()),
                                published,
                                found: *found,
                            }));
                        }
                    }
                    row += 1;
                }
            }
        }
        Ok(None)
    }
}

/// The published values of a run.
struct OfRun {
    file: String,
    /// The run, from 0.
    run: usize,
    published: Vec<f64>,
}

/// The first row of each chunk in the table of measures, where rows stand chunk after chunk.
fn first_rows(blueprint: &Blueprint) -> Vec<usize> {
    let chunks = blueprint.chunks().into_iter();
    let first_row = |before: &mut usize, chunk: Chunk| {
        let first = *before;
        *before += chunk.rows();
        Some(first)
    };
    chunks.scan(0, first_row).collect()
}

/// Members of a chunk and times, member after member.
fn cells(members: usize, times: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..members).flat_map(move |member| (0..times).map(move |time| (member, time)))
}

/// The published number, where it is another than the one that was found; what is not published is no number.
fn other(published: Option<&f64>, found: f64) -> Option<f64> {
    let published = published.copied().unwrap_or(f64::NAN);
    let is_same = published.to_bits() == found.to_bits() || published.is_nan() && found.is_nan();
    (!is_same).then_some(published)
}
