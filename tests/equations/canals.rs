//! Canals that lose by a curve (E63). The curve of most tests lets 0.9 of the first 40 hm³ arrive and half of what
//! enters beyond: 36 of 40, 46 of 60.

use crate::support::rivers::river;
use crate::support::{Ask, Outcome, Sketch, same};
use rivershare::allocate::Bound;

const KNOTS: [(f64, f64); 3] = [(0.0, 0.0), (40.0, 4.0), (140.0, 54.0)];

/// A river of so much with a canal from `head` to `field`.
fn canal(inflow: f64, capacity: Option<f64>) -> Sketch {
    let mut sketch = river(inflow, &["head"]);
    sketch.curved_canal("head", "field", capacity, &KNOTS);
    sketch
}

/// Runs a month and compares it with the definition.
#[track_caller]
fn proved(sketch: &Sketch) -> Outcome {
    let run = sketch.run();
    if let Err(difference) = run.agrees_with_definition() {
        panic!("{difference}");
    }
    run
}

/// Asserts what enters and what leaves a canal.
#[track_caller]
fn carries(run: &Outcome, (from, to): (&str, &str), enters: f64, leaves: f64) {
    let link = run.link(from, to);
    same(run.record.enters[[0, link]], enters);
    same(run.record.leaves[[0, link]], leaves);
}

#[test]
fn e63_what_is_ordered_enters_by_the_curve() {
    let mut sketch = canal(100.0, None);
    sketch.user("farm", &Ask::of(46.0, "field", 1));
    let run = proved(&sketch);
    // 36 arrive of 40, the other 10 of 20.
    same(run.delivered(0, "farm"), 46.0);
    carries(&run, ("head", "field"), 60.0, 46.0);
    same(run.comes(0, "mouth"), 40.0);
}

#[test]
fn e63_a_dry_river_leaves_less_of_the_last_cubic_metres() {
    let mut sketch = canal(50.0, None);
    sketch.user("farm", &Ask::of(46.0, "field", 1));
    let run = proved(&sketch);
    // 36 arrive of 40 and 5 of the other 10.
    same(run.delivered(0, "farm"), 41.0);
    assert_eq!(run.bound(0, "farm"), run.water_at("head"));
    same(run.comes(0, "mouth"), 0.0);
}

#[test]
fn e63_a_junior_pays_for_the_upper_part_of_the_curve() {
    let mut sketch = canal(50.0, None);
    sketch.user("senior", &Ask::of(36.0, "field", 1));
    sketch.user("junior", &Ask::of(20.0, "field", 2));
    let run = proved(&sketch);
    same(run.delivered(0, "senior"), 36.0);
    same(run.delivered(0, "junior"), 5.0);
}

#[test]
fn e63_equals_share_what_arrives() {
    let mut sketch = canal(60.0, None);
    sketch.user("one", &Ask::of(46.0, "field", 1));
    sketch.user("two", &Ask::of(92.0, "field", 1));
    let run = proved(&sketch);
    // 46 of 60 arrive: a third of 138.
    same(run.delivered(0, "one"), 46.0 / 3.0);
    same(run.delivered(0, "two"), 92.0 / 3.0);
}

#[test]
fn e63_a_user_at_the_river_shares_with_those_behind_the_canal() {
    let mut sketch = canal(90.0, None);
    sketch.user("near", &Ask::of(60.0, "head", 1));
    sketch.user("far", &Ask::of(92.0, "field", 1));
    let run = proved(&sketch);
    // 60 x + 40 + (92 x − 36) ÷ 0.5 = 90 at x = 122 ÷ 244.
    same(run.delivered(0, "near"), 30.0);
    same(run.delivered(0, "far"), 46.0);
    carries(&run, ("head", "field"), 60.0, 46.0);
}

#[test]
fn e63_the_capacity_is_that_of_the_upper_end() {
    let mut sketch = canal(1000.0, Some(60.0));
    sketch.user("farm", &Ask::of(80.0, "field", 1));
    let run = proved(&sketch);
    same(run.delivered(0, "farm"), 46.0);
    let link = run.link("head", "field");
    assert_eq!(run.bound(0, "farm"), Bound::Canal(link));
}

#[test]
fn e63_canals_one_behind_the_other() {
    let mut sketch = river(100.0, &["head"]);
    sketch.curved_canal("head", "fork", None, &KNOTS);
    sketch.canal("fork", "field", None, 0.5);
    sketch.curved_canal("fork", "garden", None, &KNOTS);
    sketch.user("farm", &Ask::of(13.0, "field", 1));
    sketch.user("grower", &Ask::of(18.0, "garden", 1));
    let run = proved(&sketch);
    // 18 of 20 reach the garden, 13 of 26 the field; both make 46 at the fork, 60 at the head.
    carries(&run, ("fork", "garden"), 20.0, 18.0);
    carries(&run, ("fork", "field"), 26.0, 13.0);
    carries(&run, ("head", "fork"), 60.0, 46.0);
    same(run.comes(0, "mouth"), 40.0);
}

#[test]
fn e63_a_return_behind_a_curve_helps_later_classes_alone() {
    let mut sketch = river(40.0, &["head", "lower"]);
    sketch.curved_canal("head", "field", None, &KNOTS);
    sketch.user("farm", &Ask::of(36.0, "field", 1).returning(0.5, "lower"));
    sketch.user("equal", &Ask::of(20.0, "lower", 1));
    sketch.user("later", &Ask::of(90.0, "lower", 2));
    let run = proved(&sketch);
    // x (40 + 20) = 40 at x = 2/3: the farm has 24, of which 12 come back for the later one.
    same(run.delivered(0, "farm"), 24.0);
    same(run.delivered(0, "equal"), 40.0 / 3.0);
    same(run.delivered(0, "later"), 12.0);
}

#[test]
fn e63_a_straight_curve_is_a_part() {
    let of = |sketch: &mut Sketch| {
        sketch.user("one", &Ask::of(50.0, "field", 1));
        sketch.user("two", &Ask::of(30.0, "head", 1));
        let run = proved(sketch);
        [run.delivered(0, "one"), run.delivered(0, "two")]
    };
    let mut by_curve = river(60.0, &["head"]);
    by_curve.curved_canal(
        "head",
        "field",
        None,
        &[(0.0, 0.0), (10.0, 2.0), (30.0, 6.0)],
    );
    let mut by_part = river(60.0, &["head"]);
    by_part.canal("head", "field", None, 0.2);
    for (curve, part) in of(&mut by_curve).into_iter().zip(of(&mut by_part)) {
        same(curve, part);
    }
}
