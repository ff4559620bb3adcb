//! What a file of `calibration` says: parameters with what was known of them, targets, and how is searched.

use super::evolution::Evolution;
use super::measured::Measured;
use super::place::{Known, Place};
use super::question::Question;
use super::sets::{self, Sets};
use crate::faults::nearest;
use crate::inputs::folder::Folder;
use crate::inputs::range::Range;
use crate::inputs::series::beside;
use crate::inputs::table::Table;
use crate::model::Model;
use crate::time::Period;

/// A file of the folder `calibration`.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// A line that says what it is.
    pub title: String,
    /// What a comparison with what is published can say and what not, for the document of the validation.
    pub note: String,
    /// Scenario that is run.
    pub scenario: String,
    /// Months that targets are fitted in; the run of a candidate ends with them.
    pub period: Period,
    /// How is searched.
    pub evolution: Evolution,
    /// Whether the spread of the draws counts as an uncertainty of each target.
    pub counts_draws: bool,
    /// Sets of parameters that are drawn from the priors.
    pub samples: u32,
    /// How many of those that are as good as the optimum are kept, at most.
    pub kept: usize,
    /// By how much the misfit of the targets of a kept set may be above that of the optimum.
    pub tolerance: f64,
    /// File beside this one that holds the optimum and the kept sets, where they are kept.
    pub sets: Option<String>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Published figures, fitted or not.
    pub targets: Vec<Target>,
    /// Measured series, fitted or not.
    pub series: Vec<Measured>,
    /// Questions that are answered without a published figure beside them.
    pub figures: Vec<Figure>,
}

/// A number that is not known well.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// What is thought of it before any target is seen.
    pub prior: f64,
    /// Standard deviation of that.
    pub spread: f64,
    /// Least and greatest value.
    pub bounds: (f64, f64),
    /// Where prior and spread come from.
    pub source: String,
    /// Where it stands in the inputs.
    pub places: Vec<Place>,
}

/// A published figure.
#[derive(Clone, Debug)]
pub struct Target {
    /// What it answers.
    pub question: Question,
    /// The figure.
    pub value: f64,
    /// Its uncertainty (±, one standard deviation).
    pub uncertainty: f64,
    /// The publication.
    pub source: String,
}

/// A question that a run answers for others to compare.
#[derive(Clone, Debug)]
pub struct Figure {
    /// How it is called.
    pub name: String,
    /// The question.
    pub question: Question,
}

impl Calibration {
    /// Reads a file whose places are those of `known` and whose scenario is one of `model`.
    pub fn read(folder: &Folder, file: &str, model: &Model, known: &Known) -> Option<Self> {
        let table = Table::root(folder, file, "the command line")?;
        let (title, scenario) = (table.text("title"), table.text("scenario"));
        let note = table.optional_text("note");
        let period = fit_period(&table);
        let whole = "a whole number above 0";
        let seed = table.count("seed", 0, "a whole number from 0");
        let population = table.count("population", 4, whole);
        let generations = table.count("generations", 1, whole);
        let searches = table.count("searches", 1, whole);
        let counts_draws = table.flag("count_spread_of_draws", false);
        let samples = table.count("samples", 0, whole);
        let kept = table.count("kept", 0, whole);
        let tolerance = table.number("tolerance", Range::NotNegative);
        let sets = table.optional_text("sets");
        let parameters: Vec<_> = table
            .tables("parameter")
            .iter()
            .map(|t| Parameter::read(t, known))
            .collect();
        let targets: Vec<_> = table
            .tables("target")
            .iter()
            .map(|t| Target::read(t, known))
            .collect();
        let simulated = scenario.as_ref().and_then(|name| model.scenarios.get(name));
        let simulated = simulated.map(|scenario| scenario.period);
        let series: Vec<_> = table
            .tables("series")
            .iter()
            .map(|t| Measured::read(t, &known.network, period, simulated))
            .collect();
        let figures: Vec<_> = table
            .tables("figure")
            .iter()
            .map(|t| Figure::read(t, known))
            .collect();
        if parameters.is_empty() {
            table.lacks_table("parameter", "at least one table [[parameter]]");
        }
        if targets.is_empty() && series.is_empty() {
            table.lacks_table("target", "at least one table [[target]] or [[series]]");
        }
        table.finish();
        if let Some(name) = scenario
            .as_ref()
            .filter(|name| !model.scenarios.contains_key(*name))
        {
            let hint = nearest(name, model.scenarios.keys().map(String::as_str));
            let expected = "the name of a scenario of the inputs".to_owned();
            table.fault("scenario", format!("`{name}`"), expected, hint);
        }
        let evolution = Evolution {
            population: population? as usize,
            generations: generations?,
            searches: searches?,
            seed: seed?,
        };
        let calibration = Self {
            title: title?,
            note: note.unwrap_or_default(),
            scenario: scenario?,
            period: period?,
            evolution,
            counts_draws,
            samples: samples?,
            kept: kept? as usize,
            tolerance: tolerance?,
            sets,
            parameters: parameters.into_iter().collect::<Option<_>>()?,
            targets: targets.into_iter().collect::<Option<_>>()?,
            series: series.into_iter().collect::<Option<_>>()?,
            figures: figures.into_iter().collect::<Option<_>>()?,
        };
        calibration.check(&table, model);
        folder.is_sound().then_some(calibration)
    }

