//! `rivershare run`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::questions::{self, Question};
use super::{Failure, Voice};
use crate::faults::{Fault, Faults, counted, nearest};
use crate::model::Model;
use crate::outputs::folder::Folder;
use crate::outputs::log;
use crate::outputs::report::Report;
use crate::outputs::write::{Written, write, write_comparison};
use crate::scenario::Scenario;
use crate::time::{Period, TimeStep};

/// Options of `run`.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// Names of scenarios of the inputs, or scenario files; the model's own choice where left out.
    scenarios: Vec<PathBuf>,
    /// Folder that receives a folder of results for each scenario.
    #[arg(long, value_name = "DIR", default_value = "outputs")]
    out: PathBuf,
    /// What is asked for in place of what the scenario says.
    #[command(flatten)]
    asked: Asked,
    /// Explain what a user, minimum flow or reservoir got in a month, or on a day; may be given several times.
    #[arg(long, value_name = "CLAIM@YYYY-MM[-DD]")]
    explain: Vec<Question>,
    /// Replace a folder that holds something else.
    #[arg(long)]
    force: bool,
}

/// What is asked for in place of what a scenario says.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Asked {
    /// Months to simulate, in place of the scenario's period.
    #[arg(long, value_name = "YYYY-MM..YYYY-MM")]
    period: Option<Period>,
    /// Length of a step, in place of the scenario's.
    #[arg(long, value_name = "month|day")]
    step: Option<TimeStep>,
    /// Write tables by day as well.
    #[arg(long)]
    daily_tables: bool,
}

impl Asked {
    /// The scenario with what the command line says in its place.
    pub(super) fn of(&self, scenario: &Scenario) -> Scenario {
        Scenario {
            period: self.period.unwrap_or(scenario.period),
            time_step: self.step.unwrap_or(scenario.time_step),
            daily_tables: self.daily_tables || scenario.daily_tables,
            ..scenario.clone()
        }
    }
}

/// Folder of the comparison where several scenarios run.
const COMPARISON: &str = "comparison";

impl Run {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let model = Model::load(inputs, &self.files(inputs))?;
        let scenarios = self.chosen(&model)?;
        questions::check(&self.explain, &model, &scenarios)?;
        let mut reports = Vec::new();
        for scenario in &scenarios {
            let start = Instant::now();
            let folder = Folder::begin(&self.out, &scenario.name, self.force)?;
            let report = Report::of(&model, inputs, scenario)?;
            let computed = start.elapsed().as_secs_f64();
            let written = write(&report, folder, &log::of_run(computed))?;
            announce(voice, &report, &written);
            questions::answer(&self.explain, &report.run, voice);
            reports.push(report);
        }
        if reports.len() > 1 {
            let folder = Folder::begin(&self.out, COMPARISON, self.force)?;
            let written = write_comparison(&reports, folder, &log::of_run(0.0))?;
            let text = format!(
                "comparison: {}\nroot {}",
                written.folder.display(),
                written.root
            );
            voice.say_of_results("written", &text, &written.folder, &written.root);
        }
        Ok(())
    }

    /// Scenario files that do not belong to the folder of inputs.
    fn files(&self, inputs: &Path) -> Vec<PathBuf> {
        let own = inputs.join("scenarios").canonicalize().ok();
        let foreign = |path: &&PathBuf| {
            let folder = path
                .canonicalize()
                .ok()
                .and_then(|path| Some(path.parent()?.to_owned()));
            is_file(path) && (folder.is_none() || folder != own)
        };
        self.scenarios.iter().filter(foreign).cloned().collect()
    }

    fn chosen(&self, model: &Model) -> Result<Vec<Scenario>, Failure> {
        let mut names: Vec<String> = self.scenarios.iter().map(|path| name_of(path)).collect();
        if names.is_empty() {
            names.push(model.default_scenario.clone());
        }
        let mut faults = Faults::default();
        let mut chosen: Vec<Scenario> = Vec::new();
        for name in &names {
            match model.scenarios.get(name) {
                _ if chosen.iter().any(|scenario| scenario.name == *name) => {}
                Some(_) if name == COMPARISON && names.len() > 1 => faults.push(reserved()),
                Some(scenario) => {
                    let scenario = self.asked.of(scenario);
                    if self.asked.daily_tables && scenario.time_step == TimeStep::Month {
                        faults.push(no_days(name));
                    }
                    chosen.push(scenario);
                }
                None => faults.push(unknown(name, model)),
            }
        }
        Ok(faults.or(Some(chosen))?)
    }
}

/// Whether an argument means a file and not the name of a scenario.
fn is_file(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "toml") || path.components().count() > 1
}

fn name_of(path: &Path) -> String {
    match is_file(path) {
        true => path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        false => path.to_string_lossy().into_owned(),
    }
}

fn reserved() -> Fault {
    Fault {
        file: "command line".to_owned(),
        line: 0,
        place: "scenario".to_owned(),
        found: format!("`{COMPARISON}` among several scenarios"),
        expected: "another name: the comparison itself is written to that folder".to_owned(),
        hint: "rename the scenario file".to_owned(),
    }
}

fn no_days(name: &str) -> Fault {
    Fault {
        file: "command line".to_owned(),
        line: 0,
        place: "--daily-tables".to_owned(),
        found: format!("`{name}`, which runs by months"),
        expected: "a run by days".to_owned(),
        hint: "add `--step day`, or write `time_step = \"day\"` in the scenario".to_owned(),
    }
}

fn unknown(name: &str, model: &Model) -> Fault {
    Fault {
        file: "command line".to_owned(),
        line: 0,
        place: "scenario".to_owned(),
        found: format!("`{name}`"),
        expected: "the name of a scenario of the inputs, or a scenario file".to_owned(),
        hint: nearest(name, model.scenarios.keys().map(String::as_str)),
    }
}

fn announce(voice: Voice, report: &Report, written: &Written) {
    let scenario = &report.run.scenario;
    let words = report.reconstructed();
    let inputs = match words.is_empty() {
        true if report.is_observed() => "\ninflows are observed".to_owned(),
        true => String::new(),
        false => format!("\ninflows are reconstructed: {}", words.join(", ")),
    };
    let steps = match &report.run.days {
        Some(days) => counted(days.plan.steps(), "day"),
        None => format!("{} months", scenario.period.len()),
    };
    let text = format!(
        "{}: {}, {steps}, every balance closes\n{}{inputs}\nroot {}",
        scenario.name,
        scenario.period,
        written.folder.display(),
        written.root,
    );
    voice.say_of_results("written", &text, &written.folder, &written.root);
}
