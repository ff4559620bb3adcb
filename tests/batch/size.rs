//! The size that a batch says its folder has at most.

use rivershare::batch::size::bytes;

use crate::bench::{Bench, HEAD, USE};

/// Runs a batch and sets the promise beside the bytes of its files and of the chunks that they were made of.
#[track_caller]
fn holds(bench: &Bench) {
    bench.batch("out", &[]);
    let opened = bench.opened();
    let blueprint = &opened.blueprint;
    let chunks = blueprint.chunks();
    let numbers: usize = chunks.iter().map(|chunk| chunk.numbers(blueprint)).sum();
    let files: usize = bench.files("out").values().map(Vec::len).sum();
    let (written, promised) = (files + 8 * numbers, bytes(blueprint));
    assert!(written <= promised, "{written} of {promised}");
    assert!(promised <= 4 * written, "{written} of {promised}");
}

/// Of few members nearly all that is written is percentiles, as text.
#[test]
fn months_of_few_members_are_as_large_as_promised() {
    let head = HEAD.replace("members = 6", "members = 1").replace(
        "place = \"The lake\"\n[[record.series]]",
        "place = \"The lake\"\nstep = \"month\"\n[[record.series]]",
    );
    let design = USE.replace("values = [0.5, 1, 2]", "from = 0.5\nto = 2\nsteps = 40");
    holds(&Bench::of(&format!("{head}{design}")));
}

#[test]
fn small_batches_are_as_large_as_promised() {
    holds(&Bench::small());
}

#[test]
fn series_of_many_members_are_as_large_as_promised() {
    holds(&Bench::large(300, 2));
}
