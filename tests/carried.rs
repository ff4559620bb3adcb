//! Salt and origins carried by water: closed forms, conservation, and the same bits by text and program
//! (equations E30 to E35).

mod support;

use proptest::prelude::*;
use rivershare::engine::{Ensemble, Member, Quantity, Record, Series, run, run_plainly};
use rivershare::ledger::audit;
use rivershare::model::Model;
use rivershare::plan::pools::{Source, Vessel};
use support::random::{With, basins};
use support::{Ask, Dam, Outcome, Sketch, Water};

/// Sums and quotients of some ten numbers.
const ROUNDING: f64 = 1e-12;

/// Puts lines into the table of a name, right after it.
fn put(tables: &mut [String], key: &str, name: &str, lines: &str) {
    let line = format!("{key} = \"{name}\"\n");
    let table = tables.iter_mut().find(|table| table.contains(&line));
    let table = table.unwrap_or_else(|| panic!("no table with {line}"));
    *table = table.replace(&line, &format!("{line}{lines}"));
}

/// States the salinity of an inflow.
fn salty(sketch: &mut Sketch, inflow: &str, g_per_l: f64) {
    let lines = format!("salinity_g_per_l = {g_per_l:?}\n");
    put(&mut sketch.tables, "name", inflow, &lines);
}

/// Lets a lake carry salt.
fn salt_lake(sketch: &mut Sketch, lake: &str, keys: &str) {
    salt_in(sketch, "lake", lake, keys);
}

/// Lets a lake or reservoir carry salt.
fn salt_in(sketch: &mut Sketch, kind: &str, name: &str, keys: &str) {
    let head = format!("[[{kind}]]\nname = \"{name}\"\n");
    let table = sketch.tables.iter_mut().find(|t| t.starts_with(&head));
    let table = table.expect("it has been put");
    table.push_str(&["[", kind, ".salt]\n"].concat());
    table.push_str(keys);
    table.push_str("source = \"assumption: a test\"\nconfidence = \"low\"\n");
}

/// States the salinity of a storage at the start.
fn at_start(sketch: &mut Sketch, storage: &str, g_per_l: &str) {
    let lines = format!("salinity_g_per_l = {g_per_l}\n");
    put(&mut sketch.states, "storage", storage, &lines);
}

fn close(found: f64, wanted: f64) {
    let far = (found - wanted).abs() / wanted.abs().max(1.0);
    assert!(far <= ROUNDING, "{found} in place of {wanted}");
}

/// Salinity of each month in a body of a storage, or in the whole of one.
fn salinities(run: &Outcome, storage: &str, body: usize) -> Vec<f64> {
    let carried = &run.plan.carried;
    let pool = carried.boxes(run.store(storage)).start + body;
    let place = carried.salty(pool).expect("salt reaches it");
    run.record.salinity.column(place).to_vec()
}

/// Shares of an origin in a pool, month by month.
fn shares(run: &Outcome, pool: usize, origin: &str) -> Vec<f64> {
    let carried = &run.plan.carried;
    let known = carried
        .origins
        .iter()
        .position(|known| known.name == origin);
    let known = known.unwrap_or_else(|| panic!("no origin `{origin}`"));
    let share = carried.share(pool, known).expect("it can be there");
    run.record.share.column(share).to_vec()
}

/// A reservoir of 500 hm³ through which 100 hm³ of 2 g/l pass each month, over a lake that carries salt.
fn flushed() -> Sketch {
    let dam = Dam {
        target: 500.0,
        ..Dam::holding(500.0)
    };
    let mut sketch = Sketch::new(9);
    sketch.inflow("source", 100.0).reservoir("dam", &dam);
    sketch.lake("lake", &Water::still(1000.0));
    sketch.rivers(&["source", "dam", "lake"]);
    salty(&mut sketch, "source", 2.0);
    salt_lake(&mut sketch, "lake", "sink_fraction = 0.25\n");
    at_start(&mut sketch, "dam", "5.0");
    at_start(&mut sketch, "lake", "1.0");
    sketch
}

