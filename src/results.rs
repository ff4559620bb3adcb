//! A finished run and the quantities that tables, charts and comparisons read from it.

mod by_month;
mod carried;
pub mod floods;

use std::path::Path;

use crate::allocate::Bound;
use crate::engine::{self, Bounds, Record};
use crate::faults::Faults;
use crate::ledger::{Accounts, FalseEnergy, Imbalance, audit, audit_energy};
use crate::model::Model;
use crate::network::Network;
use crate::plan::{Claim, Conveyance, Place, Plan};
use crate::scenario::Scenario;
use crate::time::{Month, TimeStep};
use crate::units::{HM3_PER_MM_KM2, m3s_in};
use by_month::Months;
pub use carried::Salt;

/// Why a run has no results.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The scenario does not fit the model.
    #[error(transparent)]
    Faults(#[from] Faults),
    /// A balance does not close.
    #[error("scenario `{scenario}`: {imbalance}")]
    Ledger {
        /// The scenario.
        scenario: String,
        /// What does not close.
        imbalance: Box<Imbalance>,
    },
    /// A hydropower plant generated what its water does not give.
    #[error("scenario `{scenario}`: {false_energy}")]
    Energy {
        /// The scenario.
        scenario: String,
        /// What is wrong.
        false_energy: Box<FalseEnergy>,
    },
}

/// A finished and audited run.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The network.
    pub network: &'a Network,
    /// The scenario.
    pub scenario: Scenario,
    /// The numbers that it started from.
    pub plan: Plan,
    /// Storages and fluxes.
    pub record: Record,
    /// Accounts of basins and parties.
    pub accounts: Accounts,
    /// What kept each claim from more, where it was asked for.
    pub bounds: Option<Bounds>,
    /// The same run in the days in which it was computed, where the rest is its months.
    pub days: Option<Box<Self>>,
}

/// The water of a lake, or of one body of it, in one step; volumes in hm³.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LakeStep {
    /// Volume at the start.
    pub start: f64,
    /// Volume at the end.
    pub end: f64,
    /// River water.
    pub river_inflow: f64,
    /// Rain.
    pub precipitation: f64,
    /// Groundwater.
    pub groundwater: f64,
    /// Evaporation.
    pub evaporation: f64,
    /// To river and users; for a body also its net flow to the next one.
    pub outflow: f64,
    /// Mean area, km².
    pub area_km2: f64,
    /// Level at the start, m.
    pub start_level_m: f64,
    /// Level at the end, m.
    pub end_level_m: f64,
}

impl LakeStep {
    /// In − out − change of volume, hm³.
    pub fn residual(&self) -> f64 {
        self.river_inflow + self.precipitation + self.groundwater
            - self.evaporation
            - self.outflow
            - (self.end - self.start)
    }
}

/// Plans, runs and audits a scenario of a model.
///
/// # Errors
/// Faults of the scenario, or a balance that does not close.
pub fn simulate<'a>(
    model: &'a Model,
    inputs: &Path,
    scenario: &Scenario,
) -> Result<Run<'a>, RunError> {
    audited(model, scenario, model.plan(inputs, scenario)?)
}

/// As [`simulate`], but of the water alone: nothing that it carries is followed.
///
/// # Errors
/// As those of [`simulate`].
pub fn simulate_water<'a>(
    model: &'a Model,
    inputs: &Path,
    scenario: &Scenario,
) -> Result<Run<'a>, RunError> {
    audited(
        model,
        scenario,
        model.plan(inputs, scenario)?.of_water_alone(),
    )
}

/// As [`simulate`], of a plan that was changed after it was made.
///
/// # Errors
/// A balance that does not close.
pub fn simulate_plan<'a>(
    model: &'a Model,
    scenario: &Scenario,
    plan: Plan,
) -> Result<Run<'a>, RunError> {
    audited(model, scenario, plan)
}

fn audited<'a>(model: &'a Model, scenario: &Scenario, plan: Plan) -> Result<Run<'a>, RunError> {
    let record = engine::run(&plan);
    let accounts = audit(&model.network, &plan, &record).map_err(|imbalance| RunError::Ledger {
        scenario: scenario.name.clone(),
        imbalance: Box::new(imbalance),
    })?;
    audit_energy(&model.network, &plan, &record).map_err(|wrong| RunError::Energy {
        scenario: scenario.name.clone(),
        false_energy: Box::new(wrong),
    })?;
    let run = Run {
        network: &model.network,
        scenario: scenario.clone(),
        plan,
        record,
        accounts,
        bounds: None,
        days: None,
    };
    Ok(match scenario.time_step {
        TimeStep::Month => run,
        TimeStep::Day => run.by_month(),
    })
}

