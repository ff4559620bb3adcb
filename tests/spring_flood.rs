//! Floods whose volume is decided every spring: by hand, by months, and member by member.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use approx::assert_relative_eq;
use rivershare::engine::{Ensemble, Member, Quantity, Series, run, run_plainly};
use rivershare::model::Model;
use rivershare::outputs::figures::figures;
use rivershare::outputs::report::Report;
use rivershare::outputs::tables::tables;
use rivershare::plan::Plan;
use rivershare::results::floods::Flood;
use rivershare::results::simulate;
use rivershare::scenario::Scenario;
use rivershare::time::{Date, TimeStep};
use tempfile::TempDir;

/// The inputs of the golden case, whose head works the numbers out; some text of its network is replaced.
fn inputs(changes: &[(&str, &str)]) -> TempDir {
    let golden = Path::new("tests/golden/spring-flood/inputs");
    let folder = TempDir::new().expect("a folder");
    for file in [
        "model.toml",
        "initial_states.toml",
        "scenarios/baseline.toml",
        "basins/river/network.toml",
        "basins/river/box.csv",
    ] {
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        let mut text = fs::read_to_string(golden.join(file)).expect("a file");
        for (old, new) in changes {
            text = text.replace(old, new);
        }
        fs::write(to, text).expect("a file");
    }
    folder
}

