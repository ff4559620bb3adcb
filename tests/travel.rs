//! Water under way: what travel times change, and what they must not (equations E26 and E27).

mod support;

use proptest::prelude::*;
use rivershare::engine::run_plainly;
use support::random::{With, basins};
use support::{Ask, Dam, Outcome, Sketch, same};

/// How a reach passes water on: days and Muskingum's weight.
type Travel = (f64, Option<f64>);

const AT_ONCE: Option<Travel> = None;
const LAG: Option<Travel> = Some((3.0, None));
const MUSKINGUM: Option<Travel> = Some((1.5, Some(0.2)));

/// A river with a travel time, or without one.
fn reach(sketch: &mut Sketch, from: &str, to: &str, travel: Option<Travel>) {
    match travel {
        Some((days, weight)) => sketch.slow_river(from, to, days, weight),
        None => sketch.river(from, to),
    };
}

/// What a user gets on the last day, hm³.
fn at_last(run: &Outcome, user: &str) -> f64 {
    run.delivered(run.plan.steps() - 1, user)
}

/// 30 hm³ a day come from each side; the senior at the meeting asks for 40 of them, juniors for 30 each.
fn two_sides(main: Option<Travel>, side: Option<Travel>) -> Outcome {
    let mut sketch = Sketch::new(1);
    sketch.by_day();
    sketch.inflow("main", 900.0).inflow("side", 900.0);
    sketch.junction("meeting").outlet("mouth");
    reach(&mut sketch, "main", "meeting", main);
    reach(&mut sketch, "side", "meeting", side);
    sketch.river("meeting", "mouth");
    sketch.user("left", &Ask::of(900.0, "main", 2));
    sketch.user("right", &Ask::of(900.0, "side", 2));
    sketch.user("senior", &Ask::of(1200.0, "meeting", 1));
    sketch.run()
}

#[test]
fn e26_a_steady_river_is_shared_as_if_water_came_at_once() {
    for main in [AT_ONCE, LAG, MUSKINGUM] {
        for side in [AT_ONCE, LAG, MUSKINGUM] {
            let run = two_sides(main, side);
            for (user, expected) in [("senior", 40.0), ("left", 10.0), ("right", 10.0)] {
                let found = at_last(&run, user);
                // What Muskingum's storage still remembers of the first days has faded.
                let close = (found - expected).abs() < 1e-6;
                assert!(close, "{main:?} {side:?}: {user} gets {found}");
            }
        }
    }
}

#[test]
fn e26_a_return_flow_may_come_in_below_two_reaches_and_a_spillway_beside_one() {
    for travel in [LAG, MUSKINGUM] {
        let dam = Dam {
            full: 100.0,
            target: 100.0,
            most: Some(150.0),
            ..Dam::holding(100.0)
        };
        let mut sketch = Sketch::new(2);
        sketch.by_day();
        sketch.inflow("source", 300.0).reservoir("dam", &dam);
        sketch.gauge("first").gauge("second").outlet("mouth");
        sketch.river("source", "dam");
        reach(&mut sketch, "dam", "first", travel);
        reach(&mut sketch, "first", "second", travel);
        sketch.river("second", "mouth").spillway("dam", "second");
        sketch.user("farm", &Ask::of(60.0, "dam", 1).returning(0.5, "second"));
        let run = sketch.run();
        // Of 10 a day the farm takes 2 and returns 1 below; the outlets let 5 through, 2 of them the farm's.
        let last = run.plan.steps() - 1;
        let days = 31.0;
        same(run.delivered(last, "farm"), 60.0 / days);
        same(run.comes(last, "mouth"), 270.0 / days);
    }
}

