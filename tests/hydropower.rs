//! Hydropower through the engine, beside closed forms (equations E36 to E40).

mod support;

use ndarray::Array2;
use rivershare::engine::{Record, run, run_plainly};
use rivershare::ledger::audit_energy;
use support::{Ask, Dam, Outcome, Sketch, Water};

/// Energy of a hm³ over a metre without loss: 1000 kg/m³ · 9.81 m/s² · 10⁶ m³ ÷ 3.6·10¹² J, GWh.
const GWH: f64 = 9.81e9 / 3.6e12;

/// A reservoir of 100 km² with walls of 100 m: each hm³ lifts the level by a centimetre.
fn basin(start: f64) -> Dam {
    Dam {
        full: 10_000.0,
        target: 10_000.0,
        ..Dam::holding(start)
    }
}

/// The same, which keeps its 5000 hm³, 50 m, and lets all pass.
fn steady() -> Dam {
    Dam {
        target: 5000.0,
        ..basin(5000.0)
    }
}

/// A reservoir of 20 km² with walls of 60 m that holds 50 m of water and would take more.
fn small() -> Dam {
    Dam {
        water: Water {
            knots: vec![[0.0, 0.0, 20.0, 0.0], [60.0, 1200.0, 20.0, 0.0]],
            ..Water::still(1000.0)
        },
        full: 1200.0,
        target: 1200.0,
        ..Dam::holding(1000.0)
    }
}

/// A river through a reservoir with a plant.
fn river(inflow: f64, dam: &Dam, plant: &str) -> Sketch {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", inflow);
    sketch.reservoir("lake", dam);
    sketch.outlet("sea").rivers(&["source", "lake", "sea"]);
    sketch.plant("plant", "lake", plant);
    sketch
}

/// Relative to numbers that came through m³/s, km³ and a dozen operations.
#[track_caller]
fn alike(found: f64, expected: f64) {
    let rounding = 1e-12 * expected.abs();
    assert!(
        (found - expected).abs() <= rounding,
        "{found} in place of {expected}"
    );
}

/// Text and program give the same bits.
fn the_same_bits(outcome: &Outcome) {
    assert_eq!(run(&outcome.plan), run_plainly(&outcome.plan));
}

const SIMPLE: &str =
    "capacity_mw = 10000\nturbine_m3s = 10000\ntailwater_m = 0\nefficiency = 0.9\n";

#[test]
fn e36_e37_constant_head() {
    let dam = steady();
    let outcome = river(300.0, &dam, SIMPLE).run();
    let [energy, head, turbined] = outcome.generated(0, "plant");
    alike(turbined, 300.0);
    alike(head, 50.0);
    alike(energy, 0.9 * GWH * 50.0 * 300.0);
}

#[test]
fn e36_the_head_is_that_of_the_mean_level() {
    // From 5000 to 5300 hm³ with 700 of 1000 let out by the least release: levels 50 and 53 m.
    let dam = Dam {
        least: 700.0,
        ..basin(5000.0)
    };
    let outcome = river(1000.0, &dam, SIMPLE).run();
    let [energy, head, turbined] = outcome.generated(0, "plant");
    alike(turbined, 700.0);
    alike(head, 51.5);
    alike(energy, 0.9 * GWH * 51.5 * 700.0);
}

#[test]
fn e36_the_tailwater_rises_with_the_discharge() {
    // 259.2 hm³ in 30 days are 100 m³/s: half-way from 2 to 6 m.
    let dam = steady();
    let lines =
        "capacity_mw = 10000\nturbine_m3s = 10000\ntailwater = \"tail.csv\"\nefficiency = 0.9\n";
    let mut sketch = river(259.2, &dam, lines);
    sketch.file("tail.csv", "discharge_m3s,level_m\n0,2\n200,6\n");
    let [energy, head, _] = sketch.run().generated(0, "plant");
    alike(head, 46.0);
    alike(energy, 0.9 * GWH * 46.0 * 259.2);
}

#[test]
fn e37_efficiency_by_head_and_nothing_below_the_least_head() {
    let dam = steady();
    // At 50 m half-way from 0.8 to 0.9.
    let lines = "capacity_mw = 10000\nturbine_m3s = 10000\ntailwater_m = 0\nefficiency_curve = \"part.csv\"\n";
    let mut sketch = river(300.0, &dam, lines);
    sketch.file("part.csv", "head_m,efficiency\n40,0.8\n60,0.9\n");
    alike(
        sketch.run().generated(0, "plant")[0],
        0.85 * GWH * 50.0 * 300.0,
    );
    // 50 m are too little for turbines that need 51; all goes past them.
    let lines = format!("{SIMPLE}minimum_head_m = 51\n");
    let outcome = river(300.0, &dam, &lines).run();
    assert_eq!(outcome.generated(0, "plant"), [0.0, 50.0, 0.0]);
    alike(outcome.release(0, "lake"), 300.0);
}

