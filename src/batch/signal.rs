//! Signals: what of a run is watched, month by month.

use crate::engine::{Quantity, Series};
use crate::network::Network;
use crate::network::levels::Levels;
use crate::network::minimum_flow::MinimumFlow;
use crate::plan::{Place, Plan};
use crate::units::HM3_PER_KM3;

/// What a signal tells of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Level of a lake or reservoir at the end of each month, m.
    Level,
    /// Volume of a lake or reservoir at the end of each month, km³.
    Storage,
    /// River water into a lake or reservoir, km³ a month.
    RiverInflow,
    /// Flow at a node, m³/s.
    Flow,
    /// Salinity of a lake or of a body of it, g/l.
    Salinity,
    /// Delivered to users, km³ a month.
    Delivery,
    /// Energy of a hydropower plant, GWh a month.
    Energy,
    /// Flood that was let down, km³ a month.
    Flood,
}

/// The words of signals, with their units.
const WORDS: [(What, &str, &str); 8] = [
    (What::Level, "level", "m"),
    (What::Storage, "storage", "km3"),
    (What::RiverInflow, "river_inflow", "km3"),
    (What::Flow, "flow", "m3s"),
    (What::Salinity, "salinity", "g_per_l"),
    (What::Delivery, "delivery", "km3"),
    (What::Energy, "energy", "gwh"),
    (What::Flood, "flood", "km3"),
];

impl What {
    /// All words.
    pub fn words() -> Vec<&'static str> {
        WORDS.iter().map(|known| known.1).collect()
    }

    /// What a word means.
    pub fn of(word: &str) -> Option<Self> {
        let known = WORDS.iter().find(|known| known.1 == word);
        known.map(|known| known.0)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        let known = WORDS.iter().find(|known| known.0 == self);
        known.map_or("", |known| known.1)
    }

    /// Unit of its months.
    pub fn unit(self) -> &'static str {
        let known = WORDS.iter().find(|known| known.0 == self);
        known.map_or("", |known| known.2)
    }

    /// Whether a year has the sum of its months and not their mean.
    pub fn adds_up(self) -> bool {
        matches!(
            self,
            Self::RiverInflow | Self::Delivery | Self::Energy | Self::Flood
        )
    }

    /// Unit of its years.
    pub fn unit_of_years(self) -> &'static str {
        match self {
            Self::Energy => "gwh_per_year",
            _ if self.adds_up() => "km3_per_year",
            _ => self.unit(),
        }
    }
}

/// A signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// What it tells.
    pub what: What,
    /// Of which place, by name.
    pub place: String,
    /// Series that are added up.
    series: Vec<Series>,
}

impl Signal {
    /// The signal of a place; none where the place has none of the kind.
    pub fn of(network: &Network, plan: &Plan, what: What, place: &str) -> Option<Self> {
        let node = network.node(place);
        let storage = node.and_then(|node| match plan.places[node] {
            Place::Storage(storage) => Some(storage),
            _ => None,
        });
        let series = match what {
            What::Level | What::Storage => one(Quantity::Storage, storage?),
            What::RiverInflow => {
                storage?;
                one(Quantity::Comes, node?)
            }
            What::Flow => match storage {
                Some(storage) => [
                    one(Quantity::Release, storage),
                    one(Quantity::Spill, storage),
                ]
                .concat(),
                None => one(Quantity::Comes, node?),
            },
            What::Salinity => one(Quantity::Salinity, salty_pool(network, plan, place)?),
            What::Delivery => one(
                Quantity::Delivered,
                position(&network.users, |u| u.name == place)?,
            ),
            What::Energy => {
                let plants = &network.plants;
                one(
                    Quantity::Energy,
                    position(plants, |(plant, _)| plant.name == place)?,
                )
            }
            What::Flood => {
                let flows = &network.minimum_flows;
                let is_meant = |(flow, _): &(MinimumFlow, usize)| {
                    flow.name == place && flow.flow.flood().is_some()
                };
                one(Quantity::Kept, position(flows, is_meant)?)
            }
        };
        Some(Self {
            what,
            place: place.to_owned(),
            series,
        })
    }

