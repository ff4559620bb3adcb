//! A CSV file of inputs: comment lines that name the source, one header line, then rows.

use csv::StringRecord;

use super::folder::{CONFIDENCES, Folder, Provenance};
use super::table::Range;
use crate::faults::{Fault, listed, nearest};

/// A CSV file with its header and rows, each row with its line.
#[derive(Debug)]
pub struct Columns<'f> {
    folder: &'f Folder,
    file: String,
    /// Column names in order.
    pub header: Vec<String>,
    rows: Vec<(usize, StringRecord)>,
}

impl<'f> Columns<'f> {
    /// Reads `file`; faults are an empty file, a row of another length and a missing source.
    pub fn read(folder: &'f Folder, file: &str, wanted_by: &str) -> Option<Self> {
        let text = folder.read(file, wanted_by)?;
        vouch(folder, file, &text);
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let records = reader.records().filter_map(Result::ok);
        let mut rows: Vec<(usize, StringRecord)> = records
            .map(|row| (row.position().map_or(0, |place| place.line() as usize), row))
            .collect();
        if rows.is_empty() {
            let expected = "a header line and rows".to_owned();
            put(
                folder,
                file,
                0,
                String::new(),
                "an empty file".into(),
                expected,
                String::new(),
            );
            return None;
        }
        let header: Vec<String> = rows.remove(0).1.iter().map(str::to_owned).collect();
        let columns = Self {
            folder,
            file: file.to_owned(),
            header,
            rows,
        };
        columns.check_shape().then_some(columns)
    }

    fn check_shape(&self) -> bool {
        let count = self.header.len();
        let uneven = self.rows.iter().filter(|(_, row)| row.len() != count);
        let mut sound = true;
        for (line, row) in uneven {
            let found = format!("{} cells", row.len());
            self.fault(
                *line,
                "row",
                found,
                format!("{count} cells as in the header"),
                "",
            );
            sound = false;
        }
        for (index, name) in self.header.iter().enumerate() {
            if self.header[..index].contains(name) {
                let place = format!("column `{name}`");
                self.fault(
                    0,
                    &place,
                    "the column twice".into(),
                    "each column once".into(),
                    "",
                );
                sound = false;
            }
        }
        if self.rows.is_empty() {
            self.fault(
                0,
                "rows",
                "a header alone".into(),
                "at least one row".into(),
                "",
            );
            sound = false;
        }
        sound
    }

    /// Puts down a fault of this file.
    pub fn fault(&self, line: usize, place: &str, found: String, expected: String, hint: &str) {
        put(
            self.folder,
            &self.file,
            line,
            place.to_owned(),
            found,
            expected,
            hint.to_owned(),
        );
    }

    /// Lines of the rows, in order.
    pub fn lines(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().map(|(line, _)| *line)
    }

    /// The place of a column that must be there.
    pub fn place_of(&self, column: &str) -> Option<usize> {
        let place = self.header.iter().position(|name| name == column);
        if place.is_none() {
            let found = listed(self.header.iter().map(String::as_str));
            let expected = format!("a column `{column}`");
            let hint = nearest(column, self.header.iter().map(String::as_str));
            let hint = if hint.starts_with("did you mean") {
                hint.as_str()
            } else {
                ""
            };
            self.fault(1, "header", found, expected, hint);
        }
        place
    }

    /// Refuses columns that are not among `known`.
    pub fn only(&self, known: &[&str]) {
        for name in self
            .header
            .iter()
            .filter(|name| !known.contains(&name.as_str()))
        {
            let expected = format!("one of {}", listed(known.iter().copied()));
            let hint = nearest(name, known.iter().copied());
            self.fault(
                1,
                &format!("column `{name}`"),
                "an unknown column".into(),
                expected,
                &hint,
            );
        }
    }

    /// The cells of a column as texts; a blank one is a fault where `required`.
    pub fn texts(&self, column: usize, required: bool) -> Option<Vec<String>> {
        let cells = self.rows.iter().map(|(line, row)| {
            let cell = row.get(column).unwrap_or_default();
            if cell.is_empty() && required {
                self.cell(*line, column, "a blank cell".into(), "a text".into());
                return None;
            }
            Some(cell.to_owned())
        });
        whole(cells)
    }

