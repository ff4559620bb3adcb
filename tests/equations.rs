//! Small rivers whose numbers can be checked by hand, from the text of their files to the record.
//!
//! Names of tests begin with the equation of `docs/equations.md` that they show. All volumes are hm³ a
//! month.

mod support;

use rivershare::allocate::Bound;
use support::{Ask, Dam, Outcome, Sketch, Water, same};

/// A river from `source` to `mouth` past the nodes between.
fn river(inflow: f64, nodes: &[&str]) -> Sketch {
    months(1, inflow, nodes)
}

fn months(months: u32, inflow: f64, nodes: &[&str]) -> Sketch {
    let mut sketch = Sketch::new(months);
    sketch.inflow("source", inflow).outlet("mouth");
    for node in nodes {
        sketch.junction(node);
    }
    let mut chain = vec!["source"];
    chain.extend(nodes);
    chain.push("mouth");
    sketch.rivers(&chain);
    sketch
}

/// A reservoir `dam` between a source and a town, which asks for `demand`.
fn dammed(months: u32, inflow: f64, dam: &Dam, demand: f64) -> Sketch {
    let mut sketch = Sketch::new(months);
    sketch.inflow("source", inflow).reservoir("dam", dam);
    sketch.junction("town").outlet("mouth");
    sketch.rivers(&["source", "dam", "town", "mouth"]);
    sketch.user("city", &Ask::of(demand, "town", 1));
    sketch
}

fn water_at(run: &Outcome, node: &str) -> Bound {
    Bound::Water(run.node(node))
}

#[test]
fn e09_rivers_meet_and_lose_on_the_way() {
    let mut sketch = Sketch::new(1);
    sketch.inflow("main", 100.0).inflow("side", 20.0);
    sketch.junction("meeting").outlet("mouth");
    sketch.losing_river("main", "meeting", 0.1);
    sketch.rivers(&["side", "meeting", "mouth"]);
    sketch.user("town", &Ask::of(500.0, "meeting", 1));
    let run = sketch.run();
    same(run.comes(0, "meeting"), 90.0 + 20.0);
    same(run.delivered(0, "town"), 110.0);
    assert_eq!(run.bound(0, "town"), water_at(&run, "meeting"));
    same(run.comes(0, "mouth"), 0.0);
}

#[test]
fn e09_a_reservoir_offers_what_is_above_dead_storage_through_its_outlets() {
    let dam = Dam {
        dead: 100.0,
        most: Some(200.0),
        ..Dam::holding(500.0)
    };
    let run = dammed(1, 50.0, &dam, 300.0).run();
    same(run.delivered(0, "city"), 200.0);
    same(run.storage(0, "dam"), 350.0);
    let dam = Dam { most: None, ..dam };
    let run = dammed(1, 50.0, &dam, 1000.0).run();
    same(run.delivered(0, "city"), 450.0);
    same(run.storage(0, "dam"), 100.0);
    assert_eq!(run.bound(0, "city"), water_at(&run, "town"));
}

#[test]
fn e09_a_river_without_water_serves_nobody() {
    let mut sketch = river(0.0, &["town"]);
    sketch.user("city", &Ask::of(5.0, "town", 1));
    sketch.minimum_flow("fish", "town", 3.0);
    let run = sketch.run();
    assert_eq!(run.delivered(0, "city"), 0.0);
    assert_eq!(run.kept(0, "fish"), (0.0, water_at(&run, "town")));
}

#[test]
fn e10_two_users_and_a_minimum_flow_between_them() {
    let mut sketch = river(100.0, &["upper", "gorge", "lower"]);
    sketch.user("first", &Ask::of(70.0, "upper", 2));
    sketch.user("second", &Ask::of(30.0, "lower", 2));
    sketch.minimum_flow("fish", "gorge", 50.0);
    let run = sketch.run();
    same(run.kept(0, "fish").0, 50.0);
    same(run.delivered(0, "first"), 50.0);
    assert_eq!(run.bound(0, "first"), Bound::MinimumFlow(run.node("gorge")));
    same(run.delivered(0, "second"), 30.0);
    assert_eq!(run.bound(0, "second"), Bound::Nothing);
    same(run.comes(0, "mouth"), 20.0);
}