    /// The sum of the deliveries to some users.
    pub fn of_users(name: String, users: impl Iterator<Item = usize>) -> Self {
        let series = users.flat_map(|user| one(Quantity::Delivered, user));
        Self {
            what: What::Delivery,
            place: name,
            series: series.collect(),
        }
    }

    /// All places of a kind.
    pub fn places(network: &Network, plan: &Plan, what: What) -> Vec<String> {
        let nodes = network.nodes.iter().map(|node| node.name.clone());
        let bodies = network.storages().flat_map(|(_, row)| &row.bodies);
        let bodies = bodies.map(|body| body.name.clone());
        let users = network.users.iter().map(|user| user.name.clone());
        let plants = network.plants.iter().map(|(plant, _)| plant.name.clone());
        let floods = network
            .minimum_flows
            .iter()
            .map(|(flow, _)| flow.name.clone());
        let all = nodes.chain(bodies).chain(users).chain(plants).chain(floods);
        let has = |place: &String| Self::of(network, plan, what, place).is_some();
        all.filter(has).collect()
    }
}

fn one(quantity: Quantity, place: usize) -> Vec<Series> {
    vec![Series { quantity, place }]
}

fn position<T>(list: &[T], is_meant: impl Fn(&T) -> bool) -> Option<usize> {
    list.iter().position(is_meant)
}

/// The pool of a lake of one box, or of a body of a lake, among those that salt reaches.
fn salty_pool(network: &Network, plan: &Plan, place: &str) -> Option<usize> {
    let carried = &plan.carried;
    carried.salt.as_ref()?;
    network
        .storages()
        .enumerate()
        .find_map(|(storage, (node, row))| {
            let boxes = carried.boxes(storage);
            let body = row.bodies.iter().position(|body| body.name == place);
            let whole = network.nodes[node].name == place && boxes.len() == 1;
            let pool = match body {
                Some(body) if body < boxes.len() => boxes.start + body,
                _ if whole => boxes.start,
                _ => return None,
            };
            carried.salty(pool)
        })
}

/// Signals with the series that they are made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// The signals.
    pub signals: Vec<Signal>,
    /// Each series once.
    pub series: Vec<Series>,
    /// Places of each signal's series.
    terms: Vec<Vec<usize>>,
    /// The curve of each level.
    levels: Vec<Option<Levels>>,
}

impl Watch {
    /// Watches some signals, each once.
    pub fn of(signals: Vec<Signal>, plan: &Plan) -> Self {
        let levels = signals.iter().map(|signal| match signal.what {
            What::Level => Some(Levels::of(&plan.curves[signal.series[0].place])),
            _ => None,
        });
        let levels = levels.collect();
        let mut series: Vec<Series> = Vec::new();
        let mut place = |wanted: &Series| {
            series
                .iter()
                .position(|known| known == wanted)
                .unwrap_or_else(|| {
                    series.push(*wanted);
                    series.len() - 1
                })
        };
        let terms = signals
            .iter()
            .map(|signal| signal.series.iter().map(&mut place).collect());
        let terms = terms.collect();
        Self {
            signals,
            series,
            terms,
            levels,
        }
    }

    /// Computes a signal in one step for all lanes of `numbers`, (series, lane).
    pub fn fill(&self, plan: &Plan, step: usize, signal: usize, numbers: &[f64], into: &mut [f64]) {
        let lanes = into.len();
        into.fill(0.0);
        for term in &self.terms[signal] {
            let row = &numbers[term * lanes..(term + 1) * lanes];
            for (sum, number) in into.iter_mut().zip(row) {
                *sum += number;
            }
        }
        match self.signals[signal].what {
            What::Level => {
                if let Some(levels) = &self.levels[signal] {
                    levels.at_all_widest(into);
                }
            }
            What::Flow => {
                let per_hm3 = 1.0 / plan.hm3_per_m3s(step);
                for volume in into {
                    *volume *= per_hm3;
                }
            }
            What::Storage | What::RiverInflow | What::Delivery | What::Flood => {
                for volume in into {
                    *volume /= HM3_PER_KM3;
                }
            }
            What::Salinity | What::Energy => {}
        }
    }
}
