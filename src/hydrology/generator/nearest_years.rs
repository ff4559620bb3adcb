//! Years drawn from those that followed years like the one before (equation E55).

use super::draws::{Draws, Purpose};
use super::pattern::{near, nearest, spread};
use super::record::Record;
use super::{ALL_SITES, Values};
use crate::time::Period;

/// A member over whole years.
pub fn member(seed: u32, record: &Record, member: u32, period: Period) -> Values {
    let wanted = totals(seed, &record.totals(), member, period);
    spread(seed, record, member, period, &wanted)
}

/// The volume of each year: that of the year which followed one of the years nearest to the year before.
fn totals(seed: u32, record: &[f64], member: u32, period: Period) -> Vec<f64> {
    // The last year of the record has none that followed it.
    let with_next = &record[..record.len() - 1];
    let draws = |purpose| Draws::new(seed, ALL_SITES, purpose);
    let mut before = record[draws(Purpose::Start).from(member, 0).below(record.len())];
    let mut sequence = draws(Purpose::Year).from(member, period.first.year() as u32);
    let years = period.first.year()..=period.last.year();
    years
        .map(|_| {
            let rank = sequence.rank(near(with_next.len()));
            before = record[nearest(with_next, before)[rank] + 1];
            before
        })
        .collect()
}
