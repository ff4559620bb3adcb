//! What stands while claims are served, the greatest flows that it leaves, and what a claim may take
//! (equations E9 and E11).

use std::sync::Arc;

use super::Bound;
use super::groups::Group;
use super::machine::Machine;
use super::scheme::{Scheme, Way};
use crate::plan::{Claim, Place};

/// What rounding may take from a flow, as a part of the volumes that it is made of.
pub(super) const ROUNDING: f64 = 1e-13;

/// The fixed numbers of a step, hm³.
#[derive(Clone, Debug)]
pub struct Scene<N> {
    /// Water that forms at or arrives at each node.
    pub forms: Vec<N>,
    /// What each storage holds once its net loss has gone: S − L.
    pub holds: Vec<N>,
    /// Dead volume of each storage.
    pub dead: Vec<N>,
    /// Most that each storage lets out.
    pub most: Vec<N>,
    /// What each storage is to release at least.
    pub least: Vec<N>,
    /// Target of each storage.
    pub target: Vec<N>,
    /// Volume of each zone.
    pub zone: Vec<N>,
    /// Demand of each user.
    pub demand: Vec<N>,
    /// Each minimum flow.
    pub minimum: Vec<N>,
    /// Capacity of each link.
    pub capacity: Vec<N>,
}

impl Scene<f64> {
    /// Nothing at any place of a scheme.
    pub(super) fn of(scheme: &Scheme) -> Self {
        let (nodes, storages) = (scheme.places.len(), scheme.storage_nodes.len());
        Self {
            forms: vec![0.0; nodes],
            holds: vec![0.0; storages],
            dead: vec![0.0; storages],
            most: vec![0.0; storages],
            least: vec![0.0; storages],
            target: vec![0.0; storages],
            zone: vec![0.0; scheme.zone_storages.len()],
            demand: vec![0.0; scheme.users.len()],
            minimum: vec![0.0; scheme.minimum_nodes.len()],
            capacity: vec![0.0; scheme.links],
        }
    }
}

impl<N> Scene<N> {
    /// The same in other numbers.
    pub fn map<T>(&self, to: impl Fn(&N) -> T) -> Scene<T> {
        let mut other = Scene::default();
        self.copy_to(&mut other, to);
        other
    }

    /// Writes it over another in other numbers.
    pub(super) fn copy_to<T>(&self, other: &mut Scene<T>, to: impl Fn(&N) -> T) {
        let copy = |from: &[N], other: &mut Vec<T>| {
            other.clear();
            other.extend(from.iter().map(&to));
        };
        copy(&self.forms, &mut other.forms);
        copy(&self.holds, &mut other.holds);
        copy(&self.dead, &mut other.dead);
        copy(&self.most, &mut other.most);
        copy(&self.least, &mut other.least);
        copy(&self.target, &mut other.target);
        copy(&self.zone, &mut other.zone);
        copy(&self.demand, &mut other.demand);
        copy(&self.minimum, &mut other.minimum);
        copy(&self.capacity, &mut other.capacity);
    }

    /// All lists, in a fixed order.
    pub(crate) fn lists(&self) -> [&Vec<N>; 10] {
        [
            &self.forms,
            &self.holds,
            &self.dead,
            &self.most,
            &self.least,
            &self.target,
            &self.zone,
            &self.demand,
            &self.minimum,
            &self.capacity,
        ]
    }

    /// All lists, to be written over.
    pub(crate) fn lists_mut(&mut self) -> [&mut Vec<N>; 10] {
        [
            &mut self.forms,
            &mut self.holds,
            &mut self.dead,
            &mut self.most,
            &mut self.least,
            &mut self.target,
            &mut self.zone,
            &mut self.demand,
            &mut self.minimum,
            &mut self.capacity,
        ]
    }
}

/// What the claims served so far have taken, kept and held, hm³.
#[derive(Clone, Debug)]
pub struct Standing<N> {
    /// Taken at each node.
    pub taken: Vec<N>,
    /// Returned to each node.
    pub returned: Vec<N>,
    /// To be kept in the river below each node.
    pub kept: Vec<N>,
    /// To be released by each storage.
    pub released: Vec<N>,
    /// Volume down to which each storage may be drawn.
    pub floor: Vec<N>,
    /// Carried by each canal at its upper end.
    pub carried: Vec<N>,
}

