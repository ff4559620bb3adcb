//! The auditor: adds up the recorded fluxes anew and refuses a run in which a drop is missing.
//!
//! It takes storages and fluxes from the [`Record`] and nothing from the engine's own sums. For every
//! node, user, basin and party and in every step, in − out − change of storage must vanish (equation E13).

mod accounts;
mod hydropower;
mod origins;
mod salt;
mod tally;

pub use accounts::{Account, Accounts};
pub use hydropower::{FalseEnergy, audit_energy};
pub use tally::{Forms, Sheet, Tally};

use crate::engine::Record;
use crate::network::Network;
use crate::plan::{Place, Plan};
use crate::time::Month;

/// A balance that does not close.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "the {} balance of {place} does not close in {month}: {residual:e} {unit} are {} \
     (in {comes} {unit}, out {goes} {unit}, change of storage {change} {unit}, tolerance {tolerance:e} {unit})",
    .matter.word(), if *.residual > 0.0 { "missing" } else { "too many" }, unit = .matter.unit()
)]
pub struct Imbalance {
    /// What does not add up; its unit is that of the numbers.
    pub matter: Matter,
    /// Node, user, basin or party.
    pub place: String,
    /// The step.
    pub month: Month,
    /// In − out − change of storage.
    pub residual: f64,
    /// All that came.
    pub comes: f64,
    /// All that went.
    pub goes: f64,
    /// Change of storage.
    pub change: f64,
    /// What rounding may account for.
    pub tolerance: f64,
}

/// What is balanced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// Water, hm³.
    Water,
    /// Salt, kt (equation E35).
    Salt,
    /// Shares of where water rose (equation E34).
    Origins,
}

impl Matter {
    fn word(self) -> &'static str {
        match self {
            Self::Water => "water",
            Self::Salt => "salt",
            Self::Origins => "origin",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Water => "hm³",
            Self::Salt => "kt",
            Self::Origins => "of 1",
        }
    }

    /// What rounding may account for: a relative 1e-9 of the fluxes, the rounding of the storage, and a litre
    /// or its salt; of shares only their own rounding.
    fn tolerance(self, balance: &Balance) -> f64 {
        if self == Self::Origins {
            return 1e-12;
        }
        let change = (balance.end - balance.start).abs();
        let fluxes = balance.comes.abs() + balance.goes.abs() + change;
        1e-9 * fluxes + 1e-12 * balance.start.abs().max(balance.end.abs()) + 1e-9
    }
}

/// One balance of one step, hm³ or kt.
#[derive(Clone, Copy, Debug, Default)]
struct Balance {
    comes: f64,
    goes: f64,
    start: f64,
    end: f64,
}

impl Balance {
    fn residual(&self) -> f64 {
        self.comes - self.goes - (self.end - self.start)
    }

    /// Adds another part of the same whole.
    fn add(&mut self, other: &Self) {
        self.comes += other.comes;
        self.goes += other.goes;
        self.start += other.start;
        self.end += other.end;
    }

    fn check(
        &self,
        matter: Matter,
        place: impl FnOnce() -> String,
        month: Month,
    ) -> Result<(), Imbalance> {
        let (residual, tolerance) = (self.residual(), matter.tolerance(self));
        // A residual that is no number must fail as well, and so must one that is infinite.
        if residual.is_finite() && residual.abs() <= tolerance {
            return Ok(());
        }
        Err(Imbalance {
            matter,
            place: place(),
            month,
            residual,
            comes: self.comes,
            goes: self.goes,
            change: self.end - self.start,
            tolerance,
        })
    }
}

