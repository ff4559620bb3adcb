//! Advances a storage in all lanes at once, from knot to knot of its curve.
//!
//! This is [`exact::advance`](super::exact::advance) once more, with the products and sums of a turn in the same order, so
//! that both give the same bits. Each turn is short loops over all lanes, without branches, so that they become wide
//! instructions; only lanes that come into another segment of the curve are looked at one by one. What is rare, a storage
//! that is empty, is left to the walk of a single lane.

#![allow(
    clippy::inline_always,
    clippy::needless_bitwise_bool,
    clippy::needless_range_loop,
    reason = "the instructions chosen at run time must reach the loops, which become wide where they have no branch"
)]

use std::array::from_fn;

use multiversion::multiversion;

use super::exact::{
    Advance, Forcing, LONG, SHORT, Way, finish, long_phi2, phi2, short_log, time_to,
};
use super::lanes::Instructions;
use super::segments::{Stands, Table};
use crate::network::curve::Curve;
use crate::units::HM3_PER_MM_KM2;

/// Bodies of a lake that is advanced in all lanes at once; lakes have two.
pub(super) const MOST_BODIES: usize = 2;

/// What acts on a storage in each lane: as [`Forcing`].
#[derive(Clone, Debug)]
pub(super) struct Forces<const W: usize> {
    pub(super) start: [f64; W],
    pub(super) net_inflow: [f64; W],
    pub(super) rain_mm: [f64; W],
    pub(super) evaporation_mm: [f64; W],
    pub(super) full: [f64; W],
    pub(super) hm3_per_m3s: f64,
    /// Lanes that have a member, the first ones.
    pub(super) members: usize,
}

impl<const W: usize> Forces<W> {
    /// Those of one lane.
    fn of(&self, lane: usize) -> Forcing {
        Forcing {
            net_inflow_hm3: self.net_inflow[lane],
            rain_mm: self.rain_mm[lane],
            evaporation_mm: self.evaporation_mm[lane],
            hm3_per_m3s: self.hm3_per_m3s,
            full_hm3: self.full[lane],
        }
    }
}

/// What has passed in each lane, hm³; at the end of the step what [`Advance`] tells of a lane.
#[derive(Clone, Debug)]
pub(super) struct Sums<const W: usize> {
    pub(super) rain: [f64; W],
    pub(super) evaporation: [f64; W],
    pub(super) outflow: [f64; W],
    pub(super) spill: [f64; W],
    pub(super) area: [f64; W],
}

impl<const W: usize> Sums<W> {
    const NOTHING: Self = Self {
        rain: [0.0; W],
        evaporation: [0.0; W],
        outflow: [0.0; W],
        spill: [0.0; W],
        area: [0.0; W],
    };

    /// Those of one lane.
    fn of(&self, lane: usize) -> Advance {
        Advance {
            end_hm3: 0.0,
            rain_hm3: self.rain[lane],
            evaporation_hm3: self.evaporation[lane],
            outflow_hm3: self.outflow[lane],
            spill_hm3: self.spill[lane],
            mean_area_km2: self.area[lane],
        }
    }

    fn put(&mut self, lane: usize, advance: &Advance) {
        self.rain[lane] = advance.rain_hm3;
        self.evaporation[lane] = advance.evaporation_hm3;
        self.outflow[lane] = advance.outflow_hm3;
        self.spill[lane] = advance.spill_hm3;
        self.area[lane] = advance.mean_area_km2;
    }
}

/// A storage that is advanced in all lanes: the table of its curve, where each lane stands in it, which is kept from
/// step to step, and what is worked on.
#[derive(Clone, Debug)]
pub(super) struct Walks<const W: usize> {
    table: Table,
    stands: Stands<W>,
    walk: Walk<W>,
}

impl<const W: usize> Walks<W> {
    /// Walks along a curve.
    pub(super) fn of(curve: &Curve) -> Self {
        let table = Table::of(curve);
        Self {
            stands: Stands::first(&table),
            table,
            walk: Walk::NOWHERE,
        }
    }

    /// Advances all lanes: the storages at the end and what passed; the mean areas of bodies go to `areas`, body by body.
    pub(super) fn advance(
        &mut self,
        curve: &Curve,
        forces: &Forces<W>,
        instructions: Instructions,
        areas: &mut [[f64; W]],
    ) -> (&[f64; W], &Sums<W>) {
        match instructions {
            Instructions::Widest => advance_widest(self, curve, forces, areas),
            Instructions::Common => advance(self, curve, forces, areas),
        }
        (&self.walk.storage, &self.walk.sums)
    }
}

