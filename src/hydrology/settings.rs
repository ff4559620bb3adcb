//! What the folder `reconstruction` says: figures from which series are built.

use std::collections::BTreeMap;

use super::anomalies::Correlation;
use super::wetness::Wetness;
use crate::faults::nearest;
use crate::inputs::folder::Folder;
use crate::inputs::range::Range;
use crate::inputs::series::{Series, monthly};
use crate::inputs::table::Table;
use crate::network::user::User;
use crate::time::{Month, Period};
use crate::units::Quantity;

/// All that a reconstruction rests on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Key of all random streams.
    pub seed: u32,
    /// Number of draws of the synthetic years.
    pub draws: u32,
    /// Months that are built.
    pub period: Period,
    /// Last year whose anomaly is synthetic; later years follow precipitation.
    pub synthetic_until: i32,
    /// Correlation between rivers.
    pub correlation: Correlation,
    /// Wetness of each climate region.
    pub climates: BTreeMap<String, Wetness>,
    /// Precipitation of each climate region, mm, and how much of its wetness a month remembers.
    pub precipitation: BTreeMap<String, (Series, f64)>,
    /// Precipitation of each climate region relative to its calendar month's mean.
    pub rains: BTreeMap<String, Wetness>,
    /// Dated facts about the lowest flows.
    pub lowest: Vec<Lowest>,
    /// Rivers in the order of files and tables.
    pub rivers: Vec<River>,
    /// Lake rain in the order of files and tables.
    pub lake_rain: Vec<LakeRain>,
    /// Users of all basins by name, for the consumption above a gauge.
    pub users: BTreeMap<String, User>,
}

/// A dated fact: the sum of some rivers, or its difference-integral curve, is lowest within some years.
#[derive(Clone, Debug)]
pub struct Lowest {
    /// Names of the rivers.
    pub rivers: Vec<String>,
    /// Whether the curve of cumulated departures from the synthetic years' mean is meant.
    pub cumulated: bool,
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
}

/// A river at a gauge and the figures known of it.
#[derive(Clone, Debug)]
pub struct River {
    /// Its name.
    pub name: String,
    /// Its basin: rivers of a basin go together.
    pub basin: String,
    /// Mean flow by period, m³/s; one period for the whole time where only a long-term mean is known.
    pub periods: Vec<PeriodMean>,
    /// Coefficient of variation of annual flow.
    pub cv: f64,
    /// Climate region that scales the later years.
    pub climate: String,
    /// Elasticity of flow to wetness.
    pub elasticity: f64,
    /// Share of each month in the volume of a year.
    pub regime: [f64; 12],
    /// Known spells.
    pub spells: Vec<Spell>,
    /// Users above the gauge whose consumption is added.
    pub naturalise: Vec<String>,
    /// Years over which the long-term mean was observed: the mean consumption of these years is added
    /// to the mean, and the regime is taken for that of the natural flow.
    pub naturalise_mean_of: Option<(i32, i32)>,
    /// Rivers that join above the gauge and have series of their own.
    pub subtract: Vec<String>,
    /// Years from the first of which nothing arrives.
    pub dry_from: Option<i32>,
    /// Files that the flow is written to.
    pub parts: Vec<Part>,
}

/// Mean flow of a period.
#[derive(Clone, Copy, Debug)]
pub struct PeriodMean {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// m³/s.
    pub mean_m3s: f64,
}

/// A known low or high spell.
#[derive(Clone, Copy, Debug)]
pub struct Spell {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// Flow relative to other years.
    pub factor: f64,
}

/// A file that receives a part of a river.
#[derive(Clone, Debug)]
pub struct Part {
    /// Path below the inputs.
    pub file: String,
    /// Part of the flow.
    pub fraction: f64,
}

/// Rain on a lake by month.
#[derive(Clone, Debug)]
pub struct LakeRain {
    /// Name of the lake.
    pub name: String,
    /// File that is written.
    pub file: String,
    /// Normal of each month, mm.
    pub normal_mm: [f64; 12],
    /// Climate region whose precipitation scales the later years.
    pub climate: String,
    /// Years whose total is published, mm.
    pub years: Vec<(i32, f64)>,
}

