//! The curve of a lake or reservoir: level, volume, area and outflow on common knots.
//!
//! Area, outflow and the volumes of the bodies of a lake are linear in the total volume between knots;
//! the level follows from dh/dV = 1/A (equation E4), so that level, volume and area agree everywhere.

use super::levels::level;
use crate::faults::counted;
use crate::inputs::columns::Columns;
use crate::inputs::quantity::Spelling;
use crate::inputs::range::Range;
use crate::inputs::series::beside;
use crate::inputs::table::Table;
use crate::units::Quantity;

/// Level, volume and area of a storage, from its bottom up.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Level at each knot, m.
    pub level_m: Vec<f64>,
    /// Volume at each knot, hm³, from 0.
    pub volume_hm3: Vec<f64>,
    /// Area at each knot, km².
    pub area_km2: Vec<f64>,
    /// Outflow over the natural sill or spillway at each knot, m³/s; none where there is no such outlet.
    pub outflow_m3s: Option<Vec<f64>>,
    /// The bodies of a lake, in the order of its `[[lake.body]]` tables.
    pub bodies: Vec<BodyCurve>,
}

/// Volume and area of one body of a lake on the knots of the whole lake.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyCurve {
    /// Volume at each knot, hm³.
    pub volume_hm3: Vec<f64>,
    /// Area at each knot, km².
    pub area_km2: Vec<f64>,
}

impl Curve {
    /// Reads the file that the key `curve` of a table names; `bodies` are the prefixes of their columns.
    pub fn read(table: &Table, bodies: &[String]) -> Option<Self> {
        let name = table.text("curve")?;
        let file = beside(table.file(), &name);
        let mut columns = Columns::read(table.folder(), &file, table.label())?;
        let stems: Vec<String> = bodies.iter().map(|body| format!("{body}_volume")).collect();
        let areas: Vec<String> = bodies
            .iter()
            .map(|body| format!("{body}_area_km2"))
            .collect();
        columns.only(&known(&stems, &areas));
        let written = columns.spelling("volume", Quantity::Volume);
        let level = rising(&columns, "level_m", Range::Finite, true);
        let volume = rising(&columns, &written.name, Range::NotNegative, true);
        let area = rising(&columns, "area_km2", Range::SquareKilometres, false);
        let outflow_written = columns.spelling("outflow", Quantity::Flow);
        let outflow = columns
            .header
            .contains(&outflow_written.name)
            .then(|| rising(&columns, &outflow_written.name, Range::NotNegative, false));
        let bodies: Vec<_> = stems
            .iter()
            .zip(&areas)
            .map(|(stem, area)| {
                let written = columns.spelling(stem, Quantity::Volume);
                let volume = rising(&columns, &written.name, Range::NotNegative, false);
                // A body may lose area to its neighbour while the whole lake grows.
                let area = columns.numbers(columns.place_of(area)?, Range::SquareKilometres);
                Some(BodyCurve {
                    volume_hm3: written.read(&volume?),
                    area_km2: area?,
                })
            })
            .collect();
        let curve = Self {
            level_m: level?,
            volume_hm3: written.read(&volume?),
            area_km2: area?,
            outflow_m3s: match outflow {
                Some(outflow) => Some(outflow_written.read(&outflow?)),
                None => None,
            },
            bodies: bodies.into_iter().collect::<Option<_>>()?,
        };
        curve
            .check(&columns, &written, &outflow_written)
            .then_some(curve)
    }

    fn check(&self, columns: &Columns, volume: &Spelling, outflow: &Spelling) -> bool {
        let knots = self.level_m.len();
        if knots < 2 {
            columns.fault(
                columns.header_line,
                "rows",
                counted(knots, "row"),
                "at least two rows, of an empty and of a full lake".into(),
                "",
            );
            return false;
        }
        if self.volume_hm3[0] != 0.0 {
            let found = volume.shown_with_unit(self.volume_hm3[0]);
            let hint = "a curve begins at the bottom, with an empty lake";
            let line = columns.lines().next().unwrap_or(0);
            let place = format!("column `{}`", volume.name);
            columns.fault(line, &place, found, "0".into(), hint);
            return false;
        }
        if let Some(lowest) = self.outflow_m3s.as_ref().map(|outflow| outflow[0])
            && lowest > 0.0
        {
            let hint = "an empty lake has nothing to let out";
            let line = columns.lines().next().unwrap_or(0);
            let place = format!("column `{}`", outflow.name);
            columns.fault(line, &place, outflow.shown(lowest), "0".into(), hint);
            return false;
        }
        if self.bodies.is_empty() {
            return true;
        }
        let mut sound = true;
        for (knot, line) in columns.lines().enumerate() {
            let sum: f64 = self.bodies.iter().map(|body| body.volume_hm3[knot]).sum();
            let area: f64 = self.bodies.iter().map(|body| body.area_km2[knot]).sum();
            // A table that is printed with seven figures may be off by its last one.
            let differs = |sum: f64, whole: f64| (sum - whole).abs() > 1e-6 * whole.max(1.0);
            if differs(sum, self.volume_hm3[knot]) || differs(area, self.area_km2[knot]) {
                let sum = volume.shown_with_unit(sum);
                let found = format!("{sum} and {area} km² in the bodies");
                let whole = volume.shown_with_unit(self.volume_hm3[knot]);
                let expected = format!(
                    "{whole} and {} km² as in the whole lake",
                    self.area_km2[knot]
                );
                columns.fault(line, "row", found, expected, "");
                sound = false;
            }
        }
        sound
    }

