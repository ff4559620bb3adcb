//! What forms, comes, is consumed, is lost and goes on in each basin and on each party's territory.

use ndarray::Array2;

use super::{Balance, leaves_model, passed_out, returning, source, storages, transit};
use crate::engine::Record;
use crate::network::Network;
use crate::plan::{Place, Plan};

/// Accounts of a run: (step, basin) and (step, party).
#[derive(Clone, Debug)]
pub struct Accounts {
    /// By basin.
    pub basins: Array2<Account>,
    /// By party.
    pub parties: Array2<Account>,
}

/// The water of a basin or party in one step, hm³.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Account {
    /// Formed on its territory.
    pub formed: f64,
    /// Received from the territories of others.
    pub received: f64,
    /// Rain on its lakes and reservoirs.
    pub rain: f64,
    /// Groundwater into its lakes and reservoirs.
    pub groundwater: f64,
    /// Consumed by its users.
    pub consumed: f64,
    /// Evaporated from its lakes and reservoirs.
    pub evaporation: f64,
    /// Lost in its canals, reaches and deltas.
    pub lost: f64,
    /// Passed on to others or out of the model.
    pub passed_on: f64,
    /// Stored at the start.
    pub start: f64,
    /// Stored at the end.
    pub end: f64,
}

impl Account {
    pub(super) fn balance(&self) -> Balance {
        Balance {
            comes: self.formed + self.received + self.rain + self.groundwater,
            goes: self.consumed + self.evaporation + self.lost + self.passed_on,
            start: self.start,
            end: self.end,
        }
    }

    /// Adds the fluxes of a later step; the storage at its end becomes the end.
    pub fn extend(&mut self, later: &Self) {
        self.formed += later.formed;
        self.received += later.received;
        self.rain += later.rain;
        self.groundwater += later.groundwater;
        self.consumed += later.consumed;
        self.evaporation += later.evaporation;
        self.lost += later.lost;
        self.passed_on += later.passed_on;
        self.end = later.end;
    }
}

pub(super) fn of_basins(network: &Network, plan: &Plan, record: &Record) -> Array2<Account> {
    let nodes: Vec<usize> = network.nodes.iter().map(|node| node.basin).collect();
    let users: Vec<usize> = network.paths.iter().map(|path| nodes[path.head]).collect();
    book(network, plan, record, network.basins.len(), &nodes, &users)
}

pub(super) fn of_parties(network: &Network, plan: &Plan, record: &Record) -> Array2<Account> {
    let nodes: Vec<usize> = (0..network.nodes.len())
        .map(|node| network.party_of(node))
        .collect();
    let users: Vec<usize> = network
        .users
        .iter()
        .map(|user| network.party(&user.party))
        .collect();
    book(network, plan, record, network.parties.len(), &nodes, &users)
}

/// Books every flux to the group of its node or user; what passes between groups is booked to both.
fn book(
    network: &Network,
    plan: &Plan,
    record: &Record,
    groups: usize,
    of_node: &[usize],
    of_user: &[usize],
) -> Array2<Account> {
    let mut accounts = Array2::from_elem((plan.steps(), groups), Account::default());
    for step in 0..plan.steps() {
        let mut page = Page {
            accounts: &mut accounts,
            step,
        };
        for (link, ends) in plan.ends.iter().enumerate() {
            let (from, to) = (of_node[ends.from], of_node[ends.to]);
            let leaves = record.leaves[[step, link]];
            let (start, end) = (transit(record, step, link), record.transit[[step, link]]);
            let account = page.of(from);
            account.lost += record.enters[[step, link]] - leaves - (end - start);
            account.start += start;
            account.end += end;
            page.pass(from, to, leaves);
        }
        for (user, path) in plan.paths.iter().enumerate() {
            let (own, delivered) = (of_user[user], record.delivered[[step, user]]);
            let consumed = record.consumed[[step, user]];
            page.pass(of_node[source(plan, user)], own, delivered);
            let account = page.of(own);
            account.consumed += consumed;
            account.start += returning(record, step, user);
            account.end += record.returning[[step, user]];
            if let Some(node) = path.returns_to {
                page.pass(own, of_node[node], record.returned[[step, user]]);
            }
        }
        for (node, &group) in of_node.iter().enumerate() {
            let account = page.of(group);
            account.formed += plan.formed[[step, node]];
            account.lost += record.delta_loss[[step, node]];
            if leaves_model(network, plan, node) {
                account.passed_on += passed_out(plan, record, step, node);
            }
            if let Place::Storage(storage) = plan.places[node] {
                let (start, end) = storages(plan, record, step, storage);
                account.rain += record.rain[[step, storage]];
                account.groundwater += record.groundwater[[step, storage]];
                account.evaporation += record.evaporation[[step, storage]];
                account.start += start;
                account.end += end;
            }
        }
    }
    accounts
}

/// The accounts of one step.
struct Page<'a> {
    accounts: &'a mut Array2<Account>,
    step: usize,
}

impl Page<'_> {
    fn of(&mut self, group: usize) -> &mut Account {
        &mut self.accounts[[self.step, group]]
    }

    /// Books water that passes from one group to another; within a group there is nothing to book.
    fn pass(&mut self, from: usize, to: usize, volume: f64) {
        if from != to {
            self.of(from).passed_on += volume;
            self.of(to).received += volume;
        }
    }
}
