//! A plan that other scenarios patch: what they ask for otherwise is made anew, and nothing else; no input is read.

use super::brought::Brought;
use super::build::{Flows, Step};
use super::desk::Desk;
use super::energy::Plants;
use super::operation::{RULED, all_zones};
use super::patch::Patches;
use super::{Factors, Plan, Sites};
use crate::inputs::folder::Folder;
use crate::network::Network;
use crate::scenario::{Change, Initial, Scenario};

/// A plan with what it was made of.
#[derive(Debug)]
pub struct Patchable {
    scenario: Scenario,
    patches: Patches,
    steps: Vec<Step>,
    plan: Plan,
}

impl Patchable {
    /// The plan of a scenario in a climate for members that bring the water of sites; none where a fault was put down.
    pub fn build(
        folder: &Folder,
        network: &Network,
        states: &[Initial],
        scenario: &Scenario,
        water: (&Sites, &Factors),
    ) -> Option<Self> {
        let plan = Plan::build_for(folder, network, states, scenario, water)?;
        Some(Self {
            patches: Patches::of(folder, network, scenario),
            steps: Desk { folder, scenario }.steps()?,
            scenario: scenario.clone(),
            plan,
        })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The numbers in which the plan of the same scenario with other changes differs, each in all steps: demands,
    /// capacities, energy to generate, rules of reservoirs. None where the changes differ in more than that, or where a fault was put down.
    pub fn differences(
        &self,
        folder: &Folder,
        network: &Network,
        changes: &[Change],
    ) -> Option<Vec<(Brought, Vec<f64>)>> {
        let patches = Patches::of_changes(folder, network, changes);
        if !folder.is_sound() {
            return None;
        }
        let differing = self.patches.differing(&patches)?;
        let flows = Flows {
            network,
            scenario: &self.scenario,
            patches: &patches,
            // What forms is the same.
            formed_m3s: Vec::new(),
            climate: &Factors::default(),
        };
        let mut differences = Vec::new();
        let mut put = |brought: Brought, value: &dyn Fn(Step) -> f64| {
            let column = self.steps.iter().map(|step| value(*step));
            differences.push((brought, column.collect()));
        };
        for user in differing.users {
            put(Brought::Demand(user), &|step| flows.demand(step, user));
        }
        for link in differing.links {
            put(Brought::Capacity(link), &|step| flows.capacity(step, link));
        }
        let storages = network.storages().enumerate();
        for (place, storage) in storages.filter(|(_, row)| differing.ruled.contains(&row.0)) {
            for (name, of) in RULED {
                put(name(place), &|step| {
                    of(flows.operation(step, storage), step)
                });
            }
        }
        let zones = all_zones(network).enumerate();
        for (place, zone) in zones.filter(|(_, row)| differing.ruled.contains(&row.0)) {
            put(Brought::Zone(place), &|step| flows.zone(step, zone));
        }
        if !differing.plants.is_empty() {
            let plants = Plants::of(network, &self.scenario, &patches, &self.steps);
            for plant in differing.plants {
                put(Brought::Energy(plant), &|step| {
                    plants.energy[[step.place, plant]]
                });
                let claim = self.plan.energy_claims[plant];
                put(Brought::Minimum(claim), &|step| {
                    plants.most_asked(step, plant)
                });
            }
        }
        Some(differences)
    }

    /// The plan with numbers in which another differs.
    #[must_use]
    pub fn patched(&self, differences: &[(Brought, Vec<f64>)]) -> Plan {
        let mut plan = self.plan.clone();
        for (brought, column) in differences {
            plan.bring(*brought, column.iter().copied());
        }
        plan
    }
}