/// All lanes, with the widest instructions that the processor has.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn advance_widest<const W: usize>(
    walks: &mut Walks<W>,
    curve: &Curve,
    forces: &Forces<W>,
    areas: &mut [[f64; W]],
) {
    advance(walks, curve, forces, areas);
}

#[inline(always)]
fn advance<const W: usize>(
    walks: &mut Walks<W>,
    curve: &Curve,
    forces: &Forces<W>,
    areas: &mut [[f64; W]],
) {
    let Walks {
        table,
        stands,
        walk,
    } = walks;
    areas.fill([0.0; W]);
    walk.start(forces);
    let bottom = curve.volume_hm3[0];
    for _ in 0..2 * curve.volume_hm3.len() + 4 {
        walk.stand(stands, table, curve);
        walk.look(stands, forces, bottom);
        walk.finish_rare(curve, forces, areas);
        walk.fall(stands, table, forces);
        walk.choose(stands, forces);
        walk.correct(stands, forces);
        walk.put_areas(stands, table, areas);
        walk.pass(stands, forces);
        if !walk.left.iter().any(|left| *left > 0.0) {
            break;
        }
    }
    for storage in &mut walk.storage {
        // A millilitre below the bottom is rounding, not a debt.
        let rounding = (*storage >= bottom - 1e-9) & (*storage < bottom);
        *storage = if rounding { bottom } else { *storage };
    }
}

/// Lanes on their way through a step.
#[derive(Clone, Debug)]
struct Walk<const W: usize> {
    storage: [f64; W],
    /// Part of the step that is still to come; 0 in lanes that are done.
    left: [f64; W],
    sums: Sums<W>,
    /// Area and outflow now, and the slope of the outflow, hm³ a step.
    area: [f64; W],
    outflow: [f64; W],
    outflow_slope: [f64; W],
    /// dS/dt now, hm³ a step, and its slope over the storage.
    rate: [f64; W],
    lambda: [f64; W],
    /// Whether a lane is to be walked alone from here on.
    is_rare: [bool; W],
    /// Time of the turn, and ∫(S − S₀) dt over it.
    time: [f64; W],
    bend: [f64; W],
    /// Storage and time left after the turn, and what spills in it.
    goal: [f64; W],
    then_left: [f64; W],
    spill: [f64; W],
    /// Whether a series was too short for the lane.
    is_wide: [bool; W],
    /// Whether it stays at full storage, and whether it comes to a knot or to full storage.
    holds: [bool; W],
    crosses: [bool; W],
}

/// The lanes of which something is true, and how many these are.
#[inline(always)]
fn lanes_where<const W: usize>(is_true: impl Fn(usize) -> bool) -> ([usize; W], usize) {
    let (mut lanes, mut count) = ([0; W], 0);
    for lane in 0..W {
        lanes[count] = lane;
        count += usize::from(is_true(lane));
    }
    (lanes, count)
}

impl<const W: usize> Walk<W> {
    const NOWHERE: Self = Self {
        storage: [0.0; W],
        left: [0.0; W],
        sums: Sums::NOTHING,
        area: [0.0; W],
        outflow: [0.0; W],
        outflow_slope: [0.0; W],
        rate: [0.0; W],
        lambda: [0.0; W],
        is_rare: [false; W],
        time: [0.0; W],
        bend: [0.0; W],
        goal: [0.0; W],
        then_left: [0.0; W],
        spill: [0.0; W],
        is_wide: [false; W],
        holds: [false; W],
        crosses: [false; W],
    };

    /// All lanes at the start of a step; those without a member are done.
    #[inline(always)]
    fn start(&mut self, forces: &Forces<W>) {
        self.left = from_fn(|lane| if lane < forces.members { 1.0 } else { 0.0 });
        self.sums = Sums::NOTHING;
        for lane in 0..W {
            let (storage, full) = (forces.start[lane], forces.full[lane]);
            let is_over = storage > full;
            self.sums.spill[lane] = if is_over { storage - full } else { 0.0 };
            self.storage[lane] = if is_over { full } else { storage };
        }
    }

    /// Finds the segment of each lane.
    #[inline(always)]
    fn stand(&self, stands: &mut Stands<W>, table: &Table, curve: &Curve) {
        let (left, storage) = (&self.left, &self.storage);
        let (low, top) = (&stands.low, &stands.top);
        let has_left: [bool; W] = from_fn(|lane| {
            (left[lane] > 0.0) & !((storage[lane] >= low[lane]) & (storage[lane] < top[lane]))
        });
        let (lanes, count) = lanes_where::<W>(|lane| has_left[lane]);
        for &lane in &lanes[..count] {
            let segment = table.find(curve, stands.segment[lane], storage[lane]);
            stands.enter(lane, segment, &table.segments[segment]);
        }
    }

