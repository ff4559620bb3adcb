//! Runs by days beside runs by months of the same inputs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use rivershare::model::Model;
use rivershare::network::user::Demand;
use rivershare::outputs::figures::figures;
use rivershare::outputs::report::Report;
use rivershare::outputs::tables::tables;
use rivershare::plan::Plan;
use rivershare::results::{Run, simulate};
use rivershare::scenario::{Disaggregation, Scenario};
use rivershare::time::{Date, Month, SECONDS_PER_DAY, TimeStep};
use tempfile::TempDir;

/// The small model that `new` writes.
fn template() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let status = Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args(["new", "--quiet"])
        .arg(folder.path())
        .status()
        .expect("the program starts");
    assert!(status.success());
    folder
}

fn load(inputs: &Path) -> (Model, Scenario) {
    let model = Model::load(inputs, &[]).expect("sound inputs");
    let scenario = model.scenarios["baseline"].clone();
    (model, scenario)
}

fn by_day(scenario: &Scenario, disaggregation: Disaggregation) -> Scenario {
    Scenario {
        time_step: TimeStep::Day,
        disaggregation,
        ..scenario.clone()
    }
}

fn close(found: f64, expected: f64, what: &str) {
    // Sums of up to 31 days of the same numbers.
    let tolerance = 1e-12 * expected.abs().max(1e-3);
    assert!(
        (found - expected).abs() <= tolerance,
        "{what}: {found} {expected}"
    );
}

#[test]
fn where_nothing_stores_a_month_of_days_is_the_month() {
    let folder = template();
    let (model, scenario) = load(folder.path());
    let months = simulate(&model, folder.path(), &scenario).expect("a run");
    let daily = by_day(&scenario, Disaggregation::Constant);
    let days = simulate(&model, folder.path(), &daily).expect("a run");
    assert_eq!(days.computed().plan.steps(), 1461);
    assert_eq!(days.plan.dates, months.plan.dates);
    let border = model.network.node("Border").expect("a gauge");
    for step in 0..months.plan.steps() {
        let date = months.plan.dates[step].to_string();
        for user in 0..model.network.users.len() {
            let at = [step, user];
            close(days.plan.demand[at], months.plan.demand[at], &date);
            close(
                days.record.delivered[at],
                months.record.delivered[at],
                &date,
            );
            close(days.record.returned[at], months.record.returned[at], &date);
        }
        close(
            days.record.kept[[step, 0]],
            months.record.kept[[step, 0]],
            &date,
        );
        close(
            days.flow_m3s(step, border),
            months.flow_m3s(step, border),
            &date,
        );
        // The lake sees the same water; its area follows it by days.
        let lake = (days.lake(step, 0), months.lake(step, 0));
        close(lake.0.river_inflow, lake.1.river_inflow, &date);
        assert!((lake.0.end / lake.1.end - 1.0).abs() < 1e-3, "{date}");
    }
    let total = |run: &Run| run.record.delivered.sum();
    assert!(total(&months) > 0.0);
}

#[test]
fn e28_a_smooth_course_keeps_every_month() {
    let folder = template();
    let (model, scenario) = load(folder.path());
    let plan = |scenario: &Scenario| model.plan(folder.path(), scenario).expect("a plan");
    let months = plan(&scenario);
    for method in [Disaggregation::Constant, Disaggregation::Smooth] {
        let days = plan(&by_day(&scenario, method));
        for (step, month) in months.months.iter().enumerate() {
            let sum = |of: fn(&Plan) -> &ndarray::Array2<f64>| -> f64 {
                let own = (0..days.steps()).filter(|day| days.months[*day] == *month);
                own.map(|day| of(&days).row(day).sum()).sum()
            };
            let month = month.to_string();
            close(
                sum(|plan| &plan.formed),
                months.formed.row(step).sum(),
                &month,
            );
            close(
                sum(|plan| &plan.rain_mm),
                months.rain_mm.row(step).sum(),
                &month,
            );
            let evaporation = months.evaporation_mm.row(step).sum();
            close(sum(|plan| &plan.evaporation_mm), evaporation, &month);
        }
    }
}