#[test]
fn e10_a_minimum_flow_is_kept_as_far_as_there_is_water() {
    let mut sketch = river(100.0, &["upper", "gorge"]);
    sketch.user("first", &Ask::of(70.0, "upper", 2));
    sketch.minimum_flow("fish", "gorge", 150.0);
    let run = sketch.run();
    let (kept, limit) = run.kept(0, "fish");
    same(kept, 100.0);
    assert_eq!(limit, water_at(&run, "gorge"));
    same(run.delivered(0, "first"), 0.0);
}

#[test]
fn e10_the_greatest_of_several_minimum_flows_at_a_node_counts() {
    let mut sketch = river(100.0, &["upper", "gorge"]);
    sketch.user("first", &Ask::of(70.0, "upper", 2));
    sketch.minimum_flow("boats", "gorge", 60.0);
    sketch.minimum_flow("fish", "gorge", 30.0);
    let run = sketch.run();
    same(run.kept(0, "boats").0, 60.0);
    same(run.kept(0, "fish").0, 30.0);
    same(run.delivered(0, "first"), 40.0);
}

#[test]
fn e10_a_reservoir_releases_for_a_minimum_flow_below_it() {
    let mut sketch = dammed(1, 10.0, &Dam::holding(100.0), 20.0);
    sketch.minimum_flow("fish", "town", 80.0);
    let run = sketch.run();
    same(run.kept(0, "fish").0, 80.0);
    same(run.delivered(0, "city"), 20.0);
    same(run.release(0, "dam"), 100.0);
    same(run.storage(0, "dam"), 10.0);
}

#[test]
fn e10_a_minimum_flow_at_a_delta_is_what_leaves_it() {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", 100.0).junction("upper");
    sketch
        .delta("delta", &[(0.0, 0.0), (200.0, 100.0)])
        .outlet("mouth");
    sketch.rivers(&["source", "upper", "delta", "mouth"]);
    sketch.user("farm", &Ask::of(90.0, "upper", 2));
    sketch.minimum_flow("marsh", "delta", 40.0);
    let run = sketch.run();
    // Half is lost, so that 40 below the delta are 80 above it.
    same(run.kept(0, "marsh").0, 40.0);
    same(run.delivered(0, "farm"), 20.0);
    same(run.comes(0, "mouth"), 40.0);
}

#[test]
fn e11_a_senior_below_is_protected_with_its_losses() {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", 100.0).junction("upper");
    sketch.junction("lower").outlet("mouth");
    sketch.river("source", "upper").river("lower", "mouth");
    sketch.losing_river("upper", "lower", 0.2);
    sketch.user("junior", &Ask::of(100.0, "upper", 2));
    sketch.user("senior", &Ask::of(40.0, "lower", 1));
    let run = sketch.run();
    // 40 below are 50 above the reach that loses a fifth.
    same(run.delivered(0, "senior"), 40.0);
    same(run.delivered(0, "junior"), 50.0);
    assert_eq!(run.bound(0, "junior"), Bound::Senior(run.node("lower")));
    let upstream_first = river(100.0, &["upper", "lower"])
        .class(1, "river order")
        .user("one", &Ask::of(80.0, "upper", 1))
        .user("two", &Ask::of(80.0, "lower", 1))
        .run();
    same(upstream_first.delivered(0, "one"), 80.0);
    same(upstream_first.delivered(0, "two"), 20.0);
}

#[test]
fn e11_losses_of_canals_are_added_to_what_is_taken() {
    let mut sketch = river(100.0, &["head"]);
    sketch.canal("head", "fork", None, 0.2);
    sketch.canal("fork", "field", None, 0.5);
    sketch.user("farm", &Ask::of(20.0, "field", 1));
    let run = sketch.run();
    same(run.delivered(0, "farm"), 20.0);
    same(run.record.enters[[0, run.link("fork", "field")]], 40.0);
    same(run.record.enters[[0, run.link("head", "fork")]], 50.0);
    same(run.comes(0, "mouth"), 50.0);
}

#[test]
fn e11_a_canal_that_loses_nearly_all_still_closes() {
    let mut sketch = river(100.0, &["head"]);
    sketch.canal("head", "field", None, 0.999_999_999);
    sketch.user("farm", &Ask::of(20.0, "field", 1));
    let run = sketch.run();
    // 1 − 0.999999999 has seven good digits.
    let delivered = run.delivered(0, "farm");
    assert!((delivered - 1e-7).abs() < 1e-13, "{delivered}");
    assert_eq!(run.bound(0, "farm"), water_at(&run, "head"));
}

