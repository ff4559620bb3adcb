//! The numbers of a step: what a plan says, what passes from step to step, and what a step leaves behind.

use super::carried::Stock;
use super::routing::Way;
use crate::plan::Brought;

/// The numbers of a plan in one step: by node, link, user, storage, as in the plan.
#[derive(Clone, Debug)]
pub(crate) struct Row<N> {
    pub(crate) formed: Vec<N>,
    pub(crate) demand: Vec<N>,
    /// Part of what each user is delivered that comes back.
    pub(crate) returns: Vec<N>,
    pub(crate) minimum: Vec<N>,
    pub(crate) capacity: Vec<N>,
    pub(crate) rain_mm: Vec<N>,
    pub(crate) evaporation_mm: Vec<N>,
    pub(crate) groundwater: Vec<N>,
    pub(crate) dead: Vec<N>,
    pub(crate) full: Vec<N>,
    pub(crate) target: Vec<N>,
    pub(crate) zone: Vec<N>,
    pub(crate) least_release: Vec<N>,
    pub(crate) most_release: Vec<N>,
    /// Of each flood that is decided, of each source and of each stretch of the rules.
    pub(crate) decides: Vec<N>,
    pub(crate) expected: Vec<N>,
    pub(crate) rises: Vec<N>,
    /// Most that the turbines of each plant pass.
    pub(crate) turbine: Vec<N>,
    /// Most that each plant generates, GWh.
    pub(crate) power: Vec<N>,
    /// Energy that each plant is to generate, GWh.
    pub(crate) energy: Vec<N>,
    /// Salinity of what forms, exchange through straits, and part of the salt entering each pool that sinks; empty where
    /// nothing is carried.
    pub(crate) salinity: Vec<N>,
    pub(crate) exchange: Vec<N>,
    pub(crate) sinks: Vec<N>,
}

impl<N> Row<N> {
    /// The number in whose place a member brings its own; none where it is not followed.
    pub(crate) fn brought(&mut self, place: Brought) -> Option<&mut N> {
        let (numbers, place) = match place {
            Brought::Formed(node) => (&mut self.formed, node),
            Brought::Demand(user) => (&mut self.demand, user),
            Brought::Returns(user) => (&mut self.returns, user),
            Brought::Minimum(flow) => (&mut self.minimum, flow),
            Brought::Capacity(link) => (&mut self.capacity, link),
            Brought::Rain(storage) => (&mut self.rain_mm, storage),
            Brought::Evaporation(storage) => (&mut self.evaporation_mm, storage),
            Brought::Groundwater(storage) => (&mut self.groundwater, storage),
            Brought::Dead(storage) => (&mut self.dead, storage),
            Brought::Full(storage) => (&mut self.full, storage),
            Brought::Target(storage) => (&mut self.target, storage),
            Brought::Zone(zone) => (&mut self.zone, zone),
            Brought::LeastRelease(storage) => (&mut self.least_release, storage),
            Brought::MostRelease(storage) => (&mut self.most_release, storage),
            Brought::Expected(source) => (&mut self.expected, source),
            Brought::Rises(stretch) => (&mut self.rises, stretch),
            Brought::Turbine(plant) => (&mut self.turbine, plant),
            Brought::Power(plant) => (&mut self.power, plant),
            Brought::Energy(plant) => (&mut self.energy, plant),
            Brought::Salinity(node) => (&mut self.salinity, node),
            Brought::Exchange(storage) => (&mut self.exchange, storage),
            Brought::Sinks(pool) => (&mut self.sinks, pool),
        };
        numbers.get_mut(place)
    }
}

/// What passes from step to step, hm³.
#[derive(Clone, Debug)]
pub(crate) struct State<N> {
    /// Each storage.
    pub(crate) storage: Vec<N>,
    /// Release of each storage in the last step beside what flowed over its sill.
    pub(crate) release: Vec<N>,
    /// Water under way on each link that takes time.
    pub(crate) rivers: Vec<Option<Way<N>>>,
    /// Return flow of each user that is under way.
    pub(crate) returns: Vec<Option<Way<N>>>,
    /// Volume under way on each link.
    pub(crate) transit: Vec<N>,
    /// Volume under way from each user.
    pub(crate) returning: Vec<N>,
    /// Water that there was when each flood was last decided.
    pub(crate) available: Vec<N>,
    /// What is carried, by pool.
    pub(crate) stock: Stock<N>,
}

