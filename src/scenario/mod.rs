//! A scenario: a base and only what it changes.
//!
//! A change is data until [`plan`](crate::plan) applies it; a change that matches nothing is a fault.

mod change;
mod disaggregation;
mod resolve;
pub mod rule;

pub use change::{Change, Growth, Initial, Pick, State, What};
pub use disaggregation::Disaggregation;
pub use resolve::{Scenario, resolve};

use crate::inputs::origin::Origin;
use crate::inputs::table::{Table, is_year};
use crate::time::{Period, TimeStep};

/// A scenario as written: what it leaves out it takes from its base.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The file's name without ending; the folder of results is called so.
    pub name: String,
    /// The place of its keys.
    pub written: Origin,
    /// Whether base, period and trace could be read; what is missing else follows from their faults.
    pub is_clear: bool,
    /// A line that says what it shows.
    pub title: Option<String>,
    /// Scenario that it starts from.
    pub base: Option<String>,
    /// Months to simulate.
    pub period: Option<Period>,
    /// Length of a step.
    pub time_step: Option<TimeStep>,
    /// How monthly values become daily ones.
    pub disaggregation: Option<Disaggregation>,
    /// Whether tables by day are written.
    pub daily_tables: Option<bool>,
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
        let faults = table.folder().faults();
        let (base, trace) = (table.optional_text("base"), trace(table));
        let period = table.parsed(
            "period",
            "\"YYYY-MM..YYYY-MM\", the first month not after the last",
        );
        let written = Self {
            name: name.to_owned(),
            written: table.origin(),
            is_clear: table.folder().faults() == faults,
            title: table.optional_text("title"),
            base,
            period,
            time_step: time_step(table),
            disaggregation: Disaggregation::read(table),
            daily_tables: table.optional_flag("daily_tables"),
            trace,
            inflow_column: table.optional_text("inflow_column"),
            water_use: table.optional_flag("water_use"),
            structures: table.optional_flag("structures"),
            changes: Change::read_all(table),
        };
        table.finish();
        written
    }
}

/// Reads `time_step = "month"` or `"day"`.
fn time_step(table: &Table) -> Option<TimeStep> {
    table
        .optional_word("time_step", &TimeStep::WORDS)?
        .parse()
        .ok()
}

/// Reads `trace = ["1974..2023", "1970..1986"]` as a list of years; an empty list takes the simulated
/// years themselves, whatever the base says.
fn trace(table: &Table) -> Option<Vec<i32>> {
    let spans = table.texts("trace")?;
    let mut years = Vec::new();
    for span in &spans {
        let ends = span.split_once("..").unwrap_or((span, span));
        let year = |text: &str| text.parse::<i32>().ok().filter(|_| is_year(text));
        match (year(ends.0), year(ends.1)) {
            (Some(first), Some(last)) if first <= last => years.extend(first..=last),
            _ => {
                let expected = "spans of years \"YYYY..YYYY\" or single years \"YYYY\"".to_owned();
                table.fault("trace", format!("`{span}`"), expected, String::new());
                return None;
            }
        }
    }
    Some(years)
}
