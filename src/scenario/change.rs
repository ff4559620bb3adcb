//! One change of a scenario, as its table says it.

use super::rule::RuleChange;
use crate::inputs::by_year::ByYear;
use crate::inputs::months::Months;
use crate::inputs::origin::Origin;
use crate::inputs::quantity::Spelling;
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::network::curve::Curve;
use crate::time::Month;
use crate::units::Quantity;

/// A change with the place of its table.
#[derive(Clone, Debug)]
pub struct Change {
    /// What is changed.
    pub what: What,
    /// The place of its table.
    pub written: Origin,
}

/// What a scenario can change.
#[derive(Clone, Debug)]
pub enum What {
    /// `[[inflow_factor]]`: multiplies inflows, in some months only where `months` says so.
    InflowFactor(Pick, Months, ByYear),
    /// `[[demand]]`: multiplies demands.
    DemandFactor(Pick, ByYear),
    /// `[[area]]`: sets the irrigated area of a user, ha.
    Area(String, ByYear),
    /// `[[capacity]]`: sets the capacity of a canal, m³/s.
    Capacity(String, f64),
    /// `[[switch]]`: puts a user, canal or dam in or out of service.
    Switch(String, bool),
    /// `[[initial]]`: sets the state of a storage at the start.
    Initial(Initial),
    /// `[[curve]]`: gives a lake or reservoir another curve.
    Curve(String, Box<Curve>),
    /// `[[energy]]`: sets the energy that a hydropower plant is to generate in each month, GWh.
    Energy(String, [f64; 12]),
    /// `[[rule]]`: changes the operation of a reservoir.
    Rule(RuleChange),
    /// `[[withdrawal]]`: lets the gross withdrawal of some users grow to a total.
    Growth(Growth),
}

/// Users or inflows that a change means; what is left out matches everything.
#[derive(Clone, Debug, Default)]
pub struct Pick {
    /// Name of the user or inflow.
    pub name: Option<String>,
    /// Its basin.
    pub basin: Option<String>,
    /// Its party.
    pub party: Option<String>,
    /// Sector of the user.
    pub sector: Option<String>,
    /// River of the inflow.
    pub river: Option<String>,
}

/// State of a storage: by level or by volume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    /// Level, m.
    LevelM(f64),
    /// Volume, hm³.
    VolumeHm3(f64),
}

/// State of a storage at a date.
#[derive(Clone, Debug, PartialEq)]
pub struct Initial {
    /// Name of the lake or reservoir.
    pub storage: String,
    /// Beginning of this month; the start of the run where left out.
    pub date: Option<Month>,
    /// The state.
    pub state: State,
    /// Salinity of each of its boxes, g/l; empty where none is stated.
    pub salinity_g_per_l: Vec<f64>,
    /// How a volume is written here.
    pub spelling: Spelling,
    /// The place of its table.
    pub written: Origin,
}

/// A gross withdrawal that grows to a total (equation E2).
#[derive(Clone, Debug)]
pub struct Growth {
    /// Users whose gross withdrawals are counted.
    pub counted: Vec<String>,
    /// Total at the end of the ramp, km³ a year.
    pub total_km3_per_year: f64,
    /// Whether consumption is counted, and not what is taken at the river.
    pub of_consumption: bool,
    /// Last year of the present use.
    pub from_year: i32,
    /// Year in which the total is reached.
    pub by_year: i32,
    /// Users that grow and their shares of the growth; where none, all that are counted in proportion to their use.
    pub shares: Vec<(String, f64)>,
}

impl Growth {
    const TOTAL: &str = "total_km3_per_year";
    const CONSUMPTION: &str = "consumption_km3_per_year";

    /// The key of its total.
    pub fn key(&self) -> &'static str {
        match self.of_consumption {
            true => Self::CONSUMPTION,
            false => Self::TOTAL,
        }
    }
}

/// Reads the table of one kind of change.
type Reader = fn(&Table) -> Option<What>;

impl Change {
    /// Reads all changes of a scenario file, kind by kind.
    pub fn read_all(root: &Table) -> Vec<Self> {
        let kinds: [(&str, Reader); 10] = [
            ("inflow_factor", inflow_factor),
            ("demand", demand),
            ("area", area),
            ("capacity", capacity),
            ("switch", switch),
            ("initial", |table| Initial::read(table).map(What::Initial)),
            ("curve", curve),
            ("energy", energy),
            ("rule", |table| RuleChange::read(table).map(What::Rule)),
            ("withdrawal", growth),
        ];
        let mut changes = Vec::new();
        for (key, read) in kinds {
            for table in root.tables(key) {
                let written = table.origin();
                let what = read(&table);
                table.finish();
                changes.extend(what.map(|what| Self { what, written }));
            }
        }
        changes
    }
}

fn factor(table: &Table) -> Option<ByYear> {
    if !table.has("factor") {
        let expected = "a number, or numbers by year `{ 2024 = 1.0, 2040 = 2.0 }`";
        table.lacks(&["factor"], expected);
    }
    table.by_year("factor", Range::NotNegative)
}

fn inflow_factor(table: &Table) -> Option<What> {
    let pick = Pick {
        name: table.optional_text("inflow"),
        basin: table.optional_text("basin"),
        party: table.optional_text("party"),
        river: table.optional_text("river"),
        sector: None,
    };
    let months = Months::read(table);
    let factor = factor(table);
    Some(What::InflowFactor(pick, months?, factor?))
}

