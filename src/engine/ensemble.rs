//! Members of an ensemble run side by side: one plan with other inflows, demands or years.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use ndarray::Array2;

use super::compile::{Compiler, Differs};
use super::lanes::{Instructions, Lane, Lanes, Sink};
use super::layout::Layout;
use super::patches::Patches;
use super::program::{Program, Use};
use super::record::Quantity;
use crate::plan::{Brought, Plan};

/// How a member differs from its plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Factor of the water that forms at each node.
    pub inflow: Vec<f64>,
    /// Factor of the demand of each user.
    pub demand: Vec<f64>,
    /// Each storage at the start, hm³.
    pub initial: Vec<f64>,
    /// Row of the plan from which each step takes inflow, rain and evaporation; that of the step where none.
    pub rows: Option<Vec<u32>>,
    /// Place of its plan among the patches of the ensemble.
    pub patch: usize,
}

impl Member {
    /// The plan itself.
    pub fn of(plan: &Plan) -> Self {
        Self {
            inflow: vec![1.0; plan.places.len()],
            demand: vec![1.0; plan.paths.len()],
            initial: plan.initial.clone(),
            rows: None,
            patch: 0,
        }
    }
}

/// A series of a run: a quantity at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    /// The quantity.
    pub quantity: Quantity,
    /// Place among the nodes, links, users or storages.
    pub place: usize,
}

impl Series {
    /// All series of a plan.
    pub fn all(plan: &Plan) -> Vec<Self> {
        let places = |quantity: &Quantity| {
            let quantity = *quantity;
            (0..quantity.places(plan)).map(move |place| Self { quantity, place })
        };
        Quantity::ALL.iter().flat_map(places).collect()
    }
}

/// What is done with a block of results. It is asked once a block, so that one engine serves all that ask.
pub type Take<'a> = dyn Fn(Block) + Sync + 'a;

/// What is done with members that have passed all steps: the first of them, their number and their sums.
type Passed<'a> = dyn Fn(usize, usize, &Sum) + Sync + 'a;

/// What a member brings, by its place: (step, column).
pub type Bring<'a> = dyn Fn(usize) -> Vec<f64> + Sync + 'a;

/// A block of results of some members: (step, series, lane).
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// Place of the member in the first lane.
    pub first_member: usize,
    /// Members in the block; lanes beyond them mean nothing.
    pub members: usize,
    /// First step.
    pub first_step: usize,
    /// Lanes of each series.
    pub lanes: usize,
    /// The numbers.
    pub numbers: &'a [f64],
    /// What each member brings: (step, column).
    pub brought: &'a [Vec<f64>],
}

/// Members that run side by side.
#[derive(Clone)]
pub struct Ensemble<'a> {
    plan: &'a Plan,
    members: &'a [Member],
    brought: &'a [Brought],
    bring: Option<&'a Bring<'a>>,
    patches: Option<&'a Patches>,
    lanes: Option<usize>,
    threads: usize,
    instructions: Instructions,
}

impl<'a> Ensemble<'a> {
    /// All members of a plan, on one thread and as many side by side as the cache of a processor holds.
    pub fn new(plan: &'a Plan, members: &'a [Member]) -> Self {
        Self {
            plan,
            members,
            brought: &[],
            bring: None,
            patches: None,
            lanes: None,
            threads: 1,
            instructions: Instructions::Widest,
        }
    }

    /// The numbers of the plan in whose place each member brings its own, none below zero. They are asked for when the
    /// member's turn comes, so that memory does not grow with the members.
    #[must_use]
    pub fn bringing(self, brought: &'a [Brought], bring: &'a Bring<'a>) -> Self {
        Self {
            brought,
            bring: Some(bring),
            ..self
        }
    }

    /// The plans of members as patches of that of the ensemble, by [`Member::patch`].
    #[must_use]
    pub fn patched(self, patches: &'a Patches) -> Self {
        let patches = Some(patches);
        Self { patches, ..self }
    }

    /// Members side by side: 1, 2, 4, 8, 16, 32 or 64; others are rounded up. No result depends on it.
    #[must_use]
    pub fn lanes(self, lanes: usize) -> Self {
        let lanes = Some(lanes);
        Self { lanes, ..self }
    }

