//! The flow-duration curve (equation E87).

use crate::metrics::quantiles::{percentile, percentile_of, sort};

/// Flow that is reached or exceeded in `percent` of the steps, of flows in order, the least first, equation E87: the
/// percentile 100 − `percent` of E80. NaN where there is no flow.
pub fn exceeded(sorted: &[f64], percent: f64) -> f64 {
    percentile(sorted, 100.0 - percent)
}

/// The curve at `percents`, place by place into `out`; the flows are put in order for it.
pub fn flow_duration(flows: &mut [f64], percents: &[f64], out: &mut [f64]) {
    sort(flows);
    for (out, percent) in out.iter_mut().zip(percents) {
        *out = exceeded(flows, *percent);
    }
}

/// Q95, the low flow that is reached in 95 % of the steps; the places of the flows change.
pub fn low_flow(flows: &mut [f64]) -> f64 {
    percentile_of(flows, 100.0 - 95.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e87_of_flows_from_0_to_100() {
        // 101 flows: each percent is a place of its own.
        let mut flows: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        let mut found = [0.0; 5];
        flow_duration(&mut flows, &[0.0, 5.0, 50.0, 95.0, 100.0], &mut found);
        assert_eq!(found, [100.0, 95.0, 50.0, 5.0, 0.0]);
        assert_eq!(low_flow(&mut flows), 5.0);
        assert!(low_flow(&mut []).is_nan());
    }
}
