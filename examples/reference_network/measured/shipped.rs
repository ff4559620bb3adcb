//! The three shipped basins, month by month: exact lakes, many users in a class.

use std::path::Path;

use rivershare::model::Model;
use rivershare::plan::Plan;

/// A scenario of the shipped inputs, over its first so many years where a number is given; none where the
/// inputs are not at hand.
pub(crate) fn plan(scenario: &str, years: Option<i32>) -> Option<Plan> {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs");
    let model = Model::load(&inputs, &[]).ok()?;
    let mut scenario = model.scenarios.get(scenario)?.clone();
    if let Some(years) = years {
        scenario.period.last = scenario.period.first.plus(12 * years - 1);
    }
    model.plan(&inputs, &scenario).ok()
}
