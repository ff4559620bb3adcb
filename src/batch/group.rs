//! Runs that are computed side by side: the plans of all are patches of that of the first.

use super::measure::Family;
use super::signal::Watch;
use super::world::{Kept, Run};
use crate::engine::{Base, Differences, Member, Patches};
use crate::ledger::Tally;
use crate::plan::{Brought, Plan, Water};

/// Runs that are computed side by side at most: what they differ in is held in memory.
const MOST_RUNS: usize = 64;

/// Runs whose plans differ in numbers alone and of which the same is watched.
pub(super) struct Group {
    base: Base,
    pub(super) watch: Watch,
    pub(super) kept: Vec<Kept>,
    pub(super) tally: Tally,
    /// The runs, one after the other.
    pub(super) runs: Vec<Own>,
}

/// What a run has of its own.
pub(super) struct Own {
    /// Its number, from 0.
    pub(super) number: usize,
    pub(super) water: Water,
    pub(super) families: Vec<Family>,
    /// What forms in each step where no member brings its own, hm³.
    pub(super) formed: Vec<f64>,
    /// Each storage at the start, hm³.
    initial: Vec<f64>,
    differences: Differences,
}

impl Group {
    /// A group of one run.
    pub(super) fn of(number: usize, run: Run) -> Self {
        let tally = Tally::of(run.network, &run.plan, &run.water.columns);
        let own = Own {
            number,
            formed: tally.formed(&run.plan),
            water: run.water,
            families: run.families,
            initial: run.plan.initial.clone(),
            differences: Differences::new(),
        };
        Self {
            base: Base::of(run.plan),
            watch: run.watch,
            kept: run.kept,
            tally,
            runs: vec![own],
        }
    }

    /// Takes another run in; gives it back where it cannot be computed beside the others.
    pub(super) fn take<'a>(&mut self, number: usize, run: Run<'a>) -> Option<Run<'a>> {
        let is_watched_alike = run.watch == self.watch && run.kept == self.kept;
        let brings_alike = run.water.columns == self.columns();
        if self.runs.len() == MOST_RUNS || !is_watched_alike || !brings_alike {
            return Some(run);
        }
        let Some(differences) = self.base.beside(&run.plan) else {
            return Some(run);
        };
        self.runs.push(Own {
            number,
            formed: self.tally.formed(&run.plan),
            water: run.water,
            families: run.families,
            initial: run.plan.initial,
            differences,
        });
        None
    }

    /// The plan of the first run.
    pub(super) fn plan(&self) -> &Plan {
        self.base.plan()
    }

    /// What members bring.
    pub(super) fn columns(&self) -> &[Brought] {
        &self.runs[0].water.columns
    }

    /// The plans of all runs as patches of the first.
    pub(super) fn patches(&self) -> Patches {
        let differences: Vec<&Differences> = self.runs.iter().map(|run| &run.differences).collect();
        Patches::of(self.plan(), &differences, self.columns())
    }

    /// Members of all runs, run after run.
    pub(super) fn members(&self, of_each: usize) -> Vec<Member> {
        let runs = self.runs.iter().enumerate();
        runs.flat_map(|(patch, run)| {
            let member = Member {
                initial: run.initial.clone(),
                patch,
                ..Member::of(self.plan())
            };
            std::iter::repeat_n(member, of_each)
        })
        .collect()
    }
}
