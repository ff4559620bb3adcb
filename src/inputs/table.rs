//! One TOML table while its keys are being read.
//!
//! A reader asks for all keys first and unpacks the answers afterwards, so that every fault of the table
//! is put down; [`Table::finish`] then refuses keys that nobody asked for and numbers without a source.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::document::{Kind, Value, read};
use super::folder::{CONFIDENCES, Folder, Provenance};
use crate::faults::{Fault, listed, nearest};
use crate::time::Month;

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// Any finite number.
    Finite,
    /// Zero or more.
    NotNegative,
    /// More than zero.
    Positive,
    /// From zero to one, both included.
    Fraction,
}

impl Range {
    /// What the range asks for, in words.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::NotNegative => "a finite number, zero or more",
            Self::Positive => "a finite number above zero",
            Self::Fraction => "a number from 0 to 1",
        }
    }

    /// Whether a number lies in the range; NaN and infinity never do.
    pub fn holds(self, number: f64) -> bool {
        number.is_finite()
            && match self {
                Self::Finite => true,
                Self::NotNegative => number >= 0.0,
                Self::Positive => number > 0.0,
                Self::Fraction => (0.0..=1.0).contains(&number),
            }
    }
}

/// A TOML table that is being read.
#[derive(Debug)]
pub struct Table<'f> {
    folder: &'f Folder,
    file: String,
    /// How the table is called in a fault, for instance `[[user]] "Almaty"`.
    label: String,
    line: usize,
    values: BTreeMap<String, Value>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'f> Table<'f> {
    /// The root table of a TOML file that `wanted_by` needs.
    pub fn root(folder: &'f Folder, file: &str, wanted_by: &str) -> Option<Self> {
        let root = read(folder, file, wanted_by)?;
        Self::of(folder, file, String::new(), root)
    }

    fn of(folder: &'f Folder, file: &str, header: String, value: Value) -> Option<Self> {
        let Kind::Table { values, .. } = value.kind else {
            return None;
        };
        let label = match values.get("name").map(|name| &name.kind) {
            Some(Kind::Text(name)) if !header.is_empty() => format!("{header} \"{name}\""),
            _ => header,
        };
        let asked = RefCell::default();
        Some(Self {
            folder,
            file: file.to_owned(),
            label,
            line: value.line,
            values,
            asked,
        })
    }

    /// The folder that the table was read from.
    pub fn folder(&self) -> &'f Folder {
        self.folder
    }

    /// The file's path relative to the folder.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The table's name in faults.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The line of a key, else of the table.
    pub fn line_of(&self, key: &str) -> usize {
        self.values.get(key).map_or(self.line, |value| value.line)
    }

    /// Whether the table has the key; counts as asking for it.
    pub fn has(&self, key: &str) -> bool {
        self.ask(key).is_some()
    }

    fn ask(&self, key: &str) -> Option<&Value> {
        self.asked.borrow_mut().insert(key.to_owned());
        self.values.get(key)
    }

    /// Puts down a fault of one key.
    pub fn fault(&self, key: &str, found: String, expected: String, hint: String) {
        let place = match self.label.is_empty() {
            true => format!("key `{key}`"),
            false => format!("{}, key `{key}`", self.label),
        };
        let file = self.folder.shown(&self.file);
        self.folder.fault(Fault {
            file,
            line: self.line_of(key),
            place,
            found,
            expected,
            hint,
        });
    }

    fn missing(&self, key: &str, expected: &str) {
        self.fault(
            key,
            "nothing".into(),
            expected.to_owned(),
            format!("add `{key} = …`"),
        );
    }

    fn wrong(&self, key: &str, value: &Value, expected: &str) {
        self.fault(key, value.described(), expected.to_owned(), String::new());
    }

    fn required<T>(&self, key: &str, expected: &str, value: Option<T>) -> Option<T> {
        if !self.has(key) {
            self.missing(key, expected);
        }
        value
    }

    /// A text that may be left out; an empty one is a fault.
    pub fn optional_text(&self, key: &str) -> Option<String> {
        let value = self.ask(key)?;
        match &value.kind {
            Kind::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                self.wrong(key, value, "a text in quotation marks");
                None
            }
        }
    }

    /// A text that must be there.
    pub fn text(&self, key: &str) -> Option<String> {
        self.required(key, "a text in quotation marks", self.optional_text(key))
    }

    /// One of a few words that must be there.
    pub fn word(&self, key: &str, known: &[&str]) -> Option<String> {
        let word = self.text(key)?;
        if known.contains(&word.as_str()) {
            return Some(word);
        }
        let expected = format!("one of {}", listed(known.iter().copied()));
        self.fault(
            key,
            format!("`{word}`"),
            expected,
            nearest(&word, known.iter().copied()),
        );
        None
    }

    /// A switch; `default` where it is left out.
    pub fn flag(&self, key: &str, default: bool) -> bool {
        match self.ask(key) {
            None => default,
            Some(Value {
                kind: Kind::Flag(flag),
                ..
            }) => *flag,
            Some(value) => {
                self.wrong(key, value, "true or false");
                default
            }
        }
    }

    /// A switch that may be left out.
    pub fn optional_flag(&self, key: &str) -> Option<bool> {
        self.has(key).then(|| self.flag(key, false))
    }

    /// A number that may be left out.
    pub fn optional_number(&self, key: &str, range: Range) -> Option<f64> {
        let value = self.ask(key)?;
        self.checked(key, value, range)
    }

    fn checked(&self, key: &str, value: &Value, range: Range) -> Option<f64> {
        match value.kind {
            Kind::Number(number) if range.holds(number) => Some(number),
            _ => {
                self.wrong(key, value, range.expected());
                None
            }
        }
    }

    /// A number that must be there.
    pub fn number(&self, key: &str, range: Range) -> Option<f64> {
        self.required(key, range.expected(), self.optional_number(key, range))
    }

    /// A whole number of at least `least` that may be left out.
    pub fn optional_count(&self, key: &str, least: u32) -> Option<u32> {
        let number = self.optional_number(key, Range::Finite)?;
        if number.fract() == 0.0 && number >= f64::from(least) && number < 1e9 {
            return Some(number as u32);
        }
        self.fault(
            key,
            format!("{number}"),
            format!("a whole number from {least}"),
            String::new(),
        );
        None
    }

    /// A year that must be there.
    pub fn year(&self, key: &str) -> Option<i32> {
        let year = self.number(key, Range::Finite)?;
        if year.fract() == 0.0 && (1.0..=9999.0).contains(&year) {
            return Some(year as i32);
        }
        self.fault(key, format!("{year}"), "a year".to_owned(), String::new());
        None
    }

    /// A month `"YYYY-MM"` that may be left out.
    pub fn optional_month(&self, key: &str) -> Option<Month> {
        self.parsed(key, "a month in quotation marks, \"YYYY-MM\"")
    }

    /// A month that must be there.
    pub fn month(&self, key: &str) -> Option<Month> {
        self.required(
            key,
            "a month in quotation marks, \"YYYY-MM\"",
            self.optional_month(key),
        )
    }

    /// A text that may be left out and reads as a `T`.
    pub fn parsed<T: std::str::FromStr>(&self, key: &str, expected: &str) -> Option<T> {
        let value = self.ask(key)?;
        if let Kind::Text(text) = &value.kind
            && let Ok(parsed) = text.parse()
        {
            return Some(parsed);
        }
        self.wrong(key, value, expected);
        None
    }

    /// Texts that may be left out.
    pub fn texts(&self, key: &str) -> Option<Vec<String>> {
        let value = self.ask(key)?;
        let texts = match &value.kind {
            Kind::List(items) => items.iter().map(text_of).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        if texts.is_none() {
            self.wrong(key, value, "a list of texts");
        }
        texts
    }

    /// Numbers that may be left out.
    pub fn numbers(&self, key: &str, range: Range) -> Option<Vec<f64>> {
        let value = self.ask(key)?;
        let Kind::List(items) = &value.kind else {
            self.wrong(key, value, "a list of numbers");
            return None;
        };
        let numbers: Vec<_> = items
            .iter()
            .map(|item| self.checked(key, item, range))
            .collect();
        numbers.into_iter().collect()
    }

    /// Twelve numbers, January to December, or one for all months; may be left out.
    pub fn twelve(&self, key: &str, range: Range) -> Option<[f64; 12]> {
        let value = self.ask(key)?;
        if !matches!(value.kind, Kind::List(_)) {
            return self.checked(key, value, range).map(|number| [number; 12]);
        }
        let numbers = self.numbers(key, range)?;
        let count = numbers.len();
        let twelve = <[f64; 12]>::try_from(numbers).ok();
        if twelve.is_none() {
            let expected = "12 numbers, January to December".to_owned();
            self.fault(key, format!("{count} numbers"), expected, String::new());
        }
        twelve
    }

    /// A number for all years, or `{ 1970 = 1.0, 1990 = 2.0 }`; may be left out.
    pub fn by_year(&self, key: &str, range: Range) -> Option<ByYear> {
        let value = self.ask(key)?;
        let Kind::Table { values, .. } = &value.kind else {
            return self.checked(key, value, range).map(ByYear::constant);
        };
        let knots: Vec<Option<(f64, f64)>> = values
            .iter()
            .map(|(year, value)| match year.parse::<u16>() {
                Ok(year) if year > 0 => Some((f64::from(year), self.checked(key, value, range)?)),
                _ => {
                    self.fault(
                        key,
                        format!("`{year}`"),
                        "years as keys".into(),
                        String::new(),
                    );
                    None
                }
            })
            .collect();
        let knots = knots.into_iter().collect::<Option<Vec<_>>>()?;
        if knots.is_empty() {
            self.wrong(key, value, "at least one year");
            return None;
        }
        Some(ByYear { knots })
    }

    /// The tables `[[key]]`; none where the key is left out.
    pub fn tables(&self, key: &str) -> Vec<Self> {
        let Some(value) = self.ask(key) else {
            return Vec::new();
        };
        let header = format!("[[{}{key}]]", self.prefix());
        let Kind::List(items) = &value.kind else {
            self.wrong(key, value, &format!("tables {header}"));
            return Vec::new();
        };
        let tables: Vec<Self> = items
            .iter()
            .filter_map(|item| Self::of(self.folder, &self.file, header.clone(), item.clone()))
            .collect();
        if tables.len() < items.len() {
            self.wrong(key, value, &format!("tables {header}"));
        }
        tables
    }

    /// The table `[key]`; may be left out.
    pub fn table(&self, key: &str) -> Option<Self> {
        let value = self.ask(key)?;
        let header = format!("[{}{key}]", self.prefix());
        let table = Self::of(self.folder, &self.file, header.clone(), value.clone());
        if table.is_none() {
            self.wrong(key, value, &format!("a table {header}"));
        }
        table
    }

    /// What stands before a sub-table's key: the name of this table in TOML's own words.
    fn prefix(&self) -> String {
        let name = self.label.split(" \"").next().unwrap_or_default();
        match name.trim_matches(['[', ']']) {
            "" => String::new(),
            name => format!("{name}."),
        }
    }

    /// Refuses keys that nobody asked for, and numbers without source and confidence.
    pub fn finish(&self) {
        let source = self.optional_text("source");
        let confidence = self
            .has("confidence")
            .then(|| self.word("confidence", &CONFIDENCES))
            .flatten();
        let known: Vec<String> = self.asked.borrow().iter().cloned().collect();
        for key in self.values.keys().filter(|key| !known.contains(key)) {
            let known = known.iter().map(String::as_str);
            let expected = format!("one of {}", listed(known.clone()));
            self.fault(key, "an unknown key".into(), expected, hint_of(key, known));
        }
        if !self.values.values().any(Value::holds_number) {
            return;
        }
        if !self.values.contains_key("source") {
            let expected = "`source = \"…\"` for the numbers in this table".to_owned();
            let hint = "name the publication, or write \"assumption: …\"".to_owned();
            self.fault("source", "nothing".into(), expected, hint);
        }
        if !self.values.contains_key("confidence") {
            let expected = format!("`confidence` for the numbers in this table: {}", words());
            self.fault("confidence", "nothing".into(), expected, String::new());
        }
        if let (Some(source), Some(confidence)) = (source, confidence) {
            let (file, table) = (self.file.clone(), self.label.clone());
            self.folder.vouch(Provenance {
                file,
                table,
                source,
                confidence,
            });
        }
    }
}