/// Replaces a piece of a file of a model.
fn change(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).expect("a file");
    assert!(text.contains(old), "{file}: {old}");
    fs::write(&path, text.replacen(old, new, 1)).expect("the changed file");
}

fn network_of(folder: &Path) -> String {
    let basins = fs::read_dir(folder.join("basins")).expect("basins");
    let basin = basins
        .map(|entry| entry.expect("a basin").file_name())
        .next();
    format!(
        "basins/{}/network.toml",
        basin.expect("a basin").to_string_lossy()
    )
}

/// A daily series of two years, the second one with a leap day, that counts its days from 1.
fn daily_inflow() -> String {
    let mut text = "# source: assumption: a test\n# confidence: low\ndate,flow_m3s\n".to_owned();
    for (count, date) in two_years().into_iter().enumerate() {
        let _ = writeln!(text, "{date},{}", count + 1);
    }
    text
}

fn two_years() -> Vec<Date> {
    TimeStep::Day.dates("1999-01..2000-12".parse().expect("a period"))
}

#[test]
fn a_daily_series_is_taken_as_it_is_and_a_trace_minds_leap_days() {
    let folder = template();
    let network = network_of(folder.path());
    let series = network.replace("network.toml", "inflow.csv");
    fs::write(folder.path().join(&series), daily_inflow()).expect("a series");
    let (model, scenario) = {
        let file = "scenarios/baseline.toml";
        let text = fs::read_to_string(folder.path().join(file)).expect("a scenario");
        let lines = text.lines().filter(|line| !line.starts_with("period"));
        let text = lines.collect::<Vec<_>>().join("\n");
        // 2000 takes the water of 1999, and 2001 that of 2000.
        let keys = "period = \"2000-01..2001-12\"\ntrace = [\"1999..2000\"]\ntime_step = \"day\"\n";
        fs::write(folder.path().join(file), format!("{keys}{text}\n")).expect("a scenario");
        load(folder.path())
    };
    let plan = model.plan(folder.path(), &scenario).expect("a plan");
    let source = (0..model.network.nodes.len())
        .find(|node| plan.formed[[0, *node]] > 0.0)
        .expect("an inflow");
    let value = |month: Month, day: u32| {
        let step = plan
            .dates
            .iter()
            .position(|date| *date == Date::Day(month, day));
        plan.formed[[step.expect("a step"), source]] * 1e6 / SECONDS_PER_DAY
    };
    let written = |text: &str| {
        let place = two_years().iter().position(|date| date.to_string() == text);
        place.expect("a day of the series") as f64 + 1.0
    };
    let (leap, next) = (Month::new(2000, 2), Month::new(2001, 2));
    for (found, day) in [
        (value(Month::new(2000, 1), 1), "1999-01-01"),
        (value(leap, 28), "1999-02-28"),
        (value(leap, 29), "1999-02-28"),
        (value(leap.plus(1), 1), "1999-03-01"),
        (value(next, 28), "2000-02-28"),
        (value(next.plus(1), 1), "2000-03-01"),
    ] {
        close(found, written(day), day);
    }
    // By months the same file gives the means of its months (E17).
    let months = Scenario {
        time_step: TimeStep::Month,
        ..scenario
    };
    let plan = model.plan(folder.path(), &months).expect("a plan");
    close(
        plan.formed[[0, source]] / (31.0 * 0.0864),
        16.0,
        "the mean of 1 to 31",
    );
}

#[test]
fn e29_a_flood_has_the_same_volume_by_days_and_by_months() {
    let folder = template();
    let network = network_of(folder.path());
    let flood = "\n[minimum_flow.hydrograph]\nstart = \"04-21\"\nrise_days = 4\nfall_days = 6\n\
                 base_m3s = 15\nplateau_ml_per_day = 3024\nvolume_hm3 = 58\n\
                 source = \"assumption: a test\"\nconfidence = \"low\"\n";
    let source = "source = \"assumption: replace by your own figures\"\nconfidence = \"low\"\n";
    change(
        folder.path(),
        &network,
        &format!("flow_m3s = 2.0\n{source}"),
        flood,
    );
    let (model, scenario) = load(folder.path());
    let months = model.plan(folder.path(), &scenario).expect("a plan");
    let daily = by_day(&scenario, Disaggregation::Smooth);
    let days = model.plan(folder.path(), &daily).expect("a plan");
    // The days alone can be drawn.
    for (asked, panels) in [(&daily, Some(3)), (&scenario, None)] {
        let report = Report::of(&model, folder.path(), asked).expect("a run");
        let charts = figures(&report, "");
        let chart = charts
            .iter()
            .find(|chart| chart.stem == "flow_for_the_fish");
        assert_eq!(chart.map(|chart| chart.panels.len()), panels);
    }
    let years = 4.0;
    for (plan, what) in [(&months, "months"), (&days, "days")] {
        assert!(
            (plan.minimum.sum() / (58.0 * years) - 1.0).abs() < 1e-12,
            "{what}"
        );
    }
    let most = days.minimum.iter().copied().fold(0.0, f64::max);
    close(most, 3.024, "the plateau of a day");
}

