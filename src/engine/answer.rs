//! Answers to calls: what is more than arithmetic, in all lanes at once or lane by lane.

use std::array::from_fn;

use super::advance::{Forces, MOST_BODIES, Walks};
use super::compile::What;
use super::exact::{Forcing, advance};
use super::hydropower::{Generated, Passage, Target, Trial};
use super::lanes::{Instructions, Lane};
use super::machine::StepMachine;
use super::plain::{area, over_sill, unload};
use super::program::{SlotCall, Source};
use super::wide::Wide;
use crate::allocate::{Contest, Machine, Packed, Part, Plain};
use crate::network::curve::Curve;
use crate::network::levels::Levels;

/// What a call works on from step to step; no result depends on what it holds.
#[derive(Debug)]
pub(super) enum Scratch<const W: usize> {
    /// Nothing.
    Nothing,
    /// The contests of a group.
    Contests(Box<Contests>),
    /// A storage that is advanced.
    Walks(Box<Walks<W>>),
    /// The levels of a storage's curve.
    Levels(Levels),
}

/// Lanes whose claims compete side by side.
const PACK: usize = 8;

/// Fewer lanes than these compete one after the other.
const FEWEST_SIDE_BY_SIDE: usize = 3;

/// The contests of a group: of lanes side by side, where there can be enough of them, and of one alone.
#[derive(Debug)]
pub(super) struct Contests {
    pack: Option<Contest<PACK>>,
    alone: Contest<1>,
}

impl Contests {
    /// The contests of a group in so many lanes.
    pub(super) fn of(part: &Part, lanes: usize) -> Self {
        Self {
            pack: (lanes >= FEWEST_SIDE_BY_SIDE).then(|| Contest::new(part)),
            alone: Contest::new(part),
        }
    }
}

/// What all calls have in common.
pub(super) struct Aside<'a> {
    /// Room for the areas of the bodies of a lake.
    pub(super) body_areas: &'a mut [f64],
    pub(super) instructions: Instructions,
    /// The members, in the first lanes.
    pub(super) members: &'a [Lane<'a>],
}

