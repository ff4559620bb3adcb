//! Calendar months and days: the steps of a run.
//!
//! The calendar is the proleptic Gregorian one; a month has its true length.

use std::fmt;
use std::str::FromStr;

/// Seconds in a day.
pub const SECONDS_PER_DAY: f64 = 86_400.0;

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month `number` (1 to 12) of `year`.
    pub fn new(year: i32, number: u32) -> Self {
        debug_assert!((1..=12).contains(&number));
        Self(year * 12 + number as i32 - 1)
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The number of the month in its year, 1 to 12.
    pub fn number(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// The place of the month in a list of twelve, 0 to 11.
    pub fn index(self) -> usize {
        self.0.rem_euclid(12) as usize
    }

    /// The month `count` months later (earlier where negative).
    #[must_use]
    pub fn plus(self, count: i32) -> Self {
        Self(self.0 + count)
    }

    /// How many months `self` is after `earlier`; negative where it is before.
    pub fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// Days in the month.
    pub fn days(self) -> u32 {
        match self.number() {
            2 if is_leap(self.year()) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// The month in which lies the day that is so many days after 1 January 1970.
    pub fn of_unix_day(day: i32) -> Self {
        let start = Self::new(1970, 1);
        let (day, about) = (i64::from(day), f64::from(day) / 30.436_875);
        // The mean length of a month is that of 400 years; true months are at most two days off.
        let about = start.plus(about.floor() as i32);
        let begun = |month: &Self| month.first_day() - start.first_day() <= day;
        let mut near = [about.plus(1), about].into_iter();
        near.find(begun).unwrap_or(about.plus(-1))
    }

    /// Days from 1 January 1970 to the first of this month; negative before.
    pub fn first_unix_day(self) -> i32 {
        (self.first_day() - Self::new(1970, 1).first_day()) as i32
    }

    /// Days from the first of January of the year 0 to the first of this month; negative before.
    pub fn first_day(self) -> i64 {
        let before = i64::from(self.year()) - 1;
        let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
        let earlier = (1..self.number()).map(|number| Self::new(self.year(), number).days());
        // The year 0 has a leap day of its own, which `leap_days` counts as one too few.
        365 * (before + 1) + leap_days + 1 + i64::from(earlier.sum::<u32>())
    }

    /// Seconds in the month.
    pub fn seconds(self) -> f64 {
        f64::from(self.days()) * SECONDS_PER_DAY
    }

    /// The middle of the month as a decimal year, for the time axis of a chart.
    pub fn decimal_year(self) -> f64 {
        f64::from(self.year()) + (f64::from(self.number()) - 0.5) / 12.0
    }
}

/// Whether a year of the Gregorian calendar has 366 days.
fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days in a year of the Gregorian calendar.
pub fn days_in_year(year: i32) -> u32 {
    if is_leap(year) { 366 } else { 365 }
}

/// Seconds in a year of the Gregorian calendar.
pub fn seconds_in_year(year: i32) -> f64 {
    f64::from(days_in_year(year)) * SECONDS_PER_DAY
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year(), self.number())
    }
}

/// A text that is no month of the form `YYYY-MM`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a month of the form YYYY-MM")]
pub struct NotAMonth(pub String);

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let fault = || NotAMonth(text.to_owned());
        let (year, number) = text.split_once('-').ok_or_else(fault)?;
        if year.len() != 4 || number.len() != 2 {
            return Err(fault());
        }
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year) || !digits(number) {
            return Err(fault());
        }
        let year = year.parse().map_err(|_| fault())?;
        match number.parse().map_err(|_| fault())? {
            number @ 1..=12 => Ok(Self::new(year, number)),
            _ => Err(fault()),
        }
    }
}

/// A run of months, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First month.
    pub first: Month,
    /// Last month, not before the first.
    pub last: Month,
}

impl Period {
    /// Months in the period.
    pub fn len(self) -> usize {
        (self.last.since(self.first) + 1) as usize
    }

    /// Never true: a period holds at least one month.
    pub fn is_empty(self) -> bool {
        false
    }

