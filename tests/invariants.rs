//! What holds for every river, tried on random ones.

mod support;

use std::sync::Mutex;

use proptest::prelude::*;
use rivershare::allocate::Bound;
use rivershare::engine::{Ensemble, Member, Record, Series, run, run_plainly};
use rivershare::ledger::{Forms, Sheet, Tally};
use rivershare::plan::{Place, Plan};
use support::random::{With, basins, name};
use support::{Outcome, Sketch};

/// Rounding of sums of volumes up to some 1e4 hm³.
const ROUNDING: f64 = 1e-9;

fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(250))]

    /// `Sketch::run` audits the ledger; here is what it does not see.
    #[test]
    fn a_run_keeps_its_bounds(basin in basins(With::Everything)) {
        let run = basin.sketch().run();
        deliveries_and_canals(&run)?;
        flows(&run)?;
        if basin.weather == (0.0, 0.0) {
            nothing_goes_below_dead_storage(&run)?;
        }
    }

    /// What the compiler lowers gives what the text says, whatever the river.
    #[test]
    fn the_program_gives_the_bits_of_the_text(basin in basins(With::Everything)) {
        let (_, plan) = basin.sketch().plan();
        same_bits(&plan)?;
    }

    /// The same of canals that lose by curves.
    #[test]
    fn curved_canals_keep_their_bounds_and_bits(basin in basins(With::CurvedCanals)) {
        let run = basin.sketch().run();
        deliveries_and_canals(&run)?;
        flows(&run)?;
        same_bits(&run.plan)?;
    }

    /// The audit of ensembles, which asks for fewer series than that of a run, misses no drop either.
    #[test]
    fn the_audit_of_a_member_closes(basin in basins(With::CurvedCanals)) {
        let (network, plan) = basin.sketch().plan();
        let tally = Tally::of(&network, &plan, &[]);
        let stored = plan.initial.iter().sum();
        let sheet = Mutex::new(Sheet::starting(vec![stored]));
        let forms = [Forms { formed: &tally.formed(&plan), brought: &[] }];
        let members = [Member::of(&plan)];
        Ensemble::new(&plan, &members).lanes(1).each(&tally.series, &|block| {
            let mut sheet = sheet.lock().expect("no thread fails");
            for (step, row) in block.numbers.chunks(tally.series.len()).enumerate() {
                let step = block.first_step + step;
                tally.step((step, plan.months[step]), row, &forms, &mut sheet);
            }
        });
        let sheet = sheet.into_inner().expect("no thread fails");
        prop_assert!(sheet.open[0].is_none(), "{:?}", sheet.open[0]);
    }

    #[test]
    fn the_order_in_files_changes_no_bit(
        (basin, seed) in (basins(With::Everything), any::<u64>()),
    ) {
        let sketch = basin.sketch();
        let (one, other) = (sketch.run(), shuffled(&sketch, seed).run());
        // Nodes and links stand in an order of their own, so that all places are the same.
        prop_assert_eq!(one.network.nodes.len(), other.network.nodes.len());
        for (left, right) in one.network.nodes.iter().zip(&other.network.nodes) {
            prop_assert_eq!(&left.name, &right.name);
        }
        for (left, right) in one.network.users.iter().zip(&other.network.users) {
            prop_assert_eq!(&left.name, &right.name);
        }
        prop_assert_eq!(one.record, other.record);
    }

    #[test]
    fn nature_without_use_delivers_nothing(basin in basins(With::Everything)) {
        let run = basin.sketch().natural().run();
        prop_assert!(run.record.delivered.iter().all(|volume| *volume == 0.0));
        prop_assert!(run.record.kept.iter().all(|volume| *volume == 0.0));
        prop_assert!(run.bounds().users.iter().all(|bound| *bound == Bound::Nothing));
    }

    #[test]
    fn more_inflow_never_lowers_a_lake(
        (basin, at, more) in (basins(With::NatureAlone), any::<prop::sample::Index>(), 0.0..100.0),
    ) {
        let mut wetter = basin.clone();
        let node = at.index(basin.nodes.len());
        wetter.nodes[node].inflow += more;
        let (dry, wet) = (basin.sketch().run(), wetter.sketch().run());
        for (at, volume) in dry.record.storage.indexed_iter() {
            let wet = wet.record.storage[at];
            prop_assert!(wet >= volume - ROUNDING, "{volume} falls to {wet} by {}", name(node));
        }
    }
}

