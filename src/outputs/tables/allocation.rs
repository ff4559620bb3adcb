//! Demands and deliveries by month.

use serde::Serialize;

use crate::allocate::Bound;
use crate::network::Network;
use crate::outputs::catalogue::ALLOCATION;
use crate::outputs::report::Report;
use crate::outputs::table::Table;
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

pub(super) fn table(report: &Report) -> Table {
    let (network, run) = (report.network(), &report.run);
    let (plan, record, bounds) = (&run.plan, &run.record, &report.bounds);
    let rows = run.months().iter().enumerate().flat_map(|(step, month)| {
        let minimums = network
            .minimum_flows
            .iter()
            .enumerate()
            .map(move |(place, (flow, _))| {
                let at = [step, place];
                let (demand, kept) = (plan.minimum[at], record.kept[at]);
                Row {
                    date: month.to_string(),
                    user: &flow.name,
                    party: &flow.party,
                    sector: &flow.sector,
                    demand_km3: demand / HM3_PER_KM3,
                    delivered_km3: kept / HM3_PER_KM3,
                    consumed_km3: 0.0,
                    returned_km3: kept / HM3_PER_KM3,
                    shortage_km3: (demand - kept) / HM3_PER_KM3,
                    limited_by: bound(network, run, bounds.minimum_flows[at]),
                }
            });
        let users = network.users.iter().enumerate().map(move |(user, row)| {
            let at = [step, user];
            let (demand, delivered) = (plan.demand[at], record.delivered[at]);
            Row {
                date: month.to_string(),
                user: &row.name,
                party: &row.party,
                sector: &row.sector,
                demand_km3: demand / HM3_PER_KM3,
                delivered_km3: delivered / HM3_PER_KM3,
                consumed_km3: record.consumed[at] / HM3_PER_KM3,
                returned_km3: record.returned[at] / HM3_PER_KM3,
                shortage_km3: (demand - delivered) / HM3_PER_KM3,
                limited_by: bound(network, run, bounds.users[at]),
            }
        });
        minimums.chain(users)
    });
    Table::of(&ALLOCATION, rows)
}

/// What bound a claim, in words.
fn bound(network: &Network, run: &Run, bound: Bound) -> String {
    let storage = |storage: usize| &network.nodes[run.plan.storage_nodes[storage]].name;
    match bound {
        Bound::Nothing => String::new(),
        Bound::Water(node) => format!("water at {}", network.nodes[node].name),
        Bound::Senior(node) => format!("earlier claims at {}", network.nodes[node].name),
        Bound::MinimumFlow(node) => {
            let kept = network.minimum_flows.iter().find(|(_, at)| *at == node);
            let name = kept.map_or(&network.nodes[node].name, |(flow, _)| &flow.name);
            format!("minimum flow {name}")
        }
        Bound::Canal(link) => format!("capacity of {}", network.links[link].name),
        Bound::Storage(place) => format!("storage withheld in {}", storage(place)),
        Bound::Release(place) => format!("least release of {}", storage(place)),
        Bound::Outlet(place) => format!("outlets of {}", storage(place)),
    }
}
