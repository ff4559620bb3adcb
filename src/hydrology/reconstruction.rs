//! Builds inflow and lake-rain series from published figures; reproducible to the byte.
//!
//! A year before the last synthetic one is the mean of its period times an anomaly (E14); later months
//! follow the wetness of their climate region (E15). Anomalies are scaled so that the mean of every
//! period holds exactly, and drawn anew until the dated facts hold.

use std::collections::BTreeMap;
use std::fmt::Write;

use nalgebra::DMatrix;

use super::anomalies::{Stream, correlated, lognormal};
use super::settings::{LakeRain, Lowest, River, Settings};
use crate::time::{Month, seconds_in_year};
use crate::units::{hm3_from_m3s, m3s_from_hm3};

/// Attempts at a draw in which the dated facts hold.
const ATTEMPTS: u32 = 1000;

/// Why series cannot be built.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CannotBuild {
    /// The correlation matrix has no root.
    #[error(
        "the correlations between rivers contradict each other; lower correlation_between_basins"
    )]
    Correlation,
    /// A dated fact never came true.
    #[error("in {ATTEMPTS} attempts at draw {draw} no dated fact of [[lowest]] held")]
    Facts {
        /// The draw.
        draw: u32,
    },
    /// A year has no mean.
    #[error("`{river}` has no mean for {year}")]
    Period {
        /// The river.
        river: String,
        /// The year.
        year: i32,
    },
    /// What joins above a gauge is more than flows at it.
    #[error("`{river}` would flow backwards in {month}: {flow_m3s} m³/s")]
    Negative {
        /// The river.
        river: String,
        /// The month.
        month: Month,
        /// What would be left.
        flow_m3s: f64,
    },
    /// A wetness index that ends too soon.
    #[error("the precipitation of `{climate}` does not cover {month}")]
    Climate {
        /// The climate region.
        climate: String,
        /// The month.
        month: Month,
    },
}

/// A kind of years: one of the draws, or every year like the mean of its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Years {
    Draw(u32),
    Flat,
}

/// Monthly flows of a river, m³/s.
type Flows = Vec<f64>;

/// Text of every file by its path below the inputs.
///
/// # Errors
/// See [`CannotBuild`].
pub fn build(settings: &Settings) -> Result<BTreeMap<String, String>, CannotBuild> {
    let root = settings.root()?;
    let mut variants = Vec::new();
    for draw in 1..=settings.draws {
        variants.push(drawn(settings, &root, draw)?);
    }
    variants.push(flows(settings, Years::Flat, &BTreeMap::new())?);
    let mut files = BTreeMap::new();
    for (place, river) in settings.rivers.iter().enumerate() {
        for part in &river.parts {
            let columns: Vec<&Flows> = variants.iter().map(|flows| &flows[place]).collect();
            let text = inflow_file(settings, part.fraction, &columns);
            files.insert(part.file.clone(), text);
        }
    }
    for rain in &settings.lake_rain {
        files.insert(rain.file.clone(), rain_file(settings, rain)?);
    }
    Ok(files)
}

impl Settings {
    /// The root of the correlations between the anomalies of rivers.
    fn root(&self) -> Result<DMatrix<f64>, CannotBuild> {
        let basins: Vec<String> = self
            .rivers
            .iter()
            .map(|river| river.basin.clone())
            .collect();
        self.correlation
            .root(&basins)
            .ok_or(CannotBuild::Correlation)
    }
}

/// A draw in which the dated facts hold.
fn drawn(settings: &Settings, root: &DMatrix<f64>, draw: u32) -> Result<Vec<Flows>, CannotBuild> {
    attempted(settings, root, draw).map(|(_, flows)| flows)
}

/// The first attempt at a draw in which the dated facts hold, and its flows.
fn attempted(
    settings: &Settings,
    root: &DMatrix<f64>,
    draw: u32,
) -> Result<(u32, Vec<Flows>), CannotBuild> {
    for attempt in 0..ATTEMPTS {
        let anomalies = anomalies(settings, root, draw, attempt);
        let flows = flows(settings, Years::Draw(draw), &anomalies)?;
        if facts_hold(settings, &flows) {
            return Ok((attempt, flows));
        }
    }
    Err(CannotBuild::Facts { draw })
}

/// The attempt at the first draw that is taken: the first in which the dated facts hold.
///
/// # Errors
/// See [`CannotBuild`].
pub fn attempt(settings: &Settings) -> Result<u32, CannotBuild> {
    attempted(settings, &settings.root()?, 1).map(|(attempt, _)| attempt)
}

/// Monthly flows of each river, m³/s, in one attempt at the first draw, whether the dated facts hold in it or
/// not: what another set of figures makes of the same chances.
///
/// # Errors
/// See [`CannotBuild`].
pub fn history(settings: &Settings, attempt: u32) -> Result<Vec<Vec<f64>>, CannotBuild> {
    let anomalies = anomalies(settings, &settings.root()?, 1, attempt);
    flows(settings, Years::Draw(1), &anomalies)
}

