//! The same bits on any width, number of threads and processor, and from the program as from the text.

use std::path::Path;

use rivershare::engine::{Ensemble, Instructions, Member, Series, run, run_plainly};
use rivershare::model::Model;
use rivershare::plan::Plan;

fn shipped(scenario: &str) -> Plan {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).expect("the shipped inputs are sound");
    model
        .plan(inputs, &model.scenarios[scenario])
        .expect("a sound scenario")
}

#[test]
fn the_program_gives_the_bits_of_the_text() {
    for scenario in ["baseline", "natural", "canal-7.0", "upstream-growth-dry"] {
        let plan = shipped(scenario);
        let (program, text) = (run(&plan), run_plainly(&plan));
        for series in Series::all(&plan) {
            let (found, wanted) = (program.array(series.quantity), text.array(series.quantity));
            let bits = |array: &ndarray::Array2<f64>| -> Vec<u64> {
                array
                    .column(series.place)
                    .iter()
                    .map(|value| (value + 0.0).to_bits())
                    .collect()
            };
            assert_eq!(bits(found), bits(wanted), "{scenario}: {series:?}");
        }
    }
}

/// Members with other inflows, demands, starts and years.
fn members(plan: &Plan, count: usize) -> Vec<Member> {
    let member = |place: usize| {
        let mut member = Member::of(plan);
        let factor = 0.4 + place as f64 / count as f64;
        member.inflow.iter_mut().for_each(|inflow| *inflow = factor);
        member.demand[place % plan.paths.len()] = 1.5;
        member.initial[0] *= 0.9;
        if place.is_multiple_of(3) {
            let steps = plan.steps() as u32;
            member.rows = Some(
                (0..steps)
                    .map(|step| (step + 12 * place as u32) % steps)
                    .collect(),
            );
        }
        member
    };
    (0..count).map(member).collect()
}

#[test]
fn width_threads_and_instructions_change_no_bit() {
    let plan = shipped("upstream-growth-dry");
    let members = members(&plan, 37);
    let series = Series::all(&plan);
    let alone = Ensemble::new(&plan, &members).lanes(1).sums(&series);
    for (lanes, threads) in [(4, 1), (16, 2), (32, 1), (64, 7)] {
        for instructions in [Instructions::Widest, Instructions::Common] {
            let ensemble = Ensemble::new(&plan, &members).lanes(lanes).threads(threads);
            let sums = ensemble.instructions(instructions).sums(&series);
            assert!(
                sums == alone,
                "{lanes} lanes, {threads} threads, {instructions:?}"
            );
        }
    }
}

#[test]
fn a_member_does_not_see_its_neighbours() {
    let plan = shipped("canal-4.6");
    let members = members(&plan, 5);
    let series = Series::all(&plan);
    let together = Ensemble::new(&plan, &members).lanes(8).sums(&series);
    for (place, member) in members.iter().enumerate() {
        let member = [member.clone()];
        let alone = Ensemble::new(&plan, &member).lanes(1).sums(&series);
        assert_eq!(together.row(place), alone.row(0), "member {place}");
    }
}
