//! How much of a flood is let down in a year: decided in every spring from the water that there is
//! (equations E42 and E43).

use super::hydrograph::{DayOfYear, Hydrograph};
use crate::faults::counted;
use crate::inputs::origin::Origin;
use crate::inputs::quantity::Spelling;
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::time::{Date, Month};
use crate::units::Quantity;

/// A rule by which the volume of a flood is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct FloodRule {
    /// The day of decision, at its beginning.
    day: DayOfYear,
    /// Lakes and reservoirs whose storage counts.
    pub storages: Vec<String>,
    /// Inflows whose expected water counts.
    pub inflows: Vec<String>,
    /// Which water is expected.
    pub expected: Expected,
    /// Days from the decision on whose water counts.
    pub expected_days: u32,
    /// Storage and expected water at each knot, hm³, rising: those of the table, and as many between them that
    /// the floods of neighbours differ by no more than a day of the plateau.
    pub available_hm3: Vec<f64>,
    /// The flood at each knot.
    pub floods: Vec<Hydrograph>,
    /// The place of its table.
    pub written: Origin,
}

/// Which water a decision expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The mean of all years of the run.
    Mean,
    /// What will come: a perfect forecast.
    AsItComes,
}

const EXPECTED: [(&str, Expected); 2] = [
    ("mean", Expected::Mean),
    ("as it comes", Expected::AsItComes),
];

impl FloodRule {
    /// Reads a table `[minimum_flow.decision]` about a flood; none where the flood has faults of its own.
    pub fn read(table: &Table, flood: Option<&Hydrograph>) -> Option<Self> {
        let expects = "a day of every year in quotation marks, \"MM-DD\"";
        let day: Option<DayOfYear> = table.parsed("day", expects);
        if !table.has("day") {
            table.lacks(&["day"], expects);
        }
        let storages = table.texts("storages");
        if !table.has("storages") {
            table.lacks(&["storages"], "a list of lakes or reservoirs");
        }
        let inflows = table.texts("inflows").unwrap_or_default();
        let expected = table.word("expected", &EXPECTED.map(|(word, _)| word));
        let expected_days = table.count("expected_days", 0, "whole days, 0 or more");
        let knots = Knots::read(table);
        table.finish();
        let expected = EXPECTED
            .iter()
            .find(|(word, _)| *word == expected.as_deref().unwrap_or_default());
        let (day, flood) = (day?, flood?);
        if !is_before(day, flood) {
            let found = "a day after which the flood has already begun".to_owned();
            let DayOfYear(month, first) = flood.start();
            let expected =
                format!("a day before the flood begins, at the latest {month:02}-{first:02}");
            table.fault("day", found, expected, String::new());
            return None;
        }
        let knots = knots?.refined(flood);
        Some(Self {
            day,
            storages: storages?,
            inflows,
            expected: expected?.1,
            expected_days: expected_days?,
            floods: knots.parts.iter().map(|part| flood.part(*part)).collect(),
            available_hm3: knots.available_hm3,
            written: table.origin(),
        })
    }

    /// Whether the decision is taken at the beginning of a step: a run by months takes it with the month.
    pub fn decides(&self, date: Date) -> bool {
        let DayOfYear(month, day) = self.day;
        match date {
            Date::Month(step) => step.number() == month,
            Date::Day(step, today) => (step.number(), today) == (month, day),
        }
    }

    /// The flood where there is most water.
    pub fn most(&self) -> Option<&Hydrograph> {
        self.floods.last()
    }
}

/// Whether no flood is under way at the beginning of a day, nor of its month.
fn is_before(day: DayOfYear, flood: &Hydrograph) -> bool {
    let (DayOfYear(month, last), start) = (day, flood.start());
    let month = Month::new(2001, month);
    let is_start = |day: u32| DayOfYear(month.number(), day) == start;
    (1..=last).all(|today| flood.on(month, today) == 0.0 || (today == last && is_start(today)))
}

/// The table of a rule.
struct Knots {
    available_hm3: Vec<f64>,
    parts: Vec<f64>,
}

impl Knots {
    fn read(table: &Table) -> Option<Self> {
        let key = table.spelling("available", Quantity::Volume);
        let available = table.numbers(&key.name, Range::NotNegative);
        let parts = table.numbers("part", Range::Fraction);
        if !table.has_quantity("available", Quantity::Volume) {
            table.lacks_quantity("available", Quantity::Volume, &[], "a list of volumes");
        }
        if !table.has("part") {
            table.lacks(
                &["part"],
                "a list of parts of the flood, one for each volume",
            );
        }
        let (available, parts) = (available?, parts?);
        let knots = Self {
            available_hm3: key.read(&available),
            parts,
        };
        knots.check(table, &key).then_some(knots)
    }

    /// With knots between those of the table: a flood then grows by days of its plateau.
    fn refined(&self, flood: &Hydrograph) -> Self {
        let mut refined = Self {
            available_hm3: vec![self.available_hm3[0]],
            parts: vec![self.parts[0]],
        };
        for (available, parts) in self.available_hm3.windows(2).zip(self.parts.windows(2)) {
            let days = (parts[1] - parts[0]) * flood.days_of_plateau();
            let pieces = days.ceil().max(1.0) as u32;
            let between = |ends: &[f64], piece: u32| match piece == pieces {
                true => ends[1],
                false => ends[0] + (ends[1] - ends[0]) * f64::from(piece) / f64::from(pieces),
            };
            for piece in 1..=pieces {
                refined.available_hm3.push(between(available, piece));
                refined.parts.push(between(parts, piece));
            }
        }
        refined
    }

    fn check(&self, table: &Table, key: &Spelling) -> bool {
        let fault = |key: &str, found: String, expected: &str| {
            table.fault(key, found, expected.to_owned(), String::new());
            false
        };
        let count = self.available_hm3.len();
        if count < 2 {
            let found = counted(count, "volume");
            return fault(&key.name, found, "two volumes or more");
        }
        if self.parts.len() != count {
            let found = counted(self.parts.len(), "part");
            let expected = format!("{}, one for each volume", counted(count, "part"));
            return fault("part", found, &expected);
        }
        for pair in self.available_hm3.windows(2) {
            if pair[1] <= pair[0] {
                let found = format!("{} after {}", key.shown(pair[1]), key.shown(pair[0]));
                return fault(&key.name, found, "volumes that rise");
            }
        }
        for pair in self.parts.windows(2) {
            if pair[1] < pair[0] {
                let found = format!("{} after {}", pair[1], pair[0]);
                return fault(
                    "part",
                    found,
                    "parts that never fall: more water, no smaller flood",
                );
            }
        }
        true
    }
}
