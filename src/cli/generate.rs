//! `rivershare generate`.

mod charts;
mod export;
mod members;
mod shift;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{Failure, Voice};
use crate::hydrology::generator::comparison::{Comparison, MONTH_MEAN, Pair, Row};
use crate::hydrology::generator::members::read as members_of_table;
use crate::hydrology::generator::record::Record;
use crate::hydrology::generator::settings::Settings;
use crate::hydrology::generator::{Generator, Values, ensemble, fitted};
use crate::inputs::folder::Folder;
use crate::model::Model;
use crate::outputs::chart;
use crate::outputs::folder::{Folder as Results, FolderError};
use crate::outputs::manifest::MANIFEST;
use crate::time::{NotAPeriod, Period};
use export::Export;
use shift::{Asked, Shift};

/// Options of `generate`.
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// A file of the folder `generators`, or a fitted generator.
    #[arg(value_name = "GENERATOR.toml")]
    generator: PathBuf,
    /// Number of members.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    members: u32,
    /// Number of the first member.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000_000), conflicts_with = "import")]
    first: u32,
    /// Whole years of the members, in place of those of the record.
    #[arg(long, value_name = "YYYY-01..YYYY-12", value_parser = whole_years, conflicts_with = "check")]
    period: Option<Period>,
    /// Climate of the folder `climates` that the members are shifted to, in place of that of the file.
    #[arg(long, value_name = "NAME", conflicts_with = "check")]
    climate: Option<String>,
    /// Folder of results.
    #[arg(long, value_name = "DIR", default_value = "outputs")]
    out: PathBuf,
    /// Replace what stands in the place of the results.
    #[arg(long)]
    force: bool,
    /// Compare the members with the record in place of writing them; fail where a mean of a month is off.
    #[arg(long)]
    check: bool,
    /// csv: a series for each site, to be laid over the inputs; parquet: one table of all members.
    #[arg(long, default_value = "csv", value_parser = ["csv", "parquet"])]
    format: String,
    /// Compare members of this folder or Parquet file in place of generated ones.
    #[arg(long, value_name = "PATH", requires = "check")]
    import: Option<PathBuf>,
}

/// What the results were made from.
#[derive(Serialize)]
struct Manifest<'a> {
    program: &'static str,
    version: &'static str,
    generator: &'a str,
    generator_sha256: &'a str,
    record_sha256: &'a str,
    members: usize,
    first_member: u32,
    period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    climate: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    climate_sha256: BTreeMap<String, String>,
    repaired_by: f64,
    files: BTreeMap<String, String>,
}

/// What the members come from.
struct Basis {
    generator: Generator,
    /// The climate that they are shifted to.
    shift: Option<Shift>,
}

impl Generate {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let Basis { generator, shift } = self.basis(inputs)?;
        let hash = fitted::hash(&generator);
        let results = Results::begin(&self.out, &self.name(shift.as_ref()), self.force)?;
        results.write("generator.toml", fitted::text(&generator).as_bytes())?;
        let repaired = generator.repaired_by();
        if repaired > 0.0 {
            let text = format!("correlations repaired by at most {repaired:.6}");
            voice.say("repaired", &text);
        }
        let members = self
            .import
            .as_ref()
            .map(|from| imported(from, &generator.record));
        let members = members.transpose()?;
        let numbers = self.first..self.first + self.members;
        let period = self.period.unwrap_or(generator.record.period());
        let (count, verdict) = if self.check {
            compare(&generator, members.as_ref(), numbers, &results, &hash)?
        } else {
            let export = Export {
                generator: &generator,
                hash: &hash,
                numbers,
                period,
                shift: shift.as_ref(),
                is_table: self.format == "parquet",
            };
            (export.write(&results, voice)?, None)
        };
        let manifest = Manifest {
            program: "rivershare",
            version: env!("CARGO_PKG_VERSION"),
            generator: &generator.title,
            generator_sha256: &hash,
            record_sha256: &generator.record_sha256,
            members: count,
            first_member: self.first,
            period: period.to_string(),
            climate: shift.as_ref().map(|shift| &*shift.climate.name),
            climate_sha256: shift.as_ref().map(|s| s.hashes.clone()).unwrap_or_default(),
            repaired_by: repaired,
            files: results.hashes()?,
        };
        let text = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
        results.write(MANIFEST, text.as_bytes())?;
        let place = results.finish()?;
        voice.say(
            "written",
            &format!("{}: {count} members, generator {hash}", place.display()),
        );
        let words = generator.record.reconstructed();
        if !words.is_empty() {
            voice.say(
                "record",
                &format!("the record is reconstructed: {}", words.join(", ")),
            );
        }
        match verdict {
            None => Ok(()),
            Some(Verdict { off: 0, told }) => {
                voice.say("compared", &told);
                Ok(())
            }
            Some(Verdict { told, .. }) => Err(Failure::NotAlike(told)),
        }
    }

    /// The generator of the file, read where it is a fitted one and else fitted to the model's record, and its
    /// climate.
    fn basis(&self, inputs: &Path) -> Result<Basis, Failure> {
        let parent = self
            .generator
            .parent()
            .filter(|path| !path.as_os_str().is_empty());
        let folder = Folder::new(parent.unwrap_or(Path::new(".")));
        let file = self
            .generator
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        if fitted::is_fitted(&folder, &file) {
            let generator = fitted::read(&folder, &file);
            let (generator, _) = folder.close(generator)?;
            let asked = self.climate.clone().map(Asked::by_option);
            let shift = asked.map(|asked| {
                let model = Model::load(inputs, &[])?;
                Shift::read(inputs, &asked, &model.network)
            });
            let shift = shift.transpose()?;
            return Ok(Basis { generator, shift });
        }
        let settings = Settings::read(&folder, &file);
        let (settings, _) = folder.close(settings)?;
        let model = Model::load(inputs, &[])?;
        let folder = Folder::new(inputs);
        let record = Record::read(&folder, &model.network, &settings);
        let (record, _) = folder.close(record)?;
        let asked = self.asked(&settings);
        let shift = asked.map(|asked| Shift::read(inputs, &asked, &model.network));
        Ok(Basis {
            shift: shift.transpose()?,
            generator: Generator::fit(&settings, record),
        })
    }

    /// The climate that is asked for: members that are compared with the record have its climate.
    fn asked(&self, settings: &Settings) -> Option<Asked> {
        let by_option = || self.climate.clone().map(Asked::by_option);
        let by_file = || Asked::by_file(settings);
        match self.check {
            true => None,
            false => by_option().or_else(by_file),
        }
    }

    /// Name of the folder of results.
    fn name(&self, shift: Option<&Shift>) -> String {
        let stem = self
            .generator
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        match (self.check, shift) {
            (true, _) => format!("generated-{stem}-check"),
            (false, None) => format!("generated-{stem}"),
            (false, Some(shift)) => format!("generated-{stem}-{}", shift.climate.name),
        }
    }
}

