//! Axes: ranges that end on round numbers, steps of one, two or five, and numbers as words.

/// Values beyond this size cannot be drawn and are left out.
const LARGEST: f64 = 1e15;
/// Years beyond this one, before or after our era, are left out.
const LATEST_YEAR: f64 = 1e5;

/// Whether a value can be drawn.
pub(super) fn usable(value: f64) -> bool {
    value.is_finite() && value.abs() <= LARGEST
}

/// Whether a decimal year can be drawn.
pub(super) fn usable_year(year: f64) -> bool {
    year.is_finite() && year.abs() <= LATEST_YEAR
}

/// The smallest range that holds values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    /// Lower end.
    pub(super) low: f64,
    /// Upper end.
    pub(super) high: f64,
}

impl Range {
    /// The range of the values that can be drawn, if there are any.
    pub(super) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        values
            .into_iter()
            .filter(|&value| usable(value))
            .fold(None, |range, value| {
                let low = range.map_or(value, |range: Self| range.low.min(value));
                let high = range.map_or(value, |range: Self| range.high.max(value));
                Some(Self { low, high })
            })
    }

    /// Length of the range.
    pub(super) fn span(self) -> f64 {
        self.high - self.low
    }
}

/// A value axis with ticks at multiples of a round step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    /// The range, which begins and ends on a tick.
    pub(super) range: Range,
    /// Values and words of the ticks.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// An axis around a range with about `count` steps.
    pub(super) fn around(range: Range, count: u32) -> Self {
        let range = widened(range);
        let step = Step::for_span(range.span() / f64::from(count.max(1)));
        let first = (range.low / step.size() + 1e-9).floor();
        let last = (range.high / step.size() - 1e-9).ceil();
        let steps = (last - first).max(1.0) as u32;
        let ticks: Vec<(f64, String)> = (0..=steps)
            .map(|index| step.times(first + f64::from(index)))
            .map(|value| (value, number(value, step.decimals())))
            .collect();
        let ends = Range {
            low: step.times(first),
            high: step.times(first + f64::from(steps)),
        };
        Self { range: ends, ticks }
    }

    /// How far up the axis a value is, from zero to one.
    pub(super) fn share(&self, value: f64) -> f64 {
        (value - self.range.low) / self.range.span()
    }
}

/// Gives a range that is a single value, or nearly so, some room.
fn widened(range: Range) -> Range {
    let size = range.low.abs().max(range.high.abs());
    if range.span() > size * 1e-9 {
        return range;
    }
    let room = if size > 0.0 { size * 0.05 } else { 1.0 };
    Range {
        low: range.low - room,
        high: range.high + room,
    }
}

/// One, two or five times a power of ten.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    digit: f64,
    power: i32,
}

impl Step {
    /// The smallest round step that is no shorter than `least`.
    fn for_span(least: f64) -> Self {
        let mut power = 0;
        let mut scaled = least;
        while scaled > 10.0 && power < 30 {
            scaled /= 10.0;
            power += 1;
        }
        while scaled <= 1.0 && power > -30 {
            scaled *= 10.0;
            power -= 1;
        }
        let digits = [1.0, 2.0, 5.0];
        let digit = digits.into_iter().find(|&digit| scaled <= digit);
        digit.map_or(
            Self {
                digit: 1.0,
                power: power + 1,
            },
            |digit| Self { digit, power },
        )
    }

    fn size(self) -> f64 {
        self.times(1.0)
    }

    /// A multiple of the step, rounded once where the step is a fraction.
    fn times(self, count: f64) -> f64 {
        let whole = count * self.digit;
        if self.power < 0 {
            whole / ten_to(self.power.unsigned_abs())
        } else {
            whole * ten_to(self.power.unsigned_abs())
        }
    }

    fn decimals(self) -> usize {
        self.power.min(0).unsigned_abs() as usize
    }
}

fn ten_to(power: u32) -> f64 {
    (0..power).fold(1.0, |product, _| product * 10.0)
}

/// A number in words: thin spaces between thousands, a true minus sign.
pub(super) fn number(value: f64, decimals: usize) -> String {
    if decimals > 6 && value != 0.0 {
        return format!("{value:.1e}").replace('-', "−");
    }
    let plain = format!("{:.*}", decimals.min(6), value.abs());
    let (whole, fraction) = plain
        .split_once('.')
        .map_or((plain.as_str(), None), |(whole, part)| (whole, Some(part)));
    let mut words = String::new();
    if value < 0.0 && plain.chars().any(|digit| ('1'..='9').contains(&digit)) {
        words.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            words.push('\u{2009}');
        }
        words.push(digit);
    }
    if let Some(part) = fraction {
        words.push('.');
        words.push_str(part);
    }
    words
}

