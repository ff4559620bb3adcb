//! The greatest flow that can leave each node, from the headwaters down (equation E9).
//!
//! Each flow is carried with its slope over the fraction x of the claim that is being served, so that
//! the place where water runs out is found by Newton's method.

use super::{Limit, Water};
use crate::plan::Place;

/// Deliveries, returns and minimum flows that stand, and the flows that they leave.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    /// Taken at each node.
    pub(super) taken: Vec<f64>,
    /// Returned to each node.
    pub(super) returned: Vec<f64>,
    /// To be kept in the river below each node.
    pub(super) kept: Vec<f64>,
    /// Greatest flow that can leave each node along its river.
    pub(super) flow: Vec<f64>,
    slope: Vec<f64>,
}

/// A claim that is being served: what it takes and returns where x = 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) head: usize,
    pub(super) takes: f64,
    pub(super) returns_to: Option<usize>,
    pub(super) returns: f64,
}

/// What a sweep finds at one fraction of a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    /// No claim that stands is harmed.
    Feasible,
    /// Some are; the tangents at the nodes that lack water meet zero at this fraction at the most.
    Short { tangent: f64, limit: Limit },
}

impl Sweep {
    /// Forgets all claims.
    pub(super) fn clear(&mut self, nodes: usize) {
        for values in [
            &mut self.taken,
            &mut self.returned,
            &mut self.kept,
            &mut self.flow,
            &mut self.slope,
        ] {
            values.clear();
            values.resize(nodes, 0.0);
        }
    }

    /// Finds the greatest flows where `claim` is served to the fraction `x`.
    pub(super) fn run(&mut self, water: &Water, claim: Option<&Claim>, x: f64) -> Verdict {
        let plan = water.plan;
        let mut verdict = Verdict::Feasible;
        for node in 0..plan.places.len() {
            let (mut flow, mut slope) =
                (plan.formed[[water.step, node]] + self.returned[node], 0.0);
            for &link in &plan.rivers_in[node] {
                let above = plan.ends[link].from;
                flow += plan.passes[link] * self.flow[above].max(0.0);
                slope += plan.passes[link] * self.slope[above];
            }
            if let Some(claim) = claim.filter(|claim| claim.returns_to == Some(node)) {
                flow += x * claim.returns;
                slope += claim.returns;
            }
            let scale = flow;
            if let Place::Storage(storage) = plan.places[node] {
                (flow, slope) = offered(water, storage, flow, slope);
            }
            flow -= self.taken[node];
            if let Some(claim) = claim.filter(|claim| claim.head == node) {
                flow -= x * claim.takes;
                slope -= claim.takes;
            }
            let spare = flow - self.kept[node];
            // Rounding of sums of a few flows; far below the ledger's tolerance.
            if spare < -1e-13 * (scale.abs() + flow.abs() + self.taken[node]) {
                verdict = tighter(verdict, x, spare, slope, self.limit_at(node));
            }
            if let Place::Delta(delta) = plan.places[node] {
                (flow, slope) = through_delta(water, delta, flow.max(0.0), slope);
            }
            self.flow[node] = flow;
            self.slope[node] = slope;
        }
        verdict
    }

    fn limit_at(&self, node: usize) -> Limit {
        if self.kept[node] > 0.0 {
            Limit::MinimumFlow(node)
        } else {
            Limit::Water(node)
        }
    }

    /// What can be kept in the river below a node on top of what stands.
    pub(super) fn leaves(&self, node: usize) -> f64 {
        self.flow[node].max(0.0)
    }
}

/// What a storage can release: all above its dead volume, through its outlets or over its sill.
pub(super) fn offered(water: &Water, storage: usize, inflow: f64, slope: f64) -> (f64, f64) {
    let (plan, at) = (water.plan, [water.step, storage]);
    let above_dead = water.storage[storage] + inflow - water.net_loss[storage] - plan.dead[at];
    if above_dead <= 0.0 {
        return (0.0, 0.0);
    }
    let most = match plan.curves[storage].outflow_m3s {
        Some(_) => water.sill[storage],
        None => plan.most_release[at],
    };
    if above_dead <= most {
        (above_dead, slope)
    } else {
        (most, 0.0)
    }
}

fn through_delta(water: &Water, delta: usize, inflow: f64, slope: f64) -> (f64, f64) {
    let month = water.plan.months[water.step];
    let hm3 = crate::units::hm3_from_m3s(1.0, month);
    let (outflow, passes) = water.plan.deltas[delta].outflow(inflow / hm3);
    (outflow * hm3, slope * passes)
}

fn tighter(verdict: Verdict, x: f64, spare: f64, slope: f64, limit: Limit) -> Verdict {
    // A node that the claim does not reach lacks water whatever the claim gets.
    let root = if slope < 0.0 {
        (x - spare / slope).clamp(0.0, x)
    } else {
        0.0
    };
    match verdict {
        Verdict::Short { tangent, .. } if tangent <= root => verdict,
        _ => Verdict::Short {
            tangent: root,
            limit,
        },
    }
}
