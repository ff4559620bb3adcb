//! The hand-written loop of the reference network under its own definition, and the folder that is
//! written for it.

#[path = "../../examples/reference_network/measured/mod.rs"]
mod measured;

mod golden;

use measured::definition::{
    EVAPORATION, IRRIGATION_FACTOR, LAKE_AREA, LAKE_START, UPSTREAM_FACTOR, WRITTEN,
};
use measured::floor::{Floor, LAKE, RIVER_SERIES, RIVERS, SERIES, factor};
use measured::{defined, definition, engine, ensemble, folder, inflows, subject};
use rivershare::time::Period;

fn years(text: &str) -> Period {
    text.parse().expect("a period")
}

/// The network over ten years, which holds leap years, spills and empty reservoirs.
fn ten_years() -> Floor {
    let period = years("1901-01..1910-12");
    defined::floor(period, inflows::inflows(inflows::SEED, period))
}

/// Every series of a member, one row a step.
fn series_of(floor: &Floor, factor: f64) -> Vec<[f64; SERIES]> {
    let mut rows = ensemble::buffer::<1>(floor);
    floor.record(&[factor], &mut rows);
    rows.iter().map(|row| row.map(|lanes| lanes[0])).collect()
}

/// The definition step by step, by dictionaries of plain numbers and the library's `min` and `max`: none
/// of the loop's types, order or constants.
fn transcription(inflow: &[[f64; RIVERS]], months: &[usize], f: f64) -> Vec<[f64; SERIES]> {
    // U, M, Vmax, Vdead, V0, a0, a1, T, I, E, rho
    let table: [[f64; 11]; 3] = [
        [
            80.0, 60.0, 48e3, 4.8e3, 28.8e3, 1.0, 5e-4, 50.0, 220.0, 40.0, 0.25,
        ],
        [
            50.0, 35.0, 30e3, 3.0e3, 18.0e3, 0.8, 6e-4, 35.0, 140.0, 25.0, 0.25,
        ],
        [
            40.0, 20.0, 12e3, 1.2e3, 7.20e3, 0.5, 8e-4, 25.0, 100.0, 15.0, 0.20,
        ],
    ];
    let upstream = [0.3, 0.3, 0.5, 0.8, 1.0, 1.2, 1.2, 1.1, 0.8, 0.5, 0.3, 0.3];
    let irrigation = [0.0, 0.0, 0.1, 0.6, 1.4, 2.0, 2.2, 1.8, 0.9, 0.3, 0.0, 0.0];
    let evaporation = [1.0, 1.5, 2.5, 4.0, 5.0, 6.0, 6.5, 6.0, 4.5, 3.0, 1.5, 1.0];
    let mut volume = table.map(|row| row[4]);
    let mut lake: f64 = 500_000.0;
    let mut rows = Vec::new();
    for (q, month) in inflow.iter().zip(months) {
        let mut row = Vec::new();
        let mut ends: f64 = 0.0;
        for r in 0..3 {
            let [uk, m, vmax, vdead, _, a0, a1, t, ik, env, rho] = table[r];
            let (uk, ik) = (uk * upstream[*month], ik * irrigation[*month]);
            let q = f * q[r];
            let u = uk.min((q - m).max(0.0));
            let e = (evaporation[*month] * (a0 + a1 * volume[r])).min(volume[r] - vdead);
            let x = volume[r] + (q - u) - e;
            let rel = (t + ik + env).min(x - vdead).max(x - vmax);
            volume[r] = x - rel;
            let town = t.min(rel);
            let fields = ik.min(rel - town);
            let rest = rel - town - fields;
            ends += rest + rho * fields;
            row.extend([q, u, q - u, volume[r], e, town, fields, rest, rho * fields]);
            row.push(rest + rho * fields);
        }
        let e = (evaporation[*month] * (50.0 + 4e-4 * lake)).min(lake);
        lake = lake + ends - e;
        row.push(lake);
        rows.push(row.try_into().expect("31 series"));
    }
    rows
}

#[test]
fn every_step_is_that_of_the_definition() {
    let floor = ten_years();
    let months: Vec<usize> = floor
        .month_of_step
        .iter()
        .map(|m| usize::from(*m))
        .collect();
    for f in [0.5, 1.0, 1.5] {
        let expected = transcription(&floor.inflow, &months, f);
        for (step, (found, expected)) in series_of(&floor, f).iter().zip(&expected).enumerate() {
            for (series, (found, expected)) in found.iter().zip(expected).enumerate() {
                // The sum at the lake is taken in another order; all else is the same to rounding.
                let bound = 1e-9 * expected.abs().max(1.0);
                assert!(
                    (found - expected).abs() <= bound,
                    "step {step}, series {series}: {found} in place of {expected}"
                );
            }
        }
    }
}

