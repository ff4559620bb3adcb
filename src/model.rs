//! A whole folder of inputs, read and understood: the network, its states, scenarios and observations.

use std::collections::BTreeMap;
use std::path::Path;

use crate::faults::{Fault, Faults, near, nearest};
use crate::inputs::folder::{Evidence, Folder};
use crate::inputs::origin::Origin;
use crate::inputs::table::Table;
use crate::network::assemble::assemble;
use crate::network::{Network, rows, sharing};
use crate::observations::{self, Observation};
use crate::plan::{Factors, Patchable, Plan, Sites};
use crate::scenario::{Initial, Scenario, Written, resolve};

/// What a folder of inputs says.
#[derive(Debug)]
pub struct Model {
    /// Title for charts.
    pub title: String,
    /// Scenario that runs when none is named.
    pub default_scenario: String,
    /// Terms under which the data may be used, for the data package.
    pub notice: String,
    /// Rivers, lakes, canals and users.
    pub network: Network,
    /// States of storages at dates.
    pub states: Vec<Initial>,
    /// Published points.
    pub observations: Vec<Observation>,
    /// Scenarios by name.
    pub scenarios: BTreeMap<String, Scenario>,
    /// Hashes and sources of all that was read.
    pub evidence: Evidence,
}

/// What `model.toml` says; none of what could not be read.
#[derive(Default)]
struct Settings {
    title: Option<String>,
    scenario: Option<(String, Origin)>,
    notice: String,
    parties: Option<Vec<String>>,
    sharing: Option<sharing::Rules>,
}

impl Model {
    /// Reads the folder `inputs`, and `extra` scenario files from elsewhere.
    ///
    /// Every scenario is planned once, so that a change that matches nothing, a missing state or a series
    /// that is too short is found here and not in the middle of a run.
    ///
    /// # Errors
    /// All faults of the folder and of the extra files.
    pub fn load(inputs: &Path, extra: &[std::path::PathBuf]) -> Result<Self, Faults> {
        let folder = Folder::new(inputs);
        if !inputs.is_dir() {
            folder.fault(Fault {
                file: inputs.display().to_string(),
                line: 0,
                place: String::new(),
                found: "no such folder".to_owned(),
                expected: "a folder with model.toml and basins/".to_owned(),
                hint: "`rivershare new DIR` writes a small one to start from".to_owned(),
            });
            return Err(folder.close::<()>(None).expect_err("a fault was put down"));
        }
        let model = Self::read(&folder, extra);
        let (mut model, evidence) = folder.close(model)?;
        model.evidence = evidence;
        Ok(model)
    }

    fn read(folder: &Folder, extra: &[std::path::PathBuf]) -> Option<Self> {
        let settings = Settings::read(folder);
        let rows = rows::read(folder);
        let states = states(folder);
        let written = scenarios(folder, extra);
        let scenarios = resolved(folder, &written);
        let network = assemble(folder, rows, settings.parties.clone());
        let names = network.as_ref();
        let observations = observations::read(folder, names);
        let default_scenario = settings.default_scenario(folder, &written);
        let mut network = network?;
        network.sharing = settings.sharing?;
        for scenario in scenarios.values() {
            Plan::check_changes(folder, &network, scenario);
        }
        check_states(folder, &states, &network);
        let model = Self {
            title: settings.title?,
            default_scenario: default_scenario?,
            notice: settings.notice,
            network,
            states,
            observations,
            scenarios,
            evidence: Evidence::default(),
        };
        for scenario in model.scenarios.values() {
            Plan::build(folder, &model.network, &model.states, scenario);
        }
        folder.is_sound().then_some(model)
    }

    /// The plan of a scenario of this model under a climate, whose members bring the water of `sites`.
    ///
    /// # Errors
    /// The faults of the scenario.
    pub fn plan_for(
        &self,
        inputs: &Path,
        scenario: &Scenario,
        sites: &Sites,
        climate: &Factors,
    ) -> Result<Plan, Faults> {
        let folder = Folder::new(inputs);
        let water = (sites, climate);
        let plan = Plan::build_for(&folder, &self.network, &self.states, scenario, water);
        folder.close(plan).map(|(plan, _)| plan)
    }

    /// The plan of a scenario of this model in a climate, which other scenarios patch.
    ///
    /// # Errors
    /// The faults of the scenario.
    pub fn patchable(
        &self,
        inputs: &Path,
        scenario: &Scenario,
        water: (&Sites, &Factors),
    ) -> Result<Patchable, Faults> {
        let folder = Folder::new(inputs);
        let plan = Patchable::build(&folder, &self.network, &self.states, scenario, water);
        folder.close(plan).map(|(plan, _)| plan)
    }

    /// The plan of a scenario of this model, which `load` has found to be sound.
    ///
    /// # Errors
    /// The faults, where the scenario was changed since the load.
    pub fn plan(&self, inputs: &Path, scenario: &Scenario) -> Result<Plan, Faults> {
        let folder = Folder::new(inputs);
        let plan = Plan::build(&folder, &self.network, &self.states, scenario);
        folder.close(plan).map(|(plan, _)| plan)
    }
}

