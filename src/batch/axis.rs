//! An axis of a batch: a name, its levels, and what each of them changes.

use std::sync::Arc;

use crate::inputs::document::Kind;
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::scenario::Change;

/// The text that stands for the level in the changes of an axis.
const LEVEL: &str = "value";

/// A value of an axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Level {
    /// A number in the axis's unit.
    Number(f64),
    /// A name.
    Text(String),
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// What a level does to a scenario.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// Its changes, after those of the base.
    pub changes: Vec<Change>,
    /// The climate that it names.
    pub climate: Option<String>,
}

/// An axis with its levels in order.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Unique name.
    pub name: String,
    /// Unit of its numbers; empty for names.
    pub unit: String,
    /// Levels with what they do.
    pub levels: Vec<(Level, Arc<Effect>)>,
}

/// The places of an axis between `from` and `to`, from 0 to 1, by its name.
pub type Spread<'s> = dyn Fn(&str) -> Vec<f64> + 's;

impl Axis {
    /// Reads `[[design.axis]]`; `spread` gives the places between `from` and `to`, from 0 to 1, by the axis's name.
    pub fn read(table: &Table, spread: Option<&Spread>) -> Option<Self> {
        let name = table.text("name");
        let unit = table.optional_text("unit").unwrap_or_default();
        let levels = match spread {
            Some(spread) => sampled(table, name.as_deref(), spread),
            None => listed(table),
        };
        let change = table.table("change");
        if !table.has("change") {
            table.lacks_table(
                "change",
                "a table of what the axis changes, as a scenario has it",
            );
        }
        table.finish();
        let (name, change, levels) = (name?, change?, levels?);
        if !change.holds(LEVEL) {
            let found = "no text \"value\"".to_owned();
            let expected = "\"value\" where the level of the axis is to stand".to_owned();
            table.fault("change", found, expected, String::new());
            return None;
        }
        let faults = table.folder().faults();
        let effect = |level: &Level| {
            // One wrong table would be told again for each level.
            let is_sound = table.folder().faults() == faults;
            let effect = is_sound.then(|| Effect::read(&change, level));
            Arc::new(effect.unwrap_or_default())
        };
        let levels = levels.into_iter().map(|level| {
            let effect = effect(&level);
            (level, effect)
        });
        let levels = levels.collect();
        Some(Self { name, unit, levels })
    }
}

impl Effect {
    /// What the changes say with a level in its place.
    fn read(change: &Table, level: &Level) -> Self {
        let kind = match level {
            Level::Number(number) => Kind::Number(*number),
            Level::Text(text) => Kind::Text(text.clone()),
        };
        let change = change.replaced(LEVEL, &kind);
        let mut changes = Change::read_all(&change);
        // Thousands of levels have one each.
        changes.shrink_to_fit();
        let climate = change.optional_text("climate");
        change.finish();
        Self { changes, climate }
    }
}

/// Levels of a grid or list: `values`, or so many `steps` between `from` and `to`.
fn listed(table: &Table) -> Option<Vec<Level>> {
    if table.has("values") {
        let values = table.mixed("values")?;
        return Some(values.into_iter().filter_map(level).collect());
    }
    if !table.has("from") && !table.has("to") {
        table.lacks(
            &["values", "from"],
            "either `values = […]`, or `from`, `to` and `steps`",
        );
        return None;
    }
    let steps = table.count("steps", 2, "a number of values from 2");
    let (from, to) = ends(table);
    let (from, to, steps) = (from?, to?, steps?);
    let last = f64::from(steps - 1);
    let value = |step: u32| match step + 1 == steps {
        true => to,
        false => from + (to - from) * f64::from(step) / last,
    };
    Some((0..steps).map(|step| Level::Number(value(step))).collect())
}

/// Levels of a sampled axis: places between `from` and `to`.
fn sampled(table: &Table, name: Option<&str>, spread: &Spread) -> Option<Vec<Level>> {
    let (from, to) = ends(table);
    let (from, to) = (from?, to?);
    let places = spread(name?).into_iter();
    Some(
        places
            .map(|place| Level::Number(from + (to - from) * place))
            .collect(),
    )
}

/// `from` and `to`, of which the second is the greater.
fn ends(table: &Table) -> (Option<f64>, Option<f64>) {
    let (from, to) = (
        table.number("from", Range::Finite),
        table.number("to", Range::Finite),
    );
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        let expected = format!("a number above {from}");
        table.fault("to", format!("the number {to}"), expected, String::new());
    }
    (from, to)
}

fn level(kind: Kind) -> Option<Level> {
    match kind {
        Kind::Number(number) => Some(Level::Number(number)),
        Kind::Text(text) => Some(Level::Text(text)),
        _ => None,
    }
}
