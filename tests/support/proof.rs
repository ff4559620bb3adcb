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
    /// Greatest difference, as a part of the volume or of 1 hm³.
    pub(crate) greatest: f64,
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
    tally: Tally,
}

impl<'a> Proof<'a> {
    pub(crate) fn new(water: &'a Water<'a>, found: &'a Allocation, method: Method) -> Self {
        let (same, ease) = match method {
            Method::Simplex => (SAME, 2e-10),
            Method::InteriorPoint => (100.0 * SAME, 1e-7),
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
        let (water, before) = (self.water, self.stands.clone());
        let mut river = self.eased(&before, claims)?;
        let met = leximin::divide(&mut river, water, sharing, self.method)?;
        for (claim, met) in claims.iter().zip(&met) {
            self.compare(*claim, *met)?;
        }
        self.count(claims, &met);
        // Only the return that makes good what the class took counts for the class.
        let after = self.stands.clone();
        self.eased(&after, &[])?;
        for claim in claims {
            self.return_rest(*claim);
        }
        Ok(())
    }

    /// The programme of some claims on top of what stands, which must be able to stand.
    fn eased<'s>(&self, stands: &'s Standing, claims: &[Claim]) -> Result<River<'s>, String>
    where
        'a: 's,
    {
        let mut river = River::new(self.water, stands, claims);
        let least = river.programme.maximise(&Sum::of(river.ease, -1.0), self.method)?;
        let lacks = least[river.ease];
        if lacks > self.same {
            return Err(format!("what stands lacks {lacks} hm³"));
        }
        let ease = lacks.max(0.0) + self.ease;
        river.programme.bounds[river.ease] = (ease, ease);
        Ok(river)
    }

    /// Compares what a claim got; what was found stands for the claims that follow.
    fn compare(&mut self, claim: Claim, expected: f64) -> Result<(), String> {
        let (plan, found, stands) = (self.water.plan, self.found, &mut self.stands);
        let got = match claim {
            Claim::User(user) => {
                stands.delivered[user] = found.delivered[user];
                if let Some(node) = plan.paths[user].returns_to {
                    stands.returned[node] += replaced(plan, user) * found.delivered[user];
                }
                found.delivered[user]
            }
            Claim::MinimumFlow(place) => {
                let kept = &mut stands.kept[plan.minimum_nodes[place]];
                *kept = kept.max(found.kept[place]);
                found.kept[place]
            }
            Claim::Release(storage) => {
                stands.released[storage] = found.released[storage];
                found.released[storage]
            }
            Claim::Zone(zone) => {
                let floor = &mut stands.floor[plan.zone_storages[zone]];
                *floor = floor.max(found.withheld[zone]);
                found.withheld[zone]
            }
            Claim::Hold(storage) => {
                let floor = &mut stands.floor[storage];
                *floor = floor.max(found.held[storage]);
                found.held[storage]
            }
        };
        self.agree(&format!("{claim:?}"), got, expected)?;
        self.tally.claims += 1;
        Ok(())
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
        let river = self.eased(&stands, &[])?;
        let flows = river.flow.iter();
        let all = flows.fold(Sum::default(), |sum, flow| sum.and(*flow, 1.0));
        let solution = river.programme.maximise(&all, self.method)?;
        for node in 0..plan.places.len() {
            if is_terminal(plan, node) {
                continue;
            }
            let flow = solution[river.flow[node]];
            self.agree(&format!("flow at node {node}"), self.found.flow[node], flow)?;
            if let Place::Storage(storage) = plan.places[node] {
                let released = solution[river.offer[storage]];
                let found = self.found.release[storage];
                self.agree(&format!("release of storage {storage}"), found, released)?;
            }
        }
        Ok(())
    }

    fn agree(&mut self, what: &str, found: f64, expected: f64) -> Result<(), String> {
        let differs = (found - expected).abs() / expected.abs().max(1.0);
        if differs.is_nan() || differs > self.same {
            return Err(format!("{what}: {found} in place of {expected}"));
        }
        self.tally.greatest = self.tally.greatest.max(differs);
        Ok(())
    }

    fn count(&mut self, claims: &[Claim], met: &[f64]) {
        let asked = claims.iter().map(|claim| volume(self.water, *claim));
        let short = asked.zip(met).filter(|(asks, met)| **met < asks * (1.0 - SAME)).count();
        self.tally.classes += usize::from(!claims.is_empty());
        self.tally.short_classes += usize::from(short > 0);
        self.tally.shared_classes += usize::from(short > 1);
    }
}

/// A terminal lake has no river below it.
fn is_terminal(plan: &Plan, node: usize) -> bool {
    plan.river[node].is_none() && matches!(plan.places[node], Place::Storage(_))
}
