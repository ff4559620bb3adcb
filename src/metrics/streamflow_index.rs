//! The standardised streamflow index (equation E86).

use crate::metrics::quantiles::sort;
use crate::probability::normal::deviate;

/// Flows of a reference by calendar month, against which others are standardised.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// Flows of each calendar month in order.
    months: [Vec<f64>; 12],
}

impl Reference {
    /// The reference of monthly flows that begin in January where `first` is 0.
    pub fn of(flows: &[f64], first: usize) -> Self {
        let mut reference = Self::default();
        reference.take(flows, first);
        reference
    }

    /// Takes other flows as reference, in the same memory.
    pub fn take(&mut self, flows: &[f64], first: usize) {
        for (place, month) in self.months.iter_mut().enumerate() {
            let begin = (place + 12 - first % 12) % 12;
            month.clear();
            month.extend(flows.iter().skip(begin).step_by(12));
            sort(month);
        }
    }

    /// Index of a flow in a calendar month, 0 to 11, equation E86: the normal deviate of its plotting position
    /// (Gringorten 1963) among the reference. NaN where the reference has no such month.
    pub fn index(&self, flow: f64, month: usize) -> f64 {
        let sorted = &self.months[month % 12];
        if sorted.is_empty() || flow.is_nan() {
            return f64::NAN;
        }
        let below = sorted.partition_point(|other| *other < flow);
        let equal = sorted[below..].partition_point(|other| *other <= flow);
        // Equals share the mean of their ranks; a flow that the reference does not hold lies between two ranks.
        let rank = below as f64 + 0.5 * (equal as f64 + 1.0);
        deviate((rank - 0.44) / (sorted.len() as f64 + 0.12))
    }

    /// Indices of monthly flows that begin in January where `first` is 0, place by place into `out`.
    pub fn indices(&self, flows: &[f64], first: usize, out: &mut [f64]) {
        for (step, (out, flow)) in out.iter_mut().zip(flows).enumerate() {
            *out = self.index(*flow, first + step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of three years the flows of a month have the positions 0.56, 1.56 and 2.56 of 3.12.
    #[test]
    fn e86_positions_of_three_years() {
        let flows: Vec<f64> = (0..36)
            .map(|step| f64::from([20, 10, 30][step / 12]) + step as f64 % 12.0)
            .collect();
        let mut found = [0.0; 36];
        Reference::of(&flows, 4).indices(&flows, 4, &mut found);
        for (step, found) in found.into_iter().enumerate() {
            let rank = [2.0, 1.0, 3.0][step / 12];
            assert_eq!(found, deviate((rank - 0.44) / 3.12), "{step}");
        }
        assert_eq!(found[0], 0.0);
    }

    #[test]
    fn e86_months_do_not_mix() {
        // Begins in November; the first December is the second flow.
        let flows: Vec<f64> = (0..30).map(f64::from).collect();
        let reference = Reference::of(&flows, 10);
        assert_eq!(reference.months[11], [1.0, 13.0, 25.0]);
        assert_eq!(reference.months[10], [0.0, 12.0, 24.0]);
        assert_eq!(reference.months[0], [2.0, 14.0, 26.0]);
        assert_eq!(reference.months[4], [6.0, 18.0]);
    }

    #[test]
    fn e86_equals_and_flows_outside_the_reference() {
        let mut reference = Reference::of(&[5.0; 36], 0);
        assert_eq!(reference.index(5.0, 3), 0.0);
        // Below and above all three: ranks 0.5 and 3.5.
        assert_eq!(reference.index(4.0, 3), deviate(0.06 / 3.12));
        assert_eq!(reference.index(6.0, 3), deviate(3.06 / 3.12));
        reference.take(&[1.0, 2.0], 0);
        assert!(reference.index(1.0, 2).is_nan());
        assert_eq!(reference.index(2.0, 1), 0.0);
    }
}
