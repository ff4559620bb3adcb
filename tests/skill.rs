//! The scores of `metrics::skill` beside those of the Python packages hydroeval and `HydroErr`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use rivershare::metrics::skill::{
    KlingGupta, determination, kling_gupta_2009, kling_gupta_2012, log_nash_sutcliffe,
    nash_sutcliffe, percent_bias, root_mean_square_error,
};

/// Sums of a thousand terms in another order differ by some 1e-13 of their size; a score that is computed
/// otherwise differs by far more.
const TOLERANCE: f64 = 1e-10;

/// Numbers from 0 to 1 of a linear congruential generator (Knuth's MMIX constants).
fn numbers(seed: u64) -> impl Iterator<Item = f64> {
    let next = |state: &u64| {
        let state = state.wrapping_mul(6_364_136_223_846_793_005);
        Some(state.wrapping_add(1_442_695_040_888_963_407))
    };
    std::iter::successors(Some(seed), next).map(|state| (state >> 11) as f64 / (1_u64 << 53) as f64)
}

/// Flows with a season, skewed noise and some dry months; simulated ones with errors of their own.
fn series(seed: u64, count: usize) -> (Vec<f64>, Vec<f64>) {
    let mut noise = numbers(seed).skip(8);
    let mut next = || noise.next().unwrap_or_default();
    let pairs = (0..count).map(|month| {
        let season = [
            1.0, 1.0, 2.0, 6.0, 12.0, 15.0, 11.0, 6.0, 3.0, 2.0, 1.0, 1.0,
        ][month % 12];
        let wet = if next() < 0.05 {
            0.0
        } else {
            0.2 + 3.0 * next() * next()
        };
        let observed: f64 = 20.0 * season * wet;
        (observed * (0.6 + 0.7 * next()) + 4.0 * next(), observed)
    });
    pairs.unzip()
}

fn scores_of_python(simulated: &[f64], observed: &[f64]) -> BTreeMap<String, f64> {
    let python = std::env::var("PYTHON").expect("PYTHON names the interpreter");
    let mut lines = String::new();
    for (simulated, observed) in simulated.iter().zip(observed) {
        writeln!(lines, "{simulated},{observed}").expect("a line");
    }
    let mut program = Command::new(python)
        .arg("tests/skill/scores.py")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut input = program.stdin.take().expect("an input");
    input.write_all(lines.as_bytes()).expect("it reads");
    drop(input);
    let done = program.wait_with_output().expect("it ends");
    assert!(done.status.success());
    let said = String::from_utf8(done.stdout).expect("UTF-8");
    let score = |line: &str| {
        let (name, value) = line.split_once('=').expect("a name and a value");
        (name.to_owned(), value.parse().expect("a number"))
    };
    said.lines().map(score).collect()
}

#[test]
#[ignore = "needs the Python packages hydroeval and HydroErr; ./test.sh installs them"]
fn e44_to_e47_are_those_of_hydroeval_and_hydroerr() {
    for (seed, count) in [(1, 756), (2, 60), (3, 7), (4, 3650)] {
        let (simulated, observed) = series(seed, count);
        let (s, o) = (simulated.as_slice(), observed.as_slice());
        let mut expected = scores_of_python(s, o);
        let mut agrees = |name: String, score: Option<f64>| {
            let expected = expected.remove(&name).expect("a score of that name");
            let score = score.expect("a score");
            let near = (score - expected).abs() <= TOLERANCE * expected.abs().max(1.0);
            assert!(
                near,
                "series {seed}, {name}: {score} here, {expected} there"
            );
        };
        for package in ["hydroeval", "HydroErr"] {
            agrees(format!("{package} nse"), nash_sutcliffe(s, o));
            agrees(format!("{package} rmse"), root_mean_square_error(s, o));
            let mut parts = |name: &str, score: Option<KlingGupta>| {
                let score = score.expect("a score");
                let name = |part| format!("{package} kge {name} {part}");
                agrees(name("efficiency"), Some(score.efficiency));
                agrees(name("correlation"), Some(score.correlation));
                agrees(name("variability"), Some(score.variability));
                agrees(name("bias"), Some(score.bias));
            };
            parts("2009", kling_gupta_2009(s, o));
            parts("2012", kling_gupta_2012(s, o));
        }
        agrees("hydroeval log nse".into(), log_nash_sutcliffe(s, o));
        agrees("hydroeval bias".into(), percent_bias(s, o));
        agrees("HydroErr r2".into(), determination(s, o));
        assert!(expected.is_empty(), "not compared: {expected:?}");
    }
}