#[test]
fn e11_users_behind_a_canal_share_its_capacity_by_priority() {
    let mut sketch = river(1000.0, &["head"]);
    sketch.canal("head", "fork", Some(50.0), 0.2);
    sketch.canal("fork", "left", None, 0.0);
    sketch.canal("fork", "right", Some(0.0), 0.0);
    sketch.user("junior", &Ask::of(30.0, "left", 2));
    sketch.user("senior", &Ask::of(30.0, "fork", 1));
    sketch.user("none", &Ask::of(30.0, "right", 1));
    let run = sketch.run();
    same(run.delivered(0, "senior"), 30.0);
    // The senior's 30 fill 37.5 of the 50; of 12.5 a fifth is lost.
    same(run.delivered(0, "junior"), 10.0);
    let trunk = Bound::Canal(run.link("head", "fork"));
    assert_eq!(run.bound(0, "junior"), trunk);
    assert_eq!(run.delivered(0, "none"), 0.0);
    let closed = Bound::Canal(run.link("fork", "right"));
    assert_eq!(run.bound(0, "none"), closed);
}

#[test]
fn e11_a_return_flow_serves_a_junior_below() {
    let mut sketch = river(100.0, &["upper", "middle", "lower"]);
    let works = Ask::of(100.0, "upper", 1).returning(0.6, "middle");
    sketch.user("works", &works);
    sketch.user("farm", &Ask::of(80.0, "lower", 2));
    let run = sketch.run();
    same(run.delivered(0, "works"), 100.0);
    same(run.delivered(0, "farm"), 60.0);
    // The works keep 40, twice what the farm misses.
    assert_eq!(run.bound(0, "farm"), Bound::Senior(run.node("upper")));
}

#[test]
fn e11_a_return_flow_counts_for_the_claim_that_returns_it() {
    let mut sketch = river(100.0, &["upper", "middle", "lower"]);
    let junior = Ask::of(100.0, "upper", 2).returning(0.8, "middle");
    sketch.user("junior", &junior);
    sketch.user("senior", &Ask::of(90.0, "lower", 1));
    let run = sketch.run();
    // Of 50 taken 40 come back: the senior's 90 remain.
    same(run.delivered(0, "senior"), 90.0);
    same(run.delivered(0, "junior"), 50.0);
    assert_eq!(run.bound(0, "junior"), Bound::Senior(run.node("lower")));
}

/// The senior's river has 10; a junior on another river returns 40 above the senior.
fn junior_that_could_serve_a_senior() -> Sketch {
    let mut sketch = Sketch::new(1);
    sketch.inflow("own", 10.0).inflow("other", 50.0);
    sketch.junction("town").junction("field");
    sketch.outlet("mouth").outlet("other mouth");
    sketch.rivers(&["own", "town", "mouth"]);
    sketch.rivers(&["other", "field", "other mouth"]);
    sketch.user("senior", &Ask::of(30.0, "town", 1));
    let junior = Ask::of(50.0, "field", 2).returning(0.8, "town");
    sketch.user("junior", &junior);
    sketch
}

#[test]
fn e11_a_return_flow_never_serves_a_senior() {
    let mut sketch = junior_that_could_serve_a_senior();
    sketch.user("last", &Ask::of(25.0, "town", 3));
    let run = sketch.run();
    same(run.delivered(0, "senior"), 10.0);
    assert_eq!(run.bound(0, "senior"), water_at(&run, "town"));
    same(run.delivered(0, "junior"), 50.0);
    same(run.delivered(0, "last"), 25.0);
    same(run.comes(0, "mouth"), 15.0);
}

#[test]
fn e11_a_demand_beyond_all_measure_gets_what_there_is() {
    let mut sketch = river(100.0, &["head", "gorge"]);
    sketch.user("ocean", &Ask::of(1e15, "head", 2));
    sketch.minimum_flow("fish", "gorge", 40.0);
    let run = sketch.run();
    same(run.delivered(0, "ocean"), 60.0);
    assert_eq!(run.bound(0, "ocean"), Bound::MinimumFlow(run.node("gorge")));
}

#[test]
fn e11_a_demand_that_just_fits_is_whole() {
    for tenths in 1..40 {
        let demand = 0.7 * f64::from(tenths);
        let mut sketch = river(demand / 0.7 + demand, &["head"]);
        sketch.canal("head", "field", Some(demand / 0.7), 0.3);
        sketch.user("canal", &Ask::of(demand, "field", 1));
        sketch.user("rest", &Ask::of(demand, "head", 2));
        let run = sketch.run();
        same(run.delivered(0, "canal"), demand);
        same(run.delivered(0, "rest"), demand);
    }
}