impl Standing<f64> {
    /// Nothing at any place of a scheme.
    pub(super) fn of(scheme: &Scheme) -> Self {
        let (nodes, storages) = (scheme.places.len(), scheme.storage_nodes.len());
        Self {
            taken: vec![0.0; nodes],
            returned: vec![0.0; nodes],
            kept: vec![0.0; nodes],
            released: vec![0.0; storages],
            floor: vec![0.0; storages],
            carried: vec![0.0; scheme.links],
        }
    }
}

impl<N> Standing<N> {
    /// The same in other numbers.
    pub fn map<T>(&self, to: impl Fn(&N) -> T) -> Standing<T> {
        let mut other = Standing::default();
        self.copy_to(&mut other, to);
        other
    }

    /// Writes it over another in other numbers.
    pub(super) fn copy_to<T>(&self, other: &mut Standing<T>, to: impl Fn(&N) -> T) {
        let copy = |from: &[N], other: &mut Vec<T>| {
            other.clear();
            other.extend(from.iter().map(&to));
        };
        copy(&self.taken, &mut other.taken);
        copy(&self.returned, &mut other.returned);
        copy(&self.kept, &mut other.kept);
        copy(&self.released, &mut other.released);
        copy(&self.floor, &mut other.floor);
        copy(&self.carried, &mut other.carried);
    }

    /// All lists, in a fixed order.
    pub(crate) fn lists(&self) -> [&Vec<N>; 6] {
        [
            &self.taken,
            &self.returned,
            &self.kept,
            &self.released,
            &self.floor,
            &self.carried,
        ]
    }

    /// All lists, to be written over.
    pub(crate) fn lists_mut(&mut self) -> [&mut Vec<N>; 6] {
        [
            &mut self.taken,
            &mut self.returned,
            &mut self.kept,
            &mut self.released,
            &mut self.floor,
            &mut self.carried,
        ]
    }
}

/// The greatest flows that what stands leaves, hm³.
#[derive(Clone, Debug)]
pub struct Flows<N> {
    /// C: what comes to each node.
    pub comes: Vec<N>,
    /// What each node could let out before anyone takes there.
    pub offer: Vec<N>,
    /// G: what is left of it once all have taken.
    pub rest: Vec<N>,
    /// F: what leaves each node along its river.
    pub leaves: Vec<N>,
    /// Nodes on the way down that is being looked at.
    way: Vec<usize>,
}

impl<N> Default for Scene<N> {
    fn default() -> Self {
        Self {
            forms: Vec::new(),
            holds: Vec::new(),
            dead: Vec::new(),
            most: Vec::new(),
            least: Vec::new(),
            target: Vec::new(),
            zone: Vec::new(),
            demand: Vec::new(),
            minimum: Vec::new(),
            capacity: Vec::new(),
        }
    }
}

impl<N> Default for Standing<N> {
    fn default() -> Self {
        Self {
            taken: Vec::new(),
            returned: Vec::new(),
            kept: Vec::new(),
            released: Vec::new(),
            floor: Vec::new(),
            carried: Vec::new(),
        }
    }
}

impl<N> Flows<N> {
    /// Writes them over others in other numbers.
    pub(super) fn copy_to<T>(&self, other: &mut Flows<T>, to: impl Fn(&N) -> T) {
        let copy = |from: &[N], other: &mut Vec<T>| {
            other.clear();
            other.extend(from.iter().map(&to));
        };
        copy(&self.comes, &mut other.comes);
        copy(&self.offer, &mut other.offer);
        copy(&self.rest, &mut other.rest);
        copy(&self.leaves, &mut other.leaves);
    }
}

impl<N> Default for Flows<N> {
    fn default() -> Self {
        Self {
            comes: Vec::new(),
            offer: Vec::new(),
            rest: Vec::new(),
            leaves: Vec::new(),
            way: Vec::new(),
        }
    }
}

/// One step's allocation while it is made, in the numbers of a machine.
#[derive(Debug)]
pub(crate) struct Desk<'a, M: Machine> {
    pub(crate) machine: &'a mut M,
    pub(crate) scheme: &'a Arc<Scheme>,
    pub(crate) scene: &'a Scene<M::Number>,
    pub(crate) standing: Standing<M::Number>,
    pub(crate) flows: Flows<M::Number>,
}

