//! A network whose names are resolved, before it is put in river order.

use std::collections::BTreeMap;

use super::link::{Link, LinkKind};
use super::minimum_flow::MinimumFlow;
use super::plant::Plant;
use super::rows::Rows;
use super::user::User;
use super::{Ends, Network, NodeKind, Path};

/// Rows with their names resolved, still in the order of the files.
pub(super) struct Draft {
    pub(super) rows: Rows,
    pub(super) ends: Vec<Ends>,
    pub(super) users: Vec<Withdrawal>,
    pub(super) minimums: Vec<usize>,
    pub(super) plants: Vec<usize>,
}

/// Nodes that a user takes from and returns to.
#[derive(Clone, Copy)]
pub(super) struct Withdrawal {
    pub(super) from: usize,
    pub(super) to: Option<usize>,
}

impl Draft {
    /// The links of each node that `of` names an end of.
    pub(super) fn links_by(&self, of: impl Fn(&Ends) -> usize) -> Vec<Vec<usize>> {
        let mut links = vec![Vec::new(); self.rows.nodes.len()];
        for (link, ends) in self.ends.iter().enumerate() {
            links[of(ends)].push(link);
        }
        links
    }

    pub(super) fn kind(&self, link: usize) -> LinkKind {
        self.rows.links[link].0.kind
    }

    pub(super) fn is_fed_by_canal_alone(
        &self,
        place: usize,
        into: &[usize],
        rivers_out: usize,
    ) -> bool {
        matches!(self.rows.nodes[place].kind, NodeKind::Junction)
            && into.len() == 1
            && rivers_out == 0
            && self.users.iter().all(|user| user.to != Some(place))
            && self.minimums.iter().all(|node| *node != place)
    }

    /// The river node at the head of the canals that lead to a node, and those canals in order.
    pub(super) fn head(&self, node: usize, canal_of: &[Option<usize>]) -> (usize, Vec<usize>) {
        let (mut at, mut canals) = (node, Vec::new());
        while let Some(canal) = canal_of[at]
            && canals.len() <= self.ends.len()
        {
            canals.insert(0, canal);
            at = self.ends[canal].from;
        }
        (at, canals)
    }

    /// The network with nodes in `order` and all else sorted after them.
    pub(super) fn sorted(
        self,
        parties: Vec<String>,
        order: &[usize],
        canal_of: &[Option<usize>],
    ) -> Network {
        let mut rank = vec![0; order.len()];
        for (place, node) in order.iter().enumerate() {
            rank[*node] = place;
        }
        let links = self.sorted_links(&rank);
        let mut link_rank = vec![0; links.len()];
        for (place, link) in links.iter().enumerate() {
            link_rank[*link] = place;
        }
        let path = |user: &Withdrawal| {
            let (head, canals) = self.head(user.from, canal_of);
            Path {
                head: rank[head],
                canals: canals.into_iter().map(|canal| link_rank[canal]).collect(),
                returns_to: user.to.map(|to| rank[to]),
            }
        };
        let mut users: Vec<(Path, User)> = self
            .users
            .iter()
            .zip(&self.rows.users)
            .map(|(way, row)| (path(way), row.0.clone()))
            .collect();
        users.sort_by(|l, r| (l.0.head, &l.1.name).cmp(&(r.0.head, &r.1.name)));
        let mut minimum_flows: Vec<(MinimumFlow, usize)> = self
            .rows
            .minimum_flows
            .iter()
            .zip(&self.minimums)
            .map(|(row, node)| (row.0.clone(), rank[*node]))
            .collect();
        minimum_flows.sort_by(|l, r| (l.1, &l.0.name).cmp(&(r.1, &r.0.name)));
        let plants = self.rows.plants.iter().zip(&self.plants);
        let plants = plants.map(|(row, node)| (row.0.clone(), rank[*node]));
        let mut plants: Vec<(Plant, usize)> = plants.collect();
        plants.sort_by_key(|(_, node)| *node);
        let ends: Vec<Ends> = links
            .iter()
            .map(|link| self.ends[*link])
            .map(|ends| Ends {
                from: rank[ends.from],
                to: rank[ends.to],
                body: ends.body,
            })
            .collect();
        let links: Vec<Link> = links
            .iter()
            .map(|l| self.rows.links[*l].0.clone())
            .collect();
        let mut river = vec![None; order.len()];
        for (link, ends) in ends.iter().enumerate() {
            if links[link].kind == LinkKind::River {
                river[ends.from] = Some(link);
            }
        }
        let nodes = order
            .iter()
            .map(|node| self.rows.nodes[*node].clone())
            .collect();
        let mut spillway = vec![None; order.len()];
        for (link, ends) in ends.iter().enumerate() {
            if links[link].kind == LinkKind::Spill {
                spillway[ends.from] = Some(link);
            }
        }
        let (paths, users) = users.into_iter().unzip();
        let basins = self.rows.basins;
        Network {
            parties,
            basins,
            nodes,
            links,
            ends,
            river,
            users,
            paths,
            minimum_flows,
            plants,
            spillway,
            sharing: BTreeMap::new(),
        }
    }

    pub(super) fn sorted_links(&self, rank: &[usize]) -> Vec<usize> {
        let mut links: Vec<usize> = (0..self.ends.len()).collect();
        links.sort_by_key(|link| {
            let ends = &self.ends[*link];
            (
                rank[ends.from],
                rank[ends.to],
                self.rows.links[*link].0.name.clone(),
            )
        });
        links
    }
}
