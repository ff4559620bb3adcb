//! A flood that is to be let down every year: a flow by day that rises, stays and falls.

use crate::faults::counted;
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::time::{Date, Month, SECONDS_PER_DAY};
use crate::units::{Quantity, hm3_in, m3s_in};

/// A flow by day from the same day of every year on; none on other days (equation E29).
#[derive(Clone, Debug, PartialEq)]
pub struct Hydrograph {
    /// Month of the first day, from 1.
    start_month: u32,
    /// The first day in its month, from 1.
    start_day: u32,
    /// Its rise, plateau and fall.
    limbs: Limbs,
    /// Mean flow of each day, m³/s.
    flow_m3s: Vec<f64>,
}

/// The limbs of a flood, m³/s and days.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Limbs {
    base: f64,
    plateau: f64,
    rise_days: u32,
    fall_days: u32,
}

/// A day of every year, written `MM-DD`: its month and its day, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOfYear(pub u32, pub u32);

impl std::str::FromStr for DayOfYear {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (month, day) = text.split_once('-').ok_or(())?;
        let number = |part: &str| match part.len() {
            2 if part.bytes().all(|byte| byte.is_ascii_digit()) => part.parse().map_err(|_| ()),
            _ => Err(()),
        };
        let (month, day) = (number(month)?, number(day)?);
        // A year without a leap day, so that the day is one of every year.
        let is_day =
            (1..=12).contains(&month) && (1..=Month::new(2001, month).days()).contains(&day);
        is_day.then_some(Self(month, day)).ok_or(())
    }
}

/// How long the plateau is.
#[derive(Clone, Copy, Debug)]
enum Length {
    Days(u32),
    /// As long as the whole flood needs for its volume, hm³.
    Volume(f64),
}

impl Hydrograph {
    /// Reads a table `[minimum_flow.hydrograph]`.
    pub fn read(table: &Table) -> Option<Self> {
        let expected = "a day of every year in quotation marks, \"MM-DD\"";
        let start: Option<DayOfYear> = table.parsed("start", expected);
        if !table.has("start") {
            table.lacks(&["start"], expected);
        }
        let (limbs, length) = (Limbs::read(table), Length::read(table));
        table.finish();
        let DayOfYear(start_month, start_day) = start?;
        let limbs = limbs?;
        let flow_m3s = match length? {
            Length::Days(days) => limbs.with_plateau(days, 0.0),
            Length::Volume(volume) => limbs.checked_volume(table, volume)?,
        };
        if flow_m3s.is_empty() || flow_m3s.len() > 365 {
            let expected = "a flood of 1 to 365 days".to_owned();
            let found = counted(flow_m3s.len(), "day");
            table.fault("start", found, expected, String::new());
            return None;
        }
        Some(Self {
            start_month,
            start_day,
            limbs,
            flow_m3s,
        })
    }

    /// Flow of the plateau, m³/s.
    pub fn plateau_m3s(&self) -> f64 {
        self.limbs.plateau
    }

    /// Days that the whole volume would take at the plateau.
    pub fn days_of_plateau(&self) -> f64 {
        self.flow_m3s.iter().sum::<f64>() / self.limbs.plateau
    }

    /// The first day of every year's flood.
    pub fn start(&self) -> DayOfYear {
        DayOfYear(self.start_month, self.start_day)
    }

    /// The flood with a part of its volume (equation E43): its plateau is shorter, and where rise and fall
    /// alone are too much, they are lower.
    #[must_use]
    pub fn part(&self, part: f64) -> Self {
        if part >= 1.0 {
            return self.clone();
        }
        let wanted = part * self.flow_m3s.iter().sum::<f64>();
        let mut ramps = self.limbs.with_plateau(0, 0.0);
        let least: f64 = ramps.iter().sum();
        let flow_m3s = if wanted < least {
            for flow in &mut ramps {
                *flow *= wanted / least;
            }
            ramps
        } else {
            self.limbs.with_volume(hm3_in(wanted, SECONDS_PER_DAY))
        };
        Self {
            flow_m3s,
            ..self.clone()
        }
    }

    /// Volume of a step, hm³; of a month that of its days (equation E29).
    pub fn hm3(&self, date: Date) -> f64 {
        let flow = match date {
            Date::Day(month, day) => self.on(month, day),
            Date::Month(month) => {
                let floods = self.floods(month);
                (1..=month.days()).map(|day| self.at(floods, day)).sum()
            }
        };
        hm3_in(flow, SECONDS_PER_DAY)
    }

