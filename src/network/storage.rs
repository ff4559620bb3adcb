//! A body of water that stores: a reservoir with its rules, or a natural lake.

use super::curve::Curve;
use super::salinity::SaltLake;
use super::service::Service;
use crate::inputs::range::Range;
use crate::inputs::series::{Monthly, monthly};
use crate::inputs::table::Table;
use crate::time::Month;
use crate::units::{HM3_PER_KM3, Quantity};

/// A reservoir or lake.
#[derive(Clone, Debug, PartialEq)]
pub struct Storage {
    /// Level, volume and area.
    pub curve: Curve,
    /// Rain on the water, mm a month.
    pub precipitation: Monthly,
    /// Open-water evaporation, mm a month.
    pub evaporation: Monthly,
    /// Groundwater into the storage (out of it where negative), hm³ a year.
    pub groundwater_hm3_per_year: f64,
    /// The bodies of a lake, in the order of `curve.bodies`.
    pub bodies: Vec<Body>,
    /// How its evaporation is computed.
    pub evaporates: Evaporates,
    /// What it does with its salt; none where it carries none.
    pub salt: Option<SaltLake>,
    /// The dam with its rules; none on a natural lake.
    pub dam: Option<Dam>,
}

/// How the evaporation of a storage over a step is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evaporates {
    /// From the area as it changes within the step (equations E5 to E8).
    #[default]
    Exact,
    /// From the area at the start of the step, at most the live storage there (equation E24).
    StartArea,
    /// From the area at the end of the step (equation E25).
    EndArea,
}

/// A dam and how it is operated.
#[derive(Clone, Debug, PartialEq)]
pub struct Dam {
    /// When the dam stores.
    pub in_service: Service,
    /// What the natural lake at its place holds without the dam, hm³; 0 where there is a river.
    pub natural_hm3: f64,
    /// Volume below the lowest outlet, hm³.
    pub dead_hm3: f64,
    /// Volume above which water spills, hm³.
    pub full_hm3: f64,
    /// Class of priority of the target storage; after all others where none.
    pub storage_priority: Option<u32>,
    /// Class of priority of the least release; after all users where none.
    pub release_priority: Option<u32>,
    /// Volumes withheld from the classes of lower rank.
    pub zones: Vec<Zone>,
    /// Rules in order of the month from which each is in force.
    pub rules: Vec<Rule>,
}

/// A volume that is withheld from a class of priority and all that are served after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// The first class from which it is withheld.
    pub against_priority: u32,
    /// Volume of each month, hm³.
    pub storage_hm3: [f64; 12],
}

/// How a reservoir is operated from some month on.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// First month in force; the earliest of time where left out.
    pub from: Option<Month>,
    /// Storage to keep at the end of each month, hm³: what is above it is released.
    pub target_hm3: [f64; 12],
    /// Least release of each month, m³/s.
    pub release_m3s: [f64; 12],
    /// Most that the outlets release, m³/s; more leaves only as spill.
    pub maximum_release_m3s: Option<f64>,
    /// Dead storage while the rule is in force, hm³; the dam's own where left out.
    pub dead_hm3: Option<f64>,
}

/// One body of a lake: the part on one side of a strait.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// Name in tables and for links that end in it.
    pub name: String,
    /// Its share of the lake's groundwater.
    pub groundwater_fraction: f64,
}

/// How a storage is operated in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operation {
    /// Nothing is released below this, hm³.
    pub dead_hm3: f64,
    /// Water spills above this, hm³; infinite for a lake.
    pub full_hm3: f64,
    /// What is above this is released, hm³; infinite for a lake.
    pub target_hm3: f64,
    /// Least release, m³/s.
    pub least_m3s: f64,
    /// Most that the outlets release, m³/s.
    pub most_m3s: f64,
}

impl Storage {
    /// Reads a `[[reservoir]]` table.
    pub fn reservoir(table: &Table) -> Option<Self> {
        let curve = Curve::read(table, &[]);
        let storage = Self::water(table, Vec::new(), curve);
        let dam = Dam::read(table);
        let salt = SaltLake::read(table, &[]);
        let (mut storage, dam) = (storage?, dam?);
        let top = storage.curve.volume_hm3[storage.curve.volume_hm3.len() - 1];
        for (stem, volume) in [
            ("full_storage", dam.full_hm3),
            ("natural_storage", dam.natural_hm3),
        ] {
            if volume > top {
                let key = table.spelling(stem, Quantity::Volume);
                let expected = format!("at most {}, where the curve ends", key.shown(top));
                table.fault(&key.name, key.shown(volume), expected, String::new());
            }
        }
        storage.dam = Some(dam);
        storage.salt = salt;
        Some(storage)
    }

