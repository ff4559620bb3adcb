//! Published points that results are set beside: `observations/*.csv`.

use crate::faults::{listed, meant, near, nearest};
use crate::inputs::columns::Columns;
use crate::inputs::folder::{CONFIDENCES, Folder};
use crate::inputs::range::Range;
use crate::network::Network;
use crate::time::{Month, Period};

/// What a published figure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Level of a lake or reservoir, m.
    Level,
    /// Flow at a node, m³/s.
    Flow,
    /// Flow at a node without any use and without dams, m³/s.
    NaturalFlow,
    /// Storage, km³.
    Storage,
    /// Evaporation of a lake, km³ a year.
    Evaporation,
    /// River water that reaches a lake, km³ a year.
    RiverInflow,
    /// Rain on a lake, km³ a year.
    Precipitation,
    /// Area of a lake, km².
    Area,
    /// Volume of the flood of a year, km³.
    FloodVolume,
    /// Flooded part of a floodplain in a year, from 0 to 1.
    FloodedShare,
    /// Energy of a hydropower plant, GWh a year.
    Energy,
    /// Salinity of a lake, g/l.
    Salinity,
}

/// How the months or years of a period are taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statistic {
    /// Their mean.
    Mean,
    /// Their least.
    Minimum,
    /// Their greatest.
    Maximum,
}

const QUANTITIES: [(&str, &str, Quantity); 12] = [
    ("level", "m", Quantity::Level),
    ("flow", "m3s", Quantity::Flow),
    ("natural_flow", "m3s", Quantity::NaturalFlow),
    ("storage", "km3", Quantity::Storage),
    ("evaporation", "km3_per_year", Quantity::Evaporation),
    ("river_inflow", "km3_per_year", Quantity::RiverInflow),
    ("precipitation", "km3_per_year", Quantity::Precipitation),
    ("area", "km2", Quantity::Area),
    ("flood_volume", "km3", Quantity::FloodVolume),
    ("flooded_share", "1", Quantity::FloodedShare),
    ("energy", "gwh_per_year", Quantity::Energy),
    ("salinity", "g_per_l", Quantity::Salinity),
];

const STATISTICS: [(&str, Statistic); 3] = [
    ("mean", Statistic::Mean),
    ("minimum", Statistic::Minimum),
    ("maximum", Statistic::Maximum),
];

impl Quantity {
    /// The words of all quantities in files.
    pub fn words() -> [&'static str; 12] {
        QUANTITIES.map(|entry| entry.0)
    }

    /// The quantity of a word in files.
    pub fn of(word: &str) -> Option<Self> {
        let entry = QUANTITIES.iter().find(|entry| entry.0 == word);
        entry.map(|entry| entry.2)
    }

    /// Its word in files.
    pub fn word(self) -> &'static str {
        QUANTITIES
            .iter()
            .find(|entry| entry.2 == self)
            .map_or("", |entry| entry.0)
    }

    /// Its unit in files.
    pub fn unit(self) -> &'static str {
        QUANTITIES
            .iter()
            .find(|entry| entry.2 == self)
            .map_or("", |entry| entry.1)
    }
}

impl Statistic {
    /// The words of all statistics in files.
    pub fn words() -> [&'static str; 3] {
        STATISTICS.map(|entry| entry.0)
    }

    /// The statistic of a word in files.
    pub fn of(word: &str) -> Option<Self> {
        let entry = STATISTICS.iter().find(|entry| entry.0 == word);
        entry.map(|entry| entry.1)
    }

    /// Its word in files.
    pub fn word(self) -> &'static str {
        STATISTICS
            .iter()
            .find(|entry| entry.1 == self)
            .map_or("", |entry| entry.0)
    }
}

/// A published figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Node, body of a lake, hydropower plant, or minimum flow that is a flood.
    pub place: String,
    /// What it measures.
    pub quantity: Quantity,
    /// How the period is taken together.
    pub statistic: Statistic,
    /// Months that it covers.
    pub period: Period,
    /// The figure in the quantity's unit.
    pub value: f64,
    /// Its stated uncertainty (±), where there is one.
    pub uncertainty: Option<f64>,
    /// The publication.
    pub source: String,
}

/// Columns of a file of observations.
pub const COLUMNS: [&str; 10] = [
    "place",
    "quantity",
    "statistic",
    "start",
    "end",
    "value",
    "unit",
    "uncertainty",
    "source",
    "confidence",
];

/// Reads all files of the folder `observations`; there need not be any. Places are not checked where there
/// is no network, because it has faults of its own.
pub fn read(folder: &Folder, network: Option<&Network>) -> Vec<Observation> {
    let names = folder.names_in("observations");
    let is_table = |name: &str| name.strip_suffix(".csv").is_some();
    let files = names.iter().filter(|name| is_table(name));
    files
        .flat_map(|name| read_file(folder, network, name).unwrap_or_default())
        .collect()
}

fn read_file(folder: &Folder, network: Option<&Network>, name: &str) -> Option<Vec<Observation>> {
    let file = format!("observations/{name}");
    let mut columns = Columns::read(folder, &file, "the comparison with published figures")?;
    of(&mut columns, network)
}

