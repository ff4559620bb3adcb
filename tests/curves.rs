//! The shipped curves agree with themselves: dV/dh is the area.

use std::path::Path;

use rivershare::model::Model;

#[test]
fn e04_volume_and_area_of_every_shipped_curve_agree() {
    let model = Model::load(Path::new("inputs"), &[]).expect("sound");
    for (node, storage) in model.network.storages() {
        let (name, curve) = (&model.network.nodes[node].name, &storage.curve);
        let rows = curve.level_m.len();
        for knot in 1..rows {
            let rise = curve.level_m[knot] - curve.level_m[knot - 1];
            let (low, high) = (curve.area_km2[knot - 1], curve.area_km2[knot]);
            // The mean area of a segment in which dh/dV = 1/A and A is linear in V.
            let mean = if high / low > 1.0 + 1e-9 {
                (high - low) / libm::log(high / low)
            } else {
                low
            };
            let volume = curve.volume_hm3[knot] - curve.volume_hm3[knot - 1];
            let off = (volume / (mean * rise) - 1.0).abs();
            assert!(off < 1e-3, "{name}, {} m: {off:.5}", curve.level_m[knot]);
        }
    }
}

#[test]
fn the_shipped_balkhash_curve_is_the_published_fit() {
    let model = Model::load(Path::new("inputs"), &[]).expect("sound");
    let node = model.network.node("Balkhash").expect("the lake");
    let curve = &model.network.nodes[node].storage().expect("a lake").curve;
    let volume = |level: f64| curve.volume(level).expect("in the curve");
    // Levels are printed with four decimals.
    assert!((volume(341.4) - 100_000.0).abs() < 2.0);
    for level in [338.5, 340.7, 341.4, 342.0, 343.0] {
        let area = curve.area(volume(level));
        assert!(
            (area - (16_700.0 + 470.0 * (level - 340.7))).abs() < 0.5,
            "{level}: {area}"
        );
    }
    let fall = volume(343.0) - volume(340.6);
    assert!((fall / 1000.0 - 41.3).abs() < 0.1, "{fall}");
    let west = curve.at_volume(&curve.bodies[0].area_km2, volume(341.4));
    assert!((west / curve.area(volume(341.4)) - 0.58).abs() < 1e-3);
}
