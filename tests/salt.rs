//! Salt in Lake Balkhash beside published ranges.

use std::path::Path;
use std::sync::OnceLock;

use rivershare::engine::{Ensemble, Member, Quantity, Series};
use rivershare::model::Model;
use rivershare::plan::Plan;
use rivershare::results::{Run, simulate};

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| Model::load(Path::new("inputs"), &[]).expect("sound inputs"))
}

fn baseline() -> &'static Run<'static> {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        let scenario = &model().scenarios["baseline"];
        simulate(model(), Path::new("inputs"), scenario).expect("every balance closes")
    })
}

fn balkhash(run: &Run) -> usize {
    let node = run.network.node("Balkhash").expect("the lake");
    run.storage_at(node).expect("a lake stores")
}

/// Salinities of a body at the end of each month.
fn salinities(body: usize) -> Vec<f64> {
    let (run, storage) = (baseline(), balkhash(baseline()));
    let at_end = |step| run.salt(step, storage, Some(body))?.g_per_l;
    let months = 0..run.months().len();
    let found: Option<Vec<f64>> = months.map(at_end).collect();
    found.expect("the lake holds water and salt")
}

#[test]
fn both_halves_of_balkhash_stay_within_their_bounds() {
    for (body, least, most) in [(0, 0.7, 1.6), (1, 3.0, 6.0)] {
        for salinity in salinities(body) {
            assert!((least..=most).contains(&salinity), "{body}: {salinity} g/l");
        }
    }
}

#[test]
fn both_halves_of_balkhash_have_a_mean_within_the_published_range() {
    // Shaporenko 1995.
    for (body, least, most) in [(0, 1.04, 1.56), (1, 3.65, 4.42)] {
        let salinities = &salinities(body)[..34 * 12];
        let mean = salinities.iter().sum::<f64>() / salinities.len() as f64;
        assert!((least..=most).contains(&mean), "{body}: {mean} g/l");
    }
}

/// Mean salinity of the Ili at the lake, g/l, and salt that all rivers bring to it, Mt a year.
fn rivers() -> (f64, f64) {
    let run = baseline();
    let lake = run.network.node("Balkhash").expect("the lake");
    let (mut ili, mut all) = ((0.0, 0.0), 0.0);
    for (link, ends) in run
        .plan
        .ends
        .iter()
        .enumerate()
        .filter(|(_, ends)| ends.to == lake)
    {
        let place = run.plan.carried.salty(run.plan.carried.of_link[link]);
        let place = place.expect("rivers bring salt");
        for step in 0..run.months().len() {
            let volume = run.record.leaves[[step, link]];
            let salt = volume * run.record.salinity[[step, place]];
            all += salt;
            if ends.body == Some(0) {
                ili = (ili.0 + volume, ili.1 + salt);
            }
        }
    }
    (
        ili.1 / ili.0,
        all / 1000.0 / (run.months().len() as f64 / 12.0),
    )
}

#[test]
fn the_ili_brings_what_is_put_to_it() {
    let (ili, all) = rivers();
    assert!((0.35..=0.40).contains(&ili), "{ili} g/l");
    assert!((4.0..=6.0).contains(&all), "{all} Mt a year");
}

/// Operations of a step of the shipped baseline for all series of some quantities.
fn operations(plan: &Plan, quantities: &[Quantity]) -> usize {
    let of = |quantity: &Quantity| {
        let quantity = *quantity;
        (0..quantity.places(plan)).map(move |place| Series { quantity, place })
    };
    let series: Vec<Series> = quantities.iter().flat_map(of).collect();
    Ensemble::new(plan, &[Member::of(plan)])
        .summing(&series)
        .operations()
}

#[test]
fn what_is_carried_costs_nothing_where_nobody_asks_for_it() {
    let plan = &baseline().plan;
    let water = plan.clone().of_water_alone();
    for asked in [
        &[Quantity::Delivered][..],
        &[Quantity::Storage, Quantity::Leaves],
    ] {
        assert_eq!(operations(plan, asked), operations(&water, asked));
    }
}

/// `cargo test --test salt -- --ignored --nocapture` prints what the exchange was calibrated on.
#[test]
#[ignore = "prints a table"]
fn salinities_by_year() {
    let run = baseline();
    println!("{:?}", rivers());
    println!("{} shares", run.plan.carried.shares());
    let water = [Quantity::Delivered, Quantity::Storage];
    for more in [&[][..], &[Quantity::Salt], &[Quantity::Share]] {
        let asked = [&water, more].concat();
        println!("{} operations for {asked:?}", operations(&run.plan, &asked));
    }
    let storage = balkhash(run);
    for step in (11..run.months().len()).step_by(12) {
        let of = |body| run.salt(step, storage, body).expect("salt");
        let (all, west, east) = (of(None), of(Some(0)), of(Some(1)));
        println!(
            "{} {:.1} m  west {:.3} g/l  east {:.3} g/l  {:.1} + {:.1} = {:.1} Mt",
            run.months()[step],
            run.level_m(step, storage),
            west.g_per_l.unwrap_or(0.0),
            east.g_per_l.unwrap_or(0.0),
            west.mt,
            east.mt,
            all.mt,
        );
    }
}
