//! The section on the three shipped basins.

use std::fmt::Write as _;
use std::hint::black_box;

use rivershare::engine::Ensemble;
use rivershare::plan::Plan;

use super::best;
use crate::measured::{shipped, variations};

/// Scenarios that are measured: with all users and dams, and without.
const SCENARIOS: [&str; 2] = ["baseline", "natural"];

/// Sizes of the ensembles.
const MEMBERS: [usize; 3] = [1, 96, 1_000];

const HEAD: &str = "
## The shipped basins

The Irtysh, the Ili and the Emil by months, 1961–2023, with exact lakes and the whole allocation; inflows of the members from 0.7 to 1.3 times
the shipped ones, so that most of them are short of water in many months. One thread, flows and storages summed up.

| scenario | members | nodes | steps | ns a node, step and member | ms a member |
|---|---:|---:|---:|---:|---:|
";

/// The section; none where the folder of inputs is not at hand.
pub(super) fn section() -> Option<String> {
    let mut text = HEAD.to_owned();
    for scenario in SCENARIOS {
        let plan = shipped::plan(scenario, None)?;
        for members in MEMBERS {
            let seconds = time(&plan, members);
            let (nodes, steps) = (plan.places.len(), plan.steps());
            let ns = seconds * 1e9 / (nodes * steps * members) as f64;
            let ms = seconds * 1e3 / members as f64;
            // Writing to a text cannot fail.
            let _ = writeln!(
                text,
                "| {scenario} | {members} | {nodes} | {steps} | {ns:.0} | {ms:.2} |"
            );
        }
    }
    Some(text)
}

fn time(plan: &Plan, count: usize) -> f64 {
    let members = variations::members(plan, count);
    let ensemble = Ensemble::new(plan, &members);
    let ready = ensemble.summing(&variations::flows_and_storages(plan));
    best(|| {
        black_box(ready.sums());
    })
}
