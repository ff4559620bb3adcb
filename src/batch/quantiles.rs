//! `quantiles.csv` and `quantiles.nc`: of each kept series the mean and percentiles over members at each time.
//!
//! They are exact. Series are read back from the chunks one at a time, and of a long one some times at once, so that
//! memory holds neither all series nor all times of all members.

use std::path::Path;

use super::assemble::{numbers_of, write_table};
use super::blueprint::{Blueprint, Chunk, KeptSeries};
use super::durable::write_with;
use super::summary::written;
use super::work::{Work, WorkError};
use crate::metrics::quantiles::{mean, percentiles};
use crate::outputs::figures::slug;
use crate::outputs::netcdf::{
    Attribute, Data, Dimension, Value, Variable, text, write as write_nc,
};
use crate::time::Month;

/// Percentiles that are told.
pub const PERCENTS: [f64; 9] = [1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0];

/// Numbers that are read back at once, about: 32 MB.
const AT_ONCE: usize = 4 << 20;

/// Mean and percentiles at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantiles {
    /// Members with results.
    pub members: usize,
    /// Their mean.
    pub mean: f64,
    /// Their [`PERCENTS`].
    pub percentiles: Vec<f64>,
}

/// Quantiles of a series of a run: one a time.
type OfSeries = Vec<Quantiles>;

/// The word for a percentile in headers.
pub fn word(percent: f64) -> String {
    format!("p{percent:02}")
}

/// Computes all quantiles (run, series, time) and writes `quantiles.csv`.
///
/// # Errors
/// What the system refuses.
pub fn write(
    work: &Work,
    blueprint: &Blueprint,
    chunks: &[Chunk],
) -> Result<Vec<Vec<OfSeries>>, WorkError> {
    let mut all = Vec::new();
    for &run in &blueprint.kept_runs {
        let own: Vec<&Chunk> = chunks
            .iter()
            .filter(|chunk| chunk.runs.contains(&run))
            .collect();
        let series =
            (0..blueprint.series.len()).map(|series| of_series(work, blueprint, &own, run, series));
        all.push(series.collect::<Result<Vec<OfSeries>, WorkError>>()?);
    }
    write_table(work.place(), "quantiles.csv", |csv| {
        let names = [
            "run", "quantity", "place", "unit", "time", "members", "mean",
        ];
        let names = names.iter().map(|name| (*name).to_owned());
        csv.write_record(names.chain(PERCENTS.iter().map(|percent| word(*percent))))?;
        for (run, of_run) in blueprint.kept_runs.iter().zip(&all) {
            for (series, quantiles) in blueprint.series.iter().zip(of_run) {
                for (time, at) in series.times.iter().zip(quantiles) {
                    let (run, members) = ((run + 1).to_string(), at.members.to_string());
                    let KeptSeries {
                        quantity,
                        place,
                        unit,
                        ..
                    } = series;
                    let names = [&run, quantity, place, unit, time, &members].map(Clone::clone);
                    let numbers = std::iter::once(&at.mean).chain(&at.percentiles);
                    csv.write_record(names.into_iter().chain(numbers.copied().map(written)))?;
                }
            }
        }
        Ok(())
    })?;
    Ok(all)
}

/// The quantiles of a series of a run, some times at once.
fn of_series(
    work: &Work,
    blueprint: &Blueprint,
    chunks: &[&Chunk],
    run: usize,
    series: usize,
) -> Result<OfSeries, WorkError> {
    let times = blueprint.series[series].times.len();
    let at_once = times_at_once(blueprint, times);
    let mut quantiles = Vec::with_capacity(times);
    for first in (0..times).step_by(at_once) {
        let count = at_once.min(times - first);
        let mut rows = vec![Vec::with_capacity(blueprint.members as usize); count];
        for chunk in chunks {
            let members = chunk.members.len();
            let place = chunk.place_of(blueprint, run, series) + first * members;
            let numbers = work.numbers_of(chunk)?.read(place, count * members)?;
            for (row, numbers) in rows.iter_mut().zip(numbers.chunks(members)) {
                row.extend(numbers.iter().filter(|number| !number.is_nan()));
            }
        }
        quantiles.extend(rows.iter_mut().map(|row| of_values(row)));
    }
    Ok(quantiles)
}

fn times_at_once(blueprint: &Blueprint, times: usize) -> usize {
    (AT_ONCE / blueprint.members as usize).clamp(1, times)
}

