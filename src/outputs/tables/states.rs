//! Flows of gauges and states of storages, step by step.

use serde::Serialize;

use crate::network::{Network, NodeKind};
use crate::outputs::catalogue::TableEntry;
use crate::outputs::table::Table;
use crate::results::Run;
use crate::units::HM3_PER_KM3;

#[derive(Serialize)]
struct FlowRow<'a> {
    date: String,
    place: &'a str,
    flow_m3s: f64,
    natural_flow_m3s: f64,
}

#[derive(Serialize)]
struct StorageRow<'a> {
    date: String,
    place: &'a str,
    storage_km3: f64,
    level_m: f64,
    area_km2: f64,
}

/// Gauges and outlets in river order.
pub(crate) fn gauges(network: &Network) -> Vec<usize> {
    let nodes = network.nodes.iter().enumerate();
    let gauges = nodes.filter(|(_, n)| matches!(n.kind, NodeKind::Gauge | NodeKind::Outlet));
    gauges.map(|(node, _)| node).collect()
}

pub(super) fn flows(entry: &'static TableEntry, run: &Run, natural: &Run) -> Table {
    let network = run.network;
    let gauges = gauges(network);
    let rows = run.plan.dates.iter().enumerate().flat_map(|(step, date)| {
        gauges.iter().map(move |&node| FlowRow {
            date: date.to_string(),
            place: &network.nodes[node].name,
            flow_m3s: run.flow_m3s(step, node),
            natural_flow_m3s: natural.flow_m3s(step, node),
        })
    });
    Table::of(entry, rows)
}

pub(super) fn storages(entry: &'static TableEntry, run: &Run) -> Table {
    let network = run.network;
    let rows = run.plan.dates.iter().enumerate().flat_map(|(step, date)| {
        network
            .storages()
            .enumerate()
            .flat_map(move |(storage, (node, row))| {
                let (curve, volume) = (
                    &run.plan.curves[storage],
                    run.record.storage[[step, storage]],
                );
                let level_m = curve.level(volume);
                let state = move |place, volume_hm3: f64, area_km2| StorageRow {
                    date: date.to_string(),
                    place,
                    storage_km3: volume_hm3 / HM3_PER_KM3,
                    level_m,
                    area_km2,
                };
                let whole = state(
                    network.nodes[node].name.as_str(),
                    volume,
                    curve.area(volume),
                );
                let bodies = row
                    .bodies
                    .iter()
                    .zip(&curve.bodies)
                    .map(move |(body, part)| {
                        let volume_hm3 = curve.at_volume(&part.volume_hm3, volume);
                        state(
                            &body.name,
                            volume_hm3,
                            curve.at_volume(&part.area_km2, volume),
                        )
                    });
                std::iter::once(whole).chain(bodies)
            })
    });
    Table::of(entry, rows)
}
