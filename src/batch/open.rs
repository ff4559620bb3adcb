//! Reads a batch with all that it names, and finds everything that is wrong with it before anything runs.

use std::collections::BTreeMap;
use std::path::Path;

use super::blueprint::{Blueprint, KeptSeries};
use super::measure::Measure;
use super::settings::Settings;
use super::signal::Signal;
use super::world::World;
use crate::faults::{Faults, counted, nearest};
use crate::hydrology::climate::Climate;
use crate::hydrology::generator::record::Record;
use crate::hydrology::generator::settings::Settings as Fit;
use crate::hydrology::generator::{Generator, fitted};
use crate::inputs::folder::{Evidence, Folder};
use crate::metrics::alteration::YEARS as YEARS_OF_A_REGIME;
use crate::model::Model;
use crate::network::draws::reconstructed;
use crate::outputs::manifest::hash_of_plan;
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::time::TimeStep;

/// Columns of tables that no axis may have the name of.
const OWN_COLUMNS: [&str; 2] = ["run", "member"];

/// A batch that is ready to run.
#[derive(Debug)]
pub struct Opened {
    /// Its worlds.
    pub world: World,
    /// Its blueprint.
    pub blueprint: Blueprint,
}

/// Reads the settings of a batch.
///
/// # Errors
/// All faults of the file.
pub fn settings(file: &Path) -> Result<(Settings, Evidence), Faults> {
    let parent = file.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = Folder::new(parent.unwrap_or(Path::new(".")));
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let settings = Settings::read(&folder, &name);
    folder.close(settings)
}

/// The generator `name` of the folder `generators`, as it was fitted or fitted to the model's record.
///
/// # Errors
/// All faults of its file and of the record.
pub fn generator(inputs: &Path, name: &str, model: &Model) -> Result<Generator, Faults> {
    let folder = Folder::new(inputs);
    let file = format!("generators/{name}.toml");
    let generator = match fitted::is_fitted(&folder, &file) {
        true => fitted::read(&folder, &file),
        false => Fit::read(&folder, &file).and_then(|fit| {
            let record = Record::read(&folder, &model.network, &fit)?;
            Some(Generator::fit(&fit, record))
        }),
    };
    folder.close(generator).map(|(generator, _)| generator)
}

/// Joins settings, model and generator.
///
/// # Errors
/// All faults of what the batch names.
pub fn open(
    inputs: &Path,
    name: &str,
    (settings, own): (Settings, Evidence),
    model: Model,
    generator: Option<Generator>,
) -> Result<Opened, Faults> {
    let folder = Folder::new(inputs);
    let base = base(&folder, &settings, &model);
    let climates = climates(&folder, &settings, &model);
    let world = base.filter(|_| folder.is_sound()).map(|base| {
        let mut evidence = model.evidence.hashes.clone();
        evidence.extend(
            own.hashes
                .iter()
                .map(|(file, hash)| (format!("batches/{file}"), hash.clone())),
        );
        (
            World::new(model, inputs, settings, base, generator, &climates),
            evidence,
        )
    });
    let opened = world.and_then(|(world, mut evidence)| {
        check(&folder, &world);
        check_runs(&folder, &world);
        if !folder.is_sound() {
            return None;
        }
        evidence.extend(folder.hashes());
        blueprint(&folder, &world, name, evidence).map(|blueprint| Opened { world, blueprint })
    });
    folder.close(opened).map(|(opened, _)| opened)
}

