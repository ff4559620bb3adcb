//! How far monthly flows are from those of a natural river (equations E88 and E89).
//!
//! The range of variability approach (Richter et al. 1996, 1997) on what months allow: flows of calendar months, least
//! and greatest flows of a year, and when they occur. An indicator of a year is in its target range where it lies
//! between the 25th and the 75th percentile of the natural years; its alteration says how much rarer that is than in
//! the natural run.

use crate::metrics::quantiles::{percentile, sort};

/// Months of a year.
const YEAR: usize = 12;

/// Least number of years: between the percentiles of two lies neither of them.
pub const YEARS: usize = 3;

/// Indicators of a year: twelve months, four extremes, two times.
const INDICATORS: usize = 18;

/// The alteration of monthly flows; of each indicator from −1, never in the target range, over 0, in it as often as
/// natural, to above 0, in it more often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alteration {
    /// Root mean square of all indicators, from 0, E89; below 0.33 little, from 0.67 much (Richter et al. 1998).
    pub overall: f64,
    /// Flows of the months of a year, from that in which the series begin.
    pub months: [f64; 12],
    /// Least flow of a month of the year.
    pub least_month: f64,
    /// Least mean flow of three months in a row.
    pub least_three_months: f64,
    /// Greatest flow of a month.
    pub greatest_month: f64,
    /// Greatest mean flow of three months in a row.
    pub greatest_three_months: f64,
    /// Month of the least flow.
    pub time_of_least: f64,
    /// Month of the greatest flow.
    pub time_of_greatest: f64,
}

/// Memory for comparisons, kept from one to the next.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    natural: Vec<[f64; INDICATORS]>,
    altered: Vec<[f64; INDICATORS]>,
    column: Vec<f64>,
}

/// Compares monthly flows with those of the natural run of the same months, equations E88 and E89.
///
/// None where the series differ in length or hold fewer than three whole years. Years are counted from the first month; months that
/// are left over are left out. With fewer than some twenty years the ranges are uncertain (Richter et al. 1997).
pub fn alteration(natural: &[f64], altered: &[f64], scratch: &mut Scratch) -> Option<Alteration> {
    if natural.len() != altered.len() || natural.len() < YEARS * YEAR {
        return None;
    }
    let Scratch {
        natural: before,
        altered: after,
        column,
    } = scratch;
    years(natural, before);
    years(altered, after);
    for time in [16, 17] {
        let usual = most_frequent(before.iter().map(|year| year[time]));
        for year in before.iter_mut().chain(after.iter_mut()) {
            year[time] = from_usual(year[time], usual);
        }
    }
    let mut parts = [0.0; INDICATORS];
    for (indicator, part) in parts.iter_mut().enumerate() {
        column.clear();
        column.extend(before.iter().map(|year| year[indicator]));
        sort(column);
        let range = percentile(column, 25.0)..=percentile(column, 75.0);
        let within = |years: &[[f64; INDICATORS]]| {
            let values = years.iter().map(|year| year[indicator]);
            values.filter(|value| range.contains(value)).count() as f64
        };
        // Of three years or more at least one lies in the middle half.
        *part = within(after) / within(before) - 1.0;
    }
    Some(judged(&parts))
}

fn judged(parts: &[f64; INDICATORS]) -> Alteration {
    let squares: f64 = parts.iter().map(|part| part * part).sum();
    let mut months = [0.0; YEAR];
    months.copy_from_slice(&parts[..YEAR]);
    Alteration {
        overall: (squares / INDICATORS as f64).sqrt(),
        months,
        least_month: parts[12],
        least_three_months: parts[13],
        greatest_month: parts[14],
        greatest_three_months: parts[15],
        time_of_least: parts[16],
        time_of_greatest: parts[17],
    }
}

/// The indicators of each whole year.
fn years(flows: &[f64], out: &mut Vec<[f64; INDICATORS]>) {
    out.clear();
    out.extend(flows.chunks_exact(YEAR).map(indicators));
}

/// Indicators of the twelve flows of a year; of equals the first month counts as the least or greatest.
fn indicators(year: &[f64]) -> [f64; INDICATORS] {
    let mut found = [0.0; INDICATORS];
    found[..YEAR].copy_from_slice(year);
    let (mut least, mut greatest) = (0, 0);
    for (month, flow) in year.iter().enumerate() {
        if *flow < year[least] {
            least = month;
        }
        if *flow > year[greatest] {
            greatest = month;
        }
    }
    let threes = || {
        year.windows(3)
            .map(|three| (three[0] + three[1] + three[2]) / 3.0)
    };
    found[12] = year[least];
    found[13] = threes().fold(f64::INFINITY, f64::min);
    found[14] = year[greatest];
    found[15] = threes().fold(f64::NEG_INFINITY, f64::max);
    found[16] = least as f64;
    found[17] = greatest as f64;
    found
}

