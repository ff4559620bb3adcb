//! A user of water: what it asks for, takes, consumes and returns.

use super::service::Service;
use crate::inputs::by_year::ByYear;
use crate::inputs::origin::Origin;
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::time::{Month, SECONDS_PER_DAY, days_in_year};
use crate::units::{HM3_PER_KM3, Quantity, hm3_from_m3s, hm3_in};

/// hm³ in a millimetre on a hectare.
const HM3_PER_MM_HA: f64 = 1e-5;

/// Seconds of a common year.
const YEAR: f64 = 365.0 * SECONDS_PER_DAY;

/// Longest lag of a return flow, steps: every one of them is kept.
const LONGEST_LAG: u32 = 366;

/// A user of water.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Unique name.
    pub name: String,
    /// Party whose use it is.
    pub party: String,
    /// Sector: `irrigation`, `municipal`, `industry`, …
    pub sector: String,
    /// Class of priority, 1 is served first.
    pub priority: u32,
    /// Its weight among its equals, where their class shares by weights.
    pub weight: f64,
    /// Its part of the water, where their class shares by fixed parts.
    pub share: f64,
    /// Node that it takes water from.
    pub takes_from: String,
    /// Node that receives what it returns.
    pub returns_to: Option<String>,
    /// Part of the delivered water that returns.
    pub return_fraction: f64,
    /// Steps after which it returns; 0 within the step of the delivery.
    pub return_lag_steps: u32,
    /// When it takes water.
    pub in_service: Service,
    /// Switched off unless a scenario switches it on.
    pub on: bool,
    /// What it asks for.
    pub demand: Demand,
    /// The place of its table.
    pub written: Origin,
}

/// What a user asks for at the point of use.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// A volume a year and how the months share it.
    Volume {
        /// km³ a year.
        km3_per_year: ByYear,
        /// Share of each month; they add up to 1. By the days of the months where none is given.
        season: Option<[f64; 12]>,
    },
    /// A flow of each month.
    Flow {
        /// Flow of each month, m³/s.
        m3s: [f64; 12],
    },
    /// Irrigation: area × depth ÷ efficiency.
    Irrigation {
        /// Irrigated area, ha.
        area_ha: ByYear,
        /// Net depth that the crops need in each month, mm.
        depth_mm: [f64; 12],
        /// Part of the delivered water that reaches the crops.
        efficiency: f64,
    },
}

impl Demand {
    /// Demand of a month, hm³ (equation E1).
    pub fn hm3(&self, month: Month) -> f64 {
        match self {
            Self::Volume {
                km3_per_year,
                season,
            } => {
                let share = season.map_or_else(
                    || f64::from(month.days()) / f64::from(days_in_year(month.year())),
                    |season| season[month.index()],
                );
                km3_per_year.at(month.year()) * HM3_PER_KM3 * share
            }
            Self::Flow { m3s } => hm3_from_m3s(m3s[month.index()], month),
            Self::Irrigation {
                area_ha,
                depth_mm,
                efficiency,
            } => {
                let depth = depth_mm[month.index()];
                area_ha.at(month.year()) * depth * HM3_PER_MM_HA / efficiency
            }
        }
    }
}

impl User {
    /// Reads a `[[user]]` table.
    pub fn read(table: &Table) -> Option<Self> {
        let (name, party, sector) = (
            table.text("name"),
            table.text("party"),
            table.text("sector"),
        );
        let priority = table.count("priority", 1, "a class of priority, 1 is served first");
        let weight = table.optional_number("weight", Range::Positive);
        let share = table.optional_number("share", Range::Positive);
        let takes_from = table.text("takes_from");
        let returns_to = table.optional_text("returns_to");
        let return_fraction = table.optional_number("return_fraction", Range::Fraction);
        let lag = table.optional_count("return_lag_steps", 0);
        if let Some(steps) = lag.filter(|steps| *steps > LONGEST_LAG) {
            let expected = format!("at most {LONGEST_LAG} steps");
            table.fault(
                "return_lag_steps",
                steps.to_string(),
                expected,
                String::new(),
            );
        }
        let in_service = Service::optional(table);
        let on = table.flag("on", true);
        let demand = demand(table);
        let return_fraction = return_fraction.unwrap_or(0.0);
        if return_fraction > 0.0 && !table.has("returns_to") {
            table.lacks(&["returns_to"], "the node to which the water returns");
        }
        table.finish();
        Some(Self {
            name: name?,
            party: party?,
            sector: sector?,
            priority: priority?,
            weight: weight.unwrap_or(1.0),
            share: share.unwrap_or(1.0),
            takes_from: takes_from?,
            returns_to,
            return_fraction,
            return_lag_steps: lag.unwrap_or(0),
            in_service: in_service?,
            on,
            demand: demand?,
            written: table.origin(),
        })
    }
}

