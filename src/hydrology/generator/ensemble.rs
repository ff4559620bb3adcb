//! Members as files: written in the form of the series that they may take the place of, and read again.

use std::fmt::Write;

use super::Values;
use super::record::{Record, Site};
use crate::faults::{Fault, counted};
use crate::hydrology::climate::Water;
use crate::inputs::folder::Folder;
use crate::inputs::series::{Series, dated_file};
use crate::time::Period;
use crate::units;

/// Name of the Parquet file of all members.
pub const TABLE: &str = "members.parquet";

/// The text of a site's file: the members are its draws, rounded to a ten-thousandth of m³/s or mm.
///
/// `columns` are the values of the site in each member; `made_by` names the generator and what else made them.
pub fn text(site: &Site, period: Period, columns: &[&Vec<f64>], made_by: &str) -> String {
    let (name, unit) = match site.quantity {
        Water::Flow => ("flow", "m3s"),
        Water::Rain => ("precipitation", "mm"),
        Water::Evaporation => ("evaporation", "mm"),
    };
    let mut text = format!(
        "# members of `rivershare generate`, {made_by}\n\
         # source: assumption: generated from the statistics of {}; no measurement\n\
         # confidence: low\n\
         date,{name}_{unit}",
        site.file
    );
    // Writing to a text cannot fail.
    for draw in 2..=columns.len() {
        let _ = write!(text, ",draw_{draw}_{unit}");
    }
    text.push_str(",quality\n");
    for (step, month) in period.months().enumerate() {
        let _ = write!(text, "{month}");
        for values in columns {
            let _ = write!(text, ",{:.4}", values[step]);
        }
        text.push_str(",generated\n");
    }
    text
}

/// Reads the members that stand below `folder` in the files of the record's sites.
///
/// Faults are those of the series, months other than those of the record, and files with another number of members.
pub fn read(folder: &Folder, record: &Record) -> Option<Vec<Values>> {
    let files: Vec<Option<Series>> = record
        .sites
        .iter()
        .map(|site| series(folder, site))
        .collect();
    let files = files.into_iter().collect::<Option<Vec<_>>>()?;
    let count = files.first().map_or(0, |series| series.columns.len());
    for series in &files {
        let put = |found: String, expected: String| {
            folder.fault(Fault {
                file: folder.shown(&series.file),
                line: 0,
                place: String::new(),
                found,
                expected,
                hint: String::new(),
            });
        };
        if series.period() != record.period() {
            put(series.period().to_string(), record.period().to_string());
        }
        if series.columns.len() != count {
            let expected = format!("{} as in the other files", counted(count, "member"));
            put(counted(series.columns.len(), "member"), expected);
        }
    }
    let member = |place: usize| {
        files
            .iter()
            .map(|file| file.columns[place].1.clone())
            .collect()
    };
    folder.is_sound().then(|| (0..count).map(member).collect())
}

fn series(folder: &Folder, site: &Site) -> Option<Series> {
    let quantity = match site.quantity {
        Water::Flow => units::Quantity::Flow,
        Water::Rain | Water::Evaporation => units::Quantity::Depth,
    };
    dated_file(folder, &site.file, quantity, "the comparison")
}