/// The first day of river 1 by hand: January, inflow 100.
#[test]
fn the_first_day_of_river_1_by_hand() {
    let day = defined::floor(years("1901-01..1901-01"), vec![[100.0, 0.0, 0.0]]);
    let row = series_of(&day, 1.0)[0];
    // The user asks for 24 and 40 pass the minimum flow; 15.4 km² evaporate 1 mm; town 50 and
    // environment 40 are released.
    let expected = [
        100.0, 24.0, 76.0, 28_770.6, 15.4, 50.0, 0.0, 40.0, 0.0, 40.0,
    ];
    for (found, expected) in row.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }
    // Rivers 2 and 3 release 25 and 15 past their towns; 250 km² of lake evaporate 1 mm.
    assert!((row[LAKE] - (500_000.0 + 40.0 + 25.0 + 15.0 - 250.0)).abs() < 1e-9);
}

fn same_bits(floor: &Floor, factors: &[f64], threads: usize) {
    for (member, sums) in ensemble::sums(floor, factors, threads).iter().enumerate() {
        let alone = floor.sums(&[factors[member]]);
        for (series, (sum, alone)) in sums.iter().zip(alone).enumerate() {
            let place = format!("member {member} of {}, series {series}", factors.len());
            assert_eq!(sum.to_bits(), alone[0].to_bits(), "{place}");
        }
    }
}

#[test]
fn a_member_is_the_same_to_the_last_bit_alone_in_lanes_and_on_threads() {
    let floor = ten_years();
    for members in [1, 2, 7, 8, 9, 16, 31, 33, 96] {
        let factors = ensemble::factors(members);
        same_bits(&floor, &factors, 1);
        same_bits(&floor, &factors, 3);
    }
}

#[test]
fn recorded_series_are_the_same_in_lanes_and_add_up_to_the_sums() {
    let floor = ten_years();
    let factors: [f64; 16] = std::array::from_fn(|member| factor(member, 16));
    let mut rows = ensemble::buffer::<16>(&floor);
    floor.record(&factors, &mut rows);
    let sums = floor.sums(&factors);
    for (lane, factor) in factors.iter().enumerate() {
        let alone = series_of(&floor, *factor);
        let mut total = [0.0; SERIES];
        for (row, alone) in rows.iter().zip(&alone) {
            for series in 0..SERIES {
                assert_eq!(row[series][lane].to_bits(), alone[series].to_bits());
                total[series] += row[series][lane];
            }
        }
        for series in 0..SERIES {
            assert_eq!(total[series].to_bits(), sums[series][lane].to_bits());
        }
    }
}

#[test]
fn the_water_of_the_whole_network_closes() {
    let floor = ten_years();
    for f in [0.5, 1.0, 1.5] {
        let rows = series_of(&floor, f);
        let sum = |k: usize| -> f64 {
            let rivers = (0..RIVERS).map(|r| r * RIVER_SERIES + k);
            rivers
                .map(|s| rows.iter().map(|row| row[s]).sum::<f64>())
                .sum()
        };
        let (mut lake, mut lake_evaporation) = (LAKE_START, 0.0);
        for (row, month) in rows.iter().zip(&floor.month_of_step) {
            let area = LAKE_AREA.base + LAKE_AREA.slope * lake;
            lake_evaporation += (EVAPORATION[usize::from(*month)] * area).min(lake);
            lake = row[LAKE];
        }
        let last = rows.last().expect("steps");
        let stored: f64 = (0..RIVERS).map(|r| last[r * RIVER_SERIES + 3]).sum();
        let before: f64 = WRITTEN.iter().map(|river| river.start).sum();
        let growth = stored - before + lake - LAKE_START;
        let used = sum(1) + sum(5) + sum(6) - sum(8);
        let formed: f64 = floor.inflow.iter().flatten().map(|q| f * q).sum();
        let out = used + sum(4) + lake_evaporation + growth;
        assert!((formed - out).abs() < 1e-9 * formed, "{formed} {out}");
    }
}

#[test]
fn the_network_knows_plenty_and_want() {
    let floor = ten_years();
    let (dry, wet) = (series_of(&floor, 0.5), series_of(&floor, 1.5));
    for (r, river) in WRITTEN.iter().enumerate() {
        let (storage, irrigation) = (r * RIVER_SERIES + 3, r * RIVER_SERIES + 6);
        let emptied = dry.iter().any(|row| row[storage] <= river.dead * 1.0001);
        let filled = wet.iter().any(|row| row[storage] >= river.full * 0.9999);
        assert!(emptied && filled, "river {}", r + 1);
        let july = river.irrigation * IRRIGATION_FACTOR[6];
        assert!(dry.iter().all(|row| row[irrigation] <= july));
        let upstream = river.upstream * UPSTREAM_FACTOR[6];
        assert!(wet.iter().all(|row| row[r * RIVER_SERIES + 1] <= upstream));
    }
}

