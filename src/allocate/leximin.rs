//! Claims that compete: their satisfied parts rise together until a bound stops some of them, and the others
//! rise on (equation E11).
//!
//! Lanes that are carried out side by side compete side by side: what is still to be done in some lanes is done in
//! all of the pack and taken over where it was to be done, so that no lane's numbers depend on its neighbours.

use std::array::from_fn;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::Bound;
use super::desk::Desk;
use super::groups::Group;
use super::known::Known;
use super::machine::{Label, Labelled, Plain, lesser};
use super::packed::{Mask, Pack, Packed, Slope, Sloped, any, select, select_slope};
use super::part::Part;
use super::scheme::{Canal, Scheme};
use super::standing::{Flows, ROUNDING, Scene, Standing};
use crate::network::sharing::Sharing;
use crate::plan::{Claim, Place};

/// A claim that could rise by less than this part of what it wants is bound.
const BOUND: f64 = 1e-10;

/// Turns of Newton's method; each goes on to another piece of a bound, and few bounds have many.
const TURNS: usize = 100;

/// A group of claims that compete in one step, in a pack of lanes. Its lists are kept from step to step.
#[derive(Clone, Debug)]
pub(crate) struct Contest<const P: usize> {
    scheme: Arc<Scheme>,
    group: Group,
    /// The scene of the step.
    scene: Scene<Pack<P>>,
    /// What stood before the group.
    standing: Standing<Pack<P>>,
    wanted: Vec<Pack<P>>,
    /// Part of each claim where the common level is 1.
    rises: Vec<Pack<P>>,
    /// Whether each claim still rises.
    active: Vec<Mask<P>>,
    /// Volume of each claim that rises no more.
    volumes: Vec<Pack<P>>,
    level: Pack<P>,
    /// The flows before the group.
    flows: Flows<Pack<P>>,
    rest: Rest<P>,
}

/// Lists that are written over in each turn.
#[derive(Clone, Debug, Default)]
struct Rest<const P: usize> {
    standing: Standing<Pack<P>>,
    flows: Flows<Pack<P>>,
    sloped_scene: Scene<Slope<P>>,
    sloped_standing: Standing<Slope<P>>,
    sloped_flows: Flows<Slope<P>>,
    known: Known<Pack<P>>,
    more: Vec<Pack<P>>,
}

impl<const P: usize> Contest<P> {
    pub(crate) fn new(part: &Part) -> Self {
        let (scheme, group) = (&part.scheme, &part.group);
        let count = group.claims.len();
        Self {
            scheme: scheme.clone(),
            group: group.clone(),
            scene: Scene::of(scheme),
            standing: Standing::of(scheme),
            wanted: vec![[0.0; P]; count],
            rises: vec![[1.0; P]; count],
            active: vec![[false; P]; count],
            volumes: vec![[0.0; P]; count],
            level: [0.0; P],
            flows: Flows::default(),
            rest: Rest::default(),
        }
    }

