//! What the shipped scenarios say is what their plans hold.

use std::path::Path;
use std::sync::OnceLock;

use rivershare::model::Model;
use rivershare::plan::Plan;
use rivershare::results::simulate;
use rivershare::scenario::Scenario;

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| Model::load(Path::new("inputs"), &[]).expect("the inputs are sound"))
}

fn scenario(name: &str) -> &'static Scenario {
    &model().scenarios[name]
}

fn plan(name: &str) -> Plan {
    model()
        .plan(Path::new("inputs"), scenario(name))
        .expect("sound")
}

/// Gross withdrawal at the river of the users that `picked` takes, km³ in a year.
fn gross_km3(plan: &Plan, year: i32, picked: impl Fn(&str) -> bool) -> f64 {
    let users = model()
        .network
        .users
        .iter()
        .enumerate()
        .filter(|(_, user)| picked(&user.name));
    let users: Vec<usize> = users.map(|(place, _)| place).collect();
    let steps = (0..plan.steps()).filter(|step| plan.months[*step].year() == year);
    let volume = |step: usize| -> f64 {
        let gross = |user: &usize| {
            let passes: f64 = plan.paths[*user]
                .canals
                .iter()
                .map(|link| plan.passes[*link])
                .product();
            plan.demand[[step, *user]] / passes
        };
        users.iter().map(gross).sum()
    };
    steps.map(volume).sum::<f64>() / 1000.0
}

fn is_chinese_irtysh(name: &str) -> bool {
    let user = model()
        .network
        .users
        .iter()
        .position(|user| user.name == name)
        .expect("a user");
    let head = model().network.paths[user].head;
    let basin = &model().network.basins[model().network.nodes[head].basin];
    model().network.users[user].party == "China" && basin == "Irtysh"
}

#[test]
fn e02_withdrawals_from_the_irtysh_grow_to_their_totals() {
    let present = gross_km3(&plan("baseline"), 2023, is_chinese_irtysh);
    assert!((present - 1.5).abs() < 0.01, "2023: {present}");
    for (name, total) in [("canal-1.5", 1.5), ("canal-4.6", 4.6), ("canal-7.0", 7.0)] {
        let plan = plan(name);
        let grown = gross_km3(&plan, 2040, is_chinese_irtysh);
        // The present use of 2023 is counted to the last digit, so that the total is too.
        assert!((grown - total).abs() < 1e-9, "{name}: {grown}");
        assert!((gross_km3(&plan, 2073, is_chinese_irtysh) - total).abs() < 1e-9);
        let half_way = gross_km3(&plan, 2032, is_chinese_irtysh);
        let ramp = present + (total - present) * 9.0 / 17.0;
        assert!(
            (half_way - ramp).abs() < 1e-9,
            "{name} in 2032: {half_way} for {ramp}"
        );
    }
}

#[test]
fn e02_growth_goes_60_to_40_to_the_branches() {
    let (now, then) = (plan("canal-7.0"), 2040);
    let more = |branch: &str| {
        gross_km3(&now, then, |name| name.starts_with(branch))
            - gross_km3(&plan("baseline"), 2023, |name| name.starts_with(branch))
    };
    let (karamay, urumqi) = (more("Karamay"), more("Ürümqi"));
    assert!(
        (karamay / (karamay + urumqi) - 0.6).abs() < 1e-9,
        "{karamay} and {urumqi}"
    );
}

#[test]
fn e02_growth_keeps_the_season_of_present_use() {
    let plan = plan("canal-4.6");
    let user = |name: &str| {
        model()
            .network
            .users
            .iter()
            .position(|user| user.name == name)
    };
    let user = user("Karamay irrigation").expect("a user");
    let month =
        |year: i32, number: usize| plan.demand[[((year - 2024) * 12) as usize + number - 1, user]];
    for number in 4..=10 {
        // 2024 and 2040 are both leap years.
        let (early, late) = (
            month(2024, number) / month(2024, 7),
            month(2040, number) / month(2040, 7),
        );
        assert!(
            (early - late).abs() < 1e-9,
            "month {number}: {early} and {late}"
        );
    }
}

#[test]
fn chinese_use_of_the_ili_doubles_by_2040_and_no_other() {
    let (present, more) = (plan("present-use"), plan("ili-more-use"));
    let step = (2040 - 2024) * 12 + 6;
    for (user, row) in model().network.users.iter().enumerate() {
        let head = model().network.paths[user].head;
        let basin = &model().network.basins[model().network.nodes[head].basin];
        let factor = if row.party == "China" && basin == "Ili" {
            2.0
        } else {
            1.0
        };
        let (now, then) = (present.demand[[step, user]], more.demand[[step, user]]);
        assert!(
            (then - factor * now).abs() < 1e-9 * now.max(1.0),
            "{}",
            row.name
        );
    }
}

#[test]
fn charts_tell_the_years_whose_water_is_taken() {
    assert_eq!(scenario("baseline").years_of_water(), None);
    let told = |trace: Vec<i32>| {
        let scenario = Scenario {
            trace,
            ..scenario("canal-7.0").clone()
        };
        scenario.years_of_water()
    };
    assert_eq!(
        told(scenario("canal-7.0").trace.clone()).as_deref(),
        Some("1974–2023")
    );
    // Of a trace that is longer than the run the first fifty years are taken.
    let trace = (2000..=2019)
        .chain([1961, 1975])
        .chain(1961..=2023)
        .collect();
    assert_eq!(
        told(trace).as_deref(),
        Some("2000–2019, 1961, 1975, 1961–1988")
    );
}

#[test]
fn the_future_takes_the_water_of_its_trace_in_order() {
    let (past, future, dry) = (plan("baseline"), plan("present-use"), plan("dry"));
    let inflow = model().network.node("Charyn").expect("an inflow");
    let july = |plan: &Plan, first: i32, year: i32| {
        plan.formed[[((year - first) * 12) as usize + 6, inflow]]
    };
    for (year, source) in [(2024, 1974), (2030, 1980), (2073, 2023)] {
        assert_eq!(
            july(&future, 2024, year),
            july(&past, 1961, source),
            "{year}"
        );
    }
    for (year, source) in [
        (2024, 1970),
        (2040, 1986),
        (2041, 1970),
        (2058, 1970),
        (2073, 1985),
    ] {
        assert_eq!(july(&dry, 2024, year), july(&past, 1961, source), "{year}");
    }
}

#[test]
fn the_future_starts_from_the_level_between_two_official_figures() {
    let plan = plan("present-use");
    let node = model().network.node("Balkhash").expect("the lake");
    let lake = plan
        .storage_nodes
        .iter()
        .position(|place| *place == node)
        .expect("a storage");
    assert!((plan.curves[lake].level(plan.initial[lake]) - 341.4).abs() < 1e-9);
}

#[test]
fn the_natural_scenario_is_the_twin_of_the_baseline() {
    let inputs = Path::new("inputs");
    let scenario_run = simulate(model(), inputs, scenario("natural")).expect("closes");
    let twin = simulate(model(), inputs, &scenario("baseline").natural()).expect("closes");
    assert_eq!(scenario_run.record, twin.record);
    assert!(
        twin.record
            .delivered
            .iter()
            .all(|delivered| *delivered == 0.0)
    );
}
