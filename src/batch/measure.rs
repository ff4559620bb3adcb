//! Measures: what is judged of each member of each run, from the months of its signals.

use serde::{Deserialize, Serialize};

use super::natural::{REGIME, beside};
use super::settings::{Settings, Threshold};
use super::signal::{Signal, What};
use crate::metrics::drought::spells;
use crate::metrics::flow_duration::low_flow;
use crate::metrics::quantiles::mean;
use crate::metrics::supply::{Supply, supply};
use crate::network::Network;
use crate::network::floodplain::Floodplain;
use crate::outputs::figures::slug;
use crate::plan::Plan;
use crate::units::HM3_PER_KM3;

/// What a measure is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Column in tables: place, name and unit.
    pub column: String,
    /// What it is.
    pub name: String,
    /// Of which place or group of users.
    pub place: String,
    /// Unit; `1` for a part.
    pub unit: String,
}

impl Measure {
    fn new(place: &str, name: &str, unit: &str) -> Self {
        let ending = match unit {
            "1" => String::new(),
            unit => format!("_{unit}"),
        };
        Self {
            column: format!("{}_{}{ending}", slug(place), slug(name)),
            name: name.to_owned(),
            place: place.to_owned(),
            unit: unit.to_owned(),
        }
    }
}

/// Measures that are computed together from the months of one signal.
#[derive(Clone, Debug)]
pub struct Family {
    /// Place of the signal.
    pub signal: usize,
    measures: Vec<Measure>,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Mean and lowest annual level, levels of years (by place), and thresholds.
    Level(Vec<usize>, Vec<f64>),
    /// Mean and lowest annual flow, the flow of 95 % of the months, and thresholds.
    Flow(Vec<f64>),
    /// The regime beside that of the natural flows at a place among them.
    Regime(usize),
    /// The mean of a year, or of the sum of its months.
    Mean,
    /// Mean, and mean of the last year.
    Salinity,
    /// Supply of users that ask for these volumes, hm³ a month.
    Supply(Vec<f64>),
    /// Mean volume and mean flooded share.
    Flood(Box<Floodplain>, f64),
}

/// The signals and families of a batch: lakes, borders, users, plants and floods of the network.
pub fn families(network: &Network, plan: &Plan, settings: &Settings) -> (Vec<Signal>, Vec<Family>) {
    let mut desk = Desk {
        network,
        plan,
        settings,
        signals: Vec::new(),
        families: Vec::new(),
    };
    desk.lakes();
    desk.flows();
    desk.floods();
    desk.users();
    desk.plants();
    (desk.signals, desk.families)
}

/// Puts families together.
struct Desk<'a> {
    network: &'a Network,
    plan: &'a Plan,
    settings: &'a Settings,
    signals: Vec<Signal>,
    families: Vec<Family>,
}

