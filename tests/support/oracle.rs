//! Deliveries by brute force, from the definition alone: every claim in turn takes as much as leaves no
//! node short, found by halving; nothing is shared with the allocation that is tested.

use rivershare::allocate::{Allocation, Limit, Water};
use rivershare::plan::{Place, Plan};

/// Rounding of sums of volumes up to some 1e4 hm³.
const ROUNDING: f64 = 1e-9;

/// What stands so far.
pub(crate) struct Oracle<'a> {
    water: &'a Water<'a>,
    delivered: Vec<f64>,
    kept: Vec<f64>,
}

impl<'a> Oracle<'a> {
    pub(crate) fn new(water: &'a Water<'a>) -> Self {
        let plan = water.plan;
        Self {
            water,
            delivered: vec![0.0; plan.paths.len()],
            kept: vec![0.0; plan.places.len()],
        }
    }

    /// Compares an allocation claim by claim; what it decided stands for the claims that follow.
    pub(crate) fn check(&mut self, allocation: &Allocation) -> Result<(), String> {
        let plan = self.water.plan;
        let greatest = self.greatest();
        for (place, &node) in plan.minimum_nodes.iter().enumerate() {
            let wanted = plan.minimum[[self.water.step, place]];
            let is_end = plan.river[node].is_none();
            let ends = is_end && matches!(plan.places[node], Place::Storage(_));
            let kept = if ends {
                0.0
            } else {
                wanted.min(greatest[node])
            };
            agree("minimum flow", place, allocation.kept[place], kept)?;
            self.kept[node] = self.kept[node].max(allocation.kept[place]);
        }
        for &user in &plan.service_order {
            let most = self.most(user);
            let found = allocation.delivered[user];
            self.delivered[user] = found;
            let room = self.room(allocation.limits[user]);
            if !self.is_feasible() {
                return Err(format!(
                    "user {user}: {found} harms another, {most} does not"
                ));
            }
            // Halving may stop below a gap: a return may bring back what a reservoir below its dead
            // storage no longer gives. And a claim that hardly changes the flow which binds it, since
            // most returns or is lost on the way, is known no better than that flow.
            if found < most && room > 1e-8 {
                agree("user", user, found, most)?;
            }
            self.check_limit(user, allocation.limits[user])
                .map_err(|error| format!("user {user}: {error}"))?;
        }
        Ok(())
    }

    /// The greatest delivery that leaves no canal too full and no node short.
    fn most(&mut self, user: usize) -> f64 {
        let plan = self.water.plan;
        let demand = plan.demand[[self.water.step, user]];
        let all: f64 = plan.formed.row(self.water.step).iter().sum::<f64>()
            + self.water.storage.iter().sum::<f64>()
            + self
                .water
                .net_loss
                .iter()
                .map(|loss| loss.abs())
                .sum::<f64>();
        let (mut low, mut high) = (0.0, demand.min(2.0 * all));
        for trial in 0..80 {
            let x = if trial == 0 { high } else { 0.5 * (low + high) };
            self.delivered[user] = x;
            if self.is_feasible() {
                low = x;
            } else {
                high = x;
            }
            if trial == 0 && low == high {
                break;
            }
        }
        self.delivered[user] = 0.0;
        low
    }

    fn is_feasible(&self) -> bool {
        let plan = self.water.plan;
        let greatest = self.greatest();
        let fits = |link: usize| self.carried(link) <= capacity(self.water, link) + ROUNDING;
        greatest
            .iter()
            .zip(&self.kept)
            .all(|(flow, kept)| *flow >= kept - ROUNDING)
            && (0..plan.ends.len()).all(fits)
    }

    /// What enters a canal.
    fn carried(&self, link: usize) -> f64 {
        let plan = self.water.plan;
        let behind = plan.paths.iter().zip(&self.delivered);
        behind
            .filter_map(|(path, delivered)| {
                let from = path.canals.iter().position(|canal| *canal == link)?;
                Some(delivered / arrives(plan, &path.canals[from..]))
            })
            .sum()
    }

