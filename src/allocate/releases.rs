//! What storages must release so that every delivery finds its water (equation E12).
//!
//! A downward sweep finds the flow that comes without any order, each reservoir following its rule.
//! An upward sweep asks for what is missing: rivers that meet share it in proportion to what each can
//! still give, and a reservoir asks the waters above it only for what it cannot give itself.

use super::Water;
use super::claims::Allocator;
use super::sweep::{above_dead, offered};
use crate::plan::{Place, Plan};
use crate::units::hm3_from_m3s;

impl Allocator {
    /// Finds the release of each storage that the standing claims need.
    pub(super) fn release(&mut self, water: &Water, needed_release: &mut Vec<f64>) {
        let plan = water.plan;
        needed_release.clear();
        needed_release.resize(plan.curves.len(), 0.0);
        self.sweep.run(water, None, 0.0);
        self.flow_unasked(water);
        self.needed.clear();
        self.needed.extend_from_slice(&self.sweep.kept);
        for node in (0..plan.places.len()).rev() {
            let leaves = self.needed[node];
            let wanted = match plan.places[node] {
                Place::Delta(delta) => inflow_of_delta(water, delta, leaves),
                _ => leaves,
            } + self.sweep.taken[node];
            let comes = self.comes(plan, water.step, node);
            let missing = match plan.places[node] {
                Place::Storage(storage) => {
                    needed_release[storage] = wanted;
                    // Below dead storage the gap must be filled before anything can leave.
                    wanted - above_dead(water, storage, comes)
                }
                _ => wanted - comes,
            };
            if wanted > 0.0 && missing > 0.0 {
                self.ask_above(plan, node, missing);
            }
        }
    }

    /// Flow out of each node where reservoirs follow their rules and nobody orders.
    fn flow_unasked(&mut self, water: &Water) {
        let plan = water.plan;
        self.flow.clear();
        self.flow.resize(plan.places.len(), 0.0);
        for node in 0..plan.places.len() {
            let comes = self.comes(plan, water.step, node);
            let leaves = match plan.places[node] {
                Place::Storage(storage) => rule_release(water, storage, comes),
                _ => comes,
            };
            let rest = (leaves - self.sweep.taken[node]).max(0.0);
            self.flow[node] = match plan.places[node] {
                Place::Delta(delta) => {
                    let hm3 = hm3_from_m3s(1.0, plan.months[water.step]);
                    plan.deltas[delta].outflow(rest / hm3).0 * hm3
                }
                _ => rest,
            };
        }
    }

    fn comes(&self, plan: &Plan, step: usize, node: usize) -> f64 {
        let rivers = plan.rivers_in[node].iter();
        let arrives = |link: &usize| plan.passes[*link] * self.flow[plan.ends[*link].from];
        plan.formed[[step, node]] + self.sweep.returned[node] + rivers.map(arrives).sum::<f64>()
    }

    /// Shares what is missing at a node among the rivers into it by what each can still give.
    fn ask_above(&mut self, plan: &Plan, node: usize, missing: f64) {
        let spare = |allocator: &Self, link: usize| {
            let above = plan.ends[link].from;
            let most = allocator.sweep.flow[above].max(0.0);
            (plan.passes[link] * (most - allocator.flow[above])).max(0.0)
        };
        let all: f64 = plan.rivers_in[node]
            .iter()
            .map(|link| spare(self, *link))
            .sum();
        if all <= 0.0 {
            return;
        }
        for &link in &plan.rivers_in[node] {
            let above = plan.ends[link].from;
            let share = (missing / all).min(1.0) * spare(self, link) / plan.passes[link];
            self.needed[above] = self.needed[above].max(self.flow[above] + share);
        }
    }
}

/// Release by the rule: what is above the target, at least the least release and what flows over a
/// sill, within what there is. A lake has neither target nor least release.
pub(crate) fn rule_release(water: &Water, storage: usize, inflow: f64) -> f64 {
    let (plan, at) = (water.plan, [water.step, storage]);
    let above_target = above_dead(water, storage, inflow) + plan.dead[at] - plan.target[at];
    above_target
        .max(plan.least_release[at])
        .max(water.sill[storage])
        .min(offered(water, storage, inflow, 0.0).0)
}

fn inflow_of_delta(water: &Water, delta: usize, outflow: f64) -> f64 {
    let hm3 = hm3_from_m3s(1.0, water.plan.months[water.step]);
    water.plan.deltas[delta].inflow_for(outflow / hm3) * hm3
}