#[test]
fn e11_users_at_an_outlet_and_at_a_terminal_lake() {
    let mut sketch = river(100.0, &[]);
    sketch
        .inflow("stream", 10.0)
        .lake("lake", &Water::still(200.0));
    sketch.river("stream", "lake");
    sketch.user("port", &Ask::of(30.0, "mouth", 1));
    sketch.user("shore", &Ask::of(50.0, "lake", 1));
    let run = sketch.run();
    same(run.delivered(0, "port"), 30.0);
    same(run.delivered(0, "shore"), 50.0);
    same(run.storage(0, "lake"), 160.0);
}

#[test]
fn e11_claims_above_and_below_a_delta() {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", 100.0).junction("upper");
    // A fifth of the first 50 is lost, half of what is beyond.
    sketch.delta("delta", &[(0.0, 0.0), (50.0, 10.0), (150.0, 60.0)]);
    sketch.junction("lower").outlet("mouth");
    sketch.rivers(&["source", "upper", "delta", "lower", "mouth"]);
    sketch.user("junior", &Ask::of(90.0, "upper", 2));
    sketch.user("senior", &Ask::of(50.0, "lower", 1));
    let run = sketch.run();
    // 50 below the delta are 70 above it: 40 of the first 50, 10 of the next 20.
    same(run.delivered(0, "senior"), 50.0);
    same(run.delivered(0, "junior"), 30.0);
    assert_eq!(run.bound(0, "junior"), Bound::Senior(run.node("lower")));
    same(run.record.delta_loss[[0, run.node("delta")]], 20.0);
}

#[test]
fn e12_two_reservoirs_end_equally_near_their_targets() {
    let mut sketch = Sketch::new(1);
    sketch.inflow("a", 0.0).inflow("b", 0.0);
    sketch.reservoir("large", &Dam::holding(300.0));
    sketch.reservoir("small", &Dam::holding(100.0));
    sketch.junction("town").outlet("mouth");
    sketch.rivers(&["a", "large", "town", "mouth"]);
    sketch.rivers(&["b", "small", "town"]);
    sketch.user("city", &Ask::of(200.0, "town", 1));
    let run = sketch.run();
    same(run.delivered(0, "city"), 200.0);
    // Both have the same target; 200 are left for them, and the small one has no more than its 100.
    same(run.storage(0, "large"), 100.0);
    same(run.storage(0, "small"), 100.0);
}

/// An upper and a lower reservoir above a town.
fn stairs(upper: &Dam, lower: &Dam, demand: f64) -> Outcome {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", 0.0);
    sketch.reservoir("upper", upper).reservoir("lower", lower);
    sketch.junction("town").outlet("mouth");
    sketch.rivers(&["source", "upper", "lower", "town", "mouth"]);
    sketch.user("city", &Ask::of(demand, "town", 1));
    sketch.run()
}

#[test]
fn e12_the_lower_reservoir_is_asked_first() {
    let (upper, lower) = (Dam::holding(300.0), Dam::holding(100.0));
    let run = stairs(&upper, &lower, 80.0);
    same(run.release(0, "lower"), 80.0);
    same(run.release(0, "upper"), 0.0);
    let run = stairs(&upper, &lower, 150.0);
    same(run.release(0, "lower"), 150.0);
    same(run.release(0, "upper"), 50.0);
}

#[test]
fn e12_what_comes_may_pass_a_gap_below_dead_storage() {
    let lower = Dam {
        dead: 100.0,
        ..Dam::holding(70.0)
    };
    let run = stairs(&Dam::holding(300.0), &lower, 50.0);
    same(run.delivered(0, "city"), 50.0);
    same(run.release(0, "upper"), 50.0);
    same(run.storage(0, "lower"), 70.0);
    // Nobody asks: nothing is moved to fill the gap.
    let run = stairs(&Dam::holding(300.0), &lower, 0.0);
    same(run.release(0, "upper"), 0.0);
    // What comes may pass; the 70 below the dead volume stay.
    let run = stairs(&Dam::holding(300.0), &lower, 500.0);
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
    let run = dammed(6, 60.0, &dam, 0.0).run();
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
    let run = dammed(1, 10.0, &dam, 0.0).run();
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
    let run = dammed(2, 80.0, &dam, 30.0).run();
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
    let run = dammed(2, 80.0, &dam, 0.0).run();
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
    let run = dammed(2, 0.0, &dam, 500.0).run();
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
    let run = dammed(3, 20.0, &dam, 12.0).run();
    // What comes may pass to the city; the 8 that are left of it stay.
    for (step, storage) in (0..).zip([78.0, 86.0, 94.0]) {
        same(run.delivered(step, "city"), 12.0);
        same(run.storage(step, "dam"), storage);
        same(run.undershoot(step, "dam"), 100.0 - storage);
    }
}