/// The month that occurs most often, of equals the first.
fn most_frequent(months: impl Iterator<Item = f64>) -> f64 {
    let mut counts = [0_usize; YEAR];
    for month in months {
        counts[month as usize] += 1;
    }
    let mut usual = 0;
    for (month, count) in counts.iter().enumerate() {
        if *count > counts[usual] {
            usual = month;
        }
    }
    usual as f64
}

/// Months from the usual one, −6 to 5: December and January are neighbours.
fn from_usual(month: f64, usual: f64) -> f64 {
    let ahead = (month - usual + 18.0) % 12.0;
    ahead - 6.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEASON: [f64; 12] = [
        2.0, 1.0, 3.0, 9.0, 20.0, 30.0, 25.0, 12.0, 8.0, 6.0, 5.0, 4.0,
    ];

    /// Years that are dry, middling and wet in turn: factors 1 to 8.
    fn natural(years: usize) -> Vec<f64> {
        let year = |year: usize| SEASON.map(|flow| flow * (1 + (year * 5) % 8) as f64);
        (0..years).flat_map(year).collect()
    }

    fn found(natural: &[f64], altered: &[f64]) -> Alteration {
        alteration(natural, altered, &mut Scratch::default()).expect("an alteration")
    }

    #[test]
    fn e89_of_the_natural_run_is_none() {
        let natural = natural(16);
        let found = found(&natural, &natural);
        assert_eq!(
            (found.overall, found.months, found.time_of_least),
            (0.0, [0.0; 12], 0.0)
        );
    }

    /// Of the factors 1 to 8, twice each, the 25th percentile is 2.75 and the 75th 6.25: eight of sixteen years are in
    /// the range. Half the flow has factors ½ to 4, of which 3, 3½ and 4 are in it, six years. Times stay.
    #[test]
    fn e88_e89_of_half_the_flow() {
        let natural = natural(16);
        let halved: Vec<f64> = natural.iter().map(|flow| flow / 2.0).collect();
        let found = found(&natural, &halved);
        let part = 6.0 / 8.0 - 1.0;
        assert_eq!(found.months, [part; 12]);
        assert_eq!(
            (found.least_month, found.greatest_three_months),
            (part, part)
        );
        assert_eq!((found.time_of_least, found.time_of_greatest), (0.0, 0.0));
        let overall = (16.0 * part * part / 18.0_f64).sqrt();
        // A sum of sixteen equal squares and its root.
        assert!((found.overall - overall).abs() < 1e-15);
    }

    /// A river turned round by half a year never peaks when it should.
    #[test]
    fn e88_times_of_a_river_that_is_turned_round() {
        let natural = natural(16);
        let turned: Vec<f64> = (0..natural.len())
            .map(|step| natural[step / 12 * 12 + (step + 6) % 12])
            .collect();
        let found = found(&natural, &turned);
        assert_eq!((found.time_of_least, found.time_of_greatest), (-1.0, -1.0));
        assert_eq!((found.least_month, found.greatest_month), (0.0, 0.0));
    }

    #[test]
    fn e88_december_and_january_are_neighbours() {
        let counted = [
            (11.0, 0.0, -1.0),
            (0.0, 11.0, 1.0),
            (6.0, 0.0, -6.0),
            (5.0, 0.0, 5.0),
        ];
        for (month, usual, expected) in counted {
            assert_eq!(from_usual(month, usual), expected);
        }
    }

    #[test]
    fn e88_of_fewer_than_three_years_is_none() {
        let natural = natural(4);
        let mut scratch = Scratch::default();
        let mut own = |months: usize| {
            let flows = &natural[..months];
            alteration(flows, flows, &mut scratch)
        };
        assert_eq!((own(0), own(35)), (None, None));
        // Months that are left over are left out.
        assert_eq!(
            (own(47), own(36).map(|found| found.overall)),
            (own(36), Some(0.0))
        );
        assert_eq!(scratch.natural.len(), 3);
        assert_eq!(alteration(&natural, &natural[..36], &mut scratch), None);
    }
}