    /// Area and outflow at the storage of a lane.
    #[inline(always)]
    fn see(&mut self, lane: usize, stands: &Stands<W>, hm3_per_m3s: f64) {
        let above = self.storage[lane] - stands.low[lane];
        self.area[lane] = stands.area[lane] + stands.area_slope[lane] * above;
        let outflow_m3s = stands.outflow_m3s[lane] + stands.outflow_slope[lane] * above;
        self.outflow[lane] = outflow_m3s * hm3_per_m3s;
        self.outflow_slope[lane] = stands.outflow_slope[lane] * hm3_per_m3s;
    }

    /// How fast the storage of each lane changes, and whether it is empty.
    #[inline(always)]
    fn look(&mut self, stands: &Stands<W>, forces: &Forces<W>, bottom: f64) {
        for lane in 0..W {
            self.see(lane, stands, forces.hm3_per_m3s);
        }
        for lane in 0..W {
            let net = (forces.rain_mm[lane] - forces.evaporation_mm[lane]) * HM3_PER_MM_KM2;
            self.rate[lane] = forces.net_inflow[lane] + net * self.area[lane] - self.outflow[lane];
        }
        for lane in 0..W {
            let (storage, rate) = (self.storage[lane], self.rate[lane]);
            let is_empty = (storage <= bottom) & (rate <= 0.0);
            let is_rare = is_empty | (storage < bottom) | !rate.is_finite();
            self.is_rare[lane] = is_rare & (self.left[lane] > 0.0);
        }
    }

    /// Walks lanes in which something rare happens to the end, each alone.
    #[inline(always)]
    fn finish_rare(&mut self, curve: &Curve, forces: &Forces<W>, areas: &mut [[f64; W]]) {
        if self.is_rare.contains(&true) {
            for lane in 0..W {
                if self.is_rare[lane] {
                    self.finish(lane, curve, forces, areas);
                }
            }
        }
    }

    fn finish(&mut self, lane: usize, curve: &Curve, forces: &Forces<W>, areas: &mut [[f64; W]]) {
        let mut body_areas = [0.0; MOST_BODIES];
        let body_areas = &mut body_areas[..areas.len()];
        for (own, areas) in body_areas.iter_mut().zip(&*areas) {
            *own = areas[lane];
        }
        let way = Way {
            storage: self.storage[lane],
            left: self.left[lane],
            sums: self.sums.of(lane),
        };
        let advance = finish(curve, &forces.of(lane), way, body_areas);
        for (own, areas) in body_areas.iter().zip(areas) {
            areas[lane] = *own;
        }
        self.sums.put(lane, &advance);
        self.storage[lane] = advance.end_hm3;
        self.left[lane] = 0.0;
    }

    /// At a knot dS/dt is the same on both sides but for rounding: what falls is in the segment below.
    #[inline(always)]
    fn fall(&mut self, stands: &mut Stands<W>, table: &Table, forces: &Forces<W>) {
        let falls: [bool; W] = from_fn(|lane| {
            let at_knot = (self.storage[lane] == stands.low[lane]) & (stands.segment[lane] > 0);
            at_knot & (self.rate[lane] < 0.0) & (self.left[lane] > 0.0)
        });
        let (lanes, count) = lanes_where::<W>(|lane| falls[lane]);
        for &lane in &lanes[..count] {
            let below = stands.segment[lane] - 1;
            stands.enter(lane, below, &table.segments[below]);
            self.see(lane, stands, forces.hm3_per_m3s);
        }
    }

    /// How far each lane goes in this turn: to the next knot, to full storage or to the end of the step (E5, E6).
    #[inline(always)]
    fn choose(&mut self, stands: &Stands<W>, forces: &Forces<W>) {
        for at in 0..W {
            let net = (forces.rain_mm[at] - forces.evaporation_mm[at]) * HM3_PER_MM_KM2;
            self.lambda[at] = net * stands.area_slope[at] - self.outflow_slope[at];
        }
        for at in 0..W {
            let (k, left, lambda) = (self.rate[at], self.left[at], self.lambda[at]);
            self.bend[at] = k * left * left * long_phi2(lambda * left);
        }
        for at in 0..W {
            let (k, left, full) = (self.rate[at], self.left[at], forces.full[at]);
            let top = stands.top[at];
            let highest = if top < full { top } else { full };
            let goal = if k <= 0.0 { stands.low[at] } else { highest };
            let end = self.storage[at] + (k * left + self.lambda[at] * self.bend[at]);
            let holds = (self.storage[at] >= full) & (k >= 0.0);
            let meets = ((k > 0.0) & (end >= goal)) | ((k < 0.0) & (end <= goal));
            let crosses = meets & !holds & (left > 0.0);
            let moved = if crosses { goal } else { end };
            self.goal[at] = if holds { self.storage[at] } else { moved };
            self.time[at] = left;
            self.then_left[at] = 0.0;
            self.spill[at] = if holds { k * left } else { 0.0 };
            self.bend[at] = if holds { 0.0 } else { self.bend[at] };
            self.holds[at] = holds;
            self.crosses[at] = crosses;
            self.is_wide[at] = ((self.lambda[at] * left).abs() > LONG) & (left > 0.0);
        }
        if self.crosses.contains(&true) {
            self.cross();
        }
    }

