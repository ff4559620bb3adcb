//! `rivershare check`.

use std::path::Path;

use clap::Args;

use super::{Failure, Voice};
use crate::model::Model;

/// Options of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {}

impl Check {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let model = Model::load(inputs, &[])?;
        let network = &model.network;
        voice.say(
            "checked",
            &format!(
                "{}: sound; {} basins, {} nodes, {} links, {} users, {} scenarios",
                inputs.display(),
                network.basins.len(),
                network.nodes.len(),
                network.links.len(),
                network.users.len(),
                model.scenarios.len(),
            ),
        );
        Ok(())
    }
}