#[test]
fn e38_turbines_and_power_limit_what_is_generated() {
    let dam = steady();
    // 50 m³/s in 30 days are 129.6 hm³; the other 170.4 go past.
    let lines = "capacity_mw = 10000\nturbine_m3s = 50\ntailwater_m = 0\nefficiency = 0.9\n";
    let [energy, _, turbined] = river(300.0, &dam, lines).run().generated(0, "plant");
    alike(turbined, 129.6);
    alike(energy, 0.9 * GWH * 50.0 * 129.6);
    // 10 MW over 720 hours are 7.2 GWh, and pass no more water than they need.
    let lines = "capacity_mw = 10\nturbine_m3s = 10000\ntailwater_m = 0\nefficiency = 0.9\n";
    let [energy, _, turbined] = river(300.0, &dam, lines).run().generated(0, "plant");
    alike(energy, 7.2);
    alike(turbined, 7.2 / (0.9 * GWH * 50.0));
    // Half of the units, half of both.
    let lines = "capacity_mw = 20\nunits = 4\nunits_in_service = 2\nturbine_m3s = 10000\ntailwater_m = 0\nefficiency = 0.9\n";
    alike(
        river(300.0, &dam, lines).run().generated(0, "plant")[0],
        7.2,
    );
}

#[test]
fn e38_spill_and_what_users_take_at_the_dam_generate_nothing() {
    // Outlets let 200 of 300 pass; the lake is full, so that 100 spill.
    let dam = Dam {
        most: Some(200.0),
        ..basin(10_000.0)
    };
    let outcome = river(300.0, &dam, SIMPLE).run();
    alike(outcome.spill(0, "lake"), 100.0);
    alike(outcome.generated(0, "plant")[2], 200.0);
    // 80 of 300 are taken out of the reservoir.
    let dam = steady();
    let mut sketch = river(300.0, &dam, SIMPLE);
    sketch.user("farm", &Ask::of(80.0, "lake", 1));
    let outcome = sketch.run();
    alike(outcome.release(0, "lake"), 300.0);
    alike(outcome.generated(0, "plant")[2], 220.0);
}

#[test]
fn a_plant_out_of_service_generates_nothing() {
    let dam = basin(5000.0);
    let lines = format!("{SIMPLE}in_service = \"2001-05\"\n");
    let mut sketch = river(300.0, &dam, &lines);
    assert_eq!(sketch.run().generated(0, "plant"), [0.0; 3]);
    assert_eq!(sketch.natural().run().generated(0, "plant"), [0.0; 3]);
}

#[test]
fn e39_e40_an_energy_target_is_met_exactly() {
    // Nothing comes: a release R lowers the level, at the mean of the step to 50 − R ÷ 200 m. The energy of 100 GWh
    // needs R (50 − R ÷ 200) = T with T = 100 ÷ (0.9 GWH), of which this is the lesser root.
    let lines = format!("{SIMPLE}energy_gwh = 100\npriority = 2\n");
    let outcome = river(0.0, &basin(5000.0), &lines).run();
    let [energy, head, turbined] = outcome.generated(0, "plant");
    // The promise of equation E40.
    assert!((energy / 100.0 - 1.0).abs() <= 1e-9, "{energy}");
    alike(head, 50.0 - turbined / 200.0);
    let needed = 100.0 / (0.9 * GWH);
    let expected = 100.0 * (50.0 - (2500.0 - needed / 50.0).sqrt());
    assert!(
        (turbined / expected - 1.0).abs() <= 1e-9,
        "{turbined} in place of {expected}"
    );
    the_same_bits(&outcome);
}

#[test]
fn e40_targets_of_a_cascade_are_met_together() {
    // The lower reservoir is small: a month's water is a third of it.
    let small = small();
    let mut sketch = Sketch::new(4);
    sketch.inflow("source", 200.0);
    sketch.reservoir("upper", &basin(6000.0));
    sketch.reservoir("lower", &small);
    sketch
        .outlet("sea")
        .rivers(&["source", "upper", "lower", "sea"]);
    sketch.plant(
        "high",
        "upper",
        &format!("{SIMPLE}energy_gwh = 40\npriority = 1\n"),
    );
    sketch.plant(
        "low",
        "lower",
        &format!("{SIMPLE}energy_gwh = 35\npriority = 1\n"),
    );
    let outcome = sketch.run();
    for step in 0..4 {
        let (high, low) = (
            outcome.generated(step, "high")[0],
            outcome.generated(step, "low")[0],
        );
        assert!((high / 40.0 - 1.0).abs() <= 1e-9, "{step}: {high}");
        assert!((low / 35.0 - 1.0).abs() <= 1e-9, "{step}: {low}");
    }
    the_same_bits(&outcome);
}

