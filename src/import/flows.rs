//! Flows as a dated series of this project, without gaps.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::fill::{Method, NoLine, Regression, Step, by_climatology, by_line, by_regression};
use super::months::{Mean, joined, means};
use super::note::{lines, voucher};
use super::record::Record;
use super::source::name_of;
use super::{Format, Imported, Request, files_fault, option_fault};
use crate::faults::counted;
use crate::inputs::folder::Folder;
use crate::inputs::series::{Monthly, Series, series_file};
use crate::time::{Month, Period};
use crate::units::Quantity;

/// The series of some records; a month without value that no method fills is a fault.
pub(super) fn series(folder: &Folder, request: &Request, records: &[Record]) -> Option<Imported> {
    let of_files = records.iter().map(|r| means(r, request.missing_days));
    let months = joined(of_files.collect());
    let neighbour = neighbour(folder, request);
    let Some(period) = request.period.or_else(|| covered(&months)) else {
        refuse_empty(folder, request, records, &months);
        return None;
    };
    let mut steps: Vec<Step> = period
        .months()
        .map(|month| Step {
            month,
            flow: months.get(&month).and_then(|mean| mean.value),
            filled: None,
        })
        .collect();
    let filled = filled(folder, request, &mut steps, neighbour.as_ref());
    refuse_gaps(folder, request, records, &months, &steps);
    let usual = match steps.iter().any(|step| step.filled.is_some()) {
        true => "medium",
        false => "high",
    };
    let voucher = voucher(folder, request, &records[0], usual)?;
    let filled = filled.filter(|_| folder.is_sound())?;
    let notes = notes(request, &months, &steps, filled.line);
    let mut text = lines(folder, request, &voucher, &notes);
    text += "date,flow_m3s,quality\n";
    for step in &steps {
        let (month, flow) = (step.month, step.flow.unwrap_or_default());
        let _ = match step.filled {
            None => writeln!(text, "{month},{flow:.3},observed"),
            Some(method) => writeln!(text, "{month},{flow:.3},filled-{method}"),
        };
    }
    let count = steps.iter().filter(|step| step.filled.is_some()).count();
    Some(Imported {
        summary: format!(
            "{}: {} of flow, {period}, {} filled",
            records[0].place,
            counted(steps.len(), "month"),
            counted(count, "month")
        ),
        text,
        warnings: filled.warnings,
    })
}

/// What to do with a record of one value in each month.
const ARE_MONTHLY: &str = "are these means of months? then add --monthly";

/// Names the fullest month where none has days enough.
fn refuse_empty(
    folder: &Folder,
    request: &Request,
    records: &[Record],
    months: &BTreeMap<Month, Mean>,
) {
    let known = |(month, mean): (&Month, &Mean)| (month.days() - mean.missing_days, *month);
    let partly = months.iter().filter(|(month, mean)| {
        // A month without any value at all tells nothing of days.
        (1..month.days()).contains(&mean.missing_days)
    });
    let Some((days, month)) = partly.map(known).min_by_key(|(days, _)| Reverse(*days)) else {
        let found = "no month with a value".to_owned();
        files_fault(
            folder,
            request,
            found,
            "at least one month with a mean flow",
            "",
        );
        return;
    };
    let found = format!(
        "{days} of {} days in {month}, and in no month more",
        month.days()
    );
    let expected = format!(
        "at least one month of which at most {} missing",
        are(request.missing_days)
    );
    let hint = match are_monthly(request, records) {
        true => ARE_MONTHLY,
        false => "allow more missing days with --missing-days",
    };
    files_fault(folder, request, found, &expected, hint);
}

/// A number of days that are missing.
fn are(days: u32) -> String {
    match days {
        1 => "1 day is".to_owned(),
        days => format!("{days} days are"),
    }
}

/// Whether a CSV file seems to date means of months by a day: each month has one value.
fn are_monthly(request: &Request, records: &[Record]) -> bool {
    let is_alone = |record: &Record| {
        let mut months = record.readings.iter().map(|reading| reading.date.month());
        let mut seen = BTreeSet::new();
        months.all(|month| seen.insert(month))
    };
    request.format == Format::Csv && records.iter().all(is_alone)
}

/// From the first to the last month with a value.
fn covered(months: &BTreeMap<Month, Mean>) -> Option<Period> {
    let mut known = months.iter().filter(|(_, mean)| mean.value.is_some());
    let first = *known.next()?.0;
    let last = known.next_back().map_or(first, |(month, _)| *month);
    Some(Period { first, last })
}

