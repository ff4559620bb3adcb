//! A sketch written as a folder, planned and run.

use std::fs;

use rivershare::model::Model;
use rivershare::network::Network;
use rivershare::plan::Plan;
use rivershare::results::simulate;
use tempfile::TempDir;

use super::{Outcome, Sketch};

impl Sketch {
    /// Writes the folder.
    pub(crate) fn write(&self) -> TempDir {
        let folder = TempDir::new().expect("a temporary folder");
        let basin = folder.path().join("basins/river");
        for path in [&basin, &folder.path().join("scenarios")] {
            fs::create_dir_all(path).expect("a folder");
        }
        let put = |path: &str, text: &str| {
            fs::write(folder.path().join(path), text).expect("a file");
        };
        let head = "title = \"A test\"\nscenario = \"base\"\nparties = [\"A\", \"B\"]\n";
        put("model.toml", &format!("{head}{}", self.rules));
        put("scenarios/base.toml", &self.scenario);
        let network = format!("name = \"River\"\n{}", self.tables.join("\n"));
        put("basins/river/network.toml", &network);
        put("initial_states.toml", &self.states.join("\n"));
        for (file, text) in &self.files {
            put(&format!("basins/river/{file}"), text);
        }
        folder
    }

    /// Network and plan of the folder.
    pub(crate) fn plan(&self) -> (Network, Plan) {
        let folder = self.write();
        let model = Model::load(folder.path(), &[]).expect("a sound folder");
        let plan = model.plan(folder.path(), &model.scenarios["base"]);
        (model.network, plan.expect("a sound scenario"))
    }

    /// Loads, runs and audits.
    pub(crate) fn run(&self) -> Outcome {
        let folder = self.write();
        let model = match Model::load(folder.path(), &[]) {
            Ok(model) => model,
            Err(faults) => panic!("{faults}\n{}", self.tables.join("\n")),
        };
        let run = match simulate(&model, folder.path(), &model.scenarios["base"]) {
            Ok(run) => run,
            Err(error) => panic!("{error}\n{}", self.tables.join("\n")),
        };
        let computed = run.computed();
        Outcome {
            network: model.network.clone(),
            plan: computed.plan.clone(),
            record: computed.record.clone(),
        }
    }
}