    /// Reads a `[[lake]]` table with its bodies.
    pub fn lake(table: &Table) -> Option<Self> {
        let mut bodies = Vec::new();
        let mut prefixes = Vec::new();
        let mut sinks = Vec::new();
        let mut sound = true;
        for body in table.tables("body") {
            let (name, columns) = (body.text("name"), body.text("columns"));
            let groundwater = body.number("groundwater_fraction", Range::Fraction);
            if table.has("salt") {
                let sink = body.optional_number("salt_sink_fraction", Range::Fraction);
                sinks.push(sink.unwrap_or(0.0));
            }
            body.finish();
            match (name, columns, groundwater) {
                (Some(name), Some(columns), Some(groundwater_fraction)) => {
                    bodies.push(Body {
                        name,
                        groundwater_fraction,
                    });
                    prefixes.push(columns);
                }
                _ => sound = false,
            }
        }
        let shares: f64 = bodies.iter().map(|body| body.groundwater_fraction).sum();
        if sound && !bodies.is_empty() && (shares - 1.0).abs() > 1e-9 {
            let expected = "values of `groundwater_fraction` that add up to 1".to_owned();
            table.fault(
                "body",
                format!("a sum of {shares}"),
                expected,
                String::new(),
            );
            sound = false;
        }
        let curve = if sound {
            Curve::read(table, &prefixes)
        } else {
            // Without its bodies the curve cannot be judged.
            table.text("curve");
            table.excuse("curve");
            None
        };
        let salt = SaltLake::read(table, &sinks);
        let storage = Self::water(table, bodies, curve)?;
        Some(Self { salt, ..storage })
    }

    fn water(table: &Table, bodies: Vec<Body>, curve: Option<Curve>) -> Option<Self> {
        let words = ["exact", "start-area", "end-area"];
        let method = table.has("evaporation_method");
        let method = method.then(|| table.word("evaporation_method", &words));
        let precipitation = monthly(table, "precipitation", Quantity::Depth);
        let evaporation = monthly(table, "evaporation", Quantity::Depth);
        let groundwater = table.optional_number("groundwater_km3_per_year", Range::Finite);
        Some(Self {
            curve: curve?,
            precipitation: precipitation?,
            evaporation: evaporation?,
            groundwater_hm3_per_year: groundwater.unwrap_or(0.0) * HM3_PER_KM3,
            bodies,
            evaporates: match method.flatten().as_deref() {
                Some("start-area") => Evaporates::StartArea,
                Some("end-area") => Evaporates::EndArea,
                _ => Evaporates::Exact,
            },
            salt: None,
            dam: None,
        })
    }

    /// The operation of a month. Without a working dam a reservoir's place holds its natural volume and
    /// passes on the rest; a lake is left to its curve.
    pub fn operation(&self, month: Month, dam_works: bool) -> Operation {
        let free = f64::INFINITY;
        let left_alone = |dead_hm3, full_hm3| Operation {
            dead_hm3,
            full_hm3,
            target_hm3: full_hm3,
            least_m3s: 0.0,
            most_m3s: free,
        };
        let Some(dam) = &self.dam else {
            return left_alone(0.0, free);
        };
        match dam.rule(month).filter(|_| dam_works) {
            None => left_alone(dam.natural_hm3, dam.natural_hm3),
            Some(rule) => Operation {
                dead_hm3: rule.dead_hm3.unwrap_or(dam.dead_hm3),
                full_hm3: dam.full_hm3,
                target_hm3: rule.target_hm3[month.index()].min(dam.full_hm3),
                least_m3s: rule.release_m3s[month.index()],
                most_m3s: rule.maximum_release_m3s.unwrap_or(free),
            },
        }
    }
}

