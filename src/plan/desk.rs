//! What can be wrong with a scenario as a whole: its years, series, rules and states.

use super::build::Step;
use super::patch::Patches;
use super::reaches::Order;
use crate::faults::{Fault, counted, nearest};
use crate::inputs::folder::Folder;
use crate::inputs::series::{Monthly, Series};
use crate::network::curve::Curve;
use crate::network::{Network, NodeKind};
use crate::scenario::{Initial, Scenario, State};
use crate::time::{Date, Month, TimeStep};

/// Where faults that concern a scenario as a whole are put down.
pub(super) struct Desk<'a> {
    pub(super) folder: &'a Folder,
    pub(super) scenario: &'a Scenario,
}

impl Desk<'_> {
    pub(super) fn steps(&self) -> Option<Vec<Step>> {
        let period = self.scenario.period;
        let step = |(place, date): (usize, Date)| {
            let month = date.month();
            let year = self.scenario.source_year(month.year())?;
            let source = date.within(Month::new(year, month.number()));
            Some(Step {
                place,
                date,
                source,
            })
        };
        let dates = self.scenario.time_step.dates(period);
        let steps: Option<Vec<Step>> = dates.into_iter().enumerate().map(step).collect();
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

    pub(super) fn check_series(&self, network: &Network, steps: &[Step]) {
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
            .map(|step| step.source.month())
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
    pub(super) fn check_rules(&self, network: &Network, steps: &[Step]) {
        for (node, storage) in network.storages() {
            let Some(dam) = &storage.dam else { continue };
            let ruleless = steps
                .iter()
                .map(|step| step.date.month())
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

    /// The reach of each node; refuses water that comes back within the step by a way that takes days.
    pub(super) fn reaches(&self, network: &Network) -> Vec<usize> {
        let takes_time = network.links.iter().any(|link| link.travel.is_some());
        if self.scenario.time_step != TimeStep::Day || !takes_time {
            return vec![0; network.nodes.len()];
        }
        let order = Order::of(network);
        for user in order.users_in_a_ring() {
            let written = &network.users[user].written;
            let path = &network.paths[user];
            let name = |node: usize| network.nodes[node].name.as_str();
            let to = path.returns_to.map_or("", name);
            let found = format!(
                "`{to}`, from which a river takes days to that of `{}`",
                name(path.head)
            );
            let expected = "a return flow that comes a step later, at steps of a day".to_owned();
            let hint = "set `return_lag_steps = 1`".to_owned();
            self.folder
                .fault(written.fault("returns_to", found, expected, hint));
        }
        for reservoir in order.spillways_in_a_ring() {
            let written = &network.nodes[reservoir].written;
            let found =
                "a spillway to where a river takes days to that of the reservoir".to_owned();
            let expected =
                "no `travel_days` between the two, or another end of the spillway".to_owned();
            self.folder
                .fault(written.whole(found, expected, String::new()));
        }
        order.reach_of()
    }

    /// The column that each inflow node takes from its series.
    pub(super) fn inflow_columns(&self, network: &Network) -> Vec<usize> {
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
    pub(super) fn initial(
        &self,
        network: &Network,
        known: &[Initial],
        patches: &Patches,
    ) -> Option<Vec<f64>> {
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
        let written = &initial.spelling;
        let (volume, key, found) = match initial.state {
            State::LevelM(level) => (curve.volume(level), "level_m", format!("{level} m")),
            State::VolumeHm3(volume) => (
                Some(volume).filter(|volume| *volume <= most),
                written.name.as_str(),
                written.shown_with_unit(volume),
            ),
        };
        if volume.is_none() {
            let expected = format!(
                "a state on the curve of `{}`: {low} to {high} m, 0 to {}",
                initial.storage,
                written.shown_with_unit(most)
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
