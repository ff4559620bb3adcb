//! The changes of a scenario, joined to the network by name.

use super::pick::{Desk, canals};
use crate::inputs::by_year::ByYear;
use crate::inputs::folder::Folder;
use crate::inputs::months::Months;
use crate::network::curve::Curve;
use crate::network::link::LinkKind;
use crate::network::storage::{Dam, Operation, Storage, Zone};
use crate::network::user::{Demand, User};
use crate::network::{Network, Node};
use crate::scenario::rule::RuleChange;
use crate::scenario::{Change, Growth, Initial, Scenario, What};
use crate::time::Month;
use crate::units::HM3_PER_KM3;

/// What the changes of a scenario do to each inflow, user, link and storage.
#[derive(Debug)]
pub(super) struct Patches {
    inflows: Vec<Vec<(Months, ByYear)>>,
    users: Vec<UserPatch>,
    capacity_m3s: Vec<Option<f64>>,
    links_on: Vec<Option<bool>>,
    dams_on: Vec<Option<bool>>,
    /// State at the start of each node's storage.
    pub(super) states: Vec<Option<Initial>>,
    curves: Vec<Option<Curve>>,
    energy_gwh: Vec<Option<[f64; 12]>>,
    /// Changes of the operation of each node's reservoir, in order.
    rules: Vec<Vec<RuleChange>>,
}

/// Users, links, plants and nodes of ruled reservoirs in which the changes of two scenarios differ.
pub(super) struct Differing {
    pub(super) users: Vec<usize>,
    pub(super) links: Vec<usize>,
    pub(super) plants: Vec<usize>,
    pub(super) ruled: Vec<usize>,
}

/// What the changes do to one user.
#[derive(Clone, Debug, Default, PartialEq)]
struct UserPatch {
    factors: Vec<ByYear>,
    area_ha: Option<ByYear>,
    on: Option<bool>,
    added: Vec<Added>,
}

/// Demand that grows in the season of the present use.
#[derive(Clone, Debug, PartialEq)]
struct Added {
    from_year: i32,
    /// What the user asks for in that year, km³.
    present_km3: f64,
    /// km³ a year at the user, by year.
    km3_per_year: ByYear,
}

impl Patches {
    /// Joins the changes to the network; a change that matches nothing is a fault.
    pub(super) fn of(folder: &Folder, network: &Network, scenario: &Scenario) -> Self {
        Self::of_changes(folder, network, &scenario.changes)
    }

    /// Joins changes to the network; one that matches nothing is a fault.
    pub(super) fn of_changes(folder: &Folder, network: &Network, changes: &[Change]) -> Self {
        let mut patches = Self {
            inflows: vec![Vec::new(); network.nodes.len()],
            users: vec![UserPatch::default(); network.users.len()],
            capacity_m3s: vec![None; network.links.len()],
            links_on: vec![None; network.links.len()],
            dams_on: vec![None; network.nodes.len()],
            states: vec![None; network.nodes.len()],
            curves: vec![None; network.nodes.len()],
            energy_gwh: vec![None; network.plants.len()],
            rules: vec![Vec::new(); network.nodes.len()],
        };
        for change in changes {
            let desk = Desk { folder, change };
            patches.apply(&desk, network, &change.what);
        }
        patches
    }

    fn apply(&mut self, desk: &Desk, network: &Network, what: &What) {
        match what {
            What::InflowFactor(pick, months, factor) => {
                for node in desk.inflows(network, pick) {
                    self.inflows[node].push((months.clone(), factor.clone()));
                }
            }
            What::DemandFactor(pick, factor) => {
                for user in desk.users(network, pick) {
                    self.users[user].factors.push(factor.clone());
                }
            }
            What::Area(name, area) => {
                if let Some(user) = desk.user(network, "user", name) {
                    self.users[user].area_ha = Some(area.clone());
                    if !matches!(network.users[user].demand, Demand::Irrigation { .. }) {
                        let expected = "a user with a table [user.irrigation]";
                        desk.fault("user", format!("`{name}`"), expected, String::new());
                    }
                }
            }
            What::Capacity(name, capacity) => {
                if let Some(link) = desk.canal(network, name) {
                    self.capacity_m3s[link] = Some(*capacity);
                }
            }
            What::Switch(name, on) => self.switch(desk, network, name, *on),
            What::Curve(name, curve) => {
                if let Some(node) = desk.storage(network, name)
                    && desk.curve_fits(&network.nodes[node], curve)
                {
                    self.curves[node] = Some(*curve.clone());
                }
            }
            What::Initial(initial) => {
                if let Some(node) = desk.storage(network, &initial.storage) {
                    self.states[node] = Some(initial.clone());
                }
            }
            What::Energy(name, energy) => {
                if let Some(plant) = desk.plant(network, name, energy) {
                    self.energy_gwh[plant] = Some(*energy);
                }
            }
            What::Rule(rule) => {
                if let Some((node, dam)) = desk.reservoir(network, &rule.reservoir) {
                    desk.check_rule(dam, rule, &self.rules[node]);
                    self.rules[node].push(rule.clone());
                }
            }
            What::Growth(growth) => self.grow(desk, network, growth),
        }
    }

