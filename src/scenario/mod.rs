//! A scenario: a base and only what it changes.
//!
//! A change is data until [`plan`](crate::plan) applies it; a change that matches nothing is a fault.

mod change;
mod resolve;

pub use change::{Change, Growth, Initial, Pick, State, What};
pub use resolve::{Scenario, resolve};

use crate::inputs::table::Table;
use crate::time::Period;

/// A scenario as written: what it leaves out it takes from its base.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The file's name without ending; the folder of results is called so.
    pub name: String,
    /// Its file as the user would open it.
    pub file: String,
    /// A line that says what it shows.
    pub title: Option<String>,
    /// Scenario that it starts from.
    pub base: Option<String>,
    /// Months to simulate.
    pub period: Option<Period>,
    /// Years whose inflows and climate are taken, one after the other.
    pub trace: Option<Vec<i32>>,
    /// Column of the inflow files to take in place of the first.
    pub inflow_column: Option<String>,
    /// Whether anybody uses water.
    pub water_use: Option<bool>,
    /// Whether dams store.
    pub structures: Option<bool>,
    /// What it changes, in the order of its tables.
    pub changes: Vec<Change>,
}

impl Written {
    /// Reads a scenario file.
    pub fn read(table: &Table, name: &str) -> Self {
        let written = Self {
            name: name.to_owned(),
            file: table.folder().shown(table.file()),
            title: table.optional_text("title"),
            base: table.optional_text("base"),
            period: table.parsed("period", "a period \"YYYY-MM..YYYY-MM\""),
            trace: trace(table),
            inflow_column: table.optional_text("inflow_column"),
            water_use: table.optional_flag("water_use"),
            structures: table.optional_flag("structures"),
            changes: Change::read_all(table),
        };
        table.finish();
        written
    }
}

/// Reads `trace = ["1974..2023", "1970..1986"]` as a list of years.
fn trace(table: &Table) -> Option<Vec<i32>> {
    let spans = table.texts("trace")?;
    let mut years = Vec::new();
    for span in &spans {
        let ends = span.split_once("..").unwrap_or((span, span));
        match (ends.0.parse::<i32>(), ends.1.parse::<i32>()) {
            (Ok(first), Ok(last)) if first <= last => years.extend(first..=last),
            _ => {
                let expected = "spans of years \"YYYY..YYYY\"".to_owned();
                table.fault("trace", format!("`{span}`"), expected, String::new());
                return None;
            }
        }
    }
    Some(years)
}
