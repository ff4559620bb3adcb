//! Parts of the network that are decided as one in a step, and their order (equation E26).

use crate::network::link::LinkKind;
use crate::network::{Ends, Network};

/// What must be decided before what, where rivers take time.
#[derive(Debug)]
pub(super) struct Order<'a> {
    network: &'a Network,
    /// Nodes joined by canals or by rivers that take no time.
    group: Vec<usize>,
    /// Flows from group to group within the step: their upper nodes and their lower ones.
    before: Vec<(usize, usize)>,
    /// Whether one group can be reached from another.
    reaches: Vec<Vec<bool>>,
}

impl<'a> Order<'a> {
    pub(super) fn of(network: &'a Network) -> Self {
        let mut order = Self {
            network,
            group: (0..network.nodes.len()).collect(),
            before: Vec::new(),
            reaches: Vec::new(),
        };
        order.join_at_once();
        order.before = order
            .timed()
            .chain(order.spills())
            .chain(order.returns())
            .collect();
        order.reaches = order.reached();
        order
    }

    /// The reach of each node, numbered so that each stands after those from which water comes to it.
    pub(super) fn reach_of(&self) -> Vec<usize> {
        let mut rank = vec![0; self.group.len()];
        // As many turns as groups reach every rank: those in a ring are one reach.
        for _ in 0..self.group.len() {
            for &(above, below) in &self.before {
                let together = self.are_together(above, below);
                let (above, below) = (self.group[above], self.group[below]);
                let after = rank[above] + usize::from(!together);
                rank[below] = rank[below].max(after);
            }
        }
        self.group.iter().map(|group| rank[*group]).collect()
    }

    /// Users whose return flow would come to a reach that is decided before their own.
    pub(super) fn users_in_a_ring(&self) -> Vec<usize> {
        let users = 0..self.network.users.len();
        users
            .filter(|user| {
                self.return_of(*user)
                    .is_some_and(|ends| self.is_in_a_ring(ends))
            })
            .collect()
    }

    /// Reservoirs whose spill would come to a reach that is decided before their own.
    pub(super) fn spillways_in_a_ring(&self) -> Vec<usize> {
        let spills = self.spills().filter(|ends| self.is_in_a_ring(*ends));
        spills.map(|(reservoir, _)| reservoir).collect()
    }

    /// Whether a river that takes time leads from one node of the ring on which these lie to another.
    fn is_in_a_ring(&self, (above, below): (usize, usize)) -> bool {
        let mut timed = self.timed();
        self.group[above] != self.group[below]
            && self.are_together(above, below)
            && timed.any(|(from, to)| self.are_together(from, to) && self.are_together(from, above))
    }

    fn are_together(&self, one: usize, other: usize) -> bool {
        let (one, other) = (self.group[one], self.group[other]);
        one == other || (self.reaches[one][other] && self.reaches[other][one])
    }

    fn join_at_once(&mut self) {
        let links = self.network.links.iter().zip(&self.network.ends);
        for (link, ends) in links {
            if link.travel.is_none() && link.kind != LinkKind::Spill {
                let (one, other) = (self.group[ends.from], self.group[ends.to]);
                let (from, to) = (one.max(other), one.min(other));
                let all = self.group.iter_mut().filter(|name| **name == from);
                all.for_each(|name| *name = to);
            }
        }
    }

    fn timed(&self) -> impl Iterator<Item = (usize, usize)> {
        let links = self.network.links.iter().zip(&self.network.ends);
        let timed = links.filter(|(link, _)| link.travel.is_some());
        timed.map(|(_, ends)| (ends.from, ends.to))
    }

    fn spills(&self) -> impl Iterator<Item = (usize, usize)> {
        let ends = |link: &usize| -> &Ends { &self.network.ends[*link] };
        let spillways = self.network.spillway.iter().flatten().map(ends);
        spillways.map(|ends| (ends.from, ends.to))
    }

    fn returns(&self) -> impl Iterator<Item = (usize, usize)> {
        let users = 0..self.network.users.len();
        users.filter_map(|user| self.return_of(user))
    }

    /// Head and return node of a user whose water returns within the step.
    fn return_of(&self, user: usize) -> Option<(usize, usize)> {
        let (row, path) = (&self.network.users[user], &self.network.paths[user]);
        let to = path.returns_to.filter(|_| row.return_lag_steps == 0)?;
        Some((path.head, to))
    }

    fn reached(&self) -> Vec<Vec<bool>> {
        let count = self.group.len();
        let mut reached = vec![vec![false; count]; count];
        // As many turns as groups reach every end.
        for _ in 0..count {
            let mut grows = false;
            for &(above, below) in &self.before {
                let (above, below) = (self.group[above], self.group[below]);
                for (from, ends) in reached.iter_mut().enumerate() {
                    let comes = from == above || ends[above];
                    grows |= comes && !ends[below];
                    ends[below] |= comes;
                }
            }
            if !grows {
                break;
            }
        }
        reached
    }
}
