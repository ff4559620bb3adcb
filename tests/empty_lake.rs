//! A lake that is drained through its bed runs dry and stays at nothing.

use std::path::Path;

use rivershare::model::Model;
use rivershare::results::simulate;

/// The small golden model with another groundwater of its lake, km³ a year.
fn model_with(groundwater: &str, folder: &Path) -> Model {
    let from = Path::new("tests/golden/two-parties/inputs");
    for part in ["", "basins/river", "scenarios"] {
        std::fs::create_dir_all(folder.join(part)).expect("a folder");
        for entry in std::fs::read_dir(from.join(part)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let text = std::fs::read_to_string(&path).expect("a text");
                let new = format!("groundwater_km3_per_year = {groundwater}");
                let text = text.replace("groundwater_km3_per_year = 0.02", &new);
                let name = path.file_name().expect("a name");
                std::fs::write(folder.join(part).join(name), text).expect("a file");
            }
        }
    }
    Model::load(folder, &[]).expect("sound")
}

#[test]
fn e08_an_empty_lake_loses_to_the_ground_only_what_it_gets() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = model_with("-20.0", folder.path());
    let run = simulate(&model, folder.path(), &model.scenarios["baseline"]).expect("closes");
    let node = model.network.node("Lake").expect("the lake");
    let lake = run.storage_at(node).expect("a lake");
    let last = run.months().len() - 1;
    assert_eq!(run.record.storage[[last, lake]], 0.0);
    for step in 0..=last {
        assert!(run.record.storage[[step, lake]] >= 0.0, "step {step}");
        let balance = run.lake(step, lake);
        // Sums of volumes of up to 2000 hm³.
        assert!(balance.residual().abs() < 1e-9, "{}", balance.residual());
    }
    // Once it is dry, what the river brings is all that the ground takes.
    let dry = run.lake(last, lake);
    assert!((dry.groundwater + dry.river_inflow).abs() < 1e-9, "{dry:?}");
    assert!(dry.groundwater > run.plan.groundwater[[last, lake]]);
}