    fn switch(&mut self, desk: &Desk, network: &Network, name: &str, on: bool) {
        let user = network.users.iter().position(|user| user.name == name);
        let dam = network
            .node(name)
            .filter(|node| has_dam(&network.nodes[*node]));
        let canal = canals(network).find(|link| network.links[*link].name == name);
        match (user, dam, canal) {
            (Some(user), _, _) => self.users[user].on = Some(on),
            (_, Some(dam), _) => self.dams_on[dam] = Some(on),
            (_, _, Some(canal)) => self.links_on[canal] = Some(on),
            _ => {
                let users = network.users.iter().map(|user| user.name.as_str());
                let dams = network
                    .nodes
                    .iter()
                    .filter(|n| has_dam(n))
                    .map(|n| n.name.as_str());
                let canals = canals(network).map(|link| network.links[link].name.as_str());
                let all = users.chain(dams).chain(canals);
                desk.known("name", name, "a user, canal or dam", all);
            }
        }
    }

    /// Growth of the gross withdrawal at the river or of consumption, shared out and led to its users (equation E2).
    fn grow(&mut self, desk: &Desk, network: &Network, growth: &Growth) {
        let year = growth.from_year;
        // What a user gets of 1 km³ that is counted.
        let gets = |user: usize| match growth.of_consumption {
            true => 1.0 / (1.0 - network.users[user].return_fraction),
            false => passes(network, user),
        };
        let counts = |user: usize| present_km3(&network.users[user], year) / gets(user);
        let counted = growth
            .counted
            .iter()
            .map(|name| desk.user(network, "counted", name));
        // Each name is looked for, so that each unknown one is told.
        let counted: Vec<Option<usize>> = counted.collect();
        let counted: Vec<usize> = counted.into_iter().flatten().collect();
        let present: f64 = counted.iter().copied().map(counts).sum();
        let named = growth.shares.iter();
        let named =
            named.filter_map(|(name, share)| Some((desk.user(network, "growth", name)?, *share)));
        let shares: Vec<(usize, f64)> = match growth.shares.is_empty() {
            // Who uses nothing grows by nothing.
            true if present > 0.0 => counted
                .iter()
                .filter(|user| counts(**user) > 0.0)
                .map(|user| (*user, counts(*user) / present))
                .collect(),
            true => counted.iter().map(|user| (*user, 1.0)).collect(),
            false => named.collect(),
        };
        if !growth.of_consumption {
            refuse_curves(desk, network, "counted", counted.iter().copied());
            let growing = shares.iter().map(|(user, _)| *user);
            refuse_curves(
                desk,
                network,
                "growth",
                growing.filter(|user| !counted.contains(user)),
            );
        }
        for (user, share) in shares {
            let name = &network.users[user].name;
            let more = (growth.total_km3_per_year - present) * share * gets(user);
            let own = present_km3(&network.users[user], year);
            // All use may be taken away, to the rounding of the shares.
            if own + more < -1e-9 * own {
                let total = growth.total_km3_per_year;
                let found = format!("{total}, which would take more from `{name}` than it uses");
                let expected = format!("about {present:.3} km³ a year, the use of {year}, or more");
                desk.fault(growth.key(), found, &expected, String::new());
            }
            let knots = vec![(growth.from_year, 0.0), (growth.by_year, more)];
            let km3_per_year = ByYear::new(knots);
            self.users[user].added.push(Added {
                from_year: year,
                present_km3: annual_km3(&network.users[user].demand, year),
                km3_per_year,
            });
            if present_km3(&network.users[user], year) <= 0.0 {
                let found = format!("`{name}`, which uses nothing in {year}");
                let expected = "a user whose present season the growth can follow";
                desk.fault("growth", found, expected, String::new());
            }
        }
    }

    /// Users, links, plants and rules in which others differ from these; none where they differ in more than that.
    pub(super) fn differing(&self, others: &Self) -> Option<Differing> {
        let is_alike = self.inflows == others.inflows
            && self.dams_on == others.dams_on
            && self.states == others.states
            && self.curves == others.curves;
        is_alike.then(|| Differing {
            users: places(&self.users, &others.users),
            links: {
                let mut links = places(&self.capacity_m3s, &others.capacity_m3s);
                links.extend(places(&self.links_on, &others.links_on));
                links.sort_unstable();
                links.dedup();
                links
            },
            plants: places(&self.energy_gwh, &others.energy_gwh),
            ruled: places(&self.rules, &others.rules),
        })
    }

    /// The curve of the storage at a node.
    pub(super) fn curve<'a>(&'a self, node: usize, storage: &'a Storage) -> &'a Curve {
        self.curves[node].as_ref().unwrap_or(&storage.curve)
    }

    /// What the inflow of a node is multiplied by.
    pub(super) fn inflow_factor(&self, node: usize, month: Month) -> f64 {
        let factors = self.inflows[node].iter();
        let meant = factors.filter(|(months, _)| months.hold(month));
        meant.map(|(_, factor)| factor.at(month.year())).product()
    }

