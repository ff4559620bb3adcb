//! The record that a generator is fitted to: months × sites.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::settings::Settings;
use crate::hydrology::climate::{Water, series};
use crate::inputs::folder::{Folder, hex};
use crate::inputs::series::Series;
use crate::network::{Network, NodeKind};
use crate::time::{Month, Period};

/// A place with a series of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Name of the first node that takes the series, with `, evaporation` where it is one; the key of its draws.
    pub name: String,
    /// What is generated.
    pub quantity: Water,
    /// File of the series below the inputs.
    pub file: String,
    /// How its months came about, where they were not observed, in the words of the file.
    pub quality: Vec<String>,
    /// The record: one value a month, m³/s or mm.
    pub values: Vec<f64>,
}

/// Whole years of all sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// First year; it begins in January.
    pub first_year: i32,
    /// Sites in order of their names.
    #[serde(rename = "site")]
    pub sites: Vec<Site>,
}

/// Words of a series for months that were not observed, each once.
fn unobserved(series: &Series) -> Vec<String> {
    let words = series.quality.iter().flatten();
    let words: BTreeSet<&String> = words.filter(|word| *word != "observed").collect();
    words.into_iter().cloned().collect()
}

impl Record {
    /// The dated series of a network over the years of the settings.
    ///
    /// Several nodes that take parts of one file are one site. Faults are a name in `except` that no site has, a
    /// series that does not cover the years, and a column that no inflow has.
    pub fn read(folder: &Folder, network: &Network, settings: &Settings) -> Option<Self> {
        let mut found = dated(network);
        settings.known(
            folder,
            "except",
            &settings.except,
            found.iter().map(|(name, ..)| name.as_str()),
        );
        found.retain(|(name, ..)| !settings.except.contains(name));
        let sites: Vec<Site> = found
            .into_iter()
            .filter_map(|(name, quantity, series)| {
                let values = values(folder, settings, series)?;
                Some(Site {
                    name,
                    quantity,
                    file: series.file.clone(),
                    quality: unobserved(series),
                    values,
                })
            })
            .collect();
        if sites.iter().all(|site| site.quantity != Water::Flow) && folder.is_sound() {
            settings.fault(
                folder,
                "period",
                "no dated series of an inflow",
                "a river to generate",
            );
        }
        let first_year = settings.period.first.year();
        folder.is_sound().then_some(Self { first_year, sites })
    }

    /// The series of all sites.
    pub fn values(&self) -> Vec<Vec<f64>> {
        let sites = self.sites.iter();
        sites.map(|site| site.values.clone()).collect()
    }

    /// The site whose series stands for a water of a node: that of the same file.
    pub fn site_of(&self, kind: &NodeKind, water: Water) -> Option<usize> {
        let own = series(kind).into_iter().find(|(other, _)| *other == water);
        let file = &own?.1.dated()?.file;
        let is_own = |site: &Site| site.quantity == water && site.file == *file;
        self.sites.iter().position(is_own)
    }

    /// How the record came about, in the words of its files; empty where all of it was observed.
    pub fn reconstructed(&self) -> Vec<&str> {
        let words = self.sites.iter().flat_map(|site| &site.quality);
        let words: BTreeSet<&str> = words.map(String::as_str).collect();
        words.into_iter().collect()
    }

    /// Number of whole years.
    pub fn years(&self) -> usize {
        self.sites.first().map_or(0, |site| site.values.len() / 12)
    }

    /// The months of the record.
    pub fn period(&self) -> Period {
        let first = Month::new(self.first_year, 1);
        let last = first.plus(12 * self.years() as i32 - 1);
        Period { first, last }
    }

    /// Values of a site in a calendar month (0 is January), year by year.
    pub fn of_month(&self, site: usize, month: usize) -> Vec<f64> {
        let values = self.sites[site].values.iter();
        values.skip(month).step_by(12).copied().collect()
    }

    /// Volume of all rivers in each year, hm³.
    pub fn totals(&self) -> Vec<f64> {
        let years = 0..self.years();
        years
            .map(|year| self.total(year, self.first_year + year as i32))
            .collect()
    }

    /// Volume of all rivers, hm³, were the flows of the record's year at place `year` those of a calendar year.
    pub fn total(&self, year: usize, calendar: i32) -> f64 {
        let rivers = self
            .sites
            .iter()
            .filter(|site| site.quantity == Water::Flow);
        let volumes = rivers.flat_map(|site| {
            let months = (1..=12).map(move |number| Month::new(calendar, number));
            let flows = &site.values[12 * year..12 * (year + 1)];
            flows
                .iter()
                .zip(months)
                .map(|(flow, month)| flow * month.seconds() / 1e6)
        });
        volumes.sum()
    }

    /// SHA-256 of names and numbers.
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(self.first_year.to_le_bytes());
        for site in &self.sites {
            hasher.update(format!("|{}|{:?}|", site.name, site.quantity));
            for value in &site.values {
                hasher.update(value.to_le_bytes());
            }
        }
        hex(&hasher.finalize())
    }

    /// Whether the years are whole and every value can be one.
    pub fn is_sound(&self) -> bool {
        let count = 12 * self.years();
        let sound = |site: &Site| {
            let fine = site
                .values
                .iter()
                .all(|value| value.is_finite() && *value >= 0.0);
            site.values.len() == count && fine
        };
        self.years() > 2 && (1..9000).contains(&self.first_year) && self.sites.iter().all(sound)
    }
}

/// Sites with a dated series by month, in order of their names; the first of all nodes that take one file.
fn dated(network: &Network) -> Vec<(String, Water, &Series)> {
    let of_nodes = network.nodes.iter().flat_map(|node| {
        let all = series(&node.kind).into_iter();
        all.filter_map(|(water, monthly)| Some((name(&node.name, water), water, monthly.dated()?)))
    });
    let mut found: Vec<_> = of_nodes.collect();
    found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let mut files: Vec<(Water, &str)> = Vec::new();
    found.retain(|(_, water, series)| {
        let file = (*water, series.file.as_str());
        let is_new = !files.contains(&file);
        files.push(file);
        is_new
    });
    found
}

/// Name of a site. A lake may have two: the key of their draws must not be one.
fn name(node: &str, water: Water) -> String {
    match water {
        Water::Flow | Water::Rain => node.to_owned(),
        Water::Evaporation => format!("{node}, evaporation"),
    }
}

/// The values of a series over the years of the settings.
fn values(folder: &Folder, settings: &Settings, series: &Series) -> Option<Vec<f64>> {
    let (wanted, has) = (settings.period, series.period());
    if !has.contains(wanted.first) || !has.contains(wanted.last) {
        let found = format!("{wanted}, but {} covers {has}", folder.shown(&series.file));
        settings.fault(folder, "period", &found, "years that all series cover");
        return None;
    }
    let column = settings
        .column
        .as_deref()
        .and_then(|column| series.column(column));
    let months = &series.columns[column.unwrap_or(0)].1;
    let start = wanted.first.since(series.first) as usize;
    Some(months[start..start + wanted.len()].to_vec())
}
