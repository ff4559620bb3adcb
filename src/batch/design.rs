//! The runs of a batch: parts that are a full grid, a list or a sample, and the product of all parts.

use std::sync::Arc;

use super::axis::{Axis, Effect, Level};
use super::sampling::{SOBOL_AXES, latin_hypercube, sobol};
use crate::inputs::table::Table;

/// Most runs of a batch.
const MOST_RUNS: usize = 1_000_000;

/// How the axes of a part are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    /// Every level of each with every level of the others.
    Grid,
    /// The first levels of all, then the second ones.
    List,
    /// As a list, of a Latin hypercube.
    LatinHypercube,
    /// As a list, of a Sobol sequence.
    Sobol,
}

const METHODS: [(&str, Method); 4] = [
    ("grid", Method::Grid),
    ("list", Method::List),
    ("latin-hypercube", Method::LatinHypercube),
    ("sobol", Method::Sobol),
];

/// A part of a design.
#[derive(Clone, Debug)]
struct Part {
    axes: Vec<Axis>,
    is_grid: bool,
    points: usize,
}

/// The runs of a batch: every point of each part with every point of the others.
#[derive(Clone, Debug)]
pub struct Design {
    parts: Vec<Part>,
}

impl Design {
    /// Reads all tables `[[design]]`; none where a fault was put down.
    pub fn read(root: &Table) -> Option<Self> {
        if !root.has("design") {
            root.lacks_table("design", "at least one table [[design]] with its axes");
        }
        let parts: Vec<Option<Part>> = root.tables("design").iter().map(Part::read).collect();
        let design = Self {
            parts: parts.into_iter().collect::<Option<_>>()?,
        };
        let mut names: Vec<&str> = design.axes().map(|axis| axis.name.as_str()).collect();
        names.sort_unstable();
        let mut neighbours = names.iter().zip(names.iter().skip(1));
        if let Some((twin, _)) = neighbours.find(|(one, next)| one == next) {
            let found = format!("two axes `{twin}`");
            root.fault(
                "design",
                found,
                "a name of its own for each axis".into(),
                String::new(),
            );
        }
        let runs = design
            .parts
            .iter()
            .try_fold(1_usize, |runs, part| runs.checked_mul(part.points));
        if runs.is_none_or(|runs| runs > MOST_RUNS) {
            let expected = format!("at most {MOST_RUNS} runs");
            root.fault(
                "design",
                "more runs than that".into(),
                expected,
                String::new(),
            );
        }
        root.folder().is_sound().then_some(design)
    }

    /// All axes, in the order of the file.
    pub fn axes(&self) -> impl Iterator<Item = &Axis> {
        self.parts.iter().flat_map(|part| &part.axes)
    }

    /// Number of runs.
    pub fn runs(&self) -> usize {
        self.parts.iter().map(|part| part.points).product()
    }

    /// The level of each axis in a run, from 0; the last part changes fastest.
    pub fn levels(&self, run: usize) -> Vec<(&Level, &Arc<Effect>)> {
        let mut left = run;
        let mut parts: Vec<Vec<(&Level, &Arc<Effect>)>> = Vec::new();
        for part in self.parts.iter().rev() {
            parts.push(part.levels(left % part.points));
            left /= part.points;
        }
        parts.into_iter().rev().flatten().collect()
    }
}

impl Part {
    fn read(table: &Table) -> Option<Self> {
        let words = METHODS.map(|method| method.0);
        let method = table.word("method", &words)?;
        let method = METHODS.iter().find(|known| known.0 == method)?.1;
        let is_sampled = matches!(method, Method::LatinHypercube | Method::Sobol);
        let runs = is_sampled.then(|| table.count("runs", 1, "a number of runs from 1"));
        let seed = is_sampled.then(|| table.count("seed", 0, "a whole number from 0"));
        if !table.has("axis") {
            table.lacks_table("axis", "at least one table [[design.axis]]");
        }
        let tables = table.tables("axis");
        table.finish();
        if method == Method::Sobol && tables.len() > SOBOL_AXES {
            let found = format!("{} axes", tables.len());
            let expected = format!("at most {SOBOL_AXES} axes of a Sobol sequence");
            table.fault("axis", found, expected, String::new());
            return None;
        }
        let (runs, seed) = match (runs, seed) {
            (Some(runs), Some(seed)) => (runs? as usize, seed?),
            _ => (0, 0),
        };
        let axes = tables.iter().enumerate().map(|(place, table)| {
            let spread = |name: &str| match method {
                Method::Sobol => sobol(seed, name, place, runs),
                _ => latin_hypercube(seed, name, runs),
            };
            Axis::read(table, is_sampled.then_some(&spread))
        });
        let axes: Vec<Option<Axis>> = axes.collect();
        let axes: Vec<Axis> = axes.into_iter().collect::<Option<_>>()?;
        let counts: Vec<usize> = axes.iter().map(|axis| axis.levels.len()).collect();
        if method == Method::List && counts.iter().any(|count| *count != counts[0]) {
            let found = format!("lists of {counts:?} values");
            table.fault("axis", found, "lists of one length".into(), String::new());
            return None;
        }
        let is_grid = method == Method::Grid;
        let points = match is_grid {
            true => counts
                .iter()
                .try_fold(1_usize, |all, count| all.checked_mul(*count)),
            false => counts.first().copied(),
        };
        Some(Self {
            axes,
            is_grid,
            points: points?,
        })
    }

    fn levels(&self, point: usize) -> Vec<(&Level, &Arc<Effect>)> {
        let mut left = point;
        let mut levels: Vec<(&Level, &Arc<Effect>)> = Vec::new();
        for axis in self.axes.iter().rev() {
            let count = axis.levels.len();
            let place = if self.is_grid { left % count } else { point };
            left /= count;
            let (level, effect) = &axis.levels[place];
            levels.push((level, effect));
        }
        levels.reverse();
        levels
    }
}
