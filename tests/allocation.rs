//! Allocations that can be followed by hand (equations E9 to E12). Volumes are hm³ of a month of 30 days.
//!
//! Each case is also compared with the linear programme of its definition, which the cases prove in turn.

mod support;

use support::rivers::{dammed, losing, past_a_delta, river, side_by_side, stairs, two_rivers};
use support::{Ask, Dam, Outcome, Sketch, same};

/// Runs a month and compares it with the definition.
#[track_caller]
fn proved(sketch: &Sketch) -> Outcome {
    let run = sketch.run();
    if let Err(difference) = run.agrees_with_definition() {
        panic!("{difference}");
    }
    run
}

#[track_caller]
fn delivers(run: &Outcome, expected: &[(&str, f64)]) {
    for (user, volume) in expected {
        same(run.delivered(0, user), *volume);
    }
}

#[test]
fn e11_equals_at_a_node_get_the_same_part() {
    let mut sketch = river(90.0, &["town"]);
    sketch.user("small", &Ask::of(60.0, "town", 1));
    sketch.user("large", &Ask::of(120.0, "town", 1));
    // 60 x + 120 x = 90: x = 1/2.
    delivers(&proved(&sketch), &[("small", 30.0), ("large", 60.0)]);
}

#[test]
fn e11_what_an_equal_cannot_reach_serves_the_other() {
    let mut sketch = river(60.0, &["upper", "lower"]);
    sketch.inflow("stream", 40.0).river("stream", "lower");
    sketch.user("above", &Ask::of(100.0, "upper", 1));
    sketch.user("below", &Ask::of(60.0, "lower", 1));
    // 160 x = 60 + 40 would be x = 0.625, but only 60 reach the upper one: x = 0.6. The other rises on to
    // 100 − 60 = 40, which is x = 2/3.
    delivers(&proved(&sketch), &[("above", 60.0), ("below", 40.0)]);
}

#[test]
fn e11_weights_make_parts_proportional_until_one_is_full() {
    let weighted = |inflow: f64| {
        let mut sketch = river(inflow, &["town"]);
        sketch.class(1, "weights");
        sketch.user("one", &Ask::of(100.0, "town", 1));
        sketch.user("two", &Ask::of(100.0, "town", 1).weighing(2.0));
        proved(&sketch)
    };
    // 100 t + 100 · 2 t = 90: t = 0.3.
    delivers(&weighted(90.0), &[("one", 30.0), ("two", 60.0)]);
    // At t = 0.5 the second is full; 180 − 100 are left for the first.
    delivers(&weighted(180.0), &[("one", 80.0), ("two", 100.0)]);
}

#[test]
fn e11_shares_make_volumes_proportional_until_one_is_full() {
    let shared = |second: f64| {
        let mut sketch = river(90.0, &["town"]);
        sketch.class(1, "shares");
        sketch.user("one", &Ask::of(100.0, "town", 1));
        sketch.user("two", &Ask::of(second, "town", 1).sharing(2.0));
        proved(&sketch)
    };
    // 1 : 2, whatever they ask for.
    delivers(&shared(200.0), &[("one", 30.0), ("two", 60.0)]);
    // The second asks for 40 only.
    delivers(&shared(40.0), &[("one", 50.0), ("two", 40.0)]);
}

#[test]
fn e11_river_order_serves_the_upper_one_first() {
    let mut sketch = river(100.0, &["upper", "lower"]);
    sketch.class(1, "river order");
    sketch.user("below", &Ask::of(80.0, "lower", 1));
    sketch.user("above", &Ask::of(80.0, "upper", 1));
    delivers(&proved(&sketch), &[("above", 80.0), ("below", 20.0)]);
}

#[test]
fn e10_a_junior_above_leaves_what_a_senior_below_needs_with_its_losses() {
    let mut sketch = losing(100.0, 0.2);
    sketch.canal("lower", "field", None, 0.25);
    sketch.user("junior", &Ask::of(100.0, "upper", 2));
    sketch.user("senior", &Ask::of(30.0, "field", 1));
    // 30 on the field are 40 at the canal's head and 50 above the reach.
    delivers(&proved(&sketch), &[("senior", 30.0), ("junior", 50.0)]);
}

#[test]
fn e10_a_return_from_another_river_serves_later_classes_alone() {
    // Of the 40 that come back the city gets nothing, whether the farm is its junior or its equal.
    for priority in [2, 1] {
        let run = proved(&two_rivers(priority));
        delivers(&run, &[("city", 10.0), ("farm", 50.0), ("last", 25.0)]);
        same(run.comes(0, "mouth"), 15.0);
    }
}

#[test]
fn e10_a_return_makes_good_what_an_equal_took() {
    let mut sketch = river(100.0, &["upper", "lower"]);
    sketch.user("above", &Ask::of(100.0, "upper", 1).returning(0.5, "lower"));
    sketch.user("below", &Ask::of(100.0, "lower", 1));
    // 100 − 100 x + 50 x = 100 x: x = 2/3.
    delivers(
        &proved(&sketch),
        &[("above", 200.0 / 3.0), ("below", 200.0 / 3.0)],
    );
}

#[test]
fn e10_a_return_counts_no_more_than_it_makes_good() {
    let mut sketch = losing(100.0, 0.5);
    sketch.user("above", &Ask::of(100.0, "upper", 1).returning(0.8, "lower"));
    sketch.user("below", &Ask::of(80.0, "lower", 1));
    sketch.user("last", &Ask::of(80.0, "lower", 2));
    // Each cubic metre taken above would have brought half of it below: half of the return is made good,
    // and 50 reach the lower one whatever is taken. The rest, 0.3 · 100, serves the next class.
    delivers(
        &proved(&sketch),
        &[("above", 100.0), ("below", 50.0), ("last", 30.0)],
    );
}

