//! The engine and the loop written by hand on the reference network, the shipped basins, and how time grows
//! with the length of a river: `cargo bench`.

#[path = "../examples/reference_network/measured/mod.rs"]
mod measured;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group,
    criterion_main,
};
use rivershare::engine::{Ensemble, Series};

use measured::engine::{self as ours, Manner};
use measured::floor::SERIES;
use measured::subject::Subject;
use measured::{definition, ensemble, inflows, rivers, shipped, variations};
use rivershare::engine::{Member, Quantity};
use rivershare::inputs::folder::Folder;
use rivershare::model::Model;
use rivershare::plan::{Factors, Sites};

/// Years of the reference network.
const YEARS: i32 = 10;

/// Sizes of its ensembles.
const MEMBERS: [usize; 6] = [1, 10, 100, 1_000, 10_000, 100_000];

/// Members whose series are all recorded.
const RECORDED: usize = 96;

/// Members of the shipped basins and the years over which they run: fewer for many, so that all ends in
/// minutes.
const SHIPPED: [(usize, i32); 4] = [(1, 63), (96, 63), (1_000, 10), (10_000, 1)];

/// Runs that take longer are not repeated.
const LONGEST: Duration = Duration::from_secs(2);

/// Lanes and threads of the engine.
const MANNER: Manner = Manner {
    lanes: None,
    threads: 1,
};

/// A group that takes little more time than ten runs.
fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(200));
    group.measurement_time(Duration::from_secs(1));
    group
}

/// The first years of the reference network.
fn reference() -> Subject {
    Subject::generated(definition::years(YEARS), inflows::SEED).expect("the network loads")
}

/// Time of so many repeats of what tells its own time; nothing is measured where it does not run.
fn told(group: &mut BenchmarkGroup<WallTime>, members: usize, run: impl Fn() -> Option<Duration>) {
    if run().is_some() {
        group.bench_function(BenchmarkId::new("engine", members), |bench| {
            bench.iter_custom(|repeats| (0..repeats).filter_map(|_| run()).sum());
        });
    }
}

fn elements(subject: &Subject, members: usize) -> Throughput {
    Throughput::Elements((SERIES * subject.floor.steps() * members) as u64)
}

/// Sums of every series.
fn sums(criterion: &mut Criterion) {
    let mut group = group(criterion, "reference network, sums");
    let subject = reference();
    for members in MEMBERS {
        let factors = ensemble::factors(members);
        group.throughput(elements(&subject, members));
        group.bench_function(BenchmarkId::new("floor", members), |bench| {
            bench.iter(|| ensemble::sums(black_box(&subject.floor), black_box(&factors), 1));
        });
        told(&mut group, members, || {
            let outcome = ours::sums(&subject.network, &subject.plan, &factors, MANNER);
            black_box(outcome).map(|outcome| outcome.time)
        });
    }
    group.finish();
}

/// Every value of every series.
fn record(criterion: &mut Criterion) {
    let mut group = group(criterion, "reference network, every series");
    let subject = reference();
    let factors = ensemble::factors(RECORDED);
    let mut buffers = [ensemble::buffer::<16>(&subject.floor)];
    group.throughput(elements(&subject, RECORDED));
    group.bench_function(BenchmarkId::new("floor", RECORDED), |bench| {
        bench.iter(|| {
            ensemble::record(black_box(&subject.floor), black_box(&factors), &mut buffers);
        });
    });
    told(&mut group, RECORDED, || {
        ours::record(&subject.network, &subject.plan, &factors, MANNER)
    });
    group.finish();
}

/// The shipped basins month by month: sums of flows and storages, then every value of every series.
fn basins(criterion: &mut Criterion) {
    let mut group = group(criterion, "shipped basins");
    for (count, years) in SHIPPED {
        let plan = shipped::plan("baseline", Some(years)).expect("the shipped inputs load");
        let members = variations::members(&plan, count);
        let (nodes, steps) = (plan.places.len(), plan.steps());
        group.throughput(Throughput::Elements((nodes * steps * count) as u64));
        let ensemble = Ensemble::new(&plan, &members);
        let summing = ensemble.summing(&variations::flows_and_storages(&plan));
        group.bench_function(BenchmarkId::new("sums", count), |bench| {
            bench.iter(|| summing.sums());
        });
        if count == RECORDED {
            let keeping = ensemble.keeping(&Series::all(&plan));
            group.bench_function(BenchmarkId::new("every series", count), |bench| {
                bench.iter(|| {
                    keeping.each(&|block| {
                        black_box(block.numbers);
                    });
                });
            });
        }
    }
    group.finish();
}