    /// The months in order.
    pub fn months(self) -> impl Iterator<Item = Month> {
        (0..self.len() as i32).map(move |step| self.first.plus(step))
    }

    /// Whether the month lies in the period.
    pub fn contains(self, month: Month) -> bool {
        self.first <= month && month <= self.last
    }
}

impl Period {
    /// The years as readers write them, `1961–2023`; the months where the period has parts of years.
    pub fn in_words(self) -> String {
        let Self { first, last } = self;
        match (first.number(), last.number()) {
            (1, 12) if first.year() == last.year() => first.year().to_string(),
            (1, 12) => format!("{}–{}", first.year(), last.year()),
            _ if first == last => first.to_string(),
            _ => format!("{first} to {last}"),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}..{}", self.first, self.last)
    }
}

/// A text that is no period of the form `YYYY-MM..YYYY-MM`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a period of the form YYYY-MM..YYYY-MM with the first month before the last")]
pub struct NotAPeriod(pub String);

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let fault = || NotAPeriod(text.to_owned());
        let (first, last) = text.split_once("..").ok_or_else(fault)?;
        let first: Month = first.parse().map_err(|_| fault())?;
        let last: Month = last.parse().map_err(|_| fault())?;
        if last < first {
            return Err(fault());
        }
        Ok(Self { first, last })
    }
}

/// Length of the steps of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeStep {
    /// A calendar month.
    #[default]
    Month,
    /// A calendar day.
    Day,
}

impl TimeStep {
    /// The words of the steps.
    pub const WORDS: [&str; 2] = ["month", "day"];

    /// The steps of a period in order.
    pub fn dates(self, period: Period) -> Vec<Date> {
        let days = |month: Month| (1..=month.days()).map(move |day| Date::Day(month, day));
        match self {
            Self::Month => period.months().map(Date::Month).collect(),
            Self::Day => period.months().flat_map(days).collect(),
        }
    }
}

impl fmt::Display for TimeStep {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Month => "month",
            Self::Day => "day",
        })
    }
}

/// A text that is no length of a step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not `month` or `day`")]
pub struct NotATimeStep(pub String);

impl FromStr for TimeStep {
    type Err = NotATimeStep;

    fn from_str(text: &str) -> Result<Self, NotATimeStep> {
        match text {
            "month" => Ok(Self::Month),
            "day" => Ok(Self::Day),
            _ => Err(NotATimeStep(text.to_owned())),
        }
    }
}

/// A step of a run: a month, or a day of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Date {
    /// A whole month.
    Month(Month),
    /// A day of a month, from 1.
    Day(Month, u32),
}

impl Date {
    /// The month that it is or lies in.
    pub fn month(self) -> Month {
        match self {
            Self::Month(month) | Self::Day(month, _) => month,
        }
    }

    /// Its length, s.
    pub fn seconds(self) -> f64 {
        match self {
            Self::Month(month) => month.seconds(),
            Self::Day(..) => SECONDS_PER_DAY,
        }
    }

    /// Part of its month, 1 for a whole one.
    pub fn part_of_month(self) -> f64 {
        self.seconds() / self.month().seconds()
    }

    /// Its middle as a decimal year, for the time axis of a chart.
    pub fn decimal_year(self) -> f64 {
        match self {
            Self::Month(month) => month.decimal_year(),
            Self::Day(month, day) => {
                let part = (f64::from(day) - 0.5) / f64::from(month.days());
                f64::from(month.year()) + (f64::from(month.number()) - 1.0 + part) / 12.0
            }
        }
    }

    /// The same step in another month of the same name: the last day of a shorter one.
    #[must_use]
    pub fn within(self, month: Month) -> Self {
        match self {
            Self::Month(_) => Self::Month(month),
            Self::Day(_, day) => Self::Day(month, day.min(month.days())),
        }
    }
}

