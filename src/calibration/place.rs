//! Where a parameter stands in the inputs, and the same places in memory.

use crate::faults::nearest;
use crate::hydrology::settings::Settings;
use crate::hydrology::wetness::Wetness;
use crate::inputs::range::Range;
use crate::inputs::series::Monthly;
use crate::inputs::table::Table;
use crate::network::storage::Storage;
use crate::network::{Network, NodeKind};
use crate::units::HM3_PER_KM3;

/// What the inputs say, where a candidate may replace numbers.
#[derive(Clone, Debug)]
pub struct Known {
    /// The network with its series.
    pub network: Network,
    /// Figures from which series are reconstructed, where there are any.
    pub reconstruction: Option<Settings>,
}

/// One or more numbers of the inputs that follow from a parameter: its value times `times`.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// File below the inputs.
    pub file: String,
    /// Keys from the root of the file to the value; a table of several is told by its name or number.
    pub at: Vec<String>,
    /// First and last row of the curve that a key names, from 1.
    pub rows: Option<(usize, usize)>,
    /// What the value is multiplied by for each number; one for all, or one for each.
    pub times: Vec<f64>,
    site: Site,
}

/// Numbers in memory.
#[derive(Clone, Debug, PartialEq)]
enum Site {
    Evaporation(usize),
    Groundwater(usize),
    Exchange(usize),
    Sink(usize, usize),
    DeltaLoss(usize, (usize, usize)),
    Flow(usize),
    ReturnFraction(usize),
    Mean(usize, usize),
    Spell(usize, usize),
    Elasticity(usize),
    Memory(String),
}

/// Addresses that can be parameters: the table, and the keys below its name.
const ADDRESSES: [(&str, &str); 13] = [
    ("lake", "\"evaporation_mm\""),
    ("lake", "\"groundwater_km3_per_year\""),
    ("lake", "\"salt\", \"exchange_km3_per_year\""),
    ("lake", "\"body\", NAME, \"salt_sink_fraction\""),
    ("reservoir", "\"evaporation_mm\""),
    ("delta", "\"loss\""),
    ("inflow", "\"flow_m3s\""),
    ("user", "\"return_fraction\""),
    ("river", "\"mean_m3s\""),
    ("river", "\"period\", NUMBER, \"mean_m3s\""),
    ("river", "\"spell\", NUMBER, \"factor\""),
    ("river", "\"elasticity\""),
    ("climate", "\"memory\""),
];

/// The addresses of a table in words; those of all where it is not known.
fn addresses(table: Option<&String>) -> String {
    let is_meant = |known: &str| table.is_none_or(|table| table == known);
    let of_table = ADDRESSES.iter().filter(|(known, _)| is_meant(known));
    let words: Vec<String> = of_table
        .map(|(table, keys)| format!("[\"{table}\", NAME, {keys}]"))
        .collect();
    match words.is_empty() {
        true => addresses(None),
        false => words.join(" or "),
    }
}

impl Place {
    /// Reads a `[[parameter.place]]` table; what it names must be in `known` and in the file.
    pub fn read(table: &Table, known: &Known) -> Option<Self> {
        let (file, at) = (table.text("file"), table.texts("at"));
        if !table.has("at") {
            table.lacks(
                &["at"],
                "a list of keys from the root of the file to the number",
            );
        }
        let rows = table.has("rows").then(|| rows(table));
        let times = match table.has("times") {
            true => table.one_or_more("times", Range::Finite),
            false => Some(vec![1.0]),
        };
        table.finish();
        let (file, at, times) = (file?, at?, times?);
        let rows = match rows {
            Some(rows) => Some(rows?),
            None => None,
        };
        let Some(site) = site(&at, rows, known) else {
            let found = format!("{at:?}");
            let expected = format!("what can be a parameter: {}", addresses(at.first()));
            table.fault("at", found, expected, meant(&at, known));
            return None;
        };
        let place = Self {
            file,
            at,
            rows,
            times,
            site,
        };
        place.check(table, known).then_some(place)
    }

    /// Refuses factors that are not as many as the numbers.
    fn check(&self, table: &Table, known: &Known) -> bool {
        let count = self.site.slots(&mut known.clone()).len();
        let wrong = (self.times.len() != 1 && self.times.len() != count).then_some(count);
        if let Some(count) = wrong {
            let found = format!("{} numbers", self.times.len());
            let expected = format!("one number, or {count} as there are in its place");
            table.fault("times", found, expected, String::new());
        }
        wrong.is_none()
    }

