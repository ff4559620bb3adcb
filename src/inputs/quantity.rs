//! Flows, volumes and depths as they are written: a key or column names its unit by its ending.
//!
//! This is the only place of the readers that knows the endings. One quantity stands once in a table or
//! file, in one of its units.

use super::columns::Columns;
use super::range::Range;
use super::table::Table;
use crate::faults::listed;
use crate::units::{Quantity, Unit};

/// A key or column with the unit that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// Key or column.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
}

impl Spelling {
    fn of(stem: &str, unit: Unit) -> Self {
        Self {
            name: format!("{stem}_{}", unit.ending()),
            unit,
        }
    }

    /// All spellings of a quantity, the usual one first.
    pub fn all(stem: &str, quantity: Quantity) -> Vec<Self> {
        let units = quantity.units().iter();
        units.map(|unit| Self::of(stem, *unit)).collect()
    }

    /// Numbers written so, as m³/s or hm³.
    pub fn read(&self, numbers: &[f64]) -> Vec<f64> {
        let numbers = numbers.iter();
        numbers.map(|number| self.unit.read(*number)).collect()
    }

    /// A value of the engine as it would be written here.
    pub fn shown(&self, value: f64) -> String {
        format!("{}", self.unit.write(value))
    }

    /// As [`Spelling::shown`], with the unit.
    pub fn shown_with_unit(&self, value: f64) -> String {
        format!("{} {}", self.unit.write(value), self.unit.symbol())
    }
}

impl Table<'_> {
    /// The spelling of a quantity that the table has, else the usual one; a second one is a fault.
    pub fn spelling(&self, stem: &str, quantity: Quantity) -> Spelling {
        let mut all = Spelling::all(stem, quantity);
        // Each is asked for, so that an unknown key may be meant for any of them.
        let written: Vec<usize> = (0..all.len())
            .filter(|place| self.has(&all[*place].name))
            .collect();
        if let [_, second, ..] = written[..] {
            let found = listed(written.iter().map(|place| all[*place].name.as_str()));
            let expected = "one of them".to_owned();
            self.fault(&all[second].name, found, expected, String::new());
        }
        all.swap_remove(written.first().copied().unwrap_or(0))
    }

    /// Whether the table has a quantity in any unit.
    pub fn has_quantity(&self, stem: &str, quantity: Quantity) -> bool {
        let all = Spelling::all(stem, quantity);
        all.iter().filter(|key| self.has(&key.name)).count() > 0
    }

    /// A quantity that may be left out, m³/s or hm³.
    pub fn optional_quantity(&self, stem: &str, quantity: Quantity, range: Range) -> Option<f64> {
        let key = self.spelling(stem, quantity);
        Some(key.unit.read(self.optional_number(&key.name, range)?))
    }

    /// A quantity that must be there, m³/s or hm³.
    pub fn quantity(&self, stem: &str, quantity: Quantity, range: Range) -> Option<f64> {
        if !self.has_quantity(stem, quantity) {
            self.lacks_quantity(stem, quantity, &[], range.expected());
        }
        self.optional_quantity(stem, quantity, range)
    }

    /// Twelve quantities, January to December, or one for all months, m³/s or hm³; may be left out.
    pub fn optional_twelve(&self, stem: &str, quantity: Quantity) -> Option<[f64; 12]> {
        let key = self.spelling(stem, quantity);
        let twelve = self.twelve(&key.name, Range::NotNegative)?;
        Some(twelve.map(|number| key.unit.read(number)))
    }

    /// As [`Table::optional_twelve`], but they must be there.
    pub fn twelve_of(&self, stem: &str, quantity: Quantity) -> Option<[f64; 12]> {
        if !self.has_quantity(stem, quantity) {
            let expected = "a number or 12 numbers, January to December";
            self.lacks_quantity(stem, quantity, &[], expected);
        }
        self.optional_twelve(stem, quantity)
    }

    /// Remembers that a quantity should be there in whatever unit, or one of `others` in its place.
    pub fn lacks_quantity(&self, stem: &str, quantity: Quantity, others: &[&str], expected: &str) {
        let all = Spelling::all(stem, quantity);
        let keys = all.iter().map(|key| key.name.as_str());
        let keys: Vec<&str> = keys.chain(others.iter().copied()).collect();
        self.lacks_spelled(&keys, expected);
    }
}

impl Columns<'_> {
    /// The spelling of a quantity that the header has, else the usual one; a second one is a fault.
    pub fn spelling(&self, stem: &str, quantity: Quantity) -> Spelling {
        let mut all = Spelling::all(stem, quantity);
        let written: Vec<usize> = (0..all.len())
            .filter(|place| self.header.contains(&all[*place].name))
            .collect();
        if written.len() > 1 {
            let found = listed(written.iter().map(|place| all[*place].name.as_str()));
            let expected = "one of them".to_owned();
            self.fault(self.header_line, "header", found, expected, "");
        }
        all.swap_remove(written.first().copied().unwrap_or(0))
    }
}

/// The endings of a quantity for a message: `_m3s` or `_ml_per_day`.
pub fn endings(quantity: Quantity) -> String {
    let endings = quantity.units().iter();
    let endings: Vec<String> = endings
        .map(|unit| format!("`_{}`", unit.ending()))
        .collect();
    match endings.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// A column's name without its unit, and the unit.
pub fn split(name: &str, quantity: Quantity) -> Option<(&str, Unit)> {
    let stem = |unit: Unit| name.strip_suffix(unit.ending())?.strip_suffix('_');
    let units = quantity.units().iter();
    units.copied().find_map(|unit| Some((stem(unit)?, unit)))
}
