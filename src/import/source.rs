//! A file of an archive as lines: UTF-8 or Latin-1, with either ending of lines.

use crate::faults::{Fault, counted};
use crate::inputs::folder::Folder;
use crate::time::Date;

/// A file that is being read.
#[derive(Debug)]
pub(super) struct Source<'f> {
    pub(super) folder: &'f Folder,
    pub(super) file: String,
    lines: Vec<String>,
}

impl<'f> Source<'f> {
    /// Opens a file; what is not UTF-8 is read as Latin-1, which every byte is a letter of.
    pub(super) fn open(folder: &'f Folder, file: &str, wanted_by: &str) -> Option<Self> {
        let bytes = folder.bytes(file, wanted_by)?;
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Some(Self {
            folder,
            file: file.to_owned(),
            lines: text.lines().map(printable).collect(),
        })
    }

    /// The name of the file without its folders.
    pub(super) fn name(&self) -> &str {
        name_of(&self.file)
    }

    /// The lines that hold something, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.lines.iter().enumerate();
        let lines = lines.map(|(place, line)| (place + 1, line.as_str()));
        lines.filter(|(_, line)| !line.trim().is_empty())
    }

    /// The lines that hold something and do not begin with `#`.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().filter(|(_, line)| !line.starts_with('#'))
    }

    /// The lines that begin with `#`, without it.
    pub(super) fn comments(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.lines();
        lines.filter_map(|(line, text)| Some((line, text.strip_prefix('#')?.trim())))
    }

    /// The value of a comment line `# KEY: VALUE`; none where it is empty.
    pub(super) fn noted(&self, key: &str) -> Option<(usize, &str)> {
        self.comments().find_map(|(line, text)| {
            let (name, value) = text.split_once(':')?;
            (name.trim() == key && !value.trim().is_empty()).then_some((line, value.trim()))
        })
    }

    /// Puts down a fault.
    pub(super) fn fault(
        &self,
        line: usize,
        place: &str,
        found: String,
        expected: &str,
        hint: &str,
    ) {
        self.folder.fault(Fault {
            file: self.folder.shown(&self.file),
            line,
            place: place.to_owned(),
            found,
            expected: expected.to_owned(),
            hint: hint.to_owned(),
        });
    }

    /// A cell as a number; what is none is put down.
    pub(super) fn number(&self, line: usize, place: &str, cell: &str) -> Option<f64> {
        let number = cell.trim().parse::<f64>().ok();
        let number = number.filter(|number| number.is_finite());
        if number.is_none() {
            self.fault(line, place, shown(cell), "a number", "");
        }
        number
    }

    /// A cell as a day or month; what is none is put down.
    pub(super) fn date(&self, line: usize, place: &str, cell: &str) -> Option<Date> {
        let date = date(cell);
        if date.is_none() {
            let expected = "a day or month, for instance 1987-06-30, 1987/06/30, 30.06.1987, 19870630 or 1987-06";
            self.fault(line, place, shown(cell), expected, "");
        }
        date
    }
}

/// The name of a file without its folders.
pub(super) fn name_of(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

/// A cell in a fault.
pub(super) fn shown(cell: &str) -> String {
    match cell.trim() {
        "" => "a blank cell".to_owned(),
        cell => format!("`{cell}`"),
    }
}

/// A line without letters that steer a terminal or end a line.
pub(super) fn printable(line: &str) -> String {
    let line = line.strip_suffix('\r').unwrap_or(line);
    line.chars()
        .map(|letter| match letter {
            '\t' => '\t',
            letter if letter.is_control() => ' ',
            letter => letter,
        })
        .collect()
}

/// The day or month that a text names, a time of day after it left out. The day `00` means the month.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let (year, month, day) = match parts[..] {
        [all] if all.len() == 8 && digits(all) => (&all[..4], &all[4..6], &all[6..]),
        [day, month, year] if text.contains('.') => (year, month, day),
        [year, month, day] => (year, month, day),
        [year, month] => (year, month, "00"),
        _ => return None,
    };
    match day {
        "00" => format!("{year}-{month}").parse().ok(),
        day => format!("{year}-{month}-{day}").parse().ok(),
    }
}

/// What parts the cells of a table, by the line with the names of its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// `;`, a tab or `,`.
    Letter(u8),
    /// Any number of blanks.
    Blanks,
}

impl Separator {
    /// The separator of a line with names of columns: the first of `;`, tab and `,` that it has, else blanks.
    pub(super) fn of(names: &str) -> Self {
        let letters = [b';', b'\t', b','].into_iter();
        letters
            .map(|letter| (letter, names.bytes().any(|byte| byte == letter)))
            .find_map(|(letter, is_there)| is_there.then_some(Self::Letter(letter)))
            .unwrap_or(Self::Blanks)
    }

    /// Whether it may be a decimal mark in these cells: a comma between two whole numbers.
    fn may_be_decimal(self, cells: &[String]) -> bool {
        let is_whole = |cell: &str| !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit());
        let mut neighbours = cells.iter().zip(cells.iter().skip(1));
        let is_one = |(whole, fraction): (&String, &String)| {
            is_whole(whole.trim_start_matches(['+', '-'])) && is_whole(fraction)
        };
        self == Self::Letter(b',') && neighbours.any(is_one)
    }

    /// The cells of a line; quotation marks may enclose one.
    pub(super) fn cells(self, line: &str) -> Vec<String> {
        let Self::Letter(letter) = self else {
            return line.split_whitespace().map(str::to_owned).collect();
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(letter)
            .trim(csv::Trim::All)
            .from_reader(line.as_bytes());
        let row = reader.records().next().and_then(Result::ok);
        row.unwrap_or_default().iter().map(str::to_owned).collect()
    }
}

/// Puts down a row that has not as many cells as the header has names.
pub(super) fn refuse_misfit(
    source: &Source,
    line: usize,
    separator: Separator,
    cells: &[String],
    names: usize,
) {
    let expected = format!("{} as in the header", counted(names, "cell"));
    let hint = match cells.len() > names && separator.may_be_decimal(cells) {
        true => {
            "is the comma a decimal mark? then part the cells by `;`, or put the numbers into quotation marks"
        }
        false => "",
    };
    source.fault(line, "row", counted(cells.len(), "cell"), &expected, hint);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_any_form_that_means_one_day() {
        for text in [
            "1987-06-30",
            "1987/06/30",
            "30.06.1987",
            "19870630",
            "1987-06-30 12:05:00",
            "1987-06-30T12:05",
        ] {
            let date = date(text).expect("a date");
            assert_eq!(date.to_string(), "1987-06-30", "{text}");
        }
        for text in ["1987-06", "1987-06-00", "1987/06"] {
            assert_eq!(date(text).expect("a month").to_string(), "1987-06");
        }
        for text in [
            "",
            "30/06/1987",
            "1987-13",
            "1987-02-30",
            "99999999",
            "June",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn cells_are_parted_by_what_the_names_are_parted_by() {
        assert_eq!(Separator::of("date;flow,m3s").cells("a;1,5"), ["a", "1,5"]);
        assert_eq!(Separator::of("a,b").cells("\"x, y\", 2"), ["x, y", "2"]);
        assert_eq!(Separator::of("a\tb").cells("\t2"), ["", "2"]);
        assert_eq!(
            Separator::of("Year  Jan").cells(" 1980   5 "),
            ["1980", "5"]
        );
    }
}