/// Numbers of a series that are held at once, at most.
pub fn held(blueprint: &Blueprint) -> usize {
    let series = blueprint.series.iter().map(|series| series.times.len());
    let longest = series.max().unwrap_or(1);
    times_at_once(blueprint, longest) * blueprint.members as usize
}

/// Mean and percentiles of some values, which are put in order.
pub fn of_values(values: &mut [f64]) -> Quantiles {
    let (mean, mut all) = (mean(values), vec![0.0; PERCENTS.len()]);
    percentiles(values, &PERCENTS, &mut all);
    Quantiles {
        members: values.len(),
        mean,
        percentiles: all,
    }
}

/// Writes `quantiles.nc`.
///
/// # Errors
/// What the system or the format refuses.
pub fn write_netcdf(
    folder: &Path,
    blueprint: &Blueprint,
    quantiles: &[Vec<OfSeries>],
) -> Result<(), WorkError> {
    let axes = [
        TimeAxis::of(blueprint, "year", 12),
        TimeAxis::of(blueprint, "month", 1),
    ];
    let is_used = |axis: &&TimeAxis| blueprint.series.iter().any(|series| axis.holds(series));
    let axes: Vec<&TimeAxis> = axes.iter().filter(is_used).collect();
    let runs: Vec<i32> = blueprint
        .kept_runs
        .iter()
        .map(|run| *run as i32 + 1)
        .collect();
    let mut dimensions = vec![
        dimension("run", runs.len()),
        dimension("percentile", PERCENTS.len()),
        dimension("bounds", 2),
    ];
    dimensions.extend(
        axes.iter()
            .map(|axis| dimension(axis.name, axis.middles.len())),
    );
    let mut variables = vec![
        variable(
            "run",
            &["run"],
            "number of the run",
            "1",
            Data::Integers(&runs),
        ),
        variable(
            "percentile",
            &["percentile"],
            "percentile over members",
            "percent",
            Data::Numbers(&PERCENTS),
        ),
    ];
    for axis in &axes {
        variables.extend(axis.variables());
    }
    let levels = axes_of(blueprint);
    for (name, long_name, unit, numbers) in &levels {
        variables.push(variable(
            name,
            &["run"],
            long_name,
            unit,
            Data::Numbers(numbers),
        ));
    }
    let numbers: Vec<(Vec<f64>, Vec<f64>)> = (0..blueprint.series.len())
        .map(|series| {
            let times = quantiles.iter().flat_map(|run| &run[series]);
            let means = times.map(|at| at.mean).collect();
            (means, percentiles_first(quantiles, series))
        })
        .collect();
    for (series, (means, percentiles)) in blueprint.series.iter().zip(&numbers) {
        let Some(axis) = axes.iter().find(|axis| axis.holds(series)) else {
            continue;
        };
        let stem = format!("{}_{}_{}", series.quantity, slug(&series.place), axis.name);
        let told = format!("{} of {}", series.quantity.replace('_', " "), series.place);
        let unit = cf_unit(&series.unit);
        let (by_run, with_percents) = (["run", axis.name], ["run", "percentile", axis.name]);
        let mean = variable(
            &format!("{stem}_mean"),
            &by_run,
            &format!("{told}, mean of all members"),
            unit,
            Data::Numbers(means),
        );
        let all = variable(
            &stem,
            &with_percents,
            &format!("{told}, percentiles of all members"),
            unit,
            Data::Numbers(percentiles),
        );
        variables.extend([mean, all].map(filled));
    }
    let attributes = attributes(blueprint);
    write_with(folder, "quantiles.nc", |file| {
        let buffered = std::io::BufWriter::new(file);
        write_nc(buffered, &dimensions, &attributes, &variables).map_err(std::io::Error::other)
    })
}

/// The percentiles of a series: (run, percentile, time), since readers of the conventions look for time last.
fn percentiles_first(quantiles: &[Vec<OfSeries>], series: usize) -> Vec<f64> {
    let of_run = |run: &Vec<OfSeries>| {
        let percents = 0..PERCENTS.len();
        let of_percent = |percent| run[series].iter().map(move |at| at.percentiles[percent]);
        percents.flat_map(of_percent).collect::<Vec<f64>>()
    };
    quantiles.iter().flat_map(of_run).collect()
}

