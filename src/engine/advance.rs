//! Advances a storage in all lanes at once, from knot to knot of its curve.
//!
//! This is [`exact::advance`](super::exact::advance) once more, with the products and sums of a turn in the same order, so
//! that both give the same bits. Lanes that are done make room for the others. What is rare, a storage that is empty, is
//! left to the walk of a single lane.

#![allow(
    clippy::inline_always,
    clippy::needless_bitwise_bool,
    clippy::needless_range_loop,
    reason = "the instructions chosen at run time must reach the loops, which become wide where they have no branch"
)]

use multiversion::multiversion;

use super::exact::{LONG, SHORT, long_phi2, phi2, short_log, time_to};
use super::lanes::Instructions;
use crate::network::curve::Curve;
use crate::units::HM3_PER_MM_KM2;

/// What acts on a storage in each lane: as [`Forcing`](super::exact::Forcing).
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

/// The storage of each lane after the step, in hm³, and its mean area, km²; what they say holds where the lane is done.
#[derive(Clone, Debug)]
pub(super) struct Ends<const W: usize> {
    /// Whether the lane is done; where it is not, it is walked alone.
    pub(super) done: [bool; W],
    pub(super) end: [f64; W],
    pub(super) rain: [f64; W],
    pub(super) evaporation: [f64; W],
    pub(super) outflow: [f64; W],
    pub(super) spill: [f64; W],
    pub(super) mean_area: [f64; W],
}

impl<const W: usize> Ends<W> {
    const NOWHERE: Self = Self {
        done: [false; W],
        end: [0.0; W],
        rain: [0.0; W],
        evaporation: [0.0; W],
        outflow: [0.0; W],
        spill: [0.0; W],
        mean_area: [0.0; W],
    };
}

/// A storage that is advanced in all lanes: the table of its curve, and what is worked on, which is kept from step to
/// step.
#[derive(Clone, Debug)]
pub(super) struct Walks<const W: usize> {
    segments: Segments,
    pack: Pack<W>,
    ends: Ends<W>,
}

/// A curve as a table of its segments.
#[derive(Clone, Debug)]
struct Segments {
    rows: Vec<Row>,
    /// Area at the lower knot and its slope, of each body by segment.
    bodies: Vec<Vec<(f64, f64)>>,
    /// Segment in which each lane was last: where it is looked for first.
    last: Vec<usize>,
}

/// A segment: its ends, and what is linear in it as the value at its lower knot and the slope.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    low: f64,
    /// Infinite in the last segment, which goes on above its last knot.
    top: f64,
    area: f64,
    area_slope: f64,
    outflow_m3s: f64,
    outflow_slope: f64,
}

impl Segments {
    /// The segments of a curve, for so many lanes.
    fn of(curve: &Curve, lanes: usize) -> Self {
        let volumes = &curve.volume_hm3;
        let slope = |values: &[f64], at: usize| {
            (values[at + 1] - values[at]) / (volumes[at + 1] - volumes[at])
        };
        let count = volumes.len() - 1;
        let row = |at: usize| {
            let outflow = curve.outflow_m3s.as_deref();
            let is_last = at + 1 == count;
            Row {
                low: volumes[at],
                top: if is_last {
                    f64::INFINITY
                } else {
                    volumes[at + 1]
                },
                area: curve.area_km2[at],
                area_slope: slope(&curve.area_km2, at),
                outflow_m3s: outflow.map_or(0.0, |values| values[at]),
                outflow_slope: outflow.map_or(0.0, |values| slope(values, at)),
            }
        };
        let body = |areas: &Vec<f64>| (0..count).map(|at| (areas[at], slope(areas, at))).collect();
        let bodies = curve.bodies.iter().map(|row| body(&row.area_km2));
        Self {
            rows: (0..count).map(row).collect(),
            bodies: bodies.collect(),
            last: vec![0; lanes],
        }
    }

    /// The segment in which a lane is: the last knot at or below its storage, as [`Curve::segment`] finds it.
    #[inline(always)]
    fn find(&mut self, curve: &Curve, lane: usize, storage: f64) -> usize {
        let holds = |row: &Row| storage >= row.low && storage < row.top;
        let last = self.last[lane];
        if holds(&self.rows[last]) {
            return last;
        }
        // Most often it is a neighbour.
        let above = last + 1;
        self.last[lane] = if above < self.rows.len() && holds(&self.rows[above]) {
            above
        } else {
            curve.segment(storage)
        };
        self.last[lane]
    }
}

