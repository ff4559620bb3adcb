//! Claims that compete: their satisfied parts rise together until a bound stops some of them, and the others
//! rise on (equation E11).

use super::Bound;
use super::machine::{Label, Labelled, Plain, Slope, Sloped, lesser};
use super::scheme::{Group, Scheme};
use super::standing::{Desk, Flows, Scene, Standing};
use crate::network::sharing::Sharing;
use crate::plan::{Claim, Place};

/// What rounding may take from a flow, as a part of the volumes that it is made of.
const ROUNDING: f64 = 1e-13;

/// A claim whose allowance is less than this part of what it wants is bound.
const BOUND: f64 = 1e-10;

/// Turns of Newton's method; each goes on to another piece of a bound, and few bounds have many.
const TURNS: usize = 100;

/// Volumes of the claims of a group.
pub(super) fn share(
    plain: Plain,
    scheme: &Scheme,
    group: &Group,
    scene: &Scene<f64>,
    standing: &Standing<f64>,
) -> Vec<f64> {
    let mut contest = Contest::new(plain, scheme, group, scene, standing, false);
    while contest.goes_on() {}
    contest.volumes()
}

/// As [`share`], with what bounds each claim.
pub(super) fn share_labelled(
    plain: Plain,
    scheme: &Scheme,
    group: &Group,
    scene: &Scene<f64>,
    standing: &Standing<f64>,
) -> Vec<Label> {
    let mut contest = Contest::new(plain, scheme, group, scene, standing, true);
    while contest.goes_on() {}
    contest.volumes().into_iter().zip(contest.bounds).collect()
}

struct Contest<'a> {
    plain: Plain<'a>,
    scheme: &'a Scheme,
    group: &'a Group,
    scene: &'a Scene<f64>,
    standing: &'a Standing<f64>,
    wanted: Vec<f64>,
    /// Part of each claim where the common level is 1.
    rises: Vec<f64>,
    /// Volume of each claim that rises no more.
    settled: Vec<Option<f64>>,
    explains: bool,
    bounds: Vec<Bound>,
    level: f64,
}

impl<'a> Contest<'a> {
    fn new(
        plain: Plain<'a>,
        scheme: &'a Scheme,
        group: &'a Group,
        scene: &'a Scene<f64>,
        standing: &'a Standing<f64>,
        explains: bool,
    ) -> Self {
        let mut machine = plain;
        let mut desk = Desk {
            machine: &mut machine,
            scheme,
            scene,
            standing: standing.clone(),
            flows: Flows::default(),
        };
        let wanted: Vec<f64> = group
            .claims
            .iter()
            .map(|claim| desk.wanted(*claim))
            .collect();
        let rises = wanted
            .iter()
            .zip(&group.weights)
            .map(|(wanted, weight)| match group.sharing {
                Sharing::Weights => *weight,
                Sharing::Shares => weight / wanted,
                Sharing::Equal | Sharing::RiverOrder => 1.0,
            });
        let rises = rises.collect();
        // Who asks for nothing has it.
        let settled = wanted
            .iter()
            .map(|wanted| (*wanted <= 0.0).then_some(0.0))
            .collect();
        Self {
            plain,
            scheme,
            group,
            scene,
            standing,
            wanted,
            rises,
            settled,
            explains,
            bounds: vec![Bound::Nothing; group.claims.len()],
            level: 0.0,
        }
    }

    fn active(&self) -> Vec<usize> {
        (0..self.settled.len())
            .filter(|place| self.settled[*place].is_none())
            .collect()
    }

    fn volumes(&self) -> Vec<f64> {
        let volume = |(settled, wanted): (&Option<f64>, &f64)| settled.unwrap_or(*wanted);
        self.settled.iter().zip(&self.wanted).map(volume).collect()
    }

    /// Volume of a claim that rises with the others to a level, and its slope.
    fn at(&self, place: usize, level: f64) -> Slope {
        let (wanted, rises) = (self.wanted[place], self.rises[place]);
        Slope {
            value: lesser(wanted, level * rises * wanted),
            slope: rises * wanted,
        }
    }

    /// Raises the common level to the next bound, or to where a claim has all; false where all are settled.
    fn goes_on(&mut self) -> bool {
        let active = self.active();
        if active.len() <= 1 {
            for place in active {
                self.settle_last(place);
            }
            return false;
        }
        let full = |place: &usize| 1.0 / self.rises[*place];
        let top = active.iter().map(full).fold(f64::INFINITY, lesser);
        self.level = self.highest(&active, top);
        if self.level >= top {
            for place in active {
                if 1.0 / self.rises[place] <= top {
                    self.settled[place] = Some(self.wanted[place]);
                }
            }
        } else {
            self.settle_bound(&active);
        }
        true
    }

    /// The highest feasible level up to `top`.
    fn highest(&self, active: &[usize], top: f64) -> f64 {
        let mut level = top;
        for _ in 0..TURNS {
            match self.tangent(active, level) {
                None => return level,
                Some(root) if root <= self.level => return self.level,
                // A root that rounding has not moved is stepped over.
                Some(root) => level = lesser(root, level - ROUNDING * level),
            }
        }
        self.level
    }

