//! No lake and no reservoir of any shipped scenario ever holds less than nothing.

use std::path::Path;

use rivershare::model::Model;
use rivershare::results::simulate;

#[test]
fn every_storage_of_every_shipped_scenario_and_its_twin_holds_water_or_nothing() {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).expect("the inputs are sound");
    let mut below = Vec::new();
    for scenario in model.scenarios.values() {
        for scenario in [scenario.clone(), scenario.natural()] {
            let run = simulate(&model, inputs, &scenario).expect("every balance closes");
            for (storage, node) in run.plan.storage_nodes.iter().enumerate() {
                let column = run.record.storage.column(storage);
                let least = column.iter().copied().fold(f64::INFINITY, f64::min);
                if least < 0.0 {
                    let name = &model.network.nodes[*node].name;
                    below.push(format!("{}: {name} {least} hm³", scenario.name));
                }
            }
        }
    }
    assert!(below.is_empty(), "{below:#?}");
}
