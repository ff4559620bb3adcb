//! Indicators of a run, and its values beside published figures.

use serde::Serialize;

use super::lakes::years_of;
use super::origins::consumed_by_party;
use super::plants::shortfall_gwh;
use super::states::gauges;
use crate::metrics::published::simulated;
use crate::observations::Quantity;
use crate::outputs::catalogue::{COMPARISON, SUMMARY};
use crate::outputs::report::Report;
use crate::outputs::table::Table;
use crate::plan::carried::Formation;
use crate::results::Run;
use crate::units::HM3_PER_KM3;

/// A figure of a whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// What is measured.
    pub name: String,
    /// Where.
    pub place: String,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
}

#[derive(Serialize)]
struct Row<'a> {
    indicator: String,
    place: &'a str,
    value: f64,
    unit: &'a str,
    published: Option<f64>,
    source: &'a str,
}

/// The indicators of a run: flows at gauges, levels of lakes, water of the parties.
pub fn indicators(report: &Report) -> Vec<Indicator> {
    let mut all = Vec::new();
    flows(report, &mut all);
    lakes(report, &mut all);
    deliveries(report, &mut all);
    energy(&report.run, &mut all);
    salinities(report, &mut all);
    origins(report, &mut all);
    all
}

fn mean_flow_m3s(run: &Run, node: usize) -> f64 {
    let months = run.months().iter().enumerate();
    let volume: f64 = months
        .map(|(step, m)| run.flow_m3s(step, node) * m.seconds())
        .sum();
    volume
        / run
            .months()
            .iter()
            .map(|month| month.seconds())
            .sum::<f64>()
}

fn flows(report: &Report, all: &mut Vec<Indicator>) {
    for node in gauges(report.network()) {
        let mut put = |name: &str, value| {
            let place = report.network().nodes[node].name.clone();
            all.push(Indicator {
                name: name.to_owned(),
                place,
                value,
                unit: "m3s",
            });
        };
        let flow = mean_flow_m3s(&report.run, node);
        let natural = mean_flow_m3s(&report.natural, node);
        put("mean flow", flow);
        put("mean natural flow", natural);
        put("change of mean flow by use and dams", flow - natural);
    }
}

fn lakes(report: &Report, all: &mut Vec<Indicator>) {
    let network = report.network();
    for (storage, (node, row)) in network.storages().enumerate() {
        let years = |run: &Run| {
            let steps = (0..run.months().len()).map(|step| run.lake(step, storage));
            years_of(run.months(), steps)
        };
        let (own, natural) = (years(&report.run), years(&report.natural));
        let levels = || own.iter().map(|year| year.level_m);
        let mean = levels().sum::<f64>() / own.len() as f64;
        let lowest = levels().fold(f64::INFINITY, f64::min);
        let end = own.last().map_or(f64::NAN, |year| year.sums.end_level_m);
        let natural_end = natural
            .last()
            .map_or(f64::NAN, |year| year.sums.end_level_m);
        let inflow: f64 = own.iter().map(|year| year.sums.river_inflow).sum();
        let inflow = inflow / HM3_PER_KM3 / own.len() as f64;
        let mut figures = vec![("mean river inflow", inflow, "km3_per_year")];
        match row.dam {
            // A reservoir has no level in nature, and before its dam none at all.
            Some(_) => figures.extend(
                mean_storage_in_service(&report.run, storage)
                    .map(|mean| ("mean storage in service", mean, "km3")),
            ),
            None => figures.extend([
                ("mean level", mean, "m"),
                ("lowest annual level", lowest, "m"),
                ("level at the end", end, "m"),
                (
                    "change of the level at the end by use and dams",
                    end - natural_end,
                    "m",
                ),
            ]),
        }
        for (name, value, unit) in figures {
            let place = network.nodes[node].name.clone();
            all.push(Indicator {
                name: name.to_owned(),
                place,
                value,
                unit,
            });
        }
    }
}

