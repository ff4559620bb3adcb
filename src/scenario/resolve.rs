//! A scenario with all that its chain of bases says.

use std::collections::BTreeMap;

use super::{Change, Disaggregation, Written};
use crate::faults::{listed, nearest};
use crate::inputs::folder::Folder;
use crate::inputs::origin::Origin;
use crate::time::{Period, TimeStep};

/// A scenario that is ready to be planned.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The place of the keys of the scenario, itself or a base, that sets the period or the trace.
    pub timed: Origin,
    /// A line that says what it shows.
    pub title: String,
    /// Months to simulate.
    pub period: Period,
    /// Length of a step.
    pub time_step: TimeStep,
    /// How monthly values become daily ones.
    pub disaggregation: Disaggregation,
    /// Whether tables by day are written.
    pub daily_tables: bool,
    /// Years whose inflows and climate are taken; the simulated years themselves where empty.
    pub trace: Vec<i32>,
    /// Year for which the first year of the trace stands.
    pub trace_from: i32,
    /// Column of the inflow files to take in place of the first.
    pub inflow_column: Option<String>,
    /// The place of the keys of the scenario that names the column.
    pub columned: Origin,
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
        let place = usize::try_from(year - self.trace_from).ok()?;
        self.trace.get(place).copied()
    }

    /// The years whose water the simulated years take, in their order, `1974–2023, 1961–1970`; none where it is their own.
    pub fn years_of_water(&self) -> Option<String> {
        if self.trace.is_empty() {
            return None;
        }
        let simulated = self.period.first.year()..=self.period.last.year();
        let mut spans: Vec<(i32, i32)> = Vec::new();
        for year in simulated.filter_map(|year| self.source_year(year)) {
            match spans.last_mut() {
                Some((_, last)) if *last + 1 == year => *last = year,
                _ => spans.push((year, year)),
            }
        }
        let span = |(first, last): &(i32, i32)| match first == last {
            true => first.to_string(),
            false => format!("{first}–{last}"),
        };
        Some(spans.iter().map(span).collect::<Vec<_>>().join(", "))
    }
}

/// Follows the bases of a scenario; faults are an unknown base, a ring of bases, a missing period and tables
/// by day of a run by months. None
/// without a fault where a base could not be read.
pub fn resolve(
    folder: &Folder,
    scenario: &Written,
    known: &BTreeMap<String, Written>,
) -> Option<Scenario> {
    let fault = |at: &Origin, key: &str, found: String, expected: &str, hint: String| {
        folder.fault(at.fault(key, found, expected.to_owned(), hint));
    };
    let mut chain = vec![scenario];
    while let Some(base) = &chain[chain.len() - 1].base {
        let at = &chain[chain.len() - 1].written;
        let Some(next) = known.get(base) else {
            if !folder.excuses(base) {
                let hint = nearest(base, known.keys().map(String::as_str));
                let expected = "a scenario of the folder `scenarios`";
                fault(at, "base", format!("`{base}`"), expected, hint);
            }
            return None;
        };
        if next.name == scenario.name {
            let names = listed(chain.iter().map(|link| link.name.as_str()));
            let found = format!("a ring of {names}");
            fault(
                &scenario.written,
                "base",
                found,
                "bases that end",
                String::new(),
            );
            return None;
        }
        if chain.iter().any(|seen| seen.name == next.name) {
            // Told where the ring itself is.
            return None;
        }
        chain.push(next);
    }
    if chain.iter().any(|link| !link.is_clear) {
        return None;
    }
    let Some(period) = chain.iter().find_map(|link| link.period) else {
        let hint = "write `period = \"YYYY-MM..YYYY-MM\"` or name a `base` that has one".to_owned();
        let at = &chain[chain.len() - 1].written;
        let expected = "a period here or in a base";
        fault(at, "period", "nothing".into(), expected, hint);
        return None;
    };
    let place_of = |sets: fn(&Written) -> bool| {
        let link = chain.iter().find(|link| sets(link));
        link.map_or_else(Origin::default, |link| link.written.clone())
    };
    let time_step = set(&chain, |link| link.time_step).unwrap_or_default();
    let daily_tables = set(&chain, |link| link.daily_tables).unwrap_or(false);
    if daily_tables && time_step == TimeStep::Month {
        let at = place_of(|link| link.daily_tables.is_some());
        let found = "true, in a run by months".to_owned();
        let hint = "write `time_step = \"day\"`, or leave it out".to_owned();
        let expected = "tables by day of a run by days only";
        fault(&at, "daily_tables", found, expected, hint);
    }
    Some(Scenario {
        name: scenario.name.clone(),
        timed: place_of(|link| link.period.is_some() || link.trace.is_some()),
        columned: place_of(|link| link.inflow_column.is_some()),
        title: scenario
            .title
            .clone()
            .unwrap_or_else(|| scenario.name.clone()),
        period,
        time_step,
        disaggregation: set(&chain, |link| link.disaggregation).unwrap_or_default(),
        daily_tables,
        trace_from: period.first.year(),
        trace: chain
            .iter()
            .find_map(|link| link.trace.clone())
            .unwrap_or_default(),
        inflow_column: chain.iter().find_map(|link| link.inflow_column.clone()),
        water_use: set(&chain, |link| link.water_use).unwrap_or(true),
        structures: set(&chain, |link| link.structures).unwrap_or(true),
        changes: chain
            .iter()
            .rev()
            .flat_map(|link| link.changes.iter().cloned())
            .collect(),
    })
}

/// What a scenario says of a key, else the nearest of its bases that says something.
fn set<T>(chain: &[&Written], value: impl Fn(&Written) -> Option<T>) -> Option<T> {
    chain.iter().find_map(|link| value(link))
}
