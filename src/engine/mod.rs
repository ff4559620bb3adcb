//! The time loop: step after step of a plan.
//!
//! [`step`] says once what happens in a step. [`run_plainly`] carries it out number by number; [`run`] carries
//! out the program that the compiler has read from it, which gives the same bits.

pub mod exact;
mod explain;
mod layout;
mod plain;
mod reaches;
mod record;
mod routing;
mod step;
mod storage;

pub use explain::{Bounds, bounds};
pub use record::Record;
pub use step::{Advanced, Forces, StepMachine};

use crate::allocate::Plain;
use crate::plan::Plan;
use layout::Layout;
use step::{Row, prepare, step};

/// Runs a plan from its first step to its last.
pub fn run(plan: &Plan) -> Record {
    run_plainly(plan)
}

/// Runs a plan on plain numbers, step by step as it is written.
pub fn run_plainly(plan: &Plan) -> Record {
    let layout = Layout::of(plan);
    let mut record = Record::of(plan);
    let mut state = layout.start(plan);
    for at in 0..plan.steps() {
        let mut plain = Plain::of(plan, at);
        let row = Row::of(plan, at);
        if at == 0 {
            prepare(&mut plain, &layout, &row, &mut state);
            record.transit_at_start.clone_from(&state.transit);
        }
        let fluxes = step(&mut plain, &layout, &row, &mut state);
        record.put(at, &fluxes);
    }
    record
}
