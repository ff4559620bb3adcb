//! Many members through the hand-written loop, in blocks of lanes and on several threads.

use super::floor::{Floor, Row, SERIES, factor};

/// Lanes of a block whose sums are wanted; the rest of an ensemble goes in narrower ones.
const WIDE: usize = 32;

/// The factor of each of so many members.
pub(crate) fn factors(members: usize) -> Vec<f64> {
    (0..members).map(|member| factor(member, members)).collect()
}

/// Sums of every series of each member over all steps, on so many threads.
pub(crate) fn sums(floor: &Floor, factors: &[f64], threads: usize) -> Vec<[f64; SERIES]> {
    let mut sums = vec![[0.0; SERIES]; factors.len()];
    let part = factors.len().div_ceil(threads.max(1)).max(1);
    let parts = sums.chunks_mut(part).zip(factors.chunks(part));
    if threads <= 1 {
        parts.for_each(|(sums, factors)| sums_of_a_thread(floor, factors, sums));
        return sums;
    }
    std::thread::scope(|scope| {
        for (sums, factors) in parts {
            scope.spawn(move || sums_of_a_thread(floor, factors, sums));
        }
    });
    sums
}

fn sums_of_a_thread(floor: &Floor, factors: &[f64], sums: &mut [[f64; SERIES]]) {
    for (sums, factors) in sums.chunks_mut(WIDE).zip(factors.chunks(WIDE)) {
        match factors.len() {
            1 => sums_of_a_block::<1>(floor, factors, sums),
            2..=8 => sums_of_a_block::<8>(floor, factors, sums),
            9..=16 => sums_of_a_block::<16>(floor, factors, sums),
            _ => sums_of_a_block::<WIDE>(floor, factors, sums),
        }
    }
}

fn sums_of_a_block<const W: usize>(floor: &Floor, factors: &[f64], sums: &mut [[f64; SERIES]]) {
    let rows = floor.sums::<W>(&lanes(factors));
    for (lane, sums) in sums.iter_mut().enumerate() {
        *sums = rows.map(|row| row[lane]);
    }
}

/// Records every series of every member, block after block of `W` members into the same buffer, one
/// buffer and thread for each of `buffers`. A buffer holds a row for each step.
pub(crate) fn record<const W: usize>(floor: &Floor, factors: &[f64], buffers: &mut [Vec<Row<W>>]) {
    let part = factors.len().div_ceil(buffers.len().max(1)).max(1);
    if let [rows] = buffers {
        return record_of_a_thread(floor, factors, rows);
    }
    std::thread::scope(|scope| {
        for (rows, factors) in buffers.iter_mut().zip(factors.chunks(part)) {
            scope.spawn(move || record_of_a_thread(floor, factors, rows));
        }
    });
}

fn record_of_a_thread<const W: usize>(floor: &Floor, factors: &[f64], rows: &mut [Row<W>]) {
    for block in factors.chunks(W) {
        floor.record(&lanes::<W>(block), rows);
    }
}

/// A buffer for every series of `W` members.
pub(crate) fn buffer<const W: usize>(floor: &Floor) -> Vec<Row<W>> {
    vec![[[0.0; W]; SERIES]; floor.steps()]
}

/// Factors of `W` lanes; lanes without a member repeat the last one.
fn lanes<const W: usize>(factors: &[f64]) -> [f64; W] {
    std::array::from_fn(|lane| factors[lane.min(factors.len() - 1)])
}
