//! The engine and the loop written by hand on the reference network, and how the engine's time grows with
//! the length of a river: `cargo bench`.

#[path = "../examples/reference_network/definition.rs"]
mod definition;
#[path = "../examples/reference_network/engine.rs"]
#[expect(dead_code, reason = "the example compares the sums")]
mod engine;
#[path = "../examples/reference_network/ensemble.rs"]
mod ensemble;
#[path = "../examples/reference_network/floor.rs"]
#[expect(dead_code, reason = "the example names the series")]
mod floor;
#[path = "../examples/reference_network/folder.rs"]
mod folder;
#[path = "../examples/reference_network/inflows.rs"]
mod inflows;
#[path = "../examples/reference_network/recognise.rs"]
mod recognise;
mod rivers;
#[path = "../examples/reference_network/subject.rs"]
mod subject;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};

use rivershare::engine::{Ensemble, Member, Quantity, Series};
use rivershare::model::Model;

use engine::Manner;
use floor::SERIES;
use subject::Subject;

/// Members of an ensemble and the years over which they run: fewer for many, so that all ends in minutes.
const ENSEMBLES: [(usize, i32); 4] = [(1, 100), (96, 100), (1_000, 10), (10_000, 2)];

/// Lengths of rivers, nodes.
const RIVERS: [usize; 7] = [10, 30, 100, 300, 1_000, 3_000, 10_000];

/// Runs that take longer are not repeated.
const LONGEST: Duration = Duration::from_secs(2);

/// Lanes and threads of the engine.
const MANNER: Manner = Manner {
    lanes: None,
    threads: 1,
};

fn subject(years: i32) -> Subject {
    let mut period = definition::period();
    period.last = period.first.plus(12 * years - 1);
    Subject::generated(period, inflows::SEED).expect("the network loads")
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
    let mut group = criterion.benchmark_group("reference network, sums");
    group.sample_size(10);
    for (members, years) in ENSEMBLES {
        let (subject, factors) = (subject(years), ensemble::factors(members));
        group.throughput(elements(&subject, members));
        group.bench_function(BenchmarkId::new("floor", members), |bench| {
            bench.iter(|| ensemble::sums(black_box(&subject.floor), black_box(&factors), 1));
        });
        told(&mut group, members, || {
            let outcome = engine::sums(&subject.network, &subject.plan, &factors, MANNER);
            black_box(outcome).map(|outcome| outcome.time)
        });
    }
    group.finish();
}

/// Every value of every series.
fn record(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reference network, every series");
    group.sample_size(10);
    let (members, subject) = (96, subject(100));
    let factors = ensemble::factors(members);
    let mut buffers = [ensemble::buffer::<16>(&subject.floor)];
    group.throughput(elements(&subject, members));
    group.bench_function(BenchmarkId::new("floor", members), |bench| {
        bench.iter(|| {
            ensemble::record(black_box(&subject.floor), black_box(&factors), &mut buffers);
        });
    });
    told(&mut group, members, || {
        engine::record(&subject.network, &subject.plan, &factors, MANNER)
    });
    group.finish();
}

/// One member on rivers of growing length; the time of a node and step should stay what it is.
fn lengths(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rivers by length");
    group.sample_size(10);
    for nodes in RIVERS {
        let plan = rivers::plan(nodes).expect("the river loads");
        let plan = plan.of_water_alone();
        let start = Instant::now();
        black_box(rivershare::engine::run(&plan));
        if start.elapsed() > LONGEST {
            eprintln!(
                "{nodes} nodes take {:?} a run and are left out",
                start.elapsed()
            );
            break;
        }
        group.throughput(Throughput::Elements((nodes * rivers::STEPS) as u64));
        group.bench_function(BenchmarkId::new("engine", nodes), |bench| {
            bench.iter(|| rivershare::engine::run(black_box(&plan)));
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

criterion_group!(benches, sums, record, lengths, carried);
criterion_main!(benches);
