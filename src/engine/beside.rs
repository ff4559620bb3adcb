//! Runs of plans that are much alike, side by side.

use std::sync::{Mutex, PoisonError};

use super::ensemble::{Block, Ensemble, Member, Series};
use super::patches::{Base, Differences, Patches};
use super::record::{Quantity, Record};
use super::{before_the_first_step, salt_of};
use crate::plan::Plan;

/// Runs plans from their first step to their last, as [`run_of`](super::run_of) runs each of them alone, to the last bit.
///
/// Plans that differ in numbers alone run side by side on one program; the others by themselves.
pub fn run_each_of(plans: &[Plan], quantities: &[Quantity]) -> Vec<Record> {
    let mut teams: Vec<Team> = Vec::new();
    for (place, plan) in plans.iter().enumerate() {
        let mut beside = teams.iter().enumerate();
        let found = beside.find_map(|(team, of)| Some((team, of.base.beside(plan)?)));
        match found {
            Some((team, differences)) => teams[team].plans.push((place, differences)),
            None => teams.push(Team::of(place, plan)),
        }
    }
    let records = teams.iter().flat_map(|team| team.run(plans, quantities));
    let mut records: Vec<(usize, Record)> = records.collect();
    records.sort_by_key(|(place, _)| *place);
    records.into_iter().map(|(_, record)| record).collect()
}

/// Plans that run side by side, by their places.
struct Team {
    base: Base,
    plans: Vec<(usize, Differences)>,
}

impl Team {
    fn of(place: usize, plan: &Plan) -> Self {
        Self {
            base: Base::of(plan.clone()),
            plans: vec![(place, Differences::default())],
        }
    }

    /// The records of its plans, each with the place of the plan.
    fn run(&self, plans: &[Plan], quantities: &[Quantity]) -> Vec<(usize, Record)> {
        let base = self.base.plan();
        let differences: Vec<&Differences> = self.plans.iter().map(|(_, own)| own).collect();
        let patches = Patches::of(base, &differences, &[]);
        let own: Vec<&Plan> = self.plans.iter().map(|(place, _)| &plans[*place]).collect();
        let members = own.iter().enumerate().map(|(patch, plan)| Member {
            initial: plan.initial.clone(),
            patch,
            ..Member::of(base)
        });
        let members: Vec<Member> = members.collect();
        let ensemble = Ensemble::new(base, &members).patched(&patches);
        let records = records(&ensemble.lanes(members.len()), &own, quantities);
        let places = self.plans.iter().map(|(place, _)| *place);
        places.zip(records).collect()
    }
}

/// The records of the members of an ensemble, with the plan of each.
pub(super) fn records(
    ensemble: &Ensemble,
    plans: &[&Plan],
    quantities: &[Quantity],
) -> Vec<Record> {
    let mut series = Series::all(plans[0]);
    series.retain(|series| quantities.contains(&series.quantity));
    let empty = |plan: &&Plan| {
        let start = before_the_first_step(plan);
        Record {
            salt_at_start: salt_of(plan, &start),
            transit_at_start: start.transit,
            ..Record::of(plan)
        }
    };
    let records = Mutex::new(plans.iter().map(empty).collect::<Vec<Record>>());
    ensemble.each(&series, &|block: Block| {
        let mut records = records.lock().unwrap_or_else(PoisonError::into_inner);
        let steps = block.numbers.chunks(series.len() * block.lanes).enumerate();
        for (step, numbers) in steps {
            for lane in 0..block.members {
                let own = numbers.iter().skip(lane).step_by(block.lanes);
                let own: Vec<f64> = own.copied().collect();
                let record = &mut records[block.first_member + lane];
                record.put_all(block.first_step + step, quantities, &own);
            }
        }
    });
    records.into_inner().unwrap_or_else(PoisonError::into_inner)
}
