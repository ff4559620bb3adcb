//! Numbers of a plan in whose place others can stand: those that a plan has for each step, and some that it has once.

use ndarray::{Array2, ArrayViewMut1};

use super::Plan;

/// Declares the numbers that a plan has for each step, with the arrays that hold them.
macro_rules! brought {
    ($($(#[$doc:meta])* $name:ident: $($array:ident).+;)*) => {
        /// A number of the plan in whose place each member of an ensemble brings its own, or that of its scenario.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Brought {
            $($(#[$doc])* $name(usize),)*
            /// Salinity of what forms at a node, g/l.
            Salinity(usize),
            /// Volume that the two bodies of a storage exchange each way, hm³.
            Exchange(usize),
            /// Part of what a user is delivered that comes back; the same in all steps.
            Returns(usize),
            /// Part of the salt entering a pool that sinks; the same in all steps.
            Sinks(usize),
        }

        impl Plan {
            /// The arrays that hold the numbers of each step, (step, place), with the names of their columns. Plans that are
            /// alike have the same.
            fn arrays(&self) -> Vec<(fn(usize) -> Brought, &Array2<f64>)> {
                let mut arrays: Vec<(fn(usize) -> Brought, &Array2<f64>)> =
                    vec![$((Brought::$name, &self.$($array).+),)*];
                if let Some(salt) = &self.carried.salt {
                    arrays.push((Brought::Salinity, &salt.formed_g_per_l));
                    arrays.push((Brought::Exchange, &salt.exchange));
                }
                arrays
            }

            /// Where a number stands: in each step, or once for all.
            fn place_of(&mut self, brought: Brought) -> Option<Cells<'_>> {
                let salt = self.carried.salt.as_mut();
                match brought {
                    $(Brought::$name(place) => Some(Cells::Steps(self.$($array).+.column_mut(place))),)*
                    Brought::Salinity(node) => Some(Cells::Steps(salt?.formed_g_per_l.column_mut(node))),
                    Brought::Exchange(storage) => Some(Cells::Steps(salt?.exchange.column_mut(storage))),
                    Brought::Returns(user) => Some(Cells::Once(&mut self.return_fractions[user])),
                    Brought::Sinks(pool) => Some(Cells::Once(&mut salt?.sink_fractions[pool])),
                }
            }
        }
    };
}

brought! {
    /// What forms at a node, hm³.
    Formed: formed;
    /// Demand of a user, hm³.
    Demand: demand;
    /// A minimum flow, hm³.
    Minimum: minimum;
    /// Capacity of a link, hm³.
    Capacity: capacity;
    /// Rain on a storage, mm.
    Rain: rain_mm;
    /// Open-water evaporation of a storage, mm.
    Evaporation: evaporation_mm;
    /// Groundwater into a storage, hm³.
    Groundwater: groundwater;
    /// Volume of a storage below which nothing is released, hm³.
    Dead: dead;
    /// Volume of a storage above which water spills, hm³.
    Full: full;
    /// Storage that a rule keeps, hm³.
    Target: target;
    /// Volume of a zone, hm³.
    Zone: zone;
    /// Least release of a storage, hm³.
    LeastRelease: least_release;
    /// Most that the outlets of a storage release, hm³.
    MostRelease: most_release;
    /// Water expected from a source of a flood, hm³.
    Expected: floods.expected;
    /// By how much a stretch of a flood's table raises it, hm³.
    Rises: floods.rises;
    /// Most that the turbines of a plant pass, hm³.
    Turbine: turbine;
    /// Most that a plant generates, GWh.
    Power: power;
    /// Energy that a plant is to generate, GWh.
    Energy: energy;
}

impl Brought {
    /// Whether members that read inflow and weather at rows of their own read this number there.
    pub fn is_of_history(self) -> bool {
        matches!(
            self,
            Self::Formed(_)
                | Self::Rain(_)
                | Self::Evaporation(_)
                | Self::Expected(_)
                | Self::Salinity(_)
        )
    }
}

/// Where a number stands in a plan.
enum Cells<'a> {
    Steps(ArrayViewMut1<'a, f64>),
    Once(&'a mut f64),
}

/// Numbers that stand once for all steps, with the names of their places.
type Once<'a> = (fn(usize) -> Brought, &'a [f64]);

/// Declares that fields of two plans are the same.
macro_rules! same {
    ($one:ident, $other:ident; $($($field:ident).+),* $(,)?) => {
        $($one.$($field).+ == $other.$($field).+)&&*
    };
}

impl Plan {
    /// Puts numbers in the place of those of each step.
    pub(super) fn bring(&mut self, brought: Brought, numbers: impl Iterator<Item = f64>) {
        match self.place_of(brought) {
            Some(Cells::Steps(cells)) => {
                let cells = cells.into_iter();
                cells.zip(numbers).for_each(|(cell, number)| *cell = number);
            }
            Some(Cells::Once(cell)) => numbers.take(1).for_each(|number| *cell = number),
            None => {}
        }
    }

    /// The numbers that stand once for all steps. Plans that are alike have the same places.
    fn once(&self) -> Vec<Once<'_>> {
        let mut once: Vec<Once> = vec![(Brought::Returns, &self.return_fractions)];
        if let Some(salt) = &self.carried.salt {
            once.push((Brought::Sinks, &salt.sink_fractions));
        }
        once
    }

    /// Whether another plan differs from this one at most in the numbers that can be brought, in losses of deltas and canals,
    /// and in what is stored at the start.
    pub fn is_alike(&self, other: &Self) -> bool {
        let is_alike = same!(self, other;
            dates, months, seconds, places, storage_nodes, ends, river, rivers_in, passes, losses, paths,
            return_lags, weights, shares, travel, reach, classes, zone_storages, evaporates,
            spillways, minimum_nodes, curves, body_groundwater, plants, plant_storages, energy_claims,
            floods.rules, floods.decides, floods.sources, floods.forecasts,
            carried.origins, carried.pools, carried.first_share, carried.of_node, carried.of_link,
            carried.of_return, carried.of_storage,
        );
        let salts = match (&self.carried.salt, &other.carried.salt) {
            (Some(own), Some(other)) => {
                same!(own, other; pools, initial_g_per_l, groundwater_g_per_l)
            }
            (own, other) => own.is_none() && other.is_none(),
        };
        is_alike && salts && self.deltas.len() == other.deltas.len()
    }

    /// The numbers in which another plan that is alike differs from this one, each in all steps.
    pub fn differences(&self, other: &Self) -> Vec<(Brought, Vec<f64>)> {
        let arrays = self.arrays().into_iter().zip(other.arrays());
        let columns = arrays.flat_map(|((name, own), (_, other))| {
            let differs = differs(own, other).into_iter().enumerate();
            differs
                .filter(|(_, differs)| *differs)
                .map(move |(place, _)| (name(place), other.column(place).to_vec()))
        });
        let once = self.once().into_iter().zip(other.once());
        let once = once.flat_map(|((name, own), (_, other))| {
            let both = own.iter().zip(other).enumerate();
            both.filter(|(_, (own, other))| own.to_bits() != other.to_bits())
                .map(move |(place, (_, number))| (name(place), vec![*number; self.steps()]))
        });
        columns.chain(once).collect()
    }

    /// A number in all steps; none where the plan does not have it.
    pub fn column(&self, brought: Brought) -> Option<Vec<f64>> {
        let of_steps = self.arrays().into_iter().find_map(|(name, array)| {
            let place = (0..array.ncols()).find(|place| name(*place) == brought)?;
            Some(array.column(place).to_vec())
        });
        of_steps.or_else(|| {
            self.once().into_iter().find_map(|(name, numbers)| {
                let place = (0..numbers.len()).find(|place| name(*place) == brought)?;
                Some(vec![numbers[place]; self.steps()])
            })
        })
    }
}

/// Whether each column of two arrays differs; read row by row, as the rows stand.
fn differs(own: &Array2<f64>, other: &Array2<f64>) -> Vec<bool> {
    let mut differs = vec![false; own.ncols()];
    for (own, other) in own.rows().into_iter().zip(other.rows()) {
        for ((differs, own), other) in differs.iter_mut().zip(own).zip(other) {
            *differs |= own.to_bits() != other.to_bits();
        }
    }
    differs
}
