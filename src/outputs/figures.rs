//! The charts of a run: which curves are drawn, of which places, with which notes.
//!
//! Nothing here knows a river by name: every chart follows from the network, and one whose subject the
//! network lacks is left out.

mod carried;
mod comparison;
mod flooded;
mod floods;
mod lakes;
mod plants;
mod rivers;
mod users;

use super::chart::{Chart, Line, LineStyle, Points};
use super::report::Report;
use crate::faults::counted;
use crate::observations::Observation;
use crate::results::Run;
use crate::scenario::Scenario;
use crate::time::Period;

/// Colours by meaning, as places in the palette.
pub(super) mod colour {
    /// The run.
    pub(crate) const RUN: usize = 0;
    /// Published figures.
    pub(crate) const PUBLISHED: usize = 1;
    /// Without use and dams.
    pub(crate) const NATURAL: usize = 2;
    /// Other sets of uncertain parameters.
    pub(crate) const SETS: usize = 3;
}

/// All charts of a report; `root` is the hash that two people compare.
pub fn figures(report: &Report, root: &str) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(rivers::borders(report));
    charts.extend(lakes::levels(report));
    charts.extend(lakes::balances(report));
    charts.extend(users::deliveries(report));
    charts.extend(plants::energy(report));
    charts.extend(rivers::profiles(report));
    charts.extend(lakes::storages(report));
    charts.extend(carried::salinities(report));
    charts.extend(carried::origins(report));
    charts.extend(floods::floods(report));
    charts.extend(flooded::flooded(report));
    let notes = notes(report, root);
    let scenario = &report.run.scenario;
    let subtitle = format!("{}: {}", scenario.period.in_words(), scenario.title);
    for chart in &mut charts {
        chart.subtitle.clone_from(&subtitle);
        chart.notes.retain(|note| !note.is_empty());
        chart.notes.extend(notes.clone());
    }
    charts
}

/// Charts that lay several reports over each other.
pub fn comparison_figures(reports: &[Report], root: &str) -> Vec<Chart> {
    let mut charts = comparison::overlays(reports);
    let scenarios: Vec<&Scenario> = reports.iter().map(|report| &report.run.scenario).collect();
    let names: Vec<&str> = scenarios.iter().map(|scenario| &*scenario.name).collect();
    let notes = scenarios.iter().map(|scenario| {
        let (name, years) = (&scenario.name, scenario.period.in_words());
        let water = scenario.years_of_water();
        let water = water.map(|years| format!("; water of {years}"));
        format!(
            "{name}: {years}, {}{}.",
            scenario.title,
            water.unwrap_or_default()
        )
    });
    let notes: Vec<String> = notes.collect();
    for chart in &mut charts {
        chart.subtitle = format!("Comparison of {}", names.join(", "));
        chart.notes.extend(notes.clone());
        chart.notes.extend(reports.first().and_then(origin));
        chart.notes.push(format!(
            "rivershare {} · root {root}",
            env!("CARGO_PKG_VERSION")
        ));
    }
    charts
}

/// What stands below every chart.
fn notes(report: &Report, root: &str) -> Vec<String> {
    let mut notes = parts_of_years(report.run.scenario.period);
    let water = report.run.scenario.years_of_water();
    notes.extend(water.map(|years| {
        format!("Inflow, rain and evaporation are those of {years}, in this order: no year is a forecast.")
    }));
    notes.extend(origin(report));
    let version = env!("CARGO_PKG_VERSION");
    let scenario = &report.run.scenario.name;
    notes.push(format!(
        "rivershare {version} · scenario {scenario} · root {root}"
    ));
    notes
}

/// Warnings that a year at an end of the period is not whole: its sums are smaller than those of others.
fn parts_of_years(period: Period) -> Vec<String> {
    let Period { first, last } = period;
    let months = |year: i32| period.months().filter(|month| month.year() == year).count();
    let mut ends = vec![first.year(), last.year()];
    ends.dedup();
    let parts = ends.into_iter().filter(|year| months(*year) < 12);
    parts
        .map(|year| {
            let count = counted(months(year), "month");
            format!("{year} is not whole: its sums and means are of {count}.")
        })
        .collect()
}

