//! A TOML file as a tree of values that know their lines.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::folder::Folder;
use crate::faults::{Fault, counted};

/// A value with the line it stands on.
#[derive(Clone, Debug)]
pub struct Value {
    /// Line in the file, from 1.
    pub line: usize,
    /// What the value is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A string.
    Text(String),
    /// An integer or a float.
    Number(f64),
    /// `true` or `false`.
    Flag(bool),
    /// A date or time of TOML's own type.
    Date(String),
    /// An array; of tables where written `[[…]]`.
    List(Vec<Value>),
    /// A table; inline where written `{ … }`.
    Table {
        /// Its values by key.
        values: BTreeMap<String, Value>,
        /// Whether it stands in braces within a line of another table.
        inline: bool,
    },
}

impl Value {
    /// The value in words, for the `found` of a fault.
    pub fn described(&self) -> String {
        match &self.kind {
            Kind::Text(text) => format!("the text \"{text}\""),
            Kind::Number(number) => format!("the number {number}"),
            Kind::Flag(flag) => format!("{flag}"),
            Kind::Date(date) => format!("the date {date}"),
            Kind::List(values) => format!("a list of {}", counted(values.len(), "value")),
            Kind::Table { .. } => "a table".to_owned(),
        }
    }

    /// The value with every text that is `word` replaced, in lists and tables within it too.
    #[must_use]
    pub fn replaced(&self, word: &str, by: &Kind) -> Self {
        let kind = match &self.kind {
            Kind::Text(text) if text == word => by.clone(),
            Kind::List(values) => Kind::List(
                values
                    .iter()
                    .map(|value| value.replaced(word, by))
                    .collect(),
            ),
            Kind::Table { values, inline } => Kind::Table {
                values: values
                    .iter()
                    .map(|(key, value)| (key.clone(), value.replaced(word, by)))
                    .collect(),
                inline: *inline,
            },
            other => other.clone(),
        };
        let line = self.line;
        Self { line, kind }
    }

    /// The texts in the value, in lists and tables within it too.
    pub fn texts(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Text(text) => vec![text],
            Kind::List(values) => values.iter().flat_map(Self::texts).collect(),
            Kind::Table { values, .. } => values.values().flat_map(Self::texts).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a number stands in the value, or in lists and inline tables within it.
    pub fn holds_number(&self) -> bool {
        match &self.kind {
            Kind::Number(_) => true,
            Kind::List(values) => values.iter().any(Self::holds_number),
            Kind::Table { values, inline } => *inline && values.values().any(Self::holds_number),
            _ => false,
        }
    }
}

/// The tree of the TOML file `file`; what does not parse is put down as faults.
pub fn read(folder: &Folder, file: &str, wanted_by: &str) -> Option<Value> {
    let text = folder.read(file, wanted_by)?;
    let (root, errors) = DeTable::parse_recoverable(&text);
    let mut last = 0;
    for error in &errors {
        let line = line_at(text.as_bytes(), error.span().map_or(0, |span| span.start));
        // What comes after the first error of a line mostly follows from it.
        if line == last {
            continue;
        }
        last = line;
        folder.fault(Fault {
            file: folder.shown(file),
            line,
            place: String::new(),
            found: error.message().to_owned(),
            expected: "a whole file in the TOML format".to_owned(),
            hint: String::new(),
        });
    }
    let reader = Reader {
        text: &text,
        lines: text.match_indices('\n').map(|(byte, _)| byte).collect(),
    };
    errors.is_empty().then(|| reader.table(0, root.get_ref()))
}

/// The line, from 1, on which a byte of a text stands.
pub fn line_at(text: &[u8], byte: usize) -> usize {
    let before = &text[..byte.min(text.len())];
    before.split(|byte| *byte == b'\n').count()
}

/// Makes values of a text that was parsed.
struct Reader<'a> {
    text: &'a str,
    /// Bytes at which lines end.
    lines: Vec<usize>,
}

impl Reader<'_> {
    /// The line, from 1, on which a byte stands.
    fn line(&self, byte: usize) -> usize {
        1 + self.lines.partition_point(|end| *end < byte)
    }

    fn table(&self, start: usize, entries: &DeTable) -> Value {
        let values = entries.iter().map(|(key, value)| {
            let mut converted = self.convert(value);
            if !matches!(&converted.kind, Kind::List(_)) {
                converted.line = self.line(key.span().start);
            }
            (key.get_ref().to_string(), converted)
        });
        let inline = self.text[start..].starts_with('{');
        Value {
            line: self.line(start),
            kind: Kind::Table {
                values: values.collect(),
                inline,
            },
        }
    }

    fn convert(&self, value: &Spanned<DeValue>) -> Value {
        let start = value.span().start;
        let kind = match value.get_ref() {
            DeValue::String(string) => Kind::Text(string.to_string()),
            DeValue::Integer(digits) => Kind::Number(
                // A whole number beyond 64 bits is still a number: its range is judged where it is used.
                i64::from_str_radix(digits.as_str(), digits.radix()).map_or_else(
                    |_| digits.as_str().parse().unwrap_or(f64::INFINITY),
                    |n| n as f64,
                ),
            ),
            DeValue::Float(digits) => Kind::Number(digits.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(flag) => Kind::Flag(*flag),
            DeValue::Datetime(date) => Kind::Date(date.to_string()),
            DeValue::Array(items) => {
                Kind::List(items.iter().map(|item| self.convert(item)).collect())
            }
            DeValue::Table(entries) => return self.table(start, entries),
        };
        Value {
            line: self.line(start),
            kind,
        }
    }
}
