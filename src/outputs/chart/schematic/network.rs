//! Takes a network apart into basins, main stems and the branches that hang from them.

use std::collections::VecDeque;

use super::{LinkSymbol, NodeSymbol, SchematicLink, SchematicNode};

/// On which side of the main stem a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// On the main stem.
    Stem,
    /// Above it, as tributaries do.
    Above,
    /// Below it, as users and canals do.
    Below,
}

/// A branch from a node: the node at its end and the link to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Branch {
    /// The node at the end of the branch.
    pub(super) node: usize,
    /// The link between the two nodes.
    pub(super) link: usize,
}

/// A path of river links; the first node has no link before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stem {
    /// The nodes, downstream.
    pub(super) nodes: Vec<usize>,
    /// The links between them.
    pub(super) links: Vec<usize>,
}

/// A basin and its main stems, usually one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Basin {
    /// Its name.
    pub(super) name: String,
    /// Its stems, the main one first.
    pub(super) stems: Vec<Stem>,
}

/// The network taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Network {
    /// The basins in the order in which they first appear.
    pub(super) basins: Vec<Basin>,
    /// The side of every node.
    pub(super) sides: Vec<Side>,
    /// The branches from every node.
    pub(super) branches: Vec<Vec<Branch>>,
    /// Links that are neither on a stem nor a branch.
    pub(super) extra: Vec<usize>,
}

impl Network {
    /// Takes a network apart.
    pub(super) fn new(nodes: &[SchematicNode], links: &[SchematicLink]) -> Self {
        let mut builder = Builder {
            nodes,
            links,
            placed: vec![false; nodes.len()],
            used: vec![false; links.len()],
            network: Self {
                sides: vec![Side::Stem; nodes.len()],
                branches: vec![Vec::new(); nodes.len()],
                ..Self::default()
            },
        };
        let mut names: Vec<&str> = Vec::new();
        for node in nodes {
            if !names.contains(&node.basin.as_str()) {
                names.push(&node.basin);
                builder.add_basin(&node.basin);
            }
        }
        let used = builder.used;
        let mut network = builder.network;
        network.extra = (0..links.len())
            .filter(|&index| !used[index] && is_sound(&links[index], nodes.len()))
            .collect();
        network
    }
}

fn is_sound(link: &SchematicLink, count: usize) -> bool {
    link.from < count && link.to < count && link.from != link.to
}

struct Builder<'a> {
    nodes: &'a [SchematicNode],
    links: &'a [SchematicLink],
    placed: Vec<bool>,
    used: Vec<bool>,
    network: Network,
}

impl Builder<'_> {
    fn add_basin(&mut self, name: &str) {
        let members: Vec<usize> = (0..self.nodes.len())
            .filter(|&index| self.nodes[index].basin == name)
            .collect();
        let mut stems = Vec::new();
        while members.iter().any(|&node| !self.placed[node]) {
            let stem = self.longest_stem(&members);
            for &node in &stem.nodes {
                self.placed[node] = true;
            }
            for &link in &stem.links {
                self.used[link] = true;
            }
            self.grow(&stem.nodes, name, false);
            self.grow(&stem.nodes, name, true);
            stems.push(stem);
        }
        self.network.basins.push(Basin {
            name: name.to_owned(),
            stems,
        });
    }

    /// River links between nodes that are not placed yet.
    fn free_rivers(&self, from: usize) -> impl Iterator<Item = usize> + '_ {
        let basin = &self.nodes[from].basin;
        self.links
            .iter()
            .enumerate()
            .filter(move |(_, link)| {
                link.from == from
                    && link.kind == LinkSymbol::River
                    && is_sound(link, self.nodes.len())
                    && !self.placed[link.to]
                    && self.nodes[link.to].basin == *basin
            })
            .map(|(index, _)| index)
    }

    /// The longest path of river links among nodes that are not placed yet.
    fn longest_stem(&self, members: &[usize]) -> Stem {
        let mut search = Search {
            builder: self,
            best: vec![None; self.nodes.len()],
            open: vec![false; self.nodes.len()],
        };
        let mut start: Option<((usize, bool, bool), usize)> = None;
        for &node in members.iter().filter(|&&node| !self.placed[node]) {
            let (length, ends, _) = search.best_from(node);
            let rank = (length, ends, self.nodes[node].kind != NodeSymbol::User);
            if start.is_none_or(|(other, _)| rank > other) {
                start = Some((rank, node));
            }
        }
        let mut stem = Stem::default();
        let mut next = start.map(|(_, node)| node);
        while let Some(node) = next.filter(|node| !stem.nodes.contains(node)) {
            stem.nodes.push(node);
            let link = search.best[node].and_then(|(_, _, link)| link);
            next = link.map(|link| self.links[link].to);
            stem.links.extend(link);
        }
        stem.links.truncate(stem.nodes.len().saturating_sub(1));
        stem
    }

    /// Hangs every node that can be reached onto the stem, the nearest first.
    fn grow(&mut self, stem: &[usize], basin: &str, along_returns: bool) {
        let mut queue: VecDeque<usize> = stem.iter().copied().collect();
        let mut seen = vec![false; self.nodes.len()];
        while let Some(node) = queue.pop_front() {
            if std::mem::replace(&mut seen[node], true) {
                continue;
            }
            for index in 0..self.links.len() {
                let link = &self.links[index];
                let usable = along_returns || link.kind != LinkSymbol::Return;
                let other = match node {
                    _ if !usable || !is_sound(link, self.nodes.len()) => continue,
                    _ if link.from == node => link.to,
                    _ if link.to == node => link.from,
                    _ => continue,
                };
                if !self.placed[other] && self.nodes[other].basin == basin {
                    self.hang(node, other, index);
                }
            }
            queue.extend(self.network.branches[node].iter().map(|branch| branch.node));
        }
    }

    fn hang(&mut self, parent: usize, node: usize, index: usize) {
        let link = &self.links[index];
        let inherited = self.network.sides[parent];
        let joins = link.kind == LinkSymbol::River && link.to == parent;
        self.network.sides[node] = match (inherited, joins) {
            (Side::Stem, true) => Side::Above,
            (Side::Stem, false) => Side::Below,
            (side, _) => side,
        };
        self.placed[node] = true;
        self.used[index] = true;
        self.network.branches[parent].push(Branch { node, link: index });
    }
}

/// Length of the longest path from a node, whether it ends at a terminal, and its first link.
type Best = (usize, bool, Option<usize>);

struct Search<'a> {
    builder: &'a Builder<'a>,
    best: Vec<Option<Best>>,
    open: Vec<bool>,
}

impl Search<'_> {
    fn best_from(&mut self, node: usize) -> Best {
        if let Some(best) = self.best[node] {
            return best;
        }
        let kind = self.builder.nodes[node].kind;
        let terminal = matches!(
            kind,
            NodeSymbol::Outlet | NodeSymbol::Lake | NodeSymbol::Delta
        );
        let mut best: Best = (1, terminal, None);
        self.open[node] = true;
        for link in self.builder.free_rivers(node).collect::<Vec<_>>() {
            let next = self.builder.links[link].to;
            if self.open[next] {
                continue;
            }
            let (length, ends, _) = self.best_from(next);
            if (length + 1, ends) > (best.0, best.1 && best.2.is_some()) {
                best = (length + 1, ends, Some(link));
            }
        }
        self.open[node] = false;
        self.best[node] = Some(best);
        best
    }
}
