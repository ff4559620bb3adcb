//! The tables of a run, one kind a file.

mod accounts;
mod allocation;
mod floods;
mod lakes;
mod origins;
mod plants;
mod states;
mod summary;

pub use lakes::{LakeYear, years_of};
pub use origins::{OriginYear, Place, consumed_by_party};
pub(crate) use states::gauges;
pub use summary::{Indicator, comparison, indicators};

use super::catalogue::{
    ALLOCATION, ALLOCATION_DAILY, FLOWS, FLOWS_DAILY, SOURCES, STORAGES, STORAGES_DAILY,
};
use super::report::Report;
use super::table::Table;
use crate::network::Network;

/// All tables of a report; one whose subject the network lacks is left out.
pub fn tables(report: &Report) -> Vec<Table> {
    let (network, run) = (report.network(), &report.run);
    let mut tables = vec![
        states::flows(&FLOWS, run, &report.natural),
        summary::table(report),
    ];
    if has_claims(network) {
        tables.push(allocation::table(&ALLOCATION, run));
    }
    if floods::has_floods(report) {
        tables.push(floods::table(report));
    }
    if has_storages(network) {
        tables.push(states::storages(&STORAGES, run));
        tables.extend([
            lakes::months(report),
            lakes::years(report),
            lakes::inflows(report),
        ]);
        if !report.draws.is_empty() {
            tables.push(lakes::draws(report));
        }
        if !report.sets.sets.is_empty() {
            tables.push(lakes::sets(report));
        }
    }
    if !network.plants.is_empty() {
        tables.push(plants::table(run));
    }
    tables.extend([accounts::parties(report), accounts::basins(report)]);
    if run.knows_origins() {
        tables.push(origins::table(report));
        if !network.users.is_empty() {
            tables.push(origins::consumption(report));
        }
    }
    tables.push(Table::of(&SOURCES, &report.model.evidence.provenance));
    if run.scenario.daily_tables {
        tables.extend(daily(report));
    }
    tables
}

/// The tables by day; none of a run by months.
fn daily(report: &Report) -> Vec<Table> {
    let (Some(run), Some(natural)) = (&report.run.days, &report.natural.days) else {
        return Vec::new();
    };
    let network = report.network();
    let mut tables = vec![states::flows(&FLOWS_DAILY, run, natural)];
    if has_claims(network) {
        tables.push(allocation::table(&ALLOCATION_DAILY, run));
    }
    if has_storages(network) {
        tables.push(states::storages(&STORAGES_DAILY, run));
    }
    tables
}

fn has_claims(network: &Network) -> bool {
    !network.users.is_empty() || !network.minimum_flows.is_empty()
}

fn has_storages(network: &Network) -> bool {
    network.storages().next().is_some()
}