    /// The flow of a day, m³/s; 0 outside the flood.
    pub fn on(&self, month: Month, day: u32) -> f64 {
        self.at(self.floods(month), day)
    }

    /// Days from the beginning of the flood of this year, and of that of the year before, to the last day before a
    /// month: a flood may go on into the next year.
    fn floods(&self, month: Month) -> [i64; 2] {
        let before = month.first_day();
        [month.year(), month.year() - 1].map(|year| {
            before - Month::new(year, self.start_month).first_day() - i64::from(self.start_day)
        })
    }

    /// The flow of a day of the month of `floods`.
    fn at(&self, floods: [i64; 2], day: u32) -> f64 {
        let flows = floods.into_iter().filter_map(|since| {
            self.flow_m3s
                .get(usize::try_from(since + i64::from(day)).ok()?)
        });
        flows.copied().next().unwrap_or(0.0)
    }
}

impl Length {
    fn read(table: &Table) -> Option<Self> {
        let days = table.optional_count("plateau_days", 0);
        let volume = table.optional_quantity("volume", Quantity::Volume, Range::Positive);
        let key = table.spelling("volume", Quantity::Volume).name;
        let expected = format!("either `plateau_days` or `{key}`");
        match (table.has("plateau_days"), table.has(&key)) {
            (true, false) => days.map(Self::Days),
            (false, true) => volume.map(Self::Volume),
            (true, true) => {
                table.fault("plateau_days", "both".into(), expected, String::new());
                None
            }
            (false, false) => {
                table.lacks(&["plateau_days", &key], &expected);
                None
            }
        }
    }
}

impl Limbs {
    /// Reads the limbs of a flood; a base above the plateau is refused.
    fn read(table: &Table) -> Option<Self> {
        let days = "whole days, 0 or more";
        let rise = table.count("rise_days", 0, days);
        let fall = table.count("fall_days", 0, days);
        let base = table.quantity("base", Quantity::Flow, Range::NotNegative);
        let plateau = table.quantity("plateau", Quantity::Flow, Range::Positive);
        let limbs = Self {
            base: base?,
            plateau: plateau?,
            rise_days: rise?,
            fall_days: fall?,
        };
        if limbs.base > limbs.plateau {
            let key = table.spelling("base", Quantity::Flow);
            let most = table.spelling("plateau", Quantity::Flow);
            let most = most.shown_with_unit(limbs.plateau);
            let expected = format!("at most the plateau, {most}");
            let found = key.shown_with_unit(limbs.base);
            table.fault(&key.name, found, expected, String::new());
            return None;
        }
        Some(limbs)
    }

    /// The flows of a flood with a volume in hm³, which rise and fall alone must not pass.
    fn checked_volume(self, table: &Table, volume_hm3: f64) -> Option<Vec<f64>> {
        let limbs: f64 = self.with_plateau(0, 0.0).iter().sum();
        let least = hm3_in(limbs, SECONDS_PER_DAY);
        if volume_hm3 >= least {
            return Some(self.with_volume(volume_hm3));
        }
        let key = table.spelling("volume", Quantity::Volume);
        let least = key.shown_with_unit(least);
        let expected = format!("at least {least}, what rises and falls");
        let found = key.shown_with_unit(volume_hm3);
        table.fault(&key.name, found, expected, String::new());
        None
    }

    /// Mean flow on the `day`-th of so many days along a straight rise.
    fn rising(self, day: u32, days: u32) -> f64 {
        let part = (f64::from(day) + 0.5) / f64::from(days);
        self.base + (self.plateau - self.base) * part
    }

    /// The flows of all days; a day with the flow `rest` stands where it fits into the fall.
    fn with_plateau(self, days: u32, rest: f64) -> Vec<f64> {
        let mut flows: Vec<f64> = (0..self.rise_days)
            .map(|day| self.rising(day, self.rise_days))
            .collect();
        flows.extend((0..days).map(|_| self.plateau));
        let fall = (0..self.fall_days)
            .rev()
            .map(|day| self.rising(day, self.fall_days));
        let rest = (rest > 0.0).then_some(rest);
        let mut fall: Vec<f64> = fall.chain(rest).collect();
        fall.sort_by(|one, other| other.total_cmp(one));
        flows.extend(fall);
        flows
    }

