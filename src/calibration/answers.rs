//! Answers to questions over all months of the scenario: of the inputs as they stand, of their draws, of sets of parameters.

use std::path::Path;

use super::bench::{Bench, NoBench, look_at_each};
use super::place::Known;
use super::question::Question;
use super::sets::Set;
use super::settings::Calibration;
use crate::model::Model;
use crate::network::draws::draw_columns;
use crate::results::Run;

/// Answers of some runs: (run, question); none where a run does not cover the months.
pub type Answers = Vec<Vec<Option<f64>>>;

/// Runs over all months of a calibration's scenario.
#[derive(Debug)]
pub struct Runs<'c> {
    model: &'c Model,
    bench: Bench<'c>,
}

impl<'c> Runs<'c> {
    /// The runs of a calibration.
    ///
    /// # Errors
    /// Series that cannot be reconstructed.
    pub fn new(
        calibration: &'c Calibration,
        model: &'c Model,
        inputs: &'c Path,
        known: &Known,
    ) -> Result<Self, NoBench> {
        let period = model.scenarios[&calibration.scenario].period;
        let bench = Bench::new(calibration, model, inputs, known, period)?;
        Ok(Self { model, bench })
    }

    /// Of the inputs as they stand.
    pub fn as_they_stand(&self, questions: &[Question]) -> Vec<Option<f64>> {
        let run = self.bench.run_as_it_stands(None);
        answers(run.as_ref(), questions)
    }

    /// Of the draws beside the first.
    pub fn of_draws(&self, questions: &[Question]) -> Answers {
        let columns = draw_columns(&self.model.network);
        let runs = columns
            .iter()
            .map(|column| self.bench.run_as_it_stands(Some(column)));
        runs.map(|run| answers(run.as_ref(), questions)).collect()
    }

    /// Of sets of parameters.
    pub fn of_sets<'s>(
        &self,
        sets: impl Iterator<Item = &'s Set>,
        questions: &[Question],
    ) -> Answers {
        let sets: Vec<&[f64]> = sets.map(|set| set.values.as_slice()).collect();
        let mut bench = [self.bench.clone()];
        look_at_each(&mut bench, &sets, &|_, run| answers(run, questions))
    }
}

fn answers(run: Option<&Run>, questions: &[Question]) -> Vec<Option<f64>> {
    let answer = |question: &Question| question.answer(run?);
    questions.iter().map(answer).collect()
}

/// Least and greatest answer of some runs to a question.
pub fn band<'a>(
    runs: impl Iterator<Item = &'a Vec<Option<f64>>>,
    question: usize,
) -> Option<(f64, f64)> {
    let answers = runs.filter_map(|answers| answers[question]);
    answers.fold(None, |band, answer| {
        let (low, high) = band.unwrap_or((answer, answer));
        Some((low.min(answer), high.max(answer)))
    })
}
