//! Claims that compete: their satisfied parts rise together until a bound stops some of them, and the others
//! rise on (equation E11).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Bound;
use super::desk::Desk;
use super::groups::Group;
use super::known::Known;
use super::machine::{Label, Labelled, Plain, Slope, Sloped, lesser};
use super::part::Part;
use super::scheme::{Canal, Scheme};
use super::standing::{Flows, ROUNDING, Scene, Standing};
use crate::network::sharing::Sharing;
use crate::plan::{Claim, Place};

/// A claim that could rise by less than this part of what it wants is bound.
const BOUND: f64 = 1e-10;

/// Turns of Newton's method; each goes on to another piece of a bound, and few bounds have many.
const TURNS: usize = 100;

/// A group of claims that compete in one step. Its lists are kept from step to step.
#[derive(Clone, Debug)]
pub(crate) struct Contest {
    scheme: Arc<Scheme>,
    group: Group,
    /// The scene of the step.
    pub(crate) scene: Scene<f64>,
    /// What stood before the group.
    pub(crate) standing: Standing<f64>,
    wanted: Vec<f64>,
    /// Part of each claim where the common level is 1.
    rises: Vec<f64>,
    /// Whether each claim still rises.
    active: Vec<bool>,
    /// Volume of each claim that rises no more.
    volumes: Vec<f64>,
    level: f64,
    /// The flows before the group.
    flows: Flows<f64>,
    rest: Rest,
}

/// Lists that are written over in each turn.
#[derive(Clone, Debug, Default)]
struct Rest {
    standing: Standing<f64>,
    flows: Flows<f64>,
    sloped_scene: Scene<Slope>,
    sloped_standing: Standing<Slope>,
    sloped_flows: Flows<Slope>,
    known: Known<f64>,
    more: Vec<f64>,
}

impl Contest {
    pub(crate) fn new(part: &Part) -> Self {
        let (scheme, group) = (&part.scheme, &part.group);
        let count = group.claims.len();
        Self {
            scheme: scheme.clone(),
            group: group.clone(),
            scene: Scene::of(scheme),
            standing: Standing::of(scheme),
            wanted: vec![0.0; count],
            rises: vec![1.0; count],
            active: vec![false; count],
            volumes: vec![0.0; count],
            level: 0.0,
            flows: Flows::default(),
            rest: Rest::default(),
        }
    }

    /// Takes over the numbers of a step.
    pub(crate) fn load(&mut self, scene: &Scene<f64>, standing: &Standing<f64>, wanted: &[f64]) {
        scene.copy_to(&mut self.scene, |number| *number);
        standing.copy_to(&mut self.standing, |number| *number);
        self.wanted.copy_from_slice(wanted);
    }

    /// As [`Contest::load`], from what each claim wants, the scene and what stands, in the order of their lists;
    /// the lists keep their lengths.
    pub(crate) fn read(&mut self, numbers: &mut impl Iterator<Item = f64>) {
        let scene = self.scene.lists_mut().into_iter().flatten();
        let standing = self.standing.lists_mut().into_iter().flatten();
        for (place, number) in self
            .wanted
            .iter_mut()
            .chain(scene)
            .chain(standing)
            .zip(numbers)
        {
            *place = number;
        }
    }

    /// Volume of each claim.
    pub(crate) fn volumes(&self) -> &[f64] {
        &self.volumes
    }

    /// Shares what is there.
    pub(crate) fn share(&mut self, plain: Plain) {
        self.level = 0.0;
        self.find_rises();
        for place in 0..self.wanted.len() {
            // Who asks for nothing has it.
            self.active[place] = self.wanted[place] > 0.0;
            self.volumes[place] = 0.0;
        }
        self.begin(plain);
        while self.goes_on(plain) {}
    }

    /// Finds how fast each claim rises by the rule of the class.
    fn find_rises(&mut self) {
        for place in 0..self.wanted.len() {
            let (wanted, weight) = (self.wanted[place], self.group.weights[place]);
            self.rises[place] = match self.group.sharing {
                Sharing::Weights => weight,
                Sharing::Shares => weight / wanted,
                Sharing::Equal | Sharing::RiverOrder => 1.0,
            };
        }
    }