#[test]
fn a_flow_is_a_demand_of_every_day() {
    let folder = template();
    let network = network_of(folder.path());
    change(
        folder.path(),
        &network,
        "demand_km3_per_year = 0.03",
        "demand_ml_per_day = 86.4",
    );
    let (model, scenario) = load(folder.path());
    let town = model
        .network
        .users
        .iter()
        .position(|user| user.name == "Town")
        .expect("a user");
    assert_eq!(
        model.network.users[town].demand,
        Demand::Flow { m3s: [1.0; 12] }
    );
    let days = by_day(&scenario, Disaggregation::Constant);
    let plan = model.plan(folder.path(), &days).expect("a plan");
    for step in 0..plan.steps() {
        close(plan.demand[[step, town]], 0.0864, "a day");
    }
}

#[test]
fn tables_by_months_of_a_run_by_days_are_whole() {
    let inputs = Path::new("tests/golden/two-parties/inputs");
    let (model, scenario) = load(inputs);
    let asked = Scenario {
        daily_tables: true,
        ..by_day(&scenario, Disaggregation::Smooth)
    };
    let months = Report::of(&model, inputs, &scenario).expect("a run");
    let days = Report::of(&model, inputs, &asked).expect("a run");
    let (months, days) = (tables(&months), tables(&days));
    // The same tables with the same rows and columns, and those by days after them.
    let names: Vec<&str> = days.iter().map(|table| table.entry.name).collect();
    let more = ["flows_daily", "allocation_daily", "storages_daily"];
    assert_eq!(names[months.len()..], more);
    let heads = |csv: &[u8]| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(csv);
        let rows = reader.records().map(|row| row.expect("a row"));
        rows.map(|row| row.iter().take(2).map(str::to_owned).collect())
            .collect()
    };
    for (month, day) in months.iter().zip(&days) {
        assert_eq!(month.entry.name, day.entry.name);
        assert_eq!(heads(&month.csv), heads(&day.csv), "{}", month.entry.name);
    }
    let rows = |place: usize| heads(&days[place].csv).len();
    assert_eq!(rows(months.len()), 1095 * heads(&months[0].csv).len() / 36);
}

#[test]
fn a_month_of_days_closes_as_one() {
    let inputs = Path::new("tests/golden/two-parties/inputs");
    let (model, scenario) = load(inputs);
    let asked = by_day(&scenario, Disaggregation::Smooth);
    let run = simulate(&model, inputs, &asked).expect("a run");
    let days = run.computed();
    close(run.record.comes.sum(), days.record.comes.sum(), "flows");
    assert_eq!(run.record.storage.row(35), days.record.storage.row(1094));
    for storage in 0..run.plan.curves.len() {
        for step in 0..run.plan.steps() {
            let lake = run.lake(step, storage);
            assert!(lake.residual().abs() < 1e-8, "{step}: {}", lake.residual());
            for body in run.bodies(step, storage) {
                assert!(body.residual().abs() < 1e-8, "{step}: {}", body.residual());
            }
        }
    }
    for (month, account) in run.accounts.parties.column(0).iter().enumerate() {
        let gains = account.formed + account.received + account.rain + account.groundwater;
        let losses = account.consumed + account.evaporation + account.lost + account.passed_on;
        let residual = gains - losses - (account.end - account.start);
        assert!(residual.abs() < 1e-8, "{month}: {residual}");
    }
}
