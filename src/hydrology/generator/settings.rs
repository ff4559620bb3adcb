//! What a file of `generators` says: a method, a seed and the years that it is fitted to.

use crate::faults::nearest;
use crate::inputs::folder::Folder;
use crate::inputs::origin::Origin;
use crate::inputs::table::Table;
use crate::time::Period;

/// Ways to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Lognormal flows that keep a part of the month before (equation E54).
    Lognormal,
    /// Years drawn from those near the year before (equation E55).
    NearestYears,
    /// Months drawn at random and correlated again (equation E56).
    ShuffledMonths,
    /// Low and high regimes of annual flow (equation E57).
    Regimes,
}

impl Way {
    /// The words of the methods.
    pub const WORDS: [&str; 4] = ["lognormal", "nearest-years", "shuffled-months", "regimes"];

    fn of(word: &str) -> Self {
        match word {
            "nearest-years" => Self::NearestYears,
            "shuffled-months" => Self::ShuffledMonths,
            "regimes" => Self::Regimes,
            _ => Self::Lognormal,
        }
    }
}

/// A file of the folder `generators`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A line that says what it is.
    pub title: String,
    /// How it generates.
    pub way: Way,
    /// Key of all draws.
    pub seed: u32,
    /// Whole years of the record.
    pub period: Period,
    /// Column of the series to take in place of the first.
    pub column: Option<String>,
    /// Sites that are not generated.
    pub except: Vec<String>,
    /// Climate that its members are shifted to; that of the record where none.
    pub climate: Option<String>,
    /// The place of its keys.
    pub written: Origin,
}

/// Least number of years of a record.
const LEAST_YEARS: usize = 10;

impl Settings {
    /// Reads a file; none where a fault was put down.
    pub fn read(folder: &Folder, file: &str) -> Option<Self> {
        let table = Table::root(folder, file, "the command line")?;
        let title = table.text("title");
        let way = table.word("method", &Way::WORDS);
        let seed = table.count("seed", 0, "a whole number from 0");
        let expected = "whole years, \"YYYY-01..YYYY-12\"";
        let period = table.parsed::<Period>("period", expected);
        if !table.has("period") {
            table.lacks(&["period"], expected);
        }
        let whole = |period: &Period| period.first.number() == 1 && period.last.number() == 12;
        if let Some(period) = period.filter(|p| !whole(p) || p.len() < 12 * LEAST_YEARS) {
            let expected = format!("at least {LEAST_YEARS} whole years");
            table.fault("period", format!("`{period}`"), expected, String::new());
        }
        let column = table.optional_text("inflow_column");
        let except = table.texts("except").unwrap_or_default();
        let climate = table.optional_text("climate");
        table.finish();
        let settings = Self {
            title: title?,
            way: Way::of(&way?),
            seed: seed?,
            period: period?,
            column,
            except,
            climate,
            written: table.origin(),
        };
        folder.is_sound().then_some(settings)
    }

    /// Puts down a fault of one key.
    pub(super) fn fault(&self, folder: &Folder, key: &str, found: &str, expected: &str) {
        let fault = self
            .written
            .fault(key, found.to_owned(), expected.to_owned(), String::new());
        folder.fault(fault);
    }

    /// Refuses names that are not known.
    pub(super) fn known<'a>(
        &self,
        folder: &Folder,
        key: &str,
        names: &[String],
        known: impl Iterator<Item = &'a str>,
    ) {
        let known: Vec<&str> = known.collect();
        for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
            let hint = nearest(name, known.iter().copied());
            let expected = "an inflow or lake with a dated series".to_owned();
            folder.fault(self.written.fault(key, format!("`{name}`"), expected, hint));
        }
    }
}