    /// Takes over what each claim wants, the scene and what stands, in the order of their lists; the lists keep
    /// their lengths.
    pub(crate) fn read(&mut self, numbers: &mut impl Iterator<Item = Pack<P>>) {
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
    pub(crate) fn volumes(&self) -> &[Pack<P>] {
        &self.volumes
    }

    /// Shares what is there.
    pub(crate) fn share(&mut self, packed: Packed<P>) {
        self.level = [0.0; P];
        self.find_rises();
        for place in 0..self.wanted.len() {
            // Who asks for nothing has it.
            self.active[place] = self.wanted[place].map(|wanted| wanted > 0.0);
            self.volumes[place] = [0.0; P];
        }
        self.begin(packed);
        while self.goes_on(packed) {}
    }

    /// Finds how fast each claim rises by the rule of the class.
    fn find_rises(&mut self) {
        for place in 0..self.wanted.len() {
            let (wanted, weight) = (self.wanted[place], self.group.weights[place]);
            self.rises[place] = match self.group.sharing {
                Sharing::Weights => [weight; P],
                Sharing::Shares => wanted.map(|wanted| weight / wanted),
                Sharing::Equal | Sharing::RiverOrder => [1.0; P],
            };
        }
    }

    /// Finds the flows before the group; those that it changes are found anew in each turn.
    fn begin(&mut self, packed: Packed<P>) {
        let (standing, flows) = (&mut self.standing, &mut self.flows);
        let (before, lists) = (std::mem::take(standing), std::mem::take(flows));
        let mut machine = packed;
        let desk = Desk::resume(&mut machine, &self.scheme, &self.scene, before, lists);
        (self.standing, self.flows) = (desk.standing, desk.flows);
        self.scene
            .copy_to(&mut self.rest.sloped_scene, |number| Slope::fixed(*number));
        self.flows.copy_to(&mut self.rest.flows, |number| *number);
        self.flows
            .copy_to(&mut self.rest.sloped_flows, |number| Slope::fixed(*number));
    }

    /// Volume of a claim that rises with the others to a level, and its slope.
    fn at(&self, place: usize, level: Pack<P>) -> Slope<P> {
        let (wanted, rises) = (self.wanted[place], self.rises[place]);
        Slope {
            value: from_fn(|lane| lesser(wanted[lane], level[lane] * rises[lane] * wanted[lane])),
            slope: from_fn(|lane| rises[lane] * wanted[lane]),
        }
    }

    /// Volume of a claim at a level, whether it still rises or not, and its slope.
    fn volume(&self, place: usize, level: Pack<P>) -> Slope<P> {
        let settled = Slope::fixed(self.volumes[place]);
        select_slope(self.active[place], self.at(place, level), settled)
    }

    /// Lets a claim rise no more in some lanes.
    fn settle(&mut self, place: usize, lanes: Mask<P>, volume: Pack<P>) {
        for lane in (0..P).filter(|lane| lanes[*lane]) {
            self.active[place][lane] = false;
            self.volumes[place][lane] = volume[lane];
        }
    }

    /// How many claims still rise in each lane.
    fn rising(&self) -> [usize; P] {
        let count = |lane| self.active.iter().filter(|active| active[lane]).count();
        from_fn(count)
    }

    /// Raises the common level to the next bound, or to where a claim has all; false where all are settled.
    fn goes_on(&mut self, packed: Packed<P>) -> bool {
        let rising = self.rising();
        self.settle_last(packed, rising.map(|rising| rising == 1));
        let open = rising.map(|rising| rising > 1);
        if !any(open) {
            return false;
        }
        let mut top = [f64::INFINITY; P];
        for (active, rises) in self.active.iter().zip(&self.rises) {
            for lane in (0..P).filter(|lane| active[*lane]) {
                top[lane] = lesser(top[lane], 1.0 / rises[lane]);
            }
        }
        let highest = self.highest(packed, top, open);
        self.level = select(open, highest, self.level);
        let bound = from_fn(|lane| open[lane] && self.level[lane] < top[lane]);
        if any(bound) {
            self.settle_bound(packed, bound);
        }
        for place in 0..self.active.len() {
            let (active, rises) = (self.active[place], self.rises[place]);
            let has_all = |lane: usize| {
                open[lane] && !bound[lane] && active[lane] && 1.0 / rises[lane] <= top[lane]
            };
            self.settle(place, from_fn(has_all), self.wanted[place]);
        }
        true
    }

    /// The highest feasible level up to `top` in the lanes that are open.
    fn highest(&mut self, packed: Packed<P>, top: Pack<P>, open: Mask<P>) -> Pack<P> {
        let mut level = top;
        let mut searched = open;
        for _ in 0..TURNS {
            let roots = self.tangent(packed, level);
            for lane in (0..P).filter(|lane| open[*lane]) {
                let (root, least) = (roots[lane], self.level[lane]);
                if !searched[lane] {
                    continue;
                }
                searched[lane] = root > least && root < f64::INFINITY;
                if root <= least {
                    level[lane] = least;
                } else if root < f64::INFINITY {
                    // A root that rounding has not moved is stepped over.
                    level[lane] = lesser(root, level[lane] - ROUNDING * level[lane]);
                }
            }
            if !any(searched) {
                return level;
            }
        }
        select(searched, self.level, level)
    }

    /// Where the tangents of the bounds that are broken at a level meet zero first; infinite where none is.
    fn tangent(&mut self, packed: Packed<P>, level: Pack<P>) -> Pack<P> {
        let mut standing = std::mem::take(&mut self.rest.sloped_standing);
        self.standing
            .copy_to(&mut standing, |number| Slope::fixed(*number));
        let mut machine = Sloped(packed);
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
            desk.place(claim, self.volume(place, level));
        }
        desk.flow_over(&self.group);
        let mut roots = [f64::INFINITY; P];
        for_each_bound(&desk, &self.group, |spare, scale| {
            for lane in 0..P {
                let (value, slope) = (spare.value[lane], spare.slope[lane]);
                let root = lesser(roots[lane], level[lane] - value / slope);
                let is_broken = value < -ROUNDING * scale[lane];
                // A concave bound that does not fall here was broken by rounding before the group came.
                roots[lane] = if is_broken && slope < 0.0 {
                    root
                } else {
                    roots[lane]
                };
            }
        });
        let (standing, flows) = (desk.standing, desk.flows);
        self.rest.sloped_standing = standing;
        self.rest.sloped_flows = flows;
        roots
    }

