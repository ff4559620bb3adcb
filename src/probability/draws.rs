//! Random numbers that are a function of their key alone (equation E50).
//!
//! Seed, purpose and site make the key of a `ChaCha8` cipher, the member is its stream and the step its place in
//! the stream. No number depends on how many others are drawn, in which order, or by whom.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

use super::normal::deviate;

/// What a number is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The state before the first step.
    Start,
    /// What is new in a month.
    Month,
    /// The year that follows.
    Year,
    /// The year whose months are taken.
    Pattern,
    /// The regime of a year.
    Regime,
    /// The total of a year.
    Total,
    /// A value of an axis of a batch.
    Sample,
    /// The members of a sample drawn again.
    Resample,
    /// A candidate of a search.
    Candidate,
    /// A set of parameters from their priors.
    Set,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Month => "month",
            Self::Year => "year",
            Self::Pattern => "pattern",
            Self::Regime => "regime",
            Self::Total => "total",
            Self::Sample => "sample",
            Self::Resample => "resample",
            Self::Candidate => "candidate",
            Self::Set => "set",
        }
    }
}

/// All numbers that are drawn for one site and purpose.
#[derive(Clone, Copy, Debug)]
pub struct Draws([u8; 32]);

impl Draws {
    /// The draws of a seed for a site and a purpose.
    pub fn new(seed: u32, site: &str, purpose: Purpose) -> Self {
        // Neither seed nor purpose holds a bar, so that no two keys are one text.
        let key = format!("{seed}|{}|{site}", purpose.word());
        Self(Sha256::digest(key.as_bytes()).into())
    }

    /// The draws of a member from a step on, in the order of the steps.
    pub fn from(&self, member: u32, step: u32) -> Sequence {
        let mut cipher = ChaCha8Rng::from_seed(self.0);
        cipher.set_stream(u64::from(member));
        cipher.set_word_pos(2 * u128::from(step));
        Sequence(cipher)
    }
}

/// Numbers of one member, one a step.
#[derive(Debug)]
pub struct Sequence(ChaCha8Rng);

impl Sequence {
    /// A number above 0 and below 1, of 52 random bits: in the middle of its interval, so that neither end is met.
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }

    /// A standard normal deviate.
    pub fn normal(&mut self) -> f64 {
        deviate(self.uniform())
    }

    /// A whole number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        (self.uniform() * count as f64) as usize
    }

    /// One of the first `count` of a ranking: the n-th with a weight of 1/n (Lall & Sharma 1996).
    pub fn rank(&mut self, count: usize) -> usize {
        let weight = |rank: usize| 1.0 / (rank + 1) as f64;
        let mut left = self.uniform() * (0..count).map(weight).sum::<f64>();
        for rank in 0..count {
            left -= weight(rank);
            if left < 0.0 {
                return rank;
            }
        }
        count.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(site: &str) -> Draws {
        Draws::new(7, site, Purpose::Month)
    }

    #[test]
    fn e50_a_number_is_a_function_of_its_key() {
        let mut along = draws("Ili").from(3, 0);
        for step in 0..40 {
            let alone = draws("Ili").from(3, step).uniform();
            assert_eq!(along.uniform().to_bits(), alone.to_bits(), "{step}");
        }
    }

    #[test]
    fn e50_every_part_of_the_key_counts() {
        let first = draws("Ili").from(0, 0).uniform();
        let others = [
            draws("Ili").from(1, 0).uniform(),
            draws("Ili").from(0, 1).uniform(),
            draws("Tekes").from(0, 0).uniform(),
            Draws::new(8, "Ili", Purpose::Month).from(0, 0).uniform(),
            Draws::new(7, "Ili", Purpose::Start).from(0, 0).uniform(),
        ];
        assert!(others.iter().all(|other| *other != first));
    }

    #[test]
    fn e50_the_numbers_are_those_of_always() {
        // From the definition of ChaCha with 8 rounds (Bernstein 2008), written down apart from this library: the
        // stream is the member, the step's two words of the key stream are the number.
        let mut sequence = Draws::new(1961, "Ili", Purpose::Month).from(1, 23_532);
        let found: Vec<u64> = (0..3).map(|_| sequence.uniform().to_bits()).collect();
        assert_eq!(found, ALWAYS);
    }

    const ALWAYS: [u64; 3] = [
        0x3fb2_0b4f_f7d0_4c88,
        0x3fe7_5265_89a0_8841,
        0x3fd1_8688_9058_787a,
    ];

    #[test]
    fn e50_ranks_have_their_weights() {
        let mut counts = [0.0; 3];
        let mut sequence = draws("Ili").from(0, 0);
        for _ in 0..30_000 {
            counts[sequence.rank(3)] += 1.0 / 30_000.0;
        }
        // Weights 6, 3 and 2 of 11; the standard error of a share is below 0.003.
        for (found, weight) in counts.into_iter().zip([6.0, 3.0, 2.0]) {
            assert!((found - weight / 11.0_f64).abs() < 0.012, "{counts:?}");
        }
    }

    #[test]
    fn e50_normal_deviates_have_mean_0_and_variance_1() {
        let mut sequence = draws("Ili").from(0, 0);
        let drawn: Vec<f64> = (0..40_000).map(|_| sequence.normal()).collect();
        let mean = drawn.iter().sum::<f64>() / 40_000.0;
        let variance = drawn.iter().map(|z| z * z).sum::<f64>() / 40_000.0;
        // Standard errors are 0.005 and 0.007.
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03);
    }
}
