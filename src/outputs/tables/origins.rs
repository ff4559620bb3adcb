//! Where the water of borders, lakes, canals and users rose, by year.

use serde::Serialize;

use crate::network::link::LinkKind;
use crate::outputs::catalogue::{CONSUMPTION_ORIGINS, ORIGINS};
use crate::outputs::report::Report;
use crate::outputs::table::Table;
use crate::results::Run;
use crate::units::HM3_PER_KM3;

/// Volumes by origin of one calendar year, km³.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginYear {
    /// The year.
    pub year: i32,
    /// Volume of each origin of the plan.
    pub km3: Vec<f64>,
}

impl OriginYear {
    /// Shares of the origins; nothing of a year without water.
    pub fn shares(&self) -> Vec<f64> {
        let whole: f64 = self.km3.iter().sum();
        let share = |km3: &f64| if whole > 0.0 { km3 / whole } else { 0.0 };
        self.km3.iter().map(share).collect()
    }
}

/// A place whose water is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A river that crosses from one party's territory to another's, by link.
    Border(usize),
    /// A canal, by link.
    Canal(usize),
    /// A lake or reservoir.
    Storage(usize),
    /// A user.
    User(usize),
}

impl Place {
    /// All places of a run.
    fn all(run: &Run) -> Vec<Self> {
        let network = run.network;
        let links = 0..network.links.len();
        let canals = links.filter(|link| network.links[*link].kind == LinkKind::Canal);
        let borders = network.borders().map(Self::Border);
        let storages = (0..run.plan.curves.len()).map(Self::Storage);
        let users = (0..network.users.len()).map(Self::User);
        borders
            .chain(storages)
            .chain(canals.map(Self::Canal))
            .chain(users)
            .collect()
    }

    fn name<'a>(self, run: &Run<'a>) -> &'a str {
        let network = run.network;
        match self {
            Self::Border(link) | Self::Canal(link) => &network.links[link].name,
            Self::Storage(storage) => &network.nodes[run.plan.storage_nodes[storage]].name,
            Self::User(user) => &network.users[user].name,
        }
    }

    fn kind(self, run: &Run) -> &'static str {
        match self {
            Self::Border(_) => "border",
            Self::Canal(_) => "canal",
            Self::Storage(storage) => {
                let node = run.plan.storage_nodes[storage];
                match run.network.nodes[node].kind.has_dam() {
                    true => "reservoir",
                    false => "lake",
                }
            }
            Self::User(_) => "user",
        }
    }

    /// Volumes by origin of each year: what passes in it, or what a storage holds at its end.
    pub fn years(self, run: &Run) -> Vec<OriginYear> {
        let (run, carried) = (run.computed(), &run.computed().plan.carried);
        let record = &run.record;
        match self {
            Self::Border(link) => by_year(run, |step, into| {
                let volume = record.leaves[[step, link]];
                run.add_origins(step, carried.of_link[link], volume, into);
            }),
            Self::Canal(link) => by_year(run, |step, into| {
                let volume = record.enters[[step, link]];
                run.add_origins(step, carried.of_link[link], volume, into);
            }),
            Self::User(user) => by_year(run, |step, into| {
                let taken = carried.of_node[run.plan.paths[user].head];
                run.add_origins(step, taken, record.delivered[[step, user]], into);
            }),
            Self::Storage(storage) => by_year(run, |step, into| {
                into.copy_from_slice(&run.stored_origins_km3(step, storage));
                for km3 in into.iter_mut() {
                    *km3 *= HM3_PER_KM3;
                }
            }),
        }
    }
}

/// Volumes that `add` gives in hm³ step by step, by calendar year in km³.
fn by_year(run: &Run, add: impl Fn(usize, &mut [f64])) -> Vec<OriginYear> {
    let mut years: Vec<OriginYear> = Vec::new();
    for (step, month) in run.months().iter().enumerate() {
        if years.last().is_none_or(|year| year.year != month.year()) {
            years.push(OriginYear {
                year: month.year(),
                km3: vec![0.0; run.plan.carried.origins.len()],
            });
        }
        if let Some(year) = years.last_mut() {
            add(step, &mut year.km3);
        }
    }
    for volume in years.iter_mut().flat_map(|year| &mut year.km3) {
        *volume /= HM3_PER_KM3;
    }
    years
}

#[derive(Serialize)]
struct Row<'a> {
    year: i32,
    place: &'a str,
    kind: &'a str,
    origin: &'a str,
    share: f64,
}

pub(super) fn table(report: &Report) -> Table {
    let run = &report.run;
    let rows = Place::all(run).into_iter().flat_map(|place| {
        let years = place.years(run);
        let (name, kind) = (place.name(run), place.kind(run));
        years.into_iter().flat_map(move |year| {
            let origins = run.plan.carried.origins.iter();
            let shares = origins.zip(year.shares()).filter(|(_, share)| *share > 0.0);
            let rows = shares.map(|(origin, share)| Row {
                year: year.year,
                place: name,
                kind,
                origin: &origin.name,
                share,
            });
            rows.collect::<Vec<_>>()
        })
    });
    Table::of(&ORIGINS, rows)
}

/// Water that the users of a party consume in each year, by the party on whose territory it rose, km³; what
/// was stored at the start comes after all parties.
pub fn consumed_by_party(run: &Run, party: usize) -> Vec<OriginYear> {
    let (network, run) = (run.network, run.computed());
    let own: Vec<usize> = (0..network.users.len())
        .filter(|user| network.party(&network.users[*user].party) == party)
        .collect();
    let years = by_year(run, |step, into| {
        for &user in &own {
            let taken = run.plan.carried.of_node[run.plan.paths[user].head];
            run.add_origins(step, taken, run.record.consumed[[step, user]], into);
        }
    });
    let of_parties = |year: OriginYear| {
        let mut km3 = vec![0.0; network.parties.len() + 1];
        for (origin, volume) in run.plan.carried.origins.iter().zip(year.km3) {
            km3[origin.party.unwrap_or(network.parties.len())] += volume;
        }
        OriginYear { km3, ..year }
    };
    years.into_iter().map(of_parties).collect()
}

#[derive(Serialize)]
struct ConsumptionRow<'a> {
    year: i32,
    party: &'a str,
    rose_in: &'a str,
    consumed_km3: f64,
    share: f64,
}

/// Consumption of each party by where its water rose.
pub(super) fn consumption(report: &Report) -> Table {
    let (network, run) = (report.network(), &report.run);
    let parties = network.parties.iter().enumerate();
    let rows = parties.flat_map(|(place, party)| {
        consumed_by_party(run, place)
            .into_iter()
            .flat_map(move |year| {
                let names = network.parties.iter().map(String::as_str);
                let names = names.chain(std::iter::once("stored at the start"));
                let shares = year.shares();
                let rows = names.zip(year.km3.iter().zip(shares));
                let rows = rows.filter(|(_, (km3, _))| **km3 > 0.0);
                let row = |(rose_in, (km3, share)): (_, (&f64, f64))| ConsumptionRow {
                    year: year.year,
                    party,
                    rose_in,
                    consumed_km3: *km3,
                    share,
                };
                rows.map(row).collect::<Vec<_>>()
            })
    });
    Table::of(&CONSUMPTION_ORIGINS, rows)
}