impl Settings {
    /// Reads `reconstruction/*.toml` and the users of all basins; none where a fault was put down.
    pub fn read(folder: &Folder) -> Option<Self> {
        let root = Table::root(folder, "reconstruction/settings.toml", "the reconstruction")?;
        let seed = root.optional_count("seed", 0);
        let draws = root.optional_count("draws", 1);
        let period = root.parsed::<Period>("period", "a period \"YYYY-MM..YYYY-MM\"");
        let whole_years = |period: &Period| {
            period.first.number() == 1 && period.last.number() == 12 && period.len() < 12_000
        };
        if period.is_some_and(|period| !whole_years(&period)) {
            let expected = "whole years, less than a thousand of them".to_owned();
            root.fault("period", "something else".into(), expected, String::new());
        }
        let synthetic_until = root.year("synthetic_until");
        let within = root.number("correlation_within_basin", Range::Fraction);
        let between = root.number("correlation_between_basins", Range::Fraction);
        let regions: Vec<_> = root.tables("climate").iter().map(climate).collect();
        let lowest: Vec<_> = root.tables("lowest").iter().map(lowest).collect();
        root.finish();
        let mut rivers = Vec::new();
        let mut lake_rain = Vec::new();
        for name in folder.names_in("reconstruction") {
            if !name.ends_with(".toml") || name == "settings.toml" {
                continue;
            }
            let file = format!("reconstruction/{name}");
            let table = Table::root(folder, &file, "the reconstruction")?;
            rivers.extend(table.tables("river").iter().map(River::read));
            lake_rain.extend(table.tables("lake_rain").iter().map(LakeRain::read));
            table.finish();
        }
        let regions = regions.into_iter().collect::<Option<Vec<_>>>()?;
        let settings = Self {
            seed: seed?,
            draws: draws?,
            period: period?,
            synthetic_until: synthetic_until?,
            correlation: Correlation {
                within: within?,
                between: between?,
            },
            climates: regions
                .iter()
                .map(|(name, rain, memory)| (name.clone(), Wetness::of(rain, *memory)))
                .collect(),
            rains: regions
                .iter()
                .map(|(name, rain, _)| (name.clone(), Wetness::of(rain, 0.0)))
                .collect(),
            precipitation: regions
                .into_iter()
                .map(|(name, rain, memory)| (name, (rain, memory)))
                .collect(),
            lowest: lowest.into_iter().collect::<Option<_>>()?,
            rivers: rivers.into_iter().collect::<Option<_>>()?,
            lake_rain: lake_rain.into_iter().collect::<Option<_>>()?,
            users: users(folder),
        };
        settings.check(&root);
        folder.is_sound().then_some(settings)
    }

    /// Refuses names that nothing stands behind.
    fn check(&self, root: &Table) {
        let known = |key: &str, name: &String, names: Vec<&str>| {
            if !names.contains(&name.as_str()) {
                let hint = nearest(name, names);
                root.fault(key, format!("`{name}`"), "a known name".to_owned(), hint);
            }
        };
        let rivers = || {
            self.rivers
                .iter()
                .map(|river| river.name.as_str())
                .collect::<Vec<_>>()
        };
        let climates = || self.climates.keys().map(String::as_str).collect::<Vec<_>>();
        for river in &self.rivers {
            known("climate", &river.climate, climates());
            for name in &river.subtract {
                known("subtract", name, rivers());
            }
            for name in &river.naturalise {
                known(
                    "naturalise",
                    name,
                    self.users.keys().map(String::as_str).collect(),
                );
            }
        }
        for rain in &self.lake_rain {
            known("climate", &rain.climate, climates());
        }
        for name in self.lowest.iter().flat_map(|lowest| &lowest.rivers) {
            known("lowest", name, rivers());
        }
    }
}

/// The users of all basins; only their own tables are read, for the series are yet to be built.
fn users(folder: &Folder) -> BTreeMap<String, User> {
    let files = folder.names_in("basins").into_iter();
    let files = files.map(|basin| format!("basins/{basin}/network.toml"));
    let tables = files.filter_map(|file| Table::root(folder, &file, "the reconstruction"));
    let users: Vec<User> = tables
        .flat_map(|table| table.tables("user"))
        .filter_map(|t| User::read(&t))
        .collect();
    users
        .into_iter()
        .map(|user| (user.name.clone(), user))
        .collect()
}

/// Name, precipitation and memory of a climate region.
fn climate(table: &Table) -> Option<(String, Series, f64)> {
    let name = table.text("name");
    let precipitation = monthly(table, "precipitation", Quantity::Depth);
    let memory = table.number("memory", Range::Fraction);
    if memory == Some(1.0) {
        let expected = "a number from 0 to below 1".to_owned();
        table.fault("memory", "1".into(), expected, String::new());
    }
    table.finish();
    let precipitation = precipitation?;
    let Some(series) = precipitation.dated() else {
        let expected = "a dated series".to_owned();
        table.fault(
            "precipitation",
            "recurring months".into(),
            expected,
            String::new(),
        );
        return None;
    };
    Some((name?, series.clone(), memory?))
}

fn lowest(table: &Table) -> Option<Lowest> {
    let (rivers, from, to) = (table.texts("rivers"), table.year("from"), table.year("to"));
    let cumulated = table.flag("cumulated", false);
    table.finish();
    Some(Lowest {
        rivers: rivers?,
        cumulated,
        from: from?,
        to: to?,
    })
}