/// Mean storage of a reservoir at the ends of the months in which its dam works, km³; none where it
/// never does. A working dam has room between dead and full storage.
fn mean_storage_in_service(run: &Run, storage: usize) -> Option<f64> {
    let works = |step: &usize| run.plan.dead[[*step, storage]] < run.plan.full[[*step, storage]];
    let steps: Vec<usize> = (0..run.months().len()).filter(works).collect();
    let sum: f64 = steps
        .iter()
        .map(|step| run.record.storage[[*step, storage]])
        .sum();
    (!steps.is_empty()).then(|| sum / HM3_PER_KM3 / steps.len() as f64)
}

fn deliveries(report: &Report, all: &mut Vec<Indicator>) {
    let (network, run) = (report.network(), &report.run);
    let years = run.months().len() as f64 / 12.0;
    for party in &network.parties {
        let users: Vec<usize> = (0..network.users.len())
            .filter(|user| network.users[*user].party == *party)
            .collect();
        if users.is_empty() {
            continue;
        }
        let sum = |values: &ndarray::Array2<f64>| -> f64 {
            users
                .iter()
                .map(|user| values.column(*user).sum())
                .sum::<f64>()
                / HM3_PER_KM3
                / years
        };
        let (demand, delivered) = (sum(&run.plan.demand), sum(&run.record.delivered));
        let figures = [
            ("mean demand", demand, "km3_per_year"),
            ("mean delivery", delivered, "km3_per_year"),
            (
                "mean consumption",
                sum(&run.record.consumed),
                "km3_per_year",
            ),
            (
                "delivered share of demand",
                if demand > 0.0 {
                    delivered / demand
                } else {
                    1.0
                },
                "1",
            ),
        ];
        for (name, value, unit) in figures {
            all.push(Indicator {
                name: name.to_owned(),
                place: party.clone(),
                value,
                unit,
            });
        }
    }
}

/// Mean energy of each plant over its months of service, and what its targets missed of it.
fn energy(run: &Run, all: &mut Vec<Indicator>) {
    for (plant, (row, _)) in run.network.plants.iter().enumerate() {
        let works = |step: &usize| run.plan.turbine[[*step, plant]] > 0.0;
        let steps: Vec<usize> = (0..run.months().len()).filter(works).collect();
        let years = steps.len() as f64 / 12.0;
        if steps.is_empty() {
            continue;
        }
        let mut put = |name: &str, of_step: &dyn Fn(usize) -> f64| {
            let sum: f64 = steps.iter().map(|step| of_step(*step)).sum();
            all.push(Indicator {
                name: name.to_owned(),
                place: row.name.clone(),
                value: sum / years,
                unit: "gwh_per_year",
            });
        };
        put("mean energy in service", &|step| {
            run.record.energy[[step, plant]]
        });
        if run.plan.energy.column(plant).iter().any(|gwh| *gwh > 0.0) {
            put("mean shortfall of energy", &|step| {
                shortfall_gwh(run, step, plant)
            });
        }
    }
}

/// Mean salinity of each lake and body of the network that carries salt.
fn salinities(report: &Report, all: &mut Vec<Indicator>) {
    let (network, run) = (report.network(), &report.run);
    for (storage, (node, row)) in network.storages().enumerate() {
        if row.dam.is_some() {
            continue;
        }
        let bodies = row.bodies.iter().enumerate();
        let bodies = bodies.map(|(at, body)| (Some(at), &body.name));
        for (body, name) in std::iter::once((None, &network.nodes[node].name)).chain(bodies) {
            let months = 0..run.months().len();
            let salinities: Option<Vec<f64>> = months
                .map(|step| run.salt(step, storage, body)?.g_per_l)
                .collect();
            let Some(salinities) = salinities else {
                continue;
            };
            all.push(Indicator {
                name: "mean salinity".to_owned(),
                place: name.clone(),
                value: salinities.iter().sum::<f64>() / salinities.len() as f64,
                unit: "g_per_l",
            });
        }
    }
}

