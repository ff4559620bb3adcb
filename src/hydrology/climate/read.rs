//! A file of the folder `climates`, with all that its chain of bases says.

use super::Climate;
use super::changes::Change;
use super::pick::Pick;
use super::place::Place;
use super::responses::{Evaporation, Runoff};
use crate::faults::{listed, nearest};
use crate::inputs::folder::Folder;
use crate::inputs::table::Table;
use crate::network::Network;

/// The folder of climates, below the inputs.
const FOLDER: &str = "climates";

/// The climate that another one starts from, if any.
struct Base(Option<String>);

impl Climate {
    /// Names of all climates in a folder of inputs, in order.
    pub fn names(folder: &Folder) -> Vec<String> {
        let names = folder.names_in(FOLDER).into_iter();
        names
            .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
            .collect()
    }

    /// Reads the climate `name` of a folder of inputs, which `wanted_by` needs; its bases come first.
    ///
    /// Faults are those of the files, a ring of bases, places that the network does not know, and changes of rivers
    /// or open water whose response is not said.
    pub fn read(folder: &Folder, name: &str, wanted_by: &str, network: &Network) -> Option<Self> {
        let mut climate = Self::default();
        let mut chain = Vec::new();
        let mut next = Some(name.to_owned());
        while let Some(name) = next {
            chain.push(name);
            next = climate.take(folder, &chain, wanted_by)?.0;
        }
        name.clone_into(&mut climate.name);
        let sound = folder.faults();
        climate.check(folder, network);
        (folder.faults() == sound).then_some(climate)
    }

    /// Puts the tables of the last file of a chain before those that are there; gives the base of that file.
    fn take(&mut self, folder: &Folder, chain: &[String], wanted_by: &str) -> Option<Base> {
        let name = chain.last()?;
        let root = Table::root(folder, &file_of(name), wanted_by)?;
        let title = root.text("title");
        let base = base(folder, &root, chain);
        let precipitation = rows(&root, "precipitation", Change::precipitation);
        let temperature = rows(&root, "temperature", Change::temperature);
        let melt = rows(&root, "melt", Change::melt);
        let runoff = rows(&root, "runoff", Runoff::read);
        let evaporation = rows(&root, "evaporation", Evaporation::read);
        root.finish();
        if self.title.is_empty() {
            self.title = title?;
        }
        let base = base?;
        self.precipitation.splice(..0, precipitation?);
        self.temperature.splice(..0, temperature?);
        self.melt.splice(..0, melt?);
        self.runoff.splice(..0, runoff?);
        self.evaporation.splice(..0, evaporation?);
        Some(base)
    }

    fn check(&self, folder: &Folder, network: &Network) {
        let changes = [&self.precipitation, &self.temperature, &self.melt];
        let changes = changes.into_iter().flatten();
        let picks = changes.clone().map(|change| &change.pick);
        let picks = picks.chain(self.runoff.iter().map(|row| &row.pick));
        let picks = picks.chain(self.evaporation.iter().map(|row| &row.pick));
        picks.for_each(|pick| pick.check(folder, network));
        let places: Vec<Place> = Place::all(network).map(|(_, place)| place).collect();
        let flows = |place: &Place| self.runoff.iter().any(|row| row.pick.fits(place));
        let rivers: Vec<&Place> = places
            .iter()
            .filter(|place| place.is_river() && !flows(place))
            .collect();
        for change in changes {
            refuse_mute(folder, &change.pick, &rivers, "runoff");
        }
        let evaporates = |place: &Place| self.evaporation.iter().any(|row| row.pick.fits(place));
        let storages: Vec<&Place> = places
            .iter()
            .filter(|place| !place.is_river() && !evaporates(place))
            .collect();
        for change in &self.temperature {
            refuse_mute(folder, &change.pick, &storages, "evaporation");
        }
    }
}

/// Refuses a change of places for which no table says how they respond.
fn refuse_mute(folder: &Folder, pick: &Pick, mute: &[&Place], response: &str) {
    let meant = mute.iter().filter(|place| pick.fits(place));
    let names: Vec<&str> = meant.map(|place| place.node).collect();
    if !names.is_empty() {
        let found = format!("no `[[{response}]]` for {}", listed(names));
        let expected = format!("a table `[[{response}]]` for every place that changes");
        pick.refuse(folder, &found, &expected);
    }
}

fn file_of(name: &str) -> String {
    format!("{FOLDER}/{name}.toml")
}

/// The base that a file names, if any; none where it is unknown or closes a ring.
fn base(folder: &Folder, root: &Table, chain: &[String]) -> Option<Base> {
    if !root.has("base") {
        return Some(Base(None));
    }
    let base = root.optional_text("base")?;
    let known = Climate::names(folder);
    if !known.contains(&base) {
        let hint = nearest(&base, known.iter().map(String::as_str));
        let expected = "a climate of the folder `climates`".to_owned();
        root.fault("base", format!("`{base}`"), expected, hint);
        return None;
    }
    if chain.contains(&base) {
        let found = format!("a ring of {}", listed(chain.iter().map(String::as_str)));
        root.fault("base", found, "bases that end".to_owned(), String::new());
        return None;
    }
    Some(Base(Some(base)))
}

/// The tables `[[key]]`, each with its own faults put down; none where one of them has any.
fn rows<T>(root: &Table, key: &str, read: fn(&Table) -> Option<T>) -> Option<Vec<T>> {
    let row = |table: &Table| {
        let row = read(table);
        table.finish();
        row
    };
    let rows: Vec<Option<T>> = root.tables(key).iter().map(row).collect();
    rows.into_iter().collect()
}
