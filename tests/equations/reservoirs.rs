//! What reservoirs keep, release and spill (E12).

use crate::support::rivers::{dammed_for, side_by_side, stairs};
use crate::support::{Ask, Dam, HM3_PER_M3S, Outcome, Water, same};

#[test]
fn e12_two_reservoirs_end_equally_near_their_targets() {
    let mut sketch = side_by_side(&Dam::holding(300.0), &Dam::holding(100.0));
    sketch.user("city", &Ask::of(200.0, "town", 1));
    let run = sketch.run();
    same(run.delivered(0, "city"), 200.0);
    // Both have the same target; 200 are left for them, and the right one has no more than its 100.
    same(run.storage(0, "left"), 100.0);
    same(run.storage(0, "right"), 100.0);
}

#[test]
fn e12_the_lower_reservoir_is_asked_first() {
    let (upper, lower) = (Dam::holding(300.0), Dam::holding(100.0));
    let run = stairs(&upper, &lower, 80.0).run();
    same(run.release(0, "lower"), 80.0);
    same(run.release(0, "upper"), 0.0);
    let run = stairs(&upper, &lower, 150.0).run();
    same(run.release(0, "lower"), 150.0);
    same(run.release(0, "upper"), 50.0);
}

#[test]
fn e12_what_comes_may_pass_a_gap_below_dead_storage() {
    let lower = Dam {
        dead: 100.0,
        ..Dam::holding(70.0)
    };
    let run = stairs(&Dam::holding(300.0), &lower, 50.0).run();
    same(run.delivered(0, "city"), 50.0);
    same(run.release(0, "upper"), 50.0);
    same(run.storage(0, "lower"), 70.0);
    // Nobody asks: nothing is moved to fill the gap.
    let run = stairs(&Dam::holding(300.0), &lower, 0.0).run();
    same(run.release(0, "upper"), 0.0);
    // What comes may pass; the 70 below the dead volume stay.
    let run = stairs(&Dam::holding(300.0), &lower, 500.0).run();
    same(run.delivered(0, "city"), 300.0);
    same(run.storage(0, "lower"), 70.0);
}

#[test]
fn e12_a_reservoir_fills_holds_its_target_and_spills() {
    let dam = Dam {
        target: 250.0,
        least: 5.0,
        most: Some(30.0),
        full: 300.0,
        ..Dam::holding(100.0)
    };
    let run = dammed_for(6, 60.0, &dam, 0.0).run();
    // It keeps 55 of 60 up to the target, then what the outlets do not pass: 1 a day, so that July and
    // August let 31 through.
    let storages = [155.0, 210.0, 250.0, 279.0, 300.0, 300.0];
    let releases = [5.0, 5.0, 20.0, 31.0, 31.0, 30.0];
    let spills = [0.0, 0.0, 0.0, 0.0, 8.0, 30.0];
    for step in 0..6 {
        same(run.storage(step, "dam"), storages[step]);
        same(run.release(step, "dam"), releases[step]);
        same(run.spill(step, "dam"), spills[step]);
    }
}

#[test]
fn e12_a_reservoir_that_starts_above_full_loses_the_excess_once() {
    let dam = Dam {
        target: 200.0,
        full: 300.0,
        ..Dam::holding(400.0)
    };
    let run = dammed_for(1, 10.0, &dam, 0.0).run();
    same(run.spill(0, "dam"), 100.0);
    same(run.release(0, "dam"), 110.0);
    same(run.storage(0, "dam"), 200.0);
}

#[test]
fn e12_a_dam_before_its_service_passes_the_river_on() {
    let dam = Dam {
        in_service: "2001-05",
        natural: 50.0,
        dead: 20.0,
        ..Dam::holding(50.0)
    };
    let run = dammed_for(2, 80.0, &dam, 30.0).run();
    same(run.storage(0, "dam"), 50.0);
    same(run.comes(0, "town"), 80.0);
    // From May the dam fills and gives only what is asked for.
    same(run.comes(1, "town"), 30.0);
    same(run.storage(1, "dam"), 100.0);
}