fn demand(table: &Table) -> Option<Demand> {
    let volume = table.by_year("demand_km3_per_year", Range::CubicKilometresPerYear);
    let flow = flow(table);
    let season = table.has("season").then(|| season(table));
    let irrigation = table.table("irrigation").map(|table| irrigation(&table));
    let flow_key = table.spelling("demand", Quantity::Flow).name;
    let ways = [
        ("demand_km3_per_year", "a volume"),
        (flow_key.as_str(), "a flow"),
        ("irrigation", "irrigation"),
    ];
    let expected = "either `demand_km3_per_year`, `demand_m3s` or a table [user.irrigation]";
    let given: Vec<(&str, &str)> = ways.into_iter().filter(|way| table.has(way.0)).collect();
    match given[..] {
        [("demand_km3_per_year", _)] => Some(Demand::Volume {
            km3_per_year: volume?,
            season: match season {
                Some(season) => Some(season?),
                None => None,
            },
        }),
        [("irrigation", _)] => irrigation?,
        [(key, _)] => {
            if table.has("season") {
                let expected = "twelve flows in place of a season".to_owned();
                table.fault(
                    "season",
                    format!("a season of `{key}`"),
                    expected,
                    String::new(),
                );
            }
            Some(Demand::Flow { m3s: flow? })
        }
        [] => {
            table.lacks(&["demand_km3_per_year", &flow_key, "irrigation"], expected);
            None
        }
        [(key, first), ref others @ ..] => {
            let others: Vec<&str> = others.iter().map(|other| other.1).collect();
            let found = format!("both {first} and {}", others.join(" and "));
            table.fault(key, found, expected.to_owned(), String::new());
            None
        }
    }
}

/// The flow of each month, m³/s.
fn flow(table: &Table) -> Option<[f64; 12]> {
    let flow = table.optional_twelve("demand", Quantity::Flow)?;
    let written = table.spelling("demand", Quantity::Flow);
    let range = Range::CubicKilometresPerYear;
    let a_year = |m3s: &f64| hm3_in(*m3s, YEAR) / HM3_PER_KM3;
    if let Some(m3s) = flow.iter().find(|m3s| !range.holds(a_year(m3s))) {
        let km3 = a_year(m3s);
        let found = format!("{}, {km3:.0} km³ a year", written.shown_with_unit(*m3s));
        let hint = range.hint(km3).to_owned();
        table.fault(&written.name, found, range.expected().to_owned(), hint);
        return None;
    }
    Some(flow)
}

/// Shares of the months; none where they are wrong.
fn season(table: &Table) -> Option<[f64; 12]> {
    let season = table.twelve("season", Range::Fraction)?;
    let sum: f64 = season.iter().sum();
    // Shares are written with three decimals, so that twelve of them may miss 1 by 0.006.
    if (sum - 1.0).abs() > 0.006 {
        let expected = "12 shares that add up to 1".to_owned();
        table.fault(
            "season",
            format!("a sum of {sum:.4}"),
            expected,
            String::new(),
        );
        return None;
    }
    Some(season.map(|share| share / sum))
}

fn irrigation(table: &Table) -> Option<Demand> {
    let area = table.by_year("area_ha", Range::Hectares);
    let depth = table.twelve("depth_mm", Range::NotNegative);
    let efficiency = table.number("efficiency", Range::Fraction);
    for (key, expected) in [
        (
            "area_ha",
            "an area, or areas by year `{ 1970 = 100, 1990 = 200 }`",
        ),
        ("depth_mm", "a number or 12 numbers, January to December"),
    ] {
        if !table.has(key) {
            table.lacks(&[key], expected);
        }
    }
    table.finish();
    if efficiency == Some(0.0) {
        let expected = Range::Positive.expected().to_owned();
        table.fault("efficiency", "0".into(), expected, String::new());
        return None;
    }
    Some(Demand::Irrigation {
        area_ha: area?,
        depth_mm: depth?,
        efficiency: efficiency?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e01_irrigation_asks_for_area_times_depth_over_efficiency() {
        let mut depth_mm = [0.0; 12];
        depth_mm[6] = 100.0;
        let area_ha = ByYear::constant(10_000.0);
        let demand = Demand::Irrigation {
            area_ha,
            depth_mm,
            efficiency: 0.5,
        };
        // 10 000 ha under 100 mm are 10 hm³ on the field, twice that at the head.
        assert!((demand.hm3(Month::new(1990, 7)) - 20.0).abs() < 1e-12);
        assert_eq!(demand.hm3(Month::new(1990, 1)), 0.0);
    }

    #[test]
    fn e01_a_flow_asks_for_its_volume_of_the_month() {
        let demand = Demand::Flow { m3s: [10.0; 12] };
        assert_eq!(demand.hm3(Month::new(1990, 4)), 25.92);
    }

    #[test]
    fn e01_a_volume_without_season_goes_by_the_days() {
        let demand = Demand::Volume {
            km3_per_year: ByYear::constant(0.366),
            season: None,
        };
        assert!((demand.hm3(Month::new(2000, 2)) - 29.0).abs() < 1e-12);
    }
}