/// The base scenario, by months and whole years.
fn base(folder: &Folder, settings: &Settings, model: &Model) -> Option<Scenario> {
    let fault = |key: &str, found: String, expected: &str, hint: String| {
        folder.fault(
            settings
                .written
                .fault(key, found, expected.to_owned(), hint),
        );
    };
    let Some(base) = model.scenarios.get(&settings.base) else {
        let hint = nearest(&settings.base, model.scenarios.keys().map(String::as_str));
        fault(
            "base",
            format!("`{}`", settings.base),
            "a scenario of the folder `scenarios`",
            hint,
        );
        return None;
    };
    if base.time_step == TimeStep::Day {
        fault(
            "base",
            format!("`{}`, which runs by days", base.name),
            "a scenario by months",
            String::new(),
        );
    }
    let period = base.period;
    if period.first.number() != 1 || period.last.number() != 12 {
        fault(
            "base",
            format!("`{}` with the period {period}", base.name),
            "a scenario of whole years",
            String::new(),
        );
    }
    let years = period.len() / 12;
    if settings.natural && years < YEARS_OF_A_REGIME {
        let found = format!("true, with a base of {}", counted(years, "year"));
        let expected = format!(
            "a base of {YEARS_OF_A_REGIME} years or more, between which natural ones range"
        );
        fault("natural", found, &expected, String::new());
    }
    for year in &settings.level_years {
        if *year < period.first.year() || *year > period.last.year() {
            fault(
                "level_years",
                format!("{year}"),
                &format!("years within {period}"),
                String::new(),
            );
        }
    }
    Some(base.clone())
}

/// All climates that the batch names.
fn climates(folder: &Folder, settings: &Settings, model: &Model) -> BTreeMap<String, Climate> {
    let axes = settings.design.axes().flat_map(|axis| &axis.levels);
    let named = axes.filter_map(|(_, effect)| effect.climate.as_ref());
    let mut names: Vec<&String> = named.chain(&settings.climate).collect();
    names.sort_unstable();
    names.dedup();
    let known = Climate::names(folder);
    let read = |name: &&String| {
        if !known.contains(name) {
            let hint = nearest(name, known.iter().map(String::as_str));
            let expected = "a file of the folder `climates`".to_owned();
            folder.fault(
                settings
                    .written
                    .fault("climate", format!("`{name}`"), expected, hint),
            );
            return None;
        }
        let climate = Climate::read(folder, name, "the batch", &model.network)?;
        Some(((*name).clone(), climate))
    };
    names.iter().filter_map(read).collect()
}

/// Names of axes, places of thresholds and of series.
fn check(folder: &Folder, world: &World) {
    let settings = &world.settings;
    refuse_columns(folder, settings, |name| OWN_COLUMNS.contains(&name));
    let network = &world.model.network;
    let watches_flows = settings
        .thresholds
        .iter()
        .any(|threshold| !threshold.is_level);
    if settings.natural && network.border_nodes().is_empty() && !watches_flows {
        let expected = "a river that crosses a border, or a [[threshold]] of flows".to_owned();
        let found = "true, where no flow is watched".to_owned();
        let written = &settings.written;
        folder.fault(written.fault("natural", found, expected, String::new()));
    }
    for threshold in &settings.thresholds {
        let node = network.node(&threshold.place);
        let is_known = match threshold.is_level {
            true => node.is_some_and(|node| network.is_terminal(node)),
            false => node.is_some(),
        };
        if !is_known {
            let nodes = (0..network.nodes.len())
                .filter(|node| !threshold.is_level || network.is_terminal(*node));
            let hint = nearest(
                &threshold.place,
                nodes.map(|node| &*network.nodes[node].name),
            );
            let expected = match threshold.is_level {
                true => "a terminal lake, for its levels",
                false => "a node of the network, for its flows",
            };
            let found = format!("`{}`", threshold.place);
            folder.fault(
                threshold
                    .written
                    .fault("place", found, expected.to_owned(), hint),
            );
        }
    }
}

/// Refuses axes with the name of another column of `metrics.parquet`.
fn refuse_columns(folder: &Folder, settings: &Settings, is_column: impl Fn(&str) -> bool) {
    for axis in settings.design.axes().filter(|axis| is_column(&axis.name)) {
        let found = format!("an axis `{}`", axis.name);
        let expected = "another name: tables have a column of this one".to_owned();
        let written = &settings.written;
        folder.fault(written.fault("design", found, expected, String::new()));
    }
}

