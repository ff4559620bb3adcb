//! `rivershare check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, Voice};
use crate::calibration::levels::all as calibrations;
use crate::hydrology::climate::Climate;
use crate::inputs::folder::Folder;
use crate::model::Model;
use crate::network::Network;
use crate::outputs::map::map;

/// Options of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Draw the network to this SVG file.
    #[arg(long, value_name = "FILE.svg")]
    schematic: Option<PathBuf>,
}

/// Reads all climates of the inputs; none of them runs with a scenario.
fn climates(inputs: &Path, network: &Network) -> Result<(), Failure> {
    let folder = Folder::new(inputs);
    for name in Climate::names(&folder) {
        Climate::read(&folder, &name, "`check`", network);
    }
    folder.close(Some(()))?;
    Ok(())
}

impl Check {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let model = Model::load(inputs, &[])?;
        calibrations(&model, inputs)?;
        let network = &model.network;
        climates(inputs, network)?;
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