impl<const W: usize> Walks<W> {
    /// Walks along a curve.
    pub(super) fn of(curve: &Curve) -> Self {
        Self {
            segments: Segments::of(curve, W),
            pack: Pack::EMPTY,
            ends: Ends::NOWHERE,
        }
    }

    /// Advances all lanes; the mean areas of bodies go to `areas`, body by body.
    pub(super) fn advance(
        &mut self,
        curve: &Curve,
        forces: &Forces<W>,
        instructions: Instructions,
        areas: &mut [[f64; W]],
    ) -> &Ends<W> {
        match instructions {
            Instructions::Widest => advance_widest(self, curve, forces, areas),
            Instructions::Common => advance(self, curve, forces, areas),
        }
        &self.ends
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
        segments,
        pack,
        ends,
    } = walks;
    areas.fill([0.0; W]);
    ends.done = [false; W];
    pack.load(forces);
    for _ in 0..2 * curve.volume_hm3.len() + 4 {
        pack.stand(segments, curve, forces.hm3_per_m3s);
        pack.choose();
        pack.correct();
        pack.put_areas(segments, areas);
        pack.pass();
        pack.close(ends, curve.volume_hm3[0]);
        if pack.count == 0 {
            break;
        }
    }
}

/// Lanes on their way through a step, those that are not done side by side.
#[derive(Clone, Debug)]
struct Pack<const W: usize> {
    count: usize,
    lane: [usize; W],
    storage: [f64; W],
    /// Part of the step that is still to come.
    left: [f64; W],
    net_inflow: [f64; W],
    rain_mm: [f64; W],
    evaporation_mm: [f64; W],
    full: [f64; W],
    sums: Sums<W>,
    /// Where each lane stands in this turn, and what it does.
    segment: [usize; W],
    row: Rows<W>,
    /// dS/dt now, hm³ a step.
    rate: [f64; W],
    /// Time of the turn, and ∫(S − S₀) dt over it.
    time: [f64; W],
    bend: [f64; W],
    /// Storage and time left after the turn, and what spills in it.
    goal: [f64; W],
    then_left: [f64; W],
    spill: [f64; W],
    /// Whether a series was too short for the lane: above 0.
    is_wide: [f64; W],
    /// Whether it stays at full storage.
    holds: [f64; W],
    /// Whether the lane is to be walked alone.
    is_rare: [bool; W],
}

/// What has passed so far.
#[derive(Clone, Debug)]
struct Sums<const W: usize> {
    rain: [f64; W],
    evaporation: [f64; W],
    outflow: [f64; W],
    spill: [f64; W],
    area: [f64; W],
}

/// The segments of lanes, quantity by quantity; area and outflow are those at the storage now.
#[derive(Clone, Debug)]
struct Rows<const W: usize> {
    low: [f64; W],
    top: [f64; W],
    area: [f64; W],
    area_slope: [f64; W],
    outflow: [f64; W],
    outflow_slope: [f64; W],
}

impl<const W: usize> Pack<W> {
    const EMPTY: Self = Self {
        count: 0,
        lane: [0; W],
        storage: [0.0; W],
        left: [0.0; W],
        net_inflow: [0.0; W],
        rain_mm: [0.0; W],
        evaporation_mm: [0.0; W],
        full: [0.0; W],
        sums: Sums {
            rain: [0.0; W],
            evaporation: [0.0; W],
            outflow: [0.0; W],
            spill: [0.0; W],
            area: [0.0; W],
        },
        segment: [0; W],
        row: Rows {
            low: [0.0; W],
            top: [0.0; W],
            area: [0.0; W],
            area_slope: [0.0; W],
            outflow: [0.0; W],
            outflow_slope: [0.0; W],
        },
        rate: [0.0; W],
        time: [0.0; W],
        bend: [0.0; W],
        goal: [0.0; W],
        then_left: [0.0; W],
        spill: [0.0; W],
        is_wide: [0.0; W],
        holds: [0.0; W],
        is_rare: [false; W],
    };

    /// All lanes at the start of a step.
    #[inline(always)]
    fn load(&mut self, forces: &Forces<W>) {
        self.count = forces.members.min(W);
        self.left = [1.0; W];
        self.net_inflow = forces.net_inflow;
        self.rain_mm = forces.rain_mm;
        self.evaporation_mm = forces.evaporation_mm;
        self.full = forces.full;
        let sums = &mut self.sums;
        for sum in [
            &mut sums.rain,
            &mut sums.evaporation,
            &mut sums.outflow,
            &mut sums.area,
        ] {
            *sum = [0.0; W];
        }
        for lane in 0..W {
            let (storage, full) = (forces.start[lane], forces.full[lane]);
            let is_over = storage > full;
            self.lane[lane] = lane;
            self.sums.spill[lane] = if is_over { storage - full } else { 0.0 };
            self.storage[lane] = if is_over { full } else { storage };
        }
    }