/// Plans the first and the last run, and those with the least and greatest level of each axis: what is wrong with a
/// level is wrong with these.
fn check_runs(folder: &Folder, world: &World) {
    if !folder.is_sound() {
        return;
    }
    let (settings, design) = (&world.settings, &world.settings.design);
    let mut ends = vec![0, design.runs() - 1];
    for axis in 0..design.axes().count() {
        let level = |run: &usize| match design.levels(*run)[axis].0 {
            super::axis::Level::Number(number) => *number,
            super::axis::Level::Text(_) => 0.0,
        };
        ends.extend((0..design.runs()).min_by(|one, other| level(one).total_cmp(&level(other))));
        ends.extend((0..design.runs()).max_by(|one, other| level(one).total_cmp(&level(other))));
    }
    ends.sort_unstable();
    ends.dedup();
    let (network, states) = (&world.model.network, &world.model.states);
    for run in ends {
        let scenario = world.scenario(run);
        Plan::build(folder, network, states, &scenario);
        if settings.natural && folder.is_sound() {
            Plan::build(folder, network, states, &scenario.natural());
        }
        if !folder.is_sound() {
            return;
        }
    }
}

fn blueprint(
    folder: &Folder,
    world: &World,
    name: &str,
    inputs: BTreeMap<String, String>,
) -> Option<Blueprint> {
    let first = match world.run(0) {
        Ok(first) => first,
        Err(faults) => {
            faults.iter().cloned().for_each(|fault| folder.fault(fault));
            return None;
        }
    };
    let (settings, network) = (&world.settings, first.network);
    for recorded in &settings.record.series {
        if Signal::of(network, &first.plan, recorded.what, &recorded.place).is_none() {
            let places = Signal::places(network, &first.plan, recorded.what);
            let hint = nearest(&recorded.place, places.iter().map(String::as_str));
            let expected = format!(
                "a place that has a {}",
                recorded.what.word().replace('_', " ")
            );
            let found = format!("`{}`", recorded.place);
            folder.fault(recorded.written.fault("place", found, expected, hint));
        }
    }
    let measures: Vec<Measure> = first
        .families
        .iter()
        .flat_map(|family| family.measures().to_vec())
        .collect();
    refuse_columns(folder, settings, |name| {
        measures.iter().any(|measure| measure.column == name)
    });
    let design = &settings.design;
    let levels = |run: usize| {
        let levels = design.levels(run).into_iter();
        levels.map(|(level, _)| level.to_string()).collect()
    };
    let period = world.base.period;
    let years = period.first.year()..=period.last.year();
    let kept = first.kept.iter().map(|kept| {
        let signal = &first.watch.signals[kept.signal];
        KeptSeries {
            quantity: signal.what.word().to_owned(),
            place: signal.place.clone(),
            unit: match kept.by_month {
                true => signal.what.unit(),
                false => signal.what.unit_of_years(),
            }
            .to_owned(),
            times: match kept.by_month {
                true => period.months().map(|month| month.to_string()).collect(),
                false => years.clone().map(|year| year.to_string()).collect(),
            },
            full: kept.full,
        }
    });
    Some(Blueprint {
        program: "rivershare".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        batch: name.to_owned(),
        title: settings.title.clone(),
        base: settings.base.clone(),
        reconstructed_inputs: reconstructed(network),
        inputs,
        generator: world.generator.as_ref().map(fitted::hash),
        seed: world.generator.as_ref().map(|generator| generator.seed),
        plan: hash_of_plan(&first.plan),
        axes: design
            .axes()
            .map(|axis| (axis.name.clone(), axis.unit.clone()))
            .collect(),
        levels: (0..design.runs()).map(levels).collect(),
        members: settings.members,
        months: (period.first.to_string(), period.last.to_string()),
        measures,
        reference: settings.reference as usize - 1,
        series: kept.collect(),
        kept_runs: (0..design.runs())
            .filter(|run| settings.keeps(*run))
            .collect(),
    })
}
