//! Network and scenario to numbers.

use ndarray::Array2;

use super::patch::Patches;
use super::{Place, Plan, claims};
use crate::faults::{Fault, counted, nearest};
use crate::inputs::folder::Folder;
use crate::inputs::series::{Monthly, Series};
use crate::network::curve::Curve;
use crate::network::link::LinkKind;
use crate::network::storage::{Dam, Operation, Storage, Zone};
use crate::network::user::User;
use crate::network::{Network, NodeKind};
use crate::scenario::{Initial, Scenario, State};
use crate::time::{Month, seconds_in_year};
use crate::units::{HM3_PER_KM3, hm3_from_m3s};

/// A month of the run and the month whose inflow and climate stand for it.
#[derive(Clone, Copy)]
struct Step {
    month: Month,
    source: Month,
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
        let patches = Patches::of(folder, network, scenario);
        let desk = Desk { folder, scenario };
        let steps = desk.steps();
        let columns = desk.inflow_columns(network);
        let initial = desk.initial(network, states, &patches);
        let steps = steps?;
        desk.check_series(network, &steps);
        desk.check_rules(network, &steps);
        if !folder.is_sound() {
            return None;
        }
        let flows = Flows {
            network,
            scenario,
            patches: &patches,
            columns,
        };
        let storages: Vec<(usize, &Storage)> = network.storages().collect();
        let over = |count: usize, value: &dyn Fn(Step, usize) -> f64| {
            Array2::from_shape_fn((steps.len(), count), |(step, place)| {
                value(steps[step], place)
            })
        };
        let of_storages = |value: &dyn Fn(Step, &Storage) -> f64| {
            over(storages.len(), &|step, place| {
                value(step, storages[place].1)
            })
        };
        let operated = |value: &dyn Fn(Operation, Month) -> f64| {
            over(storages.len(), &|step, place| {
                let (node, storage) = storages[place];
                let works = patches.dam_works(network, scenario, node, step.month);
                value(storage.operation(step.month, works), step.month)
            })
        };
        // Where a dam does not work and nature holds no lake there is a river, and no water to rain on.
        let on_water = |value: &dyn Fn(Step, &Storage) -> f64| {
            over(storages.len(), &|step, place| {
                let (node, storage) = storages[place];
                let works = patches.dam_works(network, scenario, node, step.month);
                let lake = storage.operation(step.month, works).full_hm3 > 0.0;
                if lake { value(step, storage) } else { 0.0 }
            })
        };
        Some(Self {
            months: steps.iter().map(|step| step.month).collect(),
            seconds: steps.iter().map(|step| step.month.seconds()).collect(),
            places: places(network),
            storage_nodes: storages.iter().map(|(node, _)| *node).collect(),
            ends: network.ends.clone(),
            river: network.river.clone(),
            rivers_in: rivers_in(network),
            passes: passes(network),
            paths: network.paths.clone(),
            return_fractions: of_users(network, |user| user.return_fraction),
            return_lags: of_users(network, |user| user.return_lag_steps as usize),
            weights: of_users(network, |user| user.weight),
            shares: of_users(network, |user| user.share),
            travel: network.links.iter().map(|link| link.travel).collect(),
            classes: claims::classes(network),
            zone_storages: claims::zone_storages(network),
            evaporates: storages.iter().map(|(_, row)| row.evaporates).collect(),
            spillways: storages
                .iter()
                .map(|(node, _)| network.spillway[*node])
                .collect(),
            minimum_nodes: minimum_nodes(network),
            deltas: network
                .nodes
                .iter()
                .filter_map(|node| node.delta().cloned())
                .collect(),
            curves: storages
                .iter()
                .map(|(node, row)| patches.curve(*node, row).clone())
                .collect(),
            body_groundwater: storages
                .iter()
                .map(|(_, storage)| groundwater(storage))
                .collect(),
            formed: over(network.nodes.len(), &|step, node| flows.formed(step, node)),
            demand: over(network.users.len(), &|step, user| flows.demand(step, user)),
            minimum: over(network.minimum_flows.len(), &|step, flow| {
                flows.minimum(step, flow)
            }),
            capacity: over(network.links.len(), &|step, link| {
                flows.capacity(step, link)
            }),
            rain_mm: on_water(&|step, storage| storage.precipitation.at(step.source, 0)),
            evaporation_mm: on_water(&|step, storage| storage.evaporation.at(step.source, 0)),
            groundwater: of_storages(&|step, storage| {
                let part = step.month.seconds() / seconds_in_year(step.month.year());
                storage.groundwater_hm3_per_year * part
            }),
            dead: operated(&|operation, _| operation.dead_hm3),
            full: operated(&|operation, _| operation.full_hm3),
            target: operated(&|operation, _| operation.target_hm3),
            zone: zones(network, scenario, &patches, &steps),
            least_release: operated(&|operation, month| hm3_from_m3s(operation.least_m3s, month)),
            most_release: operated(&|operation, month| hm3_from_m3s(operation.most_m3s, month)),
            initial: initial?,
        })
    }
}

