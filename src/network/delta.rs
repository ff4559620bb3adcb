//! Loss by a curve over inflow: of a delta or floodplain, or of a canal.

use crate::faults::counted;
use crate::inputs::columns::Columns;
use crate::inputs::quantity::Spelling;
use crate::inputs::range::Range;
use crate::inputs::series::beside;
use crate::inputs::table::Table;
use crate::units::Quantity;

/// Loss in a delta or on a canal as a function of its inflow (equation E3).
#[derive(Clone, Debug, PartialEq)]
pub struct Delta {
    /// Inflow at each knot, m³/s, from 0.
    pub inflow_m3s: Vec<f64>,
    /// What is lost of it, m³/s; outflow never falls where inflow rises.
    pub loss_m3s: Vec<f64>,
}

impl Delta {
    /// Reads the file that the key `loss` of a `[[delta]]` table names.
    pub fn read(table: &Table) -> Option<Self> {
        Self::of_file(table, &table.text("loss")?)
    }

    /// Reads a file beside that of a table.
    pub(super) fn of_file(table: &Table, name: &str) -> Option<Self> {
        let file = beside(table.file(), name);
        let mut columns = Columns::read(table.folder(), &file, table.label())?;
        let flows = |stem| Spelling::all(stem, Quantity::Flow).into_iter();
        let known = flows("inflow").chain(flows("loss"));
        columns.only(&known.map(|column| column.name).collect::<Vec<_>>());
        let inflow = columns.spelling("inflow", Quantity::Flow);
        let loss = columns.spelling("loss", Quantity::Flow);
        let (inflow_place, loss_place) =
            (columns.place_of(&inflow.name), columns.place_of(&loss.name));
        let (inflow_place, loss_place) = (inflow_place?, loss_place?);
        let inflow_written = columns.numbers(inflow_place, Range::NotNegative);
        let loss_written = columns.numbers(loss_place, Range::NotNegative);
        let inflow_written = inflow_written?;
        let delta = Self {
            inflow_m3s: inflow.read(&inflow_written),
            loss_m3s: loss.read(&loss_written?),
        };
        (columns.rising(inflow_place, &inflow_written, true) && delta.check(&columns, &loss))
            .then_some(delta)
    }

    fn check(&self, columns: &Columns, written: &Spelling) -> bool {
        if self.inflow_m3s.len() < 2 || self.inflow_m3s[0] != 0.0 || self.loss_m3s[0] != 0.0 {
            let expected = "at least two rows, the first with inflow 0 and loss 0".to_owned();
            let rows = counted(self.inflow_m3s.len(), "row");
            let (inflow, loss) = (self.inflow_m3s[0], self.loss_m3s[0]);
            let found = format!("{rows}, the first with inflow {inflow} and loss {loss}");
            columns.fault(columns.header_line, "rows", found, expected, "");
            return false;
        }
        let mut sound = true;
        let knots = self.inflow_m3s.windows(2).zip(self.loss_m3s.windows(2));
        for (line, (inflow, loss)) in columns.lines().skip(1).zip(knots) {
            if loss[1] - loss[0] > inflow[1] - inflow[0] {
                let most = loss[0] + inflow[1] - inflow[0];
                let expected = format!("at most {}", written.shown(most));
                let hint = "the outflow may not fall while the inflow rises";
                let place = format!("column `{}`", written.name);
                columns.fault(line, &place, written.shown(loss[1]), expected, hint);
                sound = false;
            }
        }
        sound
    }

    /// Whether each further cubic metre lets out no more than the one before it.
    pub fn is_concave(&self) -> bool {
        let knots = self.inflow_m3s.windows(2).zip(self.loss_m3s.windows(2));
        let slopes = knots.map(|(inflow, loss)| (loss[1] - loss[0]) / (inflow[1] - inflow[0]));
        let slopes: Vec<f64> = slopes.collect();
        // A straight line that is written in decimals bends by their rounding.
        slopes.windows(2).all(|pair| pair[1] >= pair[0] - 1e-9)
    }

    /// The least part of a further cubic metre that arrives, whatever flows.
    pub fn least_passes(&self) -> f64 {
        let knots = self.inflow_m3s.windows(2).zip(self.loss_m3s.windows(2));
        let passes =
            knots.map(|(inflow, loss)| 1.0 - (loss[1] - loss[0]) / (inflow[1] - inflow[0]));
        passes.fold(1.0, f64::min)
    }

    /// Outflow in m³/s and its slope at an inflow in m³/s.
    pub fn outflow(&self, inflow_m3s: f64) -> (f64, f64) {
        let last = self.inflow_m3s.len() - 2;
        let after = self.inflow_m3s.partition_point(|knot| *knot <= inflow_m3s);
        let knot = after.saturating_sub(1).min(last);
        let (low, high) = (self.inflow_m3s[knot], self.inflow_m3s[knot + 1]);
        let slope = (self.loss_m3s[knot + 1] - self.loss_m3s[knot]) / (high - low);
        let loss = self.loss_m3s[knot] + slope * (inflow_m3s - low);
        (inflow_m3s - loss, 1.0 - slope)
    }

    /// Inflow in m³/s that gives an outflow in m³/s; the least where a stretch of the curve loses all.
    pub fn inflow_for(&self, outflow_m3s: f64) -> f64 {
        let outflow = |knot: usize| self.inflow_m3s[knot] - self.loss_m3s[knot];
        let last = self.inflow_m3s.len() - 2;
        let knot = (0..last)
            .find(|knot| outflow(knot + 1) >= outflow_m3s)
            .unwrap_or(last);
        let slope = (outflow(knot + 1) - outflow(knot))
            / (self.inflow_m3s[knot + 1] - self.inflow_m3s[knot]);
        let above = (outflow_m3s - outflow(knot)).max(0.0);
        if slope > 0.0 {
            self.inflow_m3s[knot] + above / slope
        } else {
            self.inflow_m3s[knot]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e03_inflow_and_outflow_are_inverse() {
        let delta = Delta {
            inflow_m3s: vec![0.0, 100.0, 500.0],
            loss_m3s: vec![0.0, 40.0, 120.0],
        };
        for inflow in [0.0, 30.0, 100.0, 260.0, 800.0] {
            let (outflow, slope) = delta.outflow(inflow);
            assert!(
                (delta.inflow_for(outflow) - inflow).abs() < 1e-10,
                "{inflow}"
            );
            assert!(slope > 0.0);
        }
        assert_eq!(delta.outflow(300.0), (220.0, 0.8));
    }
}