/// Answers a call: in all lanes at once where there is a way to, else lane by lane.
#[inline(never)]
pub(super) fn answer<const W: usize>(
    plain: Plain,
    call: &SlotCall,
    scratch: &mut Scratch<W>,
    aside: Aside,
    slots: &mut [Wide<W>],
    scalars: &[f64],
) {
    let Aside {
        body_areas,
        instructions,
        members,
    } = aside;
    if let (What::Advance(storage, over_sill), Scratch::Walks(walks)) = (&call.what, &mut *scratch)
        && W >= SIDE_BY_SIDE
        && plain.curves[*storage].bodies.len() <= MOST_BODIES
    {
        let curve = &plain.curves[*storage];
        let hm3_per_m3s = if *over_sill { plain.hm3_per_m3s } else { 0.0 };
        let with = (curve, hm3_per_m3s, members.len());
        advance_lanes(walks, with, call, instructions, slots, scalars);
        return;
    }
    if let Scratch::Levels(levels) = &*scratch
        && W >= SIDE_BY_SIDE
    {
        let mut lanes = inputs(call, 0, slots, scalars);
        match instructions {
            Instructions::Widest => levels.at_all_widest(&mut lanes),
            Instructions::Common => levels.at_all(&mut lanes),
        }
        slots[call.results[0] as usize].0 = lanes;
        return;
    }
    if let Scratch::Contests(contests) = scratch {
        share(plain.hm3_per_m3s, call, contests, members, slots, scalars);
        return;
    }
    for (lane, member) in members.iter().enumerate() {
        // What deltas lose may differ from plan to plan.
        let mut plain = Plain {
            deltas: member.deltas,
            ..plain
        };
        let input =
            |place: usize, slots: &[Wide<W>]| read(call.inputs[place], slots, scalars, lane);
        let first = input(0, slots);
        let result = match &call.what {
            What::Area(storage) => area(&plain.curves[*storage], first),
            What::OverSill(storage) => {
                over_sill(&plain.curves[*storage], first) * plain.hm3_per_m3s
            }
            What::Level(storage) => plain.curves[*storage].level(first),
            What::Unload(storage) => unload(&plain.curves[*storage], first, input(1, slots)),
            What::Outflow(delta) => plain.outflow(*delta, first),
            What::Inflow(delta) => plain.inflow(*delta, first),
            What::BodyAreas(storage) => {
                let curve = &plain.curves[*storage];
                for (body, slot) in curve.bodies.iter().zip(&call.results) {
                    slots[*slot as usize].0[lane] = curve.at_volume(&body.area_km2, first);
                }
                continue;
            }
            What::BodyVolumes(storage) => {
                let curve = &plain.curves[*storage];
                for (body, slot) in curve.bodies.iter().zip(&call.results) {
                    slots[*slot as usize].0[lane] = curve.at_volume(&body.volume_hm3, first);
                }
                continue;
            }
            What::Advance(storage, over_sill) => {
                let forcing = Forcing {
                    net_inflow_hm3: input(1, slots),
                    rain_mm: input(2, slots),
                    evaporation_mm: input(3, slots),
                    hm3_per_m3s: if *over_sill { plain.hm3_per_m3s } else { 0.0 },
                    full_hm3: input(4, slots),
                };
                advance_lane(
                    &plain, *storage, first, &forcing, call, body_areas, slots, lane,
                );
                continue;
            }
            What::Generate(plant) => {
                let passage = Passage::of(from_fn(|place| input(place, slots)));
                let made = plain.generate(*plant, &passage);
                put(call, &made.list(), slots, lane);
                continue;
            }
            What::FirstRelease(plant) => {
                let target = Target::of(from_fn(|place| input(place, slots)));
                plain.first_release(*plant, &target)
            }
            What::Correct => {
                let target = Target::of(from_fn(|place| input(place, slots)));
                let before = Trial::of(from_fn(|place| input(3 + place, slots)));
                let made = Generated::of(from_fn(|place| input(6 + place, slots)));
                let (trial, next) = plain.correct(&target, &before, input(5, slots), &made);
                put(call, &[trial.due, next], slots, lane);
                continue;
            }
            What::Share(..) => unreachable!("groups compete in all lanes at once"),
        };
        slots[call.results[0] as usize].0[lane] = result;
    }
}

/// Lanes from which on storages are advanced at once.
const SIDE_BY_SIDE: usize = 8;

/// Advances a storage in all lanes.
fn advance_lanes<const W: usize>(
    walks: &mut Walks<W>,
    (curve, hm3_per_m3s, members): (&Curve, f64, usize),
    call: &SlotCall,
    instructions: Instructions,
    slots: &mut [Wide<W>],
    scalars: &[f64],
) {
    let input = |place: usize| inputs(call, place, slots, scalars);
    let forces = Forces {
        start: input(0),
        net_inflow: input(1),
        rain_mm: input(2),
        evaporation_mm: input(3),
        full: input(4),
        hm3_per_m3s,
        members,
    };
    let mut areas = [[0.0; W]; MOST_BODIES];
    let areas = &mut areas[..curve.bodies.len()];
    let (end, sums) = walks.advance(curve, &forces, instructions, areas);
    let results = [
        end,
        &sums.rain,
        &sums.evaporation,
        &sums.outflow,
        &sums.spill,
        &sums.area,
    ];
    for (slot, result) in call.results.iter().zip(results.into_iter().chain(&*areas)) {
        slots[*slot as usize].0 = *result;
    }
}

