//! The desk at which one step is allocated: what stands, and the greatest flows that it leaves (equation E9).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::groups::Group;
use super::known::Known;
use super::machine::Machine;
use super::scheme::{Canal, Scheme};
use super::standing::{Flows, ROUNDING, Scene, Standing};
use crate::plan::{Claim, Place};

/// One step's allocation while it is made, in the numbers of a machine.
#[derive(Debug)]
pub(crate) struct Desk<'a, M: Machine> {
    pub(crate) machine: &'a mut M,
    pub(crate) scheme: &'a Arc<Scheme>,
    pub(crate) scene: &'a Scene<M::Number>,
    pub(crate) standing: Standing<M::Number>,
    pub(crate) flows: Flows<M::Number>,
    /// Where flows have changed since they were found; all below has with them.
    pub(super) stale: BTreeSet<usize>,
    /// Spares that are known already, where they are kept in mind.
    pub(super) known: Option<Known<M::Number>>,
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
            arrives: vec![zero; scheme.curved],
        };
        Self {
            known: Some(Known::of(nodes)),
            ..Self::with(machine, scheme, scene, standing)
        }
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
            stale: BTreeSet::new(),
            known: None,
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

    /// Remembers the flows that a claim which now stands has changed; a kept flow changes none.
    pub(super) fn mark(&mut self, claim: Claim) {
        let node = self.scheme.node(claim);
        match claim {
            Claim::MinimumFlow(_) | Claim::Release(_) => self.forget_spares_above(node),
            _ => self.mark_at(node),
        }
        if let Claim::User(user) = claim
            && let Some(own) = self.scheme.users[user].own_return
        {
            self.mark_at(own.node);
        }
    }

    /// Remembers that the flow at a node has changed.
    pub(super) fn mark_at(&mut self, node: usize) {
        self.stale.insert(node);
        self.forget_spares_above(node);
    }

    /// Finds the flows that have changed anew, down to a node in river order: so late that a river is gone
    /// through once a class and not once a claim.
    pub(super) fn refresh(&mut self, last: usize) {
        while let Some(&node) = self.stale.first()
            && node <= last
        {
            self.stale.pop_first();
            self.flow(node);
            let below = self.scheme.below[node];
            self.stale.extend(below.map(|below| below.node));
        }
    }

    /// What a storage holds above its floor.
    pub(super) fn stock(&mut self, storage: usize, comes: M::Number) -> M::Number {
        let above = self
            .machine
            .sub(self.scene.holds[storage], self.standing.floor[storage]);
        self.machine.add(above, comes)
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
            Claim::User(user) if scheme.users[user].bends => {
                self.order(&scheme.users[user], volume);
            }
            Claim::User(user) => {
                let way = &scheme.users[user];
                let takes = machine.number(way.arrives);
                let takes = machine.div(volume, takes);
                standing.taken[way.head] = machine.add(standing.taken[way.head], takes);
                for canal in &way.canals {
                    let arrives = machine.number(canal.arrives);
                    let enters = machine.div(volume, arrives);
                    let carried = &mut standing.carried[canal.link];
                    *carried = machine.add(*carried, enters);
                }
                if let Some(own) = way.own_return {
                    let most = machine.number(own.most);
                    let part = machine.min(self.scene.returns[user], most);
                    let returns = machine.mul(part, volume);
                    standing.returned[own.node] = machine.add(standing.returned[own.node], returns);
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
        let way = &self.scheme.users[user];
        let node = way.late_return?;
        let part = match way.own_return {
            None => self.scene.returns[user],
            Some(own) => {
                let most = self.machine.number(own.most);
                self.machine.sub(self.scene.returns[user], most)
            }
        };
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
                for Canal { link, .. } in &scheme.users[*user].canals {
                    let carried = self.standing.carried[*link];
                    margin =
                        self.lesser_spare(margin, self.scene.capacity[*link], carried, carried);
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