/// A number with as many decimals as it needs, up to three.
pub(super) fn short_number(value: f64) -> String {
    let decimals = (0..3)
        .find(|&places| {
            let scaled = value * ten_to(places);
            (scaled - scaled.round()).abs() < 1e-6
        })
        .unwrap_or(3);
    number(value, decimals as usize)
}

/// Whole years for the ticks of a range of decimal years, at most `count` of them.
pub(super) fn year_ticks(range: Range, count: f64) -> Vec<i32> {
    let step = Step::for_span((range.span() / count.max(1.0)).max(0.11));
    let step = step.size().max(1.0) as i32;
    let first = (range.low / f64::from(step)).ceil() as i32;
    let last = (range.high / f64::from(step)).floor() as i32;
    (first..=last).map(|index| index * step).collect()
}

/// Whether a range of decimal years is so short that its months are named: from some weeks to half a year.
pub(super) fn shows_months(range: Range) -> bool {
    (0.05..0.5).contains(&range.span())
}

/// The beginnings of months in a range of decimal years, with their names; in the year 0, which stands
/// for any year, without a year.
pub(super) fn month_ticks(range: Range) -> Vec<(f64, String)> {
    const NAMES: [&str; 12] = [
        "1 January",
        "1 February",
        "1 March",
        "1 April",
        "1 May",
        "1 June",
        "1 July",
        "1 August",
        "1 September",
        "1 October",
        "1 November",
        "1 December",
    ];
    let (first, last) = (
        (range.low * 12.0).ceil() as i32,
        (range.high * 12.0).floor() as i32,
    );
    let tick = |month: i32| {
        let (year, place) = (month.div_euclid(12), month.rem_euclid(12));
        let words = match year {
            // A flood of the turn of the year goes on in the next one.
            0 | 1 => NAMES[place as usize].to_owned(),
            year => format!("{year:04}-{:02}", place + 1),
        };
        (f64::from(month) / 12.0, words)
    };
    (first..=last).map(tick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(low: f64, high: f64, count: u32) -> Vec<String> {
        let axis = Axis::around(Range { low, high }, count);
        axis.ticks.into_iter().map(|(_, words)| words).collect()
    }

    #[test]
    fn charts_ticks_are_round() {
        assert_eq!(words(0.0, 9.4, 5), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(
            words(340.2, 341.1, 5),
            ["340.2", "340.4", "340.6", "340.8", "341.0", "341.2"]
        );
        assert_eq!(words(-1200.0, 900.0, 5)[0], "−1\u{2009}500");
        assert_eq!(
            words(0.0, 0.05, 5),
            ["0.00", "0.01", "0.02", "0.03", "0.04", "0.05"]
        );
    }

    #[test]
    fn charts_axes_stand_odd_ranges() {
        for value in [0.0, 1e-12, -3.0, 1e15, 5e-320] {
            let axis = Axis::around(
                Range {
                    low: value,
                    high: value,
                },
                6,
            );
            assert!(axis.range.span() > 0.0, "{value}");
            assert!(axis.ticks.len() < 30);
            assert!(axis.share(value).is_finite());
        }
        let axis = Axis::around(
            Range {
                low: -1e15,
                high: 1e15,
            },
            6,
        );
        assert!(axis.ticks.len() < 30);
        assert_eq!(Range::of([f64::NAN, f64::INFINITY, 1e300]), None);
    }

    #[test]
    fn charts_numbers_are_set_well() {
        assert_eq!(number(-1_234_567.0, 0), "−1\u{2009}234\u{2009}567");
        assert_eq!(number(-0.0, 1), "0.0");
        assert_eq!(short_number(342.5), "342.5");
        assert_eq!(short_number(12_000.0), "12\u{2009}000");
    }

    #[test]
    fn charts_of_weeks_name_their_months() {
        let range = |low, high| Range { low, high };
        assert!(shows_months(range(0.25, 0.4)));
        assert!(!shows_months(range(2000.0, 2001.0)) && !shows_months(range(2000.0, 2000.0)));
        let words = |range| -> Vec<String> {
            let ticks = month_ticks(range).into_iter();
            ticks.map(|(_, words)| words).collect()
        };
        assert_eq!(words(range(0.25, 0.4)), ["1 April", "1 May"]);
        assert_eq!(
            words(range(1999.9, 2000.1)),
            ["1999-12", "2000-01", "2000-02"]
        );
    }

    #[test]
    fn charts_years_are_whole() {
        let range = Range {
            low: 1931.5,
            high: 2020.0,
        };
        assert_eq!(
            year_ticks(range, 10.0),
            [1940, 1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020]
        );
        let short = Range {
            low: 2000.0,
            high: 2001.0,
        };
        assert_eq!(year_ticks(short, 10.0), [2000, 2001]);
    }
}