    /// Whether a number of the reconstruction follows from it.
    pub fn is_of_series(&self) -> bool {
        matches!(
            self.site,
            Site::Mean(..)
                | Site::Spell(..)
                | Site::Elasticity(_)
                | Site::Memory(_)
                | Site::ReturnFraction(_)
        )
    }

    /// Replaces the numbers in memory.
    pub fn set(&self, known: &mut Known, value: f64) {
        let unit = self.site.unit();
        for (place, slot) in self.site.slots(known).into_iter().enumerate() {
            *slot = value * self.factor(place) * unit;
        }
        if let (Site::Memory(climate), Some(settings)) = (&self.site, &mut known.reconstruction)
            && let Some((rain, memory)) = settings.precipitation.get(climate)
        {
            let wetness = Wetness::of(rain, *memory);
            settings.climates.insert(climate.clone(), wetness);
        }
    }

    /// The value of the parameter that gives the sum of the numbers that stand here.
    pub fn standing(&self, known: &Known) -> f64 {
        let mut known = known.clone();
        let slots = self.site.slots(&mut known);
        let factors: f64 = (0..slots.len()).map(|place| self.factor(place)).sum();
        let numbers: f64 = slots.iter().map(|slot| **slot).sum();
        numbers / (factors * self.site.unit())
    }

    /// What the value is multiplied by for one of its numbers.
    pub fn factor(&self, place: usize) -> f64 {
        self.times.get(place).copied().unwrap_or(self.times[0])
    }
}

fn rows(table: &Table) -> Option<(usize, usize)> {
    let numbers = table.numbers("rows", Range::Positive)?;
    match numbers.as_slice() {
        [first, last] if first <= last && first.fract() == 0.0 && last.fract() == 0.0 => {
            Some((*first as usize, *last as usize))
        }
        _ => {
            let expected = "the first and the last row, from 1".to_owned();
            table.fault("rows", format!("{numbers:?}"), expected, String::new());
            None
        }
    }
}

/// The numbers in memory of an address; none where nothing stands there that can be a parameter.
fn site(at: &[String], rows: Option<(usize, usize)>, known: &Known) -> Option<Site> {
    let words: Vec<&str> = at.iter().map(String::as_str).collect();
    let node = |name: &str| known.network.node(name);
    let storage = |name: &str| node(name).and_then(|node| known.network.nodes[node].storage());
    match words[..] {
        ["lake" | "reservoir", name, "evaporation_mm"] => {
            let recurs = matches!(storage(name)?.evaporation, Monthly::Recurring(_));
            recurs.then_some(Site::Evaporation(node(name)?))
        }
        ["lake" | "reservoir", name, "groundwater_km3_per_year"] => {
            storage(name)?;
            Some(Site::Groundwater(node(name)?))
        }
        ["lake", name, "salt", "exchange_km3_per_year"] => {
            storage(name)?.salt.as_ref()?;
            Some(Site::Exchange(node(name)?))
        }
        ["lake", name, "body", body, "salt_sink_fraction"] => {
            let lake = storage(name)?;
            lake.salt.as_ref()?;
            let body = lake.bodies.iter().position(|row| row.name == body)?;
            Some(Site::Sink(node(name)?, body))
        }
        ["delta", name, "loss"] => {
            let (first, last) = rows?;
            let delta = known.network.nodes[node(name)?].delta()?;
            (last <= delta.loss_m3s.len()).then_some(Site::DeltaLoss(node(name)?, (first, last)))
        }
        ["inflow", name, "flow_m3s"] => match &known.network.nodes[node(name)?].kind {
            NodeKind::Inflow(row) if matches!(row.flow, Monthly::Recurring(_)) => {
                Some(Site::Flow(node(name)?))
            }
            _ => None,
        },
        ["user", name, "return_fraction"] => {
            let mut users = known.network.users.iter();
            Some(Site::ReturnFraction(
                users.position(|user| user.name == name)?,
            ))
        }
        ["climate", name, "memory"] => {
            let settings = known.reconstruction.as_ref()?;
            settings
                .climates
                .contains_key(name)
                .then(|| Site::Memory(name.to_owned()))
        }
        ["river", name, ref keys @ ..] => {
            let rivers = &known.reconstruction.as_ref()?.rivers;
            let river = rivers.iter().position(|river| river.name == name)?;
            of_river(river, keys, known)
        }
        _ => None,
    }
}