    /// Finds the segment of each lane, and how fast its storage changes there.
    #[inline(always)]
    fn stand(&mut self, segments: &mut Segments, curve: &Curve, hm3_per_m3s: f64) {
        let bottom = curve.volume_hm3[0];
        for at in 0..self.count {
            let segment = segments.find(curve, self.lane[at], self.storage[at]);
            self.enter(at, segment, &segments.rows[segment], hm3_per_m3s);
        }
        for at in 0..self.count {
            let net = (self.rain_mm[at] - self.evaporation_mm[at]) * HM3_PER_MM_KM2;
            let row = &self.row;
            self.rate[at] = self.net_inflow[at] + net * row.area[at] - row.outflow[at];
            let is_empty = self.storage[at] <= bottom && self.rate[at] <= 0.0;
            self.is_rare[at] = is_empty || self.storage[at] < bottom || !self.rate[at].is_finite();
        }
        for at in 0..self.count {
            // At a knot dS/dt is the same on both sides but for rounding: what falls is in the segment below.
            let falls = self.rate[at] < 0.0 && self.storage[at] == self.row.low[at];
            if falls && !self.is_rare[at] && self.segment[at] > 0 {
                let below = self.segment[at] - 1;
                self.enter(at, below, &segments.rows[below], hm3_per_m3s);
            }
        }
    }

    #[inline(always)]
    fn enter(&mut self, at: usize, segment: usize, row: &Row, hm3_per_m3s: f64) {
        let above = self.storage[at] - row.low;
        self.segment[at] = segment;
        (self.row.low[at], self.row.top[at]) = (row.low, row.top);
        self.row.area[at] = row.area + row.area_slope * above;
        self.row.area_slope[at] = row.area_slope;
        self.row.outflow[at] = (row.outflow_m3s + row.outflow_slope * above) * hm3_per_m3s;
        self.row.outflow_slope[at] = row.outflow_slope * hm3_per_m3s;
    }

    /// How far each lane goes in this turn: to the next knot, to full storage or to the end of the step (E5, E6).
    ///
    /// Short loops without branches, so that each becomes wide instructions.
    #[inline(always)]
    fn choose(&mut self) {
        let count = self.count.min(W);
        let (mut lambda, mut at_end, mut until) = ([0.0; W], [0.0; W], [0.0; W]);
        for at in 0..count {
            let net = (self.rain_mm[at] - self.evaporation_mm[at]) * HM3_PER_MM_KM2;
            lambda[at] = net * self.row.area_slope[at] - self.row.outflow_slope[at];
        }
        for at in 0..count {
            let (k, left) = (self.rate[at], self.left[at]);
            at_end[at] = k * left * left * long_phi2(lambda[at] * left);
        }
        for at in 0..count {
            let (top, full) = (self.row.top[at], self.full[at]);
            let highest = if top < full { top } else { full };
            self.goal[at] = if self.rate[at] <= 0.0 {
                self.row.low[at]
            } else {
                highest
            };
        }
        for at in 0..count {
            let (change, k) = (self.goal[at] - self.storage[at], self.rate[at]);
            until[at] = change / k * short_log(lambda[at] * change / k);
        }
        for at in 0..count {
            let (k, left, goal) = (self.rate[at], self.left[at], self.goal[at]);
            let end = self.storage[at] + (k * left + lambda[at] * at_end[at]);
            let holds = (self.storage[at] >= self.full[at]) & (k >= 0.0);
            let meets = ((k > 0.0) & (end >= goal)) | ((k < 0.0) & (end <= goal));
            let z = lambda[at] * (goal - self.storage[at]) / k;
            let until = if until[at] < left { until[at] } else { left };
            let crosses = meets & !holds;
            self.time[at] = if crosses { until } else { left };
            self.then_left[at] = if crosses { left - until } else { 0.0 };
            let moved = if crosses { goal } else { end };
            self.goal[at] = if holds { self.storage[at] } else { moved };
            self.spill[at] = if holds { k * left } else { 0.0 };
            let is_wide = ((lambda[at] * left).abs() > LONG) | (crosses & (z.abs() > SHORT));
            self.is_wide[at] = f64::from(u8::from(is_wide));
            self.holds[at] = f64::from(u8::from(holds));
        }
        for at in 0..count {
            let (k, time) = (self.rate[at], self.time[at]);
            let bend = k * time * time * long_phi2(lambda[at] * time);
            self.bend[at] = if self.holds[at] > 0.0 { 0.0 } else { bend };
        }
    }

