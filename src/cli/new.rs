//! `rivershare new`.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, Voice};

/// Options of `new`.
#[derive(Debug, Args)]
pub(super) struct New {
    /// Folder that receives the model; new or empty.
    folder: PathBuf,
}

/// The files of the template.
const FILES: [(&str, &str); 6] = [
    ("model.toml", include_str!("template/model.toml")),
    (
        "initial_states.toml",
        include_str!("template/initial_states.toml"),
    ),
    (
        "basins/my-river/network.toml",
        include_str!("template/network.toml"),
    ),
    (
        "basins/my-river/inflow.csv",
        include_str!("template/inflow.csv"),
    ),
    (
        "basins/my-river/lake_curve.csv",
        include_str!("template/lake_curve.csv"),
    ),
    (
        "scenarios/baseline.toml",
        include_str!("template/baseline.toml"),
    ),
];

impl New {
    pub(super) fn run(&self, voice: Voice) -> Result<(), Failure> {
        let folder = &self.folder;
        let empty = std::fs::read_dir(folder).map_or(!folder.exists(), |mut d| d.next().is_none());
        if !empty {
            return Err(Failure::NotEmpty(folder.display().to_string()));
        }
        for (file, text) in FILES {
            let path = folder.join(file);
            let parent = path.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|cause| Failure::write(parent, cause))?;
            std::fs::write(&path, text).map_err(|cause| Failure::write(&path, cause))?;
        }
        let name = folder.display();
        let text = format!("{name}: a small working model\ntry: rivershare run --inputs {name}");
        voice.say("written", &text);
        Ok(())
    }
}