    /// Threads. No result depends on it.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        let threads = threads.max(1);
        Self { threads, ..self }
    }

    /// Instructions that may be used. No result depends on it.
    #[must_use]
    pub fn instructions(self, instructions: Instructions) -> Self {
        Self {
            instructions,
            ..self
        }
    }

    /// Sums of series over all steps: (member, series).
    pub fn sums(&self, series: &[Series]) -> Array2<f64> {
        self.summing(series).sums()
    }

    /// Hands over series block by block; blocks of other members may come at the same time from other threads.
    pub fn each(&self, series: &[Series], take: &Take) {
        self.keeping(series).each(take);
    }

    /// Compiles the plan to sum up series.
    pub fn summing(&self, series: &[Series]) -> Ready<'_, 'a> {
        Ready::of(self, series, Use::Sum)
    }

    /// Compiles the plan to hand over series.
    pub fn keeping(&self, series: &[Series]) -> Ready<'_, 'a> {
        Ready::of(self, series, Use::Keep)
    }

    /// Members side by side: as asked for, else as many as the cache holds, and no more than there are.
    fn width(&self, program: &Program) -> usize {
        let members = self.members.len();
        let suits = |lanes: &usize| {
            // Lanes without a member cost as much as the others.
            let idle = members.next_multiple_of(*lanes) - members;
            program.slots * lanes * size_of::<f64>() <= CACHE && 8 * idle <= members
        };
        let most = self.lanes.or_else(|| [64, 32].into_iter().find(suits));
        most.unwrap_or(16).min(members.next_power_of_two())
    }
}

/// Bytes that the fastest cache of common processors holds.
const CACHE: usize = 48 * 1024;

/// An ensemble whose plan is compiled: it can be run again and again.
pub struct Ready<'e, 'a> {
    ensemble: &'e Ensemble<'a>,
    prepared: Prepared,
    series: usize,
    lanes: usize,
}

impl<'e, 'a> Ready<'e, 'a> {
    fn of(ensemble: &'e Ensemble<'a>, series: &[Series], what: Use) -> Self {
        let prepared = Prepared::of(ensemble, series, what);
        Self {
            lanes: ensemble.width(&prepared.program),
            ensemble,
            prepared,
            series: series.len(),
        }
    }

    /// Members that run side by side.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// Operations of a step, each on all lanes.
    pub fn operations(&self) -> usize {
        self.prepared.program.step.len()
    }