impl Run<'_> {
    /// The run of some days taken together by months.
    fn by_month(self) -> Self {
        let months = Months::of(&self.plan);
        Self {
            network: self.network,
            scenario: self.scenario.clone(),
            plan: months.plan(&self.record),
            record: months.record(&self.record),
            accounts: months.accounts(&self.accounts),
            bounds: None,
            days: Some(Box::new(self)),
        }
    }

    /// Part of what enters a link in a step that arrives; of a canal with a curve that carries nothing, of the first
    /// cubic metre.
    pub fn part_that_arrives(&self, step: usize, link: usize) -> f64 {
        let (enters, leaves) = (
            self.record.enters[[step, link]],
            self.record.leaves[[step, link]],
        );
        match self.plan.conveyance(link) {
            Conveyance::Part(part) => part,
            Conveyance::Curve(_) if enters > 0.0 => leaves / enters,
            Conveyance::Curve(loss) => self.plan.deltas[loss].outflow(0.0).1,
        }
    }

    /// The run with what kept each claim from more, which a second passage finds.
    #[must_use]
    pub fn explained(mut self) -> Self {
        match &mut self.days {
            None => self.bounds = Some(engine::bounds(&self.plan)),
            Some(days) => {
                let bounds = engine::bounds(&days.plan);
                self.bounds = Some(Months::of(&days.plan).bounds(&days.record, &bounds));
                days.bounds = Some(bounds);
            }
        }
        self
    }

    /// What kept a claim from more in a step, where it was asked for.
    pub fn bound(&self, step: usize, claim: Claim) -> Bound {
        match (&self.bounds, claim) {
            (Some(bounds), Claim::User(user)) => bounds.users[[step, user]],
            (Some(bounds), Claim::MinimumFlow(place)) => bounds.minimum_flows[[step, place]],
            (Some(bounds), Claim::Release(storage)) => bounds.releases[[step, storage]],
            (Some(bounds), Claim::Zone(zone)) => bounds.zones[[step, zone]],
            (Some(bounds), Claim::Hold(storage)) => bounds.holds[[step, storage]],
            (None, _) => Bound::Nothing,
        }
    }

    /// The run in the steps in which it was computed.
    pub fn computed(&self) -> &Self {
        self.days.as_deref().unwrap_or(self)
    }

    /// The month of each step.
    pub fn months(&self) -> &[Month] {
        &self.plan.months
    }

    /// Flow at a node, m³/s: what comes to it, or what leaves a storage there.
    pub fn flow_m3s(&self, step: usize, node: usize) -> f64 {
        let volume = match self.plan.places[node] {
            Place::Storage(storage) => {
                self.record.release[[step, storage]] + self.record.spill[[step, storage]]
            }
            _ => self.record.comes[[step, node]],
        };
        m3s_in(volume, self.plan.seconds[step])
    }

    /// Volume of a storage at the start of a step, hm³.
    pub fn start_hm3(&self, step: usize, storage: usize) -> f64 {
        match step {
            0 => self.plan.initial[storage],
            step => self.record.storage[[step - 1, storage]],
        }
    }

    /// Level of a storage at the end of a step, m.
    pub fn level_m(&self, step: usize, storage: usize) -> f64 {
        self.plan.curves[storage].level(self.record.storage[[step, storage]])
    }

    /// Place of the storage at a node.
    pub fn storage_at(&self, node: usize) -> Option<usize> {
        match self.plan.places[node] {
            Place::Storage(storage) => Some(storage),
            _ => None,
        }
    }

    /// The balance of a whole lake or reservoir in a step.
    pub fn lake(&self, step: usize, storage: usize) -> LakeStep {
        let (at, record) = ([step, storage], &self.record);
        let curve = &self.plan.curves[storage];
        let (start, end) = (self.start_hm3(step, storage), record.storage[at]);
        LakeStep {
            start,
            end,
            river_inflow: record.comes[[step, self.plan.storage_nodes[storage]]],
            precipitation: record.rain[at],
            groundwater: record.groundwater[at],
            evaporation: record.evaporation[at],
            outflow: record.release[at] + record.spill[at],
            area_km2: record.area_km2[at],
            start_level_m: curve.level(start),
            end_level_m: curve.level(end),
        }
    }

    /// The balance of each body of a lake in a step (equation E8a): the net flow through a strait is
    /// what the bodies above it gain and do not keep.
    pub fn bodies(&self, step: usize, storage: usize) -> Vec<LakeStep> {
        let (whole, curve) = (self.lake(step, storage), &self.plan.curves[storage]);
        let node = self.plan.storage_nodes[storage];
        let first: usize = self.plan.curves[..storage]
            .iter()
            .map(|curve| curve.bodies.len())
            .sum();
        let rain_mm = self.plan.rain_mm[[step, storage]];
        let mut passes = 0.0;
        let count = curve.bodies.len();
        (0..count)
            .map(|body| {
                let volume = |total| curve.at_volume(&curve.bodies[body].volume_hm3, total);
                let area_km2 = self.record.body_area_km2[[step, first + body]];
                let share = if whole.area_km2 > 0.0 {
                    area_km2 / whole.area_km2
                } else {
                    0.0
                };
                let mut part = LakeStep {
                    start: volume(whole.start),
                    end: volume(whole.end),
                    river_inflow: self.river_inflow(step, node, body) + passes,
                    precipitation: rain_mm * HM3_PER_MM_KM2 * area_km2,
                    groundwater: whole.groundwater * self.plan.body_groundwater[storage][body],
                    evaporation: whole.evaporation * share,
                    area_km2,
                    ..whole
                };
                part.outflow = 0.0;
                let gains = part.residual();
                part.river_inflow -= passes;
                // The last body alone has the lake's outlet.
                part.outflow = if body + 1 == count {
                    whole.outflow - passes
                } else {
                    gains - passes
                };
                passes = gains;
                part
            })
            .collect()
    }

    /// River water into one body of the lake at a node, hm³.
    fn river_inflow(&self, step: usize, node: usize, body: usize) -> f64 {
        let into = self.plan.ends.iter().enumerate();
        let into = into.filter(|(_, ends)| ends.to == node && ends.body == Some(body));
        into.map(|(link, _)| self.record.leaves[[step, link]]).sum()
    }
}
