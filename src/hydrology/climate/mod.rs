//! Climates other than that of the record: by how much flow, rain and evaporation change, by place, year and month.
//!
//! A climate is a factor on what is there, never a draw of its own: members of one generator under two climates have
//! the same random numbers.

mod changes;
mod pick;
mod place;
mod read;
mod responses;

pub use place::{Kind, Place, series};

use serde::{Deserialize, Serialize};

use crate::time::Month;
use changes::Change;
use responses::{Evaporation, Runoff};

/// What of a place changes, or is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Water {
    /// Flow of a river, m³/s.
    Flow,
    /// Rain on a storage, mm a month.
    Rain,
    /// Open-water evaporation of a storage, mm a month.
    Evaporation,
}

impl Water {
    /// Its word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Rain => "rain",
            Self::Evaporation => "evaporation",
        }
    }
}

/// A climate: what changes, and how rivers and open water respond.
#[derive(Clone, Debug, Default)]
pub struct Climate {
    /// Its name.
    pub name: String,
    /// A line that says what it is.
    pub title: String,
    /// Change of precipitation, %.
    precipitation: Vec<Change>,
    /// Change of temperature, °C.
    temperature: Vec<Change>,
    /// Melt of glaciers, as a part of that in the record.
    melt: Vec<Change>,
    /// How rivers respond.
    runoff: Vec<Runoff>,
    /// How open water responds.
    evaporation: Vec<Evaporation>,
}

impl Climate {
    /// The factor of a flow, of rain or of evaporation at a place in a month; exactly 1 where nothing changes.
    pub fn factor(&self, place: &Place, water: Water, month: Month) -> f64 {
        match water {
            Water::Flow => self.flow(place, month),
            Water::Rain => self.precipitation(place, month),
            Water::Evaporation => self.evaporation(place, month),
        }
    }

    /// Flow of a river (equation E60).
    fn flow(&self, place: &Place, month: Month) -> f64 {
        let fits = |runoff: &&Runoff| runoff.pick.fits(place);
        let Some(runoff) = self.runoff.iter().rev().find(fits) else {
            return 1.0;
        };
        let follows = libm::pow(
            self.precipitation(place, month),
            runoff.precipitation_elasticity,
        );
        let warms = self.compounded(place, month, runoff.percent_per_degree[month.index()]);
        let without_ice = follows * warms;
        // In this form exactly 1 where neither part changes.
        let share = runoff.glacier_share[month.index()];
        without_ice + share * (self.melt(place, month) - without_ice)
    }

    /// Open-water evaporation of a storage (equation E61).
    fn evaporation(&self, place: &Place, month: Month) -> f64 {
        let fits = |response: &&Evaporation| response.pick.fits(place);
        let response = self.evaporation.iter().rev().find(fits);
        response.map_or(1.0, |response| {
            self.compounded(place, month, response.percent_per_degree)
        })
    }

    /// What changes by some percent with every degree.
    fn compounded(&self, place: &Place, month: Month, percent_per_degree: f64) -> f64 {
        let degrees = self.temperature(place, month);
        libm::pow(1.0 + percent_per_degree / 100.0, degrees)
    }

    /// Precipitation as a part of that in the record (equation E59).
    fn precipitation(&self, place: &Place, month: Month) -> f64 {
        let changes = of(&self.precipitation, place, month);
        changes.fold(1.0, |part, percent| part * (1.0 + percent / 100.0))
    }

    /// Change of temperature, °C (equation E59).
    fn temperature(&self, place: &Place, month: Month) -> f64 {
        of(&self.temperature, place, month).fold(0.0, |sum, degrees| sum + degrees)
    }

    /// Melt of glaciers as a part of that in the record (equation E59).
    fn melt(&self, place: &Place, month: Month) -> f64 {
        of(&self.melt, place, month).fold(1.0, |part, factor| part * factor)
    }
}

/// Numbers of the changes that mean a place and a month.
fn of<'a>(changes: &'a [Change], place: &'a Place, month: Month) -> impl Iterator<Item = f64> + 'a {
    let fits = move |change: &&Change| change.months.hold(month) && change.pick.fits(place);
    let fitting = changes.iter().filter(fits);
    fitting.map(move |change| change.by_year.at(month.year()))
}
