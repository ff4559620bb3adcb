//! The three shipped basins, month by month, through the same engine: exact lakes, many users in a class.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use rivershare::engine::{Ensemble, Member, Quantity, Series};
use rivershare::model::Model;
use rivershare::plan::Plan;

/// Scenarios that are measured: with all users and dams, and without.
const SCENARIOS: [&str; 2] = ["baseline", "natural"];

/// Sizes of the ensembles.
const MEMBERS: [usize; 3] = [1, 96, 1_000];

/// Repeats, of which the best counts.
const REPEATS: usize = 3;

const HEAD: &str = "
## The shipped basins

The Irtysh, the Ili and the Emil by months, 1961–2023, with exact lakes and the whole allocation; inflows of the members from 0.7 to 1.3 times
the shipped ones, so that most of them are short of water in many months. One thread, flows and storages summed up.

| scenario | members | nodes | steps | ns a node, step and member | ms a member |
|---|---:|---:|---:|---:|---:|
";

/// The section on the shipped basins; none where the folder of inputs is not at hand.
pub(crate) fn section() -> Option<String> {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).ok()?;
    let mut text = HEAD.to_owned();
    for scenario in SCENARIOS {
        let plan = model.plan(inputs, model.scenarios.get(scenario)?).ok()?;
        for members in MEMBERS {
            let seconds = best(&plan, members);
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

fn best(plan: &Plan, count: usize) -> f64 {
    let member = |place: usize| {
        let mut member = Member::of(plan);
        let factor = 0.7 + 0.6 * (place as f64 + 0.5) / count as f64;
        member.inflow.fill(factor);
        member
    };
    let members: Vec<Member> = (0..count).map(member).collect();
    let told = |series: &Series| matches!(series.quantity, Quantity::Comes | Quantity::Storage);
    let series: Vec<Series> = Series::all(plan).into_iter().filter(told).collect();
    let ensemble = Ensemble::new(plan, &members);
    let ready = ensemble.summing(&series);
    let time = || {
        let start = Instant::now();
        black_box(ready.sums());
        start.elapsed().as_secs_f64()
    };
    (0..REPEATS).map(|_| time()).fold(f64::INFINITY, f64::min)
}
