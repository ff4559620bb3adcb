//! The evidence of a run: what it was made from, and a hash of every file.
//!
//! `identity` holds what two people compare: version, inputs, plan and tables, joined into one `root`.
//! `files` holds the SHA-256 of every other file; `manifest.sha256` seals the manifest itself. Nothing
//! here depends on the time, the machine or a path.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::table::Table;
use crate::inputs::folder::hex;
use crate::plan::Plan;
use crate::plan::carried::Salt;

/// Name of the manifest.
pub const MANIFEST: &str = "manifest.json";
/// Name of its seal.
pub const SEAL: &str = "manifest.sha256";
/// Name of the only file without a promise of bytes.
pub const LOG: &str = "run.log.json";

/// What a run was made from and what it gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of the program.
    pub version: String,
    /// The scenario, or the scenarios of a comparison.
    pub scenario: String,
    /// How the inflows came about, where they are not observed.
    pub reconstructed_inputs: Vec<String>,
    /// SHA-256 of every input file.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of all numbers of the plan.
    pub plan: String,
    /// SHA-256 of every table.
    pub tables: BTreeMap<String, String>,
}

/// The manifest as it is written.
#[derive(Debug, Serialize)]
struct Manifest<'a, I> {
    program: &'static str,
    root: &'a str,
    identity: &'a I,
    files: &'a BTreeMap<String, String>,
}

impl Identity {
    /// The one line that two people compare.
    pub fn root(&self) -> String {
        root_of(self)
    }
}

/// The one line that two people compare: the SHA-256 of an identity as compact JSON.
pub fn root_of(identity: &impl Serialize) -> String {
    sha256(&serde_json::to_vec(identity).unwrap_or_default())
}

/// The text of the manifest.
pub fn manifest(identity: &impl Serialize, files: &BTreeMap<String, String>) -> Vec<u8> {
    let root = root_of(identity);
    let manifest = Manifest {
        program: "rivershare",
        root: &root,
        identity,
        files,
    };
    let mut text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    text.push(b'\n');
    text
}

/// The seal of a manifest, in the form that `sha256sum --check` reads.
pub fn seal(manifest: &[u8]) -> Vec<u8> {
    format!("{}  {MANIFEST}\n", sha256(manifest)).into_bytes()
}

/// SHA-256 of some bytes as hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of a file, which may be larger than the memory.
///
/// # Errors
/// What the system refuses.
pub fn sha256_of(path: &Path) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    std::io::copy(&mut std::fs::File::open(path)?, &mut hash)?;
    Ok(hex(&hash.finalize()))
}

/// Hash of each table by its path.
pub fn hashes(tables: &[Table]) -> BTreeMap<String, String> {
    tables
        .iter()
        .map(|table| (table.path(), sha256(&table.csv)))
        .collect()
}

/// Hash of all numbers of a plan.
pub fn hash_of_plan(plan: &Plan) -> String {
    let mut hash = Sha256::new();
    for date in &plan.dates {
        hash.update(date.to_string());
    }
    let arrays = [
        &plan.formed,
        &plan.demand,
        &plan.minimum,
        &plan.capacity,
        &plan.rain_mm,
        &plan.evaporation_mm,
        &plan.groundwater,
        &plan.dead,
        &plan.full,
        &plan.target,
        &plan.least_release,
        &plan.most_release,
        &plan.zone,
        &plan.floods.decides,
        &plan.floods.expected,
        &plan.floods.rises,
        &plan.turbine,
        &plan.power,
        &plan.energy,
    ];
    let numbers = arrays
        .into_iter()
        .flatten()
        .chain(&plan.initial)
        .chain(&plan.passes);
    let users = plan
        .return_fractions
        .iter()
        .chain(&plan.weights)
        .chain(&plan.shares);
    let salt = plan.carried.salt.iter().flat_map(Salt::numbers);
    for number in numbers.chain(users).chain(&plan.seconds).chain(salt) {
        hash.update(number.to_le_bytes());
    }
    hash.update(format!("{:?}", plan.carried.origins));
    hash.update(format!(
        "{:?}{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
        plan.ends,
        plan.paths,
        plan.classes,
        plan.zone_storages,
        plan.return_lags,
        plan.travel,
        plan.evaporates,
        plan.spillways,
    ));
    for place in plan
        .losses
        .iter()
        .enumerate()
        .filter(|(_, loss)| loss.is_some())
    {
        hash.update(format!("{place:?}"));
    }
    for rule in &plan.floods.rules {
        hash.update(format!("{rule:?}"));
    }
    hash.update(format!(
        "{:?}{:?}{:?}{:?}",
        plan.curves, plan.deltas, plan.plants, plan.plant_storages
    ));
    hex(&hash.finalize())
}
