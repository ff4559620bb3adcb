//! What stands while claims are served, the greatest flows that it leaves, and what a claim may take
//! (equations E9 and E11).

use super::scheme::Scheme;

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
    /// Part of what each user is delivered that comes back.
    pub returns: Vec<N>,
    /// Each minimum flow.
    pub minimum: Vec<N>,
    /// Capacity of each link.
    pub capacity: Vec<N>,
}

impl<const P: usize> Scene<[f64; P]> {
    /// Nothing at any place of a scheme.
    pub(super) fn of(scheme: &Scheme) -> Self {
        let (nodes, storages) = (scheme.places.len(), scheme.storage_nodes.len());
        Self {
            forms: vec![[0.0; P]; nodes],
            holds: vec![[0.0; P]; storages],
            dead: vec![[0.0; P]; storages],
            most: vec![[0.0; P]; storages],
            least: vec![[0.0; P]; storages],
            target: vec![[0.0; P]; storages],
            zone: vec![[0.0; P]; scheme.zone_storages.len()],
            demand: vec![[0.0; P]; scheme.users.len()],
            returns: vec![[0.0; P]; scheme.users.len()],
            minimum: vec![[0.0; P]; scheme.minimum_nodes.len()],
            capacity: vec![[0.0; P]; scheme.links],
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
        copy(&self.returns, &mut other.returns);
        copy(&self.minimum, &mut other.minimum);
        copy(&self.capacity, &mut other.capacity);
    }

    /// All lists, in a fixed order.
    pub(crate) fn lists(&self) -> [&Vec<N>; 11] {
        [
            &self.forms,
            &self.holds,
            &self.dead,
            &self.most,
            &self.least,
            &self.target,
            &self.zone,
            &self.demand,
            &self.returns,
            &self.minimum,
            &self.capacity,
        ]
    }

    /// All lists, to be written over.
    pub(crate) fn lists_mut(&mut self) -> [&mut Vec<N>; 11] {
        [
            &mut self.forms,
            &mut self.holds,
            &mut self.dead,
            &mut self.most,
            &mut self.least,
            &mut self.target,
            &mut self.zone,
            &mut self.demand,
            &mut self.returns,
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
    /// Carried by each canal that loses by a curve at its lower end.
    pub arrives: Vec<N>,
}

impl<const P: usize> Standing<[f64; P]> {
    /// Nothing at any place of a scheme.
    pub(super) fn of(scheme: &Scheme) -> Self {
        let (nodes, storages) = (scheme.places.len(), scheme.storage_nodes.len());
        Self {
            taken: vec![[0.0; P]; nodes],
            returned: vec![[0.0; P]; nodes],
            kept: vec![[0.0; P]; nodes],
            released: vec![[0.0; P]; storages],
            floor: vec![[0.0; P]; storages],
            carried: vec![[0.0; P]; scheme.links],
            arrives: vec![[0.0; P]; scheme.curved],
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
        copy(&self.arrives, &mut other.arrives);
    }

    /// All lists, in a fixed order.
    pub(crate) fn lists(&self) -> [&Vec<N>; 7] {
        [
            &self.taken,
            &self.returned,
            &self.kept,
            &self.released,
            &self.floor,
            &self.carried,
            &self.arrives,
        ]
    }

    /// All lists, to be written over.
    pub(crate) fn lists_mut(&mut self) -> [&mut Vec<N>; 7] {
        [
            &mut self.taken,
            &mut self.returned,
            &mut self.kept,
            &mut self.released,
            &mut self.floor,
            &mut self.carried,
            &mut self.arrives,
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
    pub(super) way: Vec<usize>,
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
            returns: Vec::new(),
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
            arrives: Vec::new(),
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
