//! The shipped baseline beside what is known of the past. The table is printed; run with `--nocapture`.
//!
//! Flows are reconstructed from published means, so that gauges check the wiring; levels and lake fluxes
//! check the balance. Parameters of the lake saw nothing after 1987.

use std::path::Path;
use std::sync::OnceLock;

use rivershare::metrics::published::{place, simulated};
use rivershare::model::Model;
use rivershare::results::{Run, simulate};

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        Model::load(Path::new("inputs"), &[]).expect("the shipped inputs are sound")
    })
}

fn run(scenario: &str) -> Run<'static> {
    let model = model();
    simulate(model, Path::new("inputs"), &model.scenarios[scenario]).expect("the ledger closes")
}

#[test]
fn table_of_all_published_figures() {
    let run = run("baseline");
    println!(
        "{:<34} {:<14} {:<8} {:<17} {:>9} {:>9} {:>7}",
        "place", "quantity", "", "period", "published", "run", "off %"
    );
    for point in &model().observations {
        let Some(value) = simulated(&run, point) else {
            continue;
        };
        println!(
            "{:<34} {:<14} {:<8} {:<17} {:>9.2} {:>9.2} {:>7.1}",
            point.place,
            point.quantity.word(),
            point.statistic.word(),
            point.period.to_string(),
            point.value,
            value,
            100.0 * (value / point.value - 1.0),
        );
    }
    let node = run
        .network
        .node("Balkhash")
        .and_then(|node| run.storage_at(node))
        .expect("the lake");
    for year in (1961..=2023).step_by(1) {
        let step = (year - 1961) * 12;
        print!("{year}:{:.2} ", run.level_m(step + 5, node));
    }
    println!();
    let _ = place;
}
