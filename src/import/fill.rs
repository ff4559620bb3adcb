//! Gaps of a flow series, filled by a method that the user names. Every method rests on observed months only.

use std::fmt;
use std::str::FromStr;

use crate::faults::{counted, listed};
use crate::inputs::series::Series;
use crate::time::Month;

/// Fewest other years that a climatology rests on without a warning.
const FEW_YEARS: usize = 5;

/// Fewest months with a value in both series that a regression rests on.
const FEW_MONTHS: usize = 12;

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Mean of the same month in other years.
    Climatology,
    /// Least squares on a neighbouring series.
    Regression,
    /// A line between the months before and after.
    Linear,
}

impl Method {
    /// The words of the methods.
    pub const WORDS: [&str; 3] = ["climatology", "regression", "linear"];
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(Self::WORDS[*self as usize])
    }
}

/// A text that names no method.
#[derive(Clone, Debug, thiserror::Error)]
#[error("expected one of {}", listed(Method::WORDS))]
pub struct NotAMethod;

impl FromStr for Method {
    type Err = NotAMethod;

    fn from_str(text: &str) -> Result<Self, NotAMethod> {
        let all = [Self::Climatology, Self::Regression, Self::Linear];
        let named = all.into_iter().find(|method| method.to_string() == text);
        named.ok_or(NotAMethod)
    }
}

/// A month of a series that may be missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) month: Month,
    pub(super) flow: Option<f64>,
    /// The method that filled it; none where it is observed or missing.
    pub(super) filled: Option<Method>,
}

impl Step {
    fn observed(&self) -> Option<f64> {
        self.flow.filter(|_| self.filled.is_none())
    }
}

/// Fills months from the same month of other years. Gives warnings where these are few.
pub(super) fn by_climatology(steps: &mut [Step]) -> Vec<String> {
    let mut warnings = Vec::new();
    for number in 1..=12 {
        let own = |step: &&Step| step.month.number() == number;
        let years: Vec<f64> = steps
            .iter()
            .filter(own)
            .filter_map(Step::observed)
            .collect();
        let missing = steps.iter().filter(own).any(|step| step.flow.is_none());
        if years.is_empty() || !missing {
            continue;
        }
        let mean = years.iter().sum::<f64>() / years.len() as f64;
        let filled = fill(steps, Method::Climatology, |month| {
            (month.number() == number).then_some(mean)
        });
        if years.len() < FEW_YEARS {
            let years = counted(years.len(), "other year");
            warnings.push(format!("climatology of {filled} rests on {years}"));
        }
    }
    warnings
}

/// Fills gaps of at most `longest` months on a line between the observed months beside them.
pub(super) fn by_line(steps: &mut [Step], longest: usize) {
    let known: Vec<(usize, f64)> = steps
        .iter()
        .enumerate()
        .filter_map(|(place, step)| Some((place, step.observed()?)))
        .collect();
    for ends in known.windows(2) {
        let [(before, from), (after, to)] = [ends[0], ends[1]];
        if after - before - 1 > longest {
            continue;
        }
        let gap = &mut steps[before + 1..after];
        for (step, place) in gap.iter_mut().zip(1..) {
            let part = f64::from(place) / (after - before) as f64;
            if step.flow.is_none() {
                step.flow = Some(from + (to - from) * part);
                step.filled = Some(Method::Linear);
            }
        }
    }
}

/// A line through pairs of months by least squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Regression {
    pub(super) slope: f64,
    pub(super) intercept: f64,
    /// The square of the correlation.
    pub(super) r2: f64,
    /// Months with a value in both.
    pub(super) months: usize,
}

/// Why there is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoLine {
    /// So many months have a value in both.
    FewMonths(usize),
    /// One of the series never changes in these months.
    Constant,
}

impl NoLine {
    /// What was found.
    pub(super) fn found(self) -> String {
        match self {
            Self::FewMonths(count) => format!("{} observed in both", counted(count, "month")),
            Self::Constant => "a series that never changes".to_owned(),
        }
    }

    /// What a regression needs.
    pub(super) fn expected() -> String {
        format!("at least {FEW_MONTHS} months observed in both, of changing flow")
    }
}

/// Fills months from a neighbour; flows below 0 become 0.
pub(super) fn by_regression(steps: &mut [Step], neighbour: &Series) -> Result<Regression, NoLine> {
    let pairs: Vec<(f64, f64)> = steps
        .iter()
        .filter_map(|step| Some((observed(neighbour, step.month)?, step.observed()?)))
        .collect();
    let line = line_through(&pairs)?;
    fill(steps, Method::Regression, |month| {
        let flow = line.intercept + line.slope * observed(neighbour, month)?;
        Some(flow.max(0.0))
    });
    Ok(line)
}