impl<'a, M: Machine> Desk<'a, M> {
    /// Nothing is served yet.
    pub(crate) fn new(
        machine: &'a mut M,
        scheme: &'a Arc<Scheme>,
        scene: &'a Scene<M::Number>,
    ) -> Self {
        let zero = machine.number(0.0);
        let (nodes, storages) = (scene.forms.len(), scene.holds.len());
        // Below the dead volume nothing is offered; where less is left, what comes may pass.
        let floor = scene.dead.iter().zip(&scene.holds);
        let floor = floor
            .map(|(dead, holds)| machine.min(*dead, *holds))
            .collect();
        let standing = Standing {
            taken: vec![zero; nodes],
            returned: vec![zero; nodes],
            kept: vec![zero; nodes],
            released: vec![zero; storages],
            floor,
            carried: vec![zero; scene.capacity.len()],
        };
        Self::with(machine, scheme, scene, standing)
    }

    /// With what stands already.
    pub(crate) fn with(
        machine: &'a mut M,
        scheme: &'a Arc<Scheme>,
        scene: &'a Scene<M::Number>,
        standing: Standing<M::Number>,
    ) -> Self {
        Self::resume(machine, scheme, scene, standing, Flows::default())
    }

    /// As [`Desk::with`], with flows to be written over.
    pub(crate) fn resume(
        machine: &'a mut M,
        scheme: &'a Arc<Scheme>,
        scene: &'a Scene<M::Number>,
        standing: Standing<M::Number>,
        mut flows: Flows<M::Number>,
    ) -> Self {
        let zero = machine.number(0.0);
        let nodes = scene.forms.len();
        for flow in [
            &mut flows.comes,
            &mut flows.offer,
            &mut flows.rest,
            &mut flows.leaves,
        ] {
            flow.resize(nodes, zero);
        }
        let mut desk = Self {
            machine,
            scheme,
            scene,
            standing,
            flows,
        };
        desk.flow_everywhere();
        desk
    }

    /// Finds all greatest flows.
    fn flow_everywhere(&mut self) {
        for node in 0..self.scene.forms.len() {
            self.flow(node);
        }
    }

    /// Finds the greatest flows that a group changes.
    pub(crate) fn flow_over(&mut self, group: &Group) {
        for &node in &group.nodes {
            self.flow(node);
        }
    }

    /// Finds the greatest flow of a node from those above it.
    pub(crate) fn flow(&mut self, node: usize) {
        let scheme = self.scheme;
        let mut comes = self
            .machine
            .add(self.scene.forms[node], self.standing.returned[node]);
        for &(above, passes) in &scheme.above[node] {
            let passes = self.machine.number(passes);
            let arrives = self.machine.mul(passes, self.flows.leaves[above]);
            comes = self.machine.add(comes, arrives);
        }
        let offer = match scheme.places[node] {
            Place::Storage(storage) => {
                let stock = self.stock(storage, comes);
                self.machine.min(stock, self.scene.most[storage])
            }
            _ => comes,
        };
        let rest = self.machine.sub(offer, self.standing.taken[node]);
        let leaves = match scheme.places[node] {
            Place::Delta(delta) => self.machine.outflow(delta, rest),
            _ => rest,
        };
        self.flows.comes[node] = comes;
        self.flows.offer[node] = offer;
        self.flows.rest[node] = rest;
        self.flows.leaves[node] = leaves;
    }

    /// Finds the greatest flows from a node down.
    pub(crate) fn flow_from(&mut self, node: usize) {
        let scheme = self.scheme;
        for node in scheme.down_from(node) {
            self.flow(node);
        }
    }

    /// What a storage holds above its floor.
    fn stock(&mut self, storage: usize, comes: M::Number) -> M::Number {
        let above = self
            .machine
            .sub(self.scene.holds[storage], self.standing.floor[storage]);
        self.machine.add(above, comes)
    }

    /// By how much what comes to a node may fall; none where nothing bounds it.
    pub(crate) fn spare_inflow(&mut self, node: usize, bounds: &[bool]) -> Option<M::Number> {
        let below = self.spare_below(node, None, bounds);
        self.spare_at(node, below, bounds)
    }

    /// By how much the flow that is left at a node may fall; none where nothing bounds it.
    ///
    /// `until` is the node to which a claim's own return comes: bounds from there on are left out.
    pub(crate) fn spare_rest(
        &mut self,
        node: usize,
        until: Option<usize>,
        bounds: &[bool],
    ) -> Option<M::Number> {
        let below = self.spare_below(node, until, bounds);
        self.spare_of_rest(node, below, bounds)
    }