/// Factor of each synthetic year and river.
fn anomalies(
    settings: &Settings,
    root: &DMatrix<f64>,
    draw: u32,
    attempt: u32,
) -> BTreeMap<i32, Vec<f64>> {
    let key = |river: &River| format!("{}|{draw}|{attempt}|{}", settings.seed, river.name);
    let mut streams: Vec<Stream> = settings
        .rivers
        .iter()
        .map(|river| Stream::new(&key(river)))
        .collect();
    let years = settings.period.first.year()..=settings.synthetic_until;
    years
        .map(|year| {
            let own: Vec<f64> = streams.iter_mut().map(Stream::normal).collect();
            let deviates = correlated(root, &own);
            let factors = settings.rivers.iter().zip(deviates);
            (
                year,
                factors
                    .map(|(river, z)| lognormal(z, river.cv) * spell(river, year))
                    .collect(),
            )
        })
        .collect()
}

/// Factor of the known spells in a year.
fn spell(river: &River, year: i32) -> f64 {
    let spells = river
        .spells
        .iter()
        .filter(|spell| (spell.from..=spell.to).contains(&year));
    spells.map(|spell| spell.factor).product()
}

/// Flows of all rivers: at their gauges, then made natural, then without the rivers that join above.
fn flows(
    settings: &Settings,
    years: Years,
    anomalies: &BTreeMap<i32, Vec<f64>>,
) -> Result<Vec<Flows>, CannotBuild> {
    let natural: Vec<Flows> = (0..settings.rivers.len())
        .map(|place| natural(settings, place, years, anomalies))
        .collect::<Result<_, _>>()?;
    let place = |name: &String| settings.rivers.iter().position(|river| river.name == *name);
    let own = settings.rivers.iter().enumerate().map(|(at, river)| {
        let mut flows = natural[at].clone();
        for other in river.subtract.iter().filter_map(place) {
            flows
                .iter_mut()
                .zip(&natural[other])
                .for_each(|(flow, joins)| *flow -= joins);
        }
        match flows
            .iter()
            .zip(settings.period.months())
            .find(|(flow, _)| **flow < 0.0)
        {
            None => Ok(flows),
            Some((&flow_m3s, month)) => Err(CannotBuild::Negative {
                river: river.name.clone(),
                month,
                flow_m3s,
            }),
        }
    });
    own.collect()
}

fn natural(
    settings: &Settings,
    place: usize,
    years: Years,
    anomalies: &BTreeMap<i32, Vec<f64>>,
) -> Result<Flows, CannotBuild> {
    let river = &settings.rivers[place];
    let mut volumes = shape(settings, place, years, anomalies)?;
    scale_to_means(settings, river, &mut volumes)?;
    let month_of = |step: usize| settings.period.first.plus(step as i32);
    let flows = volumes.iter().enumerate().map(|(step, volume)| {
        let month = month_of(step);
        let added = match river.naturalise_mean_of {
            Some(_) => 0.0,
            None => settings.consumption_hm3(river, month),
        };
        let dry = river.dry_from.is_some_and(|year| year <= month.year());
        if dry {
            0.0
        } else {
            m3s_from_hm3(volume + added, month)
        }
    });
    Ok(flows.collect())
}

/// Relative volumes of all months, before the means of the periods are imposed.
fn shape(
    settings: &Settings,
    place: usize,
    years: Years,
    anomalies: &BTreeMap<i32, Vec<f64>>,
) -> Result<Vec<f64>, CannotBuild> {
    let river = &settings.rivers[place];
    let wetness = &settings.climates[&river.climate];
    let volume = |month: Month| {
        let regime = river.regime[month.index()];
        match (years, anomalies.get(&month.year())) {
            (Years::Flat, _) => Ok(regime),
            (Years::Draw(_), Some(factors)) => Ok(regime * factors[place]),
            (Years::Draw(_), None) if wetness.covers(month) => {
                let wet = wetness.factor(month, river.elasticity);
                Ok(regime * wet * spell(river, month.year()))
            }
            _ => Err(CannotBuild::Climate {
                climate: river.climate.clone(),
                month,
            }),
        }
    };
    settings.period.months().map(volume).collect()
}

/// Scales the months of each period so that the mean annual volume is that of its mean flow.
fn scale_to_means(
    settings: &Settings,
    river: &River,
    volumes: &mut [f64],
) -> Result<(), CannotBuild> {
    let first = settings.period.first;
    let consumed_m3s = mean_consumption_m3s(settings, river);
    let mut wanted: BTreeMap<(i32, i32), (f64, f64)> = BTreeMap::new();
    let mut keys = Vec::with_capacity(volumes.len());
    for (step, volume) in volumes.iter().enumerate() {
        let month = first.plus(step as i32);
        let year = month.year();
        let Some(period) = river.period(year) else {
            return Err(CannotBuild::Period {
                river: river.name.clone(),
                year,
            });
        };
        let mean_m3s = period.mean_m3s + consumed_m3s;
        let sums = wanted.entry((period.from, period.to)).or_default();
        sums.0 += hm3_from_m3s(mean_m3s, month);
        sums.1 += volume;
        keys.push((period.from, period.to));
    }
    for (volume, key) in volumes.iter_mut().zip(keys) {
        let (total, shape) = wanted[&key];
        *volume *= total / shape;
    }
    Ok(())
}

