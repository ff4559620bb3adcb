//! One TOML table while its keys are being read.
//!
//! A reader asks for all keys first and unpacks the answers afterwards, so that every fault of the table
//! is put down; [`Table::finish`] then refuses keys that nobody asked for and numbers without a source.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::by_year::ByYear;
use super::document::{Kind, Value, read};
use super::folder::{CONFIDENCES, Folder, Provenance};
use super::origin::Origin;
use super::range::Range;
use super::series::beside;
use crate::faults::{counted, listed, meant, near};
use crate::time::Month;

/// A key, or one of several, that a table should have.
#[derive(Debug)]
struct Lack {
    keys: Vec<String>,
    expected: String,
    hint: String,
}

impl Lack {
    /// Whether an unknown key may have been meant for it.
    fn is_meant_by(&self, near: &str) -> bool {
        self.keys.iter().any(|key| key == near)
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
    lacking: RefCell<Vec<Lack>>,
}

impl<'f> Table<'f> {
    /// The root table of a TOML file that `wanted_by` needs.
    pub fn root(folder: &'f Folder, file: &str, wanted_by: &str) -> Option<Self> {
        let mut root = read(folder, file, wanted_by)?;
        root.line = 0;
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
        let (asked, lacking) = (RefCell::default(), RefCell::default());
        Some(Self {
            folder,
            file: file.to_owned(),
            label,
            line: value.line,
            values,
            asked,
            lacking,
        })
    }

    /// The same table, of which nothing was asked yet, with every text that is `word` replaced.
    #[must_use]
    pub fn replaced(&self, word: &str, by: &Kind) -> Self {
        let values = self.values.iter();
        let values = values.map(|(key, value)| (key.clone(), value.replaced(word, by)));
        Self {
            folder: self.folder,
            file: self.file.clone(),
            label: self.label.clone(),
            line: self.line,
            values: values.collect(),
            asked: RefCell::default(),
            lacking: RefCell::default(),
        }
    }

    /// Whether a text of the table, also of lists and tables within it, is `word`.
    pub fn holds(&self, word: &str) -> bool {
        self.values
            .values()
            .any(|value| value.texts().contains(&word))
    }