    /// By how much what comes to the node below may fall.
    fn spare_below(
        &mut self,
        node: usize,
        until: Option<usize>,
        bounds: &[bool],
    ) -> Option<M::Number> {
        let mut way = std::mem::take(&mut self.flows.way);
        way.clear();
        let path = self.scheme.down_from(node).skip(1);
        way.extend(path.take_while(|node| Some(*node) != until));
        let mut below = None;
        for &node in way.iter().rev() {
            below = self.spare_at(node, below, bounds);
        }
        self.flows.way = way;
        below
    }

    /// By how much what comes to a node may fall where what comes below it may fall by `below`.
    fn spare_at(
        &mut self,
        node: usize,
        below: Option<M::Number>,
        bounds: &[bool],
    ) -> Option<M::Number> {
        let rest = self.spare_of_rest(node, below, bounds);
        match self.scheme.places[node] {
            Place::Storage(storage) => self.spare_of_stock(node, storage, rest, bounds),
            _ => rest,
        }
    }

    /// By how much G of a node may fall.
    fn spare_of_rest(
        &mut self,
        node: usize,
        below: Option<M::Number>,
        bounds: &[bool],
    ) -> Option<M::Number> {
        let river = self.scheme.below[node];
        let bound = self.bound_at(node);
        let machine = &mut *self.machine;
        let mut spare = below.zip(river).map(|(below, river)| {
            let passes = machine.number(river.passes);
            machine.div(below, passes)
        });
        if bounds[node] {
            let own = machine.sub(self.flows.leaves[node], self.standing.kept[node]);
            let own = machine.bind(own, bound);
            spare = Some(spare.map_or(own, |spare| machine.min(spare, own)));
        }
        match self.scheme.places[node] {
            Place::Delta(delta) => spare.map(|spare| {
                let leaves = machine.sub(self.flows.leaves[node], spare);
                let needed = machine.inflow(delta, leaves);
                machine.sub(self.flows.rest[node], needed)
            }),
            _ => spare,
        }
    }

    /// By how much a storage's stock or inflow may fall where G may fall by `rest`: what its outlets hold
    /// back goes first.
    fn spare_of_stock(
        &mut self,
        node: usize,
        storage: usize,
        rest: Option<M::Number>,
        bounds: &[bool],
    ) -> Option<M::Number> {
        let mut offer = rest?;
        let machine = &mut *self.machine;
        if bounds[node] {
            let own = machine.sub(self.flows.offer[node], self.standing.released[storage]);
            let own = machine.bind(own, Bound::Release(storage));
            offer = machine.min(offer, own);
        }
        let stock = self.stock(storage, self.flows.comes[node]);
        let surplus = self.machine.sub(stock, self.flows.offer[node]);
        Some(self.machine.add(offer, surplus))
    }

    /// The volume that a claim gets which competes with no other (equation E11).
    pub(crate) fn serve_alone(&mut self, claim: Claim, bounds: &[bool]) -> M::Number {
        let volume = match claim {
            Claim::User(user) => self.deliver(user, bounds),
            Claim::MinimumFlow(place) => {
                let node = self.scheme.minimum_nodes[place];
                let bound = self.bound_at(node);
                let leaves = self.machine.bind(self.flows.leaves[node], bound);
                self.machine.min(self.scene.minimum[place], leaves)
            }
            Claim::Release(storage) => {
                let node = self.scheme.storage_nodes[storage];
                let bound = self.bound_at(node);
                let offer = self.machine.bind(self.flows.offer[node], bound);
                self.machine.min(self.scene.least[storage], offer)
            }
            Claim::Zone(zone) => {
                let wanted = self.wanted(claim);
                self.hold(self.scheme.zone_storages[zone], wanted, bounds)
            }
            Claim::Hold(storage) => self.hold(storage, self.scene.target[storage], bounds),
        };
        if matches!(claim, Claim::Zone(_) | Claim::Hold(_)) {
            return volume;
        }
        // Rounding may leave a flow short by a last digit.
        let zero = self.machine.number(0.0);
        self.machine.max(volume, zero)
    }