impl Desk<'_> {
    /// Adds the family of a signal: names and units of its measures.
    fn put(&mut self, signal: Option<Signal>, names: &[(String, &str)], kind: Kind) {
        let Some(signal) = signal else { return };
        let measures = names
            .iter()
            .map(|(name, unit)| Measure::new(&signal.place, name, unit));
        self.families.push(Family {
            signal: self.signals.len(),
            measures: measures.collect(),
            kind,
        });
        self.signals.push(signal);
    }

    fn signal(&self, what: What, place: &str) -> Option<Signal> {
        Signal::of(self.network, self.plan, what, place)
    }

    fn lakes(&mut self) {
        let network = self.network;
        for (node, row) in network
            .storages()
            .filter(|(node, _)| network.is_terminal(*node))
        {
            let name = &network.nodes[node].name;
            let years = self.settings.level_years.iter();
            let places = years
                .clone()
                .map(|year| (year - self.plan.months[0].year()) as usize);
            let below = self.below(name);
            let mut names = vec![
                ("mean level".to_owned(), "m"),
                ("lowest annual level".to_owned(), "m"),
            ];
            names.extend(years.map(|year| (format!("level in {year}"), "m")));
            names.extend(below.iter().flat_map(|level| {
                [
                    (format!("months below {level} m"), "1"),
                    (format!("ever below {level} m"), "1"),
                ]
            }));
            let kind = Kind::Level(places.collect(), below);
            self.put(self.signal(What::Level, name), &names, kind);
            let inflow = self.signal(What::RiverInflow, name);
            self.put(
                inflow,
                &[("mean river inflow".to_owned(), "km3_per_year")],
                Kind::Mean,
            );
            let bodies = row.bodies.iter().map(|body| &body.name);
            for place in std::iter::once(name).chain(bodies) {
                let names = [
                    ("mean salinity".to_owned(), "g_per_l"),
                    ("salinity in the last year".to_owned(), "g_per_l"),
                ];
                let salinity = self.signal(What::Salinity, place);
                self.put(salinity, &names, Kind::Salinity);
            }
        }
    }

    /// Flows over borders, and where a threshold asks for one.
    fn flows(&mut self) {
        let network = self.network;
        let borders = network.border_nodes().into_iter();
        let asked = self
            .settings
            .thresholds
            .iter()
            .filter(|threshold| !threshold.is_level);
        let asked = asked.filter_map(|threshold| network.node(&threshold.place));
        let mut nodes: Vec<usize> = borders.chain(asked).collect();
        nodes.sort_unstable();
        nodes.dedup();
        for node in nodes {
            let name = &network.nodes[node].name;
            let below = self.below(name);
            let mut names = vec![
                ("mean flow".to_owned(), "m3s"),
                ("lowest annual flow".to_owned(), "m3s"),
                ("flow in 95 % of months".to_owned(), "m3s"),
            ];
            names.extend(below.iter().flat_map(|flow| {
                [
                    (format!("months below {flow} m3s"), "1"),
                    (format!("longest spell below {flow} m3s"), "months"),
                    (format!("greatest deficit below {flow} m3s"), "km3"),
                ]
            }));
            self.put(self.signal(What::Flow, name), &names, Kind::Flow(below));
            if self.settings.natural {
                self.regime(name);
            }
        }
    }

    /// What the flows that were put last are beside the natural ones.
    fn regime(&mut self, place: &str) {
        let before = self.families.iter().filter(|family| family.is_regime());
        let kind = Kind::Regime(before.count());
        let measures = REGIME.map(|(name, unit)| Measure::new(place, name, unit));
        self.families.push(Family {
            signal: self.signals.len() - 1,
            measures: measures.to_vec(),
            kind,
        });
    }

    fn floods(&mut self) {
        for (flow, _) in &self.network.minimum_flows {
            let (Some(flood), Some(plain)) = (flow.flow.flood(), &flow.floodplain) else {
                continue;
            };
            let names = [
                ("mean flood volume".to_owned(), "km3_per_year"),
                ("mean flooded share".to_owned(), "1"),
            ];
            let kind = Kind::Flood(Box::new(plain.clone()), flood.plateau_m3s());
            self.put(self.signal(What::Flood, &flow.name), &names, kind);
        }
    }

    /// Users of each party and sector.
    fn users(&mut self) {
        let (network, plan) = (self.network, self.plan);
        let mut sectors: Vec<&str> = network.users.iter().map(|user| &*user.sector).collect();
        sectors.sort_unstable();
        sectors.dedup();
        let groups = network
            .parties
            .iter()
            .flat_map(|party| sectors.iter().map(move |sector| (party.as_str(), *sector)));
        for (party, sector) in groups {
            let is_own = |user: &usize| {
                let user = &network.users[*user];
                user.party == party && user.sector == sector
            };
            let users: Vec<usize> = (0..network.users.len()).filter(is_own).collect();
            if users.is_empty() {
                continue;
            }
            let asked = plan.demand.rows().into_iter();
            let asked = asked
                .map(|row| users.iter().map(|user| row[*user]).sum())
                .collect();
            let signal = Signal::of_users(format!("{party}, {sector}"), users.into_iter());
            let names = SUPPLY.map(|(name, unit)| (name.to_owned(), unit));
            self.put(Some(signal), &names, Kind::Supply(asked));
        }
    }

    fn plants(&mut self) {
        for (plant, _) in &self.network.plants {
            let energy = self.signal(What::Energy, &plant.name);
            self.put(
                energy,
                &[("mean energy".to_owned(), "gwh_per_year")],
                Kind::Mean,
            );
        }
    }

    /// The thresholds of a place.
    fn below(&self, place: &str) -> Vec<f64> {
        let own = |threshold: &&Threshold| threshold.place == place;
        let thresholds = self.settings.thresholds.iter().filter(own);
        thresholds
            .flat_map(|threshold| threshold.below.clone())
            .collect()
    }
}

