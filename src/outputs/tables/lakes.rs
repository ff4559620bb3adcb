//! Balances of lakes, their bodies and reservoirs.

use serde::Serialize;

use crate::outputs::catalogue::{LAKE_DRAWS, LAKE_INFLOWS, LAKE_MONTHS, LAKE_SETS, LAKE_YEARS};
use crate::outputs::report::Report;
use crate::outputs::table::Table;
use crate::results::{LakeStep, Run, Salt};
use crate::time::Month;
use crate::units::HM3_PER_KM3;

#[derive(Serialize)]
struct LakeRow<'a, T> {
    time: T,
    lake: &'a str,
    level_m: f64,
    start_level_m: f64,
    end_level_m: f64,
    area_km2: f64,
    river_inflow_km3: f64,
    precipitation_km3: f64,
    groundwater_km3: f64,
    evaporation_km3: f64,
    outflow_km3: f64,
    storage_change_km3: f64,
    residual_km3: f64,
    natural_level_m: f64,
    natural_river_inflow_km3: f64,
    salinity_g_per_l: Option<f64>,
    #[serde(rename = "salt_Mt")]
    salt_mt: Option<f64>,
}

/// The balance of a lake over some months: sums of fluxes, means of level and area by days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LakeYear {
    /// The year.
    pub year: i32,
    /// Sums of the fluxes and the ends, hm³; `area_km2` is the mean.
    pub sums: LakeStep,
    /// Mean level, m.
    pub level_m: f64,
    /// Salt at the end, where it is followed.
    pub salt: Option<Salt>,
    days: f64,
}

impl LakeYear {
    fn start(month: Month, first: &LakeStep) -> Self {
        let LakeStep {
            start,
            start_level_m,
            ..
        } = *first;
        let sums = LakeStep {
            start,
            start_level_m,
            ..LakeStep::default()
        };
        Self {
            year: month.year(),
            sums,
            ..Self::default()
        }
    }

    fn add(&mut self, month: Month, step: &LakeStep) {
        let days = f64::from(month.days());
        let level = 0.5 * (step.start_level_m + step.end_level_m);
        let weighted = |mean: f64, new: f64| (mean * self.days + new * days) / (self.days + days);
        self.level_m = weighted(self.level_m, level);
        self.sums.area_km2 = weighted(self.sums.area_km2, step.area_km2);
        self.days += days;
        self.sums.end = step.end;
        self.sums.end_level_m = step.end_level_m;
        self.sums.river_inflow += step.river_inflow;
        self.sums.precipitation += step.precipitation;
        self.sums.groundwater += step.groundwater;
        self.sums.evaporation += step.evaporation;
        self.sums.outflow += step.outflow;
    }
}

/// The balances of a lake by calendar year; `steps` are those of the run's months in order.
pub fn years_of(months: &[Month], steps: impl Iterator<Item = LakeStep>) -> Vec<LakeYear> {
    let mut years: Vec<LakeYear> = Vec::new();
    for (month, step) in months.iter().zip(steps) {
        if years.last().is_none_or(|year| year.year != month.year()) {
            years.push(LakeYear::start(*month, &step));
        }
        if let Some(year) = years.last_mut() {
            year.add(*month, &step);
        }
    }
    years
}

/// A lake, body or reservoir: its name and how to find it in a run.
struct Place<'a> {
    name: &'a str,
    storage: usize,
    body: Option<usize>,
}

impl Place<'_> {
    fn salt(&self, run: &Run, step: usize) -> Option<Salt> {
        run.salt(step, self.storage, self.body)
    }

    fn step(&self, run: &Run, step: usize) -> LakeStep {
        match self.body {
            None => run.lake(step, self.storage),
            Some(body) => run.bodies(step, self.storage)[body],
        }
    }
}

fn places<'a>(report: &Report<'a>) -> Vec<Place<'a>> {
    let network = report.network();
    let storages = network.storages().enumerate();
    storages
        .flat_map(|(storage, (node, row))| {
            let whole = Place {
                name: &network.nodes[node].name,
                storage,
                body: None,
            };
            let bodies = row.bodies.iter().enumerate();
            let bodies = bodies.map(move |(at, body)| Place {
                name: &body.name,
                storage,
                body: Some(at),
            });
            std::iter::once(whole).chain(bodies)
        })
        .collect()
}

fn row<'a, T>(time: T, lake: &'a str, year: &LakeYear, natural: &LakeYear) -> LakeRow<'a, T> {
    let sums = &year.sums;
    LakeRow {
        time,
        lake,
        level_m: year.level_m,
        start_level_m: sums.start_level_m,
        end_level_m: sums.end_level_m,
        area_km2: sums.area_km2,
        river_inflow_km3: sums.river_inflow / HM3_PER_KM3,
        precipitation_km3: sums.precipitation / HM3_PER_KM3,
        groundwater_km3: sums.groundwater / HM3_PER_KM3,
        evaporation_km3: sums.evaporation / HM3_PER_KM3,
        outflow_km3: sums.outflow / HM3_PER_KM3,
        storage_change_km3: (sums.end - sums.start) / HM3_PER_KM3,
        residual_km3: sums.residual() / HM3_PER_KM3,
        natural_level_m: natural.level_m,
        natural_river_inflow_km3: natural.sums.river_inflow / HM3_PER_KM3,
        salinity_g_per_l: year.salt.and_then(|salt| salt.g_per_l),
        salt_mt: year.salt.map(|salt| salt.mt),
    }
}