/// Published figures that `drawn` picks and that lie within the months of the run.
fn observed<'a>(
    report: &'a Report,
    drawn: impl Fn(&Observation) -> bool,
) -> impl Iterator<Item = &'a Observation> {
    let months = report.run.months();
    let within = |point: &&Observation| {
        months.contains(&point.period.first) && months.contains(&point.period.last)
    };
    let points = report.model.observations.iter();
    points.filter(within).filter(move |point| drawn(point))
}

/// The publications of those figures; empty where there are none.
fn sources(report: &Report, drawn: impl Fn(&Observation) -> bool) -> String {
    let mut names: Vec<&str> = observed(report, drawn)
        .map(|point| point.source.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    match names.is_empty() {
        true => String::new(),
        false => format!("Published: {}.", names.join("; ")),
    }
}

/// Those figures as points over the periods that they cover; no points where there are none.
fn published(report: &Report, drawn: impl Fn(&Observation) -> bool) -> Vec<Points> {
    let mut points = Points {
        name: "published".to_owned(),
        colour: colour::PUBLISHED,
        ..Points::default()
    };
    for point in observed(report, drawn) {
        let start = point.period.first.decimal_year() - 1.0 / 24.0;
        let end = point.period.last.decimal_year() + 1.0 / 24.0;
        points.x.push(0.5 * (start + end));
        points.y.push(point.value);
        points.uncertainty.push(point.uncertainty);
        points.periods.push((start, end));
    }
    if points.x.is_empty() {
        Vec::new()
    } else {
        vec![points]
    }
}

/// How the inflows came about, where they are series.
fn origin(report: &Report) -> Option<String> {
    let words = report.reconstructed();
    if report.is_observed() {
        return Some("Inflows are observed series.".to_owned());
    }
    let text = format!(
        "Inflows are reconstructed inputs ({}), not measurements.",
        words.join(", ")
    );
    (!words.is_empty()).then_some(text)
}

/// A name as part of a file name: lower-case ASCII letters and digits, joined by underscores.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            // Letters beyond ASCII keep names apart by their code.
            letter if letter.is_alphanumeric() => {
                slug.extend(letter.escape_unicode().filter(char::is_ascii_alphanumeric));
            }
            _ if slug.is_empty() || slug.ends_with('_') => {}
            _ => slug.push('_'),
        }
    }
    slug.trim_end_matches('_').to_owned()
}

/// A line of yearly means placed at the middle of their years.
fn annual_line(name: &str, run: &Run, style: LineStyle, monthly: impl Fn(usize) -> f64) -> Line {
    let mut years: Vec<(i32, f64, f64)> = Vec::new();
    for (step, month) in run.months().iter().enumerate() {
        let weight = month.seconds();
        match years.last_mut() {
            Some((year, sum, seconds)) if *year == month.year() => {
                *sum += monthly(step) * weight;
                *seconds += weight;
            }
            _ => years.push((month.year(), monthly(step) * weight, weight)),
        }
    }
    Line {
        name: name.to_owned(),
        x: years
            .iter()
            .map(|(year, ..)| f64::from(*year) + 0.5)
            .collect(),
        y: years
            .iter()
            .map(|(_, sum, seconds)| sum / seconds)
            .collect(),
        style,
    }
}

#[cfg(test)]
mod tests {
    use super::{parts_of_years, slug};

    #[test]
    fn parts_of_years_are_told() {
        let told = |period: &str| parts_of_years(period.parse().expect("a period"));
        assert!(told("1961-01..2023-12").is_empty());
        let of_ends = told("1961-03..1963-01");
        assert_eq!(
            of_ends,
            [
                "1961 is not whole: its sums and means are of 10 months.",
                "1963 is not whole: its sums and means are of 1 month."
            ]
        );
        assert_eq!(told("1961-03..1961-05").len(), 1);
    }

    #[test]
    fn names_become_file_names() {
        assert_eq!(slug("Lake Zaysan (dam)"), "lake_zaysan_dam");
        assert_eq!(slug("Ürümqi"), "ufcrufcmqi");
        assert!(slug("Балхаш").is_ascii());
    }
}
