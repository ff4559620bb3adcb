//! What claims get (E11).

use crate::support::rivers::{losing, past_a_delta, river, two_rivers};
use crate::support::{Ask, Water, same};
use rivershare::allocate::Bound;

#[test]
fn e11_a_senior_below_is_protected_with_its_losses() {
    let mut sketch = losing(100.0, 0.2);
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
    assert_eq!(run.bound(0, "farm"), run.water_at("head"));
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

#[test]
fn e11_a_return_flow_never_serves_a_senior() {
    let run = two_rivers(2).run();
    same(run.delivered(0, "city"), 10.0);
    assert_eq!(run.bound(0, "city"), run.water_at("town"));
    same(run.delivered(0, "farm"), 50.0);
    same(run.delivered(0, "last"), 25.0);
    same(run.comes(0, "mouth"), 15.0);
}

#[test]
fn e11_a_demand_beyond_all_measure_gets_what_there_is() {
    let mut sketch = river(100.0, &["head", "gorge"]);
    sketch.user("ocean", &Ask::of(1e6, "head", 2));
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
    // A fifth of the first 50 is lost, half of what is beyond.
    let mut sketch = past_a_delta(100.0, &[(0.0, 0.0), (50.0, 10.0), (150.0, 60.0)]);
    sketch.user("junior", &Ask::of(90.0, "upper", 2));
    sketch.user("senior", &Ask::of(50.0, "lower", 1));
    let run = sketch.run();
    // 50 below the delta are 70 above it: 40 of the first 50, 10 of the next 20.
    same(run.delivered(0, "senior"), 50.0);
    same(run.delivered(0, "junior"), 30.0);
    assert_eq!(run.bound(0, "junior"), Bound::Senior(run.node("lower")));
    same(run.record.delta_loss[[0, run.node("delta")]], 20.0);
}