pub(super) fn months(report: &Report) -> Table {
    let months = report.run.months();
    let places = places(report);
    let rows = months.iter().enumerate().flat_map(|(step, month)| {
        places.iter().map(move |place| {
            let of = |run: &Run| {
                let balance = place.step(run, step);
                let mut one = LakeYear::start(*month, &balance);
                one.add(*month, &balance);
                one.salt = place.salt(run, step);
                one
            };
            row(
                month.to_string(),
                place.name,
                &of(&report.run),
                &of(&report.natural),
            )
        })
    });
    Table::of(&LAKE_MONTHS, rows)
}

pub(super) fn years(report: &Report) -> Table {
    let steps = 0..report.run.months().len();
    let of = |run: &Run, place: &Place| {
        let mut years = years_of(
            run.months(),
            steps.clone().map(|step| place.step(run, step)),
        );
        for (step, month) in run.months().iter().enumerate() {
            if let Some(year) = years.iter_mut().find(|year| year.year == month.year()) {
                year.salt = place.salt(run, step);
            }
        }
        years
    };
    let places = places(report);
    let rows = places.iter().flat_map(|place| {
        let pairs = of(&report.run, place)
            .into_iter()
            .zip(of(&report.natural, place));
        pairs
            .map(|(year, natural)| row(year.year, place.name, &year, &natural))
            .collect::<Vec<_>>()
    });
    Table::of(&LAKE_YEARS, rows)
}

#[derive(Serialize)]
struct InflowRow<'a> {
    year: i32,
    lake: &'a str,
    river: &'a str,
    inflow_km3: f64,
}

pub(super) fn inflows(report: &Report) -> Table {
    let (network, run) = (report.network(), &report.run);
    let links = (0..network.links.len())
        .filter(|link| network.nodes[network.ends[*link].to].storage().is_some());
    let rows = links.flat_map(|link| {
        let ends = network.ends[link];
        let storage = network.nodes[ends.to].storage();
        let body = ends.body.and_then(|body| storage?.bodies.get(body));
        let lake = body.map_or(&network.nodes[ends.to].name, |body| &body.name);
        let mut rows: Vec<InflowRow> = Vec::new();
        for (step, month) in run.months().iter().enumerate() {
            if rows.last().is_none_or(|row| row.year != month.year()) {
                let river = &network.nodes[ends.from].name;
                rows.push(InflowRow {
                    year: month.year(),
                    lake,
                    river,
                    inflow_km3: 0.0,
                });
            }
            if let Some(row) = rows.last_mut() {
                row.inflow_km3 += run.record.leaves[[step, link]] / HM3_PER_KM3;
            }
        }
        rows
    });
    Table::of(&LAKE_INFLOWS, rows)
}

#[derive(Serialize)]
struct DrawRow<'a> {
    year: i32,
    lake: &'a str,
    draw: &'a str,
    level_m: f64,
}

pub(super) fn draws(report: &Report) -> Table {
    let own = std::iter::once(("flow", &report.run));
    let others = report.draws.iter().map(|(name, run)| (name.as_str(), run));
    let places: Vec<Place> = places(report)
        .into_iter()
        .filter(|p| p.body.is_none())
        .collect();
    let rows = own.chain(others).flat_map(|(draw, run)| {
        let of_place = |place: &Place| {
            let steps = (0..run.months().len()).map(|step| run.lake(step, place.storage));
            years_of(run.months(), steps)
        };
        let rows = places.iter().flat_map(|place| {
            let (years, lake) = (of_place(place), place.name);
            years.into_iter().map(move |y| DrawRow {
                year: y.year,
                lake,
                draw,
                level_m: y.level_m,
            })
        });
        rows.collect::<Vec<_>>()
    });
    Table::of(&LAKE_DRAWS, rows)
}

#[derive(Serialize)]
struct SetRow<'a> {
    year: i32,
    lake: &'a str,
    set: usize,
    level_m: f64,
}

pub(super) fn sets(report: &Report) -> Table {
    let places: Vec<Place> = places(report)
        .into_iter()
        .filter(|place| place.body.is_none())
        .collect();
    let months = report.run.months();
    let rows = report
        .sets
        .sets
        .iter()
        .enumerate()
        .flat_map(|(set, courses)| {
            let of_place = |place: &Place| {
                let steps = courses[place.storage]
                    .iter()
                    .map(|[start_level_m, end_level_m]| LakeStep {
                        start_level_m: *start_level_m,
                        end_level_m: *end_level_m,
                        ..LakeStep::default()
                    });
                years_of(months, steps)
            };
            let rows = places.iter().flat_map(|place| {
                let (years, lake) = (of_place(place), place.name);
                years.into_iter().map(move |year| SetRow {
                    year: year.year,
                    lake,
                    set: set + 1,
                    level_m: year.level_m,
                })
            });
            rows.collect::<Vec<_>>()
        });
    Table::of(&LAKE_SETS, rows)
}
