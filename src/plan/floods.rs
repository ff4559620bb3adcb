//! Floods whose volume is decided every year: when, from which water, and what follows (equations E42, E43).

use std::collections::BTreeMap;
use std::ops::Range;

use ndarray::Array2;

use super::build::Step;
use crate::network::Network;
use crate::network::flood_rule::{Expected, FloodRule};
use crate::time::Date;

/// The floods of a plan whose volume is decided. Arrays are (step, place).
#[derive(Clone, Debug)]
pub struct Floods {
    /// Each of them.
    pub rules: Vec<DecidedFlood>,
    /// Whether each rule decides in a step: 1 or 0. All decide in the first one.
    pub decides: Array2<f64>,
    /// Node of each source of expected water, rule after rule.
    pub sources: Vec<usize>,
    /// Water expected from each source where the decision falls in the step, hm³.
    pub expected: Array2<f64>,
    /// By how much each stretch of a rule's table raises the flood in the step, hm³, rule after rule.
    pub rises: Array2<f64>,
    /// How far each rule looks ahead.
    pub(super) forecasts: Vec<Forecast>,
}

/// How a rule sees the water that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forecast {
    days: u32,
    /// Whether it knows what comes, or only what has come in the mean of all years.
    is_foreseen: bool,
}

/// A flood that is decided, and from what.
#[derive(Clone, Debug, PartialEq)]
pub struct DecidedFlood {
    /// Place of its minimum flow.
    pub flow: usize,
    /// Storages that count.
    pub storages: Vec<usize>,
    /// Its sources among those of all rules.
    pub sources: Range<usize>,
    /// Water that there is at each knot of its table, hm³.
    pub available_hm3: Vec<f64>,
    /// Its first stretch among those of all rules.
    pub first_stretch: usize,
}

impl Floods {
    /// No flood that is decided.
    pub(crate) fn none(steps: usize) -> Self {
        let nothing = Array2::zeros((steps, 0));
        Self {
            rules: Vec::new(),
            decides: nothing.clone(),
            sources: Vec::new(),
            expected: nothing.clone(),
            rises: nothing,
            forecasts: Vec::new(),
        }
    }

    /// The floods of a network over some steps; `formed` is what forms at each node (step, node).
    pub(super) fn of(network: &Network, steps: &[Step], formed: &Array2<f64>) -> Self {
        let flows = network.minimum_flows.iter().enumerate();
        let ruled: Vec<(usize, &FloodRule)> = flows
            .filter_map(|(place, (flow, _))| Some((place, flow.rule.as_ref()?)))
            .collect();
        let mut floods = Self::none(steps.len());
        let (mut expected, mut rises) = (Vec::new(), Vec::new());
        let dates: Vec<Date> = steps.iter().map(|step| step.date).collect();
        for &(flow, rule) in &ruled {
            let sources: Vec<usize> = nodes(network, &rule.inflows);
            floods.rules.push(DecidedFlood {
                flow,
                storages: storages(network, &rule.storages),
                sources: floods.sources.len()..floods.sources.len() + sources.len(),
                available_hm3: rule.available_hm3.clone(),
                first_stretch: rises.len(),
            });
            let forecast = Forecast {
                days: rule.expected_days,
                is_foreseen: rule.expected == Expected::AsItComes,
            };
            let from = |node: &usize| forecast.of(&dates, &|_| true, |step| formed[[step, *node]]);
            expected.extend(sources.iter().map(from));
            floods.forecasts.push(forecast);
            floods.sources.extend(sources);
            rises.extend(rule.floods.windows(2).map(|pair| {
                let rise = |step: &Step| pair[1].hm3(step.date) - pair[0].hm3(step.date);
                // Two floods that meet differ by rounding.
                steps.iter().map(|step| rise(step).max(0.0)).collect()
            }));
        }
        floods.decides = Array2::from_shape_fn((steps.len(), ruled.len()), |(step, rule)| {
            let is_decided = step == 0 || ruled[rule].1.decides(steps[step].date);
            f64::from(u8::from(is_decided))
        });
        floods.expected = columns(steps.len(), &expected);
        floods.rises = columns(steps.len(), &rises);
        floods
    }
}

fn columns(steps: usize, columns: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((steps, columns.len()), |(step, column)| {
        columns[column][step]
    })
}

/// Places of nodes by name; `assemble` has refused unknown ones.
fn nodes(network: &Network, names: &[String]) -> Vec<usize> {
    names.iter().filter_map(|name| network.node(name)).collect()
}

fn storages(network: &Network, names: &[String]) -> Vec<usize> {
    let wanted = nodes(network, names);
    let storages = network.storages().enumerate();
    let wanted = storages.filter(|(_, (node, _))| wanted.contains(node));
    wanted.map(|(place, _)| place).collect()
}

impl Forecast {
    /// Water that is expected where the rule decides, hm³, and 0 in other steps (equation E42); `formed` is what forms
    /// in each step.
    pub(super) fn of(
        self,
        dates: &[Date],
        decides: &dyn Fn(usize) -> bool,
        formed: impl Fn(usize) -> f64,
    ) -> Vec<f64> {
        let comes: Vec<Option<Comes>> = (0..dates.len())
            .map(|step| decides(step).then(|| comes(dates, step, self.days, &formed)))
            .collect();
        let means = means(dates, &comes);
        let expected = dates.iter().zip(&comes).map(|(date, comes)| match comes {
            None => 0.0,
            // What comes after the end of the run is not known.
            Some(comes) if comes.is_whole && self.is_foreseen => comes.hm3,
            Some(_) => means[&day_of_year(*date)],
        });
        expected.collect()
    }
}

/// The water of some days.
#[derive(Clone, Copy)]
struct Comes {
    hm3: f64,
    /// Whether all of the days are within the run.
    is_whole: bool,
}

/// The water of so many days from a step on.
fn comes(dates: &[Date], first: usize, days: u32, formed: &impl Fn(usize) -> f64) -> Comes {
    let (mut hm3, mut left) = (0.0, f64::from(days));
    for (step, date) in dates.iter().enumerate().skip(first) {
        if left <= 0.0 {
            break;
        }
        let days = match date {
            Date::Day(..) => 1.0,
            Date::Month(month) => f64::from(month.days()),
        };
        hm3 += formed(step) * (left / days).min(1.0);
        left -= days;
    }
    let is_whole = left <= 0.0;
    Comes { hm3, is_whole }
}

/// The mean of the same days of all years; of those that the run holds in whole, where there are any.
fn means(dates: &[Date], comes: &[Option<Comes>]) -> BTreeMap<(u32, u32), f64> {
    let mut days: BTreeMap<(u32, u32), Vec<Comes>> = BTreeMap::new();
    for (date, comes) in dates.iter().zip(comes) {
        if let Some(comes) = comes {
            days.entry(day_of_year(*date)).or_default().push(*comes);
        }
    }
    let mean = |years: &[Comes]| {
        let has_whole = years.iter().any(|comes| comes.is_whole);
        let counted = years.iter().filter(|comes| comes.is_whole || !has_whole);
        let counted: Vec<f64> = counted.map(|comes| comes.hm3).collect();
        counted.iter().sum::<f64>() / counted.len() as f64
    };
    days.iter()
        .map(|(day, years)| (*day, mean(years)))
        .collect()
}

/// Month and day; a month has the day 0.
fn day_of_year(date: Date) -> (u32, u32) {
    match date {
        Date::Month(month) => (month.number(), 0),
        Date::Day(month, day) => (month.number(), day),
    }
}
