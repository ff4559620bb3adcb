//! The tables of a run, one kind a file.

mod accounts;
mod allocation;
mod lakes;
mod states;
mod summary;

pub use lakes::{LakeYear, years_of};
pub(crate) use states::gauges;
pub use summary::{Indicator, comparison, indicators};

use super::catalogue::SOURCES;
use super::report::Report;
use super::table::Table;

/// All tables of a report; one whose subject the network lacks is left out.
pub fn tables(report: &Report) -> Vec<Table> {
    let network = report.network();
    let mut tables = vec![states::flows(report), summary::table(report)];
    if !network.users.is_empty() || !network.minimum_flows.is_empty() {
        tables.push(allocation::table(report));
    }
    if network.storages().next().is_some() {
        tables.push(states::storages(report));
        tables.extend([
            lakes::months(report),
            lakes::years(report),
            lakes::inflows(report),
        ]);
        if !report.draws.is_empty() {
            tables.push(lakes::draws(report));
        }
    }
    tables.extend([accounts::parties(report), accounts::basins(report)]);
    tables.push(Table::of(&SOURCES, &report.model.evidence.provenance));
    tables
}
