//! The greatest size of the folder of a batch, told before anything is written.
//!
//! The folder is largest at the end, when all tables are there beside the chunks that they are made of. What is told is
//! an upper bound by the blueprint alone: rows and columns are known, a number in a text takes at most [`WRITTEN`] bytes
//! unless it is nearer to zero than a ten-thousandth, and packing is taken to save nothing. Not counted are members
//! without results, which nobody foresees, and a table that a resumed batch replaces.

use super::blueprint::{Blueprint, Chunk, KeptSeries};
use super::measure::Measure;
use super::quantiles::PERCENTS;
use super::settings::FEW_RUNS;
use super::{assemble, summary};
use crate::outputs::figures::slug;

/// Bytes of a number in a file of numbers.
const NUMBER: usize = size_of::<f64>();

/// Bytes of a number in a text: sign, 17 digits, point, four zeros before them, and what parts it from the next.
const WRITTEN: usize = 24;

/// Bytes beside a text in a table: quotation marks, and what parts it from the next.
const BESIDE: usize = 3;

/// Bytes of a median with its range in `summary.md`.
const CELL: usize = 48;

/// Bytes of a hash with what stands around it in its line.
const HASH: usize = 112;

/// Bytes of what a Parquet file tells of a column, and again of each group of its rows.
const PARQUET_COLUMN: usize = 300;

/// Bytes of what a NetCDF file tells of a variable beside its names.
const NETCDF_VARIABLE: usize = 256;

/// Bytes of member and day of a row of a series, which are packed as differences.
const KEYS: usize = 4;

/// Bytes of what hardly grows: heads of files, marks of sessions, log and seal, and names of files.
const FIXED: usize = 12 << 10;

/// Bytes that the folder of a batch has at most.
pub fn bytes(blueprint: &Blueprint) -> usize {
    let chunks = blueprint.chunks();
    let mut bytes = FIXED + evidence(blueprint) + of_chunks(blueprint, &chunks);
    bytes += design(blueprint) + measures(blueprint) + summaries(blueprint);
    if !blueprint.series.is_empty() && !blueprint.kept_runs.is_empty() {
        bytes += quantiles(blueprint) + netcdf(blueprint) + full_series(blueprint, &chunks);
    }
    bytes
}

/// Chunks, and their lines in the journal and in `chunks.csv`.
fn of_chunks(blueprint: &Blueprint, chunks: &[Chunk]) -> usize {
    let numbers: usize = chunks.iter().map(|chunk| chunk.numbers(blueprint)).sum();
    NUMBER * numbers + 2 * HASH * chunks.len()
}

/// `blueprint.json`, and the hashes of the manifest: inputs once, files of series twice.
fn evidence(blueprint: &Blueprint) -> usize {
    let inputs = blueprint.inputs.keys().map(|name| name.len() + HASH);
    let has_series = blueprint.series.iter().any(|series| series.full);
    let files = if has_series {
        blueprint.kept_runs.len()
    } else {
        0
    };
    blueprint.text().len() + inputs.sum::<usize>() + 2 * HASH * files
}

/// `design.csv`.
fn design(blueprint: &Blueprint) -> usize {
    let row = |levels: &Vec<String>| run_name(blueprint) + texts(levels);
    heads(blueprint) + blueprint.levels.iter().map(row).sum::<usize>()
}

/// `metrics.parquet`.
fn measures(blueprint: &Blueprint) -> usize {
    let (count, members) = (blueprint.measures.len(), blueprint.members as usize);
    // Texts stand with their lengths.
    let level = |level: &String| NUMBER.max(level.len() + 4);
    let levels: usize = blueprint.levels.iter().flatten().map(level).sum();
    let rows = blueprint.runs() * members;
    let groups = rows.div_ceil(assemble::GROUP_ROWS);
    let columns = 2 + blueprint.axes.len() + count;
    let named: usize = blueprint.measures.iter().map(|m| m.column.len()).sum();
    let told: usize = blueprint.measures.iter().map(names).sum();
    rows * (2 + count) * NUMBER
        + members * levels
        + groups * (columns * PARQUET_COLUMN + named)
        + 3 * named
        + told
        + 3 * heads(blueprint)
}

