//! Withdrawals and consumption that grow to the level of an axis, all users in proportion.

use crate::bench::{Bench, HEAD};

/// Demands of irrigation and town, hm³ in a year of each run, where a total is led to 0, 0.1 and 0.2 km³ by 2003.
fn demands(key: &str, year: usize) -> Vec<[f64; 2]> {
    let axis = format!(
        "[[design]]\nmethod = \"grid\"\n[[design.axis]]\nname = \"total\"\nvalues = [0, 0.1, 0.2]\nSOURCE\
         [[design.axis.change.withdrawal]]\n{key} = \"value\"\nin_proportion = true\nfrom_year = 2001\nby_year = 2003\n\
         counted = [\"Valley irrigation\", \"Town\"]\nSOURCE"
    );
    let bench = Bench::of(&format!("{HEAD}{axis}"));
    // An area that stays as it is, so that only the change moves the demand.
    let network = bench.text("model/basins/my-river/network.toml");
    let network = network.replace("{ 2000 = 8000, 2003 = 10000 }", "8000");
    bench.put("model/basins/my-river/network.toml", &network);
    let opened = bench.opened();
    let of_run = |run| {
        let run = opened.world.run(run).expect("a sound run");
        let months = 12 * (year - 2000)..12 * (year - 1999);
        [0, 1].map(|user| {
            months
                .clone()
                .map(|step| run.plan.demand[[step, user]])
                .sum()
        })
    };
    (0..3).map(of_run).collect()
}

/// Sums of twelve months of some tens of hm³ keep 1e-13 of them.
#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} {expected}");
}

/// 80 km² with 500 mm at an efficiency of 0.55, and 0.03 km³ a year.
const PRESENT: [f64; 2] = [80.0 * 0.5 / 0.55, 30.0];

#[test]
fn e02_all_users_grow_in_proportion_to_what_they_take() {
    for (run, total) in [0.0, 100.0, 200.0].into_iter().enumerate() {
        let found = demands("total_km3_per_year", 2003)[run];
        let factor = total / (PRESENT[0] + PRESENT[1]);
        near(found[0], PRESENT[0] * factor);
        near(found[1], PRESENT[1] * factor);
    }
    for found in demands("total_km3_per_year", 2001) {
        near(found[0], PRESENT[0]);
    }
}

/// A fifth of what the irrigation takes returns: 0.8 of it is consumed, and all that the town takes.
#[test]
fn e02_consumption_is_demand_less_return_flow() {
    for (run, total) in [0.0, 100.0, 200.0].into_iter().enumerate() {
        let found = demands("consumption_km3_per_year", 2003)[run];
        near(0.8 * found[0] + found[1], total);
        let factor = total / (0.8 * PRESENT[0] + PRESENT[1]);
        near(found[0], PRESENT[0] * factor);
    }
}