    /// Demand of a user in a month, hm³ (equations E1 and E2).
    pub(super) fn demand_hm3(&self, network: &Network, user: usize, month: Month) -> f64 {
        let (row, patch) = (&network.users[user], &self.users[user]);
        if !patch.on.unwrap_or(row.on) || !row.in_service.holds(month) {
            return 0.0;
        }
        let own = match (&row.demand, &patch.area_ha) {
            (
                Demand::Irrigation {
                    depth_mm,
                    efficiency,
                    ..
                },
                Some(area_ha),
            ) => {
                let area_ha = area_ha.clone();
                let (depth_mm, efficiency) = (*depth_mm, *efficiency);
                Demand::Irrigation {
                    area_ha,
                    depth_mm,
                    efficiency,
                }
                .hm3(month)
            }
            (demand, _) => demand.hm3(month),
        };
        let added: f64 = patch
            .added
            .iter()
            .map(|added| {
                let shape = row.demand.hm3(Month::new(added.from_year, month.number()))
                    / (added.present_km3 * HM3_PER_KM3);
                added.km3_per_year.at(month.year()) * HM3_PER_KM3 * shape
            })
            .sum();
        let factor: f64 = patch
            .factors
            .iter()
            .map(|factor| factor.at(month.year()))
            .product();
        ((own + added) * factor).max(0.0)
    }

    /// Capacity of a link, m³/s; none where nothing limits it.
    pub(super) fn capacity_m3s(&self, network: &Network, link: usize, month: Month) -> Option<f64> {
        let row = &network.links[link];
        if row.kind == LinkKind::River {
            return None;
        }
        if self.links_on[link].unwrap_or(true) && row.in_service.holds(month) {
            self.capacity_m3s[link].or(row.capacity_m3s)
        } else {
            Some(0.0)
        }
    }

    /// Energy that a plant is to generate in each month, GWh; none where nobody asks for any.
    pub(super) fn energy_gwh(&self, network: &Network, plant: usize) -> Option<[f64; 12]> {
        self.energy_gwh[plant].or(network.plants[plant].0.energy_gwh)
    }

    /// How the storage at a node is operated in a month, with its dam at work or without.
    pub(super) fn operation(
        &self,
        node: usize,
        storage: &Storage,
        month: Month,
        dam_works: bool,
    ) -> Operation {
        let mut operation = storage.operation(month, dam_works);
        if dam_works {
            let rules = self.rules[node].iter();
            rules.for_each(|rule| rule.change(&mut operation, month));
        }
        operation
    }

    /// Volume of a zone of the dam at a node while it works, hm³: within the full storage.
    pub(super) fn zone_hm3(&self, node: usize, dam: &Dam, zone: &Zone, month: Month) -> f64 {
        let factors = self.rules[node].iter().map(|rule| rule.times_zone(month));
        let volume = zone.storage_hm3[month.index()] * factors.product::<f64>();
        volume.min(dam.full_hm3)
    }

    /// Whether the dam at a node works in a month.
    pub(super) fn dam_works(
        &self,
        network: &Network,
        scenario: &Scenario,
        node: usize,
        month: Month,
    ) -> bool {
        let dam = network.nodes[node]
            .storage()
            .and_then(|storage| storage.dam.as_ref());
        dam.is_some_and(|dam| {
            scenario.structures && self.dams_on[node].unwrap_or(true) && dam.in_service.holds(month)
        })
    }
}

/// Places at which two lists differ.
fn places<T: PartialEq>(one: &[T], other: &[T]) -> Vec<usize> {
    let pairs = one.iter().zip(other).enumerate();
    pairs
        .filter(|(_, (one, other))| one != other)
        .map(|(place, _)| place)
        .collect()
}

fn has_dam(node: &Node) -> bool {
    node.storage().is_some_and(|storage| storage.dam.is_some())
}

/// Refuses users whose gross withdrawal is no fixed multiple of their demand.
fn refuse_curves(desk: &Desk, network: &Network, key: &str, users: impl Iterator<Item = usize>) {
    for user in users {
        let mut canals = network.paths[user].canals.iter();
        if canals.any(|link| network.links[*link].loss.is_some()) {
            let name = &network.users[user].name;
            let found = format!("`{name}`, whose canals lose by a curve");
            let expected = "a user whose canals lose the same part of every flow";
            desk.fault(key, found, expected, String::new());
        }
    }
}

/// Part of what is taken at the head that arrives at a user.
fn passes(network: &Network, user: usize) -> f64 {
    let canals = network.paths[user].canals.iter();
    canals
        .map(|link| 1.0 - network.links[*link].loss_fraction)
        .product()
}

/// What a user asks for in a year in which it takes water, km³.
fn present_km3(user: &User, year: i32) -> f64 {
    let months = (1..=12).map(|number| Month::new(year, number));
    let taken = months.filter(|month| user.on && user.in_service.holds(*month));
    taken.map(|month| user.demand.hm3(month)).sum::<f64>() / HM3_PER_KM3
}

fn annual_km3(demand: &Demand, year: i32) -> f64 {
    (1..=12)
        .map(|number| demand.hm3(Month::new(year, number)))
        .sum::<f64>()
        / HM3_PER_KM3
}
