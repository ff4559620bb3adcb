//! Carries out members side by side in the engine's lanes, and audits them: those of one plan, and those of plans that
//! differ from it in numbers alone.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::signal::Watch;
use super::water::MemberWater;
use crate::engine::{Base, Block, Differences, Ensemble, Member, Patches, Series};
use crate::hydrology::generator::Values;
use crate::ledger::{Forms, Imbalance, Sheet, Tally};
use crate::network::Network;
use crate::plan::{Brought, Plan, Water};

/// Members side by side: so many fill the packs of claims that compete and the lanes of storages, and what they work on still
/// stands close by.
pub const LANES: usize = 64;

/// Plans that are carried out side by side at most: what they differ in is held in memory.
pub const MOST_PLANS: usize = 64;

/// The signals of a member.
#[derive(Clone, Copy, Debug)]
pub struct Signals<'a> {
    /// (signal, step).
    numbers: &'a [f64],
    steps: usize,
}

impl<'a> Signals<'a> {
    /// The months of a signal.
    pub fn months(&self, signal: usize) -> &'a [f64] {
        &self.numbers[signal * self.steps..(signal + 1) * self.steps]
    }

    /// The months of each signal.
    pub fn all(&self) -> Vec<Vec<f64>> {
        let signals = self.numbers.chunks(self.steps.max(1));
        signals.map(<[f64]>::to_vec).collect()
    }
}

/// Plans that differ in numbers alone and of which the same is watched.
#[derive(Debug)]
pub struct SideBySide {
    /// The first plan, of which the others are patches.
    base: Base,
    watch: Watch,
    tally: Tally,
    plans: Vec<Own>,
}

/// What a plan has of its own.
#[derive(Debug)]
struct Own {
    /// What the water of members becomes in it.
    water: Water,
    /// What forms in each step where no member brings its own, hm³.
    formed: Vec<f64>,
    /// Each storage at the start, hm³.
    initial: Vec<f64>,
    differences: Differences,
}

impl SideBySide {
    /// One plan, what the water of members becomes in it, and what is watched.
    pub fn of(network: &Network, plan: Plan, water: Water, watch: Watch) -> Self {
        let tally = Tally::of(network, &plan, &water.columns);
        let own = Own {
            water,
            formed: tally.formed(&plan),
            initial: plan.initial.clone(),
            differences: Differences::default(),
        };
        Self {
            base: Base::of(plan),
            watch,
            tally,
            plans: vec![own],
        }
    }

    /// The first plan.
    pub fn plan(&self) -> &Plan {
        self.base.plan()
    }

    /// Takes in another plan with its water; gives it back where it cannot be carried out beside the others.
    pub fn take(&mut self, plan: Plan, water: Water, watch: &Watch) -> Option<(Plan, Water)> {
        let is_alike = *watch == self.watch && water.columns == self.columns();
        if self.plans.len() == MOST_PLANS || !is_alike {
            return Some((plan, water));
        }
        let Some(differences) = self.base.beside(&plan) else {
            return Some((plan, water));
        };
        self.plans.push(Own {
            formed: self.tally.formed(&plan),
            water,
            initial: plan.initial,
            differences,
        });
        None
    }

    /// What members bring.
    fn columns(&self) -> &[Brought] {
        &self.plans[0].water.columns
    }

    /// Carries out all members of all plans and hands over each in turn: place of its plan, its own place, and its signals
    /// or why it has none.
    pub fn each(
        &self,
        water: &MemberWater,
        take: impl FnMut(usize, usize, Result<Signals, String>) + Send,
    ) {
        let values: Vec<&Values> = water.iter().collect();
        let differences: Vec<&Differences> =
            self.plans.iter().map(|own| &own.differences).collect();
        let patches = Patches::of(self.plan(), &differences, self.columns());
        let crowd = Crowd {
            side: self,
            values: &values,
            members: self.members(values.len()),
        };
        crowd.carry_out(&patches, take);
    }

    /// So many members of each plan, plan after plan.
    fn members(&self, of_each: usize) -> Vec<Member> {
        let plans = self.plans.iter().enumerate();
        plans
            .flat_map(|(patch, own)| {
                let member = Member {
                    initial: own.initial.clone(),
                    patch,
                    ..Member::of(self.plan())
                };
                std::iter::repeat_n(member, of_each)
            })
            .collect()
    }
}

/// Members of all plans.
struct Crowd<'a> {
    side: &'a SideBySide,
    /// The water of each member of a plan: site, month.
    values: &'a [&'a Values],
    members: Vec<Member>,
}

