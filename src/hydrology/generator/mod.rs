//! Stochastic water: many histories of all rivers that have the statistics of the record.
//!
//! A generator is fitted once and written to a file; a member is a function of that file, the seed and the member's
//! number, whoever else is drawn.

pub mod comparison;
pub mod correlation;
pub mod ensemble;
pub mod fitted;
pub mod lognormal;
pub mod marginal;
pub mod members;
pub mod nearest_years;
pub mod pattern;
pub mod record;
pub mod regimes;
pub mod settings;
pub mod shuffled_months;
pub mod statistics;
pub mod still;
pub mod water;

use serde::{Deserialize, Serialize};

pub use crate::probability::{draws, normal};
use crate::time::{Month, Period};
use lognormal::Lognormal;
use record::Record;
use regimes::Regimes;
use settings::{Settings, Way};
use shuffled_months::ShuffledMonths;

/// Values of a member: sites × months, m³/s or mm.
pub type Values = Vec<Vec<f64>>;

/// The site of draws that all sites share; no site has an empty name.
const ALL_SITES: &str = "";

/// A fitted method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Method {
    /// Equation E54.
    Lognormal(Lognormal),
    /// Equation E55: nothing but the record.
    NearestYears,
    /// Equation E56.
    ShuffledMonths(ShuffledMonths),
    /// Equation E57.
    Regimes(Regimes),
}

/// A fitted generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generator {
    /// A line that says what it is.
    pub title: String,
    /// Key of all draws.
    pub seed: u32,
    /// SHA-256 of the record.
    pub record_sha256: String,
    /// What it was fitted to.
    pub record: Record,
    /// What was fitted.
    pub method: Method,
}

impl Generator {
    /// Fits the method of the settings to a record.
    pub fn fit(settings: &Settings, record: Record) -> Self {
        let method = match settings.way {
            Way::Lognormal => Method::Lognormal(Lognormal::fit(&record)),
            Way::NearestYears => Method::NearestYears,
            Way::ShuffledMonths => Method::ShuffledMonths(ShuffledMonths::fit(&record)),
            Way::Regimes => Method::Regimes(Regimes::fit(&record)),
        };
        Self {
            title: settings.title.clone(),
            seed: settings.seed,
            record_sha256: record.hash(),
            record,
            method,
        }
    }

    /// A member over a period of whole years.
    pub fn member(&self, member: u32, period: Period) -> Values {
        let (seed, record) = (self.seed, &self.record);
        match &self.method {
            Method::Lognormal(fitted) => fitted.member(seed, record, member, period),
            Method::NearestYears => nearest_years::member(seed, record, member, period),
            Method::ShuffledMonths(fitted) => fitted.member(seed, record, member, period),
            Method::Regimes(fitted) => fitted.member(seed, record, member, period),
        }
    }

    /// How far the repair of correlations had to go: the greatest change of one; 0 where nothing was repaired.
    pub fn repaired_by(&self) -> f64 {
        let changes: Vec<f64> = match &self.method {
            Method::Lognormal(fitted) => fitted.month.iter().map(|m| m.repaired_by).collect(),
            Method::ShuffledMonths(fitted) => fitted.site.iter().map(|s| s.repaired_by).collect(),
            Method::NearestYears | Method::Regimes(_) => Vec::new(),
        };
        changes.into_iter().fold(0.0, f64::max)
    }

    /// Whether its parts fit each other, as those of a file that was changed may not.
    fn is_sound(&self) -> bool {
        let sites = self.record.sites.len();
        let method = match &self.method {
            Method::Lognormal(fitted) => fitted.is_of(sites),
            Method::NearestYears => true,
            Method::ShuffledMonths(fitted) => fitted.is_of(sites),
            Method::Regimes(fitted) => fitted.is_sound(),
        };
        method && self.record.is_sound() && self.record.hash() == self.record_sha256
    }
}

/// The step of a month in every sequence of draws by months: the same whenever a period begins.
fn step_of(month: Month) -> u32 {
    month.since(Month::new(0, 1)).max(0) as u32
}
