//! The same work asked of the engine. This is the only file of the measurements that calls it for ensembles.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rivershare::engine::{Ensemble, Member, Quantity, Series};
use rivershare::network::Network;
use rivershare::plan::Plan;

use super::count::counted;
use super::floor::{LAKE, RIVER_SERIES, SERIES};
use super::folder::path;

/// How the engine runs an ensemble.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Members side by side; as the engine chooses where none.
    pub(crate) lanes: Option<usize>,
    /// Threads.
    pub(crate) threads: usize,
}

/// What the engine did and how long it took.
pub(crate) struct Outcome {
    /// Time of the run alone.
    pub(crate) time: Duration,
    /// Time in which the plan was compiled for it.
    pub(crate) compile: Duration,
    /// Members that ran side by side.
    pub(crate) lanes: usize,
    /// Sums of the series of each member over all steps, in the order of the hand-written loop.
    pub(crate) sums: Vec<[f64; SERIES]>,
}

/// Sums of every series for members with these factors on all inflows; none where the network lacks one.
pub(crate) fn sums(
    network: &Network,
    plan: &Plan,
    factors: &[f64],
    manner: Manner,
) -> Option<Outcome> {
    let (series, members) = (series(network, plan)?, members(plan, factors));
    let ensemble = ensemble(plan, &members, manner);
    let start = Instant::now();
    let ready = ensemble.summing(&series);
    let compile = start.elapsed();
    let start = Instant::now();
    let sums = counted(|| ready.sums());
    let time = start.elapsed();
    let of_member = |row: ndarray::ArrayView1<f64>| std::array::from_fn(|place| row[place]);
    let sums = sums.outer_iter().map(of_member).collect();
    let lanes = ready.lanes();
    Some(Outcome {
        time,
        compile,
        lanes,
        sums,
    })
}

/// Time to hand over every value of every series, block by block; none where the network lacks one.
pub(crate) fn record(
    network: &Network,
    plan: &Plan,
    factors: &[f64],
    manner: Manner,
) -> Option<Duration> {
    let (series, members) = (series(network, plan)?, members(plan, factors));
    let ensemble = ensemble(plan, &members, manner);
    let ready = ensemble.keeping(&series);
    let start = Instant::now();
    ready.each(&|block| {
        black_box(block.numbers);
    });
    Some(start.elapsed())
}

fn ensemble<'a>(plan: &'a Plan, members: &'a [Member], manner: Manner) -> Ensemble<'a> {
    let ensemble = Ensemble::new(plan, members).threads(manner.threads);
    match manner.lanes {
        Some(lanes) => ensemble.lanes(lanes),
        None => ensemble,
    }
}

/// Members that multiply every inflow by their factor.
fn members(plan: &Plan, factors: &[f64]) -> Vec<Member> {
    let member = |factor: &f64| Member {
        inflow: vec![*factor; plan.places.len()],
        ..Member::of(plan)
    };
    factors.iter().map(member).collect()
}

/// The series of the hand-written loop as the engine knows them.
fn series(network: &Network, plan: &Plan) -> Option<[Series; SERIES]> {
    let mut series = Vec::with_capacity(SERIES);
    for n in 1..=LAKE / RIVER_SERIES {
        let path = path(n);
        let node = |place: usize| network.node(&path[place]);
        let storage = storage(network, plan, &path[3])?;
        let user = |name: &str| {
            let name = format!("{name} {n}");
            network.users.iter().position(|user| user.name == name)
        };
        let below = |place: usize| plan.river[node(place)?];
        series.extend([
            of(Quantity::Forms, node(0)?),
            of(Quantity::Delivered, user("Upstream user")?),
            of(Quantity::Enters, below(2)?),
            of(Quantity::Storage, storage),
            of(Quantity::Evaporation, storage),
            of(Quantity::Delivered, user("Town")?),
            of(Quantity::Delivered, user("Irrigation")?),
            of(Quantity::Enters, below(6)?),
            of(Quantity::Returned, user("Irrigation")?),
            of(Quantity::Enters, below(8)?),
        ]);
    }
    series.push(of(Quantity::Storage, storage(network, plan, "Lake")?));
    series.try_into().ok()
}

fn of(quantity: Quantity, place: usize) -> Series {
    Series { quantity, place }
}

fn storage(network: &Network, plan: &Plan, name: &str) -> Option<usize> {
    let node = network.node(name)?;
    plan.storage_nodes.iter().position(|of| *of == node)
}