    /// Where the tangents of the bounds that are broken at a level meet zero first; none where none is.
    fn tangent(&self, active: &[usize], level: f64) -> Option<f64> {
        let number = |value: &f64| Slope {
            value: *value,
            slope: 0.0,
        };
        let (scene, standing) = (self.scene.map(number), self.standing.map(number));
        let mut machine = Sloped(self.plain);
        let mut desk = Desk::with(&mut machine, self.scheme, &scene, standing);
        for (place, &claim) in self.group.claims.iter().enumerate() {
            let volume = match self.settled[place] {
                Some(volume) => number(&volume),
                None if active.contains(&place) => self.at(place, level),
                None => continue,
            };
            desk.place(claim, volume);
        }
        desk.flow_everywhere();
        let mut root: Option<f64> = None;
        broken(&desk, self.group, |spare| {
            // Rounding alone can break a bound that no claim moves.
            let at = if spare.slope < 0.0 {
                level - spare.value / spare.slope
            } else {
                self.level
            };
            root = Some(root.map_or(at, |root| lesser(root, at)));
        });
        root
    }

    /// What stands with all claims but one at the common level.
    fn desk<'d>(&self, machine: &'d mut Plain<'a>, but: Option<usize>) -> Desk<'d, Plain<'a>>
    where
        'a: 'd,
    {
        let mut desk = Desk::with(machine, self.scheme, self.scene, self.standing.clone());
        for (place, &claim) in self.group.claims.iter().enumerate() {
            if Some(place) != but {
                let volume =
                    self.settled[place].unwrap_or_else(|| self.at(place, self.level).value);
                desk.place(claim, volume);
            }
        }
        desk.flow_everywhere();
        desk
    }

    /// The last claim that rises competes with none.
    fn settle_last(&mut self, place: usize) {
        let mut machine = self.plain;
        let mut desk = self.desk(&mut machine, Some(place));
        let volume = desk.serve_alone(self.group.claims[place], &self.group.bounds);
        self.settle(place, volume);
    }

    /// Settles the claims that no bound lets rise further, at least the one that is nearest to its bound.
    fn settle_bound(&mut self, active: &[usize]) {
        let mut machine = self.plain;
        let mut desk = self.desk(&mut machine, None);
        let mut more = Vec::new();
        for &place in active {
            let claim = self.group.claims[place];
            let (has, gets) = (
                self.at(place, self.level).value,
                desk.serve_alone(claim, &self.group.bounds),
            );
            // A user gets more on top of what stands; what is kept or held is told as a whole.
            let rise = if matches!(claim, Claim::User(_)) {
                gets
            } else {
                gets - has
            };
            more.push((place, has, rise / self.wanted[place]));
        }
        let least = more
            .iter()
            .map(|(_, _, more)| *more)
            .fold(f64::INFINITY, lesser);
        for (place, has, more) in more {
            if more <= BOUND || more <= least {
                self.settle(place, has);
            }
        }
    }

    fn settle(&mut self, place: usize, volume: f64) {
        if self.explains && volume < self.wanted[place] {
            self.bounds[place] = self.bound(place);
        }
        self.settled[place] = Some(volume);
    }

    /// What keeps a claim from more once all others are at the common level.
    fn bound(&self, place: usize) -> Bound {
        let mut plain = self.plain;
        let desk = self.desk(&mut plain, Some(place));
        let label = |value: &f64| (*value, Bound::Nothing);
        let (scene, standing) = (self.scene.map(label), desk.standing.map(label));
        let mut machine = Labelled(self.plain);
        let mut desk = Desk::with(&mut machine, self.scheme, &scene, standing);
        desk.serve_alone(self.group.claims[place], &self.group.bounds)
            .1
    }
}

/// Hands over every bound that is broken, with its slope.
fn broken(desk: &Desk<Sloped>, group: &Group, mut hand: impl FnMut(Slope)) {
    let (scheme, scene, standing, flows) = (desk.scheme, desk.scene, &desk.standing, &desk.flows);
    let mut check = |has: Slope, needs: Slope, scale: f64| {
        let spare = Slope {
            value: has.value - needs.value,
            slope: has.slope - needs.slope,
        };
        if spare.value < -ROUNDING * scale {
            hand(spare);
        }
    };
    for node in (0..flows.leaves.len()).filter(|node| group.bounds[*node]) {
        let mut scale = flows.comes[node].value.abs() + standing.taken[node].value;
        if let Place::Storage(storage) = scheme.places[node] {
            scale += scene.holds[storage].value.abs() + standing.floor[storage].value.abs();
            check(flows.offer[node], standing.released[storage], scale);
        }
        check(flows.leaves[node], standing.kept[node], scale);
    }
    for claim in &group.claims {
        if let Claim::User(user) = claim {
            for &(canal, _) in &scheme.users[*user].canals {
                let carried = standing.carried[canal];
                check(scene.capacity[canal], carried, carried.value);
            }
        }
    }
}