#[test]
fn inflows_have_the_means_season_and_memory_of_the_definition() {
    let period = definition::period();
    let days = inflows::inflows(inflows::SEED, period);
    assert_eq!(days.len(), 36_525);
    for (r, river) in WRITTEN.iter().enumerate() {
        let count = days.len() as f64;
        let mean = days.iter().map(|day| day[r]).sum::<f64>() / count;
        assert!((mean / river.inflow - 1.0).abs() < 1e-12, "{mean}");
        let mut seasons = vec![0.0; 366];
        for (day, flow) in day_of_year(period).zip(&days) {
            seasons[day] += flow[r];
        }
        // The centre of the season by its first harmonic, which is precise to some days in 100 years.
        let angle = |day: usize| 2.0 * std::f64::consts::PI * (day + 1) as f64 / 365.25;
        let part =
            |of: fn(f64) -> f64| -> f64 { (0..365).map(|day| of(angle(day)) * seasons[day]).sum() };
        let peak =
            libm::atan2(part(libm::sin), part(libm::cos)) * 365.25 / (2.0 * std::f64::consts::PI);
        assert!((peak - river.peak).abs() < 6.0, "peak {peak}");
        let logs: Vec<f64> = deseasoned(&days, period, r);
        let (mut product, mut square) = (0.0, 0.0);
        for pair in logs.windows(2) {
            product += pair[0] * pair[1];
            square += pair[0] * pair[0];
        }
        assert!(
            (product / square - 0.97).abs() < 0.005,
            "{}",
            product / square
        );
    }
}

/// Place of each day in its year, from 0.
fn day_of_year(period: Period) -> impl Iterator<Item = usize> {
    let years = period.first.year()..=period.last.year();
    years.flat_map(|year| 0..rivershare::time::days_in_year(year) as usize)
}

/// Logarithms of a river's inflow without the mean of each day of the year.
fn deseasoned(days: &[[f64; RIVERS]], period: Period, river: usize) -> Vec<f64> {
    let (mut sums, mut counts) = (vec![0.0; 366], vec![0.0; 366]);
    for (day, flow) in day_of_year(period).zip(days) {
        sums[day] += libm::log(flow[river]);
        counts[day] += 1.0;
    }
    let days = day_of_year(period).zip(days);
    days.map(|(day, flow)| libm::log(flow[river]) - sums[day] / counts[day])
        .collect()
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let period = years("1901-01..1901-03");
    let write = |seed| {
        let folder = tempfile::tempdir().expect("a folder");
        let inflow = inflows::inflows(seed, period);
        folder::write(folder.path(), period, &inflow).expect("written");
        let file = folder.path().join("basins/reference/inflow_2.csv");
        std::fs::read_to_string(file).expect("a series")
    };
    assert_eq!(write(7), write(7));
    assert_ne!(write(7), write(8));
    assert_eq!(write(7).lines().count(), 3 + 90);
}

/// The network over ten years, through files, loader and plan.
fn loaded() -> subject::Subject {
    let period = years("1901-01..1910-12");
    subject::Subject::generated(period, inflows::SEED).expect("the network loads")
}

#[test]
fn the_figures_of_the_plan_are_those_of_the_definition() {
    let factors = ensemble::factors(3);
    let planned = ensemble::sums(&loaded().floor, &factors, 1);
    let defined = ensemble::sums(&ten_years(), &factors, 1);
    for (planned, defined) in planned.iter().flatten().zip(defined.iter().flatten()) {
        // hm³ beside ML.
        let bound = 1e-9 * defined.max(1.0);
        assert!(
            (planned * 1000.0 - defined).abs() < bound,
            "{planned} {defined}"
        );
    }
}

#[test]
fn the_engine_is_the_loop_written_by_hand() {
    let subject = loaded();
    let factors = ensemble::factors(5);
    let manner = engine::Manner {
        lanes: Some(4),
        threads: 2,
    };
    let outcome = engine::sums(&subject.network, &subject.plan, &factors, manner);
    let found = outcome.expect("every series has a place").sums;
    let expected = ensemble::sums(&subject.floor, &factors, 1);
    for series in 0..SERIES {
        let scale = expected.iter().map(|sums| sums[series]).fold(0.0, f64::max);
        for (found, expected) in found.iter().zip(&expected) {
            let differs = (found[series] - expected[series]).abs();
            assert!(
                differs <= 1e-11 * scale,
                "series {series}: {differs} of {scale}"
            );
        }
    }
}

#[test]
fn another_network_is_refused_in_words() {
    let refused = |inputs: &str| {
        let loaded = subject::Subject::load(std::path::Path::new(inputs));
        loaded.err().expect("refused").to_string()
    };
    assert_eq!(
        refused("tests/golden/two-parties/inputs"),
        "tests/golden/two-parties/inputs: not the reference network: it has [7, 6, 2, 1, 2, 0] nodes, links, \
         users, minimum flows, storages and zones in place of [28, 27, 9, 6, 4, 0]"
    );
}