/// Volume of each zone while its dam works: within the full storage.
fn zones(network: &Network, scenario: &Scenario, patches: &Patches, steps: &[Step]) -> Array2<f64> {
    let zones: Vec<(usize, &Dam, &Zone)> = network
        .storages()
        .filter_map(|(node, storage)| Some((node, storage.dam.as_ref()?)))
        .flat_map(|(node, dam)| dam.zones.iter().map(move |zone| (node, dam, zone)))
        .collect();
    Array2::from_shape_fn((steps.len(), zones.len()), |(step, place)| {
        let (month, (node, dam, zone)) = (steps[step].month, zones[place]);
        match patches.dam_works(network, scenario, node, month) {
            true => zone.storage_hm3[month.index()].min(dam.full_hm3),
            false => 0.0,
        }
    })
}

/// Water, demands and capacities of a step, hm³.
struct Flows<'a> {
    network: &'a Network,
    scenario: &'a Scenario,
    patches: &'a Patches,
    /// Column that each inflow takes from its series.
    columns: Vec<usize>,
}

impl Flows<'_> {
    fn formed(&self, step: Step, node: usize) -> f64 {
        match &self.network.nodes[node].kind {
            NodeKind::Inflow(inflow) => {
                let m3s = inflow.flow.at(step.source, self.columns[node]) * inflow.fraction;
                hm3_from_m3s(m3s, step.month) * self.patches.inflow_factor(node, step.month)
            }
            _ => 0.0,
        }
    }

    fn demand(&self, step: Step, user: usize) -> f64 {
        match self.scenario.water_use {
            true => self.patches.demand_hm3(self.network, user, step.month),
            false => 0.0,
        }
    }

    fn minimum(&self, step: Step, place: usize) -> f64 {
        let flow = &self.network.minimum_flows[place].0;
        match self.scenario.water_use && flow.in_service.holds(step.month) {
            true => hm3_from_m3s(flow.flow_m3s[step.month.index()], step.month),
            false => 0.0,
        }
    }

    fn capacity(&self, step: Step, link: usize) -> f64 {
        let m3s = self.patches.capacity_m3s(self.network, link, step.month);
        m3s.map_or(f64::INFINITY, |m3s| hm3_from_m3s(m3s, step.month))
    }
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

fn minimum_nodes(network: &Network) -> Vec<usize> {
    let flows = network.minimum_flows.iter();
    flows.map(|(_, node)| *node).collect()
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

/// Where faults that concern a scenario as a whole are put down.
struct Desk<'a> {
    folder: &'a Folder,
    scenario: &'a Scenario,
}

