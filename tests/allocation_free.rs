//! No step of an ensemble asks for memory: in a run of many steps a member asks for it as often as in one of few.
//!
//! The library forbids unsafe code, and its lints hold for tests too, so that the counting allocator comes from a crate.
//! This file holds one test only, because the counts are those of the whole process.

use std::alloc::System;
use std::path::Path;

use rivershare::engine::{Ensemble, Member, Quantity, Series};
use rivershare::model::Model;
use rivershare::plan::Plan;
use rivershare::scenario::Scenario;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn baseline(model: &Model, period: &str) -> Plan {
    let scenario = Scenario {
        period: period.parse().expect("a period"),
        ..model.scenarios["baseline"].clone()
    };
    model
        .plan(Path::new("inputs"), &scenario)
        .expect("a sound scenario")
}

/// How often memory is asked for while so many members run, and what their users miss.
fn asked_for(plan: &Plan, demand: f64, members: usize) -> (usize, f64) {
    let mut member = Member::of(plan);
    member.demand.iter_mut().for_each(|factor| *factor = demand);
    let members = vec![member; members];
    let users = (0..plan.paths.len()).map(|place| Series {
        quantity: Quantity::Delivered,
        place,
    });
    let series: Vec<Series> = users.collect();
    let region = Region::new(COUNTING);
    let sums = Ensemble::new(plan, &members).lanes(2).sums(&series);
    let change = region.change();
    let missing = demand * plan.demand.sum() - sums.row(0).sum();
    (change.allocations + change.reallocations, missing)
}

/// What ten more members ask for: the program and its lists are made once for all members.
fn ten_more_ask_for(plan: &Plan, demand: f64) -> usize {
    asked_for(plan, demand, 20).0 - asked_for(plan, demand, 10).0
}

#[test]
fn no_step_asks_for_memory() {
    let model = Model::load(Path::new("inputs"), &[]).expect("the shipped inputs are sound");
    let (short, long) = (
        baseline(&model, "1961-01..1961-12"),
        baseline(&model, "1961-01..1970-12"),
    );
    // With three times the demand, claims of many classes compete in every summer.
    for demand in [1.0, 3.0] {
        assert!(asked_for(&long, demand, 1).1 > 1.0, "someone is short");
        let (few, many) = (
            ten_more_ask_for(&short, demand),
            ten_more_ask_for(&long, demand),
        );
        assert_eq!(few, many, "12 and 120 months, demand times {demand}");
    }
}