fn words() -> String {
    listed(CONFIDENCES)
}

fn hint_of<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(key, known) {
        hint if hint.starts_with("did you mean") => hint,
        _ => String::new(),
    }
}

fn text_of(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// A number that changes from year to year: linear between the given years, constant outside them.
#[derive(Clone, Debug, PartialEq)]
pub struct ByYear {
    knots: Vec<(f64, f64)>,
}

impl ByYear {
    /// The same number in all years.
    pub fn constant(value: f64) -> Self {
        Self {
            knots: vec![(0.0, value)],
        }
    }

    /// The numbers of some years, in order of the years.
    pub fn new(knots: Vec<(i32, f64)>) -> Self {
        Self {
            knots: knots
                .into_iter()
                .map(|(year, value)| (f64::from(year), value))
                .collect(),
        }
    }

    /// The number of a year.
    pub fn at(&self, year: i32) -> f64 {
        let year = f64::from(year);
        let after = self.knots.partition_point(|(knot, _)| *knot <= year);
        match (
            after.checked_sub(1).map(|before| self.knots[before]),
            self.knots.get(after),
        ) {
            (Some((from, low)), Some((to, high))) => {
                low + (high - low) * (year - from) / (to - from)
            }
            (Some((_, value)), None) | (None, Some(&(_, value))) => value,
            (None, None) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_by_year_is_linear_between_and_constant_outside() {
        let ramp = ByYear::new(vec![(2024, 1.0), (2040, 2.0)]);
        assert_eq!(
            [2000, 2024, 2032, 2040, 2073].map(|year| ramp.at(year)),
            [1.0, 1.0, 1.5, 2.0, 2.0]
        );
    }
}
