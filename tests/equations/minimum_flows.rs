//! Flows that are kept (E10).

use crate::support::rivers::{dammed_for, river};
use crate::support::{Ask, Dam, Sketch, same};
use rivershare::allocate::Bound;

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
    assert_eq!(limit, run.water_at("gorge"));
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
    let mut sketch = dammed_for(1, 10.0, &Dam::holding(100.0), 20.0);
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