/// Mean consumption above a gauge over the years of its long-term mean, m³/s.
fn mean_consumption_m3s(settings: &Settings, river: &River) -> f64 {
    let Some((from, to)) = river.naturalise_mean_of else {
        return 0.0;
    };
    let months = (from..=to).flat_map(|year| (1..=12).map(move |number| Month::new(year, number)));
    let volume: f64 = months
        .map(|month| settings.consumption_hm3(river, month))
        .sum();
    volume * 1e6 / (from..=to).map(seconds_in_year).sum::<f64>()
}

/// Whether each sum of rivers is lowest where it is known to be.
fn facts_hold(settings: &Settings, flows: &[Flows]) -> bool {
    settings.lowest.iter().all(|fact| {
        let year = match fact.cumulated {
            true => lowest_of(departures(&sums(
                settings,
                fact,
                flows,
                settings.synthetic_until,
            ))),
            false => lowest_of(sums(settings, fact, flows, settings.period.last.year())),
        };
        year.is_some_and(|year| (fact.from..=fact.to).contains(&year))
    })
}

/// Sum of a fact's rivers in each year up to `last`.
fn sums(settings: &Settings, fact: &Lowest, flows: &[Flows], last: i32) -> Vec<(i32, f64)> {
    let rivers = settings.rivers.iter().zip(flows);
    let rivers: Vec<&Flows> = rivers
        .filter(|(river, _)| fact.rivers.contains(&river.name))
        .map(|(_, flows)| flows)
        .collect();
    let first = settings.period.first;
    let of_year = |year: i32| {
        let start = Month::new(year, 1).since(first) as usize;
        rivers
            .iter()
            .map(|flows| flows[start..start + 12].iter().sum::<f64>())
            .sum()
    };
    (first.year()..=last)
        .map(|year| (year, of_year(year)))
        .collect()
}

/// The difference-integral curve: cumulated departures from the mean.
fn departures(sums: &[(i32, f64)]) -> Vec<(i32, f64)> {
    let mean = sums.iter().map(|(_, sum)| sum).sum::<f64>() / sums.len() as f64;
    let mut curve = 0.0;
    sums.iter()
        .map(|(year, sum)| {
            curve += sum - mean;
            (*year, curve)
        })
        .collect()
}

fn lowest_of(years: Vec<(i32, f64)>) -> Option<i32> {
    years
        .into_iter()
        .min_by(|left, right| left.1.total_cmp(&right.1))
        .map(|(year, _)| year)
}

fn inflow_file(settings: &Settings, fraction: f64, columns: &[&Flows]) -> String {
    let mut text = String::new();
    let source =
        "reconstruction from published means, regime and variability (inputs/reconstruction)";
    head(&mut text, &format!("{source}; no measurement"));
    text.push_str("date,flow_m3s");
    for draw in 2..=settings.draws {
        let _ = write!(text, ",draw_{draw}_m3s");
    }
    text.push_str(",flat_m3s,quality\n");
    for (step, month) in settings.period.months().enumerate() {
        let _ = write!(text, "{month}");
        for column in columns {
            let _ = write!(text, ",{:.3}", column[step] * fraction);
        }
        let _ = writeln!(text, ",{}", quality(settings, month));
    }
    text
}

fn quality(settings: &Settings, month: Month) -> &'static str {
    if month.year() <= settings.synthetic_until {
        "period-mean+synthetic"
    } else {
        "precipitation-scaled"
    }
}

fn head(text: &mut String, source: &str) {
    text.push_str(
        "# generated by `rivershare reconstruct`; a series of your own may take its place\n",
    );
    let _ = writeln!(text, "# source: {source}");
    text.push_str("# confidence: low\n");
}

fn rain_file(settings: &Settings, rain: &LakeRain) -> Result<String, CannotBuild> {
    let relative = &settings.rains[&rain.climate];
    let normal: f64 = rain.normal_mm.iter().sum();
    let mut text = String::new();
    head(
        &mut text,
        "reconstruction from normals, published years and basin precipitation; no measurement",
    );
    text.push_str("date,precipitation_mm,quality\n");
    for month in settings.period.months() {
        let published = rain.years.iter().find(|(year, _)| *year == month.year());
        let (factor, quality) = match published {
            Some((_, total)) => (total / normal, "published-year+normal-months"),
            None if month.year() <= settings.synthetic_until => (1.0, "normal"),
            None if relative.covers(month) => (relative.factor(month, 1.0), "precipitation-scaled"),
            None => {
                return Err(CannotBuild::Climate {
                    climate: rain.climate.clone(),
                    month,
                });
            }
        };
        let depth = rain.normal_mm[month.index()] * factor;
        let _ = writeln!(text, "{month},{depth:.3},{quality}");
    }
    Ok(text)
}
