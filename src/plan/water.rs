//! Water that members bring: other histories of rivers, rain and evaporation in the place of those of the plan.

use super::brought::Brought;
use super::{DecidedFlood, Floods, Plan};
use crate::network::salinity::Salinity;
use crate::network::{Network, NodeKind};
use crate::time::Date;
use crate::units::m3s_in;

/// The sites whose series stand for those of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sites {
    /// Site whose flow each node takes.
    pub flow: Vec<Option<usize>>,
    /// Site whose rain the storage at each node takes.
    pub rain: Vec<Option<usize>>,
    /// Site whose evaporation the storage at each node takes.
    pub evaporation: Vec<Option<usize>>,
}

impl Sites {
    /// No site: all water is that of the plan.
    pub fn nowhere(network: &Network) -> Self {
        let none = vec![None; network.nodes.len()];
        Self {
            flow: none.clone(),
            rain: none.clone(),
            evaporation: none,
        }
    }
}

/// What the series of sites become in a plan that was built for them.
#[derive(Clone, Debug)]
pub struct Water {
    /// The columns of [`Water::numbers`].
    pub columns: Vec<Brought>,
    /// Of each flow, rain and evaporation: the site, and what 1 m³/s or 1 mm of it brings in each step.
    series: Vec<(usize, Vec<f64>)>,
    /// Column of the flow that each expected water and each salinity follows.
    follow: Vec<usize>,
    ratings: Vec<Salinity>,
}

impl Water {
    /// Reads from a plan that was built for `sites` what 1 m³/s and 1 mm of them bring.
    pub fn of(network: &Network, plan: &Plan, sites: &Sites) -> Self {
        let mut water = Self {
            columns: Vec::new(),
            series: Vec::new(),
            follow: Vec::new(),
            ratings: Vec::new(),
        };
        for (node, site) in sites.flow.iter().enumerate() {
            if let Some(site) = site {
                water.columns.push(Brought::Formed(node));
                water
                    .series
                    .push((*site, plan.formed.column(node).to_vec()));
            }
        }
        for (storage, node) in plan.storage_nodes.iter().enumerate() {
            let depths = [
                (sites.rain[*node], Brought::Rain(storage), &plan.rain_mm),
                (
                    sites.evaporation[*node],
                    Brought::Evaporation(storage),
                    &plan.evaporation_mm,
                ),
            ];
            for (site, column, plan) in depths {
                if let Some(site) = site {
                    water.columns.push(column);
                    water.series.push((site, plan.column(storage).to_vec()));
                }
            }
        }
        for (source, node) in plan.floods.sources.iter().enumerate() {
            water.follows(Brought::Expected(source), *node);
        }
        for (node, row) in network.nodes.iter().enumerate() {
            if let NodeKind::Inflow(inflow) = &row.kind
                && let Some(rating @ Salinity::Rating { .. }) = &inflow.salinity
                && plan.carried.salt.is_some()
                && water.follows(Brought::Salinity(node), node)
            {
                water.ratings.push(rating.clone());
            }
        }
        water
    }

    /// Adds a column that follows from the flow of a node; whether a site brings that flow.
    fn follows(&mut self, column: Brought, node: usize) -> bool {
        let flow = Brought::Formed(node);
        let flow = self.columns.iter().position(|column| *column == flow);
        if let Some(flow) = flow {
            self.columns.push(column);
            self.follow.push(flow);
        }
        flow.is_some()
    }

    /// Multiplies what a site brings in each step.
    pub fn scale(&mut self, factor: impl Fn(usize, usize) -> f64) {
        for (site, brings) in &mut self.series {
            for (step, brings) in brings.iter_mut().enumerate() {
                *brings *= factor(*site, step);
            }
        }
    }

    /// The numbers of a member in place of those of the plan: (step, column). `values` are its series by site, one
    /// value a step.
    pub fn numbers(&self, plan: &Plan, values: &[Vec<f64>]) -> Vec<f64> {
        let (steps, columns) = (plan.steps(), self.columns.len());
        let mut numbers = vec![0.0; steps * columns];
        for (column, (site, brings)) in self.series.iter().enumerate() {
            let cells = numbers[column..].iter_mut().step_by(columns.max(1));
            for ((cell, value), brings) in cells.zip(&values[*site]).zip(brings) {
                *cell = value * brings;
            }
        }
        let mut ratings = self.ratings.iter();
        for (place, flow) in self.follow.iter().enumerate() {
            let column = self.series.len() + place;
            let formed: Vec<f64> = (0..steps)
                .map(|step| numbers[step * columns + flow])
                .collect();
            let follows = match self.columns[column] {
                Brought::Expected(source) => plan.floods.expect(source, &plan.dates, &formed),
                _ => salinities(plan, ratings.next(), &formed),
            };
            for (step, number) in follows.into_iter().enumerate() {
                numbers[step * columns + column] = number;
            }
        }
        numbers
    }

    /// The plan with the numbers of a member.
    #[must_use]
    pub fn put(&self, plan: &Plan, numbers: &[f64]) -> Plan {
        let mut plan = plan.clone();
        for (column, brought) in self.columns.iter().enumerate() {
            let numbers = numbers[column..].iter().step_by(self.columns.len());
            plan.bring(*brought, numbers.copied());
        }
        plan
    }
}

/// Salinity of what forms in each step (equation E30).
fn salinities(plan: &Plan, rating: Option<&Salinity>, formed: &[f64]) -> Vec<f64> {
    let steps = formed.iter().enumerate();
    let salinity = |(step, hm3): (usize, &f64)| {
        let flow = m3s_in(*hm3, plan.seconds[step]);
        rating.map_or(0.0, |rating| rating.g_per_l(plan.months[step], flow))
    };
    steps.map(salinity).collect()
}

impl Floods {
    /// Water expected from a source in the steps in which its rule decides, hm³; 0 in the others (equation E42).
    fn expect(&self, source: usize, dates: &[Date], formed: &[f64]) -> Vec<f64> {
        let is_of = |rule: &DecidedFlood| rule.sources.contains(&source);
        let Some(rule) = self.rules.iter().position(is_of) else {
            return vec![0.0; dates.len()];
        };
        let decides = |step: usize| self.decides[[step, rule]] > 0.0;
        self.forecasts[rule].of(dates, &decides, |step| formed[step])
    }
}
