//! Computes finished chunks of a batch again, and names the first published number that is another then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::blueprint::{Blueprint, Chunk};
use super::chunk::{Results, compute};
use super::quantiles::{PERCENTS, of_values, word};
use super::world::World;
use crate::faults::Faults;
use crate::inputs::folder::Folder;
use crate::inputs::parquet::ParquetTable;
use crate::outputs::manifest::sha256;

/// A finished batch with what computes it.
#[derive(Debug)]
pub struct Rerun<'a> {
    /// Its folder.
    pub place: &'a Path,
    /// Its blueprint.
    pub blueprint: &'a Blueprint,
    /// Its worlds, from the inputs as they are now.
    pub world: &'a World,
}

/// A chunk that has other numbers when it is computed again.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its number.
    pub chunk: usize,
    /// The first published number that differs; none where those that do are not published.
    pub number: Option<Number>,
}

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

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Some(number) = &self.number else {
            return write!(
                f,
                "chunk {}: has other numbers when it is computed again, none of them published one by one",
                self.chunk
            );
        };
        write!(f, "{}: run {}", number.file, number.run)?;
        if let Some(member) = number.member {
            write!(f, ", member {member}")?;
        }
        write!(f, ", {}, {}", number.place, number.quantity)?;
        if let Some(time) = &number.time {
            write!(f, ", {time}")?;
        }
        let (published, found) = (number.published, number.found);
        write!(f, ": {published} is published, {found} is computed again")
    }
}

/// Why a batch cannot be computed again.
#[derive(Debug, thiserror::Error)]
pub enum RerunError {
    /// A table that cannot be read.
    #[error("{}: cannot be read: {cause}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: csv::Error,
    },
    /// A table of another form.
    #[error(transparent)]
    Faults(#[from] Faults),
}

/// Some chunks of a batch, chosen by its root: the same for everybody, and known to nobody before the results are.
pub fn sample(blueprint: &Blueprint, root: &str, count: usize) -> Vec<Chunk> {
    let mut chunks = blueprint.chunks();
    chunks.sort_by_key(|chunk| sha256(format!("{root}|{}", chunk.number).as_bytes()));
    chunks.truncate(count);
    chunks.sort_by_key(|chunk| chunk.number);
    chunks
}

impl Rerun<'_> {
    /// Computes chunks again on all threads; the first that differs, in order of their numbers.
    ///
    /// # Errors
    /// Tables of the folder that cannot be read.
    pub fn first_difference(&self, chunks: &[Chunk]) -> Result<Option<Difference>, RerunError> {
        let hashes = self.hashes()?;
        let Some((chunk, results)) = self.first_differing(chunks, &hashes) else {
            return Ok(None);
        };
        let mut number = self.in_series(chunk, &results)?;
        if number.is_none() {
            number = self.in_measures(chunk, &results)?;
        }
        if number.is_none() {
            number = self.in_quantiles(chunk)?;
        }
        let chunk = chunk.number;
        Ok(Some(Difference { chunk, number }))
    }

    /// The first chunk that has another hash when it is computed again.
    fn first_differing<'c>(
        &self,
        chunks: &'c [Chunk],
        hashes: &BTreeMap<usize, String>,
    ) -> Option<(&'c Chunk, Results)> {
        let mut chunks: Vec<&Chunk> = chunks.iter().collect();
        chunks.sort_by_key(|chunk| chunk.by_members());
        let (next, first) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX));
        let of_threads = rayon::broadcast(|_| {
            let mut differing = None;
            while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
                if chunk.number > first.load(Ordering::Relaxed) {
                    continue;
                }
                let results = compute(self.world, self.blueprint, chunk);
                let is_same = hashes.get(&chunk.number) == Some(&sha256(&results.bytes()));
                // What is found later counts only where its number is lower.
                if !is_same && first.fetch_min(chunk.number, Ordering::Relaxed) > chunk.number {
                    differing = Some((*chunk, results));
                }
            }
            differing
        });
        let differing = of_threads.into_iter().flatten();
        differing.min_by_key(|(chunk, _)| chunk.number)
    }

    /// Hash of each chunk, from `chunks.csv`.
    fn hashes(&self) -> Result<BTreeMap<usize, String>, RerunError> {
        let rows = self.rows("chunks.csv")?.into_iter();
        let hash =
            |row: csv::StringRecord| Some((row.get(0)?.parse().ok()?, row.get(1)?.to_owned()));
        Ok(rows.filter_map(hash).collect())
    }

    fn rows(&self, file: &str) -> Result<Vec<csv::StringRecord>, RerunError> {
        let path = self.place.join(file);
        let read = csv::Reader::from_path(&path).and_then(|csv| csv.into_records().collect());
        read.map_err(|cause| RerunError::Table { path, cause })
    }

    /// A column of numbers of a Parquet file.
    fn column(&self, file: &str, name: &str) -> Result<Vec<f64>, RerunError> {
        let folder = Folder::new(self.place);
        let table = ParquetTable::read(&folder, file, "the batch");
        let numbers = table.and_then(|table| table.numbers(name));
        Ok(folder.close(numbers)?.0)
    }

    /// In the series that are published in full.
    fn in_series(&self, chunk: &Chunk, results: &Results) -> Result<Option<Number>, RerunError> {
        let (blueprint, members) = (self.blueprint, chunk.members.len());
        if blueprint.series.iter().all(|series| !series.full) {
            return Ok(None);
        }
        for run in chunk.runs.clone().filter(|run| blueprint.keeps(*run)) {
            let file = format!("series/run={}/series.parquet", run + 1);
            let published = self.column(&file, "value")?;
            let mut before = 0;
            for (place, series) in blueprint.series.iter().enumerate().filter(|(_, s)| s.full) {
                let (times, first) = (series.times.len(), chunk.place_of(blueprint, run, place));
                for (lane, time) in cells(members, times) {
                    let member = chunk.members.start + lane;
                    let found = results.numbers[first + time * members + lane];
                    let published = published.get(before + member * times + time);
                    if let Some(published) = other(published, found) {
                        return Ok(Some(Number {
                            file,
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
                before += times * blueprint.members as usize;
            }
        }
        Ok(None)
    }

    /// Among the measures.
    fn in_measures(&self, chunk: &Chunk, results: &Results) -> Result<Option<Number>, RerunError> {
        const FILE: &str = "metrics.parquet";
        let (measures, members) = (&self.blueprint.measures, chunk.members.len());
        // Rows stand chunk after chunk.
        let before = self.blueprint.chunks().into_iter();
        let before = before.take_while(|other| other.number < chunk.number);
        let first: usize = before.map(|chunk| chunk.rows()).sum();
        for (place, measure) in measures.iter().enumerate() {
            let published = self.column(FILE, &measure.column)?;
            for row in 0..chunk.rows() {
                let found = results.numbers[row * measures.len() + place];
                if let Some(published) = other(published.get(first + row), found) {
                    return Ok(Some(Number {
                        file: FILE.to_owned(),
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
        Ok(None)
    }

    /// Among means and percentiles, for which all members of the chunk's runs are computed.
    fn in_quantiles(&self, chunk: &Chunk) -> Result<Option<Number>, RerunError> {
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
