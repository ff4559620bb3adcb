//! Pools: the places of a plan where waters mix, and what comes to each.

use super::carried::{Carried, Formation};
use super::{Place, Plan};
use crate::network::{Network, Node, NodeKind};
use crate::time::SECONDS_PER_DAY;

/// A place where waters mix.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// What holds the water.
    pub vessel: Vessel,
    /// Waters that come to it.
    pub sources: Vec<Source>,
    /// Origins that can be in it, rising.
    pub origins: Vec<usize>,
}

/// What holds the water of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vessel {
    /// Waters meet at a node and go on at once.
    Node(usize),
    /// A lake or reservoir.
    Storage(usize),
    /// A body of a lake of two: storage and body.
    Body(usize, usize),
    /// A reach through which water takes days.
    Link(usize),
    /// A return flow that comes later, by user.
    Return(usize),
}

/// Water that comes to a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Water that forms at a node.
    Forms {
        /// The node.
        node: usize,
        /// Its origin.
        origin: usize,
    },
    /// Rain and groundwater of a storage.
    Weather {
        /// The storage.
        storage: usize,
        /// Their origin.
        origin: usize,
    },
    /// What leaves a link at its lower end.
    Link {
        /// The link.
        link: usize,
        /// The pool that it comes from.
        pool: usize,
    },
    /// What enters a link at its upper end.
    Into {
        /// The link.
        link: usize,
        /// The pool that it comes from.
        pool: usize,
    },
    /// What a user returns.
    Return {
        /// The user.
        user: usize,
        /// The pool that it comes from.
        pool: usize,
    },
    /// What a user will return later.
    Later {
        /// The user.
        user: usize,
        /// The pool that it comes from.
        pool: usize,
    },
}

impl Vessel {
    /// Whether water stays in it from step to step.
    pub fn stores(self) -> bool {
        !matches!(self, Self::Node(_))
    }

    /// Pools of the storage that it belongs to.
    pub fn boxes(self) -> usize {
        match self {
            Self::Body(..) => 2,
            _ => 1,
        }
    }
}

impl Source {
    /// The pool that the water comes from; none where it rises here.
    pub fn pool(self) -> Option<usize> {
        match self {
            Self::Forms { .. } | Self::Weather { .. } => None,
            Self::Link { pool, .. }
            | Self::Into { pool, .. }
            | Self::Return { pool, .. }
            | Self::Later { pool, .. } => Some(pool),
        }
    }

    /// The origin of water that rises here.
    pub fn origin(self) -> Option<usize> {
        match self {
            Self::Forms { origin, .. } | Self::Weather { origin, .. } => Some(origin),
            _ => None,
        }
    }
}

impl Pool {
    /// Place of an origin among those that can be in the pool.
    pub fn place(&self, origin: usize) -> usize {
        let place = self.origins.binary_search(&origin);
        place.expect("a pool knows the origins of all that comes to it")
    }
}

/// What was stored at the start.
const START: usize = 0;

/// The pools of a plan, without salt.
pub(super) fn pools(network: &Network, plan: &Plan) -> Carried {
    let mut builder = Builder {
        network,
        plan,
        at: At::of(plan),
        is_daily: plan.seconds.iter().all(|s| *s == SECONDS_PER_DAY),
        carried: Carried {
            origins: formations(network),
            of_node: vec![0; plan.places.len()],
            of_link: vec![0; plan.ends.len()],
            of_return: vec![0; plan.paths.len()],
            of_storage: vec![0; plan.curves.len()],
            ..Carried::default()
        },
    };
    for node in 0..plan.places.len() {
        builder.node(node);
    }
    let mut carried = builder.carried;
    carried.first_share = vec![0];
    for pool in &carried.pools {
        let before = carried.first_share[carried.first_share.len() - 1];
        carried.first_share.push(before + pool.origins.len());
    }
    carried
}

/// All origins: what was stored at the start, then rivers and lakes by name.
fn formations(network: &Network) -> Vec<Formation> {
    let risen = (0..network.nodes.len()).filter_map(|node| formation(network, node));
    let mut risen: Vec<Formation> = risen.collect();
    risen.sort();
    risen.dedup();
    risen.insert(
        START,
        Formation {
            name: "stored at the start".to_owned(),
            party: None,
        },
    );
    risen
}

/// The origin of the water that forms at a node.
fn formation(network: &Network, node: usize) -> Option<Formation> {
    let Node {
        name, party, kind, ..
    } = &network.nodes[node];
    let name = match kind {
        NodeKind::Inflow(inflow) => format!("{}, {party}", inflow.river),
        NodeKind::Storage(storage) if storage.dam.is_some() => {
            format!("rain and groundwater of reservoirs, {party}")
        }
        NodeKind::Storage(_) => format!("rain and groundwater of {name}"),
        _ => return None,
    };
    Some(Formation {
        name,
        party: Some(network.party_of(node)),
    })
}

struct Builder<'a> {
    network: &'a Network,
    plan: &'a Plan,
    is_daily: bool,
    at: At,
    carried: Carried,
}

