//! What a file of an archive holds, whatever its format.

use crate::time::Date;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measured {
    /// Flow, m³/s.
    Flow,
    /// Level of a lake, m.
    Level,
}

/// A cell of a table of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    /// A number.
    Value(f64),
    /// The file says that there is none.
    Missing,
}

impl Cell {
    /// The number, where there is one.
    pub(super) fn value(self) -> Option<f64> {
        match self {
            Self::Value(number) => Some(number),
            Self::Missing => None,
        }
    }
}

/// One value of a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    /// Line of the file.
    pub(super) line: usize,
    /// Day, or month where the file has means of months.
    pub(super) date: Date,
    /// Flow in m³/s or level in m; none where the file says that it is missing.
    pub(super) value: Option<f64>,
    /// Stated error of a level, m.
    pub(super) error: Option<f64>,
}

/// The values of one station or lake in one file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    /// Station or lake, as printed in the file.
    pub(super) place: String,
    /// What was measured.
    pub(super) measured: Measured,
    /// What levels are above, as the file says.
    pub(super) reference: Option<String>,
    /// The values in the order of the file.
    pub(super) readings: Vec<Reading>,
}