    /// When the lanes that cross a knot or come to full storage do so.
    #[inline(always)]
    fn cross(&mut self) {
        let mut until = [0.0; W];
        for at in 0..W {
            let (change, k) = (self.goal[at] - self.storage[at], self.rate[at]);
            let z = self.lambda[at] * change / k;
            until[at] = change / k * short_log(z);
            self.is_wide[at] |= self.crosses[at] & (z.abs() > SHORT);
        }
        for at in 0..W {
            let left = self.left[at];
            let until = if until[at] < left { until[at] } else { left };
            self.time[at] = if self.crosses[at] { until } else { left };
            self.then_left[at] = if self.crosses[at] { left - until } else { 0.0 };
        }
        for at in 0..W {
            let (k, time) = (self.rate[at], self.time[at]);
            let bend = k * time * time * long_phi2(self.lambda[at] * time);
            self.bend[at] = if self.crosses[at] {
                bend
            } else {
                self.bend[at]
            };
        }
    }

    /// Chooses again where a series is too short for its argument.
    #[inline(always)]
    fn correct(&mut self, stands: &Stands<W>, forces: &Forces<W>) {
        if self.is_wide.contains(&true) {
            for lane in 0..W {
                if self.is_wide[lane] {
                    self.choose_exactly(lane, stands, forces);
                }
            }
        }
    }

    /// The choice of a lane whose series are too short.
    fn choose_exactly(&mut self, at: usize, stands: &Stands<W>, forces: &Forces<W>) {
        let (storage, full) = (self.storage[at], forces.full[at]);
        let (k, left) = (self.rate[at], self.left[at]);
        let lambda = self.lambda[at];
        let goal = if k <= 0.0 {
            stands.low[at]
        } else {
            stands.top[at].min(full)
        };
        let bend = |time: f64| k * time * time * phi2(lambda * time);
        let at_end = bend(left);
        let end = storage + (k * left + lambda * at_end);
        if self.holds[at] {
            return;
        }
        let meets = (k > 0.0 && end >= goal) || (k < 0.0 && end <= goal);
        (self.time[at], self.bend[at]) = (left, at_end);
        if meets {
            let time = time_to(goal - storage, k, lambda).min(left);
            (self.time[at], self.bend[at]) = (time, bend(time));
        }
        self.goal[at] = if meets { goal } else { end };
        self.then_left[at] = if meets { left - self.time[at] } else { 0.0 };
    }

    /// Adds to the areas of bodies what the turn brings.
    #[inline(always)]
    fn put_areas(&self, stands: &Stands<W>, table: &Table, areas: &mut [[f64; W]]) {
        for (body, areas) in table.bodies.iter().zip(areas) {
            for lane in (0..W).filter(|lane| self.left[*lane] > 0.0) {
                let (area, slope) = body[stands.segment[lane]];
                let now = area + slope * (self.storage[lane] - stands.low[lane]);
                areas[lane] += now * self.time[lane] + slope * self.bend[lane];
            }
        }
    }

