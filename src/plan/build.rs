//! Network and scenario to numbers.

use ndarray::Array2;

use super::carried::Carried;
use super::course::Course;
use super::depths::Depths;
use super::desk::Desk;
use super::energy::Plants;
use super::operation::{Operated, dead, full, least_release, most_release, target, zones};
use super::patch::Patches;
use super::pools::pools;
use super::salt::SaltDesk;
use super::{Factors, Floods, Place, Plan, Sites, claims, factors};
use crate::inputs::folder::Folder;
use crate::network::curve::Curve;
use crate::network::delta::Delta;
use crate::network::link::{Link, LinkKind};
use crate::network::plant::Works;
use crate::network::storage::Storage;
use crate::network::user::User;
use crate::network::{Network, Node, NodeKind};
use crate::scenario::{Initial, Scenario};
use crate::time::{Date, Month, seconds_in_year};
use crate::units::hm3_in;

/// A step of the run and the step whose inflow and climate stand for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) place: usize,
    pub(super) date: Date,
    /// Of the same name, in the year of the trace: the 28th for a 29 February that it lacks.
    pub(super) source: Date,
}

impl Step {
    pub(super) fn month(self) -> Month {
        self.date.month()
    }

    /// The volume that a flow brings in the step.
    pub(super) fn hm3(self, flow_m3s: f64) -> f64 {
        hm3_in(flow_m3s, self.date.seconds())
    }

    /// The step as a part of its year.
    fn part_of_year(self) -> f64 {
        self.date.seconds() / seconds_in_year(self.month().year())
    }
}

impl Plan {
    /// Puts down each change of a scenario that matches nothing in the network.
    pub fn check_changes(folder: &Folder, network: &Network, scenario: &Scenario) {
        Patches::of(folder, network, scenario);
    }

    /// The plan of a scenario; none where a fault was put down.
    pub fn build(
        folder: &Folder,
        network: &Network,
        states: &[Initial],
        scenario: &Scenario,
    ) -> Option<Self> {
        let nowhere = Sites::nowhere(network);
        let unchanged = Factors::default();
        Self::build_for(folder, network, states, scenario, (&nowhere, &unchanged))
    }

    /// The plan of a scenario under a climate whose members bring the water of sites: what 1 m³/s and 1 mm of each of
    /// these give stands in the place of their water; none where a fault was put down.
    pub fn build_for(
        folder: &Folder,
        network: &Network,
        states: &[Initial],
        scenario: &Scenario,
        (sites, climate): (&Sites, &Factors),
    ) -> Option<Self> {
        let patches = Patches::of(folder, network, scenario);
        let water = (&patches, sites, climate);
        let mut plan = Self::of_water(folder, network, states, scenario, water)?;
        plan.carried = pools(network, &plan);
        let salt = SaltDesk {
            folder,
            network,
            scenario,
            states,
            patches: &patches,
            plan: &plan,
            carried: &plan.carried,
        };
        plan.carried.salt = salt.salt();
        folder.is_sound().then_some(plan)
    }

