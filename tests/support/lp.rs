//! The linear programme of one group of claims in one step, from the definition alone (equations E9 and
//! E10): unknown flows on every river and canal, unknown releases, and what each claim gets.
//!
//! Nothing is shared with the allocation that is tested, neither code nor the idea of a sweep: rivers may
//! carry less than they could and storages may keep more, as long as every bound holds.

use rivershare::allocate::Water;
use rivershare::plan::{Claim, Conveyance, Place, Plan};

use super::programme::{Programme, Sum, Unknown};

/// What stands of the claims that were served before, hm³.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// Delivered to each user.
    pub(crate) delivered: Vec<f64>,
    /// Returned to each node.
    pub(crate) returned: Vec<f64>,
    /// To be kept in the river below each node.
    pub(crate) kept: Vec<f64>,
    /// Least release of each storage.
    pub(crate) released: Vec<f64>,
    /// End storage of each storage that is not drawn on.
    pub(crate) floor: Vec<f64>,
}

impl Standing {
    /// Before any claim: only water below the dead volume is offered to nobody.
    pub(crate) fn nothing(water: &Water) -> Self {
        let plan = water.plan;
        let (nodes, storages) = (plan.places.len(), plan.curves.len());
        let floor = |storage| plan.dead[[water.step, storage]].min(rests(water, storage));
        Self {
            delivered: vec![0.0; plan.paths.len()],
            returned: vec![0.0; nodes],
            kept: vec![0.0; nodes],
            released: vec![0.0; storages],
            floor: (0..storages).map(floor).collect(),
        }
    }
}

/// A programme with its unknowns.
pub(crate) struct River<'a> {
    water: &'a Water<'a>,
    stands: &'a Standing,
    pub(crate) programme: Programme,
    /// What leaves each node along its river.
    pub(crate) flow: Vec<Unknown>,
    /// What leaves each storage to its river and its users.
    pub(crate) offer: Vec<Unknown>,
    /// What each claim of the group gets, hm³.
    pub(crate) met: Vec<(Claim, Unknown)>,
    /// By how much bounds may be missed: the rounding of what stands.
    pub(crate) ease: Unknown,
    /// What enters each link that is a canal.
    canals: Vec<Option<Unknown>>,
}

impl<'a> River<'a> {
    pub(crate) fn new(water: &'a Water<'a>, stands: &'a Standing, claims: &[Claim]) -> Self {
        let (plan, mut programme) = (water.plan, Programme::default());
        let mut free = |least: f64| programme.unknown(least, f64::INFINITY);
        let ease = free(0.0);
        let flow = plan
            .places
            .iter()
            .map(|_| free(f64::NEG_INFINITY))
            .collect();
        let offer = plan.curves.iter().map(|_| free(0.0)).collect();
        let links = 0..plan.ends.len();
        let canals = links
            .map(|link| is_canal(plan, link).then(|| free(0.0)))
            .collect();
        let met = claims
            .iter()
            .map(|claim| (*claim, programme.unknown(0.0, volume(water, *claim))));
        let met = met.collect();
        let mut river = Self {
            water,
            stands,
            programme,
            flow,
            offer,
            met,
            ease,
            canals,
        };
        river.bound_canals();
        for node in 0..plan.places.len() {
            river.bound_node(node);
        }
        river
    }

    /// A canal carries what is ordered behind it, within its capacity.
    fn bound_canals(&mut self) {
        let plan = self.water.plan;
        for link in 0..plan.ends.len() {
            let Some(carries) = self.canals[link] else {
                continue;
            };
            let capacity = plan.capacity[[self.water.step, link]];
            let sum = Sum::of(carries, 1.0).and(self.ease, -1.0);
            self.programme.keep(sum, f64::NEG_INFINITY, capacity);
            let (ordered, fixed) = self.ordered(plan.ends[link].to, Some(link));
            match plan.conveyance(link) {
                Conveyance::Part(part) => {
                    let balance = Sum::of(carries, part).plus(&ordered, -1.0);
                    self.programme.keep(balance, fixed, fixed);
                }
                // What arrives is the least of the lines of the curve.
                Conveyance::Curve(loss) => {
                    for (slope, base) in self.pieces(loss) {
                        let arrives = Sum::of(carries, slope).plus(&ordered, -1.0);
                        self.programme.keep(arrives, fixed - base, f64::INFINITY);
                    }
                }
            }
        }
    }

