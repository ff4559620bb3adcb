//! The reference network as it is loaded from a folder, and the loop with its figures.

use std::error::Error;
use std::path::Path;

use rivershare::model::Model;
use rivershare::network::Network;
use rivershare::plan::Plan;
use rivershare::time::Period;

use super::floor::Floor;
use super::{folder, inflows, recognise};

/// A loaded reference network.
pub(crate) struct Subject {
    /// Its network.
    pub(crate) network: Network,
    /// Its plan.
    pub(crate) plan: Plan,
    /// The hand-written loop with the plan's figures.
    pub(crate) floor: Floor,
}

impl Subject {
    /// The network for these months, by way of a folder that is gone afterwards.
    ///
    /// # Errors
    /// Where the folder cannot be written or loaded.
    pub(crate) fn generated(period: Period, seed: u64) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        folder::write(folder.path(), period, &inflows::inflows(seed, period))?;
        Self::load(folder.path())
    }

    /// The default scenario of the folder `inputs`.
    ///
    /// # Errors
    /// Where it is unsound, or not the reference network.
    pub(crate) fn load(inputs: &Path) -> Result<Self, Box<dyn Error>> {
        let model = Model::load(inputs, &[])?;
        let plan = model.plan(inputs, &model.scenarios[&model.default_scenario])?;
        let floor = recognise::floor(&model.network, &plan)
            .map_err(|differs| format!("{}: {differs}", inputs.display()))?;
        Ok(Self {
            network: model.network,
            plan,
            floor,
        })
    }
}