#[test]
fn e12_a_lake_flows_over_its_sill() {
    // Half of the volume flows out in a month: S → 2 · 40 with rate 0.5.
    let mut water = Water::still(200.0);
    water.knots[1][3] = 5000.0;
    water.has_sill = true;
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", 40.0).lake("lake", &water);
    sketch.outlet("mouth").rivers(&["source", "lake", "mouth"]);
    let run = sketch.run();
    let end = 80.0 + 120.0 * libm::exp(-0.5);
    same(run.storage(0, "lake"), end);
    same(run.comes(0, "mouth"), 240.0 - end);
    // A user takes from what flows over the sill, never more.
    sketch.user("shore", &Ask::of(500.0, "lake", 1));
    let run = sketch.run();
    same(run.delivered(0, "shore"), 240.0 - end);
    same(run.storage(0, "lake"), end);
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
    let run = dammed(1, 40.0, &dam, 30.0).run();
    same(run.release(0, "dam"), 30.0);
    same(run.storage(0, "dam"), 210.0);
    let run = dammed(1, 100.0, &dam, 30.0).run();
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
    let run = dammed(2, 0.0, &dam, 0.0).run();
    same(run.storage(0, "dam"), 300.0 + 100.0 * libm::exp(-0.5));
    // May is a thirtieth longer.
    let both: f64 = 0.5 * (1.0 + 31.0 / 30.0);
    same(run.storage(1, "dam"), 300.0 + 100.0 * libm::exp(-both));
}

#[test]
fn e12_the_strait_of_a_lake_passes_what_its_bodies_do_not_keep() {
    let mut water = Water::still(1000.0);
    water.rain_mm = 20.0;
    water.evaporation_mm = 120.0;
    let mut sketch = Sketch::new(1);
    sketch.inflow("main", 90.0).inflow("side", 10.0);
    sketch.lake_of_two("lake", &water, ["west", "east"], 0.6, (0.365, 0.2));
    sketch.river("main", "west").river("side", "east");
    let folder = sketch.write();
    let model = rivershare::model::Model::load(folder.path(), &[]).expect("a sound folder");
    let scenario = &model.scenarios["base"];
    let run = rivershare::results::simulate(&model, folder.path(), scenario).expect("it closes");
    let (whole, bodies) = (run.lake(0, 0), run.bodies(0, 0));
    // 100 km² lose 0.1 m; 30 days of groundwater bring 30: the lake gains 100 − 10 + 30.
    same(whole.end - whole.start, 120.0);
    same(bodies[0].precipitation, 1.2);
    same(bodies[0].evaporation, 7.2);
    same(bodies[1].groundwater, 24.0);
    // The west gains 90 − 6 + 6 and keeps 72: 18 pass the strait.
    same(bodies[0].outflow, 18.0);
    same(bodies[1].outflow, -18.0);
    for (whole, parts) in [
        (whole.end, bodies[0].end + bodies[1].end),
        (whole.start, bodies[0].start + bodies[1].start),
        (
            whole.evaporation,
            bodies[0].evaporation + bodies[1].evaporation,
        ),
        (
            whole.river_inflow,
            bodies[0].river_inflow + bodies[1].river_inflow,
        ),
    ] {
        same(parts, whole);
    }
    for body in bodies {
        same(body.residual(), 0.0);
    }
}

#[test]
fn e13_a_loss_link_loses_its_fraction() {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", 100.0).outlet("mouth");
    sketch.losing_river("source", "mouth", 0.1);
    let run = sketch.run();
    same(run.record.enters[[0, 0]], 100.0);
    same(run.record.leaves[[0, 0]], 90.0);
    same(run.comes(0, "mouth"), 90.0);
}