/// The program gives the bits of the text.
fn same_bits(plan: &Plan) -> Result<(), TestCaseError> {
    let (program, text) = (run(plan), run_plainly(plan));
    for series in Series::all(plan) {
        let of = |record: &Record| record.array(series.quantity).column(series.place).to_vec();
        // Nothing has no sign here.
        let bits = |value: f64| (value + 0.0).to_bits();
        let (found, wanted) = (of(&program), of(&text));
        let mut pairs = found.iter().zip(&wanted);
        let same = pairs.all(|(found, wanted)| bits(*found) == bits(*wanted));
        prop_assert!(same, "{series:?}: {found:?} in place of {wanted:?}");
    }
    Ok(())
}

/// The same tables in another order.
fn shuffled(sketch: &Sketch, seed: u64) -> Sketch {
    let mut other = sketch.clone();
    let mut state = seed | 1;
    for lines in [&mut other.tables, &mut other.states] {
        for last in (1..lines.len()).rev() {
            // A linear congruential generator of Knuth's; any scatter will do.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let place = (state >> 33) as usize % (last + 1);
            lines.swap(place, last);
        }
    }
    other
}

fn deliveries_and_canals(run: &Outcome) -> Result<(), TestCaseError> {
    let (plan, record, bounds) = (&run.plan, &run.record, run.bounds());
    for (at, delivered) in record.delivered.indexed_iter() {
        let demand = plan.demand[at];
        prop_assert!(
            (0.0..=demand).contains(delivered),
            "{delivered} of {demand}"
        );
        let is_whole = *delivered == demand;
        prop_assert_eq!(is_whole, bounds.users[at] == Bound::Nothing);
        prop_assert!(record.consumed[at] >= 0.0 && record.returned[at] >= 0.0);
    }
    for (at, enters) in record.enters.indexed_iter() {
        prop_assert!(
            *enters <= plan.capacity[at] + ROUNDING,
            "{enters} in a canal"
        );
    }
    Ok(())
}

fn flows(run: &Outcome) -> Result<(), TestCaseError> {
    let (plan, record) = (&run.plan, &run.record);
    for (name, fluxes) in [
        ("comes", &record.comes),
        ("enters", &record.enters),
        ("leaves", &record.leaves),
        ("delta_loss", &record.delta_loss),
        ("rain", &record.rain),
        ("evaporation", &record.evaporation),
        ("release", &record.release),
        ("spill", &record.spill),
        ("undershoot", &record.undershoot),
        ("area", &record.area_km2),
    ] {
        for (at, flux) in fluxes.indexed_iter() {
            prop_assert!(*flux >= 0.0 && flux.is_finite(), "{name} {at:?} {flux}");
        }
    }
    for (at, kept) in record.kept.indexed_iter() {
        let node = plan.minimum_nodes[at.1];
        prop_assert!(*kept <= plan.minimum[at]);
        let passes = match plan.river[node] {
            Some(link) => record.enters[[at.0, link]],
            None => out_of_the_model(run, at.0, node),
        };
        prop_assert!(passes >= kept - ROUNDING, "{passes} in place of {kept}");
    }
    Ok(())
}

/// What passes an outlet; nothing passes a terminal lake.
fn out_of_the_model(run: &Outcome, step: usize, node: usize) -> f64 {
    if matches!(run.plan.places[node], Place::Storage(_)) {
        return 0.0;
    }
    let users = run.plan.paths.iter().enumerate();
    let here = users.filter(|(_, path)| path.head == node);
    let delivered: f64 = here
        .map(|(user, _)| run.record.delivered[[step, user]])
        .sum();
    run.record.comes[[step, node]] - delivered
}

/// Without weather the allocation foresees every storage: below dead storage only what comes may pass.
fn nothing_goes_below_dead_storage(run: &Outcome) -> Result<(), TestCaseError> {
    for ((step, storage), end) in run.record.storage.indexed_iter() {
        let (dead, full) = (
            run.plan.dead[[step, storage]],
            run.plan.full[[step, storage]],
        );
        let start = match step {
            0 => run.plan.initial[storage],
            _ => run.record.storage[[step - 1, storage]],
        };
        prop_assert!(
            *end >= start.min(dead) - ROUNDING,
            "from {start} to {end}, dead {dead}"
        );
        prop_assert!(*end <= full + ROUNDING, "{end} above full");
    }
    Ok(())
}
