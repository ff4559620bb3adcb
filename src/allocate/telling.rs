//! What keeps a claim from more: the bound that is tight, and where it is the water, why there is no more.
//!
//! A bound that stands at a node is told by what stands there. Where nothing does, the water is missed
//! because something above keeps it: earlier claims take it, a storage withholds it or its outlets hold it back.

use super::Bound;
use super::desk::Desk;
use super::machine::Machine;
use super::standing::ROUNDING;
use crate::plan::Place;

/// A litre, hm³: less is rounding.
const LITRE: f64 = 1e-9;

/// What keeps water from a place, and how much, hm³.
type Keeper = (f64, Bound);

impl<M: Machine> Desk<'_, M> {
    /// What keeps the flow below a node from falling further.
    pub(super) fn tight_at(&self, node: usize) -> Bound {
        match self.told(self.standing.kept[node]) > 0.0 {
            true => Bound::MinimumFlow(node),
            false => Bound::Water(node),
        }
    }

    /// Why there is no more water at a node: what keeps it there, else what keeps most of it above.
    pub(super) fn reason_at(&mut self, node: usize) -> Bound {
        self.refresh(node);
        let returned = self.told(self.standing.returned[node]);
        let keeper = match self.keeper_at(node, returned) {
            (None, false) => self.keeper_above(node, 1.0, returned),
            (own, _) => own,
        };
        keeper.map_or(Bound::Water(node), |(_, bound)| bound)
    }

    /// What keeps most water above a node; `passes` is the part of it that would arrive where it is missed, `returned`
    /// what comes back from there on.
    fn keeper_above(&mut self, node: usize, passes: f64, returned: f64) -> Option<Keeper> {
        let scheme = self.scheme;
        let mut most: Option<Keeper> = None;
        for &(above, arrives) in &scheme.above[node] {
            let passes = passes * arrives;
            let returned = returned + self.told(self.standing.returned[above]);
            let (own, is_full) = self.keeper_at(above, returned);
            let own = own.map(|(volume, bound)| (volume * passes, bound));
            let further = match is_full {
                true => None,
                false => self.keeper_above(above, passes, returned),
            };
            // The nearer one where both keep the same.
            for keeper in own.into_iter().chain(further) {
                if most.is_none_or(|(volume, _)| keeper.0 > volume) {
                    most = Some(keeper);
                }
            }
        }
        most
    }

    /// What keeps water at a node, and whether outlets there would let no more pass. What is taken there keeps only
    /// what does not come back.
    fn keeper_at(&mut self, node: usize, returned: f64) -> (Option<Keeper>, bool) {
        let taken = self.told(self.standing.taken[node]) - returned;
        let senior = (taken > LITRE).then_some((taken, Bound::Senior(node)));
        let Place::Storage(storage) = self.scheme.places[node] else {
            return (senior, false);
        };
        let held_back = self.held_back(node, storage);
        if held_back > 0.0 {
            return (Some((held_back, Bound::Outlet(storage))), true);
        }
        let withheld = self.withheld(storage);
        let is_withheld = withheld > LITRE && withheld >= taken;
        let storage = is_withheld.then_some((withheld, Bound::Storage(storage)));
        (storage.or(senior), false)
    }

    /// What a storage could give but for its outlets.
    fn held_back(&mut self, node: usize, storage: usize) -> f64 {
        let stock = self.stock(storage, self.flows.comes[node]);
        let (stock, offer) = (self.told(stock), self.told(self.flows.offer[node]));
        let surplus = stock - offer;
        match surplus > LITRE + ROUNDING * stock.abs() {
            true => surplus,
            false => 0.0,
        }
    }

    /// What a zone or target holds back above the dead volume.
    fn withheld(&self, storage: usize) -> f64 {
        let floor = self.told(self.standing.floor[storage]);
        let dead = self.told(self.scene.dead[storage]);
        floor - dead
    }

    /// The value of a number; nothing where the machine tells none.
    fn told(&self, number: M::Number) -> f64 {
        self.machine.told(number).unwrap_or(0.0)
    }
}