impl Settings {
    fn read(folder: &Folder) -> Self {
        let Some(table) = Table::root(folder, "model.toml", "every model") else {
            return Self::default();
        };
        let (title, scenario) = (table.text("title"), table.text("scenario"));
        let notice = table.optional_text("notice");
        let settings = Self {
            title,
            scenario: scenario.map(|name| (name, table.origin())),
            notice: notice.unwrap_or_default(),
            parties: parties(&table),
            sharing: sharing::read(&table),
        };
        table.finish();
        settings
    }

    /// The scenario that runs when none is named, which must be one of those that are `written`.
    fn default_scenario(
        &self,
        folder: &Folder,
        written: &BTreeMap<String, Written>,
    ) -> Option<String> {
        let (name, origin) = self.scenario.as_ref()?;
        if !written.contains_key(name) && !folder.excuses(name) {
            let hint = nearest(name, written.keys().map(String::as_str));
            let expected = "the name of a file in the folder `scenarios`".to_owned();
            folder.fault(origin.fault("scenario", format!("`{name}`"), expected, hint));
        }
        Some(name.clone())
    }
}

fn parties(table: &Table) -> Option<Vec<String>> {
    if !table.has("parties") {
        table.lacks(
            &["parties"],
            "the parties, for instance `parties = [\"A\", \"B\"]`",
        );
    }
    let parties = table.texts("parties")?;
    let twin = (1..parties.len()).find(|place| parties[..*place].contains(&parties[*place]));
    let found = match twin {
        Some(twin) => format!("`{}` a second time", parties[twin]),
        None if parties.is_empty() => "an empty list".to_owned(),
        None => return Some(parties),
    };
    let expected = "at least one party, each once".to_owned();
    table.fault("parties", found, expected, String::new());
    Some(parties).filter(|parties| !parties.is_empty())
}

/// The states that could be read; storages of the others are excused from having none.
fn states(folder: &Folder) -> Vec<Initial> {
    let file = "initial_states.toml";
    if !folder.holds(file) {
        return Vec::new();
    }
    let table = Table::root(folder, file, "the model");
    let read = |table: Table| {
        let state = Initial::read(&table);
        let date = table.month("date");
        table.finish();
        let state = state.filter(|_| date.is_some());
        if state.is_none() {
            table.excuse("storage");
        }
        state
    };
    let Some(table) = table else {
        folder.excuse(file);
        return Vec::new();
    };
    let states = table.tables("state").into_iter().filter_map(read).collect();
    table.finish();
    states
}

/// Refuses states of what is no storage, and two states of one storage at one date.
fn check_states(folder: &Folder, states: &[Initial], network: &Network) {
    let storages = network.storages();
    let names: Vec<&str> = storages
        .map(|(node, _)| network.nodes[node].name.as_str())
        .collect();
    for (place, state) in states.iter().enumerate() {
        if !names.contains(&state.storage.as_str()) {
            let hint = nearest(&state.storage, names.iter().copied());
            let found = format!("`{}`", state.storage);
            let expected = "the name of a lake or reservoir".to_owned();
            folder.fault(state.written.fault("storage", found, expected, hint));
            folder.excuse(&state.storage);
            if let Some(near) = near(&state.storage, names.iter().copied()) {
                folder.excuse(near);
            }
        }
        let is_twin =
            |other: &Initial| (&other.storage, other.date) == (&state.storage, state.date);
        if states[..place].iter().any(is_twin) {
            let found = format!("a second state of `{}` at this date", state.storage);
            let expected = "one state of each storage at a date".to_owned();
            folder.fault(state.written.fault("date", found, expected, String::new()));
        }
    }
}

fn resolved(folder: &Folder, written: &BTreeMap<String, Written>) -> BTreeMap<String, Scenario> {
    let ready = |(name, scenario): (&String, &Written)| {
        Some((name.clone(), resolve(folder, scenario, written)?))
    };
    written.iter().filter_map(ready).collect()
}

fn scenarios(folder: &Folder, extra: &[std::path::PathBuf]) -> BTreeMap<String, Written> {
    let names = folder.names_in("scenarios");
    let files = names
        .iter()
        .filter_map(|name| Some((name.strip_suffix(".toml")?, name)));
    let mut written: BTreeMap<String, Written> = files
        .filter_map(|(stem, name)| {
            let file = format!("scenarios/{name}");
            let table = Table::root(folder, &file, "the scenario");
            if table.is_none() {
                folder.excuse(stem);
            }
            Some((stem.to_owned(), Written::read(&table?, stem)))
        })
        .collect();
    for path in extra {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let elsewhere = Folder::new(parent.unwrap_or(Path::new(".")));
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if let Some(table) = Table::root(&elsewhere, &file, "the command line") {
            let scenario = Written::read(&table, &stem);
            written.insert(stem.clone(), scenario);
        }
        folder.absorb(elsewhere, &file, &format!("scenarios/{stem}.toml"));
    }
    written
}
