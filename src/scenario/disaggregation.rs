//! How a month's value is spread over its days (equation E28).

use crate::inputs::table::Table;

/// How a monthly series becomes a daily one. Every method keeps the volume of each month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disaggregation {
    /// The same on every day of a month.
    #[default]
    Constant,
    /// Along straight lines from the month's beginning to its middle and on to its end.
    Smooth,
}

impl Disaggregation {
    /// Reads `disaggregation = "constant"` or `"smooth"`; may be left out.
    pub fn read(table: &Table) -> Option<Self> {
        let word = table.optional_word("disaggregation", &["constant", "smooth"])?;
        Some(match word.as_str() {
            "smooth" => Self::Smooth,
            _ => Self::Constant,
        })
    }

    /// Values of all days of months in a row, of each of which `months` holds the mean, which is not
    /// negative, and the number of days.
    pub fn days(self, months: &[(f64, u32)]) -> Vec<f64> {
        let course = |month: usize| match self {
            Self::Constant => Course::level(months[month].0),
            Self::Smooth => Course::smooth(months, month),
        };
        let days = |month: usize| {
            let (course, count) = (course(month), months[month].1);
            (1..=count).map(move |day| course.day(day, count))
        };
        (0..months.len()).flat_map(days).collect()
    }
}

/// A month's value over its days: straight from its beginning to its middle and on to its end.
#[derive(Clone, Copy, Debug)]
struct Course {
    begins: f64,
    middle: f64,
    ends: f64,
}

impl Course {
    fn level(mean: f64) -> Self {
        Self {
            begins: mean,
            middle: mean,
            ends: mean,
        }
    }

    /// Continuous with the months beside it; level towards the ends of the run.
    fn smooth(months: &[(f64, u32)], month: usize) -> Self {
        let mean = months[month].0;
        let beside = |other: Option<usize>| other.and_then(|other| months.get(other));
        let joint = |other: Option<usize>| beside(other).map_or(mean, |other| joint(mean, other.0));
        let (begins, ends) = (joint(month.checked_sub(1)), joint(Some(month + 1)));
        Self {
            begins,
            middle: (2.0 * mean - 0.5 * (begins + ends)).max(0.0),
            ends,
        }
    }

    /// The value at a part of the month from 0 to 1.
    fn at(self, part: f64) -> f64 {
        let between = |from: f64, to: f64, share: f64| from * (1.0 - share) + to * share;
        if part < 0.5 {
            between(self.begins, self.middle, 2.0 * part)
        } else {
            between(self.middle, self.ends, 2.0 * part - 1.0)
        }
    }

    /// Mean of a day: the bend lies between two days or in the middle of one, so that the means of the
    /// two halves of a day are the values in their middles.
    fn day(self, day: u32, days: u32) -> f64 {
        let part = |quarter: f64| (f64::from(day) - quarter) / f64::from(days);
        0.5 * (self.at(part(0.75)) + self.at(part(0.25)))
    }
}

/// Value where two months meet: their mean, but at most twice the lesser one, so that neither must fall
/// below zero in its middle.
fn joint(one: f64, other: f64) -> f64 {
    (0.5 * (one + other)).min(2.0 * one.min(other))
}