/// `summary.csv`, `differences.csv` and `summary.md`.
fn summaries(blueprint: &Blueprint) -> usize {
    let runs = blueprint.runs();
    let keys = run_name(blueprint) + members_name(blueprint);
    let numbers = (1 + summary::TOLD.len()) * WRITTEN;
    let row = |measure: &Measure| keys + names(measure) + numbers;
    let rows: usize = blueprint.measures.iter().map(row).sum();
    let names: usize = blueprint.measures.iter().map(names).sum();
    let cells = blueprint.measures.len() * CELL;
    if runs > FEW_RUNS {
        return runs * rows + 2 * names + cells;
    }
    // A row of differences names the run of reference too.
    let differences = match blueprint.members {
        1 => 0,
        _ => rows + blueprint.measures.len() * run_name(blueprint),
    };
    let levels: usize = blueprint.levels.iter().map(|levels| texts(levels)).sum();
    let places = places(blueprint);
    let beside = places * (runs * run_name(blueprint) + levels + heads(blueprint));
    runs * (rows + differences + cells) + 2 * names + cells + beside
}

/// `quantiles.csv`.
fn quantiles(blueprint: &Blueprint) -> usize {
    let keys = run_name(blueprint) + members_name(blueprint);
    let numbers = (1 + PERCENTS.len()) * WRITTEN;
    let of_series = |series: &KeptSeries| {
        let KeptSeries {
            quantity,
            place,
            unit,
            times,
            ..
        } = series;
        let names = quantity.len() + place.len() + unit.len() + 3 * BESIDE;
        times.len() * (keys + names + numbers) + texts(times)
    };
    let of_run: usize = blueprint.series.iter().map(of_series).sum();
    blueprint.kept_runs.len() * of_run
}

/// `quantiles.nc`.
fn netcdf(blueprint: &Blueprint) -> usize {
    let runs = blueprint.kept_runs.len();
    let numbers = runs * blueprint.kept_numbers() * (1 + PERCENTS.len());
    // A name, and what it is in words, of the mean and of the percentiles.
    let variables = blueprint.series.iter().map(|series| {
        let words = 2 * series.quantity.len() + series.place.len() + slug(&series.place).len();
        2 * (NETCDF_VARIABLE + words)
    });
    let longest = blueprint.series.iter().map(|series| series.times.len());
    // Years and months, each with its bounds.
    let times = 2 * 3 * longest.max().unwrap_or(0);
    let axes = blueprint.axes.len() * (runs * NUMBER + NETCDF_VARIABLE) + 3 * heads(blueprint);
    (numbers + times + runs) * NUMBER + variables.sum::<usize>() + axes
}

/// The files of the folder `series`.
fn full_series(blueprint: &Blueprint, chunks: &[Chunk]) -> usize {
    let full = || blueprint.series.iter().filter(|series| series.full);
    let numbers: usize = full().map(|series| series.times.len()).sum();
    if numbers == 0 {
        return 0;
    }
    let runs = blueprint.kept_runs.len();
    let kept = |chunk: &Chunk| {
        chunk
            .runs
            .clone()
            .filter(|run| blueprint.keeps(*run))
            .count()
    };
    // A group of rows is a series of a run in a chunk; columns are described in each, and once in each file.
    let groups = full().count() * chunks.iter().map(kept).sum::<usize>();
    let names = full().map(|series| series.quantity.len() + series.place.len());
    let of_group = 6 * PARQUET_COLUMN + names.max().unwrap_or(0) + blueprint.title.len();
    let rows = runs * blueprint.members as usize * numbers;
    rows * (NUMBER + KEYS) + (runs + groups) * of_group
}

/// Bytes of texts side by side in a table.
fn texts(texts: &[String]) -> usize {
    texts.iter().map(|text| text.len() + BESIDE).sum()
}

/// Bytes of the names of all axes and their units.
fn heads(blueprint: &Blueprint) -> usize {
    let axes = blueprint.axes.iter();
    axes.map(|(name, unit)| name.len() + unit.len() + 16).sum()
}

/// Bytes of what a measure is called in words.
fn names(measure: &Measure) -> usize {
    measure.place.len() + measure.name.len() + measure.unit.len() + 3 * BESIDE
}

/// Bytes of the number of a run.
fn run_name(blueprint: &Blueprint) -> usize {
    blueprint.runs().to_string().len() + BESIDE
}

/// Bytes of the number of members.
fn members_name(blueprint: &Blueprint) -> usize {
    blueprint.members.to_string().len() + BESIDE
}

/// Number of places that have measures.
fn places(blueprint: &Blueprint) -> usize {
    let places = blueprint.measures.iter().map(|measure| &*measure.place);
    places.collect::<std::collections::BTreeSet<&str>>().len()
}