fn of_river(river: usize, keys: &[&str], known: &Known) -> Option<Site> {
    let row = known.reconstruction.as_ref()?.rivers.get(river)?;
    match keys {
        ["mean_m3s"] => (row.periods.len() == 1).then_some(Site::Mean(river, 0)),
        ["period", number, "mean_m3s"] => {
            let period = number.parse::<usize>().ok()?.checked_sub(1)?;
            (period < row.periods.len()).then_some(Site::Mean(river, period))
        }
        ["elasticity"] => Some(Site::Elasticity(river)),
        ["spell", number, "factor"] => {
            let spell = number.parse::<usize>().ok()?.checked_sub(1)?;
            (spell < row.spells.len()).then_some(Site::Spell(river, spell))
        }
        _ => None,
    }
}

/// The hint for an address whose name may be misspelt.
fn meant(at: &[String], known: &Known) -> String {
    let Some(name) = at.get(1) else {
        return String::new();
    };
    let nodes = known.network.nodes.iter().map(|node| node.name.as_str());
    let users = known.network.users.iter().map(|user| user.name.as_str());
    let settings = known.reconstruction.iter();
    let rivers =
        settings.flat_map(|settings| settings.rivers.iter().map(|river| river.name.as_str()));
    let names: Vec<&str> = nodes.chain(users).chain(rivers).collect();
    match names.contains(&name.as_str()) {
        true => String::new(),
        false => nearest(name, names),
    }
}

impl Site {
    /// What a number in memory is in the unit of the file.
    fn unit(&self) -> f64 {
        match self {
            Self::Groundwater(_) | Self::Exchange(_) => HM3_PER_KM3,
            _ => 1.0,
        }
    }

    /// The numbers; `sites` has seen that they are there.
    fn slots<'k>(&self, known: &'k mut Known) -> Vec<&'k mut f64> {
        let Known {
            network,
            reconstruction,
        } = known;
        let found = match self {
            Self::Evaporation(node) => {
                storage(network, *node).and_then(|row| twelve(&mut row.evaporation))
            }
            Self::Flow(node) => match &mut network.nodes[*node].kind {
                NodeKind::Inflow(row) => twelve(&mut row.flow),
                _ => None,
            },
            Self::Groundwater(node) => {
                storage(network, *node).map(|row| vec![&mut row.groundwater_hm3_per_year])
            }
            Self::Exchange(node) => storage(network, *node)
                .and_then(|row| Some(vec![&mut row.salt.as_mut()?.exchange_hm3_per_year])),
            Self::Sink(node, body) => storage(network, *node)
                .and_then(|row| Some(vec![row.salt.as_mut()?.sink_fractions.get_mut(*body)?])),
            Self::DeltaLoss(node, (first, last)) => match &mut network.nodes[*node].kind {
                NodeKind::Delta(delta) => delta
                    .loss_m3s
                    .get_mut(first - 1..*last)
                    .map(|rows| rows.iter_mut().collect()),
                _ => None,
            },
            Self::ReturnFraction(user) => {
                let row = &mut network.users[*user];
                // What was consumed above a gauge is added to its natural flow.
                let twin = reconstruction
                    .as_mut()
                    .and_then(|settings| settings.users.get_mut(&row.name));
                let twin = twin.map(|twin| &mut twin.return_fraction);
                Some(
                    std::iter::once(&mut row.return_fraction)
                        .chain(twin)
                        .collect(),
                )
            }
            Self::Memory(climate) => reconstruction
                .as_mut()
                .and_then(|settings| Some(vec![&mut settings.precipitation.get_mut(climate)?.1])),
            Self::Mean(river, _) | Self::Spell(river, _) | Self::Elasticity(river) => {
                let row = reconstruction
                    .as_mut()
                    .and_then(|settings| settings.rivers.get_mut(*river));
                row.and_then(|row| match self {
                    Self::Mean(_, period) => row
                        .periods
                        .get_mut(*period)
                        .map(|period| vec![&mut period.mean_m3s]),
                    Self::Spell(_, spell) => row
                        .spells
                        .get_mut(*spell)
                        .map(|spell| vec![&mut spell.factor]),
                    _ => Some(vec![&mut row.elasticity]),
                })
            }
        };
        found.unwrap_or_default()
    }
}

fn storage(network: &mut Network, node: usize) -> Option<&mut Storage> {
    match &mut network.nodes[node].kind {
        NodeKind::Storage(row) => Some(row),
        _ => None,
    }
}

fn twelve(monthly: &mut Monthly) -> Option<Vec<&mut f64>> {
    match monthly {
        Monthly::Recurring(twelve) => Some(twelve.iter_mut().collect()),
        _ => None,
    }
}
