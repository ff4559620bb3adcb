//! Months of the year that a table means.

use super::range::Range;
use super::table::Table;
use crate::time::Month;

/// Months of the year; all twelve where none are named.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Months(Option<Vec<u32>>);

impl Months {
    /// Reads `months = [5, 6, 7]`, which may be left out.
    pub fn read(table: &Table) -> Option<Self> {
        match table.has("months") {
            true => some(table).map(|numbers| Self(Some(numbers))),
            false => Some(Self::default()),
        }
    }

    /// Whether a month is among them.
    pub fn hold(&self, month: Month) -> bool {
        let named = self.0.as_ref();
        named.is_none_or(|named| named.contains(&month.number()))
    }
}

fn some(table: &Table) -> Option<Vec<u32>> {
    let numbers = table.numbers("months", Range::Finite)?;
    let month = |number: &f64| (1..=12).find(|month| f64::from(*month) == *number);
    let strangers = numbers.iter().filter(|number| month(number).is_none());
    let strangers: Vec<String> = strangers.map(f64::to_string).collect();
    if strangers.is_empty() && !numbers.is_empty() {
        return Some(numbers.iter().filter_map(month).collect());
    }
    let found = if numbers.is_empty() {
        "no month".to_owned()
    } else {
        strangers.join(", ")
    };
    let expected = "at least one month, each from 1 to 12".to_owned();
    table.fault("months", found, expected, String::new());
    None
}
