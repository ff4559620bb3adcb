//! The audit of ensembles: what closes, and what does not when a number is another.

use std::sync::Mutex;

use rivershare::batch::open::Opened;
use rivershare::engine::{Block, Ensemble, Member};
use rivershare::ledger::{Forms, Sheet, Tally};

use crate::bench::Bench;

/// The first imbalance of each of four members, with a number of the record changed.
fn open(opened: &Opened, change: impl Fn(usize, usize, &mut f64) + Sync) -> Vec<Option<String>> {
    let run = opened.world.run(0).expect("a sound run");
    let water = opened.world.water_of(0..4);
    let members = vec![Member::of(&run.plan); 4];
    let values: Vec<_> = water.iter().collect();
    let bring = |member: usize| run.water.numbers(&run.plan, values[member]);
    let tally = Tally::of(run.network, &run.plan, &run.water.columns);
    let formed = tally.formed(&run.plan);
    let stored = run.plan.initial.iter().sum();
    let sheet = Mutex::new(Sheet::starting(vec![stored; 4]));
    let ensemble = Ensemble::new(&run.plan, &members).bringing(&run.water.columns, &bring);
    ensemble.lanes(4).each(&tally.series, &|block: Block| {
        let steps = block.numbers.chunks(tally.series.len() * block.lanes);
        for (at, numbers) in steps.enumerate() {
            let (step, mut numbers) = (block.first_step + at, numbers.to_vec());
            for (place, row) in numbers.chunks_mut(block.lanes).enumerate() {
                change(step, place, &mut row[2]);
            }
            let mut sheet = sheet.lock().expect("nobody panicked");
            let forms = block.brought.iter().map(|brought| Forms {
                formed: &formed,
                brought,
            });
            let forms: Vec<Forms> = forms.collect();
            tally.step((step, run.plan.months[step]), &numbers, &forms, &mut sheet);
        }
    });
    let sheet = sheet.into_inner().expect("nobody panicked");
    sheet
        .open
        .iter()
        .map(|open| open.as_ref().map(ToString::to_string))
        .collect()
}

#[test]
fn e13_the_whole_model_closes_for_members_that_bring_water() {
    let opened = Bench::small().opened();
    assert_eq!(open(&opened, |_, _, _| {}), vec![None; 4]);
}

/// A tenth of a hm³ is much more than the tolerance of rounding, and less than a thousandth of the lake.
#[test]
fn e13_any_number_that_is_another_is_found() {
    let opened = Bench::small().opened();
    let run = opened.world.run(0).expect("a sound run");
    let tally = Tally::of(run.network, &run.plan, &run.water.columns);
    for tampered in 0..tally.series.len() {
        let found = open(&opened, |step, place, number| {
            if (step, place) == (17, tampered) {
                *number += 0.1;
            }
        });
        let series = tally.series[tampered];
        assert!(
            found[2]
                .as_ref()
                .is_some_and(|told| told.contains("2001-06")),
            "{series:?}: {found:?}"
        );
        let others = [&found[0], &found[1], &found[3]];
        assert!(
            others.iter().all(|other| other.is_none()),
            "{series:?}: {found:?}"
        );
    }
}

#[test]
fn e13_what_is_no_number_does_not_close() {
    let opened = Bench::small().opened();
    for bad in [f64::NAN, f64::INFINITY] {
        let found = open(&opened, |step, place, number| {
            if (step, place) == (3, 0) {
                *number = bad;
            }
        });
        assert!(found[2].is_some() && found[0].is_none(), "{bad}: {found:?}");
    }
}
