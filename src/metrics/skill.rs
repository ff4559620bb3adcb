//! How like an observed series a simulated one is (equations E44–E49).
//!
//! Every score takes two slices of equal length, simulated first, without missing values; [`pairs`] makes
//! them of series that have some. A score is none where it is not defined: nothing to compare, lengths that
//! differ, an observed series that never changes or adds up to nothing.

/// The pairs of two series in which neither value is missing: simulated, observed.
pub fn pairs(simulated: &[Option<f64>], observed: &[Option<f64>]) -> (Vec<f64>, Vec<f64>) {
    let both = simulated.iter().zip(observed);
    both.filter_map(|(simulated, observed)| Some(((*simulated)?, (*observed)?)))
        .unzip()
}

/// A Kling–Gupta efficiency with its parts; each part is 1 at best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KlingGupta {
    /// 1 − √((r − 1)² + (variability − 1)² + (bias − 1)²).
    pub efficiency: f64,
    /// r: Pearson's correlation.
    pub correlation: f64,
    /// α, the ratio of standard deviations (2009), or γ, that of coefficients of variation (2012).
    pub variability: f64,
    /// β: the ratio of means.
    pub bias: f64,
}

/// Efficiency of Nash and Sutcliffe (1970), equation E44: 1 − Σ(s − o)² ÷ Σ(o − ō)².
pub fn nash_sutcliffe(simulated: &[f64], observed: &[f64]) -> Option<f64> {
    let series = Comparison::of(simulated, observed)?;
    let error = sum(series.both().map(|(s, o)| (s - o) * (s - o)));
    defined(1.0 - error / series.spread_observed())
}

/// Efficiency of Nash and Sutcliffe of logarithms, equation E44: flows are ln(q + ō ÷ 100), so that a month
/// without flow has one too (Pushpalatha et al. 2012).
pub fn log_nash_sutcliffe(simulated: &[f64], observed: &[f64]) -> Option<f64> {
    let small = Comparison::of(simulated, observed)?.mean_observed() / 100.0;
    let logs = |flows: &[f64]| flows.iter().map(|q| libm::log(q + small)).collect();
    let (simulated, observed): (Vec<f64>, Vec<f64>) = (logs(simulated), logs(observed));
    nash_sutcliffe(&simulated, &observed)
}

/// Efficiency of Gupta et al. (2009), equation E45, with α = σ(s) ÷ σ(o).
pub fn kling_gupta_2009(simulated: &[f64], observed: &[f64]) -> Option<KlingGupta> {
    let series = Comparison::of(simulated, observed)?;
    series.kling_gupta(series.ratio_of_deviations())
}

/// Efficiency of Kling et al. (2012), equation E46, with γ = (σ(s) ÷ s̄) ÷ (σ(o) ÷ ō).
pub fn kling_gupta_2012(simulated: &[f64], observed: &[f64]) -> Option<KlingGupta> {
    let series = Comparison::of(simulated, observed)?;
    series.kling_gupta(series.ratio_of_deviations() / series.ratio_of_means())
}

/// Root mean square error, in the unit of the series, equation E47: √(Σ(s − o)² ÷ n).
pub fn root_mean_square_error(simulated: &[f64], observed: &[f64]) -> Option<f64> {
    let series = Comparison::of(simulated, observed)?;
    let error = sum(series.both().map(|(s, o)| (s - o) * (s - o)));
    defined((error / series.count()).sqrt())
}

/// Mean difference, in the unit of the series, equation E47: Σ(s − o) ÷ n; above 0 where too much is simulated.
pub fn mean_error(simulated: &[f64], observed: &[f64]) -> Option<f64> {
    let series = Comparison::of(simulated, observed)?;
    defined(sum(series.both().map(|(s, o)| s - o)) / series.count())
}

/// Bias, %, equation E47: 100 Σ(s − o) ÷ Σo; above 0 where too much is simulated.
pub fn percent_bias(simulated: &[f64], observed: &[f64]) -> Option<f64> {
    let series = Comparison::of(simulated, observed)?;
    let error = sum(series.both().map(|(s, o)| s - o));
    defined(100.0 * error / sum(observed.iter().copied()))
}

/// Coefficient of determination, equation E47: the square of Pearson's correlation.
pub fn determination(simulated: &[f64], observed: &[f64]) -> Option<f64> {
    let correlation = Comparison::of(simulated, observed)?.correlation();
    defined(correlation * correlation)
}

/// Biases of three segments of the flow-duration curve, %, equation E48 (Yilmaz et al. 2008).
///
/// Both series are sorted by themselves, greatest first. A segment that would be empty in a short series
/// has one value; one that needs the logarithm of a flow of 0 is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DurationCurveBias {
    /// `FHV`, the volume of floods: the greatest 2 % of flows.
    pub high: Option<f64>,
    /// `FMS`, the slope between the flows that 20 % and 70 % reach, of logarithms.
    pub middle: Option<f64>,
    /// `FLV`, the volume of low flows: the least 30 %, of logarithms above the least flow; above 0 where the
    /// simulated low flows lie closer to their least one.
    pub low: Option<f64>,
}