#[test]
fn e31_a_box_with_constant_fluxes_is_flushed_geometrically() {
    let run = flushed().run();
    // c = c_in + (c_0 − c_in) (S ÷ (S + Q))ⁿ, the implicit form of exponential flushing.
    let mut salt = 1000.0;
    for (step, found) in salinities(&run, "dam", 0).into_iter().enumerate() {
        let wanted = 2.0 + 3.0 * libm::pow(500.0 / 600.0, step as f64 + 1.0);
        close(found, wanted);
        // A quarter of what comes sinks in the lake, which keeps all water.
        salt += 0.75 * 100.0 * wanted;
        let water = 1000.0 + 100.0 * (step + 1) as f64;
        close(salinities(&run, "lake", 0)[step], salt / water);
    }
    let sunk = run.record.salt_sunk.sum();
    let put_in = 500.0 * 5.0 + 1000.0 + 9.0 * 200.0;
    let last = run.record.salt.nrows() - 1;
    close((run.record.salt.row(last).sum() + sunk) / put_in, 1.0);
}

#[test]
fn e31_a_reservoir_may_ask_for_salt_of_its_own() {
    let dam = Dam {
        target: 500.0,
        ..Dam::holding(500.0)
    };
    let mut sketch = Sketch::new(9);
    sketch.inflow("source", 100.0).reservoir("dam", &dam);
    sketch.outlet("sea").rivers(&["source", "dam", "sea"]);
    salty(&mut sketch, "source", 2.0);
    salt_in(&mut sketch, "reservoir", "dam", "sink_fraction = 0.5\n");
    at_start(&mut sketch, "dam", "5.0");
    // Half of what comes sinks: 1 g/l in the end.
    for (step, found) in salinities(&sketch.run(), "dam", 0).into_iter().enumerate() {
        close(
            found,
            1.0 + 4.0 * libm::pow(500.0 / 600.0, step as f64 + 1.0),
        );
    }
}

/// A lake of two bodies that evaporates all of 300 hm³ a month, which come to one of them.
fn two_bodies(to: &str, start: [f64; 2]) -> Sketch {
    let mut water = Water::still(5000.0);
    // 100 km² lose 300 hm³ by 3000 mm.
    water.evaporation_mm = 3000.0;
    let mut sketch = Sketch::new(9);
    sketch.inflow("source", 300.0);
    sketch.lake_of_two("lake", &water, ["west", "east"], 0.4, (0.0, 0.5));
    sketch.river("source", to);
    salty(&mut sketch, "source", 0.4);
    salt_lake(&mut sketch, "lake", "exchange_km3_per_year = 3.65\n");
    for (body, sink) in [("one", 0.2), ("two", 0.6)] {
        let lines = format!("salt_sink_fraction = {sink:?}\n");
        put(&mut sketch.tables, "columns", body, &lines);
    }
    at_start(&mut sketch, "lake", &format!("{start:?}"));
    sketch
}

/// Steady salinities where a body gets Q of 0.4 g/l and passes N on, with exchange X and sinks:
/// (1 − f₁) Q c + X c₂ = (X + N) c₁ and (1 − f₂) N c₁ + X c₁ = X c₂.
fn steady(net: f64, exchange: f64, sinks: [f64; 2]) -> [f64; 2] {
    let first = (1.0 - sinks[0]) * 300.0 * 0.4 / (sinks[1] * net);
    [
        first,
        first * (exchange + (1.0 - sinks[1]) * net) / exchange,
    ]
}

#[test]
fn e32_two_boxes_stay_in_their_steady_state_whichever_way_the_strait_flows() {
    // 3.65 km³ a year are 10 hm³ a day; the bodies lose 120 and 180 hm³. The exchange follows the length of
    // the month, so that the state is steady in months of 30 days alone: the first is April.
    for (to, net, first, second) in [("west", 180.0, 0, 1), ("east", 120.0, 1, 0)] {
        let sinks = if first == 0 { [0.2, 0.6] } else { [0.6, 0.2] };
        let wanted = steady(net, 300.0, sinks);
        let mut start = [0.0; 2];
        (start[first], start[second]) = (wanted[0], wanted[1]);
        let run = two_bodies(to, start).run();
        close(salinities(&run, "lake", first)[0], wanted[0]);
        close(salinities(&run, "lake", second)[0], wanted[1]);
    }
}

#[test]
fn e32_salt_stays_positive_and_is_conserved_in_both_directions_of_the_strait() {
    for (to, start) in [
        ("west", [0.0, 9.0]),
        ("east", [9.0, 0.0]),
        ("west", [50.0, 0.1]),
    ] {
        let run = two_bodies(to, start).run();
        let put_in = 2000.0 * start[0] + 3000.0 * start[1] + 9.0 * 300.0 * 0.4;
        let last = run.record.salt.nrows() - 1;
        let (kept, sunk) = (run.record.salt.row(last).sum(), run.record.salt_sunk.sum());
        close((kept + sunk) / put_in, 1.0);
        assert!(run.record.salinity.iter().all(|salinity| *salinity >= 0.0));
        assert!(run.record.salinity.iter().all(|salinity| *salinity < 51.0));
    }
}