    /// The plan of the water alone.
    fn of_water(
        folder: &Folder,
        network: &Network,
        states: &[Initial],
        scenario: &Scenario,
        (patches, sites, climate): (&Patches, &Sites, &Factors),
    ) -> Option<Self> {
        let desk = Desk { folder, scenario };
        let steps = desk.steps();
        let columns = desk.inflow_columns(network);
        let initial = desk.initial(network, states, patches);
        let steps = steps?;
        desk.check_series(network, &steps);
        desk.check_rules(network, &steps);
        let reach = desk.reaches(network);
        if !folder.is_sound() {
            return None;
        }
        let course = Course::of(&steps, scenario);
        let flows = Flows {
            network,
            scenario,
            patches,
            formed_m3s: formed(network, course, &columns, sites),
            climate,
        };
        let storages: Vec<(usize, &Storage)> = network.storages().collect();
        let plants = Plants::of(network, scenario, patches, &steps);
        let links = network.links.len();
        let over = |count: usize, value: &dyn Fn(Step, usize) -> f64| {
            Array2::from_shape_fn((steps.len(), count), |(step, place)| {
                value(steps[step], place)
            })
        };
        let operation = |step: Step, place: usize| flows.operation(step, storages[place]);
        let operated = |of: Operated| {
            over(storages.len(), &|step, place| {
                of(operation(step, place), step)
            })
        };
        // Where a dam does not work and nature holds no lake there is a river, and no water to rain on.
        let lies = |step: Step, place: usize| operation(step, place).full_hm3 > 0.0;
        let depths = |depths: Depths| depths.of(network, course, &lies);
        let formed = over(network.nodes.len(), &|step, node| flows.formed(step, node));
        Some(Self {
            dates: steps.iter().map(|step| step.date).collect(),
            months: steps.iter().map(|step| step.month()).collect(),
            seconds: steps.iter().map(|step| step.date.seconds()).collect(),
            places: places(network),
            storage_nodes: storages.iter().map(|(node, _)| *node).collect(),
            ends: network.ends.clone(),
            river: network.river.clone(),
            rivers_in: rivers_in(network),
            passes: passes(network),
            losses: losses(network),
            paths: network.paths.clone(),
            return_fractions: of_users(network, |user| user.return_fraction),
            return_lags: of_users(network, |user| user.return_lag_steps as usize),
            weights: of_users(network, |user| user.weight),
            shares: of_users(network, |user| user.share),
            travel: network.links.iter().map(|link| link.travel).collect(),
            reach,
            classes: claims::classes(network),
            zone_storages: claims::zone_storages(network),
            evaporates: storages.iter().map(|(_, row)| row.evaporates).collect(),
            spillways: spillways(network),
            minimum_nodes: claims::minimum_nodes(network),
            deltas: deltas(network),
            curves: curves(&storages, patches),
            body_groundwater: storages.iter().map(|(_, row)| groundwater(row)).collect(),
            floods: flows.floods(&steps, &formed),
            formed,
            demand: over(network.users.len(), &|step, user| flows.demand(step, user)),
            minimum: minimums(&flows, &plants, &steps),
            capacity: over(links, &|step, link| flows.capacity(step, link)),
            rain_mm: depths(Depths {
                series: |row| &row.precipitation,
                sites: &sites.rain,
                changes: &climate.rain,
            }),
            evaporation_mm: depths(Depths {
                series: |row| &row.evaporation,
                sites: &sites.evaporation,
                changes: &climate.evaporation,
            }),
            groundwater: over(storages.len(), &|step, place| {
                storages[place].1.groundwater_hm3_per_year * step.part_of_year()
            }),
            dead: operated(dead),
            full: operated(full),
            target: operated(target),
            zone: zones(&flows, &steps),
            least_release: operated(least_release),
            most_release: operated(most_release),
            plants: works(network),
            plant_storages: plant_storages(&storages, network),
            energy_claims: claims::energy_claims(network),
            turbine: plants.turbine,
            power: plants.power,
            energy: plants.energy,
            initial: initial?,
            carried: Carried::default(),
        })
    }
}

/// Water, demands and capacities of a step, hm³.
pub(super) struct Flows<'a> {
    pub(super) network: &'a Network,
    pub(super) scenario: &'a Scenario,
    pub(super) patches: &'a Patches,
    /// Flow of the source of each node in each step, m³/s; empty where nothing forms.
    pub(super) formed_m3s: Vec<Vec<f64>>,
    pub(super) climate: &'a Factors,
}

impl Flows<'_> {
    fn formed(&self, step: Step, node: usize) -> f64 {
        let Some(m3s) = self.formed_m3s[node].get(step.place) else {
            return 0.0;
        };
        let factor = self.patches.inflow_factor(node, step.month());
        let first = self.scenario.period.first;
        let changed = factors::at(&self.climate.flow, node, first, step.month());
        step.hm3(*m3s) * factor * changed
    }

    pub(super) fn demand(&self, step: Step, user: usize) -> f64 {
        match self.scenario.water_use {
            true => {
                let month = self.patches.demand_hm3(self.network, user, step.month());
                month * step.date.part_of_month()
            }
            false => 0.0,
        }
    }

    fn minimum(&self, step: Step, place: usize) -> f64 {
        let row = &self.network.minimum_flows[place].0;
        match self.scenario.water_use && row.in_service.holds(step.month()) {
            true => row.most_hm3(step.date),
            false => 0.0,
        }
    }

    /// Without water use no flood is asked for, and none decided.
    fn floods(&self, steps: &[Step], formed: &Array2<f64>) -> Floods {
        match self.scenario.water_use {
            true => Floods::of(self.network, steps, formed),
            false => Floods::none(steps.len()),
        }
    }

    pub(super) fn capacity(&self, step: Step, link: usize) -> f64 {
        let m3s = self.patches.capacity_m3s(self.network, link, step.month());
        m3s.map_or(f64::INFINITY, |m3s| step.hm3(m3s))
    }
}

