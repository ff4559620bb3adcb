//! The worlds of a batch: a plan of each run, and the water of each member.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::measure::{Family, families};
use super::natural::{self, Flows, Natural};
use super::settings::{Recorded, Settings};
use super::signal::{Signal, Watch, What};
use super::water::{AtHand, MemberWater};
use crate::faults::Faults;
use crate::hydrology::climate::{self, Climate, Place};
use crate::hydrology::generator::{Generator, Values};
use crate::inputs::folder::Folder;
use crate::model::Model;
use crate::network::Network;
use crate::plan::{Factors, Patchable, Plan, Sites, Water};
use crate::scenario::Scenario;
use crate::time::Period;

/// All that runs are made of.
#[derive(Debug)]
pub struct World {
    /// The model.
    pub model: Model,
    /// Where its inputs are.
    pub inputs: PathBuf,
    /// The batch.
    pub settings: Settings,
    /// The base of all runs.
    pub base: Scenario,
    /// What makes members; none where the water is that of the base.
    pub generator: Option<Generator>,
    /// What each climate does to the water, by its name.
    shifts: BTreeMap<String, Factors>,
    sites: Sites,
    at_hand: AtHand,
    twins: natural::AtHand,
    /// The plan of the base in each climate.
    bases: Mutex<BTreeMap<Option<String>, Arc<Patchable>>>,
}

/// A run that is ready for its members.
#[derive(Debug)]
pub struct Run<'a> {
    /// The network.
    pub network: &'a Network,
    /// The plan; in the place of generated water stands what a unit of it brings.
    pub plan: Plan,
    /// What the water of members becomes in the plan.
    pub water: Water,
    /// Signals.
    pub watch: Watch,
    /// Measures.
    pub families: Vec<Family>,
    /// Series that are kept.
    pub kept: Vec<Kept>,
}

/// A series that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its signal.
    pub signal: usize,
    /// Whether every month is told.
    pub by_month: bool,
    /// Whether every member is written.
    pub full: bool,
}

impl World {
    /// Puts a world together of what was read.
    pub fn new(
        model: Model,
        inputs: &Path,
        settings: Settings,
        base: Scenario,
        generator: Option<Generator>,
        climates: &BTreeMap<String, Climate>,
    ) -> Self {
        let shifts = climates.iter().map(|(name, climate)| {
            let factors = factors(climate, &model.network, base.period);
            (name.clone(), factors)
        });
        let shifts = shifts.collect();
        let sites = sites(&model.network, generator.as_ref());
        Self {
            model,
            inputs: inputs.to_owned(),
            settings,
            base,
            generator,
            shifts,
            sites,
            at_hand: AtHand::default(),
            twins: natural::AtHand::default(),
            bases: Mutex::default(),
        }
    }

    /// The scenario of a run: the base with the changes of all its levels.
    pub fn scenario(&self, run: usize) -> Scenario {
        let levels = self.settings.design.levels(run);
        let changes = levels.iter().flat_map(|(_, effect)| &effect.changes);
        let changes = self.base.changes.iter().chain(changes).cloned().collect();
        Scenario {
            changes,
            ..self.base.clone()
        }
    }

    /// What the climate of a run does; none where it has that of the record.
    fn shift(&self, run: usize) -> Option<(&String, &Factors)> {
        let levels = self.settings.design.levels(run);
        let mut named = levels
            .iter()
            .filter_map(|(_, effect)| effect.climate.as_ref());
        let name = named.next_back().or(self.settings.climate.as_ref())?;
        self.shifts.get_key_value(name)
    }