/// Facts about the whole file.
fn attributes(blueprint: &Blueprint) -> [Attribute; 6] {
    [
        text("title", &blueprint.title),
        text("institution", "rivershare"),
        text(
            "source",
            &format!(
                "rivershare {}, batch {}",
                blueprint.version, blueprint.batch
            ),
        ),
        text("history", "written by rivershare batch"),
        text("references", "blueprint.json: what the batch was made from"),
        text(
            "comment",
            "percentiles over members; inflows are told in blueprint.json",
        ),
    ]
}

/// Axes of the batch whose levels are numbers: name, long name, unit, and the level of each kept run.
fn axes_of(blueprint: &Blueprint) -> Vec<(String, String, String, Vec<f64>)> {
    let axes = blueprint.axes.iter().enumerate();
    axes.filter_map(|(place, (name, unit))| {
        let levels = numbers_of(blueprint, place)?;
        let levels = blueprint.kept_runs.iter().map(|run| levels[*run]).collect();
        let long_name = match unit.is_empty() {
            true => format!("axis {name}"),
            false => format!("axis {name}, {unit}"),
        };
        Some((
            format!("axis_{}", slug(name)),
            long_name,
            "1".to_owned(),
            levels,
        ))
    })
    .collect()
}

/// Years or months as days from the beginning.
struct TimeAxis {
    name: &'static str,
    count: usize,
    units: String,
    middles: Vec<f64>,
    bounds: Vec<f64>,
}

impl TimeAxis {
    fn of(blueprint: &Blueprint, name: &'static str, months_each: i32) -> Self {
        let month = |text: &str| text.parse::<Month>().unwrap_or(Month::new(1, 1));
        let (first, last) = (month(&blueprint.months.0), month(&blueprint.months.1));
        let count = ((last.since(first) + 1) / months_each) as usize;
        let day = |place: usize| {
            let month = first.plus(months_each * place as i32);
            (month.first_day() - first.first_day()) as f64
        };
        let bounds: Vec<f64> = (0..count)
            .flat_map(|place| [day(place), day(place + 1)])
            .collect();
        Self {
            name,
            count,
            units: format!("days since {first}-01"),
            middles: bounds
                .chunks(2)
                .map(|ends| f64::midpoint(ends[0], ends[1]))
                .collect(),
            bounds,
        }
    }

    /// Whether a series has its times.
    fn holds(&self, series: &KeptSeries) -> bool {
        series.times.len() == self.count
    }

    fn variables(&self) -> [Variable<'_>; 2] {
        let bounds = format!("{}_bounds", self.name);
        let mut time = variable(
            self.name,
            &[self.name],
            &format!("middle of the {}", self.name),
            &self.units,
            Data::Numbers(&self.middles),
        );
        time.attributes.extend([
            text("standard_name", "time"),
            text("calendar", "proleptic_gregorian"),
            text("units_metadata", "leap_seconds: none"),
            text("bounds", &bounds),
        ]);
        let mut ends = variable(
            &bounds,
            &[self.name, "bounds"],
            "",
            "",
            Data::Numbers(&self.bounds),
        );
        // By the conventions all that is said of the middles holds for their bounds.
        ends.attributes.clear();
        [time, ends]
    }
}

fn dimension(name: &str, size: usize) -> Dimension {
    Dimension {
        name: name.to_owned(),
        size,
    }
}

fn variable<'a>(
    name: &str,
    dimensions: &[&str],
    long_name: &str,
    unit: &str,
    data: Data<'a>,
) -> Variable<'a> {
    Variable {
        name: name.to_owned(),
        dimensions: dimensions.iter().map(|name| (*name).to_owned()).collect(),
        attributes: vec![text("long_name", long_name), text("units", unit)],
        data,
    }
}

fn filled(mut variable: Variable) -> Variable {
    let nothing: Attribute = ("_FillValue".to_owned(), Value::Numbers(vec![f64::NAN]));
    variable.attributes.push(nothing);
    variable
}

/// A unit as the CF conventions write it.
fn cf_unit(unit: &str) -> &str {
    match unit {
        "m3s" => "m3 s-1",
        "km3" => "km3",
        "km3_per_year" => "km3 year-1",
        "g_per_l" => "g l-1",
        "gwh" => "GW h",
        "gwh_per_year" => "GW h year-1",
        "m" => "m",
        _ => "1",
    }
}