    /// Sums of the series over all steps: (member, series); nothing where they are to be handed over.
    pub fn sums(&self) -> Array2<f64> {
        let members = self.ensemble.members.len();
        let sums = Mutex::new(Array2::zeros((members, self.series)));
        let nothing = |_: Block| {};
        self.run(&nothing, &|first: usize, members: usize, sum: &Sum| {
            let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
            for lane in 0..members {
                for place in 0..self.prepared.program.sums.len() {
                    sums[[first + lane, place]] = sum(place, lane);
                }
            }
        });
        sums.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over the series block by block.
    pub fn each(&self, take: &Take) {
        self.run(take, &|_, _, _| {});
    }

    fn run(&self, take: &Take, done: &Passed) {
        match self.lanes {
            0..=1 => self.run_wide::<1>(take, done),
            2 => self.run_wide::<2>(take, done),
            3..=4 => self.run_wide::<4>(take, done),
            5..=8 => self.run_wide::<8>(take, done),
            9..=16 => self.run_wide::<16>(take, done),
            17..=32 => self.run_wide::<32>(take, done),
            _ => self.run_wide::<64>(take, done),
        }
    }

    fn run_wide<const W: usize>(&self, take: &Take, done: &Passed) {
        let (ensemble, prepared) = (self.ensemble, &self.prepared);
        let count = ensemble.members.len();
        let next = AtomicUsize::new(0);
        let work = || {
            let patched = ensemble.patches.map_or(&[][..], Patches::columns);
            let (program, plan) = (&prepared.program, ensemble.plan);
            let mut lanes = Lanes::<W>::new(program, plan, patched, prepared.kept);
            loop {
                let first = next.fetch_add(W, Ordering::Relaxed);
                if first >= count {
                    break;
                }
                let members = first..count.min(first + W);
                let bring = |member| ensemble.bring.map_or_else(Vec::new, |bring| bring(member));
                let brought: Vec<Vec<f64>> = members.clone().map(bring).collect();
                let of_members = members.clone().zip(&brought);
                let block: Vec<Lane> = of_members
                    .map(|(member, brought)| prepared.lane(member, brought, ensemble))
                    .collect();
                let mut sink = Blocks {
                    take,
                    brought: &brought,
                    first_member: first,
                    members: members.len(),
                    lanes: W,
                };
                lanes.run(&block, ensemble.instructions, &mut sink);
                done(first, members.len(), &|series, lane| {
                    lanes.sum(series, lane)
                });
            }
        };
        let threads = ensemble.threads.min(count.div_ceil(W));
        if threads <= 1 {
            return work();
        }
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
    }
}

/// The sum of a series in a lane.
type Sum<'s> = dyn Fn(usize, usize) -> f64 + 's;

/// A program with what each member brings.
#[derive(Debug)]
struct Prepared {
    program: Program,
    kept: usize,
    factors: Vec<Vec<f64>>,
    states: Vec<Vec<f64>>,
}

impl Prepared {
    fn of(ensemble: &Ensemble, series: &[Series], what: Use) -> Self {
        let (plan, members) = (ensemble.plan, ensemble.members);
        let follows = series.iter().any(|series| series.quantity.is_carried());
        let layout = Layout::of_members(plan, members).carrying(plan, follows);
        let mut places = 0;
        let inflow = differing(members, |member| &member.inflow, &mut places);
        let demand = differing(members, |member| &member.demand, &mut places);
        let differs = Differs {
            inflow: &inflow,
            demand: &demand,
            trace: members.iter().any(|member| member.rows.is_some()),
            brought: ensemble.brought,
            patched: ensemble.patches.map_or(&[], Patches::columns),
        };
        let mut compiler = Compiler::new(plan);
        let compiled = compiler.read(&layout, differs);
        let ids: Vec<_> = series
            .iter()
            .map(|s| s.quantity.of(&compiled.fluxes)[s.place])
            .collect();
        let program = Program::of(compiler, &compiled, &ids, what);
        let factors = |member: &Member| {
            let inflow = inflow.iter().zip(&member.inflow);
            let demand = demand.iter().zip(&member.demand);
            let all = inflow.chain(demand).filter(|(place, _)| place.is_some());
            all.map(|(_, factor)| *factor).collect()
        };
        let states = |member: &Member| {
            let mut state = layout.start(plan);
            state.storage.clone_from(&member.initial);
            state.numbers()
        };
        Self {
            program,
            kept: if what == Use::Keep { series.len() } else { 0 },
            factors: members.iter().map(factors).collect(),
            states: members.iter().map(states).collect(),
        }
    }

    fn lane<'l>(&'l self, member: usize, brought: &'l [f64], ensemble: &Ensemble<'l>) -> Lane<'l> {
        let own = &ensemble.members[member];
        Lane {
            factors: &self.factors[member],
            state: &self.states[member],
            rows: own.rows.as_deref(),
            brought,
            columns: ensemble.brought.len(),
            patch: match ensemble.patches {
                Some(patches) => patches.numbers(own.patch),
                None => &[],
            },
            deltas: ensemble
                .patches
                .and_then(|patches| patches.deltas(own.patch))
                .unwrap_or(&ensemble.plan.deltas),
        }
    }
}

/// The place of each factor that is not 1 for all members; the others are left out of the program.
fn differing<'m>(
    members: &'m [Member],
    factors: impl Fn(&'m Member) -> &'m Vec<f64>,
    next: &mut u32,
) -> Vec<Option<u32>> {
    let count = members.first().map_or(0, |member| factors(member).len());
    let mut place = |at: usize| {
        let differs = members.iter().any(|member| factors(member)[at] != 1.0);
        differs.then(|| {
            *next += 1;
            *next - 1
        })
    };
    (0..count).map(&mut place).collect()
}

/// Hands blocks on with their members.
struct Blocks<'a> {
    take: &'a Take<'a>,
    brought: &'a [Vec<f64>],
    first_member: usize,
    members: usize,
    lanes: usize,
}

impl Sink for Blocks<'_> {
    fn take(&mut self, first_step: usize, numbers: &[f64]) {
        (self.take)(Block {
            first_member: self.first_member,
            members: self.members,
            first_step,
            lanes: self.lanes,
            numbers,
            brought: self.brought,
        });
    }
}
