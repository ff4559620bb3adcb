//! A measured series that runs are set beside, month by month or year by year.

use std::collections::BTreeMap;

use super::measured_file::{Measurement, measurements};
use super::question::{Question, known_place};
use super::settings::Target;
use crate::inputs::range::Range;
use crate::inputs::series::beside;
use crate::inputs::table::Table;
use crate::metrics::scores::Zero;
use crate::network::Network;
use crate::observations::Quantity;
use crate::time::{Month, Period};

/// Quantities that can be measured as a series.
const QUANTITIES: [Quantity; 3] = [Quantity::Flow, Quantity::Level, Quantity::Storage];

/// Over what each value of a series is a mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A month.
    Month,
    /// A calendar year, all twelve months of which were measured.
    Year,
}

const STEPS: [(&str, By); 2] = [("month", By::Month), ("year", By::Year)];

impl By {
    /// Its word in files.
    pub fn word(self) -> &'static str {
        let entry = STEPS.iter().find(|entry| entry.1 == self);
        entry.map_or("", |entry| entry.0)
    }

    /// The place in time of a period of this length: those of neighbours differ by 1.
    pub fn place_of(self, period: Period) -> i32 {
        match self {
            Self::Month => period.first.since(Month::new(0, 1)),
            Self::Year => period.first.year(),
        }
    }
}

/// A measured series.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Node or lake.
    pub place: String,
    /// Flow, level or storage.
    pub quantity: Quantity,
    /// Over what each value is a mean.
    pub by: By,
    /// The values in order of time; months that were not measured are not there.
    pub values: Vec<Target>,
    /// What is stated of how many independent values those are that are fitted.
    pub independent_values: Option<f64>,
    /// Whether parameters see the values within the months that are fitted.
    pub is_fitted: bool,
}

impl Measured {
    /// Reads a `[[series]]` table; `fitted` are the months that parameters are fitted in, `simulated` those of the scenario.
    pub fn read(
        table: &Table,
        network: &Network,
        fitted: Option<Period>,
        simulated: Option<Period>,
    ) -> Option<Self> {
        let (place, file) = (table.text("place"), table.text("file"));
        let quantity = table.word("quantity", &QUANTITIES.map(Quantity::word));
        let quantity = quantity.and_then(|word| Quantity::of(&word));
        let by = match table.has("by") {
            false => Some(By::Month),
            true => by(table),
        };
        let uncertainty = table.number("uncertainty", Range::Positive);
        let independent_values = table.optional_number("independent_values", Range::Positive);
        let is_fitted = table.flag("fitted", true);
        let source = table.optional_text("source");
        let is_known = known_place(table, place.as_deref(), quantity, network);
        table.finish();
        let (place, quantity, by) = (place?, quantity?, by?);
        if !is_known {
            // That the file does not hold the place either would be a second fault of one word.
            return None;
        }
        let file = beside(table.file(), &file?);
        let measured = measurements(table, &file, &place, quantity, network)?;
        let means = match by {
            By::Month => months(measured),
            By::Year => years(&measured, quantity),
        };
        let (uncertainty, source) = (uncertainty?, source?);
        let value = |mean: Mean| Target {
            question: Question::mean(&place, quantity, mean.period),
            value: mean.value,
            uncertainty: mean.stated.map_or(uncertainty, |own| own.max(uncertainty)),
            source: source.clone(),
        };
        let series = Self {
            values: means.into_iter().map(value).collect(),
            place: place.clone(),
            quantity,
            by,
            independent_values,
            is_fitted,
        };
        let within = if is_fitted { fitted } else { simulated };
        series.check(table, within).then_some(series)
    }

    /// The values whose months all lie within a period.
    pub fn within(&self, period: Period) -> impl Iterator<Item = &Target> {
        let lies = move |span: Period| period.contains(span.first) && period.contains(span.last);
        let values = self.values.iter();
        values.filter(move |value| lies(value.question.period))
    }

    /// What its zero is.
    pub fn zero(&self) -> Zero {
        match self.quantity {
            Quantity::Level => Zero::Datum,
            _ => Zero::Empty,
        }
    }

    /// Refuses a series without a value in the months in which it is needed, and more independent values than there are.
    fn check(&self, table: &Table, period: Option<Period>) -> bool {
        let Some(period) = period else {
            return true;
        };
        let count = self.within(period).count();
        if count == 0 {
            let step = self.by.word();
            let found = match (self.values.first(), self.values.last()) {
                (Some(first), Some(last)) => format!(
                    "values from {} to {}",
                    first.question.period.first, last.question.period.last
                ),
                _ => format!("no whole {step}"),
            };
            let expected = format!("a {step} with a value within {period}");
            let hint = match self.is_fitted {
                true => "with `fitted = false` a series is compared and seen by no parameter",
                false => "",
            };
            table.fault("file", found, expected, hint.to_owned());
        }
        let stated = self.independent_values.filter(|_| count > 0);
        if let Some(stated) = stated.filter(|stated| *stated > count as f64) {
            let expected = format!("at most {count}, the values within {period}");
            let key = "independent_values";
            table.fault(key, stated.to_string(), expected, String::new());
            return false;
        }
        count > 0
    }
}

fn by(table: &Table) -> Option<By> {
    let word = table.optional_word("by", &STEPS.map(|entry| entry.0))?;
    let entry = STEPS.iter().find(|entry| entry.0 == word);
    entry.map(|entry| entry.1)
}

/// A mean over some months.
struct Mean {
    period: Period,
    value: f64,
    /// The uncertainty that the file states, where it does.
    stated: Option<f64>,
}

fn months(measured: Vec<Measurement>) -> Vec<Mean> {
    let month = |one: Measurement| Mean {
        period: Period {
            first: one.month,
            last: one.month,
        },
        value: one.value,
        stated: one.uncertainty,
    };
    measured.into_iter().map(month).collect()
}

/// Means of the years of which every month was measured, flows by the lengths of the months.
fn years(measured: &[Measurement], quantity: Quantity) -> Vec<Mean> {
    let mut years: BTreeMap<i32, Vec<&Measurement>> = BTreeMap::new();
    for one in measured {
        years.entry(one.month.year()).or_default().push(one);
    }
    years.retain(|_, months| months.len() == 12);
    let weight = |month: Month| match quantity {
        Quantity::Flow => month.seconds(),
        _ => 1.0,
    };
    let year = |(year, months): (i32, Vec<&Measurement>)| {
        let all: f64 = months.iter().map(|one| weight(one.month)).sum();
        let sum: f64 = months.iter().map(|one| one.value * weight(one.month)).sum();
        let stated: Vec<f64> = months.iter().filter_map(|one| one.uncertainty).collect();
        Mean {
            period: Period {
                first: Month::new(year, 1),
                last: Month::new(year, 12),
            },
            value: sum / all,
            // As if they went together: what is wrong with one pass of a satellite often is with the next.
            stated: (!stated.is_empty()).then(|| stated.iter().sum::<f64>() / stated.len() as f64),
        }
    };
    years.into_iter().map(year).collect()
}
