//! A hydropower plant at a dam.

use super::rating::Rating;
use super::service::Service;
use crate::faults::counted;
use crate::inputs::by_year::ByYear;
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::time::Month;
use crate::units::{Quantity, gwh_in};

/// A plant at the dam of a reservoir.
#[derive(Clone, Debug, PartialEq)]
pub struct Plant {
    /// Unique name.
    pub name: String,
    /// Reservoir whose release it turbines.
    pub reservoir: String,
    /// Power of all units, MW.
    pub capacity_mw: f64,
    /// Number of units.
    pub units: u32,
    /// Units that are in service by year; all where left out.
    pub units_in_service: Option<ByYear>,
    /// Most that all units pass, m³/s.
    pub turbine_m3s: f64,
    /// Tailwater, efficiency and least head.
    pub works: Works,
    /// Months in which it generates.
    pub in_service: Service,
    /// Energy to generate in each month, GWh.
    pub energy_gwh: Option<[f64; 12]>,
    /// Class of priority of that energy; after all classes that are named where none.
    pub priority: Option<u32>,
}

/// What makes energy of water and head.
#[derive(Clone, Debug, PartialEq)]
pub struct Works {
    /// Level below the dam, m, over the discharge there, m³/s (equation E36).
    pub tailwater: Rating,
    /// Efficiency of turbines and generators over the head, m.
    pub efficiency: Rating,
    /// Head below which the turbines stand still, m.
    pub minimum_head_m: f64,
}

impl Plant {
    /// Reads a `[[plant]]` table.
    pub fn read(table: &Table) -> Option<Self> {
        let (name, reservoir) = (table.text("name"), table.text("reservoir"));
        let capacity = table.number("capacity_mw", Range::Positive);
        let units = table.optional_count("units", 1).unwrap_or(1);
        let in_units = table.by_year("units_in_service", Range::NotNegative);
        let turbine = table.quantity("turbine", Quantity::Flow, Range::Positive);
        let works = Works::read(table);
        let in_service = Service::optional(table);
        let energy = table.twelve("energy_gwh", Range::NotNegative);
        let priority = table.optional_count("priority", 1);
        table.finish();
        let plant = Self {
            name: name?,
            reservoir: reservoir?,
            capacity_mw: capacity?,
            units,
            units_in_service: in_units,
            turbine_m3s: turbine?,
            works: works?,
            in_service: in_service?,
            energy_gwh: energy,
            priority,
        };
        plant.check(table);
        Some(plant)
    }

    /// Refuses more units than there are, and more energy than they generate.
    fn check(&self, table: &Table) {
        let (units, most) = (f64::from(self.units), self.most_units());
        if most > units {
            let expected = format!(
                "at most the {} of `units`",
                counted(self.units as usize, "unit")
            );
            table.fault(
                "units_in_service",
                format!("{most}"),
                expected,
                String::new(),
            );
        }
        if let Some((found, expected)) = self.energy_gwh.and_then(|twelve| self.too_much(&twelve)) {
            table.fault("energy_gwh", found, expected, String::new());
        }
    }

    fn most_units(&self) -> f64 {
        let units = self.units_in_service.as_ref();
        units.map_or(0.0, ByYear::greatest)
    }

    /// The first month whose energy all units cannot generate, in words: what is asked and what they can.
    pub fn too_much(&self, energy_gwh: &[f64; 12]) -> Option<(String, String)> {
        // A year without leap day, so that the target holds in all.
        let mut months = (1..=12)
            .map(|number| Month::new(2001, number))
            .zip(energy_gwh);
        months.find_map(|(month, gwh)| {
            let most = gwh_in(self.capacity_mw, month.seconds());
            let expected = format!(
                "at most {most:.1} GWh, {} MW over {} days",
                self.capacity_mw,
                month.days()
            );
            (*gwh > most).then(|| (format!("{gwh} GWh in month {}", month.number()), expected))
        })
    }

    /// Part of the units that are in service in a month.
    pub fn part_in_service(&self, month: Month) -> f64 {
        match (&self.units_in_service, self.in_service.holds(month)) {
            (_, false) => 0.0,
            (None, true) => 1.0,
            (Some(units), true) => units.at(month.year()) / f64::from(self.units),
        }
    }
}

impl Works {
    fn read(table: &Table) -> Option<Self> {
        let tailwater = tailwater(table);
        let efficiency = efficiency(table);
        let head = table.optional_number("minimum_head_m", Range::NotNegative);
        Some(Self {
            tailwater: tailwater?,
            efficiency: efficiency?,
            minimum_head_m: head.unwrap_or(0.0),
        })
    }
}

/// `tailwater_m`, or the file that `tailwater` names.
fn tailwater(table: &Table) -> Option<Rating> {
    let level = table.optional_number("tailwater_m", Range::Finite);
    let file = table.optional_text("tailwater");
    let keys = ["tailwater_m", "tailwater"];
    either(
        table,
        keys,
        "a level in m, or a file of levels over discharge",
    )?;
    match file {
        Some(name) => Rating::of_tailwater(table, &name),
        None => level.map(Rating::constant),
    }
}

/// `efficiency`, or the file that `efficiency_curve` names.
fn efficiency(table: &Table) -> Option<Rating> {
    let part = table.optional_number("efficiency", Range::Fraction);
    let file = table.optional_text("efficiency_curve");
    let keys = ["efficiency", "efficiency_curve"];
    either(
        table,
        keys,
        "a number from 0 to 1, or a file of such over the head",
    )?;
    match file {
        Some(name) => Rating::of_efficiency(table, &name),
        None => part.map(Rating::constant),
    }
}

/// Refuses both of two keys, and neither.
fn either(table: &Table, keys: [&str; 2], expected: &str) -> Option<()> {
    match keys.map(|key| table.has(key)) {
        [true, true] => {
            let expected = format!("either `{}` or `{}`", keys[0], keys[1]);
            table.fault(keys[1], "both".into(), expected, String::new());
            None
        }
        [false, false] => {
            table.lacks_spelled(&keys, expected);
            None
        }
        _ => Some(()),
    }
}