    /// A plateau of whole days and one day more, so that all days together bring a volume in hm³.
    fn with_volume(self, volume_hm3: f64) -> Vec<f64> {
        let ramps: f64 = self.with_plateau(0, 0.0).iter().sum();
        let total = m3s_in(volume_hm3, SECONDS_PER_DAY);
        // More than a year is refused by the caller, however many days it is.
        let days = ((total - ramps) / self.plateau).floor().clamp(0.0, 1000.0);
        let rest = total - ramps - days * self.plateau;
        self.with_plateau(days as u32, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMBS: Limbs = Limbs {
        base: 500.0,
        plateau: 3500.0,
        rise_days: 5,
        fall_days: 7,
    };

    fn volume_hm3(flows: &[f64]) -> f64 {
        flows.iter().sum::<f64>() * SECONDS_PER_DAY / 1e6
    }

    #[test]
    fn e29_the_days_bring_the_volume_exactly() {
        let ramps = volume_hm3(&LIMBS.with_plateau(0, 0.0));
        for volume in [ramps, ramps + 1.0, 4640.0, 5800.0, 6700.0, 6700.1] {
            let flows = LIMBS.with_volume(volume);
            let found = volume_hm3(&flows);
            assert!((found / volume - 1.0).abs() < 1e-12, "{volume}: {found}");
            // It rises, stays and falls, and never passes the plateau.
            assert!(flows.iter().all(|flow| *flow <= 3500.0));
            let most = flows.iter().copied().fold(0.0, f64::max);
            let top = flows.iter().rposition(|flow| *flow == most).expect("a day");
            assert!(flows[..=top].is_sorted());
            assert!(flows[top..].iter().rev().is_sorted());
        }
    }

    #[test]
    fn e29_a_straight_rise_has_the_mean_of_its_ends() {
        let flows = LIMBS.with_plateau(3, 0.0);
        assert_eq!(flows.len(), 5 + 3 + 7);
        let expected = 2000.0 * 12.0 + 3500.0 * 3.0;
        assert!((flows.iter().sum::<f64>() - expected).abs() < 1e-9);
        assert_eq!((flows[0], flows[14]), (800.0, 500.0 + 3000.0 * 0.5 / 7.0));
    }

    #[test]
    fn e43_a_part_of_a_flood_keeps_its_volume_and_stays_below_a_greater_part() {
        let whole = Hydrograph {
            start_month: 4,
            start_day: 21,
            limbs: LIMBS,
            flow_m3s: LIMBS.with_volume(5800.0),
        };
        assert_eq!(whole.part(1.0), whole);
        let mut before = vec![0.0; whole.flow_m3s.len()];
        for hundredth in 0..100 {
            let part = f64::from(hundredth) / 100.0;
            let mut flows = whole.part(part).flow_m3s;
            // A sum of some twenty numbers.
            assert!((volume_hm3(&flows) - part * 5800.0).abs() < 1e-9, "{part}");
            flows.resize(before.len(), 0.0);
            let rises = before
                .iter()
                .zip(&flows)
                .all(|(less, more)| more + 1e-9 >= *less);
            assert!(rises, "{part}: {before:?} {flows:?}");
            before = flows;
        }
        // Two thirds of it still reach the plateau: 12 ramp days of 2000 m³/s take 2073.6 hm³.
        let top = whole.part(0.67).flow_m3s;
        assert_eq!(top.iter().filter(|flow| **flow == 3500.0).count(), 5);
    }

    #[test]
    fn e29_a_flood_may_pass_the_turn_of_the_year() {
        let flood = Hydrograph {
            start_month: 12,
            start_day: 31,
            limbs: LIMBS,
            flow_m3s: vec![1.0, 2.0, 3.0],
        };
        let flow = |month, day| flood.on(Month::new(2000, month), day);
        assert_eq!([flow(12, 30), flow(12, 31)], [0.0, 1.0]);
        assert_eq!([flow(1, 1), flow(1, 2), flow(1, 3)], [2.0, 3.0, 0.0]);
        for text in ["02-29", "13-01", "00-10", "4-14", "04-31", "0414"] {
            assert!(text.parse::<DayOfYear>().is_err(), "{text}");
        }
    }
}
