//! The time loop: fixed numbers, allocation, exact storage, step after step.
//!
//! One step (the order is fixed, `docs/equations.md` §2):
//! 1. each storage is advanced exactly with the inflow that would come without use and its last
//!    release; its net loss and its outflow over a sill become fixed numbers;
//! 2. the allocation decides deliveries and releases;
//! 3. from the headwaters down, each storage is advanced exactly with what really comes and is
//!    released; what passes full storage spills and goes on unclaimed.

pub mod exact;
mod record;

pub use record::Record;

use crate::allocate::{Allocation, Allocator, Water, rule_release};
use crate::network::curve::Curve;
use crate::plan::{Place, Plan};
use crate::units::hm3_from_m3s;
use exact::{Advance, Forcing, advance};

/// Runs a plan from its first step to its last.
pub fn run(plan: &Plan) -> Record {
    let mut engine = Engine::new(plan);
    for step in 0..plan.steps() {
        engine.fix_numbers(step);
        engine.allocate(step);
        engine.settle(step);
    }
    engine.record
}

struct Engine<'a> {
    plan: &'a Plan,
    record: Record,
    storage: Vec<f64>,
    /// Release of each storage in the last step beside what flowed over its sill.
    last_release: Vec<Option<f64>>,
    net_loss: Vec<f64>,
    sill: Vec<f64>,
    allocator: Allocator,
    allocation: Allocation,
    /// Flow into or out of each node, as a step needs it.
    flow: Vec<f64>,
    body_areas: Vec<f64>,
    /// First body of each storage in the record.
    first_body: Vec<usize>,
}

impl<'a> Engine<'a> {
    fn new(plan: &'a Plan) -> Self {
        let count = plan.curves.len();
        let bodies = |curve: &Curve| curve.bodies.len();
        let first_body = plan.curves.iter().scan(0, |sum, curve| {
            *sum += bodies(curve);
            Some(*sum - bodies(curve))
        });
        Self {
            plan,
            record: Record::of(plan),
            storage: plan.initial.clone(),
            last_release: vec![None; count],
            net_loss: vec![0.0; count],
            sill: vec![0.0; count],
            allocator: Allocator::default(),
            allocation: Allocation::default(),
            flow: vec![0.0; plan.places.len()],
            body_areas: vec![0.0; plan.curves.iter().map(bodies).max().unwrap_or(0)],
            first_body: first_body.collect(),
        }
    }

    /// Step 1: net loss and sill outflow of each storage, with the inflow that comes without use.
    fn fix_numbers(&mut self, step: usize) {
        let plan = self.plan;
        for node in 0..plan.places.len() {
            let rivers = plan.rivers_in[node].iter();
            let above = rivers.map(|l| plan.passes[*l] * self.flow[plan.ends[*l].from]);
            let comes = plan.formed[[step, node]] + above.sum::<f64>();
            self.flow[node] = match plan.places[node] {
                Place::Pass => comes,
                Place::Delta(delta) => self.through_delta(step, delta, comes),
                Place::Storage(storage) => self.fix_storage(step, storage, comes),
            };
        }
    }

    /// Fixes the numbers of one storage; gives what flows on below it.
    fn fix_storage(&mut self, step: usize, storage: usize, comes: f64) -> f64 {
        let groundwater = self.plan.groundwater[[step, storage]];
        let is_lake = self.plan.target[[step, storage]] == f64::INFINITY;
        let first = if is_lake { 0.0 } else { comes };
        let release = self.last_release[storage].unwrap_or(first);
        let forcing = self.forcing(step, storage, comes + groundwater - release, true);
        let end = self.advance(storage, &forcing);
        self.net_loss[storage] = end.evaporation_hm3 - end.rain_hm3 - groundwater;
        self.sill[storage] = end.outflow_hm3;
        release + end.outflow_hm3 + end.spill_hm3
    }

    /// Step 2: deliveries and releases.
    fn allocate(&mut self, step: usize) {
        let water = Water {
            plan: self.plan,
            step,
            storage: &self.storage,
            net_loss: &self.net_loss,
            sill: &self.sill,
        };
        self.allocator.allocate(&water, &mut self.allocation);
    }

    /// Step 3: what really flows, and every storage at the end of the step.
    fn settle(&mut self, step: usize) {
        self.settle_users(step);
        for node in 0..self.plan.places.len() {
            self.settle_node(step, node);
        }
        for (place, &kept) in self.allocation.kept.iter().enumerate() {
            self.record.kept[[step, place]] = kept;
            self.record.kept_limits[[step, place]] = self.allocation.kept_limits[place];
        }
    }

