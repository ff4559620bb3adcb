//! Which rivers and storages a table of a climate means.

use std::collections::BTreeSet;

use super::place::{Kind, Place};
use crate::faults::nearest;
use crate::inputs::folder::Folder;
use crate::inputs::origin::Origin;
use crate::inputs::table::Table;
use crate::network::Network;

/// Kinds of places that a table can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    Rivers,
    Storages,
    Both,
}

impl Means {
    fn rivers(self) -> bool {
        self != Self::Storages
    }

    fn storages(self) -> bool {
        self != Self::Rivers
    }
}

/// Rivers and storages that a table means: all that is named must fit, and what is left out fits all.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    means: Means,
    basin: Option<String>,
    river: Option<String>,
    inflow: Option<String>,
    storage: Option<String>,
    written: Origin,
}

impl Pick {
    /// Reads the keys that pick places.
    pub(super) fn read(table: &Table, means: Means) -> Self {
        let text = |key: &str, asked: bool| asked.then(|| table.optional_text(key)).flatten();
        Self {
            means,
            basin: text("basin", true),
            river: text("river", means.rivers()),
            inflow: text("inflow", means.rivers()),
            storage: text("storage", means.storages()),
            written: table.origin(),
        }
    }

    /// Whether a place is meant.
    pub(super) fn fits(&self, place: &Place) -> bool {
        let is = |wanted: &Option<String>, name: &str| wanted.as_ref().is_none_or(|w| w == name);
        let kind = match place.kind {
            Kind::River(river) => {
                let named = is(&self.river, river) && is(&self.inflow, place.node);
                self.means.rivers() && self.storage.is_none() && named
            }
            Kind::Storage => {
                let no_river = self.river.is_none() && self.inflow.is_none();
                self.means.storages() && no_river && is(&self.storage, place.node)
            }
        };
        kind && is(&self.basin, place.basin)
    }

    /// Refuses names that the network does not know, and names that together fit nothing.
    pub(super) fn check(&self, folder: &Folder, network: &Network) {
        let places: Vec<Place> = Place::all(network).map(|(_, place)| place).collect();
        let rivers = places.iter().filter_map(|place| match place.kind {
            Kind::River(river) => Some(river),
            Kind::Storage => None,
        });
        let of = |is_river: bool| {
            let places = places.iter().filter(move |p| p.is_river() == is_river);
            places.map(|place| place.node).collect::<BTreeSet<&str>>()
        };
        let basins = network.basins.iter().map(String::as_str);
        let known = [
            self.known(
                folder,
                "basin",
                self.basin.as_ref(),
                "a basin",
                basins.collect(),
            ),
            self.known(
                folder,
                "river",
                self.river.as_ref(),
                "a river",
                rivers.collect(),
            ),
            self.known(
                folder,
                "inflow",
                self.inflow.as_ref(),
                "an inflow",
                of(true),
            ),
            self.known(
                folder,
                "storage",
                self.storage.as_ref(),
                "a lake or reservoir",
                of(false),
            ),
        ];
        if known == [true; 4] && !places.iter().any(|place| self.fits(place)) {
            self.refuse(folder, "nothing that all its names fit", self.expected());
        }
    }

    fn known(
        &self,
        folder: &Folder,
        key: &str,
        name: Option<&String>,
        expected: &str,
        known: BTreeSet<&str>,
    ) -> bool {
        let Some(name) = name else { return true };
        if known.contains(name.as_str()) {
            return true;
        }
        let hint = nearest(name, known);
        let expected = format!("{expected} of the network");
        folder.fault(self.written.fault(key, format!("`{name}`"), expected, hint));
        false
    }

    fn expected(&self) -> &'static str {
        match self.means {
            Means::Rivers => "a river of the network",
            Means::Storages => "a lake or reservoir of the network",
            Means::Both => "a river, a lake or a reservoir of the network",
        }
    }

    /// Puts down a fault of the table as a whole.
    pub(super) fn refuse(&self, folder: &Folder, found: &str, expected: &str) {
        let (found, expected) = (found.to_owned(), expected.to_owned());
        folder.fault(self.written.whole(found, expected, String::new()));
    }
}
