//! All scores of a simulated series beside a measured one (equation E69).

use super::skill::{
    determination, duration_curve_bias, kling_gupta_2009, kling_gupta_2012, log_nash_sutcliffe,
    mean_error, nash_sutcliffe, peak_error, percent_bias, root_mean_square_error,
};

/// What the zero of a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zero {
    /// No water: a flow or a volume.
    Empty,
    /// That of a datum: a level.
    Datum,
}

/// The scores of a series; one that is not defined is none. Of a series above a datum, scores that another datum would
/// change are none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scores {
    /// Equation E44.
    pub nash_sutcliffe: Option<f64>,
    /// Equation E44, of logarithms.
    pub log_nash_sutcliffe: Option<f64>,
    /// Equation E45.
    pub kling_gupta_2009: Option<f64>,
    /// Equation E46.
    pub kling_gupta_2012: Option<f64>,
    /// Equation E47: R².
    pub determination: Option<f64>,
    /// Equation E47, in the unit of the series.
    pub root_mean_square_error: Option<f64>,
    /// Equation E47, in the unit of the series.
    pub mean_error: Option<f64>,
    /// Equation E47, %.
    pub percent_bias: Option<f64>,
    /// Equation E48: floods, %.
    pub duration_high: Option<f64>,
    /// Equation E48: the slope between, %.
    pub duration_middle: Option<f64>,
    /// Equation E48: low flows, %.
    pub duration_low: Option<f64>,
    /// Equation E49, %.
    pub peak_error: Option<f64>,
}

impl Scores {
    /// The scores of two series of equal length without missing values.
    pub fn of(simulated: &[f64], observed: &[f64], zero: Zero) -> Self {
        let (s, o) = (simulated, observed);
        let above_datum = Self {
            nash_sutcliffe: nash_sutcliffe(s, o),
            determination: determination(s, o),
            root_mean_square_error: root_mean_square_error(s, o),
            mean_error: mean_error(s, o),
            ..Self::default()
        };
        if zero == Zero::Datum {
            return above_datum;
        }
        let duration = duration_curve_bias(s, o);
        Self {
            log_nash_sutcliffe: log_nash_sutcliffe(s, o),
            kling_gupta_2009: kling_gupta_2009(s, o).map(|score| score.efficiency),
            kling_gupta_2012: kling_gupta_2012(s, o).map(|score| score.efficiency),
            percent_bias: percent_bias(s, o),
            duration_high: duration.and_then(|bias| bias.high),
            duration_middle: duration.and_then(|bias| bias.middle),
            duration_low: duration.and_then(|bias| bias.low),
            peak_error: peak_error(s, o),
            ..above_datum
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBSERVED: [f64; 6] = [4.0, 7.0, 2.0, 9.0, 30.0, 12.0];
    const SIMULATED: [f64; 6] = [5.0, 6.0, 3.0, 10.0, 27.0, 11.0];

    /// Every score that a level keeps is the same above a datum 300 m lower.
    #[test]
    fn e69_scores_of_a_level_do_not_depend_on_its_datum() {
        let above = |values: [f64; 6]| values.map(|value| value + 300.0);
        let own = Scores::of(&SIMULATED, &OBSERVED, Zero::Datum);
        let other = Scores::of(&above(SIMULATED), &above(OBSERVED), Zero::Datum);
        let both = [
            (own.nash_sutcliffe, other.nash_sutcliffe),
            (own.determination, other.determination),
            (own.root_mean_square_error, other.root_mean_square_error),
            (own.mean_error, other.mean_error),
        ];
        for (own, other) in both {
            let (own, other) = (own.expect("a score"), other.expect("a score"));
            // Sums of squares of numbers of size 30 that lost three digits to the datum.
            assert!((own - other).abs() < 1e-11, "{own} is not {other}");
        }
        assert_eq!(own.percent_bias.or(own.kling_gupta_2009), None);
        assert_eq!(own.peak_error.or(own.log_nash_sutcliffe), None);
    }

    /// Differences 1, −1, 1, 1, −3, −1: their mean is −1/3, that of their squares 14/6.
    #[test]
    fn e69_all_scores_of_a_flow_are_told() {
        let scores = Scores::of(&SIMULATED, &OBSERVED, Zero::Empty);
        assert_eq!(scores.mean_error, Some(-2.0 / 6.0));
        assert_eq!(scores.root_mean_square_error, Some((14.0_f64 / 6.0).sqrt()));
        assert_eq!(scores.peak_error, Some(-10.0));
        let others = [
            scores.nash_sutcliffe,
            scores.log_nash_sutcliffe,
            scores.kling_gupta_2009,
            scores.kling_gupta_2012,
            scores.determination,
            scores.percent_bias,
            scores.duration_high,
            scores.duration_middle,
            scores.duration_low,
        ];
        assert!(others.iter().all(Option::is_some), "{scores:?}");
    }
}