#[test]
fn e11_a_canal_is_filled_by_seniors_then_shared() {
    let mut sketch = river(1000.0, &["head"]);
    sketch.canal("head", "fork", Some(50.0), 0.0);
    sketch.canal("fork", "left", None, 0.0);
    sketch.user("senior", &Ask::of(30.0, "fork", 1));
    sketch.user("one", &Ask::of(30.0, "left", 2));
    sketch.user("two", &Ask::of(10.0, "fork", 2));
    // 20 are left of the capacity: 30 x + 10 x = 20.
    delivers(
        &proved(&sketch),
        &[("senior", 30.0), ("one", 15.0), ("two", 5.0)],
    );
}

#[test]
fn e10_a_zone_is_withheld_from_juniors_and_drawn_by_seniors() {
    let zoned = |senior: f64| {
        let left = Dam {
            zones: vec![(2, 60.0)],
            ..Dam::holding(100.0)
        };
        let mut sketch = side_by_side(&left, &Dam::holding(50.0));
        sketch.user("senior", &Ask::of(senior, "town", 1));
        sketch.user("junior", &Ask::of(100.0, "town", 2));
        proved(&sketch)
    };
    // 150 − 20 − 60 for the junior.
    let run = zoned(20.0);
    delivers(&run, &[("senior", 20.0), ("junior", 70.0)]);
    same(run.storage(0, "left"), 60.0);
    // The senior draws half of the zone; what is left of it stays on the left, and nothing for the junior.
    let run = zoned(120.0);
    delivers(&run, &[("senior", 120.0), ("junior", 0.0)]);
    same(run.storage(0, "left"), 30.0);
    same(run.storage(0, "right"), 0.0);
}

#[test]
fn e10_a_target_may_outrank_a_user() {
    let dam = Dam {
        target: 80.0,
        storage_priority: Some(1),
        ..Dam::holding(100.0)
    };
    let mut sketch = dammed(1, 10.0, &dam);
    sketch.user("city", &Ask::of(50.0, "town", 2));
    // 100 + 10 − 80.
    let run = proved(&sketch);
    delivers(&run, &[("city", 30.0)]);
    same(run.storage(0, "dam"), 80.0);
}

#[test]
fn e10_a_target_and_a_user_of_a_class_share() {
    let dam = Dam {
        target: 80.0,
        storage_priority: Some(1),
        ..Dam::holding(60.0)
    };
    let mut sketch = dammed(1, 30.0, &dam);
    sketch.user("city", &Ask::of(40.0, "town", 1));
    // 80 x + 40 x = 60 + 30: x = 3/4.
    let run = proved(&sketch);
    delivers(&run, &[("city", 30.0)]);
    same(run.storage(0, "dam"), 60.0);
}

#[test]
fn e10_an_upper_reservoir_is_not_drawn_to_fill_a_lower_one() {
    let (upper, lower) = (Dam::holding(300.0), Dam::holding(100.0));
    // The lower one gives all that it has before the upper one gives anything.
    let run = proved(&stairs(&upper, &lower, 80.0));
    same(run.storage(0, "upper"), 300.0);
    same(run.storage(0, "lower"), 20.0);
    let run = proved(&stairs(&upper, &lower, 150.0));
    same(run.storage(0, "upper"), 250.0);
    same(run.storage(0, "lower"), 0.0);
}

#[test]
fn e10_reservoirs_side_by_side_end_equally_near_their_targets() {
    let left = Dam {
        target: 200.0,
        ..Dam::holding(100.0)
    };
    let right = Dam {
        target: 300.0,
        ..Dam::holding(300.0)
    };
    let mut sketch = side_by_side(&left, &right);
    sketch.user("city", &Ask::of(200.0, "town", 1));
    // 200 x + 300 x = 400 − 200: x = 0.4.
    let run = proved(&sketch);
    delivers(&run, &[("city", 200.0)]);
    same(run.storage(0, "left"), 80.0);
    same(run.storage(0, "right"), 120.0);
}

#[test]
fn e11_a_minimum_flow_and_a_user_of_a_class_share() {
    let mut sketch = river(100.0, &["upper", "gorge"]);
    sketch.user("farm", &Ask::of(100.0, "upper", 1));
    sketch.minimum_flow_of(1, "fish", "gorge", 100.0);
    // 100 − 100 x = 100 x.
    let run = proved(&sketch);
    delivers(&run, &[("farm", 50.0)]);
    same(run.kept(0, "fish").0, 50.0);
}

#[test]
fn e09_outlets_limit_what_equals_share() {
    let dam = Dam {
        most: Some(200.0),
        ..Dam::holding(500.0)
    };
    let mut sketch = dammed(1, 0.0, &dam);
    sketch.user("one", &Ask::of(150.0, "town", 1));
    sketch.user("two", &Ask::of(250.0, "dam", 1));
    // 400 x = 200, though 500 are stored.
    let run = proved(&sketch);
    delivers(&run, &[("one", 75.0), ("two", 125.0)]);
    same(run.storage(0, "dam"), 300.0);
}

#[test]
fn e11_equals_above_and_below_a_delta() {
    let mut sketch = past_a_delta(100.0, &[(0.0, 0.0), (200.0, 100.0)]);
    sketch.user("above", &Ask::of(40.0, "upper", 1));
    sketch.user("below", &Ask::of(60.0, "lower", 1));
    // Half is lost: (100 − 40 x) ÷ 2 = 60 x: x = 5/8.
    delivers(&proved(&sketch), &[("above", 25.0), ("below", 37.5)]);
}
