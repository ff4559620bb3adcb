//! The dates of a series: months or days that follow each other without gap.

use std::collections::BTreeSet;

use super::columns::Columns;
use crate::time::Month;

/// The first month, where each date is the month after the one before.
pub(super) fn months_in_order(columns: &Columns, dates: &[String]) -> Option<Month> {
    let months: Vec<Option<Month>> = columns
        .lines()
        .zip(dates)
        .map(|(line, date)| {
            let month = date.parse::<Month>().ok();
            if month.is_none() {
                let form = "a month of the form YYYY-MM".to_owned();
                columns.fault(line, "column `date`", format!("`{date}`"), form, "");
            }
            month
        })
        .collect();
    let months = months.into_iter().collect::<Option<Vec<Month>>>()?;
    let all: BTreeSet<Month> = months.iter().copied().collect();
    let mut next = months.first()?.plus(1);
    let (mut sound, mut in_order) = (true, true);
    for (row, line) in columns.lines().enumerate().skip(1) {
        let month = months[row];
        let hint = match order_of(month, next, &months[..row], &all) {
            Order::Gap(1) => "1 month is missing".to_owned(),
            Order::Gap(count) => format!("{count} months are missing"),
            Order::Twice => "the month stands twice".to_owned(),
            // One fault for the file: each month after it would be another.
            Order::Elsewhere if in_order => {
                in_order = false;
                "the months are not in order".to_owned()
            }
            Order::Next | Order::Elsewhere => String::new(),
        };
        if !hint.is_empty() {
            let (found, expected) = (month.to_string(), next.to_string());
            columns.fault(line, "column `date`", found, expected, &hint);
            sound = false;
        }
        next = next.max(month.plus(1));
    }
    months.first().copied().filter(|_| sound)
}

/// How a month stands after those before it.
#[derive(Debug, PartialEq, Eq)]
enum Order {
    Next,
    Gap(i32),
    Twice,
    Elsewhere,
}

/// How a month stands where `next` should stand.
fn order_of(month: Month, next: Month, before: &[Month], all: &BTreeSet<Month>) -> Order {
    if month == next {
        return Order::Next;
    }
    if before.contains(&month) {
        return Order::Twice;
    }
    let after = all.range(next..).next();
    match after {
        Some(after) if month > next && *after > next => Order::Gap(after.since(next)),
        _ => Order::Elsewhere,
    }
}

/// The first month, where the days are whole months without gap.
pub(super) fn days_in_order(columns: &Columns, dates: &[String]) -> Option<Month> {
    let mut expected: Option<(Month, u32)> = None;
    let mut first = None;
    let mut last_line = 0;
    for (line, date) in columns.lines().zip(dates) {
        let Some((month, day)) = day_of(date) else {
            let form = "a day of the form YYYY-MM-DD".to_owned();
            columns.fault(line, "column `date`", format!("`{date}`"), form, "");
            return None;
        };
        let (next_month, next_day) = expected.unwrap_or((month, 1));
        if (month, day) != (next_month, next_day) {
            let expected = format!("{next_month}-{next_day:02}");
            let hint = "a daily series holds whole months, each day once and in order";
            columns.fault(line, "column `date`", date.clone(), expected, hint);
            return None;
        }
        first = first.or(Some(month));
        let ends = day == month.days();
        expected = Some(if ends {
            (month.plus(1), 1)
        } else {
            (month, day + 1)
        });
        last_line = line;
    }
    match expected {
        Some((month, day)) if day > 1 => {
            let expected = format!("{month}-{day:02} and the days up to the end of the month");
            let found = "the end of the file".to_owned();
            columns.fault(last_line, "column `date`", found, expected, "");
            None
        }
        _ => first,
    }
}

fn day_of(date: &str) -> Option<(Month, u32)> {
    let month: Month = date.get(..7)?.parse().ok()?;
    let day = date
        .get(7..)?
        .strip_prefix('-')
        .filter(|day| day.len() == 2)?;
    let digits = day.bytes().all(|byte| byte.is_ascii_digit());
    let day: u32 = day.parse().ok().filter(|_| digits)?;
    (1..=month.days()).contains(&day).then_some((month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_next_or_missing_or_twice_or_elsewhere() {
        let month = |number| Month::new(2000, number);
        let months = [1, 2, 5, 4, 2].map(month);
        let all: BTreeSet<Month> = months.into_iter().collect();
        let order = |row: usize, next| order_of(months[row], month(next), &months[..row], &all);
        assert_eq!(order(1, 2), Order::Next);
        assert_eq!(order(2, 3), Order::Gap(1));
        assert_eq!(order(3, 6), Order::Elsewhere);
        assert_eq!(order(4, 6), Order::Twice);
    }
}
