//! What flows over a sill and through a strait (E12).

use crate::support::{Ask, Sketch, Water, same};

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
