//! The shipped baseline beside what is known of the past. The table is printed: `cargo test --test
//! history -- --nocapture`.
//!
//! Flows are reconstructed from published means, so that gauges check the wiring; levels and fluxes of
//! the lakes check the balance. Parameters of the lakes saw nothing after 1987.

use std::path::Path;
use std::sync::OnceLock;

use rivershare::metrics::published::simulated;
use rivershare::model::Model;
use rivershare::observations::{Observation, Quantity, Statistic};
use rivershare::outputs::tables::{LakeYear, years_of};
use rivershare::results::{Run, simulate};
use rivershare::time::Month;

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| Model::load(Path::new("inputs"), &[]).expect("the inputs are sound"))
}

fn run(scenario: &str) -> &'static Run<'static> {
    static RUNS: OnceLock<[Run<'static>; 2]> = OnceLock::new();
    let simulated = |name: &str| {
        let model = model();
        simulate(model, Path::new("inputs"), &model.scenarios[name]).expect("every balance closes")
    };
    let runs = RUNS.get_or_init(|| [simulated("baseline"), simulated("natural")]);
    &runs[usize::from(scenario == "natural")]
}

/// Mean flow at a place over whole years, m³/s.
fn mean_flow(scenario: &str, place: &str, years: std::ops::RangeInclusive<i32>) -> f64 {
    let run = run(scenario);
    let node = run.network.node(place).expect("a place of the network");
    let (mut volume, mut seconds) = (0.0, 0.0);
    for (step, month) in run.months().iter().enumerate() {
        if years.contains(&month.year()) {
            volume += run.flow_m3s(step, node) * month.seconds();
            seconds += month.seconds();
        }
    }
    volume / seconds
}

fn lake_years(scenario: &str, lake: &str) -> Vec<LakeYear> {
    let run = run(scenario);
    let node = run.network.node(lake).expect("a lake of the network");
    let storage = run.storage_at(node).expect("a lake");
    years_of(
        run.months(),
        (0..run.months().len()).map(|step| run.lake(step, storage)),
    )
}

fn near(what: &str, value: f64, published: f64, percent: f64) {
    let off = 100.0 * (value / published - 1.0);
    assert!(
        off.abs() <= percent,
        "{what}: {value:.2} against {published} is {off:+.1} %"
    );
}

#[test]
fn table_of_all_published_figures() {
    println!(
        "{:<41}{:<15}{:<9}{:<18}{:>10}{:>10}{:>8}",
        "place", "quantity", "", "period", "published", "run", "off %"
    );
    let mut covered = 0;
    for point in &model().observations {
        let scenario = if point.quantity == Quantity::NaturalFlow {
            "natural"
        } else {
            "baseline"
        };
        let Some(value) = simulated(run(scenario), point) else {
            continue;
        };
        covered += 1;
        println!(
            "{:<41}{:<15}{:<9}{:<18}{:>10.2}{:>10.2}{:>8.1}",
            point.place,
            point.quantity.word(),
            point.statistic.word(),
            point.period.to_string(),
            point.value,
            value,
            100.0 * (value / point.value - 1.0),
        );
    }
    assert!(
        covered > 30,
        "only {covered} published figures lie within the baseline"
    );
}

/// Published mean flows of one gauge by period.
fn means_of(place: &str) -> impl Iterator<Item = &'static Observation> {
    model().observations.iter().filter(move |point| {
        point.place == place
            && point.quantity == Quantity::Flow
            && point.statistic == Statistic::Mean
    })
}

#[test]
fn the_ili_at_three_gauges_by_period() {
    for place in [
        "Ili 171 km above Kapchagay",
        "Ili below Kapchagay",
        "Ushzharma",
    ] {
        let mut periods = 0;
        for point in means_of(place) {
            let value = simulated(run("baseline"), point).expect("within the baseline");
            near(
                &format!("{place} {}", point.period),
                value,
                point.value,
                5.0,
            );
            periods += 1;
        }
        assert_eq!(periods, 5, "{place}");
    }
}