#[test]
fn e31_salt_of_what_is_consumed_stays_on_the_fields() {
    let mut sketch = flushed();
    sketch.user("farm", &Ask::of(40.0, "source", 1).returning(0.5, "dam"));
    let run = sketch.run();
    // 60 and 20 hm³ come to the dam, all of the inflow's salinity: 40 kt of 200 are left behind.
    let dam = run.plan.carried.boxes(run.store("dam")).start;
    let place = run.plan.carried.salty(dam).expect("salt reaches it");
    let change = run.record.salt[[0, place]] - run.record.salt_at_start[place];
    let released = run.record.release[[0, run.store("dam")]];
    close(change + released * salinities(&run, "dam", 0)[0], 160.0);
}

#[test]
fn e33_a_reservoir_forgets_its_first_water_geometrically() {
    let run = flushed().run();
    let pool = run.plan.carried.boxes(run.store("dam")).start;
    let river = shares(&run, pool, "River, A");
    for (step, found) in shares(&run, pool, "stored at the start")
        .into_iter()
        .enumerate()
    {
        let wanted = libm::pow(500.0 / 600.0, step as f64 + 1.0);
        close(found, wanted);
        close(river[step], 1.0 - wanted);
    }
}

#[test]
fn e34_evaporation_and_rain_act_on_the_shares_of_a_lake() {
    let mut water = Water::still(1000.0);
    (water.rain_mm, water.evaporation_mm) = (500.0, 2000.0);
    let mut sketch = Sketch::new(3);
    sketch.inflow("source", 150.0).lake("lake", &water);
    sketch.river("source", "lake");
    let run = sketch.run();
    let pool = run.plan.carried.boxes(run.store("lake")).start;
    // 1000 hm³ stay, 150 and 50 hm³ come, 200 evaporate with the mixture.
    for (step, old) in shares(&run, pool, "stored at the start")
        .into_iter()
        .enumerate()
    {
        let kept = libm::pow(1000.0 / 1200.0, step as f64 + 1.0);
        close(old, kept);
        close(shares(&run, pool, "River, A")[step], 0.75 * (1.0 - kept));
        let rain = shares(&run, pool, "rain and groundwater of lake")[step];
        close(rain, 0.25 * (1.0 - kept));
    }
}

#[test]
fn e34_a_dry_storage_has_no_origin_and_no_salt() {
    let dam = Dam {
        in_service: "2050-01",
        ..Dam::holding(0.0)
    };
    let mut sketch = Sketch::new(2);
    sketch.inflow("source", 0.0).reservoir("dam", &dam);
    sketch.lake("lake", &Water::still(0.0));
    sketch.rivers(&["source", "dam", "lake"]);
    salty(&mut sketch, "source", 2.0);
    salt_lake(&mut sketch, "lake", "");
    let run = sketch.run();
    for storage in ["dam", "lake"] {
        let pool = run.plan.carried.boxes(run.store(storage)).start;
        assert_eq!(shares(&run, pool, "River, A"), [0.0, 0.0]);
        assert_eq!(salinities(&run, storage, 0), [0.0, 0.0]);
    }
}

/// Rivers that take days, a return flow that comes later, a delta, evaporation and an outlet.
fn under_way() -> Sketch {
    let mut water = Water::still(300.0);
    (water.rain_mm, water.evaporation_mm) = (30.0, 90.0);
    let dam = Dam {
        water,
        target: 300.0,
        ..Dam::holding(300.0)
    };
    let mut sketch = Sketch::new(3);
    sketch.by_day();
    sketch.inflow("north", 90.0).inflow("south", 60.0);
    put(&mut sketch.tables, "name", "south", "river = \"South\"\n");
    sketch.junction("meeting").reservoir("dam", &dam);
    sketch.delta("delta", &[(0.0, 0.0), (400.0, 100.0)]);
    sketch.outlet("mouth");
    sketch.slow_river("north", "meeting", 3.0, None);
    sketch.slow_river("south", "meeting", 1.5, Some(0.2));
    sketch.losing_river("meeting", "dam", 0.1);
    sketch
        .slow_river("dam", "delta", 2.0, None)
        .river("delta", "mouth");
    let ask = Ask::of(20.0, "meeting", 1).returning(0.5, "delta").later(5);
    sketch.user("farm", &ask);
    sketch
}

