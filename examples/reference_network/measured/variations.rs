//! Members of any plan whose inflows vary, and what is summed up of them.

use rivershare::engine::{Member, Quantity, Series};
use rivershare::plan::Plan;

/// So many members with inflows from 0.7 to 1.3 times those of the plan.
pub(crate) fn members(plan: &Plan, count: usize) -> Vec<Member> {
    let member = |place: usize| {
        let mut member = Member::of(plan);
        let factor = 0.7 + 0.6 * (place as f64 + 0.5) / count as f64;
        member.inflow.fill(factor);
        member
    };
    (0..count).map(member).collect()
}

/// The flow at every node and the storage of every lake and reservoir.
pub(crate) fn flows_and_storages(plan: &Plan) -> Vec<Series> {
    let told = |series: &Series| matches!(series.quantity, Quantity::Comes | Quantity::Storage);
    Series::all(plan).into_iter().filter(told).collect()
}
