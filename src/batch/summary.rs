//! `summary.csv`, `summary.md` and `differences.csv`: the measures of each run over its members.

use std::ops::Range;
use std::path::Path;

use super::assemble::write_table;
use super::blueprint::{Blueprint, Chunk};
use super::columns::{each_run, passes};
use super::durable::write_whole;
use super::measure::Measure;
use super::settings::FEW_RUNS;
use super::work::{Work, WorkError};
use crate::metrics::paired::{Bootstrap, Difference, Resamples};
use crate::metrics::quantiles::{mean, percentiles};

/// Percentiles that a summary tells beside the mean.
pub(super) const TOLD: [f64; 3] = [5.0, 50.0, 95.0];

/// Most samples that are drawn again for an interval of 95 %, and the fewest.
const MOST_SAMPLES: u32 = 1000;
const FEWEST_SAMPLES: u32 = 100;

/// Members of all samples together, about, where neither of these bounds them.
const MEMBERS_OF_SAMPLES: u32 = 4_000_000;

/// What the samples are keyed by beside the seed: one name for all measures.
const RESAMPLES: &str = "members";

/// What is told of the measures of all runs.
#[derive(Debug)]
pub struct Summary {
    /// Members with results, mean and percentiles: (run, measure).
    told: Vec<Vec<Told>>,
    /// Differences from the reference run: (run, measure); none of that run, nor where there are many runs or one member.
    differences: Vec<Vec<Option<Difference>>>,
    /// Whether the runs are few enough to be told one by one.
    few: bool,
}

/// What is told of a measure of a run.
#[derive(Clone, Debug, Default)]
struct Told {
    members: usize,
    mean: f64,
    percentiles: [f64; TOLD.len()],
}

