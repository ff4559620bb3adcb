//! Rivers that several tests begin with.

use super::{Ask, Dam, Sketch};

/// A river from `source` to `mouth` past the junctions between.
pub(crate) fn river(inflow: f64, junctions: &[&str]) -> Sketch {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", inflow).outlet("mouth");
    for junction in junctions {
        sketch.junction(junction);
    }
    sketch.rivers(&[&["source"], junctions, &["mouth"]].concat());
    sketch
}

/// A river that loses a part between `upper` and `lower`.
pub(crate) fn losing(inflow: f64, loss: f64) -> Sketch {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", inflow).junction("upper");
    sketch.junction("lower").outlet("mouth");
    sketch
        .river("source", "upper")
        .losing_river("upper", "lower", loss)
        .river("lower", "mouth");
    sketch
}

/// A delta between `upper` and `lower`, with knots of inflow and loss.
pub(crate) fn past_a_delta(inflow: f64, knots: &[(f64, f64)]) -> Sketch {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", inflow).junction("upper");
    sketch.delta("delta", knots);
    sketch.junction("lower").outlet("mouth");
    sketch.rivers(&["source", "upper", "delta", "lower", "mouth"]);
    sketch
}

/// A reservoir `dam` above a `town`.
pub(crate) fn dammed(months: u32, inflow: f64, dam: &Dam) -> Sketch {
    let mut sketch = Sketch::new(months);
    sketch.inflow("source", inflow).reservoir("dam", dam);
    sketch.junction("town").outlet("mouth");
    sketch.rivers(&["source", "dam", "town", "mouth"]);
    sketch
}

/// A reservoir above a town whose `city` asks for a volume.
pub(crate) fn dammed_for(months: u32, inflow: f64, dam: &Dam, demand: f64) -> Sketch {
    let mut sketch = dammed(months, inflow, dam);
    sketch.user("city", &Ask::of(demand, "town", 1));
    sketch
}

/// An upper and a lower reservoir above a town whose `city` asks for a volume. Nothing flows in.
pub(crate) fn stairs(upper: &Dam, lower: &Dam, demand: f64) -> Sketch {
    let mut sketch = Sketch::new(1);
    sketch.inflow("source", 0.0);
    sketch.reservoir("upper", upper).reservoir("lower", lower);
    sketch.junction("town").outlet("mouth");
    sketch.rivers(&["source", "upper", "lower", "town", "mouth"]);
    sketch.user("city", &Ask::of(demand, "town", 1));
    sketch
}

/// Two reservoirs side by side above a `town`. Nothing flows in.
pub(crate) fn side_by_side(left: &Dam, right: &Dam) -> Sketch {
    let mut sketch = Sketch::new(1);
    sketch.inflow("a", 0.0).inflow("b", 0.0);
    sketch.reservoir("left", left).reservoir("right", right);
    sketch.junction("town").outlet("mouth");
    sketch.rivers(&["a", "left", "town", "mouth"]);
    sketch.rivers(&["b", "right", "town"]);
    sketch
}

/// The river of the `city` (class 1) has 10; the `farm` (of a class) takes 50 of another river and returns
/// 40 above the city, where the `last` (class 3) takes as well.
pub(crate) fn two_rivers(priority: u32) -> Sketch {
    let mut sketch = Sketch::new(1);
    sketch.inflow("own", 10.0).inflow("other", 50.0);
    sketch.junction("town").junction("field");
    sketch.outlet("mouth").outlet("other mouth");
    sketch.rivers(&["own", "town", "mouth"]);
    sketch.rivers(&["other", "field", "other mouth"]);
    sketch.user("city", &Ask::of(30.0, "town", 1));
    let farm = Ask::of(50.0, "field", priority).returning(0.8, "town");
    sketch.user("farm", &farm);
    sketch.user("last", &Ask::of(25.0, "town", 3));
    sketch
}
