//! The section on scenarios: a plan made anew, and one that is patched.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use rivershare::inputs::folder::Folder;
use rivershare::model::Model;
use rivershare::plan::{Factors, Sites};

use super::best;

/// Scenarios of the shipped inputs that are patches of their base.
const SCENARIOS: [&str; 2] = ["canal-7.0", "ili-more-use"];

const HEAD: &str = "
## Scenarios

The shipped basins by months, 2024–2073: the plan of a scenario made anew from inputs in memory, and the numbers in which it differs from the plan of
its base. Scenarios that differ in numbers alone run side by side on one program.

| scenario | numbers that differ | plan, µs | patch, µs |
|---|---:|---:|---:|
";

/// The section; none where the folder of inputs is not at hand.
pub(super) fn section() -> Option<String> {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).ok()?;
    let base = &model.scenarios["present-use"];
    let water = (&Sites::nowhere(&model.network), &Factors::default());
    let patchable = model.patchable(inputs, base, water).ok()?;
    let folder = Folder::new(inputs);
    let mut text = HEAD.to_owned();
    for name in SCENARIOS {
        let scenario = &model.scenarios[name];
        let patch = || patchable.differences(&folder, &model.network, &scenario.changes);
        let columns = patch()?.len();
        let plan = best(|| {
            let _ = black_box(model.plan(inputs, scenario));
        });
        let patch = best(|| {
            black_box(patch());
        });
        let (plan, patch) = (plan * 1e6, patch * 1e6);
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| {name} | {columns} × {} | {plan:.0} | {patch:.0} |",
            patchable.plan().steps()
        );
    }
    Some(text)
}