impl Summary {
    /// Sums the measures of all runs up, some measures at a time.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn of(work: &Work, blueprint: &Blueprint, chunks: &[Chunk]) -> Result<Self, WorkError> {
        let (mut told, mut differences) = (
            vec![Vec::new(); blueprint.runs()],
            vec![Vec::new(); blueprint.runs()],
        );
        let few = blueprint.runs() <= FEW_RUNS;
        let resamples = (few && blueprint.members > 1).then(|| resamples(blueprint));
        for measures in passes(blueprint) {
            let reference = match &resamples {
                Some(_) => of_reference(work, blueprint, chunks, &measures)?,
                None => Vec::new(),
            };
            each_run(work, blueprint, chunks, &measures, |run, columns| {
                told[run].extend(columns.iter().map(|column| Told::of(column)));
                if let Some(resamples) = resamples.as_ref().filter(|_| run != blueprint.reference) {
                    let pairs = columns.iter().zip(&reference);
                    let found = pairs.map(|(own, base)| resamples.difference(own, base));
                    differences[run].extend(found);
                }
            })?;
        }
        Ok(Self {
            told,
            differences,
            few,
        })
    }

    /// Writes the tables, which say so where members have no results.
    ///
    /// # Errors
    /// What the system refuses.
    pub fn write(
        &self,
        folder: &Path,
        blueprint: &Blueprint,
        has_failures: bool,
    ) -> Result<(), WorkError> {
        write_table(folder, "summary.csv", |csv| self.rows(blueprint, csv))?;
        if self.few && blueprint.members > 1 {
            write_table(folder, "differences.csv", |csv| {
                self.differences(blueprint, csv)
            })?;
        }
        let text = self.text(blueprint, has_failures);
        write_whole(folder, "summary.md", text.as_bytes())
    }

    fn rows<W: std::io::Write>(
        &self,
        blueprint: &Blueprint,
        csv: &mut csv::Writer<W>,
    ) -> csv::Result<()> {
        csv.write_record([
            "run", "place", "measure", "unit", "members", "mean", "p05", "p50", "p95",
        ])?;
        for (run, told) in self.told.iter().enumerate() {
            for (measure, told) in blueprint.measures.iter().zip(told) {
                let numbers = std::iter::once(told.mean).chain(told.percentiles.iter().copied());
                let names = [
                    (run + 1).to_string(),
                    measure.place.clone(),
                    measure.name.clone(),
                ];
                let more = [measure.unit.clone(), told.members.to_string()];
                csv.write_record(names.into_iter().chain(more).chain(numbers.map(written)))?;
            }
        }
        Ok(())
    }

    fn differences<W: std::io::Write>(
        &self,
        blueprint: &Blueprint,
        csv: &mut csv::Writer<W>,
    ) -> csv::Result<()> {
        csv.write_record([
            "run",
            "reference_run",
            "place",
            "measure",
            "unit",
            "members",
            "mean_difference",
            "low",
            "high",
            "median_difference",
        ])?;
        for (run, differences) in self.differences.iter().enumerate() {
            for (measure, found) in blueprint.measures.iter().zip(differences) {
                let Some(found) = found else { continue };
                let names = [run + 1, blueprint.reference + 1].map(|run| run.to_string());
                let more = [&measure.place, &measure.name, &measure.unit].map(Clone::clone);
                let numbers = [found.mean, found.low, found.high, found.median].map(written);
                let names = names.into_iter().chain(more);
                let names = names.chain([found.members.to_string()]);
                csv.write_record(names.chain(numbers))?;
            }
        }
        Ok(())
    }

    /// The summary in words: a table of each place.
    fn text(&self, blueprint: &Blueprint, has_failures: bool) -> String {
        let (first, last) = &blueprint.months;
        let mut text = format!(
            "# {}\n\n{} runs with {} members each, {first} to {last}. Each cell: the median of the members, and in \
             brackets the range from the 5th to the 95th percentile; of what happens or not, the part of the \
             members in which it does.\n",
            blueprint.title,
            blueprint.runs(),
            blueprint.members,
        );
        text += &water(blueprint);
        if !blueprint.reconstructed_inputs.is_empty() {
            let words = blueprint.reconstructed_inputs.join(", ");
            text.extend(["\nInflows are reconstructed: ", &words, ".\n"]);
        }
        if has_failures {
            text += "\nSome members have no results and are left out: `failures.csv` names them.\n";
        }
        if !self.few {
            text += "\nThe runs are too many to be told one by one: the table gives the median of the runs' means, and in \
                     brackets their range from the 5th to the 95th percentile. `summary.csv` holds each run.\n";
        }
        let mut places: Vec<&str> = Vec::new();
        for measure in &blueprint.measures {
            if !places.contains(&&*measure.place) {
                places.push(&measure.place);
            }
        }
        for place in places {
            let own = blueprint.measures.iter().enumerate();
            let own: Vec<usize> = own
                .filter(|(_, m)| m.place == place)
                .map(|(at, _)| at)
                .collect();
            text.extend(["\n## ", place, "\n\n"]);
            text += &match self.few {
                true => self.table(blueprint, &own),
                false => self.ranges(blueprint, &own),
            };
        }
        text
    }

    /// A row for each run, a column for each axis and measure.
    fn table(&self, blueprint: &Blueprint, measures: &[usize]) -> String {
        let axes = blueprint.axes.iter().map(|(name, unit)| headed(name, unit));
        let names = measures.iter().map(|at| {
            let measure = &blueprint.measures[*at];
            headed(&measure.name, &measure.unit)
        });
        let names: Vec<String> = std::iter::once("run".to_owned())
            .chain(axes)
            .chain(names)
            .collect();
        let mut text = format!(
            "| {} |\n|{}\n",
            names.join(" | "),
            "---:|".repeat(names.len())
        );
        for (run, told) in self.told.iter().enumerate() {
            let levels = blueprint.levels[run].iter().cloned();
            let cells = measures.iter().map(|at| {
                let told = told.get(*at);
                told.map_or_else(String::new, |told| told.cell(&blueprint.measures[*at]))
            });
            let cells: Vec<String> = std::iter::once((run + 1).to_string())
                .chain(levels)
                .chain(cells)
                .collect();
            text.extend(["| ", &cells.join(" | "), " |\n"]);
        }
        text
    }

    /// A row for each measure: its means over all runs.
    fn ranges(&self, blueprint: &Blueprint, measures: &[usize]) -> String {
        let mut text = "| measure | over the runs |\n|---|---:|\n".to_owned();
        for at in measures {
            let means: Vec<f64> = self
                .told
                .iter()
                .filter_map(|told| Some(told.get(*at)?.mean))
                .collect();
            let measure = &blueprint.measures[*at];
            let name = headed(&measure.name, &measure.unit);
            text.extend(["| ", &name, " | ", &Told::of(&means).range(measure), " |\n"]);
        }
        text
    }
}

