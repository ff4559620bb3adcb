//! Differences between two runs of the same members (equation E90).

use crate::metrics::quantiles::{mean, median, percentile, sort};
use crate::probability::draws::{Draws, Purpose};

/// How members are drawn again, so that the spread of a mean is known.
#[derive(Clone, Copy, Debug)]
pub struct Bootstrap<'a> {
    /// Key of all draws.
    pub seed: u32,
    /// What else the draws are keyed by; one name for several places draws the same members for all.
    pub name: &'a str,
    /// Number of samples that are drawn.
    pub samples: u32,
    /// Part of the sample means that lies within the interval, %.
    pub percent: f64,
}

impl Bootstrap<'_> {
    fn draws(&self) -> Draws {
        Draws::new(self.seed, self.name, Purpose::Resample)
    }

    /// The mean of each sample, which is drawn for it and not kept.
    fn means(&self, differences: &[f64]) -> Vec<f64> {
        let (draws, count) = (self.draws(), differences.len());
        let mean = |sample| {
            let drawn = drawn(&draws, sample, count).map(|member| differences[member as usize]);
            drawn.sum::<f64>() / count as f64
        };
        (0..self.samples).map(mean).collect()
    }
}

/// The places of the members of a sample, of as many: sample k is a function of the key and of k.
fn drawn(draws: &Draws, sample: u32, members: usize) -> impl Iterator<Item = u32> {
    let mut sequence = draws.from(sample, 0);
    (0..members).map(move |_| sequence.below(members) as u32)
}

/// Differences of the members of a run from the same members of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Members that both runs have a value of.
    pub members: usize,
    /// Mean difference.
    pub mean: f64,
    /// Median difference.
    pub median: f64,
    /// Lower end of the interval of the mean.
    pub low: f64,
    /// Upper end of the interval of the mean.
    pub high: f64,
}

/// Members that are drawn again once, for the differences of many measures.
#[derive(Clone, Debug)]
pub struct Resamples<'a> {
    bootstrap: Bootstrap<'a>,
    members: usize,
    /// Places of members, sample after sample.
    drawn: Vec<u32>,
}

impl<'a> Resamples<'a> {
    /// Samples of as many members, drawn with replacement.
    pub fn of(bootstrap: Bootstrap<'a>, members: usize) -> Self {
        let draws = bootstrap.draws();
        let mut all = Vec::with_capacity(bootstrap.samples as usize * members);
        (0..bootstrap.samples).for_each(|sample| all.extend(drawn(&draws, sample, members)));
        Self {
            bootstrap,
            members,
            drawn: all,
        }
    }

    /// Differences of `values` from `base`, member by member, equation E90: mean, median and the percentile interval
    /// of the mean (Efron and Tibshirani 1993).
    ///
    /// Members of which either has no finite value are left out, and those that are left drawn anew; none where no
    /// member is left or the runs differ in length. The numbers are a function of the values and the key alone, on
    /// whatever thread.
    pub fn difference(&self, values: &[f64], base: &[f64]) -> Option<Difference> {
        if values.len() != base.len() {
            return None;
        }
        let both = values.iter().zip(base).map(|(value, base)| value - base);
        let mut differences: Vec<f64> = both.filter(|difference| difference.is_finite()).collect();
        let mut means = match differences.len() {
            0 => return None,
            count if count == self.members => self.means(&differences),
            _ => self.bootstrap.means(&differences),
        };
        sort(&mut means);
        let outside = (100.0 - self.bootstrap.percent) / 2.0;
        Some(Difference {
            members: differences.len(),
            mean: mean(&differences),
            low: percentile(&means, outside),
            high: percentile(&means, 100.0 - outside),
            median: median(&mut differences),
        })
    }

    fn means(&self, differences: &[f64]) -> Vec<f64> {
        let mean = |sample: &[u32]| {
            let drawn = sample.iter().map(|member| differences[*member as usize]);
            drawn.sum::<f64>() / sample.len() as f64
        };
        self.drawn.chunks(self.members.max(1)).map(mean).collect()
    }
}

/// Differences of `values` from `base` with samples of their own; see [`Resamples::difference`].
pub fn difference(values: &[f64], base: &[f64], bootstrap: Bootstrap) -> Option<Difference> {
    let both = values.iter().zip(base).map(|(value, base)| value - base);
    let members = both.filter(|difference| difference.is_finite()).count();
    Resamples::of(bootstrap, members).difference(values, base)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOTSTRAP: Bootstrap = Bootstrap {
        seed: 1961,
        name: "Lake",
        samples: 2000,
        percent: 95.0,
    };

    fn ramp(count: usize) -> Vec<f64> {
        (0..count).map(|member| member as f64).collect()
    }

    #[test]
    fn e90_of_a_constant_difference_is_certain() {
        let base = ramp(50);
        let more: Vec<f64> = base.iter().map(|value| value + 2.0).collect();
        let found = difference(&more, &base, BOOTSTRAP).expect("a difference");
        let all = (found.mean, found.median, found.low, found.high);
        assert_eq!((found.members, all), (50, (2.0, 2.0, 2.0, 2.0)));
    }

    /// The mean of n draws from n equally likely values of variance σ² has the standard deviation σ/√n and is nearly
    /// normal: 95 % lie within 1.96 of it.
    #[test]
    fn e90_the_interval_is_that_of_the_normal_limit() {
        let values = ramp(1000);
        let found = difference(&values, &[0.0; 1000], BOOTSTRAP).expect("a difference");
        assert_eq!((found.mean, found.median), (499.5, 499.5));
        let half = 1.959_964 * ((1e6 - 1.0) / 12.0 / 1000.0_f64).sqrt();
        // The 2.5th percentile of 2000 sample means has a standard error of 0.06 of their deviation.
        let near = |end: f64, expected: f64| (end - expected).abs() < 0.2 * half / 1.96;
        assert!(
            near(found.low, 499.5 - half) && near(found.high, 499.5 + half),
            "{found:?}"
        );
    }

    #[test]
    fn e90_members_without_value_are_left_out() {
        let values = [1.0, f64::NAN, 3.0, 8.0];
        let base = [0.0, 0.0, f64::INFINITY, 0.0];
        let found = difference(&values, &base, BOOTSTRAP).expect("a difference");
        assert_eq!((found.members, found.mean, found.median), (2, 4.5, 4.5));
        assert_eq!(difference(&[f64::NAN], &[1.0], BOOTSTRAP), None);
        assert_eq!(difference(&[1.0], &[], BOOTSTRAP), None);
    }

    #[test]
    fn e90_threads_and_neighbours_change_nothing() {
        let values: Vec<f64> = ramp(300).iter().map(|value| value * value).collect();
        let alone = difference(&values, &[0.0; 300], BOOTSTRAP);
        let other = Bootstrap {
            name: "Delta",
            ..BOOTSTRAP
        };
        std::thread::scope(|scope| {
            let threads = [BOOTSTRAP, other, BOOTSTRAP].map(|bootstrap| {
                let values = &values;
                scope.spawn(move || difference(values, &[0.0; 300], bootstrap))
            });
            let [first, second, third] = threads.map(|thread| thread.join().expect("it ends"));
            assert_eq!((first, third), (alone, alone));
            assert_ne!(second, alone);
        });
        // Fewer samples are the first of more.
        let few = Bootstrap {
            samples: 10,
            ..BOOTSTRAP
        };
        assert_eq!(
            Resamples::of(few, 300).means(&values),
            Resamples::of(BOOTSTRAP, 300).means(&values)[..10]
        );
    }
}