/// The flow of a month, where the series has it and it is observed.
fn observed(series: &Series, month: Month) -> Option<f64> {
    let place = usize::try_from(month.since(series.first)).ok()?;
    let quality = series.quality.as_ref().and_then(|words| words.get(place));
    let flow = series.columns[0].1.get(place).copied();
    flow.filter(|_| quality.is_none_or(|word| word == "observed"))
}

fn line_through(pairs: &[(f64, f64)]) -> Result<Regression, NoLine> {
    if pairs.len() < FEW_MONTHS {
        return Err(NoLine::FewMonths(pairs.len()));
    }
    let count = pairs.len() as f64;
    let x_mean = pairs.iter().map(|(x, _)| x).sum::<f64>() / count;
    let y_mean = pairs.iter().map(|(_, y)| y).sum::<f64>() / count;
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        let apart = pairs.iter().map(|(x, y)| of(x - x_mean, y - y_mean));
        apart.sum()
    };
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    if xx <= 0.0 || yy <= 0.0 {
        return Err(NoLine::Constant);
    }
    let slope = xy / xx;
    Ok(Regression {
        slope,
        intercept: y_mean - slope * x_mean,
        r2: xy * xy / (xx * yy),
        months: pairs.len(),
    })
}

/// Fills what is missing where there is a value for it; names the months.
fn fill(steps: &mut [Step], method: Method, value: impl Fn(Month) -> Option<f64>) -> String {
    let mut filled = Vec::new();
    for step in steps.iter_mut().filter(|step| step.flow.is_none()) {
        if let Some(flow) = value(step.month) {
            step.flow = Some(flow);
            step.filled = Some(method);
            filled.push(step.month.to_string());
        }
    }
    filled.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(flows: &[Option<f64>]) -> Vec<Step> {
        let step = |(place, flow): (usize, &Option<f64>)| Step {
            month: Month::new(2000, 1).plus(place as i32),
            flow: *flow,
            filled: None,
        };
        flows.iter().enumerate().map(step).collect()
    }

    fn flows(steps: &[Step]) -> Vec<Option<f64>> {
        steps.iter().map(|step| step.flow).collect()
    }

    #[test]
    fn a_line_bridges_short_gaps_only() {
        let mut some = steps(&[
            Some(1.0),
            None,
            Some(3.0),
            None,
            None,
            None,
            Some(7.0),
            None,
        ]);
        by_line(&mut some, 2);
        let bridged = [
            Some(1.0),
            Some(2.0),
            Some(3.0),
            None,
            None,
            None,
            Some(7.0),
            None,
        ];
        assert_eq!(flows(&some), bridged);
        by_line(&mut some, 3);
        assert_eq!(some[4].flow, Some(5.0));
        assert_eq!(some[4].filled, Some(Method::Linear));
    }

    #[test]
    fn a_climatology_works_from_one_other_year_on_with_a_warning() {
        let mut some = steps(&[None; 36]);
        (some[0].flow, some[24].flow) = (Some(4.0), Some(6.0));
        some[13].flow = Some(9.0);
        let warnings = by_climatology(&mut some);
        assert_eq!(some[12].flow, Some(5.0));
        assert_eq!((some[1].flow, some[25].flow), (Some(9.0), Some(9.0)));
        assert_eq!(some[2].flow, None);
        let told = [
            "climatology of 2001-01 rests on 2 other years",
            "climatology of 2000-02, 2002-02 rests on 1 other year",
        ];
        assert_eq!(warnings, told);
    }

    #[test]
    fn a_regression_finds_the_line_that_made_its_months() {
        let neighbour: Vec<f64> = (0..24).map(|month| f64::from(month % 7)).collect();
        let made = |x: &f64| Some(2.0 * x - 3.0).filter(|flow| *flow >= 0.0);
        let mut some = steps(&neighbour.iter().map(made).collect::<Vec<_>>());
        let mut series = Series {
            file: String::new(),
            first: Month::new(2000, 1),
            columns: vec![("flow".to_owned(), neighbour)],
            daily: None,
            quality: None,
        };
        let line = by_regression(&mut some, &series).expect("a line");
        // Whole numbers: the sums are exact, the quotients not.
        assert!((line.slope - 2.0).abs() < 1e-12 && (line.r2 - 1.0).abs() < 1e-12);
        assert_eq!(some[0].flow, Some(0.0), "a flow is never below 0");
        assert_eq!(some[0].filled, Some(Method::Regression));
        series.quality = Some(vec!["synthetic".to_owned(); 24]);
        let none = by_regression(&mut some, &series);
        assert_eq!(none, Err(NoLine::FewMonths(0)));
    }
}
