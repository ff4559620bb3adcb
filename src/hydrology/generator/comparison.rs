//! An ensemble beside its record (equation E58).

use serde::Serialize;

use super::Values;
use super::record::Record;
use super::statistics::{
    correlation, longest_spell, lowest_mean, mean, quantile, rising, skewness, standard_deviation,
    variation,
};
use crate::hydrology::climate::Water;

/// Name of the sum of all rivers among the sites.
pub const ALL_RIVERS: &str = "all rivers";

/// The statistic whose band is that of two standard errors, and on which a comparison fails.
pub const MONTH_MEAN: &str = "mean";

/// Parts of the time in which flows of the duration curve are exceeded, percent.
const EXCEEDED: [(&str, f64); 5] = [
    ("flow exceeded 95 % of the time", 0.05),
    ("flow exceeded 75 % of the time", 0.25),
    ("flow exceeded 50 % of the time", 0.5),
    ("flow exceeded 25 % of the time", 0.75),
    ("flow exceeded 5 % of the time", 0.95),
];

/// A statistic of a site in record and ensemble; m³/s or mm, years, or without unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The site.
    pub site: String,
    /// What is compared.
    pub statistic: &'static str,
    /// Calendar month; none of what is of all months.
    pub month: Option<usize>,
    /// In the record.
    pub record: f64,
    /// Mean over the members.
    pub ensemble: f64,
    /// Above 2.5 % of the members.
    pub low: f64,
    /// Above 97.5 % of the members.
    pub high: f64,
    /// Lower end of the band of acceptance.
    pub accepted_from: f64,
    /// Upper end of the band of acceptance.
    pub accepted_to: f64,
    /// Whether the band holds: the ensemble's mean for means by month, the record for all else.
    pub within: bool,
}

/// The correlation of two sites in a calendar month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// One site.
    pub site: String,
    /// The other.
    pub other: String,
    /// Calendar month.
    pub month: usize,
    /// In the record.
    pub record: f64,
    /// Mean over the members.
    pub ensemble: f64,
    /// Whether they differ by no more than two standard errors of a correlation (Fisher 1921).
    pub within: bool,
}

/// Statistics of an ensemble while its members are added one by one.
#[derive(Debug)]
pub struct Comparison<'r> {
    record: &'r Record,
    /// Site × statistic × member.
    members: Vec<Vec<Vec<f64>>>,
    /// Sums over the members of the correlation of each pair and month.
    sums: Vec<f64>,
    count: usize,
}

impl<'r> Comparison<'r> {
    /// A comparison with a record; members are to follow.
    pub fn new(record: &'r Record) -> Self {
        let sites = record.sites.len();
        Self {
            record,
            members: vec![vec![Vec::new(); kinds().len()]; sites + 1],
            sums: vec![0.0; 12 * sites * sites.saturating_sub(1) / 2],
            count: 0,
        }
    }

    /// Adds a member over the months of the record.
    pub fn add(&mut self, values: &Values) {
        let total = all_rivers(self.record, values);
        for (known, series) in self.members.iter_mut().zip(values.iter().chain([&total])) {
            for (known, value) in known.iter_mut().zip(statistics(series)) {
                known.push(value);
            }
        }
        let found = correlations(values);
        self.sums
            .iter_mut()
            .zip(found)
            .for_each(|(sum, value)| *sum += value);
        self.count += 1;
    }

    /// All statistics, site by site, the sum of all rivers last.
    pub fn rows(&self) -> Vec<Row> {
        let own: Values = self.record.values();
        let total = all_rivers(self.record, &own);
        let names = self.record.sites.iter().map(|site| site.name.as_str());
        let series = own.iter().chain([&total]);
        let sites = names.chain([ALL_RIVERS]).zip(series).zip(&self.members);
        let rows = sites.flat_map(|((name, series), members)| {
            let kinds = kinds().into_iter().zip(statistics(series)).zip(members);
            kinds.map(move |(((statistic, month), record), members)| {
                let band = match (statistic, month) {
                    (MONTH_MEAN, Some(month)) => Some(two_standard_errors(series, month)),
                    _ => None,
                };
                row(name, statistic, month, record, members, band)
            })
        });
        rows.collect()
    }

    /// Correlations of all pairs of sites by month.
    pub fn pairs(&self) -> Vec<Pair> {
        let own: Values = self.record.values();
        let means = self.sums.iter().map(|sum| sum / self.count.max(1) as f64);
        let found = correlations(&own).into_iter().zip(means);
        let band = 2.0 / libm::sqrt(self.record.years() as f64 - 3.0);
        let keys = pairs(self.record.sites.len());
        let rows = keys
            .zip(found)
            .map(|((one, other, month), (record, ensemble))| Pair {
                site: self.record.sites[one].name.clone(),
                other: self.record.sites[other].name.clone(),
                month: month + 1,
                record,
                ensemble,
                within: (stretched(record) - stretched(ensemble)).abs() <= band,
            });
        rows.collect()
    }
}