/// Storages and fluxes of a step, hm³, as in [`Record`](super::Record).
#[derive(Clone, Debug)]
pub(crate) struct Fluxes<N> {
    pub(crate) forms: Vec<N>,
    pub(crate) comes: Vec<N>,
    pub(crate) enters: Vec<N>,
    pub(crate) leaves: Vec<N>,
    pub(crate) delta_loss: Vec<N>,
    pub(crate) delivered: Vec<N>,
    pub(crate) returned: Vec<N>,
    pub(crate) consumed: Vec<N>,
    pub(crate) asked: Vec<N>,
    pub(crate) kept: Vec<N>,
    /// Least release of each storage, each zone and each target as far as they are met.
    pub(crate) released: Vec<N>,
    pub(crate) withheld: Vec<N>,
    pub(crate) held: Vec<N>,
    pub(crate) storage: Vec<N>,
    pub(crate) rain: Vec<N>,
    pub(crate) evaporation: Vec<N>,
    pub(crate) groundwater: Vec<N>,
    pub(crate) release: Vec<N>,
    pub(crate) spill: Vec<N>,
    pub(crate) undershoot: Vec<N>,
    pub(crate) net_loss: Vec<N>,
    pub(crate) sill: Vec<N>,
    pub(crate) area_km2: Vec<N>,
    pub(crate) body_area_km2: Vec<N>,
    pub(crate) transit: Vec<N>,
    pub(crate) returning: Vec<N>,
    pub(crate) energy: Vec<N>,
    pub(crate) head_m: Vec<N>,
    pub(crate) turbined: Vec<N>,
    pub(crate) share: Vec<N>,
    pub(crate) salinity: Vec<N>,
    pub(crate) salt: Vec<N>,
    pub(crate) salt_sunk: Vec<N>,
}

impl<N: Copy> State<N> {
    /// All numbers, in a fixed order.
    pub(super) fn numbers(&self) -> Vec<N> {
        let mut numbers = Vec::new();
        self.map(&mut |number| numbers.push(number));
        numbers
    }

    /// The state in other numbers.
    pub(super) fn map<T: Copy>(&self, to: &mut impl FnMut(N) -> T) -> State<T> {
        State {
            storage: all(&self.storage, to),
            release: all(&self.release, to),
            rivers: ways(&self.rivers, to),
            returns: ways(&self.returns, to),
            transit: all(&self.transit, to),
            returning: all(&self.returning, to),
            available: all(&self.available, to),
            stock: self.stock.map(to),
        }
    }
}

impl<N: Copy> Row<N> {
    /// The row in other numbers.
    pub(super) fn map<T>(&self, to: &mut impl FnMut(N) -> T) -> Row<T> {
        Row {
            formed: all(&self.formed, to),
            demand: all(&self.demand, to),
            returns: all(&self.returns, to),
            minimum: all(&self.minimum, to),
            capacity: all(&self.capacity, to),
            rain_mm: all(&self.rain_mm, to),
            evaporation_mm: all(&self.evaporation_mm, to),
            groundwater: all(&self.groundwater, to),
            dead: all(&self.dead, to),
            full: all(&self.full, to),
            target: all(&self.target, to),
            zone: all(&self.zone, to),
            least_release: all(&self.least_release, to),
            most_release: all(&self.most_release, to),
            decides: all(&self.decides, to),
            expected: all(&self.expected, to),
            rises: all(&self.rises, to),
            turbine: all(&self.turbine, to),
            power: all(&self.power, to),
            energy: all(&self.energy, to),
            salinity: all(&self.salinity, to),
            exchange: all(&self.exchange, to),
            sinks: all(&self.sinks, to),
        }
    }
}

fn all<N: Copy, T>(numbers: &[N], to: &mut impl FnMut(N) -> T) -> Vec<T> {
    numbers.iter().map(|number| to(*number)).collect()
}

fn ways<N: Copy, T: Copy>(
    ways: &[Option<Way<N>>],
    to: &mut impl FnMut(N) -> T,
) -> Vec<Option<Way<T>>> {
    let mut way = |way: &Way<N>| {
        let numbers = way.numbers();
        way.with(&mut numbers.into_iter().map(&mut *to))
    };
    ways.iter().map(|one| one.as_ref().map(&mut way)).collect()
}
