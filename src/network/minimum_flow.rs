//! A flow that is to pass a node: a claim that takes nothing.

use super::flood_rule::FloodRule;
use super::floodplain::Floodplain;
use super::hydrograph::Hydrograph;
use super::service::Service;
use crate::inputs::table::Table;
use crate::time::Date;
use crate::units::{Quantity, hm3_in};

/// A flow to keep in the river below a node.
#[derive(Clone, Debug, PartialEq)]
pub struct MinimumFlow {
    /// Unique name.
    pub name: String,
    /// Party for which it is kept, often `Nature`.
    pub party: String,
    /// Sector in the tables, for instance `environment`.
    pub sector: String,
    /// Node below which the flow is kept.
    pub at: String,
    /// The flow.
    pub flow: Kept,
    /// How much of a flood is let down in a year; all of it where none.
    pub rule: Option<FloodRule>,
    /// What the flood covers.
    pub floodplain: Option<Floodplain>,
    /// Class of priority, 1 is served first.
    pub priority: u32,
    /// When it is kept.
    pub in_service: Service,
}

/// How much is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// Flow of each month, m³/s.
    Months([f64; 12]),
    /// A flood by day.
    Flood(Hydrograph),
}

impl Kept {
    /// Volume to keep in a step, hm³.
    pub fn hm3(&self, date: Date) -> f64 {
        match self {
            Self::Months(twelve) => hm3_in(twelve[date.month().index()], date.seconds()),
            Self::Flood(flood) => flood.hm3(date),
        }
    }

    /// The flood, where it is one.
    pub fn flood(&self) -> Option<&Hydrograph> {
        match self {
            Self::Flood(flood) => Some(flood),
            Self::Months(_) => None,
        }
    }

    /// Reads `flow_m3s` or a table `[minimum_flow.hydrograph]`.
    fn read(table: &Table) -> Option<Self> {
        let twelve = table.optional_twelve("flow", Quantity::Flow);
        let flood = table.table("hydrograph");
        let flood = flood.map(|table| Hydrograph::read(&table));
        let key = table.spelling("flow", Quantity::Flow).name;
        match (table.has(&key), table.has("hydrograph")) {
            (true, false) => twelve.map(Self::Months),
            (false, true) => flood?.map(Self::Flood),
            (true, true) => {
                let expected = format!("either `{key}` or a table [minimum_flow.hydrograph]");
                table.fault(&key, "both".into(), expected, String::new());
                None
            }
            (false, false) => {
                let expected = "a number or 12 numbers, January to December, \
                                or a table [minimum_flow.hydrograph]";
                table.lacks_quantity("flow", Quantity::Flow, &["hydrograph"], expected);
                None
            }
        }
    }
}

/// Reads a table that may be left out; a failure where it stands there with faults.
fn optional<T>(
    table: &Table,
    key: &str,
    read: impl Fn(&Table) -> Option<T>,
) -> Result<Option<T>, ()> {
    match table.table(key) {
        Some(table) => read(&table).map(Some).ok_or(()),
        None if table.has(key) => Err(()),
        None => Ok(None),
    }
}

impl MinimumFlow {
    /// The most that is asked for in a step, hm³: that of the wettest years where a rule decides.
    pub fn most_hm3(&self, date: Date) -> f64 {
        let most = self.rule.as_ref().and_then(FloodRule::most);
        most.map_or_else(|| self.flow.hm3(date), |flood| flood.hm3(date))
    }

    /// Refuses tables about a flood where there is none.
    fn belongs_to_a_flood(table: &Table) -> bool {
        let mut sound = true;
        for key in ["decision", "floodplain"] {
            if table.has(key) && !table.has("hydrograph") {
                let found = format!("a table [minimum_flow.{key}] without a flood");
                let expected = "a table [minimum_flow.hydrograph] beside it".to_owned();
                table.fault(key, found, expected, String::new());
                sound = false;
            }
        }
        sound
    }

    /// Reads a `[[minimum_flow]]` table.
    pub fn read(table: &Table) -> Option<Self> {
        let (name, party, at) = (table.text("name"), table.text("party"), table.text("at"));
        let sector = table.text("sector");
        let flow = Kept::read(table);
        let flood = flow.as_ref().and_then(Kept::flood);
        let rule = optional(table, "decision", |table| FloodRule::read(table, flood));
        let floodplain = optional(table, "floodplain", Floodplain::read);
        let is_whole = Self::belongs_to_a_flood(table);
        let priority = table.optional_count("priority", 1);
        let in_service = Service::optional(table);
        table.finish();
        // A table that has faults leaves its flow out.
        let (rule, floodplain) = (rule.ok()?, floodplain.ok()?);
        is_whole.then_some(())?;
        Some(Self {
            name: name?,
            party: party?,
            sector: sector?,
            at: at?,
            flow: flow?,
            rule,
            floodplain,
            priority: priority.unwrap_or(1),
            in_service: in_service?,
        })
    }
}