#[test]
fn e12_a_dam_that_goes_out_of_service_empties() {
    let dam = Dam {
        in_service: "..2001-04",
        natural: 50.0,
        ..Dam::holding(400.0)
    };
    let run = dammed_for(2, 80.0, &dam, 0.0).run();
    same(run.storage(0, "dam"), 480.0);
    same(run.storage(1, "dam"), 50.0);
    same(run.comes(1, "town"), 510.0);
}

#[test]
fn e12_releases_stand_when_evaporation_takes_more_than_was_expected() {
    let mut dam = Dam {
        dead: 100.0,
        ..Dam::holding(200.0)
    };
    // A = S km², 0.1 m of evaporation: dS/dt = −release − 0.1 S.
    dam.water.knots = vec![[0.0, 0.0, 0.0, 0.0], [10.0, 1000.0, 1000.0, 0.0]];
    dam.water.evaporation_mm = 100.0;
    let run = dammed_for(2, 0.0, &dam, 500.0).run();
    // Nothing was released before: the expected loss is 200 (1 − e^−0.1).
    let shrinks = libm::exp(-0.1);
    let release = 200.0 * shrinks - 100.0;
    same(run.delivered(0, "city"), release);
    // A constant release leaves less water to evaporate than was expected.
    let end = 200.0 * shrinks - release * (1.0 - shrinks) / 0.1;
    same(run.storage(0, "dam"), end);
    assert!(end > 100.0);
    same(run.undershoot(0, "dam"), 0.0);
    // In May the last release is expected again; evaporation is underrated and dead storage undershot.
    let expected = end * shrinks - release * (1.0 - shrinks) / 0.1;
    let loss = end - expected - release;
    let second = (end - loss - 100.0).max(0.0);
    same(run.delivered(1, "city"), second);
    let last = end * shrinks - second * (1.0 - shrinks) / 0.1;
    same(run.storage(1, "dam"), last);
    assert!(last < 100.0);
    same(run.undershoot(1, "dam"), 100.0 - last);
}

#[test]
fn e12_an_undershoot_is_refilled_by_what_nobody_asks_for() {
    let dam = Dam {
        dead: 100.0,
        ..Dam::holding(70.0)
    };
    let run = dammed_for(3, 20.0, &dam, 12.0).run();
    // What comes may pass to the city; the 8 that are left of it stay.
    for (step, storage) in (0..).zip([78.0, 86.0, 94.0]) {
        same(run.delivered(step, "city"), 12.0);
        same(run.storage(step, "dam"), storage);
        same(run.undershoot(step, "dam"), 100.0 - storage);
    }
}

#[test]
fn e12_a_dam_with_a_rated_spillway_follows_its_rule_below_the_crest() {
    let mut dam = Dam {
        target: 250.0,
        ..Dam::holding(200.0)
    };
    // Nothing flows over the crest below 300; above it half of the excess in a month.
    dam.water.knots = vec![
        [0.0, 0.0, 10.0, 0.0],
        [30.0, 300.0, 10.0, 0.0],
        [100.0, 1000.0, 10.0, 350.0],
    ];
    dam.water.has_sill = true;
    let run = dammed_for(1, 40.0, &dam, 30.0).run();
    same(run.release(0, "dam"), 30.0);
    same(run.storage(0, "dam"), 210.0);
    let run = dammed_for(1, 100.0, &dam, 30.0).run();
    same(run.release(0, "dam"), 50.0);
    same(run.storage(0, "dam"), 250.0);
    // No outlets: only the spillway lets water out. The excess of 100 decays at the rate 0.5.
    let dam = Dam {
        target: 1000.0,
        most: Some(0.0),
        water: Water {
            start: 400.0,
            ..dam.water
        },
        ..dam
    };
    let run = dammed_for(2, 0.0, &dam, 0.0).run();
    same(run.storage(0, "dam"), 300.0 + 100.0 * libm::exp(-0.5));
    // May is a thirtieth longer.
    let both: f64 = 0.5 * (1.0 + 31.0 / 30.0);
    same(run.storage(1, "dam"), 300.0 + 100.0 * libm::exp(-both));
}

