//! The values of a series in every step of a run.

use super::build::Step;
use crate::inputs::series::Monthly;
use crate::scenario::{Disaggregation, Scenario};
use crate::time::Date;

/// The steps of a run and how months are spread over their days (equation E28).
#[derive(Clone, Copy)]
pub(super) struct Course<'a> {
    pub(super) steps: &'a [Step],
    pub(super) disaggregation: Disaggregation,
}

impl<'a> Course<'a> {
    /// The steps of a scenario.
    pub(super) fn of(steps: &'a [Step], scenario: &Scenario) -> Self {
        let disaggregation = scenario.disaggregation;
        Self {
            steps,
            disaggregation,
        }
    }

    /// Flow of each step, m³/s.
    pub(super) fn flow(&self, values: &Monthly, column: usize) -> Vec<f64> {
        self.written(values, column)
            .unwrap_or_else(|| self.spread(|step| values.at(step.source.month(), column)))
    }

    /// Depth of each step, mm.
    pub(super) fn depth(&self, values: &Monthly) -> Vec<f64> {
        self.written(values, 0).unwrap_or_else(|| {
            // The month keeps its depth where a leap day makes it longer than its source.
            self.spread(|step| {
                values.at(step.source.month(), 0) / f64::from(step.date.month().days())
            })
        })
    }

    /// The values as they are written, where a run by months or a series by days lets them be taken so.
    fn written(&self, values: &Monthly, column: usize) -> Option<Vec<f64>> {
        let value = |step: &Step| match step.source {
            Date::Month(month) => Some(values.at(month, column)),
            Date::Day(month, day) => values.on(month, day, column),
        };
        self.steps.iter().map(value).collect()
    }

    /// Values of days whose means by month are given.
    fn spread(&self, mean: impl Fn(&Step) -> f64) -> Vec<f64> {
        let months = self
            .steps
            .chunk_by(|one, other| one.date.month() == other.date.month());
        let means = months.map(|days| (mean(&days[0]), days.len() as u32));
        self.disaggregation.days(&means.collect::<Vec<_>>())
    }
}
