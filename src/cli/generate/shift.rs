//! The climate that members are shifted to.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::Failure;
use crate::faults::{Fault, nearest};
use crate::hydrology::climate::Climate;
use crate::hydrology::generator::settings::Settings;
use crate::inputs::folder::Folder;
use crate::inputs::origin::Origin;
use crate::network::Network;

/// A climate that is asked for by name.
pub(super) struct Asked {
    name: String,
    /// The file that asks for it; the command line where none.
    written: Option<Origin>,
}

impl Asked {
    /// By an option of the command.
    pub(super) fn by_option(name: String) -> Self {
        let written = None;
        Self { name, written }
    }

    /// By the file of a generator.
    pub(super) fn by_file(settings: &Settings) -> Option<Self> {
        let written = Some(settings.written.clone());
        let name = settings.climate.clone()?;
        Some(Self { name, written })
    }

    fn unknown<'a>(&self, known: impl Iterator<Item = &'a str>) -> Fault {
        let found = format!("`{}`", self.name);
        let expected = "a climate of the folder `climates`".to_owned();
        let hint = nearest(&self.name, known);
        match &self.written {
            Some(written) => written.fault("climate", found, expected, hint),
            None => Fault {
                file: "command line".to_owned(),
                line: 0,
                place: "--climate".to_owned(),
                found,
                expected,
                hint,
            },
        }
    }
}

/// A climate with the network on which it acts.
pub(super) struct Shift {
    pub(super) climate: Climate,
    /// SHA-256 of its files.
    pub(super) hashes: BTreeMap<String, String>,
    pub(super) network: Network,
}

impl Shift {
    /// Reads the climate that is asked for.
    pub(super) fn read(inputs: &Path, asked: &Asked, network: &Network) -> Result<Self, Failure> {
        let folder = Folder::new(inputs);
        let known = Climate::names(&folder);
        let climate = if known.contains(&asked.name) {
            Climate::read(&folder, &asked.name, "`generate`", network)
        } else {
            folder.fault(asked.unknown(known.iter().map(String::as_str)));
            None
        };
        let (climate, evidence) = folder.close(climate)?;
        Ok(Self {
            climate,
            hashes: evidence.hashes,
            network: network.clone(),
        })
    }
}