/// Biases of the flow-duration curve, equation E48.
pub fn duration_curve_bias(simulated: &[f64], observed: &[f64]) -> Option<DurationCurveBias> {
    Comparison::of(simulated, observed)?;
    let (simulated, observed) = (falling(simulated), falling(observed));
    let part = |share: f64| ((share * observed.len() as f64).round() as usize).max(1);
    let volume = |flows: &[f64]| sum(flows[..part(0.02)].iter().copied());
    let slope = |flows: &[f64]| libm::log(flows[part(0.2) - 1]) - libm::log(flows[part(0.7) - 1]);
    let above_least = |flows: &[f64]| {
        let low = &flows[flows.len() - part(0.3)..];
        let least = libm::log(flows[flows.len() - 1]);
        sum(low.iter().map(|flow| libm::log(*flow) - least))
    };
    let bias = |of: &dyn Fn(&[f64]) -> f64| {
        defined(100.0 * (of(&simulated) - of(&observed)) / of(&observed))
    };
    Some(DurationCurveBias {
        high: bias(&volume),
        middle: bias(&slope),
        low: bias(&above_least).map(|bias| -bias),
    })
}

/// Error of the greatest value, %, whenever either occurs, equation E49: 100 (max s − max o) ÷ max o.
pub fn peak_error(simulated: &[f64], observed: &[f64]) -> Option<f64> {
    Comparison::of(simulated, observed)?;
    let greatest = |flows: &[f64]| flows.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let observed = greatest(observed);
    defined(100.0 * (greatest(simulated) - observed) / observed)
}

/// Two series of equal length that hold something.
struct Comparison<'a> {
    simulated: &'a [f64],
    observed: &'a [f64],
}

impl<'a> Comparison<'a> {
    fn of(simulated: &'a [f64], observed: &'a [f64]) -> Option<Self> {
        (simulated.len() == observed.len() && !observed.is_empty()).then_some(Self {
            simulated,
            observed,
        })
    }

    fn both(&self) -> impl Iterator<Item = (f64, f64)> {
        let observed = self.observed.iter().copied();
        self.simulated.iter().copied().zip(observed)
    }

    fn count(&self) -> f64 {
        self.observed.len() as f64
    }

    fn mean_observed(&self) -> f64 {
        mean(self.observed)
    }

    fn spread_observed(&self) -> f64 {
        spread(self.observed)
    }

    fn ratio_of_means(&self) -> f64 {
        mean(self.simulated) / self.mean_observed()
    }

    fn ratio_of_deviations(&self) -> f64 {
        (spread(self.simulated) / self.spread_observed()).sqrt()
    }

    fn correlation(&self) -> f64 {
        let (s_mean, o_mean) = (mean(self.simulated), self.mean_observed());
        let together = sum(self.both().map(|(s, o)| (s - s_mean) * (o - o_mean)));
        together / (spread(self.simulated).sqrt() * self.spread_observed().sqrt())
    }

    fn kling_gupta(&self, variability: f64) -> Option<KlingGupta> {
        let (correlation, bias) = (self.correlation(), self.ratio_of_means());
        let away = [correlation, variability, bias].map(|part| (part - 1.0) * (part - 1.0));
        Some(KlingGupta {
            efficiency: defined(1.0 - sum(away.into_iter()).sqrt())?,
            correlation,
            variability,
            bias,
        })
    }
}

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.sum()
}

fn mean(values: &[f64]) -> f64 {
    sum(values.iter().copied()) / values.len() as f64
}

/// Sum of squared distances from the mean.
fn spread(values: &[f64]) -> f64 {
    let mean = mean(values);
    sum(values.iter().map(|value| (value - mean) * (value - mean)))
}

fn falling(flows: &[f64]) -> Vec<f64> {
    let mut flows = flows.to_vec();
    flows.sort_by(|one, other| other.total_cmp(one));
    flows
}