    /// What users take at a node, directly or by canals; `canal` leads to the node, none to one of a river.
    fn ordered(&self, node: usize, canal: Option<usize>) -> (Sum, f64) {
        let plan = self.water.plan;
        let (mut sum, mut fixed) = (Sum::default(), 0.0);
        for (user, path) in plan.paths.iter().enumerate() {
            let takes_here = match path.canals.last() {
                Some(last) => Some(*last) == canal,
                None => canal.is_none() && path.head == node,
            };
            if takes_here {
                fixed += self.stands.delivered[user];
                for met in self.met_of(Claim::User(user)) {
                    sum = sum.and(met, 1.0);
                }
            }
        }
        for (link, carries) in self.canals.iter().enumerate() {
            if let Some(carries) = carries.filter(|_| plan.ends[link].from == node) {
                sum = sum.and(carries, 1.0);
            }
        }
        (sum, fixed)
    }

    fn bound_node(&mut self, node: usize) {
        let plan = self.water.plan;
        let (comes, fixed) = self.comes(node);
        let is_canal = self.canals.iter().zip(&plan.ends);
        let is_behind_canal = is_canal
            .clone()
            .any(|(canal, ends)| canal.is_some() && ends.to == node);
        let (taken, taken_fixed) = match is_behind_canal {
            true => (Sum::default(), 0.0),
            false => self.ordered(node, None),
        };
        let (offered, offered_fixed) = match plan.places[node] {
            Place::Storage(storage) => {
                self.bound_storage(storage, &comes, fixed);
                (Sum::of(self.offer[storage], 1.0), 0.0)
            }
            _ => (comes, fixed),
        };
        let left = offered.plus(&taken, -1.0);
        let left_fixed = offered_fixed - taken_fixed;
        let eased = left.clone().and(self.ease, 1.0);
        self.programme.keep(eased, -left_fixed, f64::INFINITY);
        self.bound_flow(node, &left, left_fixed);
    }

    /// What comes to a node: unknown sum and fixed number.
    fn comes(&self, node: usize) -> (Sum, f64) {
        let plan = self.water.plan;
        let mut sum = Sum::default();
        for &link in &plan.rivers_in[node] {
            sum = sum.and(self.flow[plan.ends[link].from], plan.passes[link]);
        }
        for &(claim, met) in &self.met {
            if let Claim::User(user) = claim
                && plan.paths[user].returns_to == Some(node)
            {
                sum = sum.and(met, replaced(plan, user));
            }
        }
        (sum, self.water.forms[node] + self.stands.returned[node])
    }

    /// Outlets, least release, and what stays.
    fn bound_storage(&mut self, storage: usize, comes: &Sum, fixed: f64) {
        let offer = self.offer[storage];
        let most = most_outflow(self.water, storage);
        let through = Sum::of(offer, 1.0).and(self.ease, -1.0);
        self.programme.keep(through, f64::NEG_INFINITY, most);
        let released = Sum::of(offer, 1.0).and(self.ease, 1.0);
        let least = self.stands.released[storage];
        self.programme.keep(released.clone(), least, f64::INFINITY);
        let stays = comes.clone().and(offer, -1.0).and(self.ease, 1.0);
        let stays_fixed = fixed + rests(self.water, storage);
        let floor = self.stands.floor[storage] - stays_fixed;
        self.programme.keep(stays.clone(), floor, f64::INFINITY);
        for (claim, met) in self.met.clone() {
            let sum = match claim {
                Claim::Release(of) if of == storage => released.clone(),
                Claim::Hold(of) if of == storage => stays.clone(),
                Claim::Zone(zone) if self.water.plan.zone_storages[zone] == storage => {
                    stays.clone()
                }
                _ => continue,
            };
            let base = if matches!(claim, Claim::Release(_)) {
                0.0
            } else {
                stays_fixed
            };
            self.programme
                .keep(sum.and(met, -1.0), -base, f64::INFINITY);
        }
    }

    /// The river below a node: all that is left, or what a delta lets out of it.
    fn bound_flow(&mut self, node: usize, left: &Sum, left_fixed: f64) {
        let (plan, flow) = (self.water.plan, self.flow[node]);
        if let Place::Delta(delta) = plan.places[node] {
            for (slope, base) in self.pieces(delta) {
                let below = Sum::of(flow, 1.0).plus(left, -slope);
                let most = base + slope * left_fixed;
                self.programme.keep(below, f64::NEG_INFINITY, most);
            }
        } else {
            let balance = Sum::of(flow, 1.0).plus(left, -1.0);
            self.programme.keep(balance, left_fixed, left_fixed);
        }
        let eased = Sum::of(flow, 1.0).and(self.ease, 1.0);
        self.programme
            .keep(eased.clone(), self.stands.kept[node], f64::INFINITY);
        for (claim, met) in self.met.clone() {
            if let Claim::MinimumFlow(place) = claim
                && plan.minimum_nodes[place] == node
            {
                let sum = eased.clone().and(met, -1.0);
                self.programme.keep(sum, 0.0, f64::INFINITY);
            }
        }
    }

