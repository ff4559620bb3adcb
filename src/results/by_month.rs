//! A run by days, taken together by months: the tables and charts of months read it as they read any run.
//!
//! Fluxes are added up, states are those at the end of the month, areas are means by time. A field of a
//! record or plan that is added there is one line here.

use std::ops::Range;

use ndarray::{Array2, Axis};

use crate::engine::{Bounds, Record};
use crate::ledger::{Account, Accounts};
use crate::plan::{Floods, Plan};
use crate::time::Date;

/// The steps of each month of a plan.
pub(super) struct Months<'a> {
    plan: &'a Plan,
    steps: Vec<Range<usize>>,
}

impl<'a> Months<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let mut steps: Vec<Range<usize>> = Vec::new();
        for (step, month) in plan.months.iter().enumerate() {
            match steps.last_mut() {
                Some(last) if plan.months[last.start] == *month => last.end = step + 1,
                _ => steps.push(step..step + 1),
            }
        }
        Self { plan, steps }
    }

    /// The plan of the months: volumes are those of all its days.
    pub(super) fn plan(&self, record: &Record) -> Plan {
        let (own, sum, last) = (
            self.plan,
            |values| self.sum(values),
            |values| self.last(values),
        );
        let months: Vec<_> = self
            .steps
            .iter()
            .map(|days| own.months[days.start])
            .collect();
        Plan {
            dates: months.iter().map(|month| Date::Month(*month)).collect(),
            seconds: months.iter().map(|month| month.seconds()).collect(),
            months,
            formed: sum(&own.formed),
            demand: sum(&own.demand),
            minimum: sum(&own.minimum),
            // Decisions were taken by days.
            floods: Floods::none(self.steps.len()),
            capacity: sum(&own.capacity),
            rain_mm: self.depth(&own.rain_mm, &record.area_km2),
            evaporation_mm: self.depth(&own.evaporation_mm, &record.area_km2),
            groundwater: sum(&own.groundwater),
            dead: last(&own.dead),
            full: last(&own.full),
            target: last(&own.target),
            zone: last(&own.zone),
            least_release: sum(&own.least_release),
            most_release: sum(&own.most_release),
            places: own.places.clone(),
            storage_nodes: own.storage_nodes.clone(),
            ends: own.ends.clone(),
            river: own.river.clone(),
            rivers_in: own.rivers_in.clone(),
            passes: own.passes.clone(),
            losses: own.losses.clone(),
            paths: own.paths.clone(),
            return_fractions: own.return_fractions.clone(),
            return_lags: own.return_lags.clone(),
            weights: own.weights.clone(),
            shares: own.shares.clone(),
            travel: own.travel.clone(),
            reach: own.reach.clone(),
            classes: own.classes.clone(),
            zone_storages: own.zone_storages.clone(),
            evaporates: own.evaporates.clone(),
            spillways: own.spillways.clone(),
            minimum_nodes: own.minimum_nodes.clone(),
            deltas: own.deltas.clone(),
            curves: own.curves.clone(),
            body_groundwater: own.body_groundwater.clone(),
            plants: own.plants.clone(),
            plant_storages: own.plant_storages.clone(),
            energy_claims: own.energy_claims.clone(),
            turbine: sum(&own.turbine),
            power: sum(&own.power),
            energy: sum(&own.energy),
            initial: own.initial.clone(),
            carried: own.carried.clone(),
        }
    }

    /// The record of the months.
    pub(super) fn record(&self, record: &Record) -> Record {
        let (own, sum, last) = (
            record,
            |values| self.sum(values),
            |values| self.last(values),
        );
        Record {
            forms: sum(&own.forms),
            comes: sum(&own.comes),
            enters: sum(&own.enters),
            leaves: sum(&own.leaves),
            delta_loss: sum(&own.delta_loss),
            delivered: sum(&own.delivered),
            returned: sum(&own.returned),
            consumed: sum(&own.consumed),
            asked: sum(&own.asked),
            kept: sum(&own.kept),
            storage: last(&own.storage),
            rain: sum(&own.rain),
            evaporation: sum(&own.evaporation),
            groundwater: sum(&own.groundwater),
            release: sum(&own.release),
            spill: sum(&own.spill),
            undershoot: last(&own.undershoot),
            net_loss: sum(&own.net_loss),
            sill: sum(&own.sill),
            area_km2: self.mean(&own.area_km2),
            body_area_km2: self.mean(&own.body_area_km2),
            transit: last(&own.transit),
            returning: last(&own.returning),
            energy: sum(&own.energy),
            head_m: self.mean(&own.head_m),
            turbined: sum(&own.turbined),
            share: last(&own.share),
            salinity: last(&own.salinity),
            salt: last(&own.salt),
            salt_sunk: sum(&own.salt_sunk),
            transit_at_start: own.transit_at_start.clone(),
            salt_at_start: own.salt_at_start.clone(),
        }
    }

    /// What bound each claim on the day of the month on which most was missing.
    pub(super) fn bounds(&self, record: &Record, bounds: &Bounds) -> Bounds {
        let short = |user: [usize; 2]| self.plan.demand[user] - record.delivered[user];
        let unkept = |flow: [usize; 2]| record.asked[flow] - record.kept[flow];
        let unreleased =
            |at: [usize; 2]| self.plan.least_release[at] - record.release[at] - record.spill[at];
        let below = |volumes: &Array2<f64>, [step, place]: [usize; 2], storage: usize| {
            volumes[[step, place]] - record.storage[[step, storage]]
        };
        let untargeted = |at: [usize; 2]| below(&self.plan.target, at, at[1]);
        let drawn = |at: [usize; 2]| below(&self.plan.zone, at, self.plan.zone_storages[at[1]]);
        Bounds {
            users: self.worst(&bounds.users, short),
            minimum_flows: self.worst(&bounds.minimum_flows, unkept),
            releases: self.worst(&bounds.releases, unreleased),
            zones: self.worst(&bounds.zones, drawn),
            holds: self.worst(&bounds.holds, untargeted),
        }
    }

    /// The accounts of the months.
    pub(super) fn accounts(&self, accounts: &Accounts) -> Accounts {
        let fold = |of: &Array2<Account>| {
            self.over(of, |steps, group| {
                let mut month = of[[steps.start, group]];
                for step in steps.skip(1) {
                    month.extend(&of[[step, group]]);
                }
                month
            })
        };
        Accounts {
            basins: fold(&accounts.basins),
            parties: fold(&accounts.parties),
        }
    }

    /// One value for each month and place.
    fn over<T, U>(&self, values: &Array2<T>, of: impl Fn(Range<usize>, usize) -> U) -> Array2<U> {
        let shape = (self.steps.len(), values.ncols());
        Array2::from_shape_fn(shape, |(month, place)| of(self.steps[month].clone(), place))
    }

    fn sum(&self, values: &Array2<f64>) -> Array2<f64> {
        self.over(values, |steps, place| {
            steps.map(|step| values[[step, place]]).sum()
        })
    }

    fn last(&self, values: &Array2<f64>) -> Array2<f64> {
        let ends: Vec<usize> = self.steps.iter().map(|steps| steps.end - 1).collect();
        values.select(Axis(0), &ends)
    }

    /// Mean by the lengths of the steps.
    fn mean(&self, values: &Array2<f64>) -> Array2<f64> {
        let seconds = &self.plan.seconds;
        self.over(values, |steps, place| {
            let length: f64 = seconds[steps.clone()].iter().sum();
            let weighted = steps.map(|step| values[[step, place]] * seconds[step]);
            weighted.sum::<f64>() / length
        })
    }

    /// The depth that lays on the mean area what the depths of the days lay on theirs; their sum where
    /// there is no water.
    fn depth(&self, depths: &Array2<f64>, areas: &Array2<f64>) -> Array2<f64> {
        let sums = self.sum(depths);
        let mean = self.mean(areas);
        let laid = self.sum(&(depths * areas));
        Array2::from_shape_fn(sums.dim(), |at| match mean[at] > 0.0 {
            true => laid[at] / mean[at],
            false => sums[at],
        })
    }

    /// The value on the day on which most is missing, the first of several.
    fn worst<T: Copy>(&self, values: &Array2<T>, missing: impl Fn([usize; 2]) -> f64) -> Array2<T> {
        self.over(values, |steps, place| {
            let first = steps.start;
            let worse = |worst: usize, step| match missing([step, place]) > missing([worst, place])
            {
                true => step,
                false => worst,
            };
            values[[steps.fold(first, worse), place]]
        })
    }
}