fn demand(table: &Table) -> Option<What> {
    let pick = Pick {
        name: table.optional_text("user"),
        basin: table.optional_text("basin"),
        party: table.optional_text("party"),
        sector: table.optional_text("sector"),
        river: None,
    };
    Some(What::DemandFactor(pick, factor(table)?))
}

fn area(table: &Table) -> Option<What> {
    let user = table.text("user");
    if !table.has("area_ha") {
        let expected = "an area in ha, or areas by year `{ 2024 = 100, 2040 = 200 }`";
        table.lacks(&["area_ha"], expected);
    }
    let area = table.by_year("area_ha", Range::Hectares);
    Some(What::Area(user?, area?))
}

fn capacity(table: &Table) -> Option<What> {
    let link = table.text("link");
    let capacity = table.quantity("capacity", Quantity::Flow, Range::NotNegative);
    Some(What::Capacity(link?, capacity?))
}

fn switch(table: &Table) -> Option<What> {
    let name = table.text("name");
    if !table.has("on") {
        table.lacks(&["on"], "true or false");
    }
    Some(What::Switch(name?, table.optional_flag("on")?))
}

impl Initial {
    /// Reads the state of one storage.
    pub fn read(table: &Table) -> Option<Self> {
        let storage = table.text("storage");
        let date = table.optional_month("date");
        let level = table.optional_number("level_m", Range::Finite);
        let spelling = table.spelling("storage", Quantity::Volume);
        let volume = table.optional_quantity("storage", Quantity::Volume, Range::NotNegative);
        let salinity = table.one_or_more("salinity_g_per_l", Range::NotNegative);
        // A range that the source states; a reader's warning, not used in the run.
        table.optional_number("uncertainty_m", Range::NotNegative);
        let expected = "either `level_m` or `storage_km3`";
        match (table.has("level_m"), table.has(&spelling.name)) {
            (true, true) => {
                let found = "both a level and a volume".to_owned();
                table.fault("level_m", found, expected.to_owned(), String::new());
                return None;
            }
            (false, false) => table.lacks(&["level_m", &spelling.name], expected),
            _ => {}
        }
        let state = level.map(State::LevelM).or(volume.map(State::VolumeHm3));
        Some(Self {
            storage: storage?,
            date,
            state: state?,
            salinity_g_per_l: salinity.unwrap_or_default(),
            spelling,
            written: table.origin(),
        })
    }
}

fn curve(table: &Table) -> Option<What> {
    let storage = table.text("storage");
    let bodies = table.texts("bodies").unwrap_or_default();
    let curve = Curve::read(table, &bodies);
    Some(What::Curve(storage?, Box::new(curve?)))
}

fn energy(table: &Table) -> Option<What> {
    let plant = table.text("plant");
    if !table.has("energy_gwh") {
        let expected = "a number or 12 numbers, January to December";
        table.lacks(&["energy_gwh"], expected);
    }
    let energy = table.twelve("energy_gwh", Range::NotNegative);
    Some(What::Energy(plant?, energy?))
}

fn growth(table: &Table) -> Option<What> {
    let counted = table.texts("counted");
    let expected = "the users whose withdrawals add up to the total";
    if !table.has("counted") {
        table.lacks(&["counted"], expected);
    }
    if counted.as_ref().is_some_and(Vec::is_empty) {
        let found = "an empty list".to_owned();
        table.fault("counted", found, expected.to_owned(), String::new());
    }
    let of_consumption = table.has(Growth::CONSUMPTION);
    let total = match of_consumption {
        true => table.number(Growth::CONSUMPTION, Range::CubicKilometresPerYear),
        false => table.number(Growth::TOTAL, Range::CubicKilometresPerYear),
    };
    let (from, by) = (table.year("from_year"), table.year("by_year"));
    let in_proportion = table.flag("in_proportion", false);
    let shares = match in_proportion {
        true => Some(Vec::new()),
        false => growing(table),
    };
    let (from_year, by_year) = (from?, by?);
    if by_year <= from_year {
        let expected = format!("a year after {from_year}");
        table.fault("by_year", format!("{by_year}"), expected, String::new());
    }
    let total_km3_per_year = total?;
    Some(What::Growth(Growth {
        counted: counted?,
        total_km3_per_year,
        of_consumption,
        from_year,
        by_year,
        shares: shares?,
    }))
}

/// The users that grow and their shares, which add up to 1.
fn growing(table: &Table) -> Option<Vec<(String, f64)>> {
    let expected = "tables [[withdrawal.growth]] whose shares add up to 1";
    if !table.has("growth") {
        table.lacks_table("growth", expected);
        return None;
    }
    let shares: Vec<_> = table.tables("growth").iter().map(share).collect();
    let shares = shares.into_iter().collect::<Option<Vec<_>>>()?;
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    if (sum - 1.0).abs() > 1e-9 {
        let found = format!("a sum of {sum}");
        table.fault("growth", found, expected.to_owned(), String::new());
    }
    Some(shares)
}

fn share(table: &Table) -> Option<(String, f64)> {
    let (user, share) = (table.text("user"), table.number("share", Range::Fraction));
    table.finish();
    Some((user?, share?))
}
