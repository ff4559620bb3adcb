//! Measured series beside runs: their scores up to the end of the months that are fitted, and after it (equation E69).

use super::measured::Measured;
use super::question::Question;
use super::settings::Calibration;
use crate::metrics::scores::Scores;
use crate::metrics::skill::pairs;

/// A measured series beside a run, over a part of its months.
#[derive(Clone, Debug)]
pub struct Compared<'c> {
    /// The series.
    pub series: &'c Measured,
    /// Its place among the series.
    pub place: usize,
    /// Whether the months are those after the end of what is fitted, or those up to it.
    pub is_after: bool,
    /// Values that are compared.
    pub values: usize,
    /// Their scores.
    pub scores: Scores,
}

/// The questions to a run of all values of all series, in order.
pub fn questions(calibration: &Calibration) -> Vec<Question> {
    let values = calibration.series.iter().flat_map(|series| &series.values);
    values.map(|value| value.question.clone()).collect()
}

/// Each part of each series beside the answers of a run to [`questions`]; a part that the run does not cover is left out.
pub fn compared<'c>(calibration: &'c Calibration, answers: &[Option<f64>]) -> Vec<Compared<'c>> {
    let mut first = 0;
    let mut all = Vec::new();
    for (place, series) in calibration.series.iter().enumerate() {
        let own = &answers[first..first + series.values.len()];
        first += own.len();
        for is_after in [false, true] {
            let answered = series.values.iter().zip(own).filter(|(value, _)| {
                (value.question.period.last > calibration.period.last) == is_after
            });
            let (simulated, observed): (Vec<_>, Vec<_>) = answered
                .map(|(value, answer)| (*answer, Some(value.value)))
                .unzip();
            let (simulated, observed) = pairs(&simulated, &observed);
            if !observed.is_empty() {
                all.push(Compared {
                    series,
                    place,
                    is_after,
                    values: observed.len(),
                    scores: Scores::of(&simulated, &observed, series.zero()),
                });
            }
        }
    }
    all
}

impl Compared<'_> {
    /// The months in words.
    pub fn months(&self, calibration: &Calibration) -> String {
        let last = calibration.period.last.year();
        match self.is_after {
            false => format!("up to {last}"),
            true => format!("after {last}"),
        }
    }
}