    /// The cells of a column as numbers in `range`; a blank one is a fault, never a zero.
    pub fn numbers(&self, column: usize, range: Range) -> Option<Vec<f64>> {
        let cells = self.rows.iter().map(|(line, row)| {
            let cell = row.get(column).unwrap_or_default();
            self.number(*line, column, cell, range)
        });
        whole(cells)
    }

    /// As [`Columns::numbers`], where a cell may be blank.
    pub fn optional_numbers(&self, column: usize, range: Range) -> Option<Vec<Option<f64>>> {
        let cells = self
            .rows
            .iter()
            .map(|(line, row)| match row.get(column).unwrap_or_default() {
                "" => Some(None),
                cell => self.number(*line, column, cell, range).map(Some),
            });
        whole(cells)
    }

    fn number(&self, line: usize, column: usize, cell: &str, range: Range) -> Option<f64> {
        let found = match cell.parse::<f64>() {
            Ok(number) if range.holds(number) => return Some(number),
            _ if cell.is_empty() => "a blank cell".to_owned(),
            _ => format!("`{cell}`"),
        };
        self.cell(line, column, found, range.expected().to_owned());
        None
    }

    fn cell(&self, line: usize, column: usize, found: String, expected: String) {
        self.fault(
            line,
            &format!("column `{}`", self.header[column]),
            found,
            expected,
            "",
        );
    }

    /// Refuses a column whose numbers do not rise from row to row (`strictly`) or that fall.
    pub fn rising(&self, column: usize, numbers: &[f64], strictly: bool) -> bool {
        let mut sound = true;
        for ((line, pair), name) in self
            .lines()
            .skip(1)
            .zip(numbers.windows(2))
            .zip(std::iter::repeat(&self.header[column]))
        {
            if pair[1] > pair[0] || (!strictly && pair[1] == pair[0]) {
                continue;
            }
            let expected = format!(
                "{} {}",
                if strictly { "above" } else { "at least" },
                pair[0]
            );
            let place = format!("column `{name}`");
            let hint = "a curve rises from row to row";
            self.fault(line, &place, format!("{}", pair[1]), expected, hint);
            sound = false;
        }
        sound
    }
}

/// All values, or none where one is missing; looks at every one, so that each puts down its fault.
fn whole<T>(values: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let values: Vec<Option<T>> = values.collect();
    values.into_iter().collect()
}

fn put(
    folder: &Folder,
    file: &str,
    line: usize,
    place: String,
    found: String,
    expected: String,
    hint: String,
) {
    folder.fault(Fault {
        file: folder.shown(file),
        line,
        place,
        found,
        expected,
        hint,
    });
}

/// Takes source and confidence from the comment lines `# source: …` and `# confidence: …`.
fn vouch(folder: &Folder, file: &str, text: &str) {
    let note = |key: &str| {
        let lines = text.lines().filter_map(|line| line.strip_prefix('#'));
        let notes = lines.filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix(':'));
        notes
            .map(str::trim)
            .find(|note| !note.is_empty())
            .map(str::to_owned)
    };
    let (source, confidence) = (note("source"), note("confidence"));
    if source.is_none() {
        let expected = "a line `# source: …` above the header".to_owned();
        let hint = "name the publication, or write `# source: assumption: …`".to_owned();
        put(
            folder,
            file,
            0,
            "comment lines".into(),
            "no source".into(),
            expected,
            hint,
        );
    }
    let known = confidence
        .as_deref()
        .is_some_and(|word| CONFIDENCES.contains(&word));
    if !known {
        let found = confidence
            .as_ref()
            .map_or("no confidence".into(), |word| format!("`{word}`"));
        let expected = format!(
            "a line `# confidence: …` with one of {}",
            listed(CONFIDENCES)
        );
        put(
            folder,
            file,
            0,
            "comment lines".into(),
            found,
            expected,
            String::new(),
        );
    }
    if let (Some(source), Some(confidence)) = (source, confidence) {
        let (file, table) = (file.to_owned(), String::new());
        folder.vouch(Provenance {
            file,
            table,
            source,
            confidence,
        });
    }
}