    /// Puts down what users get, and what enters the canals for them.
    fn settle_users(&mut self, step: usize) {
        let (plan, record) = (self.plan, &mut self.record);
        for (user, path) in plan.paths.iter().enumerate() {
            let delivered = self.allocation.delivered[user];
            let returned = delivered * plan.return_fractions[user];
            record.delivered[[step, user]] = delivered;
            record.returned[[step, user]] = returned;
            record.consumed[[step, user]] = delivered - returned;
            record.limits[[step, user]] = self.allocation.limits[user];
            let mut carries = delivered;
            for &link in path.canals.iter().rev() {
                record.leaves[[step, link]] += carries;
                carries /= plan.passes[link];
                record.enters[[step, link]] += carries;
            }
        }
    }

    fn settle_node(&mut self, step: usize, node: usize) {
        let plan = self.plan;
        let rivers: f64 = plan.rivers_in[node]
            .iter()
            .map(|l| self.record.leaves[[step, *l]])
            .sum();
        let paths = || plan.paths.iter().enumerate();
        let returns = paths().filter(|(_, path)| path.returns_to == Some(node));
        let returns: f64 = returns
            .map(|(user, _)| self.record.returned[[step, user]])
            .sum();
        let taken = paths().filter(|(_, path)| path.head == node);
        let taken: f64 = taken
            .map(|(user, path)| self.taken(step, user, &path.canals))
            .sum();
        let comes = plan.formed[[step, node]] + rivers + returns;
        self.record.comes[[step, node]] = comes;
        let leaves = match plan.places[node] {
            Place::Pass => comes - taken,
            Place::Delta(delta) => {
                // Rounding of the allocation may leave less than nothing.
                let rest = (comes - taken).max(0.0);
                let leaves = self.through_delta(step, delta, rest);
                self.record.delta_loss[[step, node]] = rest - leaves;
                leaves
            }
            Place::Storage(storage) => self.settle_storage(step, storage, comes) - taken,
        };
        if let Some(link) = plan.river[node] {
            // Rounding of the allocation may leave a river dry by a last digit too much.
            let leaves = leaves.max(0.0);
            self.record.enters[[step, link]] = leaves;
            self.record.leaves[[step, link]] = leaves * plan.passes[link];
        }
    }

    /// What a user's delivery takes at the head of its canals.
    fn taken(&self, step: usize, user: usize, canals: &[usize]) -> f64 {
        let passes = canals.iter().map(|link| self.plan.passes[*link]);
        passes
            .rev()
            .fold(self.record.delivered[[step, user]], |carries, pass| {
                carries / pass
            })
    }

    /// Advances a storage with what really comes; gives what leaves it to river and users.
    fn settle_storage(&mut self, step: usize, storage: usize, comes: f64) -> f64 {
        let (plan, at) = (self.plan, [step, storage]);
        let water = Water {
            plan,
            step,
            storage: &self.storage,
            net_loss: &self.net_loss,
            sill: &self.sill,
        };
        let release =
            rule_release(&water, storage, comes).max(self.allocation.needed_release[storage]);
        let net = comes + plan.groundwater[at] - release;
        let forcing = self.forcing(step, storage, net, false);
        let mut end = self.advance(storage, &forcing);
        // An empty storage loses to the ground only what it gets (E8).
        let unlost = (-end.end_hm3).min(-plan.groundwater[at]).max(0.0);
        end.end_hm3 += unlost;
        let record = &mut self.record;
        record.groundwater[at] = plan.groundwater[at] + unlost;
        record.storage[at] = end.end_hm3;
        record.rain[at] = end.rain_hm3;
        record.evaporation[at] = end.evaporation_hm3;
        record.release[at] = release;
        record.spill[at] = end.spill_hm3;
        record.undershoot[at] = (plan.dead[at] - end.end_hm3).max(0.0);
        record.area_km2[at] = end.mean_area_km2;
        for body in 0..plan.curves[storage].bodies.len() {
            let place = self.first_body[storage] + body;
            record.body_area_km2[[step, place]] = self.body_areas[body];
        }
        self.storage[storage] = end.end_hm3;
        self.last_release[storage] = Some((release - self.sill[storage]).max(0.0));
        release + end.spill_hm3
    }

    /// Rates of a step; over its sill only where `sill` says so, else the allocation has decided it.
    fn forcing(&self, step: usize, storage: usize, net_inflow_hm3: f64, sill: bool) -> Forcing {
        let (plan, at) = (self.plan, [step, storage]);
        Forcing {
            net_inflow_hm3,
            rain_mm: plan.rain_mm[at],
            evaporation_mm: plan.evaporation_mm[at],
            hm3_per_m3s: if sill {
                hm3_from_m3s(1.0, plan.months[step])
            } else {
                0.0
            },
            full_hm3: plan.full[at],
        }
    }

    fn advance(&mut self, storage: usize, forcing: &Forcing) -> Advance {
        let curve = &self.plan.curves[storage];
        let areas = &mut self.body_areas[..curve.bodies.len()];
        advance(curve, self.storage[storage], forcing, areas)
    }

    fn through_delta(&self, step: usize, delta: usize, inflow: f64) -> f64 {
        let hm3 = hm3_from_m3s(1.0, self.plan.months[step]);
        self.plan.deltas[delta].outflow(inflow / hm3).0 * hm3
    }
}
