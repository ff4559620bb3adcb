//! What the water of a plan carries: where it rose, and salt.
//!
//! Water is followed from pool to pool. A pool is a place where waters mix: a node where several meet, a lake,
//! a body of one, a reach or return flow that takes time. All that leaves a pool in a step has its mixture.

use ndarray::Array2;

use super::pools::Pool;

/// What the water of a plan carries; nothing by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// Origins that are told apart; the first is what was stored at the start.
    pub origins: Vec<Formation>,
    /// Pools in an order in which each stands after those from which water comes to it.
    pub pools: Vec<Pool>,
    /// First share of each pool among all shares, and the number of all.
    pub first_share: Vec<usize>,
    /// Pool whose mixture leaves each node.
    pub of_node: Vec<usize>,
    /// Pool whose mixture leaves each link at its lower end.
    pub of_link: Vec<usize>,
    /// Pool whose mixture each user returns.
    pub of_return: Vec<usize>,
    /// First pool of each storage; that of each further body stands after it.
    pub of_storage: Vec<usize>,
    /// Salt, where a lake asks for it.
    pub salt: Option<Salt>,
}

/// Where water rose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Formation {
    /// River and party, or the lake on which it fell.
    pub name: String,
    /// Place of the party on whose territory it rose; none for what was stored at the start.
    pub party: Option<usize>,
}

/// Salt of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Salt {
    /// Pools that salt can reach, rising.
    pub pools: Vec<usize>,
    /// Salinity of the water that forms: (step, node), g/l.
    pub formed_g_per_l: Array2<f64>,
    /// Volume that the two bodies of each storage exchange each way: (step, storage), hm³.
    pub exchange: Array2<f64>,
    /// Salinity of each pool that stores at the start, g/l; 0 of the others.
    pub initial_g_per_l: Vec<f64>,
    /// Salinity of the groundwater into each storage, g/l.
    pub groundwater_g_per_l: Vec<f64>,
    /// Part of the salt entering each pool that sinks.
    pub sink_fractions: Vec<f64>,
}

impl Salt {
    /// All its numbers.
    pub fn numbers(&self) -> impl Iterator<Item = &f64> {
        let steps = self.formed_g_per_l.iter().chain(&self.exchange);
        let pools = self.initial_g_per_l.iter().chain(&self.sink_fractions);
        steps.chain(pools).chain(&self.groundwater_g_per_l)
    }
}

impl Carried {
    /// Place of an origin's share in a pool among all shares; none where the origin cannot be in it.
    pub fn share(&self, pool: usize, origin: usize) -> Option<usize> {
        let place = self.pools[pool].origins.binary_search(&origin).ok()?;
        Some(self.first_share[pool] + place)
    }

    /// Number of shares of all pools.
    pub fn shares(&self) -> usize {
        self.first_share.last().copied().unwrap_or(0)
    }

    /// Place of a pool among those that salt can reach.
    pub fn salty(&self, pool: usize) -> Option<usize> {
        self.salt.as_ref()?.pools.binary_search(&pool).ok()
    }

    /// Number of pools that salt can reach.
    pub fn salty_pools(&self) -> usize {
        self.salt.as_ref().map_or(0, |salt| salt.pools.len())
    }

    /// Pools of a storage: one, or one for each of two bodies.
    pub fn boxes(&self, storage: usize) -> std::ops::Range<usize> {
        let first = self.of_storage[storage];
        first..first + self.pools[first].vessel.boxes()
    }

    /// Whether anything is followed.
    pub fn is_nothing(&self) -> bool {
        self.pools.is_empty()
    }
}