    /// Slope and base of the lines whose least is the outflow of a delta.
    fn pieces(&self, delta: usize) -> Vec<(f64, f64)> {
        let hm3 = self.water.plan.seconds[self.water.step] / 1e6;
        let curve = &self.water.plan.deltas[delta];
        let out = |knot: usize| curve.inflow_m3s[knot] - curve.loss_m3s[knot];
        let segments = 0..curve.inflow_m3s.len() - 1;
        let pieces = segments.map(|knot| {
            let (low, high) = (curve.inflow_m3s[knot], curve.inflow_m3s[knot + 1]);
            let slope = (out(knot + 1) - out(knot)) / (high - low);
            (slope, (out(knot) - slope * low) * hm3)
        });
        pieces.collect()
    }

    fn met_of(&self, claim: Claim) -> impl Iterator<Item = Unknown> {
        let met = self.met.iter();
        met.filter(move |(own, _)| *own == claim)
            .map(|(_, met)| *met)
    }
}

/// What a claim asks for, hm³.
pub(crate) fn volume(water: &Water, claim: Claim) -> f64 {
    let (plan, step) = (water.plan, water.step);
    match claim {
        Claim::User(user) => plan.demand[[step, user]],
        Claim::MinimumFlow(place) => plan.minimum[[step, place]],
        Claim::Release(storage) => plan.least_release[[step, storage]].max(water.sill[storage]),
        Claim::Zone(zone) => {
            let rests = rests(water, plan.zone_storages[zone]);
            plan.zone[[step, zone]].min(rests.max(0.0))
        }
        Claim::Hold(storage) => plan.target[[step, storage]],
    }
}

/// What a storage would keep of its start without inflow and release.
pub(crate) fn rests(water: &Water, storage: usize) -> f64 {
    let full = water.plan.full[[water.step, storage]];
    (water.storage[storage].min(full) - water.net_loss[storage]).max(0.0)
}

/// Most that leaves a storage to its river and its users.
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

fn is_canal(plan: &Plan, link: usize) -> bool {
    let mut paths = plan.paths.iter();
    paths.any(|path| path.canals.contains(&link))
}

/// The part of a delivery whose return makes good, within its own class, what was taken.
pub(crate) fn replaced(plan: &Plan, user: usize) -> f64 {
    let path = &plan.paths[user];
    let Some(to) = path.returns_to else {
        return 0.0;
    };
    // Behind a canal with a curve no part of what is taken is sure to come back.
    if path.canals.iter().any(|link| plan.losses[*link].is_some()) {
        return 0.0;
    }
    let Some(passes) = way_down(plan, path.head, to) else {
        return 0.0;
    };
    let arrives = arrives(plan, user);
    plan.return_fractions[user].min(passes / arrives)
}

/// The least part of what a user takes further from the river that reaches it.
pub(crate) fn arrives(plan: &Plan, user: usize) -> f64 {
    let canals = plan.paths[user].canals.iter();
    canals
        .map(|link| match plan.conveyance(*link) {
            Conveyance::Part(part) => part,
            Conveyance::Curve(loss) => plan.deltas[loss].least_passes(),
        })
        .product()
}

/// Part of the water of a node that passes down to another; none where a delta or a limited outlet lies
/// between or the other lies on another river.
fn way_down(plan: &Plan, from: usize, to: usize) -> Option<f64> {
    let (mut at, mut passes) = (from, 1.0);
    while at != to {
        let hinders = match plan.places[at] {
            Place::Pass => false,
            Place::Delta(_) => true,
            // Users of a storage take what its outlets let through.
            Place::Storage(storage) => at != from && is_limited(plan, storage),
        };
        let link = plan.river[at].filter(|_| !hinders)?;
        passes *= plan.passes[link];
        at = plan.ends[link].to;
    }
    Some(passes)
}

fn is_limited(plan: &Plan, storage: usize) -> bool {
    let most = plan.most_release.column(storage);
    plan.curves[storage].outflow_m3s.is_some() || most.iter().any(|most| most.is_finite())
}