    /// The segment that holds a volume: the last knot at or below it, but never the last of all.
    pub fn segment(&self, volume_hm3: f64) -> usize {
        let after = self.volume_hm3.partition_point(|knot| *knot <= volume_hm3);
        after.saturating_sub(1).min(self.volume_hm3.len() - 2)
    }

    /// `values` at a volume, linear between knots and beyond the last; 0 below the first.
    pub fn at_volume(&self, values: &[f64], volume_hm3: f64) -> f64 {
        if volume_hm3 < self.volume_hm3[0] {
            return 0.0;
        }
        let knot = self.segment(volume_hm3);
        let (low, high) = (self.volume_hm3[knot], self.volume_hm3[knot + 1]);
        let share = (volume_hm3 - low) / (high - low);
        values[knot] + share * (values[knot + 1] - values[knot])
    }

    /// Area in km² at a volume.
    pub fn area(&self, volume_hm3: f64) -> f64 {
        self.at_volume(&self.area_km2, volume_hm3)
    }

    /// Level in m at a volume: dh/dV = 1/A within a segment, fitted to the levels of its knots (E4); that of the bottom
    /// below it.
    pub fn level(&self, volume_hm3: f64) -> f64 {
        level(self, volume_hm3)
    }

    /// Whether the area grows enough from `low` to `high` for its logarithm to have a meaning.
    pub(super) fn widens(low: f64, high: f64) -> bool {
        low > 0.0 && (high / low - 1.0) > 1e-9
    }

    /// Volume in hm³ at a level, the inverse of [`Curve::level`]; none outside the curve.
    pub fn volume(&self, level_m: f64) -> Option<f64> {
        let last = self.level_m.len() - 1;
        if !(self.level_m[0]..=self.level_m[last]).contains(&level_m) {
            return None;
        }
        let after = self.level_m.partition_point(|knot| *knot <= level_m);
        let knot = after.saturating_sub(1).min(last - 1);
        let share = (level_m - self.level_m[knot]) / (self.level_m[knot + 1] - self.level_m[knot]);
        let (from, to) = (self.volume_hm3[knot], self.volume_hm3[knot + 1]);
        let (low, high) = (self.area_km2[knot], self.area_km2[knot + 1]);
        let of_volume = if Self::widens(low, high) {
            (libm::pow(high / low, share) - 1.0) * low / (high - low)
        } else {
            share
        };
        Some(from + of_volume * (to - from))
    }
}

fn rising(columns: &Columns, name: &str, range: Range, strictly: bool) -> Option<Vec<f64>> {
    let place = columns.place_of(name)?;
    let numbers = columns.numbers(place, range)?;
    columns.rising(place, &numbers, strictly).then_some(numbers)
}

/// All columns that a curve may have; `volumes` are those of bodies, without unit.
fn known(volumes: &[String], areas: &[String]) -> Vec<String> {
    let spelled = |stem: &str, quantity| Spelling::all(stem, quantity).into_iter();
    let mut known = vec!["level_m".to_owned()];
    known.extend(spelled("volume", Quantity::Volume).map(|column| column.name));
    known.push("area_km2".to_owned());
    known.extend(spelled("outflow", Quantity::Flow).map(|column| column.name));
    for (volume, area) in volumes.iter().zip(areas) {
        known.extend(spelled(volume, Quantity::Volume).map(|column| column.name));
        known.push(area.clone());
    }
    known
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    /// A bowl with A = 100 e^(h/3), so that A = V/3 + 100 with A in km² and V in million m³.
    fn bowl() -> Curve {
        let level_m = vec![0.0, 2.0, 6.0];
        let area_km2: Vec<f64> = level_m
            .iter()
            .map(|h: &f64| 100.0 * libm::exp(h / 3.0))
            .collect();
        let volume_hm3 = area_km2.iter().map(|area| 3.0 * (area - 100.0)).collect();
        Curve {
            level_m,
            volume_hm3,
            area_km2,
            outflow_m3s: None,
            bodies: Vec::new(),
        }
    }

    #[test]
    fn e04_level_of_an_exponential_bowl_is_exact_between_knots() {
        let bowl = bowl();
        for level in [0.5, 1.9, 2.0, 3.7, 6.0] {
            let volume = 300.0 * (libm::exp(level / 3.0) - 1.0);
            // Both are a handful of operations on numbers of order 1 to 1000.
            assert_relative_eq!(bowl.level(volume), level, max_relative = 1e-12);
            assert_relative_eq!(
                bowl.volume(level).expect("in the curve"),
                volume,
                max_relative = 1e-12
            );
        }
        assert_eq!(bowl.volume(6.1), None);
    }

    #[test]
    fn below_the_bottom_there_is_no_area() {
        assert_eq!(bowl().area(-1.0), 0.0);
        assert_eq!(bowl().level(-1.0), 0.0);
    }
}