/// Flow of the source of each node in each step, m³/s; `columns` are those of the inflow series.
fn formed(network: &Network, course: Course, columns: &[usize], sites: &Sites) -> Vec<Vec<f64>> {
    let nodes = network.nodes.iter().zip(columns).zip(&sites.flow);
    let flow = |node: &NodeKind, column: usize, site: Option<usize>| match node {
        NodeKind::Inflow(inflow) if site.is_some() => vec![inflow.fraction; course.steps.len()],
        NodeKind::Inflow(inflow) => {
            let flows = course.flow(&inflow.flow, column).into_iter();
            flows.map(|m3s| m3s * inflow.fraction).collect()
        }
        _ => Vec::new(),
    };
    nodes
        .map(|((node, column), site)| flow(&node.kind, *column, *site))
        .collect()
}

fn places(network: &Network) -> Vec<Place> {
    let (mut deltas, mut storages) = (0.., 0..);
    let place = |kind: &NodeKind| match kind {
        NodeKind::Delta(_) => Place::Delta(deltas.next().unwrap_or_default()),
        NodeKind::Storage(_) => Place::Storage(storages.next().unwrap_or_default()),
        _ => Place::Pass,
    };
    network
        .nodes
        .iter()
        .map(|node| &node.kind)
        .map(place)
        .collect()
}

/// Part of what enters each link that leaves it.
fn passes(network: &Network) -> Vec<f64> {
    let losses = network.links.iter().map(|link| link.loss_fraction);
    losses.map(|loss| 1.0 - loss).collect()
}

fn of_users<T>(network: &Network, value: impl Fn(&User) -> T) -> Vec<T> {
    network.users.iter().map(value).collect()
}

fn deltas(network: &Network) -> Vec<Delta> {
    let nodes = network.nodes.iter().filter_map(Node::delta);
    let canals = network.links.iter().filter_map(|link| link.loss.as_ref());
    nodes.chain(canals).cloned().collect()
}

/// Place of the curve of each link among the deltas, after those of the nodes.
fn losses(network: &Network) -> Vec<Option<usize>> {
    let nodes = network.nodes.iter().filter_map(Node::delta).count();
    let mut places = nodes..;
    let place = |link: &Link| link.loss.as_ref().and_then(|_| places.next());
    network.links.iter().map(place).collect()
}

fn spillways(network: &Network) -> Vec<Option<usize>> {
    let storages = network.storages();
    storages.map(|(node, _)| network.spillway[node]).collect()
}

/// Each minimum flow, and the most that the energy of each plant may ask for.
fn minimums(flows: &Flows, plants: &Plants, steps: &[Step]) -> Array2<f64> {
    let count = claims::minimum_nodes(flows.network).len();
    let own = flows.network.minimum_flows.len();
    Array2::from_shape_fn((steps.len(), count), |(step, place)| {
        match place.checked_sub(own) {
            None => flows.minimum(steps[step], place),
            Some(plant) => plants.most_asked(steps[step], plant),
        }
    })
}

fn curves(storages: &[(usize, &Storage)], patches: &Patches) -> Vec<Curve> {
    let curves = storages.iter();
    curves
        .map(|(node, row)| patches.curve(*node, row).clone())
        .collect()
}

fn works(network: &Network) -> Vec<Works> {
    let plants = network.plants.iter();
    plants.map(|(plant, _)| plant.works.clone()).collect()
}

fn plant_storages(storages: &[(usize, &Storage)], network: &Network) -> Vec<usize> {
    let place = |node: usize| storages.iter().position(|(other, _)| *other == node);
    let plants = network.plants.iter();
    plants.filter_map(|(_, node)| place(*node)).collect()
}

fn rivers_in(network: &Network) -> Vec<Vec<usize>> {
    let mut rivers = vec![Vec::new(); network.nodes.len()];
    for (link, ends) in network.ends.iter().enumerate() {
        if network.links[link].kind == LinkKind::River {
            rivers[ends.to].push(link);
        }
    }
    rivers
}

fn groundwater(storage: &Storage) -> Vec<f64> {
    storage
        .bodies
        .iter()
        .map(|body| body.groundwater_fraction)
        .collect()
}
