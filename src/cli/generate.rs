//! `rivershare generate`.

mod charts;
mod members;

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

/// Options of `generate`.
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// A file of the folder `generators`, or a fitted generator.
    #[arg(value_name = "GENERATOR.toml")]
    generator: PathBuf,
    /// Number of members.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    members: u32,
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
    repaired_by: f64,
    files: std::collections::BTreeMap<String, String>,
}

impl Generate {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let generator = self.fitted(inputs)?;
        let hash = fitted::hash(&generator);
        let results = Results::begin(&self.out, &self.name(), self.force)?;
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
        let (count, verdict) = match self.check {
            true => compare(&generator, members.as_ref(), self.members, &results, &hash)?,
            false => (self.export(&generator, &results, &hash)?, None),
        };
        let manifest = Manifest {
            program: "rivershare",
            version: env!("CARGO_PKG_VERSION"),
            generator: &generator.title,
            generator_sha256: &hash,
            record_sha256: &generator.record_sha256,
            members: count,
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

    /// The generator of the file: read where it is a fitted one, else fitted to the model's record.
    fn fitted(&self, inputs: &Path) -> Result<Generator, Failure> {
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
            return Ok(folder.close(generator)?.0);
        }
        let settings = Settings::read(&folder, &file);
        let (settings, _) = folder.close(settings)?;
        let model = Model::load(inputs, &[])?;
        let folder = Folder::new(inputs);
        let record = Record::read(&folder, &model.network, &settings);
        let (record, _) = folder.close(record)?;
        Ok(Generator::fit(&settings, record))
    }

    /// Name of the folder of results.
    fn name(&self) -> String {
        let stem = self
            .generator
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        match self.check {
            true => format!("generated-{stem}-check"),
            false => format!("generated-{stem}"),
        }
    }

    /// Writes a file for each site below `inputs`, so that the folder can be laid over the inputs; or one table.
    fn export(
        &self,
        generator: &Generator,
        results: &Results,
        hash: &str,
    ) -> Result<usize, Failure> {
        let period = generator.record.period();
        let members: Vec<Values> = (1..=self.members)
            .map(|member| generator.member(member, period))
            .collect();
        if self.format == "parquet" {
            let table = members::table(&generator.record, &members, hash)?;
            results.write(ensemble::TABLE, &table)?;
            return Ok(members.len());
        }
        for (place, site) in generator.record.sites.iter().enumerate() {
            let columns: Vec<&Vec<f64>> = members.iter().map(|values| &values[place]).collect();
            let text = ensemble::text(site, period, &columns, hash);
            results.write(&format!("inputs/{}", site.file), text.as_bytes())?;
        }
        Ok(members.len())
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
    count: u32,
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
        None => (1..=count).for_each(|member| add(&generator.member(member, record.period()))),
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
