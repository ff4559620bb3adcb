//! Writes the folder of a run, and the folder of a comparison of runs.

use std::path::{Path, PathBuf};

use super::chart::{Chart, draw};
use super::figures::{comparison_figures, figures};
use super::folder::{Folder, FolderError};
use super::manifest::{
    Identity, LOG, MANIFEST, SEAL, hash_of_plan, hashes, manifest, seal, sha256,
};
use super::package::describe;
use super::report::Report;
use super::table::Table;
use super::tables::{comparison, indicators, tables};

/// A folder that was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Where it is.
    pub folder: PathBuf,
    /// The line that two people compare.
    pub root: String,
}

/// Writes all outputs of a report to the folder that was begun for it. `log` goes to the only file
/// without a promise of bytes.
///
/// # Errors
/// What the system refuses; nothing is left behind then.
pub fn write(report: &Report, folder: Folder, log: &[u8]) -> Result<Written, FolderError> {
    let tables = tables(report);
    let identity = Identity {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: report.run.scenario.name.clone(),
        reconstructed_inputs: report.reconstructed(),
        inputs: report.hashes(),
        plan: hash_of_plan(&report.run.computed().plan),
        tables: hashes(&tables),
    };
    let charts = figures(report, &identity.root());
    let (model, scenario) = (report.model, &report.run.scenario);
    let years = scenario.period.in_words();
    let title = format!("{}: {years}, {}", model.title, scenario.title);
    let package = describe(&identity.scenario, &title, &report.model.notice, &tables);
    complete(folder, &identity, &tables, &charts, &package, log)
}

/// Writes the comparison of several reports.
///
/// # Errors
/// What the system refuses; nothing is left behind then.
pub fn write_comparison(
    reports: &[Report],
    folder: Folder,
    log: &[u8],
) -> Result<Written, FolderError> {
    let Some(first) = reports.first() else {
        return Ok(Written {
            folder: folder.finish()?,
            root: String::new(),
        });
    };
    let named = reports
        .iter()
        .map(|r| (r.run.scenario.name.clone(), indicators(r)));
    let tables = vec![comparison(&named.collect::<Vec<_>>())];
    let names: Vec<&str> = reports
        .iter()
        .map(|report| report.run.scenario.name.as_str())
        .collect();
    let plans: String = reports
        .iter()
        .map(|report| hash_of_plan(&report.run.plan))
        .collect();
    let identity = Identity {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: names.join(", "),
        reconstructed_inputs: first.reconstructed(),
        inputs: reports.iter().flat_map(Report::hashes).collect(),
        plan: sha256(plans.as_bytes()),
        tables: hashes(&tables),
    };
    let charts = comparison_figures(reports, &identity.root());
    let title = format!("{}: comparison of {}", first.model.title, names.join(", "));
    let package = describe("comparison", &title, &first.model.notice, &tables);
    complete(folder, &identity, &tables, &charts, &package, log)
}

fn complete(
    folder: Folder,
    identity: &Identity,
    tables: &[Table],
    charts: &[Chart],
    package: &[u8],
    log: &[u8],
) -> Result<Written, FolderError> {
    for table in tables {
        folder.write(&table.path(), &table.csv)?;
    }
    folder.write("datapackage.json", package)?;
    draw_all(charts, &folder.path().join("charts"))?;
    let text = manifest(identity, &folder.hashes()?);
    folder.write(MANIFEST, &text)?;
    folder.write(SEAL, &seal(&text))?;
    folder.write(LOG, log)?;
    Ok(Written {
        folder: folder.finish()?,
        root: identity.root(),
    })
}

/// Draws all charts, shared out over the processors; each chart's bytes are its own.
fn draw_all(charts: &[Chart], folder: &Path) -> Result<(), FolderError> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = charts.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let work = |charts: &[Chart]| charts.iter().try_for_each(|chart| draw(chart, folder));
        let hands: Vec<_> = charts
            .chunks(share)
            .map(|charts| scope.spawn(move || work(charts)))
            .collect();
        for hand in hands {
            match hand.join() {
                Ok(done) => done?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(())
    })
}
