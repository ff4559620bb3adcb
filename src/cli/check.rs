//! `rivershare check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, Voice};
use crate::calibration::levels::all as calibrations;
use crate::model::Model;
use crate::outputs::map::map;

/// Options of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Draw the network to this SVG file.
    #[arg(long, value_name = "FILE.svg")]
    schematic: Option<PathBuf>,
}

impl Check {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let model = Model::load(inputs, &[])?;
        calibrations(&model, inputs)?;
        let network = &model.network;
        let text = format!(
            "{}: sound; {} basins, {} nodes, {} links, {} users, {} scenarios",
            inputs.display(),
            network.basins.len(),
            network.nodes.len(),
            network.links.len(),
            network.users.len(),
            model.scenarios.len(),
        );
        voice.say("checked", &text);
        if let Some(path) = &self.schematic {
            let drawing = map(&model.title, network);
            std::fs::write(path, drawing).map_err(|cause| Failure::write(path, cause))?;
            voice.say("written", &path.display().to_string());
        }
        Ok(())
    }
}