impl Crowd<'_> {
    fn own(&self, member: usize) -> &Own {
        &self.side.plans[member / self.values.len()]
    }

    fn carry_out(
        &self,
        patches: &Patches,
        take: impl FnMut(usize, usize, Result<Signals, String>) + Send,
    ) {
        let (plan, watch, tally) = (self.side.plan(), &self.side.watch, &self.side.tally);
        let of_each = self.values.len();
        let bring = |member: usize| {
            let values = self.values[member % of_each];
            self.own(member).water.numbers(plan, values)
        };
        let series: Vec<Series> = watch.series.iter().chain(&tally.series).copied().collect();
        let ensemble = Ensemble::new(plan, &self.members)
            .bringing(self.side.columns(), &bring)
            .patched(patches)
            .lanes(LANES);
        let ready = ensemble.keeping(&series);
        let width = ready.lanes().next_power_of_two();
        let lanes = Mutex::new(Lanes {
            some: vec![0.0; watch.signals.len() * SOME * width],
            count: watch.signals.len(),
            signals: vec![0.0; width * watch.signals.len() * plan.steps()],
            steps: plan.steps(),
            sheet: Sheet::starting(Vec::new()),
        });
        let take = Mutex::new(take);
        ready.each(&|block: Block| {
            let mut lanes = lanes.lock().unwrap_or_else(PoisonError::into_inner);
            let places = block.first_member..block.first_member + block.members;
            if block.first_step == 0 {
                lanes.sheet = Sheet::starting(stored(&self.members[places.clone()], block.lanes));
            }
            let forms = places.zip(block.brought).map(|(member, brought)| Forms {
                formed: &self.own(member).formed,
                brought,
            });
            let forms: Vec<Forms> = forms.collect();
            for (at, numbers) in block.numbers.chunks(series.len() * block.lanes).enumerate() {
                let step = block.first_step + at;
                let (watched, tallied) = numbers.split_at(watch.series.len() * block.lanes);
                tally.step((step, plan.months[step]), tallied, &forms, &mut lanes.sheet);
                let is_last = step + 1 == plan.steps();
                for signal in 0..watch.signals.len() {
                    let first = (signal * SOME + step % SOME) * block.lanes;
                    let into = &mut lanes.some[first..first + block.lanes];
                    watch.fill(plan, step, signal, watched, into);
                }
                if is_last || (step + 1).is_multiple_of(SOME) {
                    lanes.put(step - step % SOME..step + 1, &block);
                }
                if is_last {
                    let mut take = take.lock().unwrap_or_else(PoisonError::into_inner);
                    lanes.hand_over(&block, |lane, signals| {
                        let member = block.first_member + lane;
                        take(member / of_each, member % of_each, signals);
                    });
                }
            }
        });
    }
}

/// What members store at the start in all, hm³, in as many lanes; those without a member store nothing.
fn stored(members: &[Member], lanes: usize) -> Vec<f64> {
    let stored = members.iter().map(|member| member.initial.iter().sum());
    stored.chain(std::iter::repeat(0.0)).take(lanes).collect()
}

/// What is known of members that run side by side.
struct Lanes {
    /// Some steps in a row: (signal, step, lane).
    some: Vec<f64>,
    /// Signals of a member.
    count: usize,
    /// All steps: (lane, signal, step).
    signals: Vec<f64>,
    steps: usize,
    sheet: Sheet,
}

/// Steps that are put down in the signals of members at once: as many numbers as stand in a line of the cache.
const SOME: usize = 8;

impl Lanes {
    /// Puts down some steps in the signals of the members of a block.
    fn put(&mut self, steps: Range<usize>, block: &Block) {
        let rows = self.some.chunks(SOME * block.lanes);
        for (signal, rows) in rows.enumerate().take(self.count) {
            for lane in 0..block.members {
                let first = (lane * self.count + signal) * self.steps;
                let months = &mut self.signals[first + steps.start..first + steps.end];
                let numbers = rows[lane..].iter().step_by(block.lanes);
                for (month, number) in months.iter_mut().zip(numbers) {
                    *month = *number;
                }
            }
        }
    }

    /// Hands over the signals of each lane of a block, or why they are no results.
    fn hand_over(&self, block: &Block, mut take: impl FnMut(usize, Result<Signals, String>)) {
        let of_each = self.count * self.steps;
        for lane in 0..block.members {
            let numbers = &self.signals[lane * of_each..(lane + 1) * of_each];
            let fails = fails(self.sheet.open[lane].as_deref(), numbers);
            let steps = self.steps;
            take(lane, fails.map_or(Ok(Signals { numbers, steps }), Err));
        }
    }
}

/// Why a member has no results.
fn fails(open: Option<&Imbalance>, signals: &[f64]) -> Option<String> {
    if let Some(imbalance) = open {
        return Some(imbalance.to_string());
    }
    let is_broken = signals.iter().any(|number| !number.is_finite());
    is_broken.then(|| "a result is no finite number".to_owned())
}
