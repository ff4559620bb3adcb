//! A whole folder of inputs, read and understood: the network, its states, scenarios and observations.

use std::collections::BTreeMap;
use std::path::Path;

use crate::faults::{Fault, Faults, nearest};
use crate::inputs::folder::{Evidence, Folder};
use crate::inputs::table::Table;
use crate::network::assemble::assemble;
use crate::network::{Network, rows};
use crate::observations::{self, Observation};
use crate::plan::Plan;
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

/// What `model.toml` says.
struct Settings {
    title: String,
    scenario: String,
    notice: String,
    parties: Vec<String>,
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
        let settings = settings(folder);
        let rows = rows::read(folder);
        let states = states(folder);
        let written = scenarios(folder, extra);
        let settings = settings?;
        let network = assemble(folder, rows, settings.parties)?;
        let observations = observations::read(folder, &network);
        let mut scenarios = BTreeMap::new();
        for (name, scenario) in &written {
            scenarios.insert(name.clone(), resolve(folder, scenario, &written)?);
        }
        if !scenarios.contains_key(&settings.scenario) {
            let hint = nearest(&settings.scenario, scenarios.keys().map(String::as_str));
            folder.fault(Fault {
                file: folder.shown("model.toml"),
                line: 0,
                place: "key `scenario`".to_owned(),
                found: format!("`{}`", settings.scenario),
                expected: "the name of a file in the folder `scenarios`".to_owned(),
                hint,
            });
        }
        let model = Self {
            title: settings.title,
            default_scenario: settings.scenario,
            notice: settings.notice,
            network,
            states: states?,
            observations,
            scenarios,
            evidence: Evidence::default(),
        };
        for scenario in model.scenarios.values() {
            Plan::build(folder, &model, scenario);
        }
        folder.is_sound().then_some(model)
    }

    /// The plan of a scenario of this model, which `load` has found to be sound.
    ///
    /// # Errors
    /// The faults, where the scenario was changed since the load.
    pub fn plan(&self, inputs: &Path, scenario: &Scenario) -> Result<Plan, Faults> {
        let folder = Folder::new(inputs);
        let plan = Plan::build(&folder, self, scenario);
        folder.close(plan).map(|(plan, _)| plan)
    }
}

fn settings(folder: &Folder) -> Option<Settings> {
    let table = Table::root(folder, "model.toml", "the model")?;
    let (title, scenario) = (table.text("title"), table.text("scenario"));
    let notice = table.optional_text("notice");
    let parties = table.texts("parties");
    if !table.has("parties") {
        let expected = "the parties, for instance `parties = [\"A\", \"B\"]`".to_owned();
        table.fault("parties", "nothing".into(), expected, String::new());
    }
    table.finish();
    let notice = notice.unwrap_or_default();
    Some(Settings {
        title: title?,
        scenario: scenario?,
        notice,
        parties: parties?,
    })
}

fn states(folder: &Folder) -> Option<Vec<Initial>> {
    if !folder.holds("initial_states.toml") {
        return Some(Vec::new());
    }
    let table = Table::root(folder, "initial_states.toml", "the model")?;
    let read = |table: Table| {
        let state = Initial::read(&table);
        if table.month("date").is_none() {
            return None;
        }
        table.finish();
        state
    };
    let states: Vec<_> = table.tables("state").into_iter().map(read).collect();
    table.finish();
    states.into_iter().collect()
}

fn scenarios(folder: &Folder, extra: &[std::path::PathBuf]) -> BTreeMap<String, Written> {
    let names = folder.names_in("scenarios");
    let files = names
        .iter()
        .filter_map(|name| Some((name.strip_suffix(".toml")?, name)));
    let mut written: BTreeMap<String, Written> = files
        .filter_map(|(stem, name)| {
            let file = format!("scenarios/{name}");
            let table = Table::root(folder, &file, "the scenario")?;
            Some((stem.to_owned(), Written::read(&table, stem)))
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
        folder.absorb(elsewhere, &format!("scenarios/{stem}.toml"));
    }
    written
}