    /// Greatest flow that can leave each node; what is short is negative.
    fn greatest(&self) -> Vec<f64> {
        let (plan, step) = (self.water.plan, self.water.step);
        let mut flow = vec![0.0_f64; plan.places.len()];
        for node in 0..plan.places.len() {
            let mut comes = plan.formed[[step, node]];
            for link in &plan.rivers_in[node] {
                comes += flow[plan.ends[*link].from].max(0.0) * plan.passes[*link];
            }
            let mut taken = 0.0;
            for (user, path) in plan.paths.iter().enumerate() {
                if path.returns_to == Some(node) {
                    comes += self.delivered[user] * plan.return_fractions[user];
                }
                if path.head == node {
                    taken += self.delivered[user] / arrives(plan, &path.canals);
                }
            }
            let leaves = match plan.places[node] {
                Place::Storage(storage) => self.offer(storage, comes) - taken,
                _ => comes - taken,
            };
            flow[node] = match plan.places[node] {
                Place::Delta(delta) if leaves > 0.0 => {
                    let hm3 = plan.months[step].seconds() / 1e6;
                    plan.deltas[delta].outflow(leaves / hm3).0 * hm3
                }
                _ => leaves,
            };
        }
        flow
    }

    fn offer(&self, storage: usize, comes: f64) -> f64 {
        let (plan, at) = (self.water.plan, [self.water.step, storage]);
        let start = self.water.storage[storage].min(plan.full[at]);
        let held = start + comes - self.water.net_loss[storage] - plan.dead[at];
        let is_lake = plan.target[at] == f64::INFINITY;
        let outlet = if plan.curves[storage].outflow_m3s.is_none() {
            plan.most_release[at]
        } else if is_lake {
            self.water.sill[storage]
        } else {
            self.water.sill[storage] + plan.most_release[at]
        };
        held.clamp(0.0, outlet)
    }

    /// What the limit leaves; no end of it where nothing binds.
    fn room(&self, limit: Limit) -> f64 {
        match limit {
            Limit::Nothing => f64::INFINITY,
            Limit::Canal(link) => capacity(self.water, link) - self.carried(link),
            Limit::Water(node) | Limit::MinimumFlow(node) => {
                self.greatest()[node] - self.kept[node]
            }
        }
    }

    /// What is named as the limit must leave no room, and nothing may be named where all was given.
    fn check_limit(&self, user: usize, limit: Limit) -> Result<(), String> {
        let (plan, step) = (self.water.plan, self.water.step);
        let is_whole = self.delivered[user] >= plan.demand[[step, user]];
        if is_whole != (limit == Limit::Nothing) {
            let (given, asked) = (self.delivered[user], plan.demand[[step, user]]);
            return Err(format!("{limit:?} where {given} of {asked} is given"));
        }
        let room = self.room(limit);
        if limit != Limit::Nothing && room.abs() > 1e-7 {
            return Err(format!("{limit:?} leaves room for {room}"));
        }
        match limit {
            Limit::MinimumFlow(node) if self.kept[node] <= 0.0 => {
                Err(format!("{limit:?} where nothing is kept"))
            }
            _ => Ok(()),
        }
    }
}

fn arrives(plan: &Plan, canals: &[usize]) -> f64 {
    canals.iter().map(|link| plan.passes[*link]).product()
}

fn capacity(water: &Water, link: usize) -> f64 {
    water.plan.capacity[[water.step, link]]
}

fn agree(kind: &str, place: usize, found: f64, wanted: f64) -> Result<(), String> {
    // The rounding that a flow is allowed over the slope of flows over claims, mostly 1e-3 and more.
    if (found - wanted).abs() <= 1e-6 {
        return Ok(());
    }
    Err(format!("{kind} {place}: {found} in place of {wanted}"))
}