impl River {
    fn read(table: &Table) -> Option<Self> {
        let (name, basin) = (table.text("name"), table.text("basin"));
        let mean = table.optional_number("mean_m3s", Range::NotNegative);
        let cv = table.number("cv", Range::NotNegative);
        let climate = table.text("climate");
        let elasticity = table.number("elasticity", Range::NotNegative);
        let regime = table.twelve("regime", Range::Fraction);
        let naturalise_mean_of = mean_years(table)?;
        let naturalise = table.texts("naturalise").unwrap_or_default();
        let subtract = table.texts("subtract").unwrap_or_default();
        let dry_from = table
            .has("dry_from")
            .then(|| table.year("dry_from"))
            .flatten();
        let periods: Vec<_> = table.tables("period").iter().map(period_mean).collect();
        let spells: Vec<_> = table.tables("spell").iter().map(spell).collect();
        let parts: Vec<_> = table.tables("part").iter().map(part).collect();
        table.finish();
        let mut periods = periods.into_iter().collect::<Option<Vec<_>>>()?;
        if let Some(mean_m3s) = mean {
            periods.push(PeriodMean {
                from: i32::MIN,
                to: i32::MAX,
                mean_m3s,
            });
        }
        let regime = regime?;
        let sum: f64 = regime.iter().sum();
        if (sum - 1.0).abs() > 0.006 {
            let expected = "12 shares that add up to 1".to_owned();
            table.fault(
                "regime",
                format!("a sum of {sum:.4}"),
                expected,
                String::new(),
            );
        }
        Some(Self {
            name: name?,
            basin: basin?,
            periods,
            cv: cv?,
            climate: climate?,
            elasticity: elasticity?,
            regime: regime.map(|share| share / sum),
            spells: spells.into_iter().collect::<Option<_>>()?,
            naturalise,
            naturalise_mean_of,
            subtract,
            dry_from,
            parts: parts.into_iter().collect::<Option<_>>()?,
        })
    }

    /// The period that holds a year.
    pub fn period(&self, year: i32) -> Option<&PeriodMean> {
        self.periods
            .iter()
            .find(|period| (period.from..=period.to).contains(&year))
    }
}

/// Reads `naturalise_mean_of = [1961, 1987]`; `None` where it is wrong.
#[allow(
    clippy::option_option,
    reason = "left out and wrong are different things"
)]
fn mean_years(table: &Table) -> Option<Option<(i32, i32)>> {
    let key = "naturalise_mean_of";
    if !table.has(key) {
        return Some(None);
    }
    match table.numbers(key, Range::Positive)?.as_slice() {
        [from, to] if from <= to && *to < 10_000.0 => Some(Some((*from as i32, *to as i32))),
        _ => {
            let expected = "the first and the last year".to_owned();
            table.fault(key, "something else".into(), expected, String::new());
            None
        }
    }
}

fn period_mean(table: &Table) -> Option<PeriodMean> {
    let (from, to) = (table.year("from"), table.year("to"));
    let mean = table.number("mean_m3s", Range::NotNegative);
    table.finish();
    Some(PeriodMean {
        from: from?,
        to: to?,
        mean_m3s: mean?,
    })
}

fn spell(table: &Table) -> Option<Spell> {
    let (from, to) = (table.year("from"), table.year("to"));
    let factor = table.number("factor", Range::Positive);
    table.finish();
    Some(Spell {
        from: from?,
        to: to?,
        factor: factor?,
    })
}

fn part(table: &Table) -> Option<Part> {
    let (file, fraction) = (
        table.text("file"),
        table.number("fraction", Range::Fraction),
    );
    table.finish();
    Some(Part {
        file: file?,
        fraction: fraction?,
    })
}

impl LakeRain {
    fn read(table: &Table) -> Option<Self> {
        let (name, file) = (table.text("name"), table.text("file"));
        let normal = table.twelve("normal_mm", Range::NotNegative);
        let climate = table.text("climate");
        let years: Vec<_> = table.tables("year").iter().map(published_year).collect();
        table.finish();
        Some(Self {
            name: name?,
            file: file?,
            normal_mm: normal?,
            climate: climate?,
            years: years.into_iter().collect::<Option<_>>()?,
        })
    }
}

fn published_year(table: &Table) -> Option<(i32, f64)> {
    let (year, total) = (
        table.year("year"),
        table.number("annual_mm", Range::NotNegative),
    );
    table.finish();
    Some((year?, total?))
}

impl Settings {
    /// Consumption of the users above a river's gauge in a month, hm³.
    pub fn consumption_hm3(&self, river: &River, month: Month) -> f64 {
        let users = river
            .naturalise
            .iter()
            .filter_map(|name| self.users.get(name));
        users
            .filter(|user| user.on && user.in_service.holds(month))
            .map(|user| user.demand.hm3(month) * (1.0 - user.return_fraction))
            .sum()
    }
}