    /// Refuses months that the scenario does not simulate, names that are there twice, and a file without a target to fit.
    fn check(&self, table: &Table, model: &Model) {
        let Some(scenario) = model.scenarios.get(&self.scenario) else {
            return;
        };
        let simulated = scenario.period;
        if self.period.first < simulated.first || simulated.last < self.period.last {
            let expected = format!(
                "months within {simulated}, which `{}` simulates",
                self.scenario
            );
            table.fault("period", self.period.to_string(), expected, String::new());
        }
        for (place, parameter) in self.parameters.iter().enumerate() {
            let earlier = &self.parameters[..place];
            if earlier.iter().any(|other| other.name == parameter.name) {
                let found = format!("the parameter `{}` a second time", parameter.name);
                let expected = "a name of its own for each parameter".to_owned();
                table.fault("parameter", found, expected, String::new());
            }
        }
        if self.fitted().next().is_none() {
            let found = format!("no target within {}", self.period);
            let expected = "at least one target to fit".to_owned();
            table.fault("target", found, expected, String::new());
        }
    }

    /// The optimum and the sets that are kept beside `file`, that of the calibration, where they are there.
    pub fn kept_sets(&self, folder: &Folder, file: &str) -> Option<Sets> {
        let file = beside(file, self.sets.as_ref()?);
        folder
            .holds(&file)
            .then(|| sets::read(folder, &file, self))?
    }

    /// All that is fitted: targets, then the values of measured series.
    pub fn fitted(&self) -> impl Iterator<Item = &Target> {
        let series = self.series.iter();
        self.fitted_targets()
            .chain(series.flat_map(|series| self.fitted_values(series)))
    }

    /// Targets within the months that are fitted.
    pub fn fitted_targets(&self) -> impl Iterator<Item = &Target> {
        self.targets
            .iter()
            .filter(|target| self.is_fitted(&target.question))
    }

    /// Values of a measured series within the months that are fitted.
    pub fn fitted_values<'s>(&self, series: &'s Measured) -> impl Iterator<Item = &'s Target> {
        series.within(self.period).filter(|_| series.is_fitted)
    }

    /// Whether all months of a question are fitted.
    pub fn is_fitted(&self, question: &Question) -> bool {
        let span = question.span();
        self.period.contains(span.first) && self.period.contains(span.last)
    }

    /// The prior of each parameter.
    pub fn priors(&self) -> Vec<f64> {
        self.parameters
            .iter()
            .map(|parameter| parameter.prior)
            .collect()
    }

    /// The value of each parameter that stands in the inputs.
    pub fn standing(&self, known: &Known) -> Vec<f64> {
        let values = self.parameters.iter().map(|parameter| {
            let first = parameter.places.first();
            first.map_or(parameter.prior, |place| place.standing(known))
        });
        values.collect()
    }
}

fn fit_period(table: &Table) -> Option<Period> {
    let expected = "whole years, \"YYYY-01..YYYY-12\"";
    let period = table.parsed::<Period>("period", expected);
    if !table.has("period") {
        table.lacks(&["period"], expected);
    }
    let whole = |period: &Period| period.first.number() == 1 && period.last.number() == 12;
    if let Some(period) = period.filter(|period| !whole(period)) {
        table.fault(
            "period",
            format!("`{period}`"),
            expected.to_owned(),
            String::new(),
        );
    }
    period
}

impl Parameter {
    fn read(table: &Table, known: &Known) -> Option<Self> {
        let (name, unit) = (table.text("name"), table.text("unit"));
        let prior = table.number("prior", Range::Finite);
        let spread = table.number("spread", Range::Positive);
        let bounds = bounds(table);
        let source = table.optional_text("source");
        let places: Vec<_> = table
            .tables("place")
            .iter()
            .map(|t| Place::read(t, known))
            .collect();
        if places.is_empty() {
            table.lacks_table("place", "at least one table [[parameter.place]]");
        }
        table.finish();
        let (prior, (low, high)) = (prior?, bounds?);
        if !(low..=high).contains(&prior) {
            let expected = format!("bounds around the prior of {prior}");
            table.fault(
                "bounds",
                format!("{low} and {high}"),
                expected,
                String::new(),
            );
        }
        Some(Self {
            name: name?,
            unit: unit?,
            prior,
            spread: spread?,
            bounds: (low, high),
            source: source?,
            places: places.into_iter().collect::<Option<_>>()?,
        })
    }
}

fn bounds(table: &Table) -> Option<(f64, f64)> {
    let expected = "the least and the greatest value";
    if !table.has("bounds") {
        table.lacks(&["bounds"], expected);
    }
    let numbers = table.numbers("bounds", Range::Finite)?;
    match numbers.as_slice() {
        [low, high] if low < high => Some((*low, *high)),
        _ => {
            table.fault(
                "bounds",
                format!("{numbers:?}"),
                expected.to_owned(),
                String::new(),
            );
            None
        }
    }
}

impl Target {
    fn read(table: &Table, known: &Known) -> Option<Self> {
        let question = Question::read(table, &known.network);
        let value = table.number("value", Range::Finite);
        let uncertainty = table.number("uncertainty", Range::Positive);
        let source = table.optional_text("source");
        table.finish();
        Some(Self {
            question: question?,
            value: value?,
            uncertainty: uncertainty?,
            source: source?,
        })
    }
}

impl Figure {
    fn read(table: &Table, known: &Known) -> Option<Self> {
        let name = table.text("name");
        let question = Question::read(table, &known.network);
        table.finish();
        Some(Self {
            name: name?,
            question: question?,
        })
    }
}
