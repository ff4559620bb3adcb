//! The measures of `metrics` beside what numpy and scipy make of the same series.

use std::io::Write as _;
use std::process::{Command, Stdio};

use rivershare::metrics::alteration::{Scratch, alteration};
use rivershare::metrics::drought::droughts;
use rivershare::metrics::flow_duration::flow_duration;
use rivershare::metrics::quantiles::{mean, percentiles};
use rivershare::metrics::streamflow_index::Reference;
use rivershare::metrics::supply::supply;
use serde_json::{Value, json};

const PERCENTS: [f64; 7] = [0.0, 1.0, 5.0, 33.3, 50.0, 95.0, 100.0];

/// Sums of a thousand terms in another order, and logarithms of another library, differ by some 1e-13 of their size;
/// a measure that is computed otherwise differs by far more.
const TOLERANCE: f64 = 1e-11;

/// Numbers from 0 to 1 of a linear congruential generator (Knuth's MMIX constants).
fn numbers(seed: u64) -> impl Iterator<Item = f64> {
    let next = |state: &u64| {
        let state = state.wrapping_mul(6_364_136_223_846_793_005);
        Some(state.wrapping_add(1_442_695_040_888_963_407))
    };
    std::iter::successors(Some(seed), next).map(|state| (state >> 11) as f64 / (1_u64 << 53) as f64)
}

/// A natural river, and one that is regulated and used; flows are rounded, so that some are equal.
fn series(seed: u64, months: usize) -> (Vec<f64>, Vec<f64>) {
    let mut noise = numbers(seed).skip(8);
    let mut next = || noise.next().unwrap_or_default();
    let pairs = (0..months).map(|month| {
        let season = [
            1.0, 1.0, 2.0, 6.0, 12.0, 15.0, 11.0, 6.0, 3.0, 2.0, 1.0, 1.0,
        ][month % 12];
        let natural = (20.0 * season * (0.2 + 3.0 * next() * next())).round();
        let kept = (0.5 * natural + 40.0 * next()).round();
        (natural, kept)
    });
    pairs.unzip()
}

/// Every measure of both series, by name.
fn measures(natural: &[f64], altered: &[f64]) -> Value {
    let mut sorted = altered.to_vec();
    let (mut found, mut curve) = ([0.0; 7], [0.0; 7]);
    percentiles(&mut sorted, &PERCENTS, &mut found);
    flow_duration(&mut sorted, &PERCENTS, &mut curve);
    let supplied = supply(natural, altered).expect("something is asked for");
    let spells = droughts(altered, &[60.0]);
    let (longest, severest) = (
        spells.longest.expect("a spell"),
        spells.severest.expect("a spell"),
    );
    let mut indices = vec![0.0; altered.len()];
    Reference::of(natural, 3).indices(natural, 3, &mut indices);
    let regime = alteration(natural, altered, &mut Scratch::default()).expect("years");
    json!({
        "percentiles": found,
        "mean": mean(altered),
        "duration": curve,
        "supply": [
            supplied.reliability,
            supplied.reliability_by_volume,
            supplied.resilience,
            supplied.vulnerability,
            supplied.severity_hm3,
            supplied.greatest_deficit_hm3,
            supplied.sustainability,
        ],
        "longest": [longest.start, longest.length, longest.deficit],
        "severest": [severest.start, severest.length, severest.deficit],
        "spells": [spells.spells, spells.steps],
        "index": indices,
        "months": regime.months,
        "extremes": [
            regime.least_month,
            regime.least_three_months,
            regime.greatest_month,
            regime.greatest_three_months,
        ],
        "times": [regime.time_of_least, regime.time_of_greatest],
        "overall": regime.overall,
    })
}

/// The same of numpy and scipy.
fn measures_of_python(natural: &[f64], altered: &[f64]) -> Value {
    let python = std::env::var("PYTHON").expect("PYTHON names the interpreter");
    let mut program = Command::new(python)
        .arg("tests/metrics/measures.py")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let text = json!({ "natural": natural, "altered": altered, "percents": PERCENTS }).to_string();
    let mut input = program.stdin.take().expect("an input");
    input.write_all(text.as_bytes()).expect("it reads");
    drop(input);
    let done = program.wait_with_output().expect("it ends");
    assert!(done.status.success());
    serde_json::from_slice(&done.stdout).expect("JSON")
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(flat).collect(),
        value => vec![value.as_f64().expect("a number")],
    }
}

#[test]
#[ignore = "needs the Python packages numpy and scipy; ./test.sh installs them"]
fn e80_to_e89_are_those_of_numpy_and_scipy() {
    for (seed, months) in [(1, 756), (2, 600), (3, 240), (4, 36)] {
        let (natural, altered) = series(seed, months);
        let found = measures(&natural, &altered);
        let expected = measures_of_python(&natural, &altered);
        for (name, expected) in expected.as_object().expect("measures") {
            let (found, expected) = (flat(&found[name]), flat(expected));
            assert_eq!(found.len(), expected.len(), "{name}");
            if name == "percentiles" {
                assert_eq!(found, expected, "the formula is that of numpy");
            }
            for (found, expected) in found.iter().zip(&expected) {
                let near = (found - expected).abs() <= TOLERANCE * expected.abs().max(1.0);
                assert!(
                    near,
                    "series {seed}, {name}: {found} here, {expected} there"
                );
            }
        }
    }
}

/// What 600 months cost; told, not judged, since a busy machine takes longer.
#[test]
#[ignore = "a measurement: cargo test --release --test metrics -- --ignored --nocapture cost"]
fn cost_of_a_member() {
    let (natural, altered) = series(1, 600);
    let mut scratch = Scratch::default();
    let mut reference = Reference::of(&natural, 0);
    let mut indices = vec![0.0; 600];
    let mut sorted = natural.clone();
    let mut sum = 0.0;
    let mut told = |name: &str, measure: &mut dyn FnMut() -> f64| {
        let start = std::time::Instant::now();
        for _ in 0..1000 {
            sum += measure();
        }
        println!(
            "{name:12} {:6.1} µs",
            start.elapsed().as_secs_f64() * 1000.0
        );
    };
    told("supply", &mut || {
        supply(&natural, &altered).map_or(0.0, |found| found.reliability)
    });
    told("droughts", &mut || droughts(&altered, &[60.0]).steps as f64);
    told("percentiles", &mut || {
        sorted.copy_from_slice(&altered);
        let mut found = [0.0; 7];
        percentiles(&mut sorted, &PERCENTS, &mut found);
        found[3]
    });
    told("reference", &mut || {
        reference.take(&natural, 0);
        reference.index(40.0, 3)
    });
    told("indices", &mut || {
        reference.indices(&altered, 0, &mut indices);
        indices[7]
    });
    told("alteration", &mut || {
        alteration(&natural, &altered, &mut scratch).map_or(0.0, |found| found.overall)
    });
    assert!(sum.is_finite());
}
