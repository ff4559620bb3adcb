//! Compares an allocation with the definition, class by class (equations E10 to E12).
//!
//! A class is solved with the found values of all classes before it, so that the rounding of solvers does
//! not add up; what was found must be feasible too.

use rivershare::allocate::{Allocation, Water};
use rivershare::network::sharing::Sharing;
use rivershare::plan::{Claim, Class, Place, Plan};

use super::leximin;
use super::lp::{River, Standing, replaced, volume};
use super::programme::{Method, Sum};

/// Volumes agree within this part of them, or of 1 hm³ where they are smaller.
const SAME: f64 = 1e-7;

/// What was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) networks: usize,
    pub(crate) claims: usize,
    pub(crate) classes: usize,
    /// Classes in which something is missing.
    pub(crate) short_classes: usize,
    /// Classes in which more than one claim is short.
    pub(crate) shared_classes: usize,
    /// Greatest difference, as a part of what is asked for or of 1 hm³.
    pub(crate) greatest: f64,
    /// Claims that agree within what so little water at their bounds makes.
    pub(crate) loose: usize,
    /// Networks solved by the second method too, and those for which it found no answer.
    pub(crate) second: usize,
    pub(crate) unanswered: usize,
}

impl Tally {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            networks: self.networks + other.networks,
            claims: self.claims + other.claims,
            classes: self.classes + other.classes,
            short_classes: self.short_classes + other.short_classes,
            shared_classes: self.shared_classes + other.shared_classes,
            greatest: self.greatest.max(other.greatest),
            loose: self.loose + other.loose,
            second: self.second + other.second,
            unanswered: self.unanswered + other.unanswered,
        }
    }
}

/// An allocation that is being compared.
pub(crate) struct Proof<'a> {
    water: &'a Water<'a>,
    found: &'a Allocation,
    stands: Standing,
    method: Method,
    /// Volumes agree within this part.
    same: f64,
    /// hm³ by which every bound is eased on top of the rounding of what stands, so that a state is left.
    ease: f64,
    /// hm³ by which bounds are loosened to see how well a claim is known: a few times what the method leaves
    /// to rounding.
    little: f64,
    tally: Tally,
}

impl<'a> Proof<'a> {
    pub(crate) fn new(water: &'a Water<'a>, found: &'a Allocation, method: Method) -> Self {
        let (same, ease, little) = match method {
            Method::Simplex => (SAME, 2e-10, 5e-8),
            Method::InteriorPoint => (1000.0 * SAME, 1e-7, 1e-6),
        };
        let tally = Tally {
            networks: 1,
            ..Tally::default()
        };
        Self {
            water,
            found,
            stands: Standing::nothing(water),
            method,
            same,
            ease,
            little,
            tally,
        }
    }

    /// Compares all parts, storages and flows; tells the first that differs.
    pub(crate) fn check(mut self) -> Result<Tally, String> {
        for (place, class) in self.water.plan.classes.iter().enumerate() {
            for claims in self.groups(class) {
                let checked = self.check_group(&claims, class.sharing);
                checked.map_err(|error| {
                    let (priority, sharing) = (class.priority, class.sharing);
                    format!("class {place} ({priority:?}, {sharing:?}) of {claims:?}: {error}")
                })?;
            }
        }
        self.check_flows()?;
        Ok(self.tally)
    }

    /// Claims that are solved together; one that asks for nothing gets nothing.
    fn groups(&self, class: &Class) -> Vec<Vec<Claim>> {
        let claims = class.claims.iter().copied();
        let claims = claims.filter(|claim| volume(self.water, *claim) > 0.0);
        match class.sharing {
            Sharing::RiverOrder => claims.map(|claim| vec![claim]).collect(),
            _ => vec![claims.collect()],
        }
    }

    fn check_group(&mut self, claims: &[Claim], sharing: Sharing) -> Result<(), String> {
        let before = self.stands.clone();
        let met = self.solve(&before, claims, sharing, 0.0)?;
        let found: Vec<f64> = claims.iter().map(|claim| self.found(*claim)).collect();
        let asks = |place: usize| volume(self.water, claims[place]);
        let agree = (0..claims.len()).all(|at| differs(found[at], met[at], asks(at)) <= self.same);
        // A claim that mostly returns is known no better than the flow that binds it, which has its own rounding.
        let looser = match agree {
            true => met.clone(),
            false => self.solve(&before, claims, sharing, self.little)?,
        };
        for (place, claim) in claims.iter().enumerate() {
            let asked = volume(self.water, *claim);
            let is_loose = differs(found[place], met[place], asked) > self.same;
            self.tally.loose += usize::from(is_loose);
            let margin = (looser[place] - met[place]).abs();
            let nearest = found[place].clamp(met[place] - margin, met[place] + margin);
            self.agree(&format!("{claim:?}"), found[place], nearest, asked)?;
            self.stand(*claim, found[place]);
        }
        self.count(claims, &met);
        // Only the return that makes good what the class took counts for the class.
        let after = self.stands.clone();
        self.eased(&after, &[], 0.0)?;
        for claim in claims {
            self.return_rest(*claim);
        }
        Ok(())
    }

