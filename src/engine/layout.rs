//! What of a plan is the same in every step, laid out for the step.

use super::carried::Stock;
use super::ensemble::Member;
use super::reaches::{Reach, reaches};
use super::routing::Way;
use super::state::{Row, State};
use super::storage::Method;
use crate::allocate::has_limited_outlet;
use crate::network::link::Travel;
use crate::network::storage::Evaporates;
use crate::plan::carried::{Carried, Salt};
use crate::plan::{Conveyance, DecidedFlood, Place, Plan};
use crate::time::SECONDS_PER_DAY;

/// A river into a node: link, node above, part that arrives.
type RiverIn = (usize, usize, f64);

/// What of a plan is the same in every step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    pub(crate) places: Vec<Place>,
    pub(crate) rivers_in: Vec<Vec<RiverIn>>,
    pub(crate) spillways_in: Vec<Vec<usize>>,
    /// Users whose return flow comes to each node.
    pub(crate) returns_in: Vec<Vec<usize>>,
    /// River out of each node with the part that arrives.
    pub(crate) river: Vec<Option<(usize, f64)>>,
    /// Canals of each user with the part that arrives.
    pub(crate) canals: Vec<Vec<(usize, Conveyance)>>,
    pub(crate) zone_storages: Vec<usize>,
    pub(crate) storage_nodes: Vec<usize>,
    pub(crate) methods: Vec<Method>,
    pub(crate) has_sill: Vec<bool>,
    pub(crate) is_dam: Vec<bool>,
    /// Whether each storage can be too full.
    pub(crate) spills: Vec<bool>,
    /// Whether more may come to each storage than the allocation saw.
    pub(crate) is_surprised: Vec<bool>,
    pub(crate) spillways: Vec<Option<(usize, f64)>>,
    /// First body of each storage, and the number of all.
    pub(crate) first_body: Vec<usize>,
    pub(crate) travels: Vec<Option<Travel>>,
    pub(crate) reaches: Vec<Reach>,
    /// Rules of the floods that are decided.
    pub(crate) flood_rules: Vec<DecidedFlood>,
    /// Plant at each storage.
    pub(crate) plants: Vec<Option<usize>>,
    pub(crate) plant_storages: Vec<usize>,
    /// Place of each plant's energy among the minimum flows.
    pub(crate) energy_claims: Vec<usize>,
    /// Plants with an energy target in any step.
    pub(crate) targeted: Vec<usize>,
    /// What the water carries, where it is followed.
    pub(crate) carried: Option<Carried>,
    pub(crate) body_groundwater: Vec<Vec<f64>>,
    /// Upper node of each link, and the part of what enters it that leaves it.
    pub(crate) from: Vec<usize>,
    pub(crate) passes: Vec<f64>,
}

impl Layout {
    pub(crate) fn of(plan: &Plan) -> Self {
        Self::starting(plan, &|storage| plan.initial[storage])
    }

    /// The layout for members that start with other volumes than the plan.
    pub(super) fn of_members(plan: &Plan, members: &[Member]) -> Self {
        Self::starting(plan, &|storage| {
            let starts = members.iter().map(|member| member.initial[storage]);
            starts.fold(f64::NEG_INFINITY, f64::max)
        })
    }

    /// The layout where the greatest start of each storage is known.
    pub(super) fn starting(plan: &Plan, start: &dyn Fn(usize) -> f64) -> Self {
        let storages = 0..plan.curves.len();
        let travels = travels(plan);
        let spills: Vec<bool> = storages
            .clone()
            .map(|storage| spills(plan, storage, start(storage)))
            .collect();
        let spillway = |link: &Option<usize>| link.map(|link| (link, plan.passes[link]));
        let canals = |links: &[usize]| links.iter().map(|l| (*l, plan.conveyance(*l))).collect();
        Self {
            places: plan.places.clone(),
            rivers_in: rivers_in(plan),
            spillways_in: spillways_in(plan),
            returns_in: returns_in(plan),
            river: plan.river.iter().map(spillway).collect(),
            canals: plan.paths.iter().map(|path| canals(&path.canals)).collect(),
            zone_storages: plan.zone_storages.clone(),
            storage_nodes: plan.storage_nodes.clone(),
            methods: storages
                .clone()
                .map(|storage| method(plan, storage))
                .collect(),
            has_sill: plan
                .curves
                .iter()
                .map(|curve| curve.outflow_m3s.is_some())
                .collect(),
            is_dam: storages.map(|storage| is_dam(plan, storage)).collect(),
            is_surprised: surprised(plan, &spills),
            spills,
            spillways: plan.spillways.iter().map(spillway).collect(),
            first_body: first_body(plan),
            reaches: reaches(plan),
            flood_rules: plan.floods.rules.clone(),
            plants: plants(plan),
            plant_storages: plan.plant_storages.clone(),
            energy_claims: plan.energy_claims.clone(),
            targeted: targeted(plan),
            carried: None,
            body_groundwater: plan.body_groundwater.clone(),
            from: plan.ends.iter().map(|ends| ends.from).collect(),
            passes: plan.passes.clone(),
            travels,
        }
    }

    /// The layout that follows what the water carries, where the plan has any of it and `follows` says so.
    pub(super) fn carrying(self, plan: &Plan, follows: bool) -> Self {
        let carried = (follows && !plan.carried.is_nothing()).then(|| plan.carried.clone());
        Self { carried, ..self }
    }

