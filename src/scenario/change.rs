//! One change of a scenario, as its table says it.

use crate::inputs::table::{ByYear, Range, Table};
use crate::network::curve::Curve;
use crate::time::Month;
use crate::units::HM3_PER_KM3;

/// A change with the place of its table.
#[derive(Clone, Debug)]
pub struct Change {
    /// What is changed.
    pub what: What,
    /// File, line and header of the table, for faults.
    pub written: (String, usize, String),
}

/// What a scenario can change.
#[derive(Clone, Debug)]
pub enum What {
    /// `[[inflow_factor]]`: multiplies inflows, in some months only where `months` says so.
    InflowFactor(Pick, Option<Vec<u32>>, ByYear),
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
#[derive(Clone, Debug)]
pub struct Initial {
    /// Name of the lake or reservoir.
    pub storage: String,
    /// Beginning of this month; the start of the run where left out.
    pub date: Option<Month>,
    /// The state.
    pub state: State,
}

/// A gross withdrawal that grows to a total (equation E2).
#[derive(Clone, Debug)]
pub struct Growth {
    /// Users whose gross withdrawals are counted.
    pub counted: Vec<String>,
    /// Total at the end of the ramp, km³ a year at the river.
    pub total_km3_per_year: f64,
    /// Last year of the present use.
    pub from_year: i32,
    /// Year in which the total is reached.
    pub by_year: i32,
    /// Users that grow and their shares of the growth.
    pub shares: Vec<(String, f64)>,
}

impl Change {
    /// Reads all changes of a scenario file, kind by kind.
    pub fn read_all(root: &Table) -> Vec<Self> {
        let kinds: [(&str, fn(&Table) -> Option<What>); 8] = [
            ("inflow_factor", inflow_factor),
            ("demand", demand),
            ("area", area),
            ("capacity", capacity),
            ("switch", switch),
            ("initial", |table| Initial::read(table).map(What::Initial)),
            ("curve", curve),
            ("withdrawal", growth),
        ];
        let mut changes = Vec::new();
        for (key, read) in kinds {
            for table in root.tables(key) {
                let line = table.line_of("source");
                let file = table.folder().shown(table.file());
                let written = (file, line, format!("[[{key}]]"));
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
        let expected = "a number, or numbers by year `{ 2024 = 1.0, 2040 = 2.0 }`".to_owned();
        table.fault("factor", "nothing".into(), expected, String::new());
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
    let months = table.has("months").then(|| months(table));
    let factor = factor(table);
    let months = match months {
        Some(months) => Some(months?),
        None => None,
    };
    Some(What::InflowFactor(pick, months, factor?))
}

fn months(table: &Table) -> Option<Vec<u32>> {
    let numbers = table.numbers("months", Range::Positive)?;
    let months: Option<Vec<u32>> = numbers
        .iter()
        .map(|number| (1..=12).find(|month| f64::from(*month) == *number))
        .collect();
    if months.is_none() {
        let expected = "months from 1 to 12".to_owned();
        table.fault("months", format!("{numbers:?}"), expected, String::new());
    }
    months
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
        table.fault(
            "area_ha",
            "nothing".into(),
            "an area in ha".into(),
            String::new(),
        );
    }
    let area = table.by_year("area_ha", Range::NotNegative);
    Some(What::Area(user?, area?))
}

fn capacity(table: &Table) -> Option<What> {
    let link = table.text("link");
    let capacity = table.number("capacity_m3s", Range::NotNegative);
    Some(What::Capacity(link?, capacity?))
}

fn switch(table: &Table) -> Option<What> {
    let name = table.text("name");
    if !table.has("on") {
        table.fault(
            "on",
            "nothing".into(),
            "true or false".into(),
            String::new(),
        );
    }
    Some(What::Switch(name?, table.optional_flag("on")?))
}

impl Initial {
    /// Reads the state of one storage.
    pub fn read(table: &Table) -> Option<Self> {
        let storage = table.text("storage");
        let date = table.optional_month("date");
        let level = table.optional_number("level_m", Range::Finite);
        let volume = table.optional_number("storage_km3", Range::NotNegative);
        // A range that the source states; a reader's warning, not used in the run.
        table.optional_number("uncertainty_m", Range::NotNegative);
        if table.has("level_m") == table.has("storage_km3") {
            let found = if table.has("level_m") {
                "both"
            } else {
                "nothing"
            };
            let expected = "either `level_m` or `storage_km3`".to_owned();
            table.fault("level_m", found.into(), expected, String::new());
            return None;
        }
        let volume = volume.map(|volume| State::VolumeHm3(volume * HM3_PER_KM3));
        let state = level.map(State::LevelM).or(volume);
        Some(Self {
            storage: storage?,
            date,
            state: state?,
        })
    }
}

fn curve(table: &Table) -> Option<What> {
    let storage = table.text("storage");
    let bodies = table.texts("bodies").unwrap_or_default();
    let curve = Curve::read(table, &bodies);
    Some(What::Curve(storage?, Box::new(curve?)))
}

fn growth(table: &Table) -> Option<What> {
    let counted = table.texts("counted");
    if !table.has("counted") {
        let expected = "the users whose withdrawals add up to the total".to_owned();
        table.fault("counted", "nothing".into(), expected, String::new());
    }
    let total = table.number("total_km3_per_year", Range::NotNegative);
    let (from, by) = (table.year("from_year"), table.year("by_year"));
    let shares: Vec<_> = table.tables("growth").iter().map(share).collect();
    let shares = shares.into_iter().collect::<Option<Vec<_>>>()?;
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    if (sum - 1.0).abs() > 1e-9 {
        let expected = "tables [[withdrawal.growth]] whose shares add up to 1".to_owned();
        table.fault("growth", format!("a sum of {sum}"), expected, String::new());
    }
    let (from_year, by_year) = (from?, by?);
    if by_year <= from_year {
        let expected = format!("a year after {from_year}");
        table.fault("by_year", format!("{by_year}"), expected, String::new());
    }
    let total_km3_per_year = total?;
    Some(What::Growth(Growth {
        counted: counted?,
        total_km3_per_year,
        from_year,
        by_year,
        shares,
    }))
}

fn share(table: &Table) -> Option<(String, f64)> {
    let (user, share) = (table.text("user"), table.number("share", Range::Fraction));
    table.finish();
    Some((user?, share?))
}