    /// Lets the time of the turn pass in lanes that have some left: sums (E7), storage and time left.
    #[inline(always)]
    fn pass(&mut self, stands: &Stands<W>, forces: &Forces<W>) {
        let sums = &mut self.sums;
        for at in 0..W {
            let goes = self.left[at] > 0.0;
            let (time, bend) = (self.time[at], self.bend[at]);
            let area = self.area[at] * time + stands.area_slope[at] * bend;
            let rain = forces.rain_mm[at] * HM3_PER_MM_KM2 * area;
            let evaporation = forces.evaporation_mm[at] * HM3_PER_MM_KM2 * area;
            let outflow = self.outflow[at] * time + self.outflow_slope[at] * bend;
            sums.area[at] += if goes { area } else { 0.0 };
            sums.rain[at] += if goes { rain } else { 0.0 };
            sums.evaporation[at] += if goes { evaporation } else { 0.0 };
            sums.outflow[at] += if goes { outflow } else { 0.0 };
            sums.spill[at] += if goes { self.spill[at] } else { 0.0 };
            self.storage[at] = if goes {
                self.goal[at]
            } else {
                self.storage[at]
            };
            self.left[at] = if goes { self.then_left[at] } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::exact;
    use super::*;
    use crate::network::curve::BodyCurve;

    const LANES: usize = 8;

    /// A curve with knots that rise by these volumes, areas and outflows; a lake of two bodies that share it.
    fn curve(steps: &[(f64, f64, f64)], has_sill: bool, has_bodies: bool) -> Curve {
        let mut curve = Curve {
            level_m: vec![0.0],
            volume_hm3: vec![0.0],
            area_km2: vec![steps[0].1],
            outflow_m3s: has_sill.then(|| vec![0.0]),
            bodies: Vec::new(),
        };
        for (volume, area, outflow) in steps {
            let last = curve.volume_hm3.len() - 1;
            curve.level_m.push(curve.level_m[last] + 1.0);
            curve.volume_hm3.push(curve.volume_hm3[last] + volume);
            curve.area_km2.push(curve.area_km2[last] + area);
            if let Some(over) = &mut curve.outflow_m3s {
                over.push(over[last] + outflow);
            }
        }
        if has_bodies {
            let share =
                |values: &[f64], part: f64| values.iter().map(|value| value * part).collect();
            curve.bodies = [0.3, 0.7]
                .map(|part| BodyCurve {
                    volume_hm3: share(&curve.volume_hm3, part),
                    area_km2: share(&curve.area_km2, part),
                })
                .to_vec();
        }
        curve
    }

    /// Start, net inflow and full storage as parts of the greatest volume; rain and evaporation, mm.
    type Lane = (f64, f64, f64, f64, f64);

    fn forces(
        lanes: &[Lane; LANES],
        top: f64,
        start: [f64; LANES],
        members: usize,
    ) -> Forces<LANES> {
        Forces {
            start,
            net_inflow: lanes.map(|lane| lane.1 * top),
            rain_mm: lanes.map(|lane| lane.3),
            evaporation_mm: lanes.map(|lane| lane.4),
            full: lanes.map(|lane| {
                if lane.2 > 1.5 {
                    f64::INFINITY
                } else {
                    lane.2 * top
                }
            }),
            hm3_per_m3s: 2.6,
            members,
        }
    }

    proptest! {
        /// Rising, falling, at a knot, full, empty, in debt, beyond the last knot: lane by lane the bits of E5 to E8.
        #[test]
        fn e05_all_lanes_advance_as_each_alone(
            steps in prop::collection::vec((0.5..80.0_f64, 0.0..9.0_f64, 0.0..60.0_f64), 1..9),
            has_sill in any::<bool>(),
            has_bodies in any::<bool>(),
            lanes in prop::array::uniform8((-0.1..1.3_f64, -1.5..1.5_f64, 0.0..2.0_f64, 0.0..400.0_f64, 0.0..4000.0_f64)),
            knots in prop::array::uniform8(any::<Option<u8>>()),
            members in 1..=LANES,
        ) {
            let curve = curve(&steps, has_sill, has_bodies);
            let top = curve.volume_hm3[curve.volume_hm3.len() - 1];
            // Some start at a knot.
            let mut start: [f64; LANES] = from_fn(|lane| match knots[lane] {
                Some(knot) => curve.volume_hm3[usize::from(knot) % curve.volume_hm3.len()],
                None => lanes[lane].0 * top,
            });
            let mut walks = Walks::<LANES>::of(&curve);
            // What a step leaves behind of where lanes stand changes nothing in the next one.
            for _ in 0..2 {
                let forces = forces(&lanes, top, start, members);
                let mut areas = [[0.0; LANES]; MOST_BODIES];
                let areas = &mut areas[..curve.bodies.len()];
                let (ends, sums) = walks.advance(&curve, &forces, Instructions::Widest, areas);
                for lane in 0..members {
                    let mut alone = vec![0.0; curve.bodies.len()];
                    let expected = exact::advance(&curve, start[lane], &forces.of(lane), &mut alone);
                    let found = Advance { end_hm3: ends[lane], ..sums.of(lane) };
                    prop_assert_eq!(found, expected);
                    prop_assert!(areas.iter().map(|area| area[lane]).eq(alone));
                }
                start = *ends;
            }
        }
    }
}
