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
}

/// A flood that is decided, and from what.
#[derive(Clone, Debug)]
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
        for &(flow, rule) in &ruled {
            let sources: Vec<usize> = nodes(network, &rule.inflows);
            floods.rules.push(DecidedFlood {
                flow,
                storages: storages(network, &rule.storages),
                sources: floods.sources.len()..floods.sources.len() + sources.len(),
                available_hm3: rule.available_hm3.clone(),
                first_stretch: rises.len(),
            });
            expected.extend(
                sources
                    .iter()
                    .map(|node| forecast(rule, steps, formed, *node)),
            );
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

/// Water that a rule expects from a node where it decides in each step, hm³ (equation E42).
fn forecast(rule: &FloodRule, steps: &[Step], formed: &Array2<f64>, node: usize) -> Vec<f64> {
    let comes: Vec<(f64, bool)> = (0..steps.len())
        .map(|first| {
            comes(&steps[first..], rule.expected_days, |place| {
                formed[[place, node]]
            })
        })
        .collect();
    let means = means(steps, &comes);
    let expected = steps.iter().zip(&comes).map(|(step, (volume, is_whole))| {
        // What comes after the end of the run is not known.
        let is_known = *is_whole && rule.expected == Expected::AsItComes;
        if is_known {
            *volume
        } else {
            means[&day_of_year(step)]
        }
    });
    expected.collect()
}

/// The water of so many days from the first of some steps on, and whether all of them are among the steps.
fn comes(steps: &[Step], days: u32, formed: impl Fn(usize) -> f64) -> (f64, bool) {
    let (mut volume, mut left) = (0.0, f64::from(days));
    for step in steps {
        if left <= 0.0 {
            break;
        }
        let days = match step.date {
            Date::Day(..) => 1.0,
            Date::Month(month) => f64::from(month.days()),
        };
        volume += formed(step.place) * (left / days).min(1.0);
        left -= days;
    }
    (volume, left <= 0.0)
}

/// The mean of the same days of all years; of those that the run holds in whole, where there are any.
fn means(steps: &[Step], comes: &[(f64, bool)]) -> BTreeMap<(u32, u32), f64> {
    let mut days: BTreeMap<(u32, u32), Vec<(f64, bool)>> = BTreeMap::new();
    for (step, volume) in steps.iter().zip(comes) {
        days.entry(day_of_year(step)).or_default().push(*volume);
    }
    let mean = |years: &[(f64, bool)]| {
        let has_whole = years.iter().any(|(_, is_whole)| *is_whole);
        let counted = years.iter().filter(|(_, is_whole)| *is_whole || !has_whole);
        let counted: Vec<f64> = counted.map(|(volume, _)| *volume).collect();
        counted.iter().sum::<f64>() / counted.len() as f64
    };
    days.iter()
        .map(|(day, years)| (*day, mean(years)))
        .collect()
}

/// Month and day; a month has the day 0.
fn day_of_year(step: &Step) -> (u32, u32) {
    match step.date {
        Date::Month(month) => (month.number(), 0),
        Date::Day(month, day) => (month.number(), day),
    }
}