/// Audits a run and gives the accounts of its basins and parties.
///
/// # Errors
/// The first balance that does not close: by step, nodes before users before basins before parties; then salt
/// and shares of origins by step, where they are followed.
pub fn audit(network: &Network, plan: &Plan, record: &Record) -> Result<Accounts, Imbalance> {
    let basins = accounts::of_basins(network, plan, record);
    let parties = accounts::of_parties(network, plan, record);
    for (step, &month) in plan.months.iter().enumerate() {
        for (node, balance) in node_balances(network, plan, record, step)
            .iter()
            .enumerate()
        {
            balance.check(
                Matter::Water,
                || format!("`{}`", network.nodes[node].name),
                month,
            )?;
        }
        for (user, row) in network.users.iter().enumerate() {
            let balance = user_balance(record, step, user);
            balance.check(Matter::Water, || format!("the user `{}`", row.name), month)?;
        }
        for (group, name) in network.basins.iter().enumerate() {
            let balance = basins[[step, group]].balance();
            balance.check(Matter::Water, || format!("the basin `{name}`"), month)?;
        }
        for (group, name) in network.parties.iter().enumerate() {
            let balance = parties[[step, group]].balance();
            balance.check(Matter::Water, || format!("the party `{name}`"), month)?;
        }
    }
    salt::check(network, plan, record)?;
    origins::check(network, plan, record)?;
    Ok(Accounts { basins, parties })
}

/// The balance of every node in one step.
fn node_balances(network: &Network, plan: &Plan, record: &Record, step: usize) -> Vec<Balance> {
    let mut balances = vec![Balance::default(); plan.places.len()];
    for (link, ends) in plan.ends.iter().enumerate() {
        balances[ends.from].goes += record.enters[[step, link]];
        balances[ends.to].comes += record.leaves[[step, link]];
    }
    for (user, path) in plan.paths.iter().enumerate() {
        balances[source(plan, user)].goes += record.delivered[[step, user]];
        if let Some(node) = path.returns_to {
            balances[node].comes += record.returned[[step, user]];
        }
    }
    for (node, balance) in balances.iter_mut().enumerate() {
        balance.comes += plan.formed[[step, node]];
        balance.goes += record.delta_loss[[step, node]];
        if leaves_model(network, plan, node) {
            balance.goes += passed_out(plan, record, step, node);
        }
        if let Place::Storage(storage) = plan.places[node] {
            balance.comes += record.rain[[step, storage]] + record.groundwater[[step, storage]];
            balance.goes += record.evaporation[[step, storage]];
            (balance.start, balance.end) = storages(plan, record, step, storage);
        }
    }
    balances
}

/// Volume under way on a link at the start of a step.
fn transit(record: &Record, step: usize, link: usize) -> f64 {
    match step {
        0 => record.transit_at_start[link],
        step => record.transit[[step - 1, link]],
    }
}

/// Return flow of a user under way at the start of a step.
fn returning(record: &Record, step: usize, user: usize) -> f64 {
    match step {
        0 => 0.0,
        step => record.returning[[step - 1, user]],
    }
}

/// The balance of a user: what it gets it consumes or returns, at once or later.
fn user_balance(record: &Record, step: usize, user: usize) -> Balance {
    Balance {
        comes: record.delivered[[step, user]],
        goes: record.consumed[[step, user]] + record.returned[[step, user]],
        start: returning(record, step, user),
        end: record.returning[[step, user]],
    }
}

/// Node from which a user takes, at the end of its canals.
fn source(plan: &Plan, user: usize) -> usize {
    let path = &plan.paths[user];
    path.canals
        .last()
        .map_or(path.head, |canal| plan.ends[*canal].to)
}

/// Whether the river leaves the model at a node.
fn leaves_model(network: &Network, plan: &Plan, node: usize) -> bool {
    matches!(network.nodes[node].kind, crate::network::NodeKind::Outlet)
        && plan.river[node].is_none()
}

/// What leaves the model at a node: all that comes and is not delivered there.
fn passed_out(plan: &Plan, record: &Record, step: usize, node: usize) -> f64 {
    let users = (0..plan.paths.len()).filter(|user| source(plan, *user) == node);
    let delivered: f64 = users.map(|user| record.delivered[[step, user]]).sum();
    record.comes[[step, node]] - delivered
}

/// A storage at the start and at the end of a step.
fn storages(plan: &Plan, record: &Record, step: usize, storage: usize) -> (f64, f64) {
    let start = match step {
        0 => plan.initial[storage],
        step => record.storage[[step - 1, storage]],
    };
    (start, record.storage[[step, storage]])
}