#[test]
fn e40_where_more_release_gives_no_more_energy_the_target_is_missed() {
    // 50 m of water over 20 km², tailwater at 20 m: 0.9 GWH R (30 − R ÷ 40) is 22.1 GWh at the most, at R = 600 hm³.
    let dam = small();
    let lines = "capacity_mw = 10000\nturbine_m3s = 10000\ntailwater_m = 20\nefficiency = 0.9\nenergy_gwh = 25\n";
    let outcome = river(0.0, &dam, lines).run();
    let [energy, _, turbined] = outcome.generated(0, "plant");
    // Twice the release that the head of the start would have needed; the first one is sought by 40 halvings.
    let twice = 2.0 * 25.0 / (0.9 * GWH * 30.0);
    assert!((turbined / twice - 1.0).abs() <= 1e-6, "{turbined}");
    alike(energy, 0.9 * GWH * turbined * (30.0 - turbined / 40.0));
    assert!(energy < 22.1);
    the_same_bits(&outcome);
}

#[test]
fn an_energy_target_is_served_in_its_class() {
    // 60 hm³ above the dead volume and none that comes; a user below the dam asks for 60.
    let dam = Dam {
        dead: 4940.0,
        ..basin(5000.0)
    };
    let served = |energy: u32, user: u32| {
        let lines = format!("{SIMPLE}energy_gwh = 100\npriority = {energy}\n");
        let mut sketch = river(0.0, &dam, &lines);
        sketch.user("farm", &Ask::of(60.0, "lake", user));
        sketch.run()
    };
    // First the energy: it asks for 830 hm³ and more, and gets all; nothing is left for the farm.
    let first = served(1, 2);
    alike(first.generated(0, "plant")[2], 60.0);
    alike(
        first.generated(0, "plant")[0],
        0.9 * GWH * (50.0 - 60.0 / 200.0) * 60.0,
    );
    assert_eq!(first.delivered(0, "farm"), 0.0);
    // First the farm.
    let last = served(2, 1);
    alike(last.delivered(0, "farm"), 60.0);
    assert!(last.generated(0, "plant")[0] <= 1e-9);
    the_same_bits(&first);
}

#[test]
fn a_target_beyond_the_turbines_of_a_month_asks_for_no_more_than_they_pass() {
    // 100 m³/s pass 259.2 hm³ in April: about 31 GWh of the 60 that are asked for.
    let lines = "capacity_mw = 1000\nturbine_m3s = 100\ntailwater_m = 0\nefficiency = 0.9\nenergy_gwh = 60\n";
    let outcome = river(0.0, &basin(5000.0), lines).run();
    alike(outcome.generated(0, "plant")[2], 259.2);
    alike(outcome.release(0, "lake"), 259.2);
}

#[test]
fn by_days_a_target_of_the_month_is_met_day_by_day() {
    let lines = format!("{SIMPLE}energy_gwh = 30\n");
    let mut sketch = river(10.0, &basin(5000.0), &lines);
    let outcome = sketch.by_day().run();
    for step in 0..30 {
        let energy = outcome.generated(step, "plant")[0];
        assert!((energy - 1.0).abs() <= 1e-9, "{step}: {energy}");
    }
}

#[test]
fn a_broken_energy_is_found() {
    let dam = steady();
    let outcome = river(300.0, &dam, SIMPLE).run();
    let audited = |record| audit_energy(&outcome.network, &outcome.plan, &record);
    assert_eq!(audited(outcome.record.clone()), Ok(()));
    let fluxes: [fn(&mut Record) -> &mut Array2<f64>; 3] = [
        |record| &mut record.energy,
        |record| &mut record.head_m,
        |record| &mut record.turbined,
    ];
    for flux in fluxes {
        for factor in [1.0 + 1e-6, 1.0 - 1e-6, f64::NAN] {
            let mut record = outcome.record.clone();
            flux(&mut record)[[0, 0]] *= factor;
            let told = audited(record).expect_err("a millionth too much or too little");
            assert_eq!(told.plant, "plant");
        }
    }
}
