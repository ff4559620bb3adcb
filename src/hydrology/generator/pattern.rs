//! A year's total spread over sites and months as in a year of the record that is near it (Nowak et al. 2010).

use super::draws::{Draws, Purpose, Sequence};
use super::record::Record;
use super::{ALL_SITES, Values};
use crate::hydrology::climate::Water;
use crate::time::Period;

/// How many years count as near: the root of their number (Lall & Sharma 1996).
pub fn near(years: usize) -> usize {
    (libm::sqrt(years as f64) as usize).max(1)
}

/// Places of the totals in the order of their distance from one; of equal distances the earlier year comes first.
pub fn nearest(totals: &[f64], wanted: f64) -> Vec<usize> {
    let mut places: Vec<usize> = (0..totals.len()).collect();
    let distance = |place: usize| (totals[place] - wanted).abs();
    places.sort_by(|one, other| distance(*one).total_cmp(&distance(*other)));
    places
}

/// Months of all sites whose rivers have the wanted volume in each year of a period, hm³.
///
/// Rain and evaporation are those of the year whose pattern is taken.
pub fn spread(seed: u32, record: &Record, member: u32, period: Period, wanted: &[f64]) -> Values {
    let totals = record.totals();
    let first = period.first.year();
    let draws = Draws::new(seed, ALL_SITES, Purpose::Pattern);
    let mut sequence: Sequence = draws.from(member, first as u32);
    let mut values = vec![Vec::with_capacity(period.len()); record.sites.len()];
    for (calendar, &total) in (first..).zip(wanted) {
        let rank = sequence.rank(near(totals.len()));
        let year = nearest(&totals, total)[rank];
        let volume = record.total(year, calendar);
        let factor = if volume > 0.0 { total / volume } else { 0.0 };
        for (site, values) in record.sites.iter().zip(&mut values) {
            let scale = match site.quantity {
                Water::Flow => factor,
                Water::Rain | Water::Evaporation => 1.0,
            };
            let months = &site.values[12 * year..12 * (year + 1)];
            values.extend(months.iter().map(|value| scale * value));
        }
    }
    values
}
