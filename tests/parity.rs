//! What other engines for water allocation compute as well: small rivers whose numbers are worked out by
//! hand in the comment at the head of each `tests/golden/*/inputs/basins/river/network.toml`.
//!
//! `tests/golden.rs` holds all tables of the same folders to the byte.

mod support;

use std::path::Path;

use rivershare::model::Model;
use rivershare::results::simulate;
use support::{Outcome, same};

/// Runs the baseline of a golden case; of a run by days its days.
fn run(case: &str) -> Outcome {
    let inputs = Path::new("tests/golden").join(case).join("inputs");
    let model = Model::load(&inputs, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let run = simulate(&model, &inputs, &model.scenarios["baseline"]).expect("it closes");
    let computed = run.computed();
    Outcome {
        network: run.network.clone(),
        plan: computed.plan.clone(),
        record: computed.record.clone(),
    }
}

/// What a user gets in each step, hm³.
fn gets(run: &Outcome, user: &str, expected: &[f64]) {
    for (step, expected) in expected.iter().enumerate() {
        same(run.delivered(step, user), *expected);
    }
}

/// What comes to a node in each step, hm³.
fn comes(run: &Outcome, node: &str, expected: &[f64]) {
    for (step, expected) in expected.iter().enumerate() {
        same(run.comes(step, node), *expected);
    }
}

/// What a storage holds at the end of each step, hm³.
fn holds(run: &Outcome, storage: &str, expected: &[f64]) {
    for (step, expected) in expected.iter().enumerate() {
        same(run.storage(step, storage), *expected);
    }
}

#[test]
fn two_users_and_a_minimum_flow_between_them() {
    let run = run("minimum-flow");
    gets(&run, "Upper fields", &[6.0 * 30.0, 31.0, 0.0]);
    gets(&run, "Lower fields", &[60.0, 62.0, 60.0]);
    comes(&run, "Gauge", &[120.0, 124.0, 90.0]);
    comes(&run, "Mouth", &[60.0, 62.0, 30.0]);
    for (step, kept) in [120.0, 124.0, 90.0].into_iter().enumerate() {
        same(run.kept(step, "Fish").0, kept);
    }
}

#[test]
fn a_reservoir_spills_over_its_rating_under_rain_and_evaporation() {
    let run = run("rated-reservoir");
    let mut start = 400.0;
    for (step, days, release) in [(0, 30.0, 30.0), (1, 31.0, 0.0)] {
        let (q, a, b) = (days, -0.01_f64, 0.5 * days / 30.0);
        let (rate, c) = (a - b, 300.0 * b + q - release);
        let steady = -c / rate;
        let mean = steady + (start - steady) * (libm::exp(rate) - 1.0) / rate;
        let over = b * (mean - 300.0);
        let grows = (libm::exp(a) - 1.0) / a;
        let end = start * libm::exp(a) + (q - over) * grows;
        same(run.release(step, "Reservoir"), over);
        same(run.storage(step, "Reservoir"), end);
        same(run.comes(step, "Mouth"), over);
        // All that did not flow is rain less evaporation: −20 ÷ 100 and 120 ÷ 100 of it.
        let net = end - start - q + over;
        same(run.record.rain[[step, 0]], -0.2 * net);
        same(run.record.evaporation[[step, 0]], -1.2 * net);
        start = end;
    }
}

#[test]
fn three_users_share_at_a_node() {
    let run = run("proportional-sharing");
    gets(&run, "First", &[30.0, 1.5 * 31.0]);
    gets(&run, "Second", &[15.0, 0.75 * 31.0]);
    gets(&run, "Third", &[15.0, 0.75 * 31.0]);
    comes(&run, "Mouth", &[0.0, 0.0]);
}

#[test]
fn links_lose_a_fraction_and_flats_by_a_table() {
    let run = run("losses");
    for (step, days) in [30.0, 31.0].into_iter().enumerate() {
        same(run.comes(step, "Head"), 9.0 * days);
        same(run.delivered(step, "Fields"), 2.0 * days);
        let canal = run.link("Head", "Canal end");
        same(run.record.enters[[step, canal]], 2.5 * days);
        let flats = run.node("Flats");
        same(run.record.delta_loss[[step, flats]], 1.75 * days);
        same(run.comes(step, "Mouth"), 4.75 * days);
    }
}

#[test]
fn return_flow_comes_at_once_or_a_step_later() {
    let run = run("return-flow");
    for river in ["now", "later"] {
        gets(&run, &format!("Fields {river}"), &[180.0, 186.0]);
    }
    gets(&run, "City now", &[210.0, 217.0]);
    gets(&run, "City later", &[120.0, 214.0]);
    let fields = run.user("Fields later");
    same(run.record.returning[[0, fields]], 90.0);
    same(run.record.returning[[1, fields]], 93.0);
}

#[test]
fn monthly_profiles_stand_on_daily_steps() {
    let run = run("monthly-profiles");
    assert_eq!(run.plan.steps(), 61);
    for step in 0..61 {
        let (kept, delivered) = if step < 30 { (0.5, 2.0) } else { (1.0, 0.5) };
        same(run.kept(step, "Fish").0, kept);
        same(run.delivered(step, "Fields"), delivered);
        same(run.comes(step, "Mouth"), 1.0);
    }
}

#[test]
fn megalitres_beside_cubic_metres() {
    let run = run("units");
    for units in ["metric", "ML"] {
        comes(&run, &format!("Reservoir {units}"), &[259.2]);
        gets(&run, &format!("City {units}"), &[311.04]);
        holds(&run, &format!("Reservoir {units}"), &[247.56]);
        let storage = run.store(&format!("Reservoir {units}"));
        same(run.record.evaporation[[0, storage]], 0.6);
    }
}

#[test]
fn e05_e24_e25_three_ways_to_compute_evaporation() {
    let run = run("evaporation");
    let shrinks = libm::exp(-0.1);
    let exact = |start: f64, net: f64| start * shrinks + net * (1.0 - shrinks) / 0.1;
    let first = exact(200.0, -15.0);
    holds(&run, "Reservoir exact", &[first, exact(first, -15.5)]);
    holds(&run, "Reservoir start", &[165.0, 133.0]);
    let first = 185.0 / 1.1;
    holds(&run, "Reservoir end", &[first, (first - 15.5) / 1.1]);
    for ways in ["exact", "start", "end"] {
        gets(&run, &format!("City {ways}"), &[30.0, 31.0]);
    }
    holds(&run, "Reservoir limited", &[190.0, 190.0]);
    gets(&run, "City limited", &[15.0, 15.5]);
    let evaporated = |step, name| run.record.evaporation[[step, run.store(name)]];
    same(evaporated(0, "Reservoir limited"), 10.0);
    same(evaporated(1, "Reservoir limited"), 0.0);
    same(evaporated(0, "Reservoir end"), first * 0.1);
}

#[test]
fn e26_a_reach_of_two_days() {
    let run = run("travel-lag");
    let reach = run.link("Head", "Town");
    for day in 1..=28 {
        let on = |days: &[u32], value: f64, else_: f64| {
            if days.contains(&day) { value } else { else_ }
        };
        let step = day as usize - 1;
        same(run.delivered(step, "Fields"), on(&[5], 1.0, 0.0));
        same(run.comes(step, "Town"), on(&[7], 10.0, 1.0));
        same(run.delivered(step, "City"), on(&[7], 2.0, 1.0));
        same(run.comes(step, "Mouth"), on(&[7], 8.0, 0.0));
        same(run.record.transit[[step, reach]], on(&[5, 6], 11.0, 2.0));
    }
}

#[test]
fn e27_a_reach_by_muskingum() {
    let run = run("travel-muskingum");
    let reach = run.link("Spring", "Gauge");
    let (mut excess, mut stored) = (0.0, 0.0);
    for day in 1..=28 {
        excess = match day {
            1..5 => 0.0,
            5 => 10.0 / 21.0,
            6 => 2000.0 / 441.0,
            _ => excess * 11.0 / 21.0,
        };
        stored += if day == 5 { 10.0 } else { 0.0 } - excess;
        let step = day - 1;
        same(run.comes(step, "Gauge"), 1.0 + excess);
        same(run.record.transit[[step, reach]], 2.0 + stored);
    }
}

#[test]
fn a_spillway_leads_to_another_river() {
    let run = run("spillway");
    holds(&run, "Reservoir", &[100.0, 100.0]);
    comes(&run, "Town", &[6.0, 6.2]);
    comes(&run, "Old bed", &[14.0, 24.8]);
}

#[test]
fn e10_a_zone_is_withheld_from_a_class() {
    let run = run("zone");
    gets(&run, "City", &[30.0, 31.0]);
    gets(&run, "Fields", &[10.0, 0.0]);
    holds(&run, "Reservoir", &[60.0, 29.0]);
}

#[test]
fn e10_a_target_and_a_least_release_with_classes_of_their_own() {
    let run = run("storage-priority");
    gets(&run, "City", &[30.0, 31.0, 0.0]);
    gets(&run, "Fields", &[10.0, 0.0, 15.0]);
    holds(&run, "Reservoir", &[120.0, 89.0, 74.0]);
}

#[test]
fn e11_rules_of_classes() {
    let run = run("class-rules");
    for (rule, first, second) in [
        ("weights", 40.0, 20.0),
        ("shares", 15.0, 45.0),
        ("order", 40.0, 20.0),
    ] {
        gets(&run, &format!("First {rule}"), &[first]);
        gets(&run, &format!("Second {rule}"), &[second]);
    }
}