impl Dam {
    fn read(table: &Table) -> Option<Self> {
        let in_service = Service::read(table);
        let volume = Quantity::Volume;
        let natural = table.optional_quantity("natural_storage", volume, Range::NotNegative);
        let dead = table.quantity("dead_storage", volume, Range::NotNegative);
        let full = table.quantity("full_storage", volume, Range::Positive);
        let storage_priority = table.optional_count("storage_priority", 1);
        let release_priority = table.optional_count("release_priority", 1);
        let zone_tables = table.tables("zone");
        let zones: Vec<Option<Zone>> = zone_tables.iter().map(Zone::read).collect();
        let tables = table.tables("rule");
        if !table.has("rule") {
            let expected = "a table [[reservoir.rule]] with what to hold and release in each month";
            table.lacks_table("rule", expected);
        }
        let read: Vec<Option<Rule>> = tables.iter().map(Rule::read).collect();
        let (dead, full) = (dead?, full?);
        if dead > full {
            let key = table.spelling("dead_storage", volume);
            let expected = format!("at most the full storage, {}", key.shown(full));
            table.fault(&key.name, key.shown(dead), expected, String::new());
        }
        for (zone, table) in zones.iter().zip(&zone_tables) {
            if let Some(zone) = zone {
                zone.check(table, full);
            }
        }
        let zones: Option<Vec<Zone>> = zones.into_iter().collect();
        let mut rules = read
            .into_iter()
            .collect::<Option<Vec<Rule>>>()
            .filter(|r| !r.is_empty())?;
        for (place, rule) in rules.iter().enumerate() {
            rule.check(&tables[place], &rules[..place], full);
        }
        rules.sort_by_key(|rule| rule.from);
        Some(Self {
            in_service: in_service?,
            natural_hm3: natural.unwrap_or(0.0),
            dead_hm3: dead,
            full_hm3: full,
            storage_priority,
            release_priority,
            zones: zones?,
            rules,
        })
    }

    /// The rule in force in a month, where there is one.
    pub fn rule(&self, month: Month) -> Option<&Rule> {
        self.rules
            .iter()
            .rev()
            .find(|rule| rule.from.is_none_or(|from| from <= month))
    }
}

impl Zone {
    fn read(table: &Table) -> Option<Self> {
        let expected = "the first class that the volume is withheld from";
        let against = table.count("against_priority", 1, expected);
        let storage = table.twelve_of("storage", Quantity::Volume);
        table.finish();
        Some(Self {
            against_priority: against?,
            storage_hm3: storage?,
        })
    }

    /// Refuses a volume above the full storage.
    fn check(&self, table: &Table, full_hm3: f64) {
        let highest = self.storage_hm3.iter().copied().fold(0.0, f64::max);
        if highest > full_hm3 {
            let key = table.spelling("storage", Quantity::Volume);
            let expected = format!("at most the full storage, {}", key.shown(full_hm3));
            table.fault(&key.name, key.shown(highest), expected, String::new());
        }
    }
}

impl Rule {
    fn read(table: &Table) -> Option<Self> {
        let from = table.optional_month("from");
        let target = table.twelve_of("target_storage", Quantity::Volume);
        let release = table.optional_twelve("release", Quantity::Flow);
        let maximum =
            table.optional_quantity("maximum_release", Quantity::Flow, Range::NotNegative);
        let dead = table.optional_quantity("dead_storage", Quantity::Volume, Range::NotNegative);
        table.finish();
        Some(Self {
            from,
            target_hm3: target?,
            release_m3s: release.unwrap_or([0.0; 12]),
            maximum_release_m3s: maximum,
            dead_hm3: dead,
        })
    }

    /// Refuses volumes above the full storage, and a rule that begins with one of those before it.
    fn check(&self, table: &Table, before: &[Self], full_hm3: f64) {
        let highest = self.target_hm3.iter().copied().fold(0.0, f64::max);
        for (stem, volume) in [
            ("target_storage", highest),
            ("dead_storage", self.dead_hm3.unwrap_or(0.0)),
        ] {
            if volume > full_hm3 {
                let key = table.spelling(stem, Quantity::Volume);
                let expected = format!("at most the full storage, {}", key.shown(full_hm3));
                table.fault(&key.name, key.shown(volume), expected, String::new());
            }
        }
        if before.iter().any(|rule| rule.from == self.from) {
            let found = match self.from {
                Some(from) => format!("a second rule from {from} on"),
                None => "a second rule from the beginning on".to_owned(),
            };
            let expected = "a month of its own from which each rule is in force".to_owned();
            table.fault("from", found, expected, String::new());
        }
    }
}
