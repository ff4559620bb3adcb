//! Tables of years by twelve months.

use super::record::{Cell, Reading};
use super::source::{Separator, Source, refuse_misfit, shown};
use crate::time::{Date, Month};

/// Names of the twelve months that a header may have, lower case, the usual ones first.
const NAMES: [[&str; 12]; 4] = [
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
    [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
    ],
    [
        "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12",
    ],
    [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
    ],
];

/// The columns of a table of years by months.
#[derive(Debug)]
pub(super) struct Years {
    pub(super) separator: Separator,
    /// Names of all columns.
    pub(super) names: Vec<String>,
    months: [usize; 12],
}

impl Years {
    /// The columns of a line of names, where it has twelve months.
    pub(super) fn of(line: &str) -> Option<Self> {
        let separator = Separator::of(line);
        let names = separator.cells(line);
        let places = |months: &[&str; 12]| {
            let place = |month: &&str| {
                let mut names = names.iter();
                names.position(|name| name.to_lowercase() == **month)
            };
            months.iter().map(place).collect::<Option<Vec<usize>>>()
        };
        let months = NAMES.iter().find_map(places)?;
        Some(Self {
            months: <[usize; 12]>::try_from(months).ok()?,
            separator,
            names,
        })
    }

    /// The place of the first column of one of these names, whatever their case.
    pub(super) fn place(&self, known: &[&str]) -> Option<usize> {
        let is = |name: &String| known.contains(&name.to_lowercase().as_str());
        self.names.iter().position(is)
    }

    /// The cells of a row; another number of them is put down.
    pub(super) fn cells(&self, source: &Source, line: usize, row: &str) -> Option<Vec<String>> {
        let cells = self.separator.cells(row);
        if cells.len() != self.names.len() {
            refuse_misfit(source, line, self.separator, &cells, self.names.len());
            return None;
        }
        Some(cells)
    }

    /// The twelve months of a row whose year stands in the column `year`; `value` reads a cell and gives
    /// none for a fault.
    pub(super) fn readings(
        &self,
        source: &Source,
        line: usize,
        cells: &[String],
        year: usize,
        value: impl Fn(&str, &str) -> Option<Cell>,
    ) -> Option<Vec<Reading>> {
        let written = cells[year].trim();
        let is_year = written.len() == 4 && written.bytes().all(|byte| byte.is_ascii_digit());
        if !is_year {
            source.fault(line, "year", shown(written), "a year of four digits", "");
        }
        let number: Option<i32> = written.parse().ok().filter(|_| is_year);
        let values: Vec<Option<Cell>> = self
            .months
            .iter()
            .map(|place| value(&format!("column `{}`", self.names[*place]), &cells[*place]))
            .collect();
        let values = values.into_iter().collect::<Option<Vec<_>>>()?;
        let year = number?;
        let months = (1..).map(|number| Month::new(year, number));
        let readings = months.zip(values).map(|(month, value)| Reading {
            line,
            date: Date::Month(month),
            value: value.value(),
            error: None,
        });
        Some(readings.collect())
    }
}