#[test]
fn e26_two_rivers_that_return_water_to_each_other_are_one_reach() {
    let run = |travel: Option<Travel>| {
        let mut sketch = Sketch::new(1);
        sketch.by_day();
        sketch.inflow("a", 300.0).inflow("b", 300.0);
        sketch.junction("below a").junction("below b");
        sketch.junction("meeting").outlet("mouth");
        sketch.river("a", "below a").river("b", "below b");
        reach(&mut sketch, "below a", "meeting", travel);
        reach(&mut sketch, "below b", "meeting", travel);
        sketch.river("meeting", "mouth");
        sketch.user("left", &Ask::of(240.0, "a", 2).returning(0.5, "below b"));
        sketch.user("right", &Ask::of(300.0, "b", 2).returning(0.4, "below a"));
        sketch.user("low", &Ask::of(180.0, "below a", 1));
        sketch.user("senior", &Ask::of(210.0, "meeting", 1));
        sketch.run()
    };
    let expected = run(AT_ONCE);
    for travel in [LAG, MUSKINGUM] {
        let found = run(travel);
        for user in ["left", "right", "low", "senior"] {
            let (found, expected) = (at_last(&found, user), at_last(&expected, user));
            assert!(
                (found - expected).abs() < 1e-6,
                "{user}: {found} {expected}"
            );
        }
    }
}

#[test]
fn e26_mass_is_kept_over_a_long_run() {
    for travel in [LAG, MUSKINGUM] {
        let dam = Dam {
            full: 500.0,
            target: 300.0,
            most: Some(400.0),
            ..Dam::holding(200.0)
        };
        let mut sketch = Sketch::new(9);
        sketch.by_day();
        sketch.inflow("source", 500.0).inflow("side", 100.0);
        sketch.junction("head").reservoir("dam", &dam);
        sketch.junction("town").outlet("mouth");
        reach(&mut sketch, "source", "head", travel);
        reach(&mut sketch, "head", "dam", travel);
        reach(&mut sketch, "dam", "town", travel);
        sketch.rivers(&["side", "town", "mouth"]);
        sketch.user(
            "farm",
            &Ask::of(400.0, "head", 2).returning(0.3, "town").later(4),
        );
        sketch.user("city", &Ask::of(300.0, "town", 1));
        let run = sketch.run();
        let (record, last) = (&run.record, run.plan.steps() - 1);
        let stored = record.storage.row(last).sum()
            + record.transit.row(last).sum()
            + record.returning.row(last).sum();
        let before = 200.0 + record.transit_at_start.iter().sum::<f64>();
        let left = record.consumed.sum() + record.comes.column(run.node("mouth")).sum();
        let change = run.plan.formed.sum() - left - (stored - before);
        assert!(change.abs() < 1e-8, "{change}");
        assert!(record.storage.iter().all(|volume| *volume >= 0.0));
    }
}

/// The same river by days, with a travel time on some of its reaches and returns that come a day later.
fn slowed(sketch: &Sketch, seed: usize) -> Sketch {
    let ways = [
        "",
        "travel_days = 1\n",
        "travel_days = 4\n",
        "travel_days = 1.2\nmuskingum_x = 0.3\n",
    ];
    let mut slow = sketch.clone();
    slow.by_day();
    for (place, table) in slow.tables.iter_mut().enumerate() {
        *table = table.replace("return_lag_steps = 0", "return_lag_steps = 1");
        if table.starts_with("[[link]]") && !table.contains("kind = ") {
            let way = ways[(place * 7 + seed) % ways.len()];
            *table = table.replacen("[[link]]\n", &format!("[[link]]\n{way}"), 1);
        }
    }
    slow
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// `Sketch::run` audits the ledger.
    #[test]
    fn e26_every_balance_of_a_slow_river_closes(
        (basin, seed) in (basins(With::Everything), 0_usize..100),
    ) {
        let run = slowed(&basin.sketch(), seed).run();
        let record = &run.record;
        for fluxes in [&record.enters, &record.leaves, &record.release, &record.transit] {
            for flux in fluxes {
                prop_assert!(*flux >= -1e-9, "{flux}");
            }
        }
        prop_assert_eq!(record, &run_plainly(&run.plan));
    }
}
