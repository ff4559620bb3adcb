//! The greatest flow that can leave each node, from the headwaters down (equation E9).
//!
//! Each flow is carried with its slope over the fraction x of the claim that is being served, so that
//! the place where water runs out is found by Newton's method.

use super::{Limit, Water};
use crate::plan::{Place, Plan};

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

impl Claim {
    /// What the claim takes at a node and returns to it, where x = 1.
    fn at(&self, node: usize) -> (f64, f64) {
        let takes = if self.head == node { self.takes } else { 0.0 };
        let returns = if self.returns_to == Some(node) {
            self.returns
        } else {
            0.0
        };
        (takes, returns)
    }
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
    ///
    /// The sums are those that stand once the claim is served, to the last bit: what was found feasible
    /// stays so for the claims that follow.
    pub(super) fn run(&mut self, water: &Water, claim: Option<&Claim>, x: f64) -> Verdict {
        let plan = water.plan;
        let mut verdict = Verdict::Feasible;
        for node in 0..plan.places.len() {
            let (takes, returns) = claim.map_or((0.0, 0.0), |claim| claim.at(node));
            let taken = self.taken[node] + x * takes;
            let returned = self.returned[node] + x * returns;
            let (mut flow, mut slope) = (plan.formed[[water.step, node]] + returned, returns);
            for &link in &plan.rivers_in[node] {
                let above = plan.ends[link].from;
                flow += plan.passes[link] * self.flow[above].max(0.0);
                slope += plan.passes[link] * self.slope[above];
            }
            let scale = flow;
            if let Place::Storage(storage) = plan.places[node] {
                (flow, slope) = offered(water, storage, flow, slope);
            }
            flow -= taken;
            slope -= takes;
            // A delta takes its part of what is left; what is missing is missing above it.
            if let Place::Delta(delta) = plan.places[node]
                && flow > 0.0
            {
                (flow, slope) = through_delta(water, delta, flow, slope);
            }
            let spare = flow - self.kept[node];
            // Rounding of sums of a few flows; far below the ledger's tolerance.
            if spare < -1e-13 * (scale.abs() + flow.abs() + taken) {
                verdict = tighter(verdict, x, spare, slope, self.limit_at(node));
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

    /// What can be kept in the river below a node on top of what stands; nothing below a terminal lake.
    pub(super) fn leaves(&self, plan: &Plan, node: usize) -> f64 {
        let ends_here = plan.river[node].is_none();
        if ends_here && matches!(plan.places[node], Place::Storage(_)) {
            return 0.0;
        }
        self.flow[node].max(0.0)
    }
}

/// What a storage holds above its dead volume once its inflow has come and its net loss has gone;
/// what stood above full storage at the start has spilled.
pub(super) fn above_dead(water: &Water, storage: usize, inflow: f64) -> f64 {
    let (plan, at) = (water.plan, [water.step, storage]);
    let start = water.storage[storage].min(plan.full[at]);
    start + inflow - water.net_loss[storage] - plan.dead[at]
}

/// What a storage can release: all above its dead volume, through its outlets and over its sill.
pub(super) fn offered(water: &Water, storage: usize, inflow: f64, slope: f64) -> (f64, f64) {
    let above_dead = above_dead(water, storage, inflow);
    if above_dead <= 0.0 {
        return (0.0, 0.0);
    }
    let most = most_outflow(water, storage);
    if above_dead <= most {
        (above_dead, slope)
    } else {
        (most, 0.0)
    }
}

/// A lake with a sill gives what flows over it, a dam also what its outlets let through.
fn most_outflow(water: &Water, storage: usize) -> f64 {
    let (plan, at) = (water.plan, [water.step, storage]);
    let has_sill = plan.curves[storage].outflow_m3s.is_some();
    let is_lake = plan.target[at] == f64::INFINITY;
    match (has_sill, is_lake) {
        (true, true) => water.sill[storage],
        (true, false) => plan.most_release[at] + water.sill[storage],
        (false, _) => plan.most_release[at],
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
