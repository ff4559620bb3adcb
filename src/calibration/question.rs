//! What is asked of a run: a quantity of a place over some months, or by how much it differs from that of others.

use crate::faults::nearest;
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::metrics::published::simulated;
use crate::network::Network;
use crate::observations::{Observation, Quantity, Statistic, places_of};
use crate::results::Run;
use crate::time::Period;

/// A question to a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Node, lake, body of a lake or plant.
    pub place: String,
    /// What is asked for.
    pub quantity: Quantity,
    /// How its months or years are taken together.
    pub statistic: Statistic,
    /// The months.
    pub period: Period,
    /// Calendar months within the period, 1 to 12; all where none.
    pub months: Option<Vec<u32>>,
    /// The same over other months, which is subtracted.
    pub less: Option<(Period, Option<Vec<u32>>)>,
}

impl Question {
    /// Reads the keys of a question from a table; its places are those of `network`.
    pub fn read(table: &Table, network: &Network) -> Option<Self> {
        let place = table.text("place");
        let quantity = table.word("quantity", &Quantity::words());
        let quantity = quantity.and_then(|word| Quantity::of(&word));
        let statistic = table.optional_word("statistic", &Statistic::words());
        let statistic = match table.has("statistic") {
            true => statistic.and_then(|word| Statistic::of(&word)),
            false => Some(Statistic::Mean),
        };
        let period = period(table, "period");
        if !table.has("period") {
            table.lacks(&["period"], "a period \"YYYY-MM..YYYY-MM\"");
        }
        let (months, less_months) = (months(table, "months"), months(table, "less_months"));
        let less_period = period_of(table, "less_period");
        known_place(table, place.as_deref(), quantity, network);
        let period = period?;
        let less = (less_period.is_some() || less_months.is_some()).then(|| {
            (
                less_period.unwrap_or(period),
                less_months.or(months.clone()),
            )
        });
        Some(Self {
            place: place?,
            quantity: quantity?,
            statistic: statistic?,
            period,
            months,
            less,
        })
    }

    /// The question for the mean of a quantity over some months.
    pub fn mean(place: &str, quantity: Quantity, period: Period) -> Self {
        Self {
            place: place.to_owned(),
            quantity,
            statistic: Statistic::Mean,
            period,
            months: None,
            less: None,
        }
    }

    /// The answer of a run in the quantity's unit; none where the run does not cover the months.
    pub fn answer(&self, run: &Run) -> Option<f64> {
        let whole = self.over(run, self.period, self.months.as_deref())?;
        match &self.less {
            None => Some(whole),
            Some((period, months)) => Some(whole - self.over(run, *period, months.as_deref())?),
        }
    }

    fn over(&self, run: &Run, period: Period, months: Option<&[u32]>) -> Option<f64> {
        let observation = |period: Period| Observation {
            place: self.place.clone(),
            quantity: self.quantity,
            statistic: self.statistic,
            period,
            value: 0.0,
            uncertainty: None,
            source: String::new(),
        };
        let Some(months) = months else {
            return simulated(run, &observation(period));
        };
        let of_months = period
            .months()
            .filter(|month| months.contains(&month.number()));
        let values = of_months.map(|month| {
            let (first, last) = (month, month);
            simulated(run, &observation(Period { first, last }))
        });
        let values: Vec<f64> = values.collect::<Option<_>>()?;
        Some(match self.statistic {
            Statistic::Mean => values.iter().sum::<f64>() / values.len() as f64,
            Statistic::Minimum => values.into_iter().fold(f64::INFINITY, f64::min),
            Statistic::Maximum => values.into_iter().fold(f64::NEG_INFINITY, f64::max),
        })
    }

    /// All months that an answer rests on: from the first to the last.
    pub fn span(&self) -> Period {
        let less = self
            .less
            .as_ref()
            .map_or(self.period, |(period, _)| *period);
        Period {
            first: self.period.first.min(less.first),
            last: self.period.last.max(less.last),
        }
    }

    /// The question in words, without its place.
    pub fn in_words(&self) -> String {
        let over = |period: Period, months: Option<&Vec<u32>>| {
            let months = months.map(|months| {
                let numbers: Vec<String> = months.iter().map(u32::to_string).collect();
                format!("months {} of ", numbers.join(", "))
            });
            format!("{}{}", months.unwrap_or_default(), period.in_words())
        };
        let words = format!(
            "{} {}, {}",
            self.statistic.word(),
            self.quantity.word().replace('_', " "),
            over(self.period, self.months.as_ref())
        );
        match &self.less {
            None => words,
            Some((period, months)) => format!("{words} less {}", over(*period, months.as_ref())),
        }
    }
}

fn period(table: &Table, key: &str) -> Option<Period> {
    table.parsed(key, "a period \"YYYY-MM..YYYY-MM\"")
}

fn period_of(table: &Table, key: &str) -> Option<Period> {
    table.has(key).then(|| period(table, key)).flatten()
}

/// Calendar months, which may be left out.
fn months(table: &Table, key: &str) -> Option<Vec<u32>> {
    let numbers = table.numbers(key, Range::Positive)?;
    let is_month = |number: &f64| number.fract() == 0.0 && *number <= 12.0;
    if numbers.is_empty() || !numbers.iter().all(is_month) {
        let expected = "numbers of months from 1 to 12".to_owned();
        table.fault(key, "something else".into(), expected, String::new());
        return None;
    }
    Some(numbers.into_iter().map(|number| number as u32).collect())
}

/// Refuses a place that the network does not have, and a quantity that a run of its own does not have; whether the place
/// is known.
pub fn known_place(
    table: &Table,
    place: Option<&str>,
    quantity: Option<Quantity>,
    network: &Network,
) -> bool {
    if quantity == Some(Quantity::NaturalFlow) {
        let expected =
            "a quantity of the run itself: its natural twin is not calibrated".to_owned();
        table.fault("quantity", "`natural_flow`".into(), expected, String::new());
    }
    let (expected, names) = places_of(quantity, network);
    let stranger = place.filter(|place| !names.contains(place));
    if let Some(place) = stranger {
        let hint = nearest(place, names.iter().copied());
        table.fault("place", format!("`{place}`"), expected.to_owned(), hint);
    }
    stranger.is_none()
}