/// Three months of the reservoir that fills with 60 a month, keeps 5 of them flowing and holds 250, under some rules.
fn ruled(rules: &[&str]) -> Outcome {
    let dam = Dam {
        target: 250.0,
        least: 5.0,
        full: 300.0,
        ..Dam::holding(100.0)
    };
    let mut sketch = dammed_for(3, 60.0, &dam, 0.0);
    for rule in rules {
        sketch.change("rule", &format!("reservoir = \"dam\"\n{rule}"));
    }
    sketch.run()
}

#[track_caller]
fn stores(rules: &[&str], storages: [f64; 3]) {
    let run = ruled(rules);
    for (step, storage) in storages.into_iter().enumerate() {
        same(run.storage(step, "dam"), storage);
    }
}

/// Each month 55 of 60 are kept up to the target of 250.
#[test]
fn e12_a_scenario_changes_the_rule_of_a_reservoir() {
    stores(&[], [155.0, 210.0, 250.0]);
    stores(&["target_storage_km3 = 0.2"], [155.0, 200.0, 200.0]);
    stores(&["target_factor = 0.8"], [155.0, 200.0, 200.0]);
    stores(
        &["target_storage_hm3 = 250\nfrom = \"2001-05\""],
        [155.0, 210.0, 250.0],
    );
    stores(
        &["target_storage_hm3 = 160\nfrom = \"2001-06\""],
        [155.0, 210.0, 160.0],
    );
    // No target is above the full storage of 300, and 265 are there in June.
    stores(&["target_factor = 7"], [155.0, 210.0, 265.0]);
    stores(&["release_factor = 3"], [145.0, 190.0, 235.0]);
    // One change after the other: half of 240.
    let both = ["target_storage_hm3 = 240", "target_factor = 0.5"];
    stores(&both, [120.0, 120.0, 120.0]);
    // A flow of 30 in 30 days, and a longer May; the outlets let no more pass.
    let most = format!(
        "target_factor = 0\nmaximum_release_m3s = {}",
        30.0 / HM3_PER_M3S
    );
    stores(&[&most], [130.0, 159.0, 189.0]);
    let least = format!("release_m3s = {}", 30.0 / HM3_PER_M3S);
    stores(&[&least], [130.0, 159.0, 189.0]);
}

#[test]
fn e12_a_scenario_changes_the_zones_of_a_reservoir() {
    let dam = Dam {
        zones: vec![(1, 100.0)],
        target: 300.0,
        full: 300.0,
        ..Dam::holding(300.0)
    };
    for (factor, left) in [(0.0, 0.0), (0.5, 50.0), (1.0, 100.0), (9.0, 300.0)] {
        let mut sketch = dammed_for(1, 0.0, &dam, 500.0);
        let rule = format!("reservoir = \"dam\"\nzone_factor = {factor}");
        let run = sketch.change("rule", &rule).run();
        same(run.delivered(0, "city"), 300.0 - left);
    }
}

#[test]
fn e12_a_rule_needs_a_dam_that_works() {
    let dam = Dam {
        natural: 50.0,
        ..Dam::holding(400.0)
    };
    let mut sketch = dammed_for(2, 80.0, &dam, 0.0);
    let natural = sketch.natural().run();
    let rule =
        "reservoir = \"dam\"\ntarget_storage_hm3 = 300\nrelease_m3s = 1\nmaximum_release_m3s = 2";
    let ruled = sketch.change("rule", rule).run();
    assert_eq!(natural.record, ruled.record);
}