    /// The state before the first step; what is under way is filled by [`prepare`](super::step::prepare).
    pub(crate) fn start(&self, plan: &Plan) -> State<f64> {
        let river = |travel: &Option<Travel>| travel.map(|travel| Way::river(travel, 0.0));
        let returns = |lag: &usize| (*lag > 0).then(|| Way::returning(*lag, 0.0));
        State {
            storage: plan.initial.clone(),
            release: vec![0.0; plan.curves.len()],
            rivers: self.travels.iter().map(river).collect(),
            returns: plan.return_lags.iter().map(returns).collect(),
            transit: vec![0.0; plan.ends.len()],
            returning: vec![0.0; plan.paths.len()],
            available: vec![0.0; plan.floods.rules.len()],
            stock: Stock::nothing(self.carried.as_ref()),
        }
    }
}

impl Row<f64> {
    /// The numbers of a plan in a step.
    pub(crate) fn of(plan: &Plan, step: usize) -> Self {
        let row = |array: &ndarray::Array2<f64>| array.row(step).to_vec();
        let of_salt = |array: &dyn Fn(&Salt) -> Vec<f64>| {
            plan.carried.salt.as_ref().map(array).unwrap_or_default()
        };
        Self {
            formed: row(&plan.formed),
            demand: row(&plan.demand),
            returns: plan.return_fractions.clone(),
            minimum: row(&plan.minimum),
            capacity: row(&plan.capacity),
            rain_mm: row(&plan.rain_mm),
            evaporation_mm: row(&plan.evaporation_mm),
            groundwater: row(&plan.groundwater),
            dead: row(&plan.dead),
            full: row(&plan.full),
            target: row(&plan.target),
            zone: row(&plan.zone),
            least_release: row(&plan.least_release),
            most_release: row(&plan.most_release),
            decides: row(&plan.floods.decides),
            expected: row(&plan.floods.expected),
            rises: row(&plan.floods.rises),
            turbine: row(&plan.turbine),
            power: row(&plan.power),
            energy: row(&plan.energy),
            salinity: of_salt(&|salt| row(&salt.formed_g_per_l)),
            exchange: of_salt(&|salt| row(&salt.exchange)),
            sinks: of_salt(&|salt| salt.sink_fractions.clone()),
        }
    }
}

/// Water travels at daily steps; a month is longer than any reach.
fn travels(plan: &Plan) -> Vec<Option<Travel>> {
    let daily = plan
        .seconds
        .iter()
        .all(|seconds| *seconds == SECONDS_PER_DAY);
    let travels = plan.travel.iter();
    travels.map(|travel| travel.filter(|_| daily)).collect()
}

fn method(plan: &Plan, storage: usize) -> Method {
    Method {
        storage,
        evaporates: plan.evaporates[storage],
    }
}

fn is_dam(plan: &Plan, storage: usize) -> bool {
    plan.target
        .column(storage)
        .iter()
        .all(|target| target.is_finite())
}

/// A storage can be too full where its full storage changes, where it is not known what it will hold, or
/// where its outlets are limited.
fn spills(plan: &Plan, storage: usize, start: f64) -> bool {
    let full = plan.full.column(storage);
    if full.iter().all(|full| *full == f64::INFINITY) {
        return false;
    }
    let changes = full.iter().any(|other| *other != full[0]) || start > full[0];
    changes || plan.evaporates[storage] == Evaporates::Exact || has_limited_outlet(plan, storage)
}

/// Spill is offered to nobody: below a storage that may spill more can come than the allocation saw.
fn surprised(plan: &Plan, spills: &[bool]) -> Vec<bool> {
    let mut more = vec![false; plan.places.len()];
    let mut surprised = vec![false; plan.curves.len()];
    for node in 0..plan.places.len() {
        let mut goes = more[node];
        if let Place::Storage(storage) = plan.places[node] {
            surprised[storage] = more[node];
            goes |= spills[storage];
            if let Some(link) = plan.spillways[storage] {
                more[plan.ends[link].to] |= goes;
            }
        }
        if let Some(link) = plan.river[node] {
            more[plan.ends[link].to] |= goes;
        }
    }
    surprised
}

fn rivers_in(plan: &Plan) -> Vec<Vec<RiverIn>> {
    let river = |link: &usize| (*link, plan.ends[*link].from, plan.passes[*link]);
    let rivers = plan.rivers_in.iter();
    rivers
        .map(|links| links.iter().map(river).collect())
        .collect()
}

fn spillways_in(plan: &Plan) -> Vec<Vec<usize>> {
    let mut into = vec![Vec::new(); plan.places.len()];
    for &link in plan.spillways.iter().flatten() {
        into[plan.ends[link].to].push(link);
    }
    into
}

fn returns_in(plan: &Plan) -> Vec<Vec<usize>> {
    let mut into = vec![Vec::new(); plan.places.len()];
    for (user, path) in plan.paths.iter().enumerate() {
        if let Some(to) = path
            .returns_to
            .filter(|_| plan.return_fractions[user] > 0.0)
        {
            into[to].push(user);
        }
    }
    into
}

fn plants(plan: &Plan) -> Vec<Option<usize>> {
    let storages = 0..plan.curves.len();
    let plant = |storage| plan.plant_storages.iter().position(|at| *at == storage);
    storages.map(plant).collect()
}

fn targeted(plan: &Plan) -> Vec<usize> {
    let asks = |plant: &usize| plan.energy.column(*plant).iter().any(|gwh| *gwh > 0.0);
    (0..plan.plant_storages.len()).filter(asks).collect()
}

fn first_body(plan: &Plan) -> Vec<usize> {
    let mut first = vec![0];
    for curve in &plan.curves {
        first.push(first[first.len() - 1] + curve.bodies.len());
    }
    first
}
