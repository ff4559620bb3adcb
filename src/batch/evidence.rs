//! The evidence of a batch: what it was made from and what it gave, joined into one root.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::blueprint::Blueprint;
use super::durable::write_whole;
use super::work::{JOURNAL, SESSIONS, WorkError};
use crate::outputs::folder::hashes_below;
use crate::outputs::manifest::{LOG, MANIFEST, SEAL, manifest, root_of, seal};

/// What two people compare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of the program.
    pub version: String,
    /// Name of the batch.
    pub batch: String,
    /// How the inflows came about, where they are not observed.
    pub reconstructed_inputs: Vec<String>,
    /// Key of all draws.
    pub seed: Option<u32>,
    /// SHA-256 of the fitted generator.
    pub generator: Option<String>,
    /// SHA-256 of every input file.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of the blueprint, in which the hash of the plan of the first run stands.
    pub plan: String,
    /// SHA-256 of every file of results.
    pub tables: BTreeMap<String, String>,
}

impl Identity {
    /// That of a batch whose files of results have some hashes.
    pub fn of(blueprint: &Blueprint, tables: BTreeMap<String, String>) -> Self {
        Self {
            version: blueprint.version.clone(),
            batch: blueprint.batch.clone(),
            reconstructed_inputs: blueprint.reconstructed_inputs.clone(),
            seed: blueprint.seed,
            generator: blueprint.generator.clone(),
            inputs: blueprint.inputs.clone(),
            plan: blueprint.hash(),
            tables,
        }
    }
}

/// Writes manifest and seal, with which a batch is complete; gives its root.
///
/// # Errors
/// What the system refuses.
pub fn complete(place: &Path, blueprint: &Blueprint) -> Result<String, WorkError> {
    let mut tables = hashes_below(place).map_err(|cause| WorkError::Read {
        path: place.to_owned(),
        cause,
    })?;
    tables.retain(|file, _| is_result(file));
    let identity = Identity::of(blueprint, tables.clone());
    let text = manifest(&identity, &tables);
    write_whole(place, SEAL, &seal(&text))?;
    write_whole(place, MANIFEST, &text)?;
    Ok(root_of(&identity))
}

/// Whether a file of the folder is a result, and no trace of the work.
pub(super) fn is_result(file: &str) -> bool {
    let is_work =
        file.starts_with("chunks/") || file.starts_with('.') || [JOURNAL, SESSIONS].contains(&file);
    !is_work && ![LOG, MANIFEST, SEAL].contains(&file)
}

impl crate::outputs::verify::Tables for Identity {
    fn tables(&self) -> &BTreeMap<String, String> {
        &self.tables
    }
}
