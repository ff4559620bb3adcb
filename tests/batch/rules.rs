//! An axis over the rule of a reservoir.

use crate::bench::Bench;

const HEAD: &str = r#"title = "A test"
base = "baseline"
generator = "flows"
members = 6
SOURCE
[[record.series]]
quantity = "storage"
place = "Dam"
step = "month"
[[design]]
method = "grid"
[[design.axis]]
name = "target"
SOURCE
"#;

const DAM: &str = r#"
[[reservoir]]
name = "Dam"
party = "Upstream"
in_service = "1990-01"
curve = "dam_curve.csv"
dead_storage_km3 = 0
full_storage_km3 = 0.02
precipitation_mm = 0
evaporation_mm = 0
SOURCE
[[reservoir.rule]]
target_storage_km3 = 0.01
SOURCE
"#;

/// A small reservoir above the valley, and an axis over its rule.
fn dammed(axis: &str) -> Bench {
    let bench = Bench::of(&format!("{HEAD}{axis}"));
    let source = "source = \"assumption: a test\"\nconfidence = \"low\"";
    let file = "model/basins/my-river/network.toml";
    let network = bench.text(file);
    let network = network.replace(
        "from = \"Headwaters\"\nto = \"Valley\"",
        "from = \"Headwaters\"\nto = \"Dam\"\n\n[[link]]\nfrom = \"Dam\"\nto = \"Valley\"",
    );
    bench.put(file, &(network + &DAM.replace("SOURCE", source)));
    bench.put(
        "model/basins/my-river/dam_curve.csv",
        "# source: assumption: a test\n# confidence: low\nlevel_m,volume_km3,area_km2\n0,0,1\n20,0.02,1\n",
    );
    let states = "model/initial_states.toml";
    let state =
        format!("\n[[state]]\nstorage = \"Dam\"\ndate = \"2000-01\"\nstorage_km3 = 0\n{source}\n");
    bench.put(states, &(bench.text(states) + &state));
    bench
}

/// Least and greatest percentile of the storage that was told of each run in a December, km³: in winter the river brings
/// more than is asked for, so that the reservoir stands at its target in all members.
fn decembers(bench: &Bench) -> Vec<[f64; 2]> {
    bench.batch("out", &[]);
    let csv = bench.text("out/quantiles.csv");
    let rows = csv.lines().filter(|line| line.contains(",2003-12,"));
    let ends = rows.map(|row| {
        let cells: Vec<&str> = row.split(',').collect();
        [7, cells.len() - 1].map(|cell| cells[cell].parse().expect("a number"))
    });
    ends.collect()
}

#[test]
fn a_factor_of_the_targets() {
    let bench = dammed(
        "values = [0, 0.5, 1, 4]\n[[design.axis.change.rule]]\nreservoir = \"Dam\"\ntarget_factor = \"value\"\nSOURCE",
    );
    let expected = [0.0, 0.005, 0.01, 0.02];
    for ([least, greatest], expected) in decembers(&bench).into_iter().zip(expected) {
        // A sum of some thousand hm³ that came and went, in km³.
        assert!((least - expected).abs() < 1e-12, "{least} {expected}");
        assert!((greatest - expected).abs() < 1e-12, "{greatest} {expected}");
    }
}

#[test]
fn a_target_and_what_is_too_much_of_it() {
    let axis = "values = [4, 15]\n[[design.axis.change.rule]]\nreservoir = \"Dam\"\ntarget_storage_hm3 = \"value\"\nSOURCE";
    let found = decembers(&dammed(axis));
    assert_eq!(found.len(), 2);
    assert!((found[0][0] - 0.004).abs() < 1e-12 && (found[1][1] - 0.015).abs() < 1e-12);
    let bench = dammed(&axis.replace("15", "21"));
    let told = bench.refused_batch("out", &[]);
    let fault = "[[design.axis.change.rule]], key `target_storage_hm3`\n    found     21\n    expected  at most the full storage, 20\n1 fault\n";
    assert!(told.ends_with(fault), "{told}");
}