impl Desk<'_> {
    fn steps(&self) -> Option<Vec<Step>> {
        let period = self.scenario.period;
        let step = |month: Month| {
            let year = self.scenario.source_year(month.year())?;
            Some(Step {
                month,
                source: Month::new(year, month.number()),
            })
        };
        let steps: Option<Vec<Step>> = period.months().map(step).collect();
        if steps.is_none() {
            let years = self.scenario.trace.len();
            let needed = period.last.year() - period.first.year() + 1;
            let expected = format!(
                "{} for the period {period}",
                counted(needed as usize, "year")
            );
            let (found, hint) = (counted(years, "year"), String::new());
            let timed = &self.scenario.timed;
            self.folder
                .fault(timed.fault("trace", found, expected, hint));
        }
        steps
    }

    fn check_series(&self, network: &Network, steps: &[Step]) {
        for node in &network.nodes {
            match &node.kind {
                NodeKind::Inflow(inflow) => self.check_covers(&inflow.flow, steps),
                NodeKind::Storage(storage) => {
                    self.check_covers(&storage.precipitation, steps);
                    self.check_covers(&storage.evaporation, steps);
                }
                _ => {}
            }
        }
    }

    fn check_covers(&self, values: &Monthly, steps: &[Step]) {
        let Some(series) = values.dated() else { return };
        let covered = series.period();
        let missing: Vec<Month> = steps
            .iter()
            .map(|step| step.source)
            .filter(|m| !covered.contains(*m))
            .collect();
        if let (Some(first), Some(last)) = (missing.iter().min(), missing.iter().max()) {
            let asked_by = &self.scenario.timed.file;
            self.folder.fault(Fault {
                file: self.folder.shown(&series.file),
                line: 0,
                place: "column `date`".to_owned(),
                found: format!("the months {covered}"),
                expected: format!("also {first}..{last}, for the period or trace of {asked_by}"),
                hint: "lengthen the series, or choose another period or trace".to_owned(),
            });
        }
    }

    /// Refuses a dam that works before its first rule.
    fn check_rules(&self, network: &Network, steps: &[Step]) {
        for (node, storage) in network.storages() {
            let Some(dam) = &storage.dam else { continue };
            let ruleless = steps
                .iter()
                .map(|step| step.month)
                .find(|month| dam.in_service.holds(*month) && dam.rule(*month).is_none());
            if let Some(month) = ruleless {
                let found = format!("no rule in force in {month}");
                let expected = "a rule for every month of service".to_owned();
                let hint = "leave `from` out of the first [[reservoir.rule]]".to_owned();
                let written = &network.nodes[node].written;
                self.folder
                    .fault(written.fault("rule", found, expected, hint));
            }
        }
    }

    /// The column that each inflow node takes from its series.
    fn inflow_columns(&self, network: &Network) -> Vec<usize> {
        let series = |place: usize| match &network.nodes[place].kind {
            NodeKind::Inflow(inflow) => inflow.flow.dated(),
            _ => None,
        };
        let Some(name) = &self.scenario.inflow_column else {
            return vec![0; network.nodes.len()];
        };
        let column = |series: Option<&Series>| series.and_then(|series| series.column(name));
        let columns: Vec<Option<usize>> = (0..network.nodes.len())
            .map(|place| column(series(place)))
            .collect();
        if columns.iter().all(Option::is_none) {
            let known = (0..network.nodes.len()).filter_map(series);
            let mut known: Vec<&str> = known
                .flat_map(|series| &series.columns)
                .map(|column| column.0.as_str())
                .collect();
            known.sort_unstable();
            known.dedup();
            let expected = "a column of at least one inflow file, without its unit".to_owned();
            let hint = nearest(name, known);
            let columned = &self.scenario.columned;
            let found = format!("`{name}`");
            self.folder
                .fault(columned.fault("inflow_column", found, expected, hint));
        }
        columns.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// State of each storage at the start: from the scenario, else of that date, else natural.
    fn initial(&self, network: &Network, known: &[Initial], patches: &Patches) -> Option<Vec<f64>> {
        let first = self.scenario.period.first;
        let states = network.storages().map(|(place, storage)| {
            let node = &network.nodes[place];
            let dated = known
                .iter()
                .find(|state| state.storage == node.name && state.date == Some(first));
            let state = patches.states[place].as_ref().or(dated);
            // Without a working dam there is only what nature holds, as if it had never been built.
            let works = patches.dam_works(network, self.scenario, place, first);
            match (state, &storage.dam) {
                (_, Some(dam)) if !works => Some(dam.natural_hm3),
                (Some(state), _) => self.volume(patches.curve(place, storage), state),
                (None, _) => {
                    self.missing_state(known, &node.name);
                    None
                }
            }
        });
        let states: Vec<Option<f64>> = states.collect();
        states.into_iter().collect()
    }

    fn volume(&self, curve: &Curve, initial: &Initial) -> Option<f64> {
        let levels = &curve.level_m;
        let (low, high) = (levels[0], levels[levels.len() - 1]);
        let most = curve.volume_hm3[levels.len() - 1];
        let (volume, key, found) = match initial.state {
            State::LevelM(level) => (curve.volume(level), "level_m", format!("{level} m")),
            State::VolumeHm3(volume) => {
                let found = format!("{} km³", volume / HM3_PER_KM3);
                (
                    Some(volume).filter(|volume| *volume <= most),
                    "storage_km3",
                    found,
                )
            }
        };
        if volume.is_none() {
            let expected = format!(
                "a state on the curve of `{}`: {low} to {high} m, 0 to {} km³",
                initial.storage,
                most / HM3_PER_KM3
            );
            let fault = initial.written.fault(key, found, expected, String::new());
            self.folder.fault(fault);
        }
        volume
    }

    fn missing_state(&self, known: &[Initial], name: &str) {
        if self.folder.excuses(name) || self.folder.excuses("initial_states.toml") {
            return;
        }
        let dates = known.iter().filter(|state| state.storage == name);
        let dates: Vec<String> = dates
            .filter_map(|state| state.date)
            .map(|date| format!("`{date}`"))
            .collect();
        let hint = if dates.is_empty() {
            "add a [[state]] to initial_states.toml".to_owned()
        } else {
            format!("initial_states.toml has it at {}", dates.join(", "))
        };
        let first = self.scenario.period.first;
        let found = format!("no state of `{name}` at the beginning of {first}");
        let expected = format!("a state of each lake and working reservoir in {first}");
        let timed = &self.scenario.timed;
        self.folder
            .fault(timed.fault("period", found, expected, hint));
    }
}