/// Rivers of growing length, compiled and run apart; the time of a node should stay what it is.
fn lengths(criterion: &mut Criterion) {
    let mut group = group(criterion, "rivers by length");
    for nodes in rivers::LENGTHS {
        let plan = rivers::plan(nodes).expect("the river loads");
        let members = variations::members(&plan, rivers::MEMBERS);
        let series = variations::flows_and_storages(&plan);
        let ensemble = Ensemble::new(&plan, &members);
        let start = Instant::now();
        let ready = ensemble.summing(&series);
        black_box(ready.sums());
        if start.elapsed() > LONGEST {
            eprintln!("{nodes} nodes take {:?} and are left out", start.elapsed());
            break;
        }
        group.throughput(Throughput::Elements(nodes as u64));
        group.bench_function(BenchmarkId::new("compile", nodes), |bench| {
            bench.iter(|| black_box(ensemble.summing(&series)).lanes());
        });
        let units = nodes * plan.steps() * rivers::MEMBERS;
        group.throughput(Throughput::Elements(units as u64));
        group.bench_function(BenchmarkId::new("run", nodes), |bench| {
            bench.iter(|| ready.sums());
        });
    }
    group.finish();
}

/// The shipped baseline with 64 members: deliveries alone, with what the water carries in the plan and without;
/// the first two should take the same time. Then the origins at one border and the salt of a lake as well.
fn carried(criterion: &mut Criterion) {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).expect("the shipped inputs are sound");
    let scenario = &model.scenarios["baseline"];
    let plan = model.plan(inputs, scenario).expect("a sound scenario");
    let water = plan.clone().of_water_alone();
    let all = |quantity: Quantity| -> Vec<Series> {
        let places = 0..quantity.places(&plan);
        places.map(|place| Series { quantity, place }).collect()
    };
    let delivered = all(Quantity::Delivered);
    let with = |quantity| [delivered.clone(), all(quantity)].concat();
    let mut group = criterion.benchmark_group("shipped basins, what the water carries");
    group.sample_size(10);
    for (name, plan, series) in [
        ("water alone", &water, delivered.clone()),
        ("not asked for", &plan, delivered.clone()),
        ("salt", &plan, with(Quantity::Salt)),
        (
            "salt and origins",
            &plan,
            [with(Quantity::Salt), all(Quantity::Share)].concat(),
        ),
    ] {
        let members = vec![Member::of(plan); 64];
        let ensemble = Ensemble::new(plan, &members);
        let ready = ensemble.summing(&series);
        group.bench_function(name, |bench| bench.iter(|| black_box(ready.sums())));
    }
    group.finish();
}

/// A scenario on the shipped basins, 2024 to 2073: the plan anew, and the plan of its base patched.
fn patches(criterion: &mut Criterion) {
    let inputs = Path::new("inputs");
    let model = Model::load(inputs, &[]).expect("the shipped inputs are sound");
    let base = &model.scenarios["present-use"];
    let (sites, climate) = (Sites::nowhere(&model.network), Factors::default());
    let patchable = model
        .patchable(inputs, base, (&sites, &climate))
        .expect("a sound scenario");
    let folder = Folder::new(inputs);
    let mut group = group(criterion, "a scenario");
    for name in ["canal-7.0", "ili-more-use"] {
        let scenario = &model.scenarios[name];
        group.bench_function(BenchmarkId::new("plan", name), |bench| {
            bench.iter(|| black_box(model.plan(inputs, scenario)).is_ok());
        });
        group.bench_function(BenchmarkId::new("patch", name), |bench| {
            let changes = &scenario.changes;
            bench.iter(|| black_box(patchable.differences(&folder, &model.network, changes)));
        });
    }
    group.finish();
}

criterion_group!(benches, sums, record, basins, lengths, carried, patches);
criterion_main!(benches);
