//! What a claim may take that competes with no other, found from the river's end upwards (equation E11).

use super::Bound;
use super::desk::Desk;
use super::machine::Machine;
use crate::plan::{Claim, Place};

impl<M: Machine> Desk<'_, M> {
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

    /// By how much what comes to a node may fall where what comes below it may fall by `below`.
    pub(super) fn spare_at(
        &mut self,
        node: usize,
        below: Option<M::Number>,
        bounds: &[bool],
    ) -> Option<M::Number> {
        self.refresh(node);
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
        self.refresh(node);
        let river = self.scheme.below[node];
        let bound = self.tight_at(node);
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
        self.refresh(self.scheme.node(claim));
        let volume = match claim {
            Claim::User(user) => self.deliver(user, bounds),
            Claim::MinimumFlow(place) => {
                let node = self.scheme.minimum_nodes[place];
                // Another flow that is kept here takes nothing from this one.
                let leaves = self.flows.leaves[node];
                let leaves = self.machine.bind(leaves, Bound::Water(node));
                self.machine.min(self.scene.minimum[place], leaves)
            }
            Claim::Release(storage) => {
                let node = self.scheme.storage_nodes[storage];
                let offer = self.flows.offer[node];
                let offer = self.machine.bind(offer, Bound::Water(node));
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
        if way.bends {
            let spare = self.spare_rest(way.head, None, bounds);
            return self.led(way, volume, spare);
        }
        for canal in &way.canals {
            let room = self.room(canal.link);
            volume = self.at_most(volume, room, canal.arrives);
        }
        let until = way.own_return.map(|own| own.node);
        if let Some(spare) = self.spare_rest(way.head, until, bounds) {
            volume = self.at_most(volume, spare, way.arrives);
        }
        // Below its own return a claim costs only what does not come back.
        if let Some(own) = way.own_return.filter(|own| own.costs)
            && let Some(spare) = self.spare_inflow(own.node, bounds)
        {
            let most = self.machine.number(own.most);
            let costs = self.machine.sub(most, self.scene.returns[user]);
            let most = self.machine.div(spare, costs);
            volume = self.machine.min(volume, most);
        }
        volume
    }

    /// What a canal can carry beside what it carries already.
    pub(super) fn room(&mut self, canal: usize) -> M::Number {
        let carried = self.standing.carried[canal];
        let room = self.machine.sub(self.scene.capacity[canal], carried);
        self.machine.bind(room, Bound::Canal(canal))
    }

    /// min(volume, most · arrives).
    fn at_most(&mut self, volume: M::Number, most: M::Number, arrives: f64) -> M::Number {
        let arrives = self.machine.number(arrives);
        let most = self.machine.mul(most, arrives);
        self.machine.min(volume, most)
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
}