    /// What each claim of a group gets by the definition where all bounds are loosened by some hm³.
    fn solve(
        &self,
        stands: &Standing,
        claims: &[Claim],
        sharing: Sharing,
        looser: f64,
    ) -> Result<Vec<f64>, String> {
        let mut river = self.eased(stands, claims, looser)?;
        leximin::divide(&mut river, self.water, sharing, self.method, looser)
    }

    /// The programme of some claims on top of what stands, which must be able to stand.
    fn eased<'s>(
        &'s self,
        stands: &'s Standing,
        claims: &[Claim],
        looser: f64,
    ) -> Result<River<'s>, String> {
        let mut river = River::new(self.water, stands, claims);
        let least = river
            .programme
            .maximise(&Sum::of(river.ease, -1.0), self.method)?;
        let lacks = least[river.ease];
        if lacks > self.same {
            return Err(format!("what stands lacks {lacks} hm³"));
        }
        let ease = lacks.max(0.0) + self.ease + looser;
        river.programme.bounds[river.ease] = (ease, ease);
        Ok(river)
    }

    /// What a claim got, hm³.
    fn found(&self, claim: Claim) -> f64 {
        match claim {
            Claim::User(user) => self.found.delivered[user],
            Claim::MinimumFlow(place) => self.found.kept[place],
            Claim::Release(storage) => self.found.released[storage],
            Claim::Zone(zone) => self.found.withheld[zone],
            Claim::Hold(storage) => self.found.held[storage],
        }
    }

    /// Lets what was found stand for the claims that follow.
    fn stand(&mut self, claim: Claim, volume: f64) {
        let (plan, stands) = (self.water.plan, &mut self.stands);
        let raise = |number: &mut f64| *number = number.max(volume);
        match claim {
            Claim::User(user) => {
                stands.delivered[user] = volume;
                if let Some(node) = plan.paths[user].returns_to {
                    stands.returned[node] += replaced(plan, user) * volume;
                }
            }
            Claim::MinimumFlow(place) => raise(&mut stands.kept[plan.minimum_nodes[place]]),
            Claim::Release(storage) => raise(&mut stands.released[storage]),
            Claim::Zone(zone) => raise(&mut stands.floor[plan.zone_storages[zone]]),
            Claim::Hold(storage) => raise(&mut stands.floor[storage]),
        }
    }

    fn return_rest(&mut self, claim: Claim) {
        let plan = self.water.plan;
        if let Claim::User(user) = claim
            && let Some(node) = plan.paths[user].returns_to
        {
            let rest = plan.return_fractions[user] - replaced(plan, user);
            self.stands.returned[node] += rest * self.found.delivered[user];
        }
    }

    /// After all classes every storage lets go what is above its floor, and every river flows on.
    fn check_flows(&mut self) -> Result<(), String> {
        let (plan, stands) = (self.water.plan, self.stands.clone());
        let river = self.eased(&stands, &[], 0.0)?;
        let flows = river.flow.iter();
        let all = flows.fold(Sum::default(), |sum, flow| sum.and(*flow, 1.0));
        let solution = river.programme.maximise(&all, self.method)?;
        let (flows, offers) = (river.flow.clone(), river.offer.clone());
        for node in 0..plan.places.len() {
            if is_terminal(plan, node) {
                continue;
            }
            let flow = solution[flows[node]];
            self.agree(
                &format!("flow at node {node}"),
                self.found.flow[node],
                flow,
                flow,
            )?;
            if let Place::Storage(storage) = plan.places[node] {
                let released = solution[offers[storage]];
                let found = self.found.release[storage];
                let what = format!("release of storage {storage}");
                self.agree(&what, found, released, released)?;
            }
        }
        Ok(())
    }

    fn agree(&mut self, what: &str, found: f64, expected: f64, of: f64) -> Result<(), String> {
        let part = differs(found, expected, of);
        if part.is_nan() || part > self.same {
            return Err(format!("{what}: {found} in place of {expected}, of {of}"));
        }
        self.tally.greatest = self.tally.greatest.max(part);
        Ok(())
    }

    fn count(&mut self, claims: &[Claim], met: &[f64]) {
        let asked = claims.iter().map(|claim| volume(self.water, *claim));
        let short = asked
            .zip(met)
            .filter(|(asks, met)| **met < asks * (1.0 - SAME))
            .count();
        self.tally.claims += claims.len();
        self.tally.classes += usize::from(!claims.is_empty());
        self.tally.short_classes += usize::from(short > 0);
        self.tally.shared_classes += usize::from(short > 1);
    }
}

/// A terminal lake has no river below it.
fn is_terminal(plan: &Plan, node: usize) -> bool {
    plan.river[node].is_none() && matches!(plan.places[node], Place::Storage(_))
}

/// The difference as a part of a volume, of a claim that which it asks for, or of 1 hm³ where that is smaller.
fn differs(found: f64, expected: f64, of: f64) -> f64 {
    (found - expected).abs() / of.abs().max(1.0)
}
