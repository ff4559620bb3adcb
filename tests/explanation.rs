//! The texts of `run --explain`, held to the letter on networks that can be followed by hand.

mod support;

use std::path::Path;

use rivershare::model::Model;
use rivershare::outputs::explanation::{Explanation, claims_named, explain};
use rivershare::results::simulate;
use rivershare::scenario::Scenario;
use rivershare::time::TimeStep;
use support::rivers::{dammed, losing, river};
use support::{Ask, Dam, Sketch, same};

/// All claims of a name.
fn all_explained(
    inputs: &Path,
    scenario: &str,
    step: TimeStep,
    claim: &str,
    date: &str,
) -> Vec<Explanation> {
    let model = Model::load(inputs, &[]).expect("sound inputs");
    let scenario = Scenario {
        time_step: step,
        ..model.scenarios[scenario].clone()
    };
    let run = simulate(&model, inputs, &scenario)
        .expect("a run")
        .explained();
    let date = date.parse().expect("a date");
    let claims = claims_named(&model.network, claim).into_iter();
    claims
        .map(|claim| explain(&run, claim, date).expect("a date of the run"))
        .collect()
}

/// Of a user or minimum flow, which is one claim.
fn explained(
    inputs: &Path,
    scenario: &str,
    step: TimeStep,
    claim: &str,
    date: &str,
) -> Explanation {
    let mut told = all_explained(inputs, scenario, step, claim, date);
    assert_eq!(told.len(), 1);
    told.remove(0)
}

fn golden(name: &str, scenario: &str, claim: &str, date: &str) -> Explanation {
    let inputs = Path::new("tests/golden").join(name).join("inputs");
    explained(&inputs, scenario, TimeStep::Month, claim, date)
}

/// Of the first month of a sketch, which is April 2001.
fn sketched(sketch: &Sketch, claim: &str) -> Explanation {
    let folder = sketch.write();
    explained(folder.path(), "base", TimeStep::Month, claim, "2001-04")
}

/// Holds a text against the file of this name; `RIVERSHARE_BLESS=1` writes it anew.
#[track_caller]
fn reads(explanation: &Explanation, name: &str) {
    let path = Path::new("tests/golden/explanations").join(name);
    let text = format!("{explanation}\n");
    if std::env::var_os("RIVERSHARE_BLESS").is_some() {
        std::fs::write(&path, &text).expect("a file");
    }
    let wanted = std::fs::read_to_string(&path).expect("a text");
    assert!(text == wanted, "found\n{text}\nin place of\n{wanted}");
}

#[test]
fn who_is_served_in_full_is_told_so() {
    reads(
        &golden("one-reach", "baseline", "Farm", "2001-07"),
        "served_in_full.txt",
    );
    let idle = golden("one-reach", "baseline", "Farm", "2001-01");
    assert!(
        idle.to_string()
            .contains("\nbound by    nothing: it asked for nothing\n")
    );
}

#[test]
fn a_canal_that_is_too_small() {
    let told = golden("two-parties", "growth", "Canal town", "2002-01");
    reads(&told, "capacity_of_a_canal.txt");
}

#[test]
fn a_senior_below_whose_water_is_lost_on_the_way() {
    let mut sketch = losing(100.0, 0.2);
    sketch.canal("lower", "field", None, 0.25);
    sketch.user("junior", &Ask::of(100.0, "upper", 2));
    sketch.user("senior", &Ask::of(30.0, "field", 1));
    // 30 on the field are 40 at the canal's head and 50 above the reach.
    reads(&sketched(&sketch, "junior"), "senior_below.txt");
}

#[test]
fn a_junior_behind_a_canal_that_loses_by_a_curve() {
    let mut sketch = river(50.0, &["head"]);
    sketch.curved_canal(
        "head",
        "field",
        None,
        &[(0.0, 0.0), (40.0, 4.0), (140.0, 54.0)],
    );
    sketch.user("senior", &Ask::of(36.0, "field", 1));
    sketch.user("junior", &Ask::of(20.0, "field", 2));
    // 36 arrive of 40 and 5 of 10: 41 of 50, in which all that is taken has its part.
    reads(&sketched(&sketch, "junior"), "canal_with_a_curve.txt");
}

#[test]
fn a_minimum_flow_that_is_short_below_a_confluence() {
    let mut sketch = Sketch::new(1);
    sketch
        .inflow("large", 60.0)
        .inflow("small", 10.0)
        .gauge("gorge")
        .outlet("mouth");
    sketch
        .rivers(&["large", "gorge", "mouth"])
        .rivers(&["small", "gorge"]);
    sketch.user("city", &Ask::of(20.0, "large", 1));
    sketch.minimum_flow_of(2, "fish", "gorge", 80.0);
    reads(&sketched(&sketch, "fish"), "minimum_flow.txt");
}

#[test]
fn equals_that_share_are_named() {
    let mut sketch = river(90.0, &[]);
    sketch.user("small", &Ask::of(60.0, "source", 1));
    sketch.user("large", &Ask::of(120.0, "source", 1));
    let told = sketched(&sketch, "large");
    same(told.got.hm3, 60.0);
    assert_eq!(told.limited_by, "water at source, shared with small");
}

#[test]
fn earlier_claims_above_are_named_and_whether_water_is_short_without_them() {
    let limited_by = |inflow: f64| {
        let mut sketch = river(inflow, &["upper", "lower"]);
        for name in ["a", "b", "c", "d", "e"] {
            sketch.user(name, &Ask::of(10.0, "upper", 1));
        }
        sketch.user("last", &Ask::of(70.0, "lower", 2));
        sketched(&sketch, "last").limited_by
    };
    // 50 are gone above; 70 are asked for.
    assert_eq!(
        limited_by(100.0),
        "earlier claims at upper: a, b, c and 2 more"
    );
    assert_eq!(
        limited_by(60.0),
        "too little water and earlier claims at upper: a, b, c and 2 more"
    );
}

