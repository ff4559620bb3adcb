//! Spares that are known already: by how much the flow may fall along one way down a river (equation E11).
//!
//! What comes to a node may fall by so much; once it has fallen by a part of that, the rest is left. So a claim that
//! changes flows above a node leaves its spare known, and targets that stand one above the other do not look at
//! the whole river anew for each of them.

use super::desk::Desk;
use super::machine::Machine;
use super::scheme::Scheme;

/// Spares along one way down.
#[derive(Clone, Debug)]
pub(super) struct Known<N> {
    /// The uppermost node whose spare is known; those below it are known too.
    from: Option<usize>,
    /// By node: the spare of what comes, none where nothing bounds it, and what came when it was found.
    spares: Vec<Option<(Option<N>, N)>>,
}

impl<N> Default for Known<N> {
    fn default() -> Self {
        Self {
            from: None,
            spares: Vec::new(),
        }
    }
}

impl<N: Copy> Known<N> {
    /// Nothing is known of so many nodes.
    pub(super) fn of(nodes: usize) -> Self {
        let mut known = Self::default();
        known.forget(nodes);
        known
    }

    /// From here on nothing is known of so many nodes.
    pub(super) fn forget(&mut self, nodes: usize) {
        self.from = None;
        self.spares.resize(nodes, None);
    }
}

/// The first node that two ways down share.
fn meeting(scheme: &Scheme, one: Option<usize>, other: Option<usize>) -> Option<usize> {
    let below = |node: usize| scheme.below[node].map(|below| below.node);
    let (mut one, mut other) = (one?, other?);
    while one != other {
        // Nodes stand in river order: the upper one goes on.
        match one < other {
            true => one = below(one)?,
            false => other = below(other)?,
        }
    }
    Some(one)
}

impl<M: Machine> Desk<'_, M> {
    /// Something has changed at a node: only below it spares are still known.
    pub(super) fn forget_spares_above(&mut self, node: usize) {
        let below = self.scheme.below[node].map(|below| below.node);
        if let Some(known) = &mut self.known {
            known.from = meeting(self.scheme, below, known.from);
        }
    }

    /// By how much what comes to the node below may fall, down to `until` or to the end of the river.
    ///
    /// `until` is the node to which a claim's own return comes: bounds from there on are left out.
    pub(super) fn spare_below(
        &mut self,
        node: usize,
        until: Option<usize>,
        bounds: &[bool],
    ) -> Option<M::Number> {
        let first = self.scheme.below[node]?.node;
        let known = match until {
            None => self.known.as_ref().and_then(|known| known.from),
            Some(_) => None,
        };
        let end = until.or_else(|| meeting(self.scheme, Some(first), known));
        let mut spare = known.and(end).and_then(|node| self.known_at(node));
        let mut way = std::mem::take(&mut self.flows.way);
        way.clear();
        let path = self.scheme.down_from(first);
        way.extend(path.take_while(|node| Some(*node) != end));
        for &node in way.iter().rev() {
            spare = self.spare_at(node, spare, bounds);
            if let (Some(known), None) = (&mut self.known, until) {
                known.spares[node] = Some((spare, self.flows.comes[node]));
            }
        }
        self.flows.way = way;
        if let (Some(known), None) = (&mut self.known, until) {
            known.from = Some(first);
        }
        spare
    }

    /// The spare of a node that is known: what it was, less what has been made use of since.
    fn known_at(&mut self, node: usize) -> Option<M::Number> {
        let (spare, came) = self.known.as_ref()?.spares[node]?;
        let spare = spare?;
        self.refresh(node);
        let used = self.machine.sub(came, self.flows.comes[node]);
        Some(self.machine.sub(spare, used))
    }
}
