//! Serves the claims of a step one after the other (equations E10 and E11).

use super::sweep::{Claim, Sweep, Verdict};
use super::{Allocation, Limit, Water};

/// Fractions that differ by less than this part of the most that is possible are the same.
const SAME: f64 = 1e-12;

/// What rounding may take from a capacity that a claim just fills.
const ROUNDING: f64 = 1e-13;

/// Part of the most that is possible by which a claim is raised to see whether it is bound: enough to
/// stand out from the rounding of flows that are far greater than the claim.
const STEP: f64 = 1e-9;

/// Serves the claims of a step; keeps its arrays from step to step.
#[derive(Debug, Default)]
pub struct Allocator {
    pub(super) sweep: Sweep,
    carried: Vec<f64>,
    /// More than any claim can get in the step.
    all_water: f64,
    pub(super) flow: Vec<f64>,
    pub(super) needed: Vec<f64>,
}

impl Allocator {
    /// Decides a step.
    pub fn allocate(&mut self, water: &Water, allocation: &mut Allocation) {
        let plan = water.plan;
        self.sweep.clear(plan.places.len());
        reset(&mut self.carried, plan.ends.len());
        self.all_water = all_water(water);
        reset(&mut allocation.delivered, plan.paths.len());
        allocation.limits.clear();
        allocation.limits.resize(plan.paths.len(), Limit::Nothing);
        self.keep_minimum_flows(water, allocation);
        for claim in plan.classes.iter().flat_map(|class| &class.claims) {
            if let crate::plan::Claim::User(user) = *claim {
                self.serve(water, allocation, user);
            }
        }
        self.release(water, &mut allocation.needed_release);
    }

    /// Minimum flows take nothing: each is kept as far as the greatest flow at its node allows.
    fn keep_minimum_flows(&mut self, water: &Water, allocation: &mut Allocation) {
        let plan = water.plan;
        reset(&mut allocation.kept, plan.minimum_nodes.len());
        allocation.kept_limits.clear();
        allocation
            .kept_limits
            .resize(plan.minimum_nodes.len(), Limit::Nothing);
        if plan.minimum_nodes.is_empty() {
            return;
        }
        self.sweep.run(water, None, 0.0);
        for (place, &node) in plan.minimum_nodes.iter().enumerate() {
            let wanted = plan.minimum[[water.step, place]];
            let kept = wanted.min(self.sweep.leaves(plan, node));
            allocation.kept[place] = kept;
            if kept < wanted {
                allocation.kept_limits[place] = Limit::Water(node);
            }
            self.sweep.kept[node] = self.sweep.kept[node].max(kept);
        }
    }

    /// Gives a user the largest fraction of its demand that harms no claim that stands.
    fn serve(&mut self, water: &Water, allocation: &mut Allocation, user: usize) {
        let (plan, path) = (water.plan, &water.plan.paths[user]);
        let demand = plan.demand[[water.step, user]];
        if demand <= 0.0 {
            return;
        }
        let arrives: f64 = path.canals.iter().map(|link| plan.passes[*link]).product();
        let takes = demand / arrives;
        let (canals, bound) = self.canal_room(water, user, demand);
        let claim = Claim {
            head: path.head,
            takes,
            returns_to: path.returns_to,
            returns: demand * plan.return_fractions[user],
        };
        // No claim gets more than all the water of the step; so small fractions keep their digits.
        let all = self.all_water / takes;
        let (most, bound) = if all < canals {
            (all, Limit::Water(path.head))
        } else {
            (canals, bound)
        };
        let (fraction, limit) = self.largest(water, &claim, most, bound);
        allocation.delivered[user] = fraction * demand;
        allocation.limits[user] = limit;
        self.sweep.taken[claim.head] += fraction * claim.takes;
        if let Some(node) = claim.returns_to {
            self.sweep.returned[node] += fraction * claim.returns;
        }
        let mut carries = fraction * claim.takes;
        for &link in &path.canals {
            self.carried[link] += carries;
            carries *= plan.passes[link];
        }
    }

    /// The fraction of a demand for which the canals on its way have room.
    fn canal_room(&self, water: &Water, user: usize, demand: f64) -> (f64, Limit) {
        let (plan, canals) = (water.plan, &water.plan.paths[user].canals);
        let (mut fraction, mut limit) = (1.0, Limit::Nothing);
        let mut carries = demand;
        for &link in canals.iter().rev() {
            carries /= plan.passes[link];
            let room = plan.capacity[[water.step, link]] - self.carried[link];
            if room < fraction * carries * (1.0 - ROUNDING) {
                fraction = (room / carries).max(0.0);
                limit = Limit::Canal(link);
            }
        }
        (fraction, limit)
    }

    /// The largest feasible fraction up to `most`, which `bound` has set.
    fn largest(&mut self, water: &Water, claim: &Claim, most: f64, bound: Limit) -> (f64, Limit) {
        let mut search = Search::from(most);
        let mut limit = bound;
        // Newton needs a few turns, halving 40; each halving may be followed by two other trials.
        for _ in 0..200 {
            match self.sweep.run(water, Some(claim), search.x) {
                Verdict::Feasible if search.x == most => return (most, bound),
                Verdict::Feasible => search.rise(),
                Verdict::Short { tangent, limit: at } => {
                    limit = at;
                    search.fall(tangent);
                }
            }
            if search.is_over() {
                break;
            }
        }
        (search.low, limit)
    }
}

/// The search for the largest feasible fraction: Newton from above, halving where a bend of the flows
/// misleads it.
#[derive(Debug)]
struct Search {
    /// Greatest fraction that is known to be feasible.
    low: f64,
    /// Least fraction that is known to be too much.
    high: f64,
    /// Fraction to try next.
    x: f64,
    /// Whether `x` lies just above `low`, to show whether more is possible.
    probes: bool,
    /// Fractions that differ by less are the same.
    same: f64,
    /// How far to step back from a root that rounding has put on the wrong side.
    back: f64,
    step: f64,
}

impl Search {
    fn from(most: f64) -> Self {
        Self {
            low: 0.0,
            high: most,
            x: most,
            probes: false,
            same: SAME * most,
            back: SAME * most,
            step: STEP * most,
        }
    }

    /// `x` is feasible: where the tangents met zero there, a little more is not.
    fn rise(&mut self) {
        self.low = self.x;
        self.x = if self.probes {
            0.5 * (self.low + self.high)
        } else {
            (self.low + self.step).min(self.high)
        };
        self.probes = !self.probes;
    }

    /// `x` is too much, and the tangents meet zero at `tangent`.
    fn fall(&mut self, tangent: f64) {
        self.high = self.x;
        if self.probes && (tangent - self.low).abs() <= self.same {
            self.high = self.low;
        } else if tangent < self.low {
            self.x = 0.5 * (self.low + self.high);
        } else if tangent > self.x - self.back {
            self.x = (self.x - self.back).max(self.low);
            self.back *= 2.0;
        } else {
            self.x = tangent;
        }
        self.probes = false;
    }

    fn is_over(&self) -> bool {
        self.high - self.low <= self.same
    }
}

/// Twice all the water of a step, more than it could bring to one place.
fn all_water(water: &Water) -> f64 {
    let formed: f64 = water.plan.formed.row(water.step).iter().sum();
    let stored = water.storage.iter().zip(water.net_loss);
    let stored = stored.map(|(stored, loss)| stored.max(0.0) + (-loss).max(0.0));
    2.0 * (formed + stored.sum::<f64>())
}

fn reset(values: &mut Vec<f64>, count: usize) {
    values.clear();
    values.resize(count, 0.0);
}