    /// Does something at a desk where all claims but one stand at the common level.
    fn at_desk<T>(
        &mut self,
        packed: Packed<P>,
        but: Option<usize>,
        work: impl FnOnce(&Self, &mut Desk<Packed<P>>) -> T,
    ) -> T {
        let mut standing = std::mem::take(&mut self.rest.standing);
        self.standing.copy_to(&mut standing, |number| *number);
        let mut known = std::mem::take(&mut self.rest.known);
        known.forget(self.scheme.places.len());
        let mut machine = packed;
        let mut desk = Desk {
            machine: &mut machine,
            scheme: &self.scheme,
            scene: &self.scene,
            standing,
            flows: std::mem::take(&mut self.rest.flows),
            stale: BTreeSet::new(),
            known: Some(known),
        };
        for (place, &claim) in self.group.claims.iter().enumerate() {
            if Some(place) != but {
                desk.place(claim, self.volume(place, self.level).value);
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

    /// The last claim that rises in a lane competes with none.
    fn settle_last(&mut self, packed: Packed<P>, lanes: Mask<P>) {
        for place in 0..self.active.len() {
            let active = self.active[place];
            let is_last = from_fn(|lane| lanes[lane] && active[lane]);
            if any(is_last) {
                let volume = self.at_desk(packed, Some(place), |contest, desk| {
                    desk.serve_alone(contest.group.claims[place], &contest.group.bounds)
                });
                self.settle(place, is_last, volume);
            }
        }
    }

    /// Settles the claims that no bound lets rise further, in each lane at least the one that is nearest to its
    /// bound.
    fn settle_bound(&mut self, packed: Packed<P>, lanes: Mask<P>) {
        let mut more = std::mem::take(&mut self.rest.more);
        more.clear();
        self.at_desk(packed, None, |contest, desk| {
            more.extend((0..contest.active.len()).map(|place| contest.rise(desk, place, lanes)));
        });
        let least = |lane: usize| {
            more.iter()
                .map(|rise| rise[lane])
                .fold(f64::INFINITY, lesser)
        };
        let least: Pack<P> = from_fn(least);
        for (place, rise) in more.iter().enumerate() {
            let active = self.active[place];
            let is_bound = |lane: usize| {
                lanes[lane] && active[lane] && (rise[lane] <= BOUND || rise[lane] <= least[lane])
            };
            self.settle(place, from_fn(is_bound), self.at(place, self.level).value);
        }
        self.rest.more = more;
    }

    /// By which part a claim could rise alone, in the lanes in which it still rises.
    fn rise(&self, desk: &mut Desk<Packed<P>>, place: usize, lanes: Mask<P>) -> Pack<P> {
        let rises = from_fn(|lane| lanes[lane] && self.active[place][lane]);
        if !any(rises) {
            return [f64::INFINITY; P];
        }
        let claim = self.group.claims[place];
        let gets = desk.serve_alone(claim, &self.group.bounds);
        // A user gets more on top of what stands; what is kept or held is told as a whole.
        let has = match claim {
            Claim::User(_) => [0.0; P],
            _ => self.at(place, self.level).value,
        };
        let rise = from_fn(|lane| (gets[lane] - has[lane]) / self.wanted[place][lane]);
        select(rises, rise, [f64::INFINITY; P])
    }
}

impl Contest<1> {
    /// Takes over the numbers of a step.
    pub(crate) fn load(&mut self, scene: &Scene<f64>, standing: &Standing<f64>, wanted: &[f64]) {
        scene.copy_to(&mut self.scene, |number| [*number]);
        standing.copy_to(&mut self.standing, |number| [*number]);
        self.wanted.as_flattened_mut().copy_from_slice(wanted);
    }

    /// What keeps each claim from more where all have the volumes that they got.
    pub(super) fn bounds(&mut self, plain: Plain, volumes: &[f64]) -> Vec<Bound> {
        self.find_rises();
        let bound = |place: usize| match [volumes[place]] < self.wanted[place] {
            true => self.bound(plain, volumes, place),
            false => Bound::Nothing,
        };
        (0..volumes.len()).map(bound).collect()
    }

    fn bound(&self, plain: Plain, volumes: &[f64], but: usize) -> Bound {
        let label = |value: &Pack<1>| -> Label { (value[0], Bound::Nothing) };
        let (scene, standing) = (self.scene.map(label), self.standing.map(label));
        let mut machine = Labelled(plain);
        let mut desk = Desk::with(&mut machine, &self.scheme, &scene, standing);
        // What others got beyond the level at which this claim stopped did not stop it.
        let level = volumes[but] / self.at(but, [1.0]).slope[0];
        for (place, &claim) in self.group.claims.iter().enumerate() {
            if place != but {
                let volume = lesser(volumes[place], self.at(place, [level]).value[0]);
                desk.place(claim, label(&[volume]));
            }
        }
        desk.flow_over(&self.group);
        desk.serve_alone(self.group.claims[but], &self.group.bounds)
            .1
    }
}

/// Hands over the spare of every bound of a group, and what its rounding is measured by.
fn for_each_bound<const P: usize>(
    desk: &Desk<Sloped<P>>,
    group: &Group,
    mut hand: impl FnMut(Slope<P>, Pack<P>),
) {
    let (scheme, scene, standing, flows) = (desk.scheme, desk.scene, &desk.standing, &desk.flows);
    let mut check = |has: Slope<P>, needs: Slope<P>, scale: Pack<P>| {
        let spare = Slope {
            value: from_fn(|lane| has.value[lane] - needs.value[lane]),
            slope: from_fn(|lane| has.slope[lane] - needs.slope[lane]),
        };
        hand(spare, scale);
    };
    for &node in group.nodes.iter().filter(|node| group.bounds[**node]) {
        let (comes, taken) = (flows.comes[node].value, standing.taken[node].value);
        let mut scale = from_fn(|lane| comes[lane].abs() + taken[lane]);
        if let Place::Storage(storage) = scheme.places[node] {
            let (holds, floor) = (scene.holds[storage].value, standing.floor[storage].value);
            scale = from_fn(|lane| scale[lane] + (holds[lane].abs() + floor[lane].abs()));
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
