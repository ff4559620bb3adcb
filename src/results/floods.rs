//! The floods of a run, one a year: what was decided, what was released, what it covered.

use std::ops::Range;

use super::Run;
use crate::network::floodplain::Flooded;
use crate::time::SECONDS_PER_DAY;
use crate::units::m3s_in;

/// Days over which the greatest mean flow is the plateau of a flood: the shortest plateau that was published.
pub const PLATEAU_DAYS: usize = 7;

/// Part of the plateau that a day must have to count as one of it: flows of days are known to some percent.
const OF_PLATEAU: f64 = 0.95;

/// The flood of a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Flood {
    /// The year in which it begins.
    pub year: i32,
    /// Its steps in the run as computed: those of the whole flood.
    pub steps: Range<usize>,
    /// Volume of the whole flood, hm³.
    pub whole_hm3: f64,
    /// Volume that was asked for, hm³.
    pub asked_hm3: f64,
    /// Volume that passed in these steps by days; by months what was kept of the flood, hm³.
    pub released_hm3: f64,
    /// Its plateau; not known by months.
    pub plateau: Option<Plateau>,
    /// What it covered; by months with the plateau that the whole flood asks for, which is the most that it can be.
    pub flooded: Option<Flooded>,
}

/// The plateau of a flood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plateau {
    /// Greatest mean flow of [`PLATEAU_DAYS`] days, m³/s.
    pub flow_m3s: f64,
    /// Days with almost this flow or more.
    pub days: usize,
}

impl Flood {
    /// Part of the whole flood that was decided.
    pub fn part(&self) -> f64 {
        self.asked_hm3 / self.whole_hm3
    }
}

impl Run<'_> {
    /// The floods of a minimum flow, year after year; none where it is no flood.
    pub fn floods(&self, place: usize) -> Vec<Flood> {
        let run = self.computed();
        let seasons = run.flood_steps(place);
        seasons
            .into_iter()
            .filter_map(|steps| run.flood(place, steps))
            .collect()
    }

    /// The steps of each flood: those of the whole flood, where it asks for water in any of them.
    pub fn flood_steps(&self, place: usize) -> Vec<Range<usize>> {
        let Some(whole) = self.network.minimum_flows[place].0.flow.flood() else {
            return Vec::new();
        };
        let mut floods: Vec<Range<usize>> = Vec::new();
        let is_flood = |step: &usize| whole.hm3(self.plan.dates[*step]) > 0.0;
        for step in (0..self.plan.steps()).filter(is_flood) {
            match floods.last_mut() {
                Some(last) if last.end == step => last.end += 1,
                _ => floods.push(step..step + 1),
            }
        }
        let can_ask = |step: usize| self.plan.minimum[[step, place]] > 0.0;
        floods.retain(|steps| steps.clone().any(can_ask));
        floods
    }

    fn flood(&self, place: usize, steps: Range<usize>) -> Option<Flood> {
        let row = &self.network.minimum_flows[place].0;
        let whole = row.flow.flood()?;
        let is_daily = self.plan.seconds[steps.start] == SECONDS_PER_DAY;
        let flows: Vec<f64> = steps.clone().map(|step| self.passes(step, place)).collect();
        let sum = |values: &dyn Fn(usize) -> f64| steps.clone().map(values).sum::<f64>();
        let released_hm3 = match is_daily {
            true => flows.iter().sum(),
            false => sum(&|step| self.record.kept[[step, place]]),
        };
        let plateau = is_daily.then(|| plateau(&flows));
        let most = plateau.map_or(whole.plateau_m3s(), |plateau| plateau.flow_m3s);
        let plain = row.floodplain.as_ref();
        Some(Flood {
            year: self.plan.months[steps.start].year(),
            whole_hm3: sum(&|step| whole.hm3(self.plan.dates[step])),
            asked_hm3: sum(&|step| self.record.asked[[step, place]]),
            released_hm3,
            plateau,
            flooded: plain.map(|plain| plain.flooded(released_hm3, most)),
            steps,
        })
    }

    /// Volume that passes the place of a minimum flow, hm³.
    fn passes(&self, step: usize, place: usize) -> f64 {
        let node = self.network.minimum_flows[place].1;
        match self.plan.river[node] {
            Some(link) => self.record.enters[[step, link]],
            None => self.record.comes[[step, node]],
        }
    }
}

/// The plateau of the flows of some days, hm³ each.
fn plateau(flows: &[f64]) -> Plateau {
    let days = flows.len().min(PLATEAU_DAYS);
    let means = flows.windows(days).map(|week| week.iter().sum::<f64>());
    let most = means.fold(0.0, f64::max) / days as f64;
    Plateau {
        flow_m3s: m3s_in(most, SECONDS_PER_DAY),
        days: flows
            .iter()
            .filter(|flow| **flow >= OF_PLATEAU * most)
            .count(),
    }
}