/// A row as a rule accepts it: `band` is that of the ensemble's mean; without one, that of the members holds the record.
fn row(
    site: &str,
    statistic: &'static str,
    month: Option<usize>,
    record: f64,
    members: &[f64],
    band: Option<f64>,
) -> Row {
    let sorted = rising(members);
    let (low, high) = match sorted.is_empty() {
        true => (f64::NAN, f64::NAN),
        false => (quantile(&sorted, 0.025), quantile(&sorted, 0.975)),
    };
    let ensemble = mean(members);
    // What never changes has no band; rounding must not put it outside.
    let slack = 1e-9 * record.abs();
    let (from, to, judged) = match band {
        Some(band) => (record - band, record + band, ensemble),
        None => (low, high, record),
    };
    Row {
        site: site.to_owned(),
        statistic,
        month: month.map(|month| month + 1),
        record,
        ensemble,
        low,
        high,
        accepted_from: from,
        accepted_to: to,
        within: (from - slack..=to + slack).contains(&judged),
    }
}

/// Two standard errors of the mean of a calendar month in a series of this length.
fn two_standard_errors(series: &[f64], month: usize) -> f64 {
    let values = of_month(series, month);
    2.0 * standard_deviation(&values) / libm::sqrt(values.len() as f64)
}

/// Fisher's transformation of a correlation.
fn stretched(correlation: f64) -> f64 {
    libm::atanh(correlation.clamp(-0.999_999, 0.999_999))
}

fn of_month(series: &[f64], month: usize) -> Vec<f64> {
    series.iter().skip(month).step_by(12).copied().collect()
}

fn all_rivers(record: &Record, values: &Values) -> Vec<f64> {
    let rivers = record.sites.iter().zip(values);
    let rivers: Vec<&Vec<f64>> = rivers
        .filter(|(site, _)| site.quantity == Water::Flow)
        .map(|(_, values)| values)
        .collect();
    let steps = 0..12 * record.years();
    steps
        .map(|step| rivers.iter().map(|values| values[step]).sum())
        .collect()
}

/// Names and months of the statistics, in the order of [`statistics`].
fn kinds() -> Vec<(&'static str, Option<usize>)> {
    let by_month = [MONTH_MEAN, "variation", "skewness", "lag-1 correlation"];
    let of_years = [
        "annual mean",
        "annual variation",
        "annual lag-1 correlation",
        "longest run of years below the median",
        "longest run of years above the median",
        "lowest 5-year mean",
    ];
    let months = by_month
        .into_iter()
        .flat_map(|name| (0..12).map(move |month| (name, Some(month))));
    let years = of_years.into_iter().chain(EXCEEDED.map(|(name, _)| name));
    months.chain(years.map(|name| (name, None))).collect()
}

/// The statistics of a monthly series of whole years.
fn statistics(series: &[f64]) -> Vec<f64> {
    let months: Vec<Vec<f64>> = (0..12).map(|month| of_month(series, month)).collect();
    let years: Vec<f64> = series.chunks(12).map(mean).collect();
    let lag = |month: usize| match month {
        0 => correlation(&months[11][..years.len() - 1], &months[0][1..]),
        _ => correlation(&months[month - 1], &months[month]),
    };
    let sorted = rising(series);
    let of_months = (months.iter().map(|month| mean(month)))
        .chain(months.iter().map(|month| variation(month)))
        .chain(months.iter().map(|month| skewness(month)))
        .chain((0..12).map(lag));
    let of_years = [
        mean(&years),
        variation(&years),
        correlation(&years[..years.len() - 1], &years[1..]),
        longest_spell(&years, true) as f64,
        longest_spell(&years, false) as f64,
        lowest_mean(&years, 5),
    ];
    let curve = EXCEEDED.map(|(_, below)| quantile(&sorted, below));
    of_months.chain(of_years).chain(curve).collect()
}

/// Every pair of sites in every month.
fn pairs(sites: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    let pairs = (1..sites).flat_map(|one| (0..one).map(move |other| (one, other)));
    pairs.flat_map(|(one, other)| (0..12).map(move |month| (one, other, month)))
}

/// The correlation of every pair in every month.
fn correlations(values: &Values) -> Vec<f64> {
    let months: Vec<Vec<Vec<f64>>> = values
        .iter()
        .map(|series| (0..12).map(|month| of_month(series, month)).collect())
        .collect();
    pairs(values.len())
        .map(|(one, other, month)| correlation(&months[one][month], &months[other][month]))
        .collect()
}