#[test]
fn e34_no_origin_is_created_or_lost_on_the_way() {
    let run = under_way().run();
    let (plan, record, carried) = (&run.plan, &run.record, &run.plan.carried);
    let volume = |step: usize, pool: usize| match carried.pools[pool].vessel {
        Vessel::Node(_) => 0.0,
        Vessel::Storage(storage) | Vessel::Body(storage, _) => record.storage[[step, storage]],
        Vessel::Link(link) => record.transit[[step, link]],
        Vessel::Return(user) => record.returning[[step, user]],
    };
    for (origin, formation) in carried.origins.iter().enumerate() {
        let share = |step: usize, pool: usize| {
            let share = carried.share(pool, origin);
            share.map_or(0.0, |share| record.share[[step, share]])
        };
        let (mut comes, mut goes) = (0.0, 0.0);
        for step in 0..plan.steps() {
            for source in carried.pools.iter().flat_map(|pool| &pool.sources) {
                comes += match *source {
                    Source::Forms { node, origin: own } if own == origin => {
                        plan.formed[[step, node]]
                    }
                    Source::Weather {
                        storage,
                        origin: own,
                    } if own == origin => record.rain[[step, storage]],
                    _ => 0.0,
                };
            }
            for (link, passes) in plan.passes.iter().enumerate() {
                let arrives = record.leaves[[step, link]];
                goes += (arrives / passes - arrives) * share(step, carried.of_link[link]);
            }
            for node in 0..plan.places.len() {
                let lost = record.delta_loss[[step, node]];
                goes += lost * share(step, carried.of_node[node]);
            }
            let (dam, mouth) = (run.store("dam"), run.node("mouth"));
            let consumed = record.consumed[[step, 0]];
            goes += consumed * share(step, carried.of_node[plan.paths[0].head]);
            goes += record.evaporation[[step, dam]] * share(step, carried.of_storage[dam]);
            goes += record.comes[[step, mouth]] * share(step, carried.of_node[mouth]);
        }
        let last = plan.steps() - 1;
        let pools = 0..carried.pools.len();
        let kept: f64 = pools
            .map(|pool| volume(last, pool) * share(last, pool))
            .sum();
        if origin == 0 {
            comes += plan.initial.iter().sum::<f64>() + record.transit_at_start.iter().sum::<f64>();
        }
        assert!(comes > 0.0, "{} comes", formation.name);
        // Thousands of sums of volumes up to some hundred.
        let far = (comes - goes - kept).abs() / comes;
        assert!(far < 1e-11, "{}: {comes} {goes} {kept}", formation.name);
    }
}

#[test]
fn e26_salt_is_under_way_in_a_steady_river_from_the_start() {
    let mut sketch = under_way();
    sketch.tables.retain(|table| !table.contains("[[outlet]]"));
    sketch.lake("mouth", &Water::still(50.0));
    salty(&mut sketch, "north", 1.0);
    salty(&mut sketch, "south", 1.0);
    salt_lake(&mut sketch, "mouth", "");
    at_start(&mut sketch, "dam", "1.0");
    at_start(&mut sketch, "mouth", "1.0");
    let run = sketch.run();
    // The ledger has audited it; water of one salinity keeps it where nothing evaporates.
    let meeting = run.plan.carried.of_node[run.node("meeting")];
    let place = run.plan.carried.salty(meeting).expect("salt reaches it");
    for salinity in run.record.salinity.column(place) {
        close(*salinity, 1.0);
    }
}

