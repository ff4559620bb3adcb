//! The claims of a plan in their classes of priority.

use crate::network::sharing::Sharing;
use crate::network::{Network, NodeKind};

/// What asks for water in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// A user, by place.
    User(usize),
    /// A minimum flow, by place; energy is one too, of the river below its plant.
    MinimumFlow(usize),
    /// The least release of a storage.
    Release(usize),
    /// A zone that a storage withholds from later classes, by place in [`Plan::zone`](super::Plan::zone).
    Zone(usize),
    /// The target storage of a storage.
    Hold(usize),
}

/// Claims that are served together.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// The priority that the inputs name; none for what is served after all that is named.
    pub priority: Option<u32>,
    /// How they share what is not enough for all.
    pub sharing: Sharing,
    /// The claims, in river order.
    pub claims: Vec<Claim>,
}

/// Place of a claim in the order of service: equals have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// Place of its class in [`Plan::classes`](super::Plan::classes).
    pub class: usize,
    /// Place within its class, where that serves one claim after the other.
    pub within: usize,
}

impl super::Plan {
    /// When a claim is served; none of one that no class holds.
    pub fn turn(&self, claim: Claim) -> Option<Turn> {
        self.classes.iter().enumerate().find_map(|(class, row)| {
            let place = row.claims.iter().position(|other| *other == claim)?;
            let within = match row.sharing {
                Sharing::RiverOrder => place,
                _ => 0,
            };
            Some(Turn { class, within })
        })
    }
}

/// What comes first within a priority, and what has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A zone that is withheld from this class.
    ZoneAgainst(u32),
    Class(u32),
    Release,
    /// Targets of reservoirs with so many reservoirs above them: the upper one is not drawn for another's.
    Hold(usize),
}

impl Rank {
    /// Position in the order of service.
    fn key(self) -> (u32, u8, usize) {
        match self {
            Self::ZoneAgainst(priority) => (priority, 0, 0),
            Self::Class(priority) => (priority, 1, 0),
            Self::Release => (u32::MAX, 2, 0),
            Self::Hold(tier) => (u32::MAX, 3, tier),
        }
    }
}

/// Storage of each zone, in river order.
pub(super) fn zone_storages(network: &Network) -> Vec<usize> {
    let storages = network.storages().enumerate();
    let zones = storages.flat_map(|(place, (_, storage))| {
        let zones = storage.dam.as_ref().map_or(0, |dam| dam.zones.len());
        std::iter::repeat_n(place, zones)
    });
    zones.collect()
}

/// The place among the minimum flows of the release that a plant's energy asks for.
pub(super) fn energy_claim(network: &Network, plant: usize) -> usize {
    network.minimum_flows.len() + plant
}

/// Those places, by plant.
pub(super) fn energy_claims(network: &Network) -> Vec<usize> {
    let plants = 0..network.plants.len();
    plants.map(|plant| energy_claim(network, plant)).collect()
}

/// Node of each minimum flow and of each plant's energy.
pub(super) fn minimum_nodes(network: &Network) -> Vec<usize> {
    let flows = network.minimum_flows.iter().map(|(_, node)| *node);
    let plants = network.plants.iter().map(|(_, node)| *node);
    flows.chain(plants).collect()
}

/// All claims of a network, class by class in the order of service.
pub(super) fn classes(network: &Network) -> Vec<Class> {
    let mut ranked: Vec<(Rank, usize, Claim)> = Vec::new();
    for (user, row) in network.users.iter().enumerate() {
        let head = network.paths[user].head;
        ranked.push((Rank::Class(row.priority), head, Claim::User(user)));
    }
    for (place, (flow, node)) in network.minimum_flows.iter().enumerate() {
        ranked.push((Rank::Class(flow.priority), *node, Claim::MinimumFlow(place)));
    }
    for (place, (plant, node)) in network.plants.iter().enumerate() {
        let rank = plant.priority.map_or(Rank::Release, Rank::Class);
        ranked.push((
            rank,
            *node,
            Claim::MinimumFlow(energy_claim(network, place)),
        ));
    }
    let (tiers, mut zones) = (tiers(network), 0..);
    for (place, (node, storage)) in network.storages().enumerate() {
        let Some(dam) = &storage.dam else { continue };
        let release = dam.release_priority.map_or(Rank::Release, Rank::Class);
        ranked.push((release, node, Claim::Release(place)));
        let hold = dam
            .storage_priority
            .map_or(Rank::Hold(tiers[node]), Rank::Class);
        ranked.push((hold, node, Claim::Hold(place)));
        // The rows come first in the pair: the other way round each dam would use up a place more.
        for (row, zone) in dam.zones.iter().zip(zones.by_ref()) {
            ranked.push((
                Rank::ZoneAgainst(row.against_priority),
                node,
                Claim::Zone(zone),
            ));
        }
    }
    ranked.sort_by_key(|(rank, node, claim)| (rank.key(), *node, *claim));
    let mut classes: Vec<(Rank, Class)> = Vec::new();
    for (rank, _, claim) in ranked {
        match classes.last_mut() {
            Some((last, class)) if last.key() == rank.key() => class.claims.push(claim),
            _ => classes.push((rank, class(network, rank, claim))),
        }
    }
    classes.into_iter().map(|(_, class)| class).collect()
}

fn class(network: &Network, rank: Rank, claim: Claim) -> Class {
    let (priority, sharing) = match rank {
        Rank::Class(priority) => (Some(priority), network.sharing.get(&priority).copied()),
        Rank::ZoneAgainst(priority) => (Some(priority), None),
        Rank::Release | Rank::Hold(_) => (None, None),
    };
    Class {
        priority,
        sharing: sharing.unwrap_or_default(),
        claims: vec![claim],
    }
}

/// How many reservoirs stand one above the other above each node.
fn tiers(network: &Network) -> Vec<usize> {
    let mut tiers = vec![0; network.nodes.len()];
    for (node, kind) in network.nodes.iter().map(|node| &node.kind).enumerate() {
        let below = network.river[node].map(|link| network.ends[link].to);
        let reservoir = matches!(kind, NodeKind::Storage(storage) if storage.dam.is_some());
        if let Some(below) = below {
            tiers[below] = tiers[below].max(tiers[node] + usize::from(reservoir));
        }
    }
    tiers
}
