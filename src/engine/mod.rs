//! The time loop: step after step of a plan.
//!
//! `step` says once what happens in a step. [`run_plainly`] carries it out number by number; [`run`] carries
//! out the program that the compiler has read from it, which gives the same bits.

mod advance;
mod answer;
mod beside;
mod carried;
mod compile;
mod energy;
mod ensemble;
pub mod exact;
mod explain;
mod expressions;
mod floods;
mod fuse;
mod hydropower;
mod lanes;
mod layout;
mod live;
mod machine;
mod pairs;
mod patches;
mod plain;
mod program;
mod reaches;
mod record;
mod routing;
mod segments;
mod settle;
mod state;
mod step;
mod storage;
mod wide;
mod writer;

pub use beside::run_each_of;
pub use ensemble::{Block, Bring, Ensemble, Member, Ready, Series, Take};
pub use explain::{Bounds, bounds};
pub use hydropower::{Generated, Passage, Target, Trial};
pub use lanes::Instructions;
pub use machine::{Advanced, Forces, StepMachine};
pub use patches::{Base, Differences, Patches};
pub use record::{Quantity, Record};

use crate::allocate::Plain;
use crate::plan::Plan;
use layout::Layout;
use state::{Row, State};
use step::{prepare, step};

/// Runs a plan from its first step to its last.
pub fn run(plan: &Plan) -> Record {
    run_of(plan, Quantity::ALL)
}

/// As [`run`], but only some quantities are computed as far as they are needed; the others are 0 in the record.
pub fn run_of(plan: &Plan, quantities: &[Quantity]) -> Record {
    let member = [Member::of(plan)];
    let ensemble = Ensemble::new(plan, &member).lanes(1);
    beside::records(&ensemble, &[plan], quantities).remove(0)
}

/// What is under way and carried before the first step.
fn before_the_first_step(plan: &Plan) -> State<f64> {
    let layout = Layout::of(plan).carrying(plan, true);
    let mut state = layout.start(plan);
    prepare(
        &mut Plain::of(plan, 0),
        &layout,
        &Row::of(plan, 0),
        &mut state,
    );
    state
}

/// Salt in each pool that it reaches.
fn salt_of(plan: &Plan, state: &State<f64>) -> Vec<f64> {
    let salt = plan.carried.salt.as_ref();
    let pools = salt.map_or(&[][..], |salt| &salt.pools).iter();
    pools.map(|pool| state.stock.salt[*pool]).collect()
}

/// Runs a plan on plain numbers, step by step as it is written.
pub fn run_plainly(plan: &Plan) -> Record {
    let layout = Layout::of(plan).carrying(plan, true);
    let mut record = Record::of(plan);
    let mut state = layout.start(plan);
    for at in 0..plan.steps() {
        let mut plain = Plain::of(plan, at);
        let row = Row::of(plan, at);
        if at == 0 {
            prepare(&mut plain, &layout, &row, &mut state);
            record.transit_at_start.clone_from(&state.transit);
            record.salt_at_start = salt_of(plan, &state);
        }
        let fluxes = step(&mut plain, &layout, &row, &mut state);
        record.put(at, &fluxes);
    }
    record
}