/// Of the water consumed by each party, what rose on the territory of each other.
fn origins(report: &Report, all: &mut Vec<Indicator>) {
    let (network, run) = (report.network(), &report.run);
    if !run.knows_origins() {
        return;
    }
    for (party, name) in network.parties.iter().enumerate() {
        let mut consumed = vec![0.0; network.parties.len() + 1];
        for year in consumed_by_party(run, party) {
            for (sum, km3) in consumed.iter_mut().zip(year.km3) {
                *sum += km3;
            }
        }
        let whole: f64 = consumed.iter().sum();
        for (place, (other, risen)) in network.parties.iter().zip(&consumed).enumerate() {
            let rises = |origin: &Formation| origin.party == Some(place);
            let rises = run.plan.carried.origins.iter().any(rises);
            if whole > 0.0 && rises && other != name {
                all.push(Indicator {
                    name: format!("share of consumption that rose in {other}"),
                    place: name.clone(),
                    value: risen / whole,
                    unit: "1",
                });
            }
        }
    }
}

pub(super) fn table(report: &Report) -> Table {
    let indicators = indicators(report);
    let own = indicators.iter().map(|indicator| Row {
        indicator: indicator.name.clone(),
        place: &indicator.place,
        value: indicator.value,
        unit: indicator.unit,
        published: None,
        source: "",
    });
    let published = report.model.observations.iter().filter_map(|point| {
        let run = match point.quantity {
            Quantity::NaturalFlow => &report.natural,
            _ => &report.run,
        };
        let value = simulated(run, point)?;
        let name = format!(
            "{} {} {}",
            point.statistic.word(),
            point.quantity.word(),
            point.period
        );
        Some(Row {
            indicator: name.replace('_', " "),
            place: &point.place,
            value,
            unit: point.quantity.unit(),
            published: Some(point.value),
            source: &point.source,
        })
    });
    Table::of(&SUMMARY, own.chain(published))
}

#[derive(Serialize)]
struct ComparisonRow<'a> {
    scenario: &'a str,
    indicator: &'a str,
    place: &'a str,
    value: f64,
    unit: &'a str,
    difference: Option<f64>,
}

/// The indicators of several runs, each with its difference from the first run.
pub fn comparison(reports: &[(String, Vec<Indicator>)]) -> Table {
    let first = reports
        .first()
        .map_or(&[][..], |(_, indicators)| indicators);
    // By name: a reservoir that never works in one run has no figure there.
    let of_first = |wanted: &Indicator| {
        let same = |own: &&Indicator| own.name == wanted.name && own.place == wanted.place;
        first.iter().find(same).map(|own| own.value)
    };
    let rows = reports.iter().flat_map(|(scenario, indicators)| {
        indicators.iter().map(move |indicator| ComparisonRow {
            scenario,
            indicator: &indicator.name,
            place: &indicator.place,
            value: indicator.value,
            unit: indicator.unit,
            difference: of_first(indicator).map(|first| indicator.value - first),
        })
    });
    Table::of(&COMPARISON, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indicator(name: &str, value: f64) -> Indicator {
        Indicator {
            name: name.to_owned(),
            place: "Lake".to_owned(),
            value,
            unit: "m",
        }
    }

    #[test]
    fn runs_are_compared_by_name_and_not_by_place_in_the_list() {
        let first = vec![indicator("a", 1.0), indicator("c", 3.0)];
        let other = vec![indicator("b", 20.0), indicator("c", 30.0)];
        let table = comparison(&[("one".to_owned(), first), ("two".to_owned(), other)]);
        let text = String::from_utf8(table.csv).expect("UTF-8");
        let rows: Vec<&str> = text.lines().skip(3).collect();
        assert_eq!(rows, ["two,b,Lake,20.0,m,", "two,c,Lake,30.0,m,27.0"]);
    }
}
