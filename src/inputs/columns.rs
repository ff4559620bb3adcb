//! A CSV file of inputs: comment lines that name the source, one header line, then rows.

use csv::StringRecord;

use super::folder::{CONFIDENCES, Folder, Provenance};
use super::range::Range;
use crate::faults::{Fault, counted, listed, meant, near};

/// A CSV file with its header and rows, each row with its line.
#[derive(Debug)]
pub struct Columns<'f> {
    folder: &'f Folder,
    file: String,
    /// Column names in order.
    pub header: Vec<String>,
    /// Line of the header.
    pub header_line: usize,
    rows: Vec<(usize, StringRecord)>,
    known: Vec<String>,
}

impl<'f> Columns<'f> {
    /// Reads `file`; faults are an empty file, a row of another length and a missing source.
    pub fn read(folder: &'f Folder, file: &str, wanted_by: &str) -> Option<Self> {
        let text = folder.read(file, wanted_by)?;
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let records = reader.records().filter_map(Result::ok);
        let mut rows: Vec<(usize, StringRecord)> =
            records.map(|row| (line_of(&text, &row), row)).collect();
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
        vouch(folder, file, &text);
        let (header_line, header) = rows.remove(0);
        let columns = Self {
            folder,
            file: file.to_owned(),
            header: header.iter().map(str::to_owned).collect(),
            header_line,
            rows,
            known: Vec::new(),
        };
        columns.check_shape().then_some(columns)
    }

    fn check_shape(&self) -> bool {
        let count = self.header.len();
        let mut sound = true;
        for (line, row) in &self.rows {
            if row.iter().any(|cell| cell.contains('\n')) {
                let found = "a cell that goes on in the next line".to_owned();
                let expected = "each row on a line of its own".to_owned();
                let hint = "is a quotation mark not closed?";
                self.fault(*line, "row", found, expected, hint);
                sound = false;
            } else if row.len() != count {
                let found = counted(row.len(), "cell");
                let expected = format!("{} as in the header", counted(count, "cell"));
                self.fault(*line, "row", found, expected, "");
                sound = false;
            }
        }
        for (index, name) in self.header.iter().enumerate() {
            if self.header[..index].contains(name) {
                let place = format!("column `{name}`");
                self.fault(
                    self.header_line,
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
                self.header_line,
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

    /// The place of a column that must be there; one that stands there misspelt was told by
    /// [`Columns::only`].
    pub fn place_of(&self, column: &str) -> Option<usize> {
        let place = self.header.iter().position(|name| name == column);
        let is_misspelt = || {
            self.strangers()
                .any(|name| self.meant_by(name) == Some(column))
        };
        if place.is_none() && !is_misspelt() && !self.is_headless() {
            let found = listed(self.header.iter().map(String::as_str));
            let expected = format!("a column `{column}`");
            self.fault(self.header_line, "header", found, expected, "");
        }
        place
    }

    /// Refuses columns that are not among `known`.
    pub fn only<S: AsRef<str>>(&mut self, known: &[S]) {
        let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
        self.known = known.iter().map(|name| (*name).to_owned()).collect();
        if self.is_headless() {
            let found = listed(self.header.iter().map(String::as_str));
            let expected = format!(
                "the names of the columns: {}",
                listed(known.iter().copied())
            );
            let hint = "is the line with the names of the columns missing?";
            self.fault(self.header_line, "header", found, expected, hint);
            return;
        }
        for name in self.strangers() {
            let expected = format!("one of {}", listed(known.iter().copied()));
            let hint = meant(self.meant_by(name));
            self.fault(
                self.header_line,
                &format!("column `{name}`"),
                "an unknown column".into(),
                expected,
                &hint,
            );
        }
    }

    /// Whether no column at all is known, so that the first row may not be a header.
    fn is_headless(&self) -> bool {
        !self.known.is_empty() && !self.header.iter().any(|name| self.known.contains(name))
    }

    /// Columns that are not known, where it was said which are.
    fn strangers(&self) -> impl Iterator<Item = &String> {
        let known = |name: &&String| self.known.is_empty() || self.known.contains(name);
        self.header.iter().filter(move |name| !known(name))
    }

    /// The known column that an unknown one may be meant for: one that is not there, if it is like it.
    fn meant_by(&self, name: &str) -> Option<&str> {
        let absent = self
            .known
            .iter()
            .filter(|known| !self.header.contains(known));
        near(name, absent.map(String::as_str))
    }

    /// The cells of a column as texts; a blank one is a fault where `required`.
    pub fn texts(&self, column: usize, required: bool) -> Option<Vec<String>> {
        let cells = self.rows.iter().map(|(line, row)| {
            let cell = row.get(column).unwrap_or_default();
            if cell.is_empty() && required {
                self.cell(*line, column, "a blank cell".into(), "a text", "");
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
        let number = cell.parse::<f64>();
        let found = match number {
            Ok(number) if range.holds(number) => return Some(number),
            _ if cell.is_empty() => "a blank cell".to_owned(),
            _ => format!("`{cell}`"),
        };
        let has_comma = cell.replacen(',', ".", 1).parse::<f64>().is_ok() && cell.contains(',');
        let hint = match number {
            Ok(number) => range.hint(number),
            Err(_) if has_comma => "write a decimal point",
            Err(_) => "",
        };
        self.cell(line, column, found, range.expected(), hint);
        None
    }

    fn cell(&self, line: usize, column: usize, found: String, expected: &str, hint: &str) {
        let place = format!("column `{}`", self.header[column]);
        self.fault(line, &place, found, expected.to_owned(), hint);
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

/// The line on which a row begins: comments and empty lines before it are counted with it by the reader.
fn line_of(text: &str, row: &StringRecord) -> usize {
    let Some(start) = row.position() else {
        return 0;
    };
    let before = start.line() as usize;
    let passed = text
        .get(start.byte() as usize..)
        .unwrap_or_default()
        .lines();
    before
        + passed
            .take_while(|line| line.starts_with('#') || line.is_empty())
            .count()
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
