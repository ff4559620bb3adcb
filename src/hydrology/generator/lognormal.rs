//! Lognormal flows that keep a part of the month before, correlated between sites (equation E54).

use serde::{Deserialize, Serialize};

use super::correlation::{Rows, correlated, is_triangle, root};
use super::draws::{Draws, Purpose, Sequence};
use super::marginal::Marginal;
use super::record::Record;
use super::statistics::correlation;
use super::still::carried;
use super::{Values, step_of};
use crate::time::Period;

/// Most that a score keeps of the month before: a month that is wholly given by the one before has no news to draw.
const MOST_KEPT: f64 = 0.999;

/// The fitted numbers of all calendar months.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lognormal {
    /// January to December.
    pub month: Vec<MonthOfYear>,
}

/// The fitted numbers of a calendar month, one a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthOfYear {
    /// Greatest change of a correlation of news by the repair.
    pub repaired_by: f64,
    /// Part of the score of the month before that is kept.
    pub kept: Vec<f64>,
    /// Root of the correlation of the scores.
    pub root: Rows,
    /// Root of the correlation of what is new.
    pub news_root: Rows,
    /// Distribution of flows.
    pub marginal: Vec<Marginal>,
}

impl Lognormal {
    /// Fits the month-wise statistics of a record.
    pub fn fit(record: &Record) -> Self {
        let sites = 0..record.sites.len();
        let of_sites: Vec<[Vec<f64>; 12]> =
            sites.clone().map(|site| scores(record, site)).collect();
        let scores: Vec<Vec<Vec<f64>>> = (0..12)
            .map(|month| of_sites.iter().map(|site| site[month].clone()).collect())
            .collect();
        let month = (0..12).map(|month| {
            let kept: Vec<f64> = sites
                .clone()
                .map(|site| {
                    kept(
                        &scores[(month + 11) % 12][site],
                        &scores[month][site],
                        month,
                    )
                })
                .collect();
            let now = correlations(&scores[month]);
            let before = correlations(&scores[(month + 11) % 12]);
            let news = root(&news(&now, &before, &kept));
            MonthOfYear {
                repaired_by: news.repaired_by,
                root: root(&now).rows,
                news_root: news.rows,
                marginal: sites
                    .clone()
                    .map(|site| Marginal::of_moments(&record.of_month(site, month)))
                    .collect(),
                kept,
            }
        });
        Self {
            month: month.collect(),
        }
    }

    /// A member over a period.
    pub fn member(&self, seed: u32, record: &Record, member: u32, period: Period) -> Values {
        let names = || record.sites.iter().map(|site| &site.name);
        let begin = |name: &String| {
            Draws::new(seed, name, Purpose::Start)
                .from(member, 0)
                .normal()
        };
        let own: Vec<f64> = names().map(begin).collect();
        let before = &self.month[(period.first.index() + 11) % 12];
        let mut scores = correlated(&before.root, &own);
        let step = step_of(period.first);
        let mut sequences: Vec<Sequence> = names()
            .map(|name| Draws::new(seed, name, Purpose::Month).from(member, step))
            .collect();
        let mut values = vec![Vec::with_capacity(period.len()); scores.len()];
        for month in period.months() {
            let fitted = &self.month[month.index()];
            let own: Vec<f64> = sequences.iter_mut().map(Sequence::normal).collect();
            let news = correlated(&fitted.news_root, &own);
            for (site, score) in scores.iter_mut().enumerate() {
                let kept = fitted.kept[site];
                *score = kept * *score + libm::sqrt(1.0 - kept * kept) * news[site];
                values[site].push(fitted.marginal[site].value(*score));
            }
        }
        values
    }

    /// Whether it has the numbers of this many sites.
    pub fn is_of(&self, sites: usize) -> bool {
        let triangle = |rows: &Rows| rows.len() == sites && is_triangle(rows);
        let whole = |month: &MonthOfYear| {
            month.kept.len() == sites
                && month.kept.iter().all(|kept| kept.abs() <= 1.0)
                && month.marginal.len() == sites
                && month.marginal.iter().all(Marginal::is_sound)
                && triangle(&month.root)
                && triangle(&month.news_root)
        };
        self.month.len() == 12 && self.month.iter().all(whole)
    }
}

/// Scores of a site by calendar month and year.
fn scores(record: &Record, site: usize) -> [Vec<f64>; 12] {
    carried(&std::array::from_fn(|month| {
        let values = record.of_month(site, month);
        let marginal = Marginal::of_moments(&values);
        values.iter().map(|value| marginal.score(*value)).collect()
    }))
}

/// Correlation of a month with the month before; January goes with the December of the year before.
fn kept(before: &[f64], now: &[f64], month: usize) -> f64 {
    let found = match month {
        0 => correlation(&before[..before.len() - 1], &now[1..]),
        _ => correlation(before, now),
    };
    found.clamp(-MOST_KEPT, MOST_KEPT)
}

/// Correlations of all sites.
fn correlations(scores: &[Vec<f64>]) -> Rows {
    let cell = |i: usize, j: usize| match i == j {
        true => 1.0,
        false => correlation(&scores[i.max(j)], &scores[i.min(j)]),
    };
    let row = |i: usize| (0..scores.len()).map(|j| cell(i, j)).collect();
    (0..scores.len()).map(row).collect()
}

/// Correlations of what is new, so that the scores keep those of the record.
fn news(now: &Rows, before: &Rows, kept: &[f64]) -> Rows {
    let size = |i: usize| libm::sqrt(1.0 - kept[i] * kept[i]);
    let cell = |i: usize, j: usize| {
        if i == j {
            return 1.0;
        }
        let new = now[i][j] - kept[i] * kept[j] * before[i][j];
        (new / (size(i) * size(j))).clamp(-1.0, 1.0)
    };
    let row = |i: usize| (0..kept.len()).map(|j| cell(i, j)).collect();
    (0..kept.len()).map(row).collect()
}
