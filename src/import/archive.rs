//! The archives and formats that can be read, and what they say of themselves.

use std::str::FromStr;

use crate::faults::listed;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Exports of the Global Runoff Data Centre.
    Grdc,
    /// Tables of R-ArcticNET.
    ArcticNet,
    /// Lakes of Hydroweb.
    Hydroweb,
    /// Water levels of DAHITI.
    Dahiti,
    /// Lake heights of G-REALM.
    Grealm,
    /// Any CSV file.
    Csv,
}

impl Format {
    /// The words of the formats.
    pub const WORDS: [&str; 6] = ["grdc", "arcticnet", "hydroweb", "dahiti", "grealm", "csv"];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// Who publishes; none of any CSV file.
    pub fn publisher(self) -> Option<&'static str> {
        match self {
            Self::Grdc => Some("The Global Runoff Data Centre, 56068 Koblenz, Germany"),
            Self::ArcticNet => Some("R-ArcticNET v4.0 (Lammers and Shiklomanov)"),
            Self::Hydroweb => Some("Hydroweb (LEGOS, CNES, Theia)"),
            Self::Dahiti => Some("DAHITI (DGFI-TUM)"),
            Self::Grealm => Some("G-REALM (USDA, NASA)"),
            Self::Csv => None,
        }
    }

    /// What the publisher asks for.
    pub fn licence(self) -> &'static str {
        match self {
            Self::Grdc => "non-commercial use with citation; the series may not be passed on",
            Self::Hydroweb => {
                "Etalab 2.0, with citation (https://doi.org/10.24400/329360/HYDROWEB_WATER_LEVEL)"
            }
            Self::ArcticNet | Self::Dahiti | Self::Grealm => {
                "not stated in the file; see the site of the archive"
            }
            Self::Csv => "not stated",
        }
    }
}

/// A text that names no format.
#[derive(Clone, Debug, thiserror::Error)]
#[error("expected one of {}", listed(Format::WORDS))]
pub struct NotAFormat;

impl FromStr for Format {
    type Err = NotAFormat;

    fn from_str(text: &str) -> Result<Self, NotAFormat> {
        use Format::{ArcticNet, Csv, Dahiti, Grdc, Grealm, Hydroweb};
        let all = [Grdc, ArcticNet, Hydroweb, Dahiti, Grealm, Csv];
        let named = all.into_iter().find(|format| format.word() == text);
        named.ok_or(NotAFormat)
    }
}
