//! Demands and deliveries, step by step.

use serde::Serialize;

use crate::outputs::catalogue::TableEntry;
use crate::outputs::limits::words;
use crate::outputs::table::Table;
use crate::plan::Claim;
use crate::results::Run;
use crate::units::HM3_PER_KM3;

#[derive(Serialize)]
struct Row<'a> {
    date: String,
    user: &'a str,
    party: &'a str,
    sector: &'a str,
    demand_km3: f64,
    delivered_km3: f64,
    consumed_km3: f64,
    returned_km3: f64,
    shortage_km3: f64,
    limited_by: String,
}

pub(super) fn table(entry: &'static TableEntry, run: &Run) -> Table {
    let (network, plan, record) = (run.network, &run.plan, &run.record);
    let told = |step: usize, claim: Claim| words(run, step, claim, run.bound(step, claim));
    let rows = plan.dates.iter().enumerate().flat_map(|(step, date)| {
        let minimums = network
            .minimum_flows
            .iter()
            .enumerate()
            .map(move |(place, (flow, _))| {
                let at = [step, place];
                let (demand, kept) = (record.asked[at], record.kept[at]);
                Row {
                    date: date.to_string(),
                    user: &flow.name,
                    party: &flow.party,
                    sector: &flow.sector,
                    demand_km3: demand / HM3_PER_KM3,
                    delivered_km3: kept / HM3_PER_KM3,
                    consumed_km3: 0.0,
                    returned_km3: kept / HM3_PER_KM3,
                    shortage_km3: (demand - kept) / HM3_PER_KM3,
                    limited_by: told(step, Claim::MinimumFlow(place)),
                }
            });
        let users = network.users.iter().enumerate().map(move |(user, row)| {
            let at = [step, user];
            let (demand, delivered) = (plan.demand[at], record.delivered[at]);
            Row {
                date: date.to_string(),
                user: &row.name,
                party: &row.party,
                sector: &row.sector,
                demand_km3: demand / HM3_PER_KM3,
                delivered_km3: delivered / HM3_PER_KM3,
                consumed_km3: record.consumed[at] / HM3_PER_KM3,
                returned_km3: record.returned[at] / HM3_PER_KM3,
                shortage_km3: (demand - delivered) / HM3_PER_KM3,
                limited_by: told(step, Claim::User(user)),
            }
        });
        minimums.chain(users)
    });
    Table::of(entry, rows)
}
