//! Common random numbers: what is added to a batch moves no number of what was there.

use std::collections::BTreeMap;

use rivershare::batch::chunk::compute;
use rivershare::batch::open::Opened;

use crate::bench::{Bench, HEAD, USE, same_files};

/// Measures of each run and member as bits, by the level of `use` and the number of the member.
fn measures(
    opened: &Opened,
    is_meant: impl Fn(&[String]) -> bool,
) -> BTreeMap<(String, usize), Vec<u64>> {
    let blueprint = &opened.blueprint;
    let place = blueprint
        .axes
        .iter()
        .position(|axis| axis.0 == "use")
        .expect("the axis");
    let mut all = BTreeMap::new();
    for chunk in blueprint.chunks() {
        let numbers = compute(&opened.world, blueprint, &chunk).numbers;
        let mut rows = numbers.chunks(blueprint.measures.len());
        for run in chunk.runs.clone() {
            for member in chunk.members.clone() {
                let row = rows.next().expect("a row");
                let bits = row.iter().map(|number| number.to_bits()).collect();
                if is_meant(&blueprint.levels[run]) {
                    all.insert((blueprint.levels[run][place].clone(), member), bits);
                }
            }
        }
    }
    all
}

#[test]
fn values_axes_and_members_that_are_added_move_nothing() {
    let text = format!("{HEAD}{USE}");
    let before = measures(&Bench::of(&text).opened(), |_| true);
    assert_eq!(before.len(), 18);
    // An axis that does nothing at 1, before the other one.
    let more = "[[design.axis]]\nname = \"town\"\nvalues = [1, 3]\nSOURCE[[design.axis.change.demand]]\nuser = \"Town\"\n\
                factor = \"value\"\nSOURCE";
    let others = [
        text.replace("[0.5, 1, 2]", "[0.5, 0.75, 1, 1.5, 2]"),
        text.replace("members = 6", "members = 9"),
        text.replace("members = 6", "members = 300"),
        text.replace("method = \"grid\"\n", &format!("method = \"grid\"\n{more}")),
    ];
    for other in others {
        let opened = Bench::of(&other).opened();
        let is_one = opened.blueprint.axes.len() == 1;
        let after = measures(&opened, |levels| is_one || levels[0] == "1");
        assert!(after.len() >= before.len());
        for (row, numbers) in &before {
            assert_eq!(after.get(row), Some(numbers), "{row:?} in\n{other}");
        }
    }
}

#[test]
fn threads_and_a_second_time_change_no_byte() {
    let bench = Bench::large(150, 5);
    bench.batch("one", &["--threads", "1"]);
    bench.batch("three", &["--threads", "3"]);
    same_files(&bench.files("one"), &bench.files("three"));
}