/// Measures of supply (equations E80 and following).
const SUPPLY: [(&str, &str); 8] = [
    ("mean demand", "km3_per_year"),
    ("mean delivery", "km3_per_year"),
    ("reliability in time", "1"),
    ("reliability in volume", "1"),
    ("resilience", "1"),
    ("vulnerability", "1"),
    ("sustainability", "1"),
    ("greatest deficit of a month", "km3"),
];

impl Family {
    /// Whether it needs natural flows.
    pub fn is_regime(&self) -> bool {
        matches!(self.kind, Kind::Regime(_))
    }

    /// What its measures are called.
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// The measures of a member, in their order, from the `months` of its signal; `seconds` are those of each month,
    /// `natural` the months of its natural flows.
    pub fn judge(
        &self,
        months: &[f64],
        natural: &[Vec<f64>],
        seconds: &[f64],
        into: &mut Vec<f64>,
    ) {
        let years = || months.chunks(12).map(|year| year.iter().sum::<f64>());
        let count = (months.len() / 12) as f64;
        let yearly = years().sum::<f64>() / count;
        let below = |level: f64| months.iter().filter(move |month| **month < level).count();
        let part = |count: usize| count as f64 / months.len() as f64;
        match &self.kind {
            Kind::Level(places, thresholds) => {
                into.extend([yearly / 12.0, least(years()) / 12.0]);
                into.extend(
                    places
                        .iter()
                        .map(|place| mean(&months[12 * place..12 * (place + 1)])),
                );
                for level in thresholds {
                    let below = below(*level);
                    into.extend([part(below), f64::from(u8::from(below > 0))]);
                }
            }
            Kind::Flow(thresholds) => {
                let volume = |months: &[f64], seconds: &[f64]| -> f64 {
                    months
                        .iter()
                        .zip(seconds)
                        .map(|(flow, seconds)| flow * seconds)
                        .sum()
                };
                let mean = |(months, seconds): (&[f64], &[f64])| {
                    volume(months, seconds) / seconds.iter().sum::<f64>()
                };
                into.push(mean((months, seconds)));
                into.push(least(months.chunks(12).zip(seconds.chunks(12)).map(mean)));
                into.push(low_flow(&mut months.to_vec()));
                for flow in thresholds {
                    into.push(part(below(*flow)));
                    into.extend(droughts(months, *flow, seconds));
                }
            }
            Kind::Regime(place) => into.extend(beside(&natural[*place], months)),
            Kind::Mean => into.push(yearly),
            Kind::Salinity => into.extend([mean(months), mean(&months[months.len() - 12..])]),
            Kind::Supply(asked) => {
                let got: Vec<f64> = months.iter().map(|km3| km3 * HM3_PER_KM3).collect();
                let demand = asked.iter().sum::<f64>() / HM3_PER_KM3 / count;
                into.extend([demand, yearly]);
                into.extend(judged(asked, &got));
            }
            Kind::Flood(plain, plateau) => {
                let shares =
                    years().map(|volume| plain.flooded(volume * HM3_PER_KM3, *plateau).share);
                into.extend([yearly, shares.sum::<f64>() / count]);
            }
        }
    }
}

/// Length of the longest spell below a flow, months, and the greatest deficit of a spell, km³ (equation E85).
fn droughts(months: &[f64], flow: f64, seconds: &[f64]) -> [f64; 2] {
    let mut greatest = [0.0_f64; 2];
    for spell in spells(months, &[flow]) {
        let own = spell.start..spell.start + spell.length;
        let missing = own.map(|month| (flow - months[month]) * seconds[month]);
        greatest[0] = greatest[0].max(spell.length as f64);
        greatest[1] = greatest[1].max(missing.sum::<f64>() / 1e6 / HM3_PER_KM3);
    }
    greatest
}

/// Supply judged by equations E81 to E84; of users that ask for nothing there is no measure.
fn judged(asked: &[f64], got: &[f64]) -> [f64; 6] {
    supply(asked, got).map_or([f64::NAN; 6], |supply: Supply| {
        [
            supply.reliability,
            supply.reliability_by_volume,
            supply.resilience,
            supply.vulnerability,
            supply.sustainability,
            supply.greatest_deficit_hm3 / HM3_PER_KM3,
        ]
    })
}

fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}
