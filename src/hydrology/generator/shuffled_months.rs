//! Months drawn at random from the record and correlated again (equation E56; Kirsch et al. 2013).

use serde::{Deserialize, Serialize};

use super::correlation::{Rows, correlated, is_triangle, root};
use super::draws::{Draws, Purpose};
use super::marginal::Marginal;
use super::record::Record;
use super::statistics::{correlation, mean, standard_deviation};
use super::still::carried;
use super::{ALL_SITES, Values, step_of};
use crate::time::Period;

/// The fitted numbers of all sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShuffledMonths {
    /// In the order of the record's sites.
    pub site: Vec<Correlated>,
}

/// How the months of a site go together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correlated {
    /// Greatest change of a correlation between months by the repair.
    pub repaired_by: f64,
    /// Root of the correlation between the months January to December.
    pub root: Rows,
    /// Root of the correlation between the months July to June.
    pub winter_root: Rows,
}

/// A site in a calendar month: its distribution and its scores with mean 0 and variance 1.
struct Scored {
    marginal: Marginal,
    centre: f64,
    spread: f64,
    scores: Vec<f64>,
}

impl Scored {
    fn of(values: &[f64]) -> Self {
        let marginal = Marginal::of_logarithms(values);
        let raw: Vec<f64> = values.iter().map(|value| marginal.score(*value)).collect();
        let (centre, spread) = (mean(&raw), standard_deviation(&raw));
        let scale = if spread > 0.0 { 1.0 / spread } else { 0.0 };
        Self {
            marginal,
            centre,
            spread,
            scores: raw.iter().map(|z| (z - centre) * scale).collect(),
        }
    }

    fn value(&self, score: f64) -> f64 {
        self.marginal.value(self.centre + self.spread * score)
    }
}

impl ShuffledMonths {
    /// Fits the correlation between the months of each site.
    pub fn fit(record: &Record) -> Self {
        let site = (0..record.sites.len()).map(|site| {
            let scored = scored(record, site);
            let years = record.years();
            let calendar: Vec<&[f64]> = scored.iter().map(|month| &month.scores[..]).collect();
            // July to December of each year but the last, January to June of the year after.
            let winter: Vec<&[f64]> = (6..18)
                .map(|month| &scored[month % 12].scores[month / 12..years - 1 + month / 12])
                .collect();
            let (own, over) = (root(&correlations(&calendar)), root(&correlations(&winter)));
            Correlated {
                repaired_by: own.repaired_by.max(over.repaired_by),
                root: own.rows,
                winter_root: over.rows,
            }
        });
        Self {
            site: site.collect(),
        }
    }

    /// A member over whole years. All sites take a month from the same year, which keeps the correlation between them.
    pub fn member(&self, seed: u32, record: &Record, member: u32, period: Period) -> Values {
        let begins = step_of(period.first) - 12;
        let mut sequence = Draws::new(seed, ALL_SITES, Purpose::Month).from(member, begins);
        let years: Vec<usize> = (0..period.len() + 12)
            .map(|_| sequence.below(record.years()))
            .collect();
        let sites = self.site.iter().enumerate();
        sites
            .map(|(site, fitted)| {
                let scored = scored(record, site);
                let drawn: Vec<f64> = (years.iter().enumerate())
                    .map(|(step, year)| scored[step % 12].scores[*year])
                    .collect();
                let months = (12..drawn.len()).step_by(12).flat_map(|january| {
                    let winter = correlated(&fitted.winter_root, &drawn[january - 6..january + 6]);
                    let own = correlated(&fitted.root, &drawn[january..january + 12]);
                    winter.into_iter().skip(6).chain(own.into_iter().skip(6))
                });
                let months = months.enumerate();
                months
                    .map(|(step, score)| scored[step % 12].value(score))
                    .collect()
            })
            .collect()
    }

    /// Whether it has the numbers of this many sites.
    pub fn is_of(&self, sites: usize) -> bool {
        let triangle = |rows: &Rows| rows.len() == 12 && is_triangle(rows);
        let whole = |site: &Correlated| triangle(&site.root) && triangle(&site.winter_root);
        self.site.len() == sites && self.site.iter().all(whole)
    }
}

fn scored(record: &Record, site: usize) -> Vec<Scored> {
    let mut months: Vec<Scored> = (0..12)
        .map(|month| Scored::of(&record.of_month(site, month)))
        .collect();
    let scores = carried(&std::array::from_fn(|month| months[month].scores.clone()));
    for (month, scores) in months.iter_mut().zip(scores) {
        month.scores = scores;
    }
    months
}

fn correlations(months: &[&[f64]]) -> Rows {
    let cell = |i: usize, j: usize| match i == j {
        true => 1.0,
        false => correlation(months[i.max(j)], months[i.min(j)]),
    };
    let row = |i: usize| (0..months.len()).map(|j| cell(i, j)).collect();
    (0..months.len()).map(row).collect()
}