fn load(folder: &Path) -> (Model, Scenario) {
    let model = Model::load(folder, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let scenario = model.scenarios["baseline"].clone();
    (model, scenario)
}

fn floods(folder: &Path) -> Vec<Flood> {
    let (model, scenario) = load(folder);
    simulate(&model, folder, &scenario)
        .expect("it closes")
        .floods(0)
}

fn plan(folder: &Path) -> Plan {
    let (model, scenario) = load(folder);
    model.plan(folder, &scenario).expect("a plan")
}

/// Sums of some ten days of volumes that are written as flows.
const ROUNDING: f64 = 1e-12;

#[test]
fn e42_e43_a_decision_can_be_followed_by_hand() {
    let folder = inputs(&[]);
    let (model, scenario) = load(folder.path());
    let run = simulate(&model, folder.path(), &scenario).expect("it closes");
    let floods = run.floods(0);
    let expected = [
        (1.0, 100.0, 100.0, 110.0),
        (0.4375, 43.75, 48.75, 71.25),
        (0.195_312_5, 19.531_25, 27.531_25, 53.718_75),
    ];
    assert_eq!(floods.len(), 3);
    for (year, (flood, (part, asked, released, stays))) in floods.iter().zip(expected).enumerate() {
        assert_eq!(flood.year, 2001 + year as i32);
        assert_relative_eq!(flood.part(), part, max_relative = ROUNDING);
        assert_relative_eq!(flood.asked_hm3, asked, max_relative = ROUNDING);
        assert_relative_eq!(flood.released_hm3, released, max_relative = ROUNDING);
        let end = run.record.storage[[12 * year + 11, 0]];
        assert_relative_eq!(end, stays, max_relative = ROUNDING);
    }
    // The second flood keeps the discharge of its plateau and is shorter.
    let first = floods[1].steps.start;
    let asked = &run.computed().record.asked;
    for (day, volume) in [10.0, 10.0, 10.0, 10.0, 3.75, 0.0].into_iter().enumerate() {
        let found = asked[[first + day, 0]];
        assert!((found - volume).abs() < 1e-9, "{day}: {found}");
    }
    // All days of the first; of the second the best week has four days of 10, one of 3.75, two of the brook.
    let plateaus = floods
        .iter()
        .map(|flood| flood.plateau.expect("a run by days"));
    let plateaus: Vec<_> = plateaus.collect();
    let m3s = 1e6 / 86_400.0;
    assert_relative_eq!(plateaus[0].flow_m3s, 10.0 * m3s, max_relative = ROUNDING);
    assert_relative_eq!(
        plateaus[1].flow_m3s,
        45.75 / 7.0 * m3s,
        max_relative = ROUNDING
    );
    assert_eq!((plateaus[0].days, plateaus[1].days), (10, 4));
    // A release that was published with this volume and plateau.
    let flooded = floods[0].flooded.expect("a floodplain");
    assert_relative_eq!(flooded.share, 0.9, max_relative = 1e-9);
}

#[test]
fn e43_corners_of_the_table() {
    // Reservoir and brook have 210 hm3: at the knots of a table, between them and beyond its ends.
    for (available, parts, part) in [
        ("[10, 210]", "[0.25, 0.75]", 0.75),
        ("[210, 400]", "[0.25, 0.75]", 0.25),
        ("[300, 400]", "[0.25, 0.75]", 0.25),
        ("[10, 20]", "[0.25, 0.75]", 0.75),
        ("[110, 310]", "[0.25, 0.75]", 0.5),
        ("[10, 210, 310]", "[0.2, 0.2, 1]", 0.2),
        ("[10, 110, 310]", "[0.2, 0.2, 1]", 0.6),
        ("[300, 400]", "[0, 1]", 0.0),
    ] {
        let folder = inputs(&[("[50, 210]", available), ("[0, 1]", parts)]);
        let found = floods(folder.path())[0].part();
        assert!((found - part).abs() < 1e-12, "{available} {parts}: {found}");
    }
}

#[test]
fn e42_a_run_by_months_decides_with_its_month() {
    let folder = inputs(&[("time_step = \"day\"\n", "")]);
    let first = &floods(folder.path())[0];
    assert_relative_eq!(first.part(), 1.0, max_relative = ROUNDING);
    assert_relative_eq!(first.released_hm3, 100.0, max_relative = ROUNDING);
    assert_eq!(first.plateau, None);
    assert!(first.flooded.is_some());
}

/// A brook of 1, 2 and 3 hm³ a day in the three years.
fn brook_by_year(expected: &str, step: &str) -> TempDir {
    let folder = inputs(&[
        (
            "flow_ml_per_day = 1000\nsource = \"assumption: a golden case\"\nconfidence = \"low\"\n",
            "flow = \"brook.csv\"\n",
        ),
        (
            "expected = \"as it comes\"",
            &format!("expected = \"{expected}\""),
        ),
        ("time_step = \"day\"", step),
    ]);
    let mut text =
        "# source: assumption: a test\n# confidence: low\ndate,flow_ml_per_day\n".to_owned();
    for month in 0..36 {
        let (year, number) = (month / 12, month % 12 + 1);
        writeln!(text, "{}-{number:02},{}000", 2001 + year, year + 1).expect("a text grows");
    }
    fs::write(folder.path().join("basins/river/brook.csv"), text).expect("a series");
    folder
}

#[test]
fn e42_expected_water_is_that_of_the_year_or_the_mean_of_all() {
    for step in ["time_step = \"day\"", "time_step = \"month\""] {
        for (expected, volumes) in [("as it comes", [10.0, 20.0, 30.0]), ("mean", [20.0; 3])] {
            let plan = plan(brook_by_year(expected, step).path());
            let decides = |step: &usize| plan.floods.decides[[*step, 0]] == 1.0 && *step > 0;
            let steps: Vec<usize> = (0..plan.steps()).filter(decides).collect();
            let dates = steps.iter().map(|step| plan.dates[*step]);
            for (date, year) in dates.zip(2001..) {
                let april = date.month().to_string() == format!("{year}-04");
                assert!(april && !matches!(date, Date::Day(_, 2..)), "{date}");
            }
            assert_eq!(steps.len(), 3);
            for (step, volume) in steps.into_iter().zip(volumes) {
                let found = plan.floods.expected[[step, 0]];
                assert_relative_eq!(found, volume, max_relative = ROUNDING);
            }
        }
    }
}

#[test]
fn a_run_that_begins_after_the_decision_decides_at_once() {
    let folder = inputs(&[
        ("2001-01", "2001-04"),
        ("day = \"04-01\"", "day = \"03-01\""),
    ]);
    assert_relative_eq!(
        floods(folder.path())[0].part(),
        1.0,
        max_relative = ROUNDING
    );
}

#[test]
fn text_and_program_decide_alike_to_the_bit() {
    for expected in ["as it comes", "mean"] {
        let plan = plan(brook_by_year(expected, "time_step = \"day\"").path());
        let (program, text) = (run(&plan), run_plainly(&plan));
        for &quantity in Quantity::ALL {
            let bits = |array: &ndarray::Array2<f64>| -> Vec<u64> {
                array.iter().map(|value| (value + 0.0).to_bits()).collect()
            };
            assert_eq!(
                bits(program.array(quantity)),
                bits(text.array(quantity)),
                "{quantity:?}"
            );
        }
    }
}

/// A member with more water in the brook expects more of it; one that reads other years, theirs.
#[test]
fn e42_members_expect_their_own_water() {
    let folder = brook_by_year("as it comes", "time_step = \"day\"");
    let plan = plan(folder.path());
    let mut wet = Member::of(&plan);
    wet.inflow.iter_mut().for_each(|factor| *factor = 2.0);
    let mut shifted = Member::of(&plan);
    let steps = plan.steps() as u32;
    shifted.rows = Some((0..steps).map(|step| (step + 365) % steps).collect());
    let members = [Member::of(&plan), wet, shifted];
    let asked = [Series {
        quantity: Quantity::Asked,
        place: 0,
    }];
    let mut alone = Vec::new();
    for (place, (first, second)) in [(10.0, 20.0), (20.0, 40.0), (20.0, 30.0)]
        .into_iter()
        .enumerate()
    {
        let sums = Ensemble::new(&plan, &members[place..=place]).sums(&asked);
        // What the reservoir gives in the first year it has not in the second.
        let brook = first / 10.0;
        let part = |held: f64| ((held - 50.0) / 160.0).clamp(0.0, 1.0);
        let year = |held: f64, expected: f64, brook: f64| {
            let asked = 100.0 * part(held + expected);
            let days = [asked / 10.0, 1.0];
            let (whole, rest) = (days[0].floor(), asked - 10.0 * days[0].floor());
            (
                asked,
                held - whole * (10.0 - brook) - (rest - brook).max(0.0),
            )
        };
        let (one, held) = year(200.0, first, brook);
        let (two, held) = year(held, second, second / 10.0);
        let third = match place {
            0 => 30.0,
            1 => 60.0,
            _ => 10.0,
        };
        let (three, _) = year(held, third, third / 10.0);
        assert_relative_eq!(sums[[0, 0]], one + two + three, max_relative = ROUNDING);
        alone.push(sums[[0, 0]]);
    }
    let together = Ensemble::new(&plan, &members).lanes(4).sums(&asked);
    assert_eq!(together.column(0).to_vec(), alone);
}

#[test]
fn what_is_missing_is_missing_of_what_was_decided() {
    let folder = inputs(&[]);
    let (model, scenario) = load(folder.path());
    let report = Report::of(&model, folder.path(), &scenario).expect("a run");
    let table = |name: &str| {
        let tables = tables(&report);
        let table = tables.into_iter().find(|table| table.entry.name == name);
        String::from_utf8(table.expect("a table").csv).expect("UTF-8")
    };
    assert!(
        table("allocation_monthly")
            .lines()
            .skip(1)
            .all(|row| row.ends_with(",0.0,"))
    );
    assert_eq!(table("spring_flood").lines().count(), 1 + 3);
    // The natural twin lets down nothing.
    assert!(report.natural.floods(0).is_empty());
    let charts = figures(&report, "");
    let stems: Vec<&str> = charts.iter().map(|chart| chart.stem.as_str()).collect();
    assert!(stems.contains(&"meadows") && stems.contains(&"meadows_by_year"));
    let by_months = Scenario {
        time_step: TimeStep::Month,
        ..scenario
    };
    let report = Report::of(&model, folder.path(), &by_months).expect("a run");
    let chart = figures(&report, "");
    let chart = chart.iter().find(|chart| chart.stem == "meadows_by_year");
    assert!(chart.expect("a chart").notes[1].starts_with("By months the plateau is not known"));
}

/// What `docs/data-sources.md` tells of the shipped floodplain.
#[test]
fn e41_the_shipped_floodplain_is_as_told() {
    let model = Model::load(Path::new("inputs"), &[]).expect("the shipped inputs are sound");
    let mut flows = model.network.minimum_flows.iter();
    let plain = flows.find_map(|(flow, _)| flow.floodplain.as_ref());
    let plain = plain.expect("a floodplain");
    let [volume, plateau] = plain.exponents();
    // Told with three digits.
    assert!((volume - 0.564).abs() < 5e-4 && (plateau - 1.578).abs() < 5e-4);
    for (volume, plateau, share) in [
        (5800.0, 3500.0, 0.83),
        (6700.0, 3500.0, 0.86),
        (3850.0, 3500.0, 0.76),
        (4640.0, 2650.0, 0.64),
        (5250.0, 3420.0, 0.81),
    ] {
        let found = plain.flooded(volume, plateau);
        assert!((found.share - share).abs() < 0.005, "{found:?}");
    }
}