    fn deliver(&mut self, user: usize, bounds: &[bool]) -> M::Number {
        let scheme = self.scheme;
        let way = &scheme.users[user];
        let mut volume = self.scene.demand[user];
        for &(canal, arrives) in &way.canals {
            let room = self
                .machine
                .sub(self.scene.capacity[canal], self.standing.carried[canal]);
            let room = self.machine.bind(room, Bound::Canal(canal));
            volume = self.at_most(volume, room, arrives);
        }
        let until = way.own_return.map(|(node, _)| node);
        if let Some(spare) = self.spare_rest(way.head, until, bounds) {
            volume = self.at_most(volume, spare, way.arrives);
        }
        // Below its own return a claim costs only what does not come back.
        if let Some((node, costs)) = self.costs_below(way)
            && let Some(spare) = self.spare_inflow(node, bounds)
        {
            let costs = self.machine.number(costs);
            let most = self.machine.div(spare, costs);
            volume = self.machine.min(volume, most);
        }
        volume
    }

    /// min(volume, most · arrives).
    fn at_most(&mut self, volume: M::Number, most: M::Number, arrives: f64) -> M::Number {
        let arrives = self.machine.number(arrives);
        let most = self.machine.mul(most, arrives);
        self.machine.min(volume, most)
    }

    /// Where a claim's own return comes back, and what a delivered cubic metre still costs there; none
    /// where it makes good all.
    fn costs_below(&self, way: &Way) -> Option<(usize, f64)> {
        let (to, part) = way.own_return?;
        let mut passes = 1.0;
        for node in self
            .scheme
            .down_from(way.head)
            .take_while(|node| *node != to)
        {
            passes *= self.scheme.below[node].map_or(1.0, |below| below.passes);
        }
        Some((to, passes / way.arrives - part)).filter(|(_, costs)| *costs > 0.0)
    }

    /// The volume up to `wanted` to which the floor of a storage can be raised.
    fn hold(&mut self, storage: usize, wanted: M::Number, bounds: &[bool]) -> M::Number {
        let node = self.scheme.storage_nodes[storage];
        let rest = self.spare_rest(node, None, bounds);
        let spare = self.spare_of_stock(node, storage, rest, bounds);
        let Some(spare) = spare else { return wanted };
        let most = self.machine.add(self.standing.floor[storage], spare);
        self.machine.min(wanted, most)
    }

    /// What a node without more water is short of: told by what stands there, else by the storages above.
    pub(super) fn bound_at(&self, node: usize) -> Bound {
        let is_more = |number: M::Number, than: f64| {
            self.machine.told(number).is_some_and(|value| value > than)
        };
        if is_more(self.standing.kept[node], 0.0) {
            return Bound::MinimumFlow(node);
        }
        if let Place::Storage(storage) = self.scheme.places[node]
            && self.withholds(storage)
        {
            return Bound::Storage(storage);
        }
        if is_more(self.standing.taken[node], 0.0) {
            return Bound::Senior(node);
        }
        self.bound_above(node).unwrap_or(Bound::Water(node))
    }

    /// The nearest storage above a node that could give more but for its outlets or what it withholds.
    fn bound_above(&self, node: usize) -> Option<Bound> {
        self.scheme.above[node]
            .iter()
            .find_map(|&(above, _)| match self.scheme.places[above] {
                Place::Storage(storage) => {
                    let (offer, most) = (self.flows.offer[above], self.scene.most[storage]);
                    let is_full = self.machine.told(offer) == Some(self.machine.told(most)?);
                    if is_full {
                        return Some(Bound::Outlet(storage));
                    }
                    self.withholds(storage).then_some(Bound::Storage(storage))
                }
                _ => self.bound_above(above),
            })
    }

    /// Whether a zone or target holds more back than the dead volume.
    fn withholds(&self, storage: usize) -> bool {
        let told = |number: M::Number| self.machine.told(number);
        let (floor, dead) = (
            told(self.standing.floor[storage]),
            told(self.scene.dead[storage]),
        );
        floor.zip(dead).is_some_and(|(floor, dead)| floor > dead)
    }

    /// What a claim asks for.
    pub(crate) fn wanted(&mut self, claim: Claim) -> M::Number {
        match claim {
            Claim::User(user) => self.scene.demand[user],
            Claim::MinimumFlow(place) => self.scene.minimum[place],
            Claim::Release(storage) => self.scene.least[storage],
            Claim::Hold(storage) => self.scene.target[storage],
            // A zone withholds what is stored and claims no inflow.
            Claim::Zone(zone) => {
                let zero = self.machine.number(0.0);
                let stored = self
                    .machine
                    .max(self.scene.holds[self.scheme.zone_storages[zone]], zero);
                self.machine.min(self.scene.zone[zone], stored)
            }
        }
    }