    /// Finds the flows before the group; those that it changes are found anew in each turn.
    fn begin(&mut self, mut plain: Plain) {
        let (standing, flows) = (&mut self.standing, &mut self.flows);
        let (before, lists) = (std::mem::take(standing), std::mem::take(flows));
        let desk = Desk::resume(&mut plain, &self.scheme, &self.scene, before, lists);
        (self.standing, self.flows) = (desk.standing, desk.flows);
        self.scene
            .copy_to(&mut self.rest.sloped_scene, |number| fixed(*number));
        self.flows.copy_to(&mut self.rest.flows, |number| *number);
        self.flows
            .copy_to(&mut self.rest.sloped_flows, |number| fixed(*number));
    }

    /// Volume of a claim that rises with the others to a level, and its slope.
    fn at(&self, place: usize, level: f64) -> Slope {
        let (wanted, rises) = (self.wanted[place], self.rises[place]);
        Slope {
            value: lesser(wanted, level * rises * wanted),
            slope: rises * wanted,
        }
    }

    /// Volume of a claim at a level, whether it still rises or not.
    fn volume(&self, place: usize, level: f64) -> f64 {
        match self.active[place] {
            true => self.at(place, level).value,
            false => self.volumes[place],
        }
    }

    fn settle(&mut self, place: usize, volume: f64) {
        self.active[place] = false;
        self.volumes[place] = volume;
    }

    /// Raises the common level to the next bound, or to where a claim has all; false where all are settled.
    fn goes_on(&mut self, plain: Plain) -> bool {
        let rising = self.active.iter().filter(|active| **active).count();
        if rising <= 1 {
            if let Some(place) = self.active.iter().position(|active| *active) {
                self.settle_last(plain, place);
            }
            return false;
        }
        let full = (0..self.active.len()).filter(|place| self.active[*place]);
        let top = full
            .map(|place| 1.0 / self.rises[place])
            .fold(f64::INFINITY, lesser);
        self.level = self.highest(plain, top);
        if self.level < top {
            self.settle_bound(plain);
            return true;
        }
        for place in 0..self.active.len() {
            if self.active[place] && 1.0 / self.rises[place] <= top {
                self.settle(place, self.wanted[place]);
            }
        }
        true
    }

    /// The highest feasible level up to `top`.
    fn highest(&mut self, plain: Plain, top: f64) -> f64 {
        let mut level = top;
        for _ in 0..TURNS {
            match self.tangent(plain, level) {
                None => return level,
                Some(root) if root <= self.level => return self.level,
                // A root that rounding has not moved is stepped over.
                Some(root) => level = lesser(root, level - ROUNDING * level),
            }
        }
        self.level
    }

    /// Where the tangents of the bounds that are broken at a level meet zero first; none where none is.
    fn tangent(&mut self, plain: Plain, level: f64) -> Option<f64> {
        let mut standing = std::mem::take(&mut self.rest.sloped_standing);
        self.standing
            .copy_to(&mut standing, |number| fixed(*number));
        let mut machine = Sloped(plain);
        let mut desk = Desk {
            machine: &mut machine,
            scheme: &self.scheme,
            scene: &self.rest.sloped_scene,
            standing,
            flows: std::mem::take(&mut self.rest.sloped_flows),
            stale: BTreeSet::new(),
            known: None,
        };
        for (place, &claim) in self.group.claims.iter().enumerate() {
            let volume = match self.active[place] {
                true => self.at(place, level),
                false => fixed(self.volumes[place]),
            };
            desk.place(claim, volume);
        }
        desk.flow_over(&self.group);
        let mut root: Option<f64> = None;
        broken(&desk, &self.group, |spare| {
            // A concave bound that does not fall here was broken by rounding before the group came.
            if spare.slope < 0.0 {
                let at = level - spare.value / spare.slope;
                root = Some(root.map_or(at, |root| lesser(root, at)));
            }
        });
        let (standing, flows) = (desk.standing, desk.flows);
        self.rest.sloped_standing = standing;
        self.rest.sloped_flows = flows;
        root
    }

