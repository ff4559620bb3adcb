//! A finished run, by names.

use ndarray::Array2;
use rivershare::allocate::Bound;
use rivershare::engine::{Bounds, Record, bounds};
use rivershare::network::Network;
use rivershare::plan::{Place, Plan};

use super::case;
use super::proof::Tally;

/// A finished run, by names. Volumes of a step in hm³.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) network: Network,
    pub(crate) plan: Plan,
    pub(crate) record: Record,
}

impl Outcome {
    pub(crate) fn node(&self, name: &str) -> usize {
        let node = self.network.node(name);
        node.unwrap_or_else(|| panic!("no node `{name}`"))
    }

    /// That the water of a node was all that there was.
    pub(crate) fn water_at(&self, name: &str) -> Bound {
        Bound::Water(self.node(name))
    }

    pub(crate) fn user(&self, name: &str) -> usize {
        let mut users = self.network.users.iter();
        let user = users.position(|user| user.name == name);
        user.unwrap_or_else(|| panic!("no user `{name}`"))
    }

    pub(crate) fn link(&self, from: &str, to: &str) -> usize {
        let mut links = self.network.links.iter();
        let link = links.position(|link| link.from == from && link.to == to);
        link.unwrap_or_else(|| panic!("no link from `{from}` to `{to}`"))
    }

    pub(crate) fn store(&self, name: &str) -> usize {
        match self.plan.places[self.node(name)] {
            Place::Storage(storage) => storage,
            place => panic!("`{name}` is {place:?}"),
        }
    }

    pub(crate) fn delivered(&self, step: usize, name: &str) -> f64 {
        self.record.delivered[[step, self.user(name)]]
    }

    /// Compares the allocation of the first step with its definition.
    pub(crate) fn agrees_with_definition(&self) -> Result<Tally, String> {
        let of_start = |array: &Array2<f64>| array.row(0).to_vec();
        let (net_loss, sill) = (of_start(&self.record.net_loss), of_start(&self.record.sill));
        case::check(&self.plan, &net_loss, &sill, false)
    }

    /// What kept each claim from more.
    pub(crate) fn bounds(&self) -> Bounds {
        bounds(&self.plan)
    }

    pub(crate) fn bound(&self, step: usize, name: &str) -> Bound {
        self.bounds().users[[step, self.user(name)]]
    }

    pub(crate) fn kept(&self, step: usize, name: &str) -> (f64, Bound) {
        let mut flows = self.network.minimum_flows.iter();
        let place = flows.position(|(flow, _)| flow.name == name);
        let at = [step, place.expect("a minimum flow of that name")];
        (self.record.kept[at], self.bounds().minimum_flows[at])
    }

    pub(crate) fn plant(&self, name: &str) -> usize {
        let mut plants = self.network.plants.iter();
        let plant = plants.position(|(plant, _)| plant.name == name);
        plant.unwrap_or_else(|| panic!("no plant `{name}`"))
    }

    /// Energy (GWh), head (m) and turbined water (hm³) of a plant.
    pub(crate) fn generated(&self, step: usize, name: &str) -> [f64; 3] {
        let at = [step, self.plant(name)];
        let record = &self.record;
        [record.energy[at], record.head_m[at], record.turbined[at]]
    }

    pub(crate) fn comes(&self, step: usize, name: &str) -> f64 {
        self.record.comes[[step, self.node(name)]]
    }

    pub(crate) fn storage(&self, step: usize, name: &str) -> f64 {
        self.record.storage[[step, self.store(name)]]
    }

    pub(crate) fn release(&self, step: usize, name: &str) -> f64 {
        self.record.release[[step, self.store(name)]]
    }

    pub(crate) fn spill(&self, step: usize, name: &str) -> f64 {
        self.record.spill[[step, self.store(name)]]
    }

    pub(crate) fn undershoot(&self, step: usize, name: &str) -> f64 {
        self.record.undershoot[[step, self.store(name)]]
    }
}