    /// A run, from 0.
    ///
    /// # Errors
    /// The faults of its scenario.
    pub fn run(&self, run: usize) -> Result<Run<'_>, Faults> {
        let (network, scenario) = (&self.model.network, self.scenario(run));
        let mut plan = self.plan_of(run, &scenario)?;
        if !self.settings.salinity {
            plan = plan.of_water_alone();
        }
        let water = Water::of(network, &plan, &self.sites);
        let (mut signals, families) = families(network, &plan, &self.settings);
        let mut kept = Vec::new();
        for recorded in self.recorded(&plan) {
            let signal = Signal::of(network, &plan, recorded.what, &recorded.place);
            kept.extend(signal.map(|signal| Kept {
                signal: place_of(&mut signals, signal),
                by_month: recorded.by_month,
                full: recorded.full,
            }));
        }
        let watch = Watch::of(signals, &plan);
        Ok(Run {
            network,
            plan,
            water,
            watch,
            families,
            kept,
        })
    }

    /// The plan of a scenario in the climate of a run.
    fn plan(&self, run: usize, scenario: &Scenario) -> Result<Plan, Faults> {
        let unchanged = Factors::default();
        let climate = self.shift(run).map_or(&unchanged, |(_, factors)| factors);
        self.model
            .plan_for(&self.inputs, scenario, &self.sites, climate)
    }

    /// The plan of a run: that of the base with other numbers where its levels change nothing else.
    fn plan_of(&self, run: usize, scenario: &Scenario) -> Result<Plan, Faults> {
        let base = self.patchable(run)?;
        let folder = Folder::new(&self.inputs);
        match base.differences(&folder, &self.model.network, &scenario.changes) {
            Some(differences) => Ok(base.patched(&differences)),
            None => self.plan(run, scenario),
        }
    }

    /// The plan of the base in the climate of a run.
    fn patchable(&self, run: usize) -> Result<Arc<Patchable>, Faults> {
        let unchanged = Factors::default();
        let (name, climate) = match self.shift(run) {
            Some((name, factors)) => (Some(name.clone()), factors),
            None => (None, &unchanged),
        };
        let mut bases = self.bases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(base) = bases.get(&name) {
            return Ok(Arc::clone(base));
        }
        let water = (&self.sites, climate);
        let base = self.model.patchable(&self.inputs, &self.base, water)?;
        let base = Arc::new(base);
        bases.insert(name, Arc::clone(&base));
        Ok(base)
    }

    /// The natural twin of a run; none where none is asked for.
    ///
    /// # Errors
    /// The faults of its scenario.
    pub fn natural(&self, number: usize, run: &Run) -> Result<Option<Natural<'_>>, Faults> {
        if !self.settings.natural {
            return Ok(None);
        }
        let (network, scenario) = (&self.model.network, self.scenario(number).natural());
        let plan = self.plan(number, &scenario)?.of_water_alone();
        let families = run.families.iter().filter(|family| family.is_regime());
        let places = families.map(|family| &run.watch.signals[family.signal].place);
        let flows = places.filter_map(|place| Signal::of(network, &plan, What::Flow, place));
        Ok(Some(Natural {
            network,
            water: Water::of(network, &plan, &self.sites),
            watch: Watch::of(flows.collect(), &plan),
            plan,
        }))
    }

    /// The natural flows of some members, which bring this water.
    pub fn natural_flows(
        &self,
        natural: &Natural,
        members: &Range<usize>,
        water: &MemberWater,
    ) -> Arc<Flows> {
        self.twins.of(natural, members, water)
    }

    /// Lets go of the water and the natural flows that are at hand.
    pub fn let_go(&self) {
        self.at_hand.let_go();
        self.twins.let_go();
    }

    /// The series that are kept: those that are named, else annual levels of terminal lakes and flows over borders.
    fn recorded(&self, plan: &Plan) -> Vec<Recorded> {
        if !self.settings.record.series.is_empty() {
            return self.settings.record.series.clone();
        }
        let network = &self.model.network;
        let lakes = Signal::places(network, plan, What::Level).into_iter();
        let is_terminal =
            |name: &String| network.node(name).is_some_and(|n| network.is_terminal(n));
        let lakes = lakes.filter(is_terminal).map(|place| (What::Level, place));
        let borders = network.border_nodes().into_iter();
        let borders = borders.map(|node| (What::Flow, network.nodes[node].name.clone()));
        let all = lakes.chain(borders).map(|(what, place)| Recorded {
            what,
            place,
            by_month: false,
            full: false,
            written: self.settings.written.clone(),
        });
        all.collect()
    }

    /// The water of some members, from 0. Without a generator there are no sites.
    pub fn water_of(&self, members: Range<usize>) -> Arc<MemberWater> {
        self.at_hand.of(&members, &|member| match &self.generator {
            // Members are counted from 1.
            Some(generator) => generator.member(member as u32 + 1, self.base.period),
            None => Values::new(),
        })
    }
}

/// The place of a signal, which is added where it is not there yet.
fn place_of(signals: &mut Vec<Signal>, signal: Signal) -> usize {
    let known = signals.iter().position(|known| *known == signal);
    known.unwrap_or_else(|| {
        signals.push(signal);
        signals.len() - 1
    })
}

/// The site whose series each node takes.
fn sites(network: &Network, generator: Option<&Generator>) -> Sites {
    let of = |water: climate::Water| {
        let nodes = network.nodes.iter();
        nodes
            .map(|node| generator?.record.site_of(&node.kind, water))
            .collect()
    };
    Sites {
        flow: of(climate::Water::Flow),
        rain: of(climate::Water::Rain),
        evaporation: of(climate::Water::Evaporation),
    }
}

/// Factors of a climate on the water of a network, month by month of a period.
fn factors(climate: &Climate, network: &Network, period: Period) -> Factors {
    let of = |water: climate::Water| {
        let nodes = 0..network.nodes.len();
        let months = |node: usize| {
            let place = Place::of(network, node).filter(|place| place.waters().contains(&water))?;
            let factor = |month| climate.factor(&place, water, month);
            Some(period.months().map(factor).collect())
        };
        nodes.map(|node| months(node).unwrap_or_default()).collect()
    };
    Factors {
        flow: of(climate::Water::Flow),
        rain: of(climate::Water::Rain),
        evaporation: of(climate::Water::Evaporation),
    }
}