/// Reads a period of whole years.
fn whole_years(text: &str) -> Result<Period, String> {
    let period: Period = text
        .parse()
        .map_err(|fault: NotAPeriod| fault.to_string())?;
    match (period.first.number(), period.last.number()) {
        (1, 12) => Ok(period),
        _ => Err("whole years, YYYY-01..YYYY-12".to_owned()),
    }
}

/// What a comparison found.
struct Verdict {
    /// Means of months outside their bands.
    off: usize,
    /// The same in words.
    told: String,
}

/// Compares members, generated one by one where none were imported, and writes tables and charts.
fn compare(
    generator: &Generator,
    imported: Option<&Vec<Values>>,
    numbers: Range<u32>,
    results: &Results,
    hash: &str,
) -> Result<(usize, Option<Verdict>), Failure> {
    let record = &generator.record;
    let mut comparison = Comparison::new(record);
    let mut bands = charts::Years::new(record);
    let mut count_of = 0;
    let mut add = |values: &Values| {
        comparison.add(values);
        bands.add(values);
        count_of += 1;
    };
    match imported {
        Some(members) => members.iter().for_each(&mut add),
        None => numbers.for_each(|member| add(&generator.member(member, record.period()))),
    }
    let (rows, pairs) = (comparison.rows(), comparison.pairs());
    results.write("tables/statistics.csv", &csv(&rows))?;
    results.write("tables/correlations.csv", &csv(&pairs))?;
    for chart in charts::charts(generator, &rows, &bands, hash) {
        chart::draw(&chart, &results.path().join("charts")).map_err(FolderError::from)?;
    }
    Ok((count_of, Some(verdict(&rows, &pairs))))
}

fn verdict(rows: &[Row], pairs: &[Pair]) -> Verdict {
    let (means, others): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| row.statistic == MONTH_MEAN);
    let outside = |rows: &[&Row]| rows.iter().filter(|row| !row.within).count();
    let off = outside(&means);
    let told = format!(
        "{off} of {} means by month are off by more than 2 standard errors; {} of {} other statistics of the record \
         lie outside 95 % of the members; {} of {} correlations between sites are off by more than 2 standard errors",
        means.len(),
        outside(&others),
        others.len(),
        pairs.iter().filter(|pair| !pair.within).count(),
        pairs.len(),
    );
    Verdict { off, told }
}

/// Rows as a CSV file with a header.
fn csv<R: Serialize>(rows: &[R]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let whole = "rows of plain values can be written to memory";
    for row in rows {
        writer.serialize(row).expect(whole);
    }
    writer.into_inner().expect(whole)
}

/// The members of a folder, which may be the results of an export, or of a Parquet file.
fn imported(from: &Path, record: &Record) -> Result<Vec<Values>, Failure> {
    let table = from.join(ensemble::TABLE);
    let table = if from.is_file() { from } else { &table };
    if let (true, Some(name)) = (table.is_file(), table.file_name()) {
        let folder = Folder::new(table.parent().unwrap_or(Path::new("")));
        let members = members_of_table(&folder, &name.to_string_lossy(), record);
        return Ok(folder.close(members)?.0);
    }
    let below = from.join("inputs");
    let folder = Folder::new(if below.is_dir() { &below } else { from });
    let members = ensemble::read(&folder, record);
    Ok(folder.close(members)?.0)
}