/// Where the water of members comes from, and what every run starts from.
fn water(blueprint: &Blueprint) -> String {
    let base = &blueprint.base;
    let water = match (&blueprint.generator, blueprint.seed) {
        (Some(generator), Some(seed)) => format!(
            "The water of members is drawn by a generator that was fitted to the record (SHA-256 {}…, seed {seed}): \
             histories that could be, and no forecast of any year.",
            &generator[..generator.len().min(12)]
        ),
        _ => "The water is that of the base.".to_owned(),
    };
    format!(
        "\nEvery run starts from the scenario `{base}` and changes what its row says; the file of the batch gives the source \
             of each change. {water}\n"
    )
}

impl Told {
    fn of(values: &[f64]) -> Self {
        let sound = values.iter().copied().filter(|value| value.is_finite());
        let mut sound: Vec<f64> = sound.collect();
        let (mean, mut told) = (mean(&sound), [0.0; TOLD.len()]);
        percentiles(&mut sound, &TOLD, &mut told);
        Self {
            members: sound.len(),
            mean,
            percentiles: told,
        }
    }

    /// The cell of a measure: of what happens or not, the part of the members in which it does.
    fn cell(&self, measure: &Measure) -> String {
        match measure.name.starts_with("ever ") && self.members > 0 {
            true => short(self.mean, measure),
            false => self.range(measure),
        }
    }

    /// The median, and the range where there is one.
    fn range(&self, measure: &Measure) -> String {
        let short = |number| short(number, measure);
        match self.percentiles {
            _ if self.members == 0 => "–".to_owned(),
            [low, median, high] if low < high => {
                format!("{} ({} – {})", short(median), short(low), short(high))
            }
            [_, median, _] => short(median),
        }
    }
}

/// The columns of the reference run.
fn of_reference(
    work: &Work,
    blueprint: &Blueprint,
    chunks: &[Chunk],
    measures: &Range<usize>,
) -> Result<Vec<Vec<f64>>, WorkError> {
    let holds = |chunk: &&Chunk| chunk.runs.contains(&blueprint.reference);
    let own: Vec<Chunk> = chunks.iter().filter(holds).cloned().collect();
    let mut reference = Vec::new();
    each_run(work, blueprint, &own, measures, |run, columns| {
        if run == blueprint.reference {
            reference = columns.to_vec();
        }
    })?;
    Ok(reference)
}

fn samples(blueprint: &Blueprint) -> u32 {
    let samples = MEMBERS_OF_SAMPLES / blueprint.members;
    samples.clamp(FEWEST_SAMPLES, MOST_SAMPLES)
}

/// Bytes of the places of members that are drawn.
pub fn bytes_of_samples(blueprint: &Blueprint) -> usize {
    let places = samples(blueprint) as usize * blueprint.members as usize;
    size_of::<u32>() * places
}

/// Members drawn once for all measures.
fn resamples(blueprint: &Blueprint) -> Resamples<'static> {
    let bootstrap = Bootstrap {
        seed: blueprint.seed.unwrap_or(0),
        name: RESAMPLES,
        samples: samples(blueprint),
        percent: 95.0,
    };
    Resamples::of(bootstrap, blueprint.members as usize)
}

/// The head of a column, with units as people write them.
fn headed(name: &str, unit: &str) -> String {
    let name = name.replace(" m3s", " m³/s");
    match unit {
        "" | "1" => name,
        unit => format!(
            "{name}, {}",
            unit.replace("_per_", "/")
                .replace("m3s", "m³/s")
                .replace("km3", "km³")
                .replace("gwh", "GWh")
        ),
    }
}

/// A number as the shortest text that reads back to it; nothing where there is none.
pub(super) fn written(number: f64) -> String {
    match number.is_finite() {
        true => number.to_string(),
        false => String::new(),
    }
}

/// A number with four digits or so, as people read it; levels to the centimetre.
fn short(number: f64, measure: &Measure) -> String {
    match number.abs() {
        _ if measure.unit == "m" => format!("{number:.2}"),
        size if size >= 100.0 => format!("{number:.1}"),
        size if size >= 1.0 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}
