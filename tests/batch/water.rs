//! Members that bring their own water: the bits of a plan into which that water was put.

use std::path::Path;
use std::sync::Mutex;

use ndarray::Array2;
use rivershare::batch::open::Opened;
use rivershare::engine::{Block, Ensemble, Member, Series, run};
use rivershare::plan::{Factors, Sites};
use rivershare::results::simulate_plan;

use crate::bench::{Bench, opened};

/// All series of some members of the first run: (member, step × series), by the ensemble.
pub(crate) fn side_by_side(
    opened: &Opened,
    count: usize,
    lanes: usize,
    threads: usize,
) -> Array2<f64> {
    let run = opened.world.run(0).expect("a sound run");
    let water = opened.world.water_of(0..count);
    let members = vec![Member::of(&run.plan); count];
    let values: Vec<_> = water.iter().collect();
    let bring = |member: usize| run.water.numbers(&run.plan, values[member]);
    let series = Series::all(&run.plan);
    let all = Array2::zeros((count, run.plan.steps() * series.len()));
    let all = Mutex::new(all);
    let ensemble = Ensemble::new(&run.plan, &members).bringing(&run.water.columns, &bring);
    let ensemble = ensemble.lanes(lanes).threads(threads);
    ensemble.each(&series, &|block: Block| {
        let mut all = all.lock().expect("nobody panicked");
        let steps = block.numbers.chunks(series.len() * block.lanes);
        for (at, numbers) in steps.enumerate() {
            for (place, row) in numbers.chunks(block.lanes).enumerate() {
                for (lane, number) in row[..block.members].iter().enumerate() {
                    let column = (block.first_step + at) * series.len() + place;
                    all[[block.first_member + lane, column]] = number + 0.0;
                }
            }
        }
    });
    all.into_inner().expect("nobody panicked")
}

/// The same by a plan of each member, run alone.
pub(crate) fn one_by_one(opened: &Opened, count: usize) -> Array2<f64> {
    let own = opened.world.run(0).expect("a sound run");
    let series = Series::all(&own.plan);
    let mut all = Array2::zeros((count, own.plan.steps() * series.len()));
    for (member, values) in opened.world.water_of(0..count).iter().enumerate() {
        let plan = own
            .water
            .put(&own.plan, &own.water.numbers(&own.plan, values));
        let record = run(&plan);
        for step in 0..plan.steps() {
            for (place, series_of) in series.iter().enumerate() {
                let number = record.array(series_of.quantity)[[step, series_of.place]];
                all[[member, step * series.len() + place]] = number + 0.0;
            }
        }
    }
    all
}

pub(crate) fn bits(numbers: &Array2<f64>) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

#[test]
fn a_member_that_brings_water_has_the_bits_of_its_plan() {
    let opened = Bench::small().opened();
    let alone = bits(&one_by_one(&opened, 6));
    for (lanes, threads) in [(1, 1), (2, 2), (4, 1), (8, 3), (64, 1)] {
        let found = bits(&side_by_side(&opened, 6, lanes, threads));
        assert!(found == alone, "{lanes} lanes, {threads} threads");
    }
}

#[test]
fn members_differ_from_each_other() {
    let opened = Bench::small().opened();
    let all = side_by_side(&opened, 2, 2, 1);
    assert_ne!(all.row(0), all.row(1));
}

/// Floods that are decided, salinity that follows flow, rain: the shipped rivers bring all kinds of water.
#[test]
fn members_of_the_shipped_rivers_have_the_bits_of_their_plans() {
    let inputs = Path::new("inputs");
    let opened = opened(inputs, &inputs.join("batches/canal-sweep.toml"));
    assert!(bits(&side_by_side(&opened, 2, 2, 1)) == bits(&one_by_one(&opened, 2)));
}

/// Without use and at the first axis value, the plan of a member is that of a scenario whose inflow is the member's.
#[test]
fn a_member_passes_the_audit_of_every_node() {
    let opened = Bench::small().opened();
    let own = opened.world.run(1).expect("a sound run");
    let water = opened.world.water_of(2..3);
    let values = water.iter().next().expect("a member");
    let plan = own
        .water
        .put(&own.plan, &own.water.numbers(&own.plan, values));
    let scenario = opened.world.scenario(1);
    simulate_plan(&opened.world.model, &scenario, plan).expect("every balance closes");
}

/// Halves are exact: what a flood expects of half the water is half of it, to the last bit.
#[test]
fn a_flood_expects_the_water_that_a_climate_leaves() {
    let inputs = std::path::Path::new("inputs");
    let model = rivershare::model::Model::load(inputs, &[]).expect("the shipped inputs");
    let scenario = &model.scenarios["present-use"];
    let plan = model.plan(inputs, scenario).expect("a plan");
    assert!(plan.floods.expected.iter().any(|hm3| *hm3 > 0.0));
    let half = vec![vec![0.5; scenario.period.len()]; model.network.nodes.len()];
    let climate = Factors {
        flow: half,
        ..Factors::default()
    };
    let nowhere = Sites::nowhere(&model.network);
    let halved = model.plan_for(inputs, scenario, &nowhere, &climate);
    let halved = halved.expect("a plan");
    assert_eq!(halved.formed, &plan.formed * 0.5);
    assert_eq!(halved.floods.expected, &plan.floods.expected * 0.5);
    assert_eq!(halved.rain_mm, plan.rain_mm);
}