#[allow(clippy::too_many_arguments, reason = "the parts of a call in one lane")]
fn advance_lane<const W: usize>(
    plain: &Plain,
    storage: usize,
    start: f64,
    forcing: &Forcing,
    call: &SlotCall,
    body_areas: &mut [f64],
    slots: &mut [Wide<W>],
    lane: usize,
) {
    let curve = &plain.curves[storage];
    let body_areas = &mut body_areas[..curve.bodies.len()];
    let end = advance(curve, start, forcing, body_areas);
    let results = [
        end.end_hm3,
        end.rain_hm3,
        end.evaporation_hm3,
        end.outflow_hm3,
        end.spill_hm3,
        end.mean_area_km2,
    ];
    for (slot, result) in call
        .results
        .iter()
        .zip(results.iter().chain(body_areas.iter()))
    {
        slots[*slot as usize].0[lane] = *result;
    }
}

/// An input of a call in all lanes.
fn inputs<const W: usize>(
    call: &SlotCall,
    place: usize,
    slots: &[Wide<W>],
    scalars: &[f64],
) -> [f64; W] {
    match call.inputs[place] {
        Source::Lanes(slot) => slots[slot as usize].0,
        Source::Scalar(scalar) => [scalars[scalar as usize]; W],
    }
}

/// Puts the results of a call into a lane.
fn put<const W: usize>(call: &SlotCall, results: &[f64], slots: &mut [Wide<W>], lane: usize) {
    for (slot, result) in call.results.iter().zip(results) {
        slots[*slot as usize].0[lane] = *result;
    }
}

/// Shares water among competing claims; where there is enough for all, each has what it wants.
fn share<const W: usize>(
    hm3_per_m3s: f64,
    call: &SlotCall,
    contests: &mut Contests,
    members: &[Lane],
    slots: &mut [Wide<W>],
    scalars: &[f64],
) {
    let enough = inputs(call, 0, slots, scalars);
    for (place, result) in call.results.iter().enumerate() {
        slots[*result as usize].0 = inputs(call, place + 1, slots, scalars);
    }
    let mut short = [0; W];
    let mut count = 0;
    for (lane, enough) in enough[..members.len()].iter().enumerate() {
        let has_enough = *enough >= 0.0;
        if !has_enough {
            short[count] = lane;
            count += 1;
        }
    }
    for lanes in short[..count].chunks(PACK) {
        match &mut contests.pack {
            Some(pack) if lanes.len() >= FEWEST_SIDE_BY_SIDE => {
                share_lanes((lanes, members), hm3_per_m3s, call, pack, slots, scalars);
            }
            _ => {
                for lane in lanes.chunks(1) {
                    let alone = &mut contests.alone;
                    share_lanes((lane, members), hm3_per_m3s, call, alone, slots, scalars);
                }
            }
        }
    }
}

/// Shares water among the claims of some lanes.
fn share_lanes<const W: usize, const P: usize>(
    (lanes, members): (&[usize], &[Lane]),
    hm3_per_m3s: f64,
    call: &SlotCall,
    contest: &mut Contest<P>,
    slots: &mut [Wide<W>],
    scalars: &[f64],
) {
    // What is left of the pack does as its last lane.
    let of: [usize; P] = from_fn(|place| lanes[place.min(lanes.len() - 1)]);
    let input = |source: &Source| match *source {
        Source::Lanes(slot) => of.map(|lane| slots[slot as usize].0[lane]),
        Source::Scalar(scalar) => [scalars[scalar as usize]; P],
    };
    contest.read(&mut call.inputs[1..].iter().map(input));
    contest.share(Packed {
        deltas: of.map(|lane| members[lane].deltas),
        hm3_per_m3s,
    });
    for (result, volumes) in call.results.iter().zip(contest.volumes()) {
        for (lane, volume) in lanes.iter().zip(volumes) {
            slots[*result as usize].0[*lane] = *volume;
        }
    }
}

/// A number in one lane.
fn read<const W: usize>(source: Source, slots: &[Wide<W>], scalars: &[f64], lane: usize) -> f64 {
    match source {
        Source::Lanes(slot) => slots[slot as usize].0[lane],
        Source::Scalar(scalar) => scalars[scalar as usize],
    }
}