/// A text that is neither a month nor a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a month of the form YYYY-MM or a day of the form YYYY-MM-DD")]
pub struct NotADate(pub String);

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let fault = || NotADate(text.to_owned());
        if let Ok(month) = text.parse() {
            return Ok(Self::Month(month));
        }
        let (month, day) = text.rsplit_once('-').ok_or_else(fault)?;
        let month: Month = month.parse().map_err(|_| fault())?;
        let is_two_digits = day.len() == 2 && day.bytes().all(|byte| byte.is_ascii_digit());
        match day.parse() {
            Ok(day) if is_two_digits && (1..=month.days()).contains(&day) => {
                Ok(Self::Day(month, day))
            }
            _ => Err(fault()),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => write!(out, "{month}"),
            Self::Day(month, day) => write!(out, "{month}-{day:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_through_leap_years() {
        let mut day = Month::new(-5, 1).first_day();
        for month in (0..12 * 2100).map(|count| Month::new(-5, 1).plus(count)) {
            assert_eq!(month.first_day(), day, "{month}");
            day += i64::from(month.days());
        }
        assert_eq!(Month::new(0, 1).first_day(), 0);
    }

    #[test]
    fn a_date_reads_as_it_prints() {
        for text in ["2001-02", "2001-02-28", "2004-02-29"] {
            let date: Date = text.parse().expect("a date");
            assert_eq!(date.to_string(), text);
        }
        for text in [
            "2001-02-29",
            "2001-2",
            "2001-02-1",
            "2001-02-+1",
            "2001",
            "x",
        ] {
            assert_eq!(text.parse::<Date>(), Err(NotADate(text.to_owned())));
        }
    }

    #[test]
    fn a_step_is_a_month_or_a_day() {
        let period: Period = "2000-01..2000-03".parse().expect("a period");
        let days = TimeStep::Day.dates(period);
        assert_eq!(days.len(), 31 + 29 + 31);
        assert_eq!(days[59].to_string(), "2000-02-29");
        assert_eq!(
            days[59].within(Month::new(1999, 2)).to_string(),
            "1999-02-28"
        );
        assert_eq!(TimeStep::Month.dates(period)[2].to_string(), "2000-03");
        for step in [TimeStep::Month, TimeStep::Day] {
            assert_eq!(step.to_string().parse(), Ok(step));
            let seconds: f64 = step.dates(period).iter().map(|date| date.seconds()).sum();
            assert_eq!(seconds, 91.0 * SECONDS_PER_DAY);
        }
    }

    #[test]
    fn a_month_begins_where_the_one_before_ends() {
        assert_eq!(Month::new(1970, 1).first_unix_day(), 0);
        // 29 February 2024 is the day 19 782 after 1 January 1970.
        assert_eq!(Month::new(2024, 3).first_unix_day(), 19_783);
        for month in (-30_000..30_000).map(|step| Month::new(1970, 1).plus(step)) {
            let first = month.first_unix_day();
            assert_eq!(Month::of_unix_day(first), month);
            assert_eq!(Month::of_unix_day(first - 1), month.plus(-1));
        }
    }

    #[test]
    fn months_have_their_true_lengths() {
        let days = |year| {
            (1..=12)
                .map(|number| Month::new(year, number).days())
                .sum::<u32>()
        };
        assert_eq!(
            (days(1900), days(1961), days(2000), days(2024)),
            (365, 365, 366, 366)
        );
    }

    #[test]
    fn a_month_reads_back_what_it_prints() {
        let month = Month::new(1961, 1).plus(-1);
        assert_eq!(month.to_string(), "1960-12");
        assert_eq!("1960-12".parse(), Ok(month));
        for text in [
            "1960-13", "1960-00", "60-01", "1960-1", "1960/01", "+196-01", "",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_period_holds_both_ends() {
        let period: Period = "1961-01..2023-12".parse().expect("a period");
        assert_eq!(period.len(), 63 * 12);
        assert_eq!(period.months().last(), Some(period.last));
        assert!("1962-01..1961-12".parse::<Period>().is_err());
    }

    #[test]
    fn whole_years_are_told_without_months() {
        let told = |text: &str| text.parse::<Period>().expect("a period").in_words();
        assert_eq!(told("1961-01..2023-12"), "1961–2023");
        assert_eq!(told("1961-01..1961-12"), "1961");
        assert_eq!(told("1961-01..1962-03"), "1961-01 to 1962-03");
        assert_eq!(told("1961-07..1961-07"), "1961-07");
    }
}