/// A score that is a number.
fn defined(score: f64) -> Option<f64> {
    score.is_finite().then_some(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBSERVED: [f64; 8] = [4.0, 7.0, 2.0, 9.0, 30.0, 12.0, 5.0, 3.0];

    fn close(score: Option<f64>, expected: f64) {
        let score = score.expect("a score");
        // Sums of eight numbers of size 10: rounding stays below 1e-13.
        assert!(
            (score - expected).abs() < 1e-12,
            "{score} is not {expected}"
        );
    }

    #[test]
    fn e44_to_e49_of_a_perfect_fit() {
        let same = &OBSERVED;
        close(nash_sutcliffe(same, same), 1.0);
        close(log_nash_sutcliffe(same, same), 1.0);
        for score in [kling_gupta_2009(same, same), kling_gupta_2012(same, same)] {
            let score = score.expect("a score");
            close(Some(score.efficiency), 1.0);
            close(Some(score.correlation), 1.0);
            close(Some(score.variability), 1.0);
            close(Some(score.bias), 1.0);
        }
        close(determination(same, same), 1.0);
        let curve = duration_curve_bias(same, same).expect("a curve");
        for score in [
            root_mean_square_error(same, same),
            percent_bias(same, same),
            curve.high,
            curve.middle,
            curve.low,
            peak_error(same, same),
        ] {
            close(score, 0.0);
        }
    }

    /// The mean as model has the efficiency 0 (Nash and Sutcliffe 1970) and no correlation.
    #[test]
    fn e44_e45_of_the_mean_as_model() {
        let mean = [mean(&OBSERVED); 8];
        close(nash_sutcliffe(&mean, &OBSERVED), 0.0);
        close(percent_bias(&mean, &OBSERVED), 0.0);
        assert_eq!(kling_gupta_2009(&mean, &OBSERVED), None);
        assert_eq!(determination(&mean, &OBSERVED), None);
    }

    /// A constant bias d: RMSE = d, NSE = 1 − n d² ÷ Σ(o − ō)², r = α = 1, so that KGE = 1 − d ÷ ō.
    #[test]
    fn e44_e45_e47_e49_of_a_constant_bias() {
        let added = OBSERVED.map(|flow| flow + 1.8);
        let spread = spread(&OBSERVED);
        close(root_mean_square_error(&added, &OBSERVED), 1.8);
        close(
            nash_sutcliffe(&added, &OBSERVED),
            1.0 - 8.0 * 1.8 * 1.8 / spread,
        );
        // The mean is 9.
        close(percent_bias(&added, &OBSERVED), 20.0);
        let score = kling_gupta_2009(&added, &OBSERVED).expect("a score");
        close(Some(score.efficiency), 0.8);
        close(Some(score.variability), 1.0);
        close(determination(&added, &OBSERVED), 1.0);
        close(peak_error(&added, &OBSERVED), 6.0);
    }

    /// A constant factor c: β = α = c and γ = 1; logarithms are moved, so that slopes and low volumes stay.
    #[test]
    fn e45_e46_e48_of_a_constant_factor() {
        let more = OBSERVED.map(|flow| flow * 1.5);
        let (older, newer) = (
            kling_gupta_2009(&more, &OBSERVED).expect("a score"),
            kling_gupta_2012(&more, &OBSERVED).expect("a score"),
        );
        close(Some(older.variability), 1.5);
        close(Some(older.efficiency), 1.0 - 0.5_f64.sqrt());
        close(Some(newer.variability), 1.0);
        close(Some(newer.efficiency), 0.5);
        let curve = duration_curve_bias(&more, &OBSERVED).expect("a curve");
        close(curve.high, 50.0);
        close(curve.middle, 0.0);
        close(curve.low, 0.0);
    }

    /// Squares double every logarithm, hence the slope; the low volume is twice too great, which counts as −100 %.
    #[test]
    fn e48_of_squares() {
        let squares = OBSERVED.map(|flow| flow * flow);
        let curve = duration_curve_bias(&squares, &OBSERVED).expect("a curve");
        close(curve.high, 2900.0);
        close(curve.middle, 100.0);
        close(curve.low, -100.0);
    }

    #[test]
    fn what_is_not_defined_is_none() {
        let (flat, none): ([f64; 8], [f64; 0]) = ([3.0; 8], []);
        assert_eq!(nash_sutcliffe(&OBSERVED, &flat), None);
        assert_eq!(kling_gupta_2012(&OBSERVED, &flat), None);
        assert_eq!(percent_bias(&OBSERVED, &[0.0; 8]), None);
        assert_eq!(peak_error(&OBSERVED, &[0.0; 8]), None);
        assert_eq!(root_mean_square_error(&none, &none), None);
        assert_eq!(root_mean_square_error(&OBSERVED, &OBSERVED[1..]), None);
        let mut dry = OBSERVED;
        dry[7] = 0.0;
        let curve = duration_curve_bias(&OBSERVED, &dry).expect("a curve");
        assert_eq!((curve.high, curve.low), (Some(0.0), None));
        assert!(log_nash_sutcliffe(&OBSERVED, &dry).is_some());
    }

    #[test]
    fn a_pair_with_a_missing_value_is_left_out() {
        let simulated = [Some(1.0), None, Some(3.0), Some(4.0)];
        let observed = [Some(5.0), Some(6.0), None, Some(8.0)];
        assert_eq!(
            pairs(&simulated, &observed),
            (vec![1.0, 4.0], vec![5.0, 8.0])
        );
    }
}
