//! What rivers and reservoirs bring to a place (E9), and what a link loses (E13).

use crate::support::rivers::{dammed_for, river};
use crate::support::{Ask, Dam, Sketch, same};

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
    assert_eq!(run.bound(0, "town"), run.water_at("meeting"));
    same(run.comes(0, "mouth"), 0.0);
}

#[test]
fn e09_a_reservoir_offers_what_is_above_dead_storage_through_its_outlets() {
    let dam = Dam {
        dead: 100.0,
        most: Some(200.0),
        ..Dam::holding(500.0)
    };
    let run = dammed_for(1, 50.0, &dam, 300.0).run();
    same(run.delivered(0, "city"), 200.0);
    same(run.storage(0, "dam"), 350.0);
    let dam = Dam { most: None, ..dam };
    let run = dammed_for(1, 50.0, &dam, 1000.0).run();
    same(run.delivered(0, "city"), 450.0);
    same(run.storage(0, "dam"), 100.0);
    assert_eq!(run.bound(0, "city"), run.water_at("town"));
}

#[test]
fn e09_a_river_without_water_serves_nobody() {
    let mut sketch = river(0.0, &["town"]);
    sketch.user("city", &Ask::of(5.0, "town", 1));
    sketch.minimum_flow("fish", "town", 3.0);
    let run = sketch.run();
    assert_eq!(run.delivered(0, "city"), 0.0);
    assert_eq!(run.kept(0, "fish"), (0.0, run.water_at("town")));
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
