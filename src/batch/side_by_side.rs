//! Carries out the members of a plan side by side in the engine's lanes, and audits them.

use std::sync::{Mutex, PoisonError};

use super::signal::Watch;
use super::water::MemberWater;
use crate::engine::{Block, Ensemble, Member, Series};
use crate::hydrology::generator::Values;
use crate::ledger::{Imbalance, Sheet, Tally};
use crate::network::Network;
use crate::plan::{Plan, Water};

/// Members side by side: most of the time goes into what is done lane by lane, for which wide lanes are best.
pub const LANES: usize = 64;

/// Members whose numbers are held ready at once, for the sake of memory: the plan is compiled again for the next ones.
pub const READY: usize = 2 * LANES;

/// Months of each signal of a member.
pub type Signals = Vec<Vec<f64>>;

/// A plan with what is watched of it.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// The network.
    pub network: &'a Network,
    /// The plan.
    pub plan: &'a Plan,
    /// What the water of members becomes in it.
    pub water: &'a Water,
    /// Signals.
    pub watch: &'a Watch,
}

/// What is known of members that run side by side.
struct Lanes {
    /// Signals: (signal, step, lane).
    months: Vec<f64>,
    sheet: Sheet,
}

impl Watched<'_> {
    /// Carries out all members and hands over each in turn: its place, and its signals or why it has none.
    pub fn each(
        &self,
        water: &MemberWater,
        mut take: impl FnMut(usize, Result<Signals, String>) + Send,
    ) {
        let values: Vec<&Values> = water.iter().collect();
        for (part, values) in values.chunks(READY).enumerate() {
            self.some(values, &mut |member, signals| {
                take(part * READY + member, signals);
            });
        }
    }

    fn some(
        &self,
        values: &[&Values],
        take: &mut (impl FnMut(usize, Result<Signals, String>) + Send),
    ) {
        let (plan, watch) = (self.plan, self.watch);
        let members: Vec<Member> = values
            .iter()
            .map(|values| Member {
                brought: self.water.numbers(plan, values),
                ..Member::of(plan)
            })
            .collect();
        let brought: Vec<&[f64]> = members.iter().map(|member| &*member.brought).collect();
        let tally = Tally::of(self.network, plan, &self.water.columns);
        let series: Vec<Series> = watch.series.iter().chain(&tally.series).copied().collect();
        let ensemble = Ensemble::new(plan, &members)
            .bringing(&self.water.columns)
            .lanes(LANES);
        let ready = ensemble.keeping(&series);
        let width = ready.lanes().next_power_of_two();
        let lanes = Mutex::new(Lanes {
            months: vec![0.0; watch.signals.len() * plan.steps() * width],
            sheet: tally.sheet(plan, width),
        });
        let take = Mutex::new(take);
        ready.each(&|block: Block| {
            let mut lanes = lanes.lock().unwrap_or_else(PoisonError::into_inner);
            let members = block.first_member..block.first_member + block.members;
            if block.first_step == 0 {
                lanes.sheet = tally.sheet(plan, block.lanes);
            }
            let own = &brought[members.clone()];
            for (at, numbers) in block.numbers.chunks(series.len() * block.lanes).enumerate() {
                let step = block.first_step + at;
                let (watched, tallied) = numbers.split_at(watch.series.len() * block.lanes);
                tally.step(plan, step, tallied, own, &mut lanes.sheet);
                for signal in 0..watch.signals.len() {
                    let first = (signal * plan.steps() + step) * block.lanes;
                    let into = &mut lanes.months[first..first + block.lanes];
                    watch.fill(plan, step, signal, watched, into);
                }
                if step + 1 == plan.steps() {
                    let mut take = take.lock().unwrap_or_else(PoisonError::into_inner);
                    for (lane, member) in members.clone().enumerate() {
                        take(member, self.signals(&lanes, lane, block.lanes));
                    }
                }
            }
        });
    }

    /// The signals of a lane, or why they are no results.
    fn signals(&self, lanes: &Lanes, lane: usize, width: usize) -> Result<Signals, String> {
        let steps = self.plan.steps();
        let months = |signal: usize| -> Vec<f64> {
            let all = &lanes.months[signal * steps * width..(signal + 1) * steps * width];
            all.iter().skip(lane).step_by(width).copied().collect()
        };
        let signals: Signals = (0..self.watch.signals.len()).map(months).collect();
        match fails(lanes.sheet.open[lane].as_deref(), &signals) {
            Some(what) => Err(what),
            None => Ok(signals),
        }
    }
}

/// Why a member has no results.
fn fails(open: Option<&Imbalance>, signals: &[Vec<f64>]) -> Option<String> {
    if let Some(imbalance) = open {
        return Some(imbalance.to_string());
    }
    let is_broken = signals.iter().flatten().any(|number| !number.is_finite());
    is_broken.then(|| "a result is no finite number".to_owned())
}