/// Links and users by node.
struct At {
    links_out: Vec<Vec<usize>>,
    links_in: Vec<Vec<usize>>,
    heads: Vec<Vec<usize>>,
    returns: Vec<Vec<usize>>,
}

impl At {
    fn of(plan: &Plan) -> Self {
        let empty = || vec![Vec::new(); plan.places.len()];
        let mut at = Self {
            links_out: empty(),
            links_in: empty(),
            heads: empty(),
            returns: empty(),
        };
        for (link, ends) in plan.ends.iter().enumerate() {
            at.links_out[ends.from].push(link);
            at.links_in[ends.to].push(link);
        }
        for (user, path) in plan.paths.iter().enumerate() {
            at.heads[path.head].push(user);
            let returns = path.returns_to;
            if let Some(to) = returns.filter(|_| plan.return_fractions[user] > 0.0) {
                at.returns[to].push(user);
            }
        }
        at
    }
}

impl Builder<'_> {
    /// The pool of a node, and those of the reaches and returns that leave it.
    fn node(&mut self, node: usize) {
        let own = match self.plan.places[node] {
            Place::Storage(storage) => self.storage(node, storage),
            _ => self.meeting(node),
        };
        self.carried.of_node[node] = own;
        for link in std::mem::take(&mut self.at.links_out[node]) {
            let takes_time = self.is_daily && self.plan.travel[link].is_some();
            let into = Source::Into { link, pool: own };
            self.carried.of_link[link] = match takes_time {
                true => self.put(Vessel::Link(link), vec![into]),
                false => own,
            };
        }
        for user in std::mem::take(&mut self.at.heads[node]) {
            let later = Source::Later { user, pool: own };
            self.carried.of_return[user] = match self.plan.return_lags[user] > 0 {
                true => self.put(Vessel::Return(user), vec![later]),
                false => own,
            };
        }
    }

    /// A node without storage; where one water comes from another pool it is that pool.
    fn meeting(&mut self, node: usize) -> usize {
        let sources = self.waters(node, None);
        let above = match sources[..] {
            [source] => source.pool(),
            _ => None,
        };
        above.unwrap_or_else(|| self.put(Vessel::Node(node), sources))
    }

    /// A storage; the two bodies of a lake whose exchange is known are two pools.
    fn storage(&mut self, node: usize, storage: usize) -> usize {
        let salt = self.network.nodes[node]
            .storage()
            .and_then(|row| row.salt.as_ref());
        let origin = self.origin(node);
        let weather = Source::Weather { storage, origin };
        let is_two = salt.is_some_and(|salt| salt.sink_fractions.len() == 2);
        self.carried.of_storage[storage] = self.carried.pools.len();
        if !is_two {
            let mut sources = self.waters(node, None);
            sources.push(weather);
            return self.put(Vessel::Storage(storage), sources);
        }
        for body in 0..2 {
            let mut sources = self.waters(node, Some(body));
            sources.push(weather);
            self.put(Vessel::Body(storage, body), sources);
        }
        let second = self.carried.pools.len() - 1;
        // Each body has what the strait brings from the other.
        let mut origins = [
            self.carried.pools[second - 1].origins.clone(),
            self.carried.pools[second].origins.clone(),
        ]
        .concat();
        origins.sort_unstable();
        origins.dedup();
        self.carried.pools[second - 1].origins.clone_from(&origins);
        self.carried.pools[second].origins = origins;
        second
    }

    fn origin(&self, node: usize) -> usize {
        let formation = formation(self.network, node);
        let mut known = self.carried.origins.iter();
        known
            .position(|known| Some(known) == formation.as_ref())
            .unwrap_or(START)
    }

    /// Waters that come to a node, or to one body of its lake.
    fn waters(&self, node: usize, body: Option<usize>) -> Vec<Source> {
        let mut sources = Vec::new();
        if matches!(self.network.nodes[node].kind, NodeKind::Inflow(_)) {
            let origin = self.origin(node);
            sources.push(Source::Forms { node, origin });
        }
        for &link in &self.at.links_in[node] {
            if body.is_none() || self.plan.ends[link].body == body {
                let pool = self.carried.of_link[link];
                sources.push(Source::Link { link, pool });
            }
        }
        for &user in &self.at.returns[node] {
            let pool = self.carried.of_return[user];
            sources.push(Source::Return { user, pool });
        }
        sources
    }

    fn put(&mut self, vessel: Vessel, sources: Vec<Source>) -> usize {
        let mut origins: Vec<usize> = sources
            .iter()
            .flat_map(|source| match source.pool() {
                Some(pool) => self.carried.pools[pool].origins.clone(),
                None => source.origin().into_iter().collect(),
            })
            .collect();
        // Nothing of a return flow is under way at the start.
        if vessel.stores() && !matches!(vessel, Vessel::Return(_)) {
            origins.push(START);
        }
        origins.sort_unstable();
        origins.dedup();
        self.carried.pools.push(Pool {
            vessel,
            sources,
            origins,
        });
        self.carried.pools.len() - 1
    }
}