/// The series that a regression rests on; a fault where it is needed and not named.
fn neighbour(folder: &Folder, request: &Request) -> Option<Series> {
    if !request.methods.contains(&Method::Regression) {
        return None;
    }
    let Some(file) = &request.neighbour else {
        let expected = "the series that `--fill regression` rests on";
        option_fault(folder, "--neighbour", "nothing", expected, "");
        return None;
    };
    match series_file(folder, file, "`--fill regression`", Quantity::Flow)? {
        Monthly::Dated(series) => Some(series),
        Monthly::Recurring(_) | Monthly::RecurringPerDay(_) => {
            let found = format!("twelve months that recur, in {file}");
            let expected = "a series with dates";
            option_fault(folder, "--neighbour", &found, expected, "");
            None
        }
    }
}

/// How gaps were filled.
#[derive(Debug, Default)]
struct Filled {
    line: Option<Regression>,
    warnings: Vec<String>,
}

fn filled(
    folder: &Folder,
    request: &Request,
    steps: &mut [Step],
    neighbour: Option<&Series>,
) -> Option<Filled> {
    let mut filled = Filled::default();
    for method in &request.methods {
        match method {
            Method::Climatology => filled.warnings.extend(by_climatology(steps)),
            Method::Linear => by_line(steps, request.longest_line),
            Method::Regression => match by_regression(steps, neighbour?) {
                Ok(line) => filled.line = Some(line),
                Err(none) => {
                    let (found, expected) = (none.found(), NoLine::expected());
                    option_fault(folder, "--neighbour", &found, &expected, "");
                    return None;
                }
            },
        }
    }
    Some(filled)
}

/// Names every month that has no value.
fn refuse_gaps(
    folder: &Folder,
    request: &Request,
    records: &[Record],
    months: &BTreeMap<Month, Mean>,
    steps: &[Step],
) {
    let missing: Vec<String> = steps
        .iter()
        .filter(|step| step.flow.is_none())
        .map(|step| named(step.month, months.get(&step.month)))
        .collect();
    let (Some(first), Some(last), false) = (steps.first(), steps.last(), missing.is_empty()) else {
        return;
    };
    let count = counted(missing.len(), "month");
    let found = format!("{count} without a value: {}", missing.join(", "));
    let expected = format!("a flow in every month of {}..{}", first.month, last.month);
    let has_part = |step: &Step| {
        let mean = months.get(&step.month);
        step.flow.is_none() && mean.is_some_and(|mean| mean.missing_days > 0)
    };
    let hint = match steps.iter().any(has_part) && are_monthly(request, records) {
        true => ARE_MONTHLY,
        false => "fill them by name with --fill, or choose months without gap with --period",
    };
    files_fault(folder, request, found, &expected, hint);
}

/// A month, with its missing days where it has some days.
fn named(month: Month, mean: Option<&Mean>) -> String {
    match mean {
        Some(mean) if (1..month.days()).contains(&mean.missing_days) => {
            let days = counted(mean.missing_days as usize, "day");
            format!("{month} ({days} missing)")
        }
        _ => month.to_string(),
    }
}

/// What the head of the series tells of its months.
fn notes(
    request: &Request,
    months: &BTreeMap<Month, Mean>,
    steps: &[Step],
    line: Option<Regression>,
) -> Vec<String> {
    let mut notes = vec![format!(
        "months of days: mean of the days with a value, at most {} missing",
        request.missing_days
    )];
    if request.layout.monthly {
        notes = vec!["means of months, as the file has them".to_owned()];
    }
    let partly = steps
        .iter()
        .filter(|step| step.filled.is_none())
        .filter_map(|step| months.get(&step.month))
        .filter(|mean| mean.missing_days > 0);
    match partly.count() {
        0 => {}
        count => notes.push(format!("{} with days missing", counted(count, "month"))),
    }
    for method in &request.methods {
        let own = steps.iter().filter(|step| step.filled == Some(*method));
        let count = counted(own.count(), "month");
        let how = match (method, line) {
            (Method::Climatology, _) => "mean of the same month of other years".to_owned(),
            (Method::Linear, _) => {
                format!(
                    "between the months beside gaps of at most {}",
                    request.longest_line
                )
            }
            (Method::Regression, Some(line)) => on_neighbour(request, line),
            (Method::Regression, None) => String::new(),
        };
        notes.push(format!("filled-{method}: {count}; {how}"));
    }
    notes
}

fn on_neighbour(request: &Request, line: Regression) -> String {
    let file = request.neighbour.as_deref().unwrap_or_default();
    let file = name_of(file);
    format!(
        "{:.6} + {:.6} times {file}, r² = {:.4} over {}",
        line.intercept,
        line.slope,
        line.r2,
        counted(line.months, "month")
    )
}
