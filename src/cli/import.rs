//! `rivershare import`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, Voice};
use crate::import::{Format, Layout, MARK, Method, Request, import};
use crate::model::Model;
use crate::observations::{Quantity, places_of};
use crate::time::Period;

/// Options of `import`.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// grdc, arcticnet, hydroweb, dahiti, grealm or csv.
    format: Format,
    /// Files of one station or lake; a month is that of the first file that has it.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// File that is written: a series of flows, or observations of levels.
    #[arg(long, value_name = "FILE.csv")]
    out: PathBuf,
    /// Replace a file that was written by hand.
    #[arg(long)]
    force: bool,
    /// Months that are wanted, YYYY-MM..YYYY-MM; else from the first to the last with a value.
    #[arg(long)]
    period: Option<Period>,
    /// Most days of a month that may be missing from daily flows.
    #[arg(long, value_name = "DAYS", default_value_t = 3)]
    missing_days: u32,
    /// Fill gaps of flows: climatology, regression or linear; several are used in order.
    #[arg(long, value_name = "METHOD")]
    fill: Vec<Method>,
    /// Longest gap, months, that `--fill linear` bridges.
    #[arg(long, value_name = "MONTHS", default_value_t = 2)]
    longest: usize,
    /// Series of this project that `--fill regression` rests on.
    #[arg(long, value_name = "FILE.csv")]
    neighbour: Option<PathBuf>,
    /// Station of a table of several, or name of the station of a CSV file.
    #[arg(long)]
    station: Option<String>,
    /// Of a CSV file: column of values.
    #[arg(long)]
    column: Option<String>,
    /// Of a CSV file: column of dates, or of years with --wide; else the first.
    #[arg(long, value_name = "COLUMN")]
    dates: Option<String>,
    /// Of a CSV file: unit of the values, `m3s`, `ml_per_day` or `m` (level).
    #[arg(long)]
    unit: Option<String>,
    /// Of a CSV file: rows are years, columns months.
    #[arg(long)]
    wide: bool,
    /// Of a CSV file: values are means of months, whatever day they are dated by.
    #[arg(long, conflicts_with = "wide")]
    monthly: bool,
    /// Of a CSV file: a number that means that there is no value; several times for several.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    missing: Vec<f64>,
    /// Of levels: lake, reservoir or body of a lake of the network, which is looked up where `--inputs` can be loaded.
    #[arg(long)]
    place: Option<String>,
    /// Of levels: metres to add, from the reference of the file to that of the network.
    #[arg(long, value_name = "METRES", allow_hyphen_values = true)]
    shift_m: Option<f64>,
    /// Publication; needed for a CSV file.
    #[arg(long)]
    source: Option<String>,
    /// Terms of use.
    #[arg(long)]
    licence: Option<String>,
    /// high, medium or low; else high of flows, medium of levels and where a month is filled.
    #[arg(long, value_parser = ["high", "medium", "low"])]
    confidence: Option<String>,
}

impl Import {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let lakes = match &self.place {
            Some(place) => lakes(inputs, place, voice),
            None => None,
        };
        let imported = import(&self.request(lakes))?;
        if !self.force && !may_give_way(&self.out) {
            return Err(Failure::Kept(self.out.display().to_string()));
        }
        write_whole(&self.out, &imported.text)?;
        for warning in &imported.warnings {
            voice.say("warning", &format!("warning: {warning}"));
        }
        let out = self.out.display();
        voice.say("written", &format!("{out}\n{}", imported.summary));
        Ok(())
    }

    fn request(&self, lakes: Option<Vec<String>>) -> Request {
        let shown = |path: &PathBuf| path.display().to_string();
        Request {
            format: self.format,
            files: self.files.iter().map(shown).collect(),
            period: self.period,
            missing_days: self.missing_days,
            methods: self.fill.clone(),
            longest_line: self.longest,
            neighbour: self.neighbour.as_ref().map(shown),
            station: self.station.clone(),
            layout: Layout {
                column: self.column.clone(),
                dates: self.dates.clone(),
                unit: self.unit.clone(),
                wide: self.wide,
                monthly: self.monthly,
                missing: self.missing.clone(),
            },
            place: self.place.clone(),
            lakes,
            shift_m: self.shift_m,
            source: self.source.clone(),
            licence: self.licence.clone(),
            confidence: self.confidence.clone(),
        }
    }
}

/// Names of what has a level in the network of the inputs. None where there are no inputs, since a record may be imported
/// before there is a network; where they have faults, which a record may be to mend, it is told that nobody looked.
fn lakes(inputs: &Path, place: &str, voice: Voice) -> Option<Vec<String>> {
    if !inputs.exists() {
        return None;
    }
    let Ok(model) = Model::load(inputs, &[]) else {
        let inputs = inputs.display();
        let text = format!(
            "warning: {inputs} has faults, so that nobody looked for `{place}` in its network; `rivershare check` tells them"
        );
        voice.say("warning", &text);
        return None;
    };
    let (_, names) = places_of(Some(Quantity::Level), &model.network);
    Some(names.into_iter().map(str::to_owned).collect())
}

/// Whether a file may be replaced: it is not there, or was imported or reconstructed.
fn may_give_way(path: &Path) -> bool {
    let Ok(bytes) = std::fs::read(path) else {
        return !path.exists();
    };
    let made = [MARK, "# generated by `rivershare"];
    made.iter().any(|mark| bytes.starts_with(mark.as_bytes()))
}

/// Writes a file that is there in whole or as it was before: beside its place, then renamed.
fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let partial = path.with_file_name(format!(".{name}.partial"));
    let written = std::fs::write(&partial, text).and_then(|()| std::fs::rename(&partial, path));
    written.map_err(|cause| {
        // What is left of it helps nobody; that it cannot be removed adds nothing to the cause.
        let _ = std::fs::remove_file(&partial);
        Failure::write(path, cause)
    })
}
