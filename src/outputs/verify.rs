//! Verifies a folder of results: seal, root and the hash of every file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::folder::hashes_below;
use super::manifest::{Identity, LOG, MANIFEST, SEAL, root_of, seal};

/// What is wrong with a folder of results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Finding {
    /// A file of the manifest is not there.
    Missing(String),
    /// A file has another hash than the manifest says.
    Changed(String),
    /// A file of which the manifest knows nothing.
    Extra(String),
    /// The manifest cannot be read as one of this program.
    Unreadable,
    /// The seal is not that of the manifest.
    Unsealed,
    /// The root is not that of the identity.
    Rootless,
    /// A table has another hash in the identity than among the files.
    Contradicted(String),
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Missing(file) => write!(f, "{file}: is missing"),
            Self::Changed(file) => write!(f, "{file}: has changed"),
            Self::Extra(file) => write!(f, "{file}: is no part of the results"),
            Self::Unreadable => write!(f, "{MANIFEST}: cannot be read as a manifest of rivershare"),
            Self::Unsealed => write!(f, "{SEAL}: is not the seal of {MANIFEST}"),
            Self::Rootless => write!(f, "{MANIFEST}: the root is not that of the identity"),
            Self::Contradicted(file) => {
                write!(
                    f,
                    "{MANIFEST}: identity and files say different things of {file}"
                )
            }
        }
    }
}

/// A folder whose seal, root and files were looked at.
#[derive(Clone, Debug)]
pub struct Verified<I> {
    /// What the manifest says of itself; none where it cannot be read.
    pub identity: Option<I>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// An identity that names the hashes of its tables.
pub trait Tables {
    /// Hash of each table by its path.
    fn tables(&self) -> &BTreeMap<String, String>;
}

impl Tables for Identity {
    fn tables(&self) -> &BTreeMap<String, String> {
        &self.tables
    }
}

#[derive(Deserialize)]
struct Manifest<I> {
    program: String,
    root: String,
    identity: I,
    files: BTreeMap<String, String>,
}

/// Commands whose results have a manifest without a seal, with a key of that manifest.
const WITHOUT_SEAL: [(&str, &str); 2] = [
    ("generate", "generator_sha256"),
    ("calibrate", "calibration_sha256"),
];

/// Why a folder with a manifest has no seal to look at; nothing where it has one, or has lost one.
pub fn why_unsealed(place: &Path) -> Option<String> {
    if place.join(SEAL).exists() {
        return None;
    }
    let text = std::fs::read(place.join(MANIFEST)).ok()?;
    let manifest: Value = serde_json::from_slice(&text).unwrap_or_default();
    if manifest["identity"].is_object() {
        return None;
    }
    let mut commands = WITHOUT_SEAL.iter();
    Some(match commands.find(|(_, key)| manifest[key].is_string()) {
        Some((command, _)) => format!("has no seal: results of `{command}` are not sealed"),
        None => format!("is no folder of sealed results: {SEAL} is missing"),
    })
}

/// Looks at all files of a folder of results whose identity is an `I`.
///
/// # Errors
/// What the system refuses.
pub fn verify<I>(place: &Path) -> std::io::Result<Verified<I>>
where
    I: DeserializeOwned + Serialize + Tables,
{
    let text = std::fs::read(place.join(MANIFEST))?;
    let mut findings = Vec::new();
    let path = place.join(SEAL);
    if !path.exists() {
        findings.push(Finding::Missing(SEAL.to_owned()));
    } else if std::fs::read(path).ok() != Some(seal(&text)) {
        findings.push(Finding::Unsealed);
    }
    let manifest = serde_json::from_slice::<Manifest<I>>(&text).ok();
    let Some(manifest) = manifest.filter(|manifest| manifest.program == "rivershare") else {
        findings.push(Finding::Unreadable);
        return Ok(Verified {
            identity: None,
            findings,
        });
    };
    if root_of(&manifest.identity) != manifest.root {
        findings.push(Finding::Rootless);
    }
    for (file, hash) in manifest.identity.tables() {
        if manifest.files.get(file).is_some_and(|other| other != hash) {
            findings.push(Finding::Contradicted(file.clone()));
        }
    }
    let mut known = manifest.files;
    known.extend(manifest.identity.tables().clone());
    let mut found = hashes_below(place)?;
    found.retain(|file, _| ![MANIFEST, SEAL, LOG].contains(&&**file));
    for (file, hash) in &known {
        match found.get(file) {
            None => findings.push(Finding::Missing(file.clone())),
            Some(other) if other != hash => findings.push(Finding::Changed(file.clone())),
            Some(_) => {}
        }
    }
    let extra = found.into_keys().filter(|file| !known.contains_key(file));
    findings.extend(extra.map(Finding::Extra));
    Ok(Verified {
        identity: Some(manifest.identity),
        findings,
    })
}

/// Inputs that are not those that results were made from: each with what has become of it.
pub fn other_inputs(
    then: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
) -> Vec<String> {
    let gone = then.iter().filter_map(|(file, hash)| match now.get(file) {
        None => Some(format!("{file}: is not there any more")),
        Some(other) if other != hash => Some(format!("{file}: is another one now")),
        Some(_) => None,
    });
    let new = now.keys().filter(|file| !then.contains_key(*file));
    gone.chain(new.map(|file| format!("{file}: was not there then")))
        .collect()
}
