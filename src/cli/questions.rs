//! What `run --explain` asks, and the answers.

use std::str::FromStr;

use super::Voice;
use crate::faults::{Fault, Faults, nearest};
use crate::model::Model;
use crate::outputs::explanation::{claim_names, claims_named, explain};
use crate::results::Run;
use crate::scenario::Scenario;
use crate::time::{Date, TimeStep};

/// A claim and a date: `CLAIM@YYYY-MM`, or `CLAIM@YYYY-MM-DD` in a run by days.
#[derive(Clone, Debug)]
pub(super) struct Question {
    claim: String,
    date: Date,
}

/// A text that asks nothing.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "expected the name of a user, minimum flow or reservoir, `@` and a month or day: CLAIM@YYYY-MM or CLAIM@YYYY-MM-DD"
)]
pub(super) struct NotAQuestion;

impl FromStr for Question {
    type Err = NotAQuestion;

    fn from_str(text: &str) -> Result<Self, NotAQuestion> {
        let (claim, date) = text.rsplit_once('@').ok_or(NotAQuestion)?;
        if claim.is_empty() {
            return Err(NotAQuestion);
        }
        Ok(Self {
            claim: claim.to_owned(),
            date: date.parse().map_err(|_| NotAQuestion)?,
        })
    }
}

/// Finds what is asked about an unknown claim or a date that a scenario does not have.
///
/// # Errors
/// All such questions.
pub(super) fn check(
    questions: &[Question],
    model: &Model,
    scenarios: &[Scenario],
) -> Result<(), Faults> {
    let mut faults = Faults::default();
    for question in questions {
        if claims_named(&model.network, &question.claim).is_empty() {
            let expected = "the name of a user, minimum flow or reservoir".to_owned();
            let hint = nearest(&question.claim, claim_names(&model.network));
            faults.push(fault(format!("`{}`", question.claim), expected, hint));
        }
        for scenario in scenarios {
            faults_of_date(question.date, scenario, &mut faults);
        }
    }
    faults.or(Some(()))
}

fn faults_of_date(date: Date, scenario: &Scenario, faults: &mut Faults) {
    let Scenario { name, period, .. } = scenario;
    let found = format!("`{date}`");
    if !period.contains(date.month()) {
        let expected = format!("a date in {period}, the period of `{name}`");
        faults.push(fault(found, expected, String::new()));
    } else if matches!(date, Date::Day(..)) && scenario.time_step == TimeStep::Month {
        let expected = format!("a month: `{name}` runs by months");
        let hint = "leave out the day, or add `--step day`".to_owned();
        faults.push(fault(found, expected, hint));
    }
}

fn fault(found: String, expected: String, hint: String) -> Fault {
    Fault {
        file: "command line".to_owned(),
        line: 0,
        place: "--explain".to_owned(),
        found,
        expected,
        hint,
    }
}

/// Says what each claim got and why.
pub(super) fn answer(questions: &[Question], run: &Run, voice: Voice) {
    for question in questions {
        for claim in claims_named(run.network, &question.claim) {
            if let Some(explanation) = explain(run, claim, question.date) {
                voice.tell("explanation", &explanation);
            }
        }
    }
}