#[test]
fn who_returns_all_keeps_nothing_from_those_below() {
    let mut sketch = river(100.0, &["upper", "lower"]);
    sketch.user("mill", &Ask::of(90.0, "upper", 1).returning(1.0, "lower"));
    sketch.user("last", &Ask::of(120.0, "lower", 2));
    assert_eq!(sketched(&sketch, "last").limited_by, "water at lower");
}

/// A reservoir with a zone against the second class, a least release and a target, above a city and a farm.
fn ruled() -> Sketch {
    let dam = Dam {
        target: 80.0,
        least: 5.0,
        zones: vec![(2, 60.0)],
        ..Dam::holding(100.0)
    };
    let mut sketch = dammed(1, 10.0, &dam);
    sketch.user("city", &Ask::of(60.0, "town", 1));
    sketch.user("farm", &Ask::of(30.0, "town", 2));
    sketch
}

#[test]
fn a_reservoir_is_told_claim_by_claim() {
    let folder = ruled().write();
    let told = all_explained(folder.path(), "base", TimeStep::Month, "dam", "2001-04");
    let named: Vec<&str> = told.iter().map(|told| told.claim.as_str()).collect();
    assert_eq!(
        named,
        [
            "least release of dam",
            "zone against class 2 of dam",
            "target storage of dam"
        ]
    );
    // Of 110 the city takes 60: 50 are left of the zone of 60 and of the target of 80.
    let (asked, got): (Vec<f64>, Vec<f64>) = told
        .iter()
        .map(|told| (told.asked.hm3, told.got.hm3))
        .unzip();
    for (place, (wanted, held)) in [(5.0, 5.0), (60.0, 50.0), (80.0, 50.0)].iter().enumerate() {
        same(asked[place], *wanted);
        same(got[place], *held);
    }
    assert_eq!(told[0].limited_by, "");
    assert_eq!(told[1].asked.m3s, None);
    for (told, name) in told[1..].iter().zip(["zone", "target"]) {
        reads(told, &format!("{name}_of_a_reservoir.txt"));
    }
}

#[test]
fn a_reservoir_of_a_run_by_days_has_its_days_and_its_months() {
    let inputs = Path::new("tests/golden/two-parties/inputs");
    for date in ["2002-08", "2002-08-15"] {
        let told = all_explained(inputs, "growth", TimeStep::Day, "Reservoir", date);
        assert!(told.iter().all(|told| told.date == date), "{told:?}");
        assert!(told.len() >= 2, "{told:?}");
    }
}

#[test]
fn a_day_and_a_month_of_a_run_by_days() {
    let inputs = Path::new("tests/golden/two-parties/inputs");
    let told = |date: &str| explained(inputs, "growth", TimeStep::Day, "Canal town", date);
    let (month, day) = (told("2002-01"), told("2002-01-15"));
    // A day asks for its part of the month.
    same(day.asked.hm3 * 31.0, month.asked.hm3);
    let m3s = |told: &Explanation| told.asked.m3s.expect("a flow");
    same(m3s(&day), m3s(&month));
    assert_eq!((&*day.date, &*month.date), ("2002-01-15", "2002-01"));
    assert_eq!(day.limited_by, "capacity of Town canal");
    assert_eq!(month.limited_by, "capacity of Town canal");
    assert!(
        day.to_string()
            .contains("capacity at its head: 1.04 hm3, 12.00 m3/s")
    );
}

/// Each place's entries add up to what goes on: the text can be checked with a pencil.
#[test]
fn the_entries_of_each_place_add_up() {
    for date in ["2001-01", "2001-07", "2002-08", "2003-09"] {
        for claim in ["Fish", "Fields", "Canal town"] {
            let told = golden("two-parties", "growth", claim, date);
            for site in told.stretches.iter().flat_map(|stretch| &stretch.sites) {
                let mut rest = 0.0;
                for entry in &site.entries {
                    let hm3 = entry.hm3.unwrap_or(0.0);
                    rest += if entry.text.starts_with('=') {
                        -hm3
                    } else {
                        hm3
                    };
                }
                same(rest, 0.0);
            }
        }
    }
}

#[test]
fn a_long_river_is_cut_above() {
    let names: Vec<String> = (0..40).map(|place| format!("place {place}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut sketch = river(100.0, &names);
    for name in names {
        sketch.user(&format!("user at {name}"), &Ask::of(1.0, name, 1));
    }
    let text = sketched(&sketch, "user at place 39").to_string();
    assert!(text.lines().count() <= 61, "{text}");
    assert!(text.contains("places further up are left out)"), "{text}");
    assert!(
        text.contains("taken by user at place 39, this claim"),
        "{text}"
    );
}

/// The example of README.md is what the program prints; it is written by hand.
#[test]
fn the_example_of_the_readme_is_current() {
    let readme = std::fs::read_to_string("README.md").expect("a text");
    let command = "run --explain \"Emin irrigation@1974-07\"\n";
    let (_, shown) = readme.split_once(command).expect("an example");
    let (shown, _) = shown.split_once("\n```").expect("its end");
    let told = explained(
        Path::new("inputs"),
        "baseline",
        TimeStep::Month,
        "Emin irrigation",
        "1974-07",
    );
    let told = told.to_string();
    assert!(told == shown, "found\n{told}\nin place of\n{shown}");
}