#[test]
fn balkhash_inflow_and_evaporation() {
    let years = lake_years("baseline", "Balkhash");
    let sum_1961_2020 = |of: fn(&LakeYear) -> f64| {
        let known = years.iter().filter(|year| year.year <= 2020);
        known.map(of).sum::<f64>() / 60.0 / 1000.0
    };
    near(
        "evaporation 1961–2020",
        sum_1961_2020(|year| year.sums.evaporation),
        17.95,
        7.0,
    );
    near(
        "precipitation 1961–2020",
        sum_1961_2020(|year| year.sums.precipitation),
        3.35,
        7.0,
    );
    near(
        "river inflow 1961–2020",
        sum_1961_2020(|year| year.sums.river_inflow),
        14.04,
        7.0,
    );
    // No mean of 1961–87 is published: the inflow that the fall of 41.1 km³ from 1961 to 1987 leaves
    // room for is 17.95 − 3.35 − 0.52 − 41.1/26 = 12.5 km³ a year.
    let before: Vec<&LakeYear> = years.iter().filter(|year| year.year <= 1987).collect();
    let inflow = before
        .iter()
        .map(|year| year.sums.river_inflow)
        .sum::<f64>()
        / 27.0
        / 1000.0;
    near("river inflow 1961–87", inflow, 12.5, 7.0);
    let lowest = years
        .iter()
        .filter(|year| year.year <= 2020)
        .min_by(|left, right| left.sums.river_inflow.total_cmp(&right.sums.river_inflow))
        .expect("years");
    assert!(
        (1970..=1986).contains(&lowest.year),
        "lowest inflow in {}",
        lowest.year
    );
}

#[test]
fn balkhash_levels_of_1970_and_1987() {
    let years = lake_years("baseline", "Balkhash");
    let level = |year: i32| {
        years
            .iter()
            .find(|row| row.year == year)
            .expect("a year")
            .level_m
    };
    assert!(
        (level(1970) - 343.0).abs() <= 0.3,
        "1970: {:.2} m",
        level(1970)
    );
    let lowest = years
        .iter()
        .min_by(|l, r| l.level_m.total_cmp(&r.level_m))
        .expect("years");
    assert!(
        (1985..=1989).contains(&lowest.year),
        "lowest in {}",
        lowest.year
    );
    assert!(
        (lowest.level_m - 340.6).abs() <= 0.3,
        "{:.2} m",
        lowest.level_m
    );
}

#[test]
fn balkhash_stands_higher_in_june_than_in_autumn() {
    let run = run("baseline");
    let node = run.network.node("Balkhash").expect("the lake");
    let storage = run.storage_at(node).expect("a lake");
    let mean = |wanted: &[u32]| {
        let steps: Vec<usize> = (0..run.months().len())
            .filter(|step| {
                let month = run.months()[*step];
                (1970..=2020).contains(&month.year()) && wanted.contains(&month.number())
            })
            .collect();
        let level = |step: &usize| {
            let lake = run.lake(*step, storage);
            0.5 * (lake.start_level_m + lake.end_level_m)
        };
        steps.iter().map(level).sum::<f64>() / steps.len() as f64
    };
    let course = mean(&[6]) - mean(&[9, 10, 11, 12]);
    assert!(
        (course - 0.3).abs() <= 0.15,
        "June above autumn by {course:.2} m"
    );
}

#[test]
fn the_irtysh_from_the_border_to_shulba() {
    near(
        "Boran 1961–87",
        mean_flow("baseline", "Boran", 1961..=1987),
        298.0,
        5.0,
    );
    let ust = mean_flow("baseline", "Ust-Kamenogorsk gauge", 1968..=1987);
    near("Ust-Kamenogorsk 1968–87", ust, 590.0, 8.0);
    near(
        "Semey 1968–87",
        mean_flow("baseline", "Semey", 1968..=1987),
        860.0,
        8.0,
    );
    // Published for 1937–79, mostly before the reservoirs: the natural run over all its years.
    near(
        "Shulba, natural",
        mean_flow("natural", "Shulba gauge", 1961..=2023),
        922.0,
        8.0,
    );
}

#[test]
fn alakol_stays_near_its_published_level() {
    // One constant was closed on the long balance; the level must then stay near 348 m.
    for year in lake_years("baseline", "Alakol") {
        assert!(
            (year.level_m - 348.0).abs() < 1.5,
            "{}: {:.2} m",
            year.year,
            year.level_m
        );
    }
}

#[test]
fn the_baseline_covers_1961_to_2023() {
    let run = run("baseline");
    assert_eq!(run.months()[0], Month::new(1961, 1));
    assert_eq!(run.months().last(), Some(&Month::new(2023, 12)));
}
