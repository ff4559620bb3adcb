//! Records as means of months.

use std::collections::{BTreeMap, BTreeSet};

use super::record::{Measured, Reading, Record};
use super::source::Source;
use crate::time::{Date, Month};

/// What records say of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Mean {
    /// The mean, m³/s or m; none where too much is missing.
    pub(super) value: Option<f64>,
    /// Mean of the stated errors of its levels, m.
    pub(super) error: Option<f64>,
    /// Days without a flow.
    pub(super) missing_days: u32,
}

/// The months of a record. A month of daily flows has a mean where at most `missing_days` of its days have no
/// value; one of levels wherever a satellite passed.
pub(super) fn means(record: &Record, missing_days: u32) -> BTreeMap<Month, Mean> {
    let mut readings: BTreeMap<Month, Vec<&Reading>> = BTreeMap::new();
    for reading in &record.readings {
        let month = reading.date.month();
        readings.entry(month).or_default().push(reading);
    }
    let mean = |(month, readings): (Month, Vec<&Reading>)| {
        let values: Vec<f64> = readings.iter().filter_map(|r| r.value).collect();
        let valid = readings.iter().filter(|reading| reading.value.is_some());
        let errors: Vec<f64> = valid.filter_map(|reading| reading.error).collect();
        let by_day = readings.iter().any(|r| matches!(r.date, Date::Day(..)));
        let days = match (record.measured, by_day) {
            (Measured::Flow, true) => month.days().saturating_sub(values.len() as u32),
            _ => 0,
        };
        let mean = Mean {
            value: mean_of(&values).filter(|_| days <= missing_days),
            error: mean_of(&errors),
            missing_days: days,
        };
        (month, mean)
    };
    readings.into_iter().map(mean).collect()
}

fn mean_of(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Refuses flows of the same day or month twice in a file.
pub(super) fn refuse_repeated(source: &Source, record: &Record) {
    let mut seen = BTreeSet::new();
    for reading in &record.readings {
        if record.measured == Measured::Flow && !seen.insert(reading.date) {
            let found = format!("{} a second time", reading.date);
            source.fault(reading.line, "date", found, "each date once", "");
        }
    }
}

/// Joins the months of several records: a month is that of the first record that has it.
pub(super) fn joined(records: Vec<BTreeMap<Month, Mean>>) -> BTreeMap<Month, Mean> {
    let mut all: BTreeMap<Month, Mean> = BTreeMap::new();
    for (month, mean) in records.into_iter().flatten() {
        let known = all.entry(month).or_insert(mean);
        if known.value.is_none() && mean.value.is_some() {
            *known = mean;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Daily flows 1, 2, 3, … of a month, the first `missing` days without one.
    fn record(month: Month, missing: u32) -> Record {
        let reading = |day: u32| Reading {
            line: day as usize,
            date: Date::Day(month, day),
            value: (day > missing).then_some(f64::from(day)),
            error: None,
        };
        Record {
            place: String::new(),
            measured: Measured::Flow,
            reference: None,
            readings: (1..=month.days()).map(reading).collect(),
        }
    }

    #[test]
    fn a_month_with_few_days_missing_has_the_mean_of_the_others() {
        let june = Month::new(1987, 6);
        let mean = |missing| means(&record(june, missing), 3)[&june];
        assert_eq!(mean(0).value, Some(15.5));
        // The days 4 to 30.
        assert_eq!(mean(3).value, Some(17.0));
        assert_eq!((mean(4).value, mean(4).missing_days), (None, 4));
    }

    #[test]
    fn a_month_is_that_of_the_first_record_that_has_it() {
        let (june, july) = (Month::new(1987, 6), Month::new(1987, 7));
        let value = |value| Mean {
            value,
            ..Mean::default()
        };
        let first = BTreeMap::from([(june, value(Some(1.0))), (july, value(None))]);
        let second = BTreeMap::from([(june, value(Some(5.0))), (july, value(Some(6.0)))]);
        let all = joined(vec![first, second]);
        assert_eq!((all[&june].value, all[&july].value), (Some(1.0), Some(6.0)));
    }
}