    /// Does something at a desk where all claims but one stand at the common level.
    fn at_desk<T>(
        &mut self,
        mut plain: Plain,
        but: Option<usize>,
        work: impl FnOnce(&Self, &mut Desk<Plain>) -> T,
    ) -> T {
        let mut standing = std::mem::take(&mut self.rest.standing);
        self.standing.copy_to(&mut standing, |number| *number);
        let mut known = std::mem::take(&mut self.rest.known);
        known.forget(self.scheme.places.len());
        let mut desk = Desk {
            machine: &mut plain,
            scheme: &self.scheme,
            scene: &self.scene,
            standing,
            flows: std::mem::take(&mut self.rest.flows),
            stale: BTreeSet::new(),
            known: Some(known),
        };
        for (place, &claim) in self.group.claims.iter().enumerate() {
            if Some(place) != but {
                desk.place(claim, self.volume(place, self.level));
            }
        }
        desk.flow_over(&self.group);
        let done = work(self, &mut desk);
        let (standing, flows, known) = (desk.standing, desk.flows, desk.known);
        self.rest.standing = standing;
        self.rest.flows = flows;
        self.rest.known = known.unwrap_or_default();
        done
    }

    /// The last claim that rises competes with none.
    fn settle_last(&mut self, plain: Plain, place: usize) {
        let volume = self.at_desk(plain, Some(place), |contest, desk| {
            desk.serve_alone(contest.group.claims[place], &contest.group.bounds)
        });
        self.settle(place, volume);
    }

    /// Settles the claims that no bound lets rise further, at least the one that is nearest to its bound.
    fn settle_bound(&mut self, plain: Plain) {
        let mut more = std::mem::take(&mut self.rest.more);
        more.clear();
        self.at_desk(plain, None, |contest, desk| {
            more.extend((0..contest.active.len()).map(|place| contest.rise(desk, place)));
        });
        let least = more.iter().copied().fold(f64::INFINITY, lesser);
        for (place, &rise) in more.iter().enumerate() {
            if self.active[place] && (rise <= BOUND || rise <= least) {
                self.settle(place, self.at(place, self.level).value);
            }
        }
        self.rest.more = more;
    }

    /// By which part a claim could rise alone.
    fn rise(&self, desk: &mut Desk<Plain>, place: usize) -> f64 {
        if !self.active[place] {
            return f64::INFINITY;
        }
        let claim = self.group.claims[place];
        let gets = desk.serve_alone(claim, &self.group.bounds);
        // A user gets more on top of what stands; what is kept or held is told as a whole.
        let rise = match claim {
            Claim::User(_) => gets,
            _ => gets - self.at(place, self.level).value,
        };
        rise / self.wanted[place]
    }

    /// What keeps each claim from more where all have the volumes that they got.
    pub(super) fn bounds(&mut self, plain: Plain, volumes: &[f64]) -> Vec<Bound> {
        self.find_rises();
        let bound = |place: usize| match volumes[place] < self.wanted[place] {
            true => self.bound(plain, volumes, place),
            false => Bound::Nothing,
        };
        (0..volumes.len()).map(bound).collect()
    }

    fn bound(&self, plain: Plain, volumes: &[f64], but: usize) -> Bound {
        let label = |value: &f64| -> Label { (*value, Bound::Nothing) };
        let (scene, standing) = (self.scene.map(label), self.standing.map(label));
        let mut machine = Labelled(plain);
        let mut desk = Desk::with(&mut machine, &self.scheme, &scene, standing);
        // What others got beyond the level at which this claim stopped did not stop it.
        let level = volumes[but] / self.at(but, 1.0).slope;
        for (place, &claim) in self.group.claims.iter().enumerate() {
            if place != but {
                let volume = lesser(volumes[place], self.at(place, level).value);
                desk.place(claim, label(&volume));
            }
        }
        desk.flow_over(&self.group);
        desk.serve_alone(self.group.claims[but], &self.group.bounds)
            .1
    }
}

/// A number that no claim of the group moves.
fn fixed(value: f64) -> Slope {
    Slope { value, slope: 0.0 }
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
    for &node in group.nodes.iter().filter(|node| group.bounds[**node]) {
        let mut scale = flows.comes[node].value.abs() + standing.taken[node].value;
        if let Place::Storage(storage) = scheme.places[node] {
            scale += scene.holds[storage].value.abs() + standing.floor[storage].value.abs();
            check(flows.offer[node], standing.released[storage], scale);
        }
        check(flows.leaves[node], standing.kept[node], scale);
    }
    for claim in &group.claims {
        if let Claim::User(user) = claim {
            for Canal { link, .. } in &scheme.users[*user].canals {
                let carried = standing.carried[*link];
                check(scene.capacity[*link], carried, carried.value);
            }
        }
    }
}
