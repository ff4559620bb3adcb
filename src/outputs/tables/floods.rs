//! Floods that are let down every year: decided, released, flooded.

use serde::Serialize;

use crate::outputs::catalogue::SPRING_FLOOD;
use crate::outputs::report::Report;
use crate::outputs::table::Table;
use crate::results::floods::Flood;
use crate::units::HM3_PER_KM3;

#[derive(Serialize)]
struct Row<'a> {
    year: i32,
    flood: &'a str,
    part_decided: f64,
    asked_km3: f64,
    released_km3: f64,
    plateau_m3s: Option<f64>,
    plateau_days: Option<usize>,
    flooded_share: Option<f64>,
    flooded_share_low: Option<f64>,
    flooded_share_high: Option<f64>,
    flooded_ha: Option<f64>,
    need_km3: Option<f64>,
    need_met: &'static str,
}

/// Volumes that differ by less than this part are the same: sums of some tens of days.
const ROUNDING: f64 = 1e-9;

/// Whether a network asks for floods.
pub(super) fn has_floods(report: &Report) -> bool {
    let flows = report.network().minimum_flows.iter();
    flows.filter_map(|(flow, _)| flow.flow.flood()).count() > 0
}

pub(super) fn table(report: &Report) -> Table {
    let flows = report.network().minimum_flows.iter().enumerate();
    let rows = flows.flat_map(|(place, (flow, _))| {
        let plain = flow.floodplain.as_ref();
        let row = move |flood: Flood| {
            let covered = flood.flooded;
            let need = plain.map(|plain| plain.need_hm3);
            Row {
                year: flood.year,
                flood: &flow.name,
                part_decided: flood.part(),
                asked_km3: flood.asked_hm3 / HM3_PER_KM3,
                released_km3: flood.released_hm3 / HM3_PER_KM3,
                plateau_m3s: flood.plateau.map(|plateau| plateau.flow_m3s),
                plateau_days: flood.plateau.map(|plateau| plateau.days),
                flooded_share: covered.map(|covered| covered.share),
                flooded_share_low: covered.map(|covered| covered.low),
                flooded_share_high: covered.map(|covered| covered.high),
                flooded_ha: covered
                    .zip(plain)
                    .map(|(covered, plain)| covered.share * plain.area_ha),
                need_km3: need.map(|need| need / HM3_PER_KM3),
                need_met: need.map_or("", |need| is_met(flood.released_hm3, need)),
            }
        };
        report.run.floods(place).into_iter().map(row)
    });
    Table::of(&SPRING_FLOOD, rows)
}

fn is_met(released_hm3: f64, need_hm3: f64) -> &'static str {
    match released_hm3 >= need_hm3 * (1.0 - ROUNDING) {
        true => "yes",
        false => "no",
    }
}