    /// Chooses again where a series is too short for its argument.
    #[inline(always)]
    fn correct(&mut self) {
        for at in 0..self.count {
            if self.is_wide[at] > 0.0 {
                self.choose_exactly(at);
            }
        }
    }

    /// The choice of a lane whose series are too short.
    fn choose_exactly(&mut self, at: usize) {
        let (row, storage, full) = (&self.row, self.storage[at], self.full[at]);
        let (k, left) = (self.rate[at], self.left[at]);
        let net = (self.rain_mm[at] - self.evaporation_mm[at]) * HM3_PER_MM_KM2;
        let lambda = net * row.area_slope[at] - row.outflow_slope[at];
        let goal = if k <= 0.0 {
            row.low[at]
        } else {
            row.top[at].min(full)
        };
        let bend = |time: f64| k * time * time * phi2(lambda * time);
        let end = storage + (k * left + lambda * bend(left));
        if self.holds[at] > 0.0 {
            return;
        }
        let meets = (k > 0.0 && end >= goal) || (k < 0.0 && end <= goal);
        let time = if meets {
            time_to(goal - storage, k, lambda).min(left)
        } else {
            left
        };
        (self.time[at], self.bend[at]) = (time, bend(time));
        self.goal[at] = if meets { goal } else { end };
        self.then_left[at] = if meets { left - time } else { 0.0 };
    }

    /// Adds to the areas of bodies what the turn brings.
    #[inline(always)]
    fn put_areas(&self, segments: &Segments, areas: &mut [[f64; W]]) {
        for (body, areas) in segments.bodies.iter().zip(areas) {
            for at in 0..self.count {
                let (area, slope) = body[self.segment[at]];
                let now = area + slope * (self.storage[at] - self.row.low[at]);
                areas[self.lane[at]] += now * self.time[at] + slope * self.bend[at];
            }
        }
    }

    /// Lets the time of the turn pass: sums (E7), storage and time left.
    #[inline(always)]
    fn pass(&mut self) {
        let (sums, row) = (&mut self.sums, &self.row);
        for at in 0..self.count {
            let (time, bend) = (self.time[at], self.bend[at]);
            let area = row.area[at] * time + row.area_slope[at] * bend;
            sums.area[at] += area;
            sums.rain[at] += self.rain_mm[at] * HM3_PER_MM_KM2 * area;
            sums.evaporation[at] += self.evaporation_mm[at] * HM3_PER_MM_KM2 * area;
            sums.outflow[at] += row.outflow[at] * time + row.outflow_slope[at] * bend;
            sums.spill[at] += self.spill[at];
            self.storage[at] = self.goal[at];
            self.left[at] = self.then_left[at];
        }
    }

    /// Takes out lanes that are done or rare; the others move together.
    #[inline(always)]
    fn close(&mut self, ends: &mut Ends<W>, bottom: f64) {
        let mut count = 0;
        for at in 0..self.count {
            if self.left[at] > 0.0 && !self.is_rare[at] {
                self.take(at, count);
                count += 1;
            } else if !self.is_rare[at] {
                self.end(at, ends, bottom);
            }
        }
        self.count = count;
    }

    /// Moves a lane.
    #[inline(always)]
    fn take(&mut self, from: usize, to: usize) {
        if from == to {
            return;
        }
        self.lane[to] = self.lane[from];
        let sums = &mut self.sums;
        for numbers in [
            &mut self.storage,
            &mut self.left,
            &mut self.net_inflow,
            &mut self.rain_mm,
            &mut self.evaporation_mm,
            &mut self.full,
            &mut sums.rain,
            &mut sums.evaporation,
            &mut sums.outflow,
            &mut sums.spill,
            &mut sums.area,
        ] {
            numbers[to] = numbers[from];
        }
    }

    #[inline(always)]
    fn end(&self, at: usize, ends: &mut Ends<W>, bottom: f64) {
        let (lane, storage) = (self.lane[at], self.storage[at]);
        // A millilitre below the bottom is rounding, not a debt.
        let rounding = (bottom - 1e-9..bottom).contains(&storage);
        ends.done[lane] = true;
        ends.end[lane] = if rounding { bottom } else { storage };
        ends.rain[lane] = self.sums.rain[at];
        ends.evaporation[lane] = self.sums.evaporation[at];
        ends.outflow[lane] = self.sums.outflow[at];
        ends.spill[lane] = self.sums.spill[at];
        ends.mean_area[lane] = self.sums.area[at];
    }
}
