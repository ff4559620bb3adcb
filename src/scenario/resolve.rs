//! A scenario with all that its chain of bases says.

use std::collections::BTreeMap;

use super::{Change, Written};
use crate::faults::{Fault, nearest};
use crate::inputs::folder::Folder;
use crate::time::Period;

/// A scenario that is ready to be planned.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Its file as the user would open it.
    pub file: String,
    /// A line that says what it shows.
    pub title: String,
    /// Months to simulate.
    pub period: Period,
    /// Years whose inflows and climate are taken; the simulated years themselves where empty.
    pub trace: Vec<i32>,
    /// Column of the inflow files to take in place of the first.
    pub inflow_column: Option<String>,
    /// Whether anybody uses water.
    pub water_use: bool,
    /// Whether dams store.
    pub structures: bool,
    /// All changes, those of the bases first.
    pub changes: Vec<Change>,
}

impl Scenario {
    /// The same water without any use and without any dam.
    #[must_use]
    pub fn natural(&self) -> Self {
        Self {
            water_use: false,
            structures: false,
            ..self.clone()
        }
    }

    /// The year whose inflows and climate stand for a simulated year; none past the end of the trace.
    pub fn source_year(&self, year: i32) -> Option<i32> {
        if self.trace.is_empty() {
            return Some(year);
        }
        let place = usize::try_from(year - self.period.first.year()).ok()?;
        self.trace.get(place).copied()
    }
}

/// Follows the bases of a scenario; faults are an unknown base, a ring of bases and a missing period.
pub fn resolve(
    folder: &Folder,
    scenario: &Written,
    known: &BTreeMap<String, Written>,
) -> Option<Scenario> {
    let fault = |key: &str, found: String, expected: &str, hint: String| {
        let (place, expected) = (format!("key `{key}`"), expected.to_owned());
        let file = scenario.file.clone();
        folder.fault(Fault {
            file,
            line: 0,
            place,
            found,
            expected,
            hint,
        });
    };
    let mut chain = vec![scenario];
    while let Some(base) = &chain[chain.len() - 1].base {
        let Some(next) = known.get(base) else {
            let hint = nearest(base, known.keys().map(String::as_str));
            fault(
                "base",
                format!("`{base}`"),
                "a scenario of the folder `scenarios`",
                hint,
            );
            return None;
        };
        if chain.iter().any(|seen| seen.name == next.name) {
            let found = format!("`{base}`, which leads back to itself");
            fault("base", found, "bases that end", String::new());
            return None;
        }
        chain.push(next);
    }
    let Some(period) = chain.iter().find_map(|link| link.period) else {
        let hint = "write `period = \"YYYY-MM..YYYY-MM\"` or name a `base` that has one".to_owned();
        fault(
            "period",
            "nothing".into(),
            "a period here or in a base",
            hint,
        );
        return None;
    };
    Some(Scenario {
        name: scenario.name.clone(),
        file: scenario.file.clone(),
        title: scenario
            .title
            .clone()
            .unwrap_or_else(|| scenario.name.clone()),
        period,
        trace: chain
            .iter()
            .find_map(|link| link.trace.clone())
            .unwrap_or_default(),
        inflow_column: chain.iter().find_map(|link| link.inflow_column.clone()),
        water_use: chain.iter().find_map(|link| link.water_use).unwrap_or(true),
        structures: chain
            .iter()
            .find_map(|link| link.structures)
            .unwrap_or(true),
        changes: chain
            .iter()
            .rev()
            .flat_map(|link| link.changes.iter().cloned())
            .collect(),
    })
}