    /// Lets a claim stand with the volume that it got.
    pub(crate) fn place(&mut self, claim: Claim, volume: M::Number) {
        let scheme = self.scheme;
        let (machine, standing) = (&mut *self.machine, &mut self.standing);
        match claim {
            Claim::User(user) => {
                let way = &scheme.users[user];
                let takes = machine.number(way.arrives);
                let takes = machine.div(volume, takes);
                standing.taken[way.head] = machine.add(standing.taken[way.head], takes);
                for &(canal, arrives) in &way.canals {
                    let arrives = machine.number(arrives);
                    let enters = machine.div(volume, arrives);
                    standing.carried[canal] = machine.add(standing.carried[canal], enters);
                }
                if let Some((node, part)) = way.own_return {
                    let part = machine.number(part);
                    let returns = machine.mul(part, volume);
                    standing.returned[node] = machine.add(standing.returned[node], returns);
                }
            }
            Claim::MinimumFlow(place) => {
                let node = scheme.minimum_nodes[place];
                standing.kept[node] = machine.max(standing.kept[node], volume);
            }
            Claim::Release(storage) => {
                standing.released[storage] = machine.max(standing.released[storage], volume);
            }
            Claim::Zone(zone) => {
                let storage = scheme.zone_storages[zone];
                standing.floor[storage] = machine.max(standing.floor[storage], volume);
            }
            Claim::Hold(storage) => {
                standing.floor[storage] = machine.max(standing.floor[storage], volume);
            }
        }
    }

    /// Adds what a user returns for later classes.
    pub(crate) fn place_late_return(&mut self, user: usize, volume: M::Number) -> Option<usize> {
        let (node, part) = self.scheme.users[user].late_return?;
        let part = self.machine.number(part);
        let returns = self.machine.mul(part, volume);
        self.standing.returned[node] = self.machine.add(self.standing.returned[node], returns);
        Some(node)
    }

    /// What each claim of a group wants, and by how much there is enough for all of them together: below
    /// zero where a bound would be broken by more than rounding.
    pub(crate) fn all_wanted(mut self, group: &Group) -> (Vec<M::Number>, M::Number) {
        let wanted: Vec<M::Number> = group
            .claims
            .iter()
            .map(|claim| self.wanted(*claim))
            .collect();
        for (&claim, &volume) in group.claims.iter().zip(&wanted) {
            self.place(claim, volume);
        }
        self.flow_over(group);
        let enough = self.margin(group);
        (wanted, enough)
    }

    /// The least spare of all bounds of a group, rounding allowed for.
    fn margin(&mut self, group: &Group) -> M::Number {
        let scheme = self.scheme;
        let mut margin = self.machine.number(f64::INFINITY);
        for &node in group.nodes.iter().filter(|node| group.bounds[**node]) {
            let (comes, taken) = (self.flows.comes[node], self.standing.taken[node]);
            let mut scale = self.machine.add(comes, taken);
            if let Place::Storage(storage) = scheme.places[node] {
                scale = self.machine.add(scale, self.scene.holds[storage]);
                let released = self.standing.released[storage];
                margin = self.lesser_spare(margin, self.flows.offer[node], released, scale);
            }
            let kept = self.standing.kept[node];
            margin = self.lesser_spare(margin, self.flows.leaves[node], kept, scale);
        }
        for claim in &group.claims {
            if let Claim::User(user) = claim {
                for &(canal, _) in &scheme.users[*user].canals {
                    let carried = self.standing.carried[canal];
                    margin =
                        self.lesser_spare(margin, self.scene.capacity[canal], carried, carried);
                }
            }
        }
        margin
    }

    fn lesser_spare(
        &mut self,
        margin: M::Number,
        has: M::Number,
        needs: M::Number,
        scale: M::Number,
    ) -> M::Number {
        let spare = self.machine.sub(has, needs);
        let part = self.machine.number(ROUNDING);
        let rounding = self.machine.mul(part, scale);
        let spare = self.machine.add(spare, rounding);
        self.machine.min(margin, spare)
    }
}