/// The rows of a file of observations, wherever it stands; places are checked as by [`read`].
pub fn of(columns: &mut Columns, network: Option<&Network>) -> Option<Vec<Observation>> {
    columns.only(&COLUMNS);
    let place: Vec<Option<usize>> = COLUMNS.iter().map(|name| columns.place_of(name)).collect();
    let place = place.into_iter().collect::<Option<Vec<usize>>>()?;
    let text = |column: usize| columns.texts(place[column], true);
    let (places, quantities, statistics) = (text(0), text(1), text(2));
    let (starts, ends, units, sources) = (text(3), text(4), text(6), text(8));
    let values = columns.numbers(place[5], Range::Finite);
    let uncertainties = columns.optional_numbers(place[7], Range::NotNegative);
    let confidences = text(9);
    let (places, quantities, statistics) = (places?, quantities?, statistics?);
    let (starts, ends, units, sources) = (starts?, ends?, units?, sources?);
    let (values, uncertainties, confidences) = (values?, uncertainties?, confidences?);
    let mut rows = Vec::new();
    for (row, line) in columns.lines().enumerate() {
        let quantity = word(
            columns,
            line,
            "quantity",
            &quantities[row],
            &QUANTITIES.map(|q| (q.0, q.2)),
        );
        let statistic = word(columns, line, "statistic", &statistics[row], &STATISTICS);
        let period = period(columns, line, &starts[row], &ends[row]);
        word(
            columns,
            line,
            "confidence",
            &confidences[row],
            &CONFIDENCES.map(|word| (word, ())),
        );
        if let Some(network) = network {
            known_place(columns, line, &places[row], quantity, network);
        }
        if let Some(quantity) = quantity.filter(|quantity| quantity.unit() != units[row]) {
            let expected = format!("`{}` for {}", quantity.unit(), quantity.word());
            columns.fault(
                line,
                "column `unit`",
                format!("`{}`", units[row]),
                expected,
                "",
            );
        }
        if let (Some(quantity), Some(statistic), Some(period)) = (quantity, statistic, period) {
            rows.push(Observation {
                place: places[row].clone(),
                quantity,
                statistic,
                period,
                value: values[row],
                uncertainty: uncertainties[row],
                source: sources[row].clone(),
            });
        }
    }
    Some(rows)
}

fn word<T: Copy>(
    columns: &Columns,
    line: usize,
    column: &str,
    found: &str,
    known: &[(&str, T)],
) -> Option<T> {
    let value = known
        .iter()
        .find(|(word, _)| *word == found)
        .map(|(_, value)| *value);
    if value.is_none() {
        let words = || known.iter().map(|(word, _)| *word);
        let expected = format!("one of {}", listed(words()));
        let place = format!("column `{column}`");
        columns.fault(
            line,
            &place,
            format!("`{found}`"),
            expected,
            &meant(near(found, words())),
        );
    }
    value
}

fn period(columns: &Columns, line: usize, start: &str, end: &str) -> Option<Period> {
    let month = |text: &str| text.parse::<Month>().ok();
    match (month(start), month(end)) {
        (Some(first), Some(last)) if first <= last => Some(Period { first, last }),
        _ => {
            let expected = "months YYYY-MM, the first not after the last".to_owned();
            let found = format!("`{start}` and `{end}`");
            columns.fault(line, "columns `start` and `end`", found, expected, "");
            None
        }
    }
}

fn known_place(
    columns: &Columns,
    line: usize,
    place: &str,
    quantity: Option<Quantity>,
    network: &Network,
) {
    let (expected, names) = places_of(quantity, network);
    if !names.contains(&place) {
        let (found, hint) = (format!("`{place}`"), nearest(place, names));
        columns.fault(line, "column `place`", found, expected.to_owned(), &hint);
    }
}

/// Where a quantity can be observed: in words, and the names.
pub fn places_of(quantity: Option<Quantity>, network: &Network) -> (&'static str, Vec<&str>) {
    let nodes = network.nodes.iter().map(|node| node.name.as_str());
    let plants = network.plants.iter().map(|(plant, _)| plant.name.as_str());
    let storages = network.storages();
    let lakes = storages.map(|(node, _)| network.nodes[node].name.as_str());
    let bodies = network.storages().flat_map(|(_, storage)| &storage.bodies);
    let bodies = bodies.map(|body| body.name.as_str());
    match quantity {
        Some(Quantity::Energy) => ("the name of a hydropower plant", plants.collect()),
        Some(Quantity::Flow | Quantity::NaturalFlow) => ("the name of a node", nodes.collect()),
        Some(Quantity::FloodVolume) => (
            "the name of a minimum flow that is a flood",
            floods(network, false),
        ),
        Some(Quantity::FloodedShare) => (
            "the name of a minimum flow with a table [minimum_flow.floodplain]",
            floods(network, true),
        ),
        Some(_) => (
            "the name of a lake, reservoir or body of a lake",
            lakes.chain(bodies).collect(),
        ),
        None => (
            "the name of a node or of a body of a lake",
            nodes.chain(bodies).collect(),
        ),
    }
}

/// Names of minimum flows that are floods, or of those that cover a known floodplain.
fn floods(network: &Network, with_floodplain: bool) -> Vec<&str> {
    let flows = network.minimum_flows.iter().map(|(flow, _)| flow);
    let floods = flows.filter(|flow| flow.flow.flood().is_some());
    let meant = floods.filter(|flow| !with_floodplain || flow.floodplain.is_some());
    meant.map(|flow| flow.name.as_str()).collect()
}
