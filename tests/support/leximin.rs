//! The fairest division among a group of claims by the textbook (equation E11): raise the least part as far
//! as it goes, fix those that cannot rise, go on with the others.

use rivershare::allocate::Water;
use rivershare::network::sharing::Sharing;
use rivershare::plan::Claim;

use super::lp::{River, arrives, volume};
use super::programme::{Method, Sum, Unknown};

/// A claim that may still get more.
#[derive(Clone, Copy, Debug)]
struct Open {
    met: Unknown,
    /// What it asks for, hm³.
    asks: f64,
    /// What it gets where the common level is 1, hm³.
    pace: f64,
    /// Part of what it takes from the river that reaches it.
    arrives: f64,
}

impl Open {
    fn at(&self, level: f64) -> f64 {
        (self.pace * level).min(self.asks)
    }
}

/// What a method leaves to rounding, hm³.
#[derive(Clone, Copy, Debug)]
struct Rounding {
    /// By how much a bound is set too low, so that what was found stays possible.
    slack: f64,
    /// A rise by less is none.
    rise: f64,
}

impl Rounding {
    fn of(method: Method) -> Self {
        match method {
            Method::Simplex => Self {
                slack: 3e-10,
                rise: 1e-8,
            },
            Method::InteriorPoint => Self {
                slack: 1e-7,
                rise: 1e-6,
            },
        }
    }
}

/// What each claim of a programme gets, in their order, hm³; what has been found may be `looser` by some hm³.
pub(crate) fn divide(
    river: &mut River,
    water: &Water,
    sharing: Sharing,
    method: Method,
    looser: f64,
) -> Result<Vec<f64>, String> {
    let mut rounding = Rounding::of(method);
    rounding.slack += looser;
    let all: Vec<Open> = river
        .met
        .iter()
        .map(|claim| claimant(water, sharing, *claim))
        .collect();
    let mut open = all.clone();
    while !open.is_empty() {
        let level = level(river, &open, method)?;
        for claim in &open {
            // A hair at the end of canals that lose much is a great deal at the river.
            let least = (claim.at(level) - rounding.slack * claim.arrives).max(0.0);
            river.programme.bounds[claim.met] = (least, claim.asks);
        }
        let stuck = stuck(river, &open, level, method)?;
        for claim in &stuck {
            river.programme.bounds[claim.met].1 = claim.at(level);
        }
        open.retain(|claim| stuck.iter().all(|other| other.met != claim.met));
    }
    Ok(all
        .iter()
        .map(|claim| river.programme.bounds[claim.met].1)
        .collect())
}

/// The greatest common level of the open claims.
fn level(river: &River, open: &[Open], method: Method) -> Result<f64, String> {
    let mut programme = river.programme.clone();
    let highest = open.iter().map(|claim| claim.asks / claim.pace);
    let level = programme.unknown(0.0, highest.fold(0.0, f64::max));
    for claim in open {
        let above = Sum::of(claim.met, 1.0).and(level, -claim.pace);
        programme.keep(above, 0.0, f64::INFINITY);
    }
    let solution = programme.maximise(&Sum::of(level, 1.0), method)?;
    Ok(solution[level].max(0.0))
}

/// The open claims that cannot rise while the others stay at the level or above.
///
/// Feasible states are convex: where each of several claims can rise alone, all can rise a little at once.
/// So the sum of what has not risen yet is raised until nothing more rises.
fn stuck(river: &River, open: &[Open], level: f64, method: Method) -> Result<Vec<Open>, String> {
    let rise = Rounding::of(method).rise;
    let full = |claim: &Open| claim.at(level) >= claim.asks - rise;
    let (full, mut stuck): (Vec<Open>, Vec<Open>) = open.iter().copied().partition(full);
    let (mut before, mut last) = (usize::MAX, None);
    while !stuck.is_empty() && stuck.len() < before {
        before = stuck.len();
        let sum = stuck
            .iter()
            .fold(Sum::default(), |sum, claim| sum.and(claim.met, 1.0));
        let solution = river.programme.maximise(&sum, method)?;
        let rises = |claim: &Open| solution[claim.met] - claim.at(level);
        last = stuck
            .iter()
            .copied()
            .min_by(|one, other| rises(one).total_cmp(&rises(other)));
        stuck.retain(|claim| rises(claim) <= rise);
    }
    stuck.extend(full);
    // Where all rise by a hair that rounding has left, the last one to rise is stuck.
    if stuck.is_empty() {
        stuck.extend(last);
    }
    Ok(stuck)
}

/// A claim with its pace under the rule of its class.
fn claimant(water: &Water, sharing: Sharing, (claim, met): (Claim, Unknown)) -> Open {
    let asks = volume(water, claim);
    let pace = match (sharing, claim) {
        (Sharing::Weights, Claim::User(user)) => water.plan.weights[user] * asks,
        (Sharing::Shares, Claim::User(user)) => water.plan.shares[user],
        (Sharing::Shares, _) => 1.0,
        _ => asks,
    };
    let arrives = match claim {
        Claim::User(user) => arrives(water.plan, user),
        _ => 1.0,
    };
    Open {
        met,
        asks,
        pace,
        arrives,
    }
}