    /// Numbers or texts that may be left out.
    pub fn mixed(&self, key: &str) -> Option<Vec<Kind>> {
        let value = self.ask(key)?;
        let is_plain = |kind: &Kind| match kind {
            Kind::Number(number) => number.is_finite(),
            Kind::Text(_) => true,
            _ => false,
        };
        if let Kind::List(items) = &value.kind
            && !items.is_empty()
            && items.iter().all(|item| is_plain(&item.kind))
        {
            return Some(items.iter().map(|item| item.kind.clone()).collect());
        }
        self.wrong(key, value, "a list of numbers or of texts");
        None
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

    /// Where the table and its keys are written.
    pub fn origin(&self) -> Origin {
        let lines = self.values.iter();
        Origin {
            file: self.folder.shown(&self.file),
            label: self.label.clone(),
            line: self.line,
            lines: lines
                .map(|(key, value)| (key.clone(), value.line))
                .collect(),
        }
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
        let origin = self.origin();
        self.folder.fault(origin.fault(key, found, expected, hint));
    }

    /// Remembers that one of `keys` should be there; [`Table::finish`] puts down the fault, unless one of
    /// them stands there misspelt.
    pub fn lacks(&self, keys: &[&str], expected: &str) {
        let hint = match keys {
            [key] => format!("add `{key} = …`"),
            _ => String::new(),
        };
        self.lacking.borrow_mut().push(Lack {
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            expected: expected.to_owned(),
            hint,
        });
    }

    /// As [`Table::lacks`] for a number that may be spelled in several ways, the usual one first.
    pub fn lacks_spelled(&self, keys: &[&str], expected: &str) {
        self.lacks(keys, expected);
        if let (Some(lack), Some(key)) = (self.lacking.borrow_mut().last_mut(), keys.first()) {
            lack.hint = format!("add `{key} = …`");
        }
    }

    /// As [`Table::lacks`] for a table within this one.
    pub fn lacks_table(&self, key: &str, expected: &str) {
        self.lacking.borrow_mut().push(Lack {
            keys: vec![key.to_owned()],
            expected: expected.to_owned(),
            hint: String::new(),
        });
    }

    /// Excuses the names and files that stand in the value of a key from being unknown or unused.
    pub fn excuse(&self, key: &str) {
        for text in self.values.get(key).map(Value::texts).unwrap_or_default() {
            self.folder.excuse(text);
            self.folder.excuse(&beside(&self.file, text));
        }
    }

    fn wrong(&self, key: &str, value: &Value, expected: &str) {
        self.fault(key, value.described(), expected.to_owned(), String::new());
    }

    fn required<T>(&self, key: &str, expected: &str, value: Option<T>) -> Option<T> {
        if !self.has(key) {
            self.lacks(&[key], expected);
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
        self.one_of(key, self.text(key)?, known)
    }

    /// One of a few words; may be left out.
    pub fn optional_word(&self, key: &str, known: &[&str]) -> Option<String> {
        self.one_of(key, self.optional_text(key)?, known)
    }

    fn one_of(&self, key: &str, word: String, known: &[&str]) -> Option<String> {
        if known.contains(&word.as_str()) {
            return Some(word);
        }
        let expected = format!("one of {}", listed(known.iter().copied()));
        let hint = meant(near(&word, known.iter().copied()));
        self.fault(key, format!("`{word}`"), expected, hint);
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
            Kind::Number(number) => {
                let hint = range.hint(number).to_owned();
                self.fault(key, value.described(), range.expected().to_owned(), hint);
                None
            }
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
        let value = self.ask(key)?;
        match value.kind {
            Kind::Number(number)
                if number.fract() == 0.0 && (f64::from(least)..1e9).contains(&number) =>
            {
                Some(number as u32)
            }
            _ => {
                self.wrong(key, value, &format!("a whole number from {least}"));
                None
            }
        }
    }

    /// As [`Table::optional_count`], but it must be there.
    pub fn count(&self, key: &str, least: u32, expected: &str) -> Option<u32> {
        self.required(key, expected, self.optional_count(key, least))
    }

    /// A year that must be there.
    pub fn year(&self, key: &str) -> Option<i32> {
        let expected = "a year from 1 to 9999";
        let value = self.required(key, expected, self.ask(key))?;
        match value.kind {
            Kind::Number(year) if year.fract() == 0.0 && (1.0..=9999.0).contains(&year) => {
                Some(year as i32)
            }
            _ => {
                self.wrong(key, value, expected);
                None
            }
        }
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

    /// A number, or a list of numbers; may be left out.
    pub fn one_or_more(&self, key: &str, range: Range) -> Option<Vec<f64>> {
        let value = self.ask(key)?;
        match value.kind {
            Kind::List(_) => self.numbers(key, range),
            _ => self.checked(key, value, range).map(|number| vec![number]),
        }
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
            self.fault(key, counted(count, "number"), expected, String::new());
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
            .map(|(year, value)| {
                let number = year.parse::<u16>().ok().filter(|_| is_year(year));
                if number.is_none() {
                    let expected = "years of four digits as keys".to_owned();
                    self.fault(key, format!("`{year}`"), expected, String::new());
                }
                Some((f64::from(number?), self.checked(key, value, range)?))
            })
            .collect();
        // Texts of four digits stand in the order of their numbers.
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
        let expected = format!("tables {header}, in double brackets");
        let Kind::List(items) = &value.kind else {
            self.wrong(key, value, &expected);
            self.excuse(key);
            return Vec::new();
        };
        let tables: Vec<Self> = items
            .iter()
            .filter_map(|item| Self::of(self.folder, &self.file, header.clone(), item.clone()))
            .collect();
        if tables.len() < items.len() {
            self.wrong(key, value, &expected);
        }
        tables
    }

    /// The table `[key]`; may be left out.
    pub fn table(&self, key: &str) -> Option<Self> {
        let value = self.ask(key)?;
        let header = format!("[{}{key}]", self.prefix());
        let table = Self::of(self.folder, &self.file, header.clone(), value.clone());
        if table.is_none() {
            self.wrong(key, value, &format!("a table {header}, in single brackets"));
            self.excuse(key);
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
        let mut lacking = self.lacking.take();
        for key in self.values.keys().filter(|key| !known.contains(key)) {
            let known = known.iter().map(String::as_str);
            let expected = format!("one of {}", listed(known.clone()));
            // A key that is not there yet is more likely meant than one that is.
            let near = near(
                key,
                known
                    .clone()
                    .filter(|known| !self.values.contains_key(*known)),
            )
            .or_else(|| near(key, known));
            self.fault(key, "an unknown key".into(), expected, meant(near));
            self.excuse(key);
            lacking.retain(|lack| near.is_none_or(|near| !lack.is_meant_by(near)));
        }
        for lack in lacking {
            self.fault(&lack.keys[0], "nothing".into(), lack.expected, lack.hint);
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

/// Whether a text is a year of four digits, from 0001.
pub fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) && text != "0000"
}

fn text_of(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    }
}