/// A random river in which all water brings salt.
fn with_salt(sketch: &mut Sketch) {
    for (place, table) in sketch.tables.iter_mut().enumerate() {
        let salinity = format!("salinity_g_per_l = 0.{}\n", 1 + place % 9);
        if table.starts_with("[[inflow]]\n") {
            *table = table.replacen("[[inflow]]\n", &format!("[[inflow]]\n{salinity}"), 1);
        }
        if table.starts_with("[[lake]]\n") {
            *table += "[lake.salt]\nsink_fraction = 0.3\nsource = \"assumption: a test\"\nconfidence = \"low\"\n";
        }
    }
    for state in &mut sketch.states {
        *state = state.replacen("[[state]]\n", "[[state]]\nsalinity_g_per_l = 1.5\n", 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// The ledger audits salt and shares of each run; the program gives the bits of the text.
    #[test]
    fn salt_and_origins_are_the_same_by_text_and_program(basin in basins(With::CurvedCanals)) {
        let mut sketch = basin.sketch();
        with_salt(&mut sketch);
        let outcome = sketch.run();
        let (program, text) = (run(&outcome.plan), run_plainly(&outcome.plan));
        for quantity in Quantity::ALL.iter().filter(|quantity| quantity.is_carried()) {
            let bits = |record: &Record| -> Vec<u64> {
                record.array(*quantity).iter().map(|number| (number + 0.0).to_bits()).collect()
            };
            prop_assert_eq!(bits(&program), bits(&text), "{:?}", quantity);
        }
        prop_assert_eq!(program.salt_at_start, text.salt_at_start);
    }
}

#[test]
fn what_is_not_asked_for_is_not_computed() {
    let mut sketch = flushed();
    sketch.user("farm", &Ask::of(40.0, "source", 1).returning(0.5, "dam"));
    let plan = sketch.run().plan;
    let members = [Member::of(&plan)];
    let operations = |plan, quantity: Quantity| {
        let place = quantity.places(plan) - 1;
        let series = [Series { quantity, place }];
        Ensemble::new(plan, &members).keeping(&series).operations()
    };
    let water = plan.clone().of_water_alone();
    for quantity in [Quantity::Delivered, Quantity::Storage] {
        assert_eq!(operations(&plan, quantity), operations(&water, quantity));
    }
    assert!(operations(&plan, Quantity::Salt) > operations(&plan, Quantity::Storage));
}

/// All faults of a folder.
fn faults(sketch: &Sketch) -> String {
    let folder = sketch.write();
    let faults = Model::load(folder.path(), &[]).expect_err("a fault");
    faults.to_string()
}

#[test]
fn a_lake_with_salt_asks_for_the_salinity_of_what_comes_to_it() {
    let mut sketch = flushed();
    let source = sketch
        .tables
        .iter_mut()
        .find(|table| table.contains("salinity_g_per_l"));
    let source = source.expect("the source brings salt");
    *source = source.replace("salinity_g_per_l = 2.0\n", "");
    sketch.states[0] = sketch.states[0].replace("salinity_g_per_l = 5.0\n", "");
    let text = faults(&sketch);
    for wanted in [
        "its salinity, because a lake or reservoir below it carries salt",
        "0 numbers for `dam` at the beginning of 2001-04",
        "a number `salinity_g_per_l` in its state, because salt passes through it",
    ] {
        assert!(text.contains(wanted), "{text}");
    }
}

#[test]
fn salt_in_a_lake_of_three_bodies_is_refused() {
    let mut sketch = two_bodies("west", [1.0, 2.0]);
    let third = "[[lake.body]]\nname = \"far\"\ncolumns = \"far\"\ngroundwater_fraction = 0.0\n\
                 source = \"assumption: a test\"\nconfidence = \"low\"\n";
    let lake = sketch
        .tables
        .iter_mut()
        .find(|table| table.starts_with("[[lake]]"));
    *lake.expect("a lake") += third;
    let text = faults(&sketch);
    assert!(text.contains("3 bodies"), "{text}");
    assert!(
        text.contains("in one box or in two that a strait joins"),
        "{text}"
    );
}

/// What the ledger says of a record of which one number is off by a millionth.
fn said(run: &Outcome, change: impl Fn(&mut Record) -> &mut f64) -> String {
    let mut record = run.record.clone();
    let number = change(&mut record);
    assert!(*number > 0.01, "the number is too small to be seen");
    *number *= 1.0 + 1e-6;
    let imbalance = audit(&run.network, &run.plan, &record).expect_err("it does not close");
    format!(
        "{:?} {} {}",
        imbalance.matter, imbalance.place, imbalance.month
    )
}

#[test]
fn e35_the_ledger_sees_a_millionth_of_salt_and_of_a_share() {
    let run = flushed().run();
    assert!(audit(&run.network, &run.plan, &run.record).is_ok());
    let carried = &run.plan.carried;
    let lake = carried.boxes(run.store("lake")).start;
    let dam = carried.boxes(run.store("dam")).start;
    let place = |pool| carried.salty(pool).expect("salt reaches it");
    let (salt, salinity, share) = (place(lake), place(dam), carried.first_share[lake]);
    let may = "2001-05";
    assert_eq!(
        said(&run, |r| &mut r.salt[[1, salt]]),
        format!("Salt `lake` {may}")
    );
    assert_eq!(
        said(&run, |r| &mut r.salt_sunk[[1, salt]]),
        format!("Salt `lake` {may}")
    );
    assert_eq!(
        said(&run, |r| &mut r.salinity[[1, salinity]]),
        format!("Salt `dam` {may}")
    );
    assert_eq!(
        said(&run, |r| &mut r.share[[1, share]]),
        format!("Origins `lake` {may}")
    );
}
