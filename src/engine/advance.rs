//! Advances a storage in all lanes: at once where it stays within a segment of its curve, else lane by lane.
//!
//! Within a segment the step is a few products and sums (equations E5 to E7). They stand here in the same order as in
//! [`exact`](super::exact), so that both give the same bits.

#![allow(
    clippy::inline_always,
    reason = "the instructions chosen at run time must reach the loops, and only what is inlined gets them"
)]

use multiversion::multiversion;

use super::exact::{SHORT, short_phi2};
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
}

/// The storage of each lane after the step; what it says holds only where `stays`.
#[derive(Clone, Debug)]
pub(super) struct Ends<const W: usize> {
    /// Whether the storage stays within its segment; where it does not, the lane is walked from knot to knot.
    pub(super) stays: [bool; W],
    pub(super) end: [f64; W],
    pub(super) rain: [f64; W],
    pub(super) evaporation: [f64; W],
    pub(super) outflow: [f64; W],
    pub(super) mean_area: [f64; W],
    at_end: [f64; W],
    offset: [f64; W],
}

/// A curve as a table of its segments.
#[derive(Clone, Debug)]
pub(super) struct Segments {
    volumes: Vec<f64>,
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
    pub(super) fn of(curve: &Curve, lanes: usize) -> Self {
        let volumes = &curve.volume_hm3;
        let slope = |values: &[f64], at: usize| {
            (values[at + 1] - values[at]) / (volumes[at + 1] - volumes[at])
        };
        let count = volumes.len() - 1;
        let row = |at: usize| {
            let outflow = curve.outflow_m3s.as_deref();
            Row {
                low: volumes[at],
                top: if at + 1 == count {
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
        Self {
            volumes: volumes.clone(),
            rows: (0..count).map(row).collect(),
            bodies: curve
                .bodies
                .iter()
                .map(|body_of| body(&body_of.area_km2))
                .collect(),
            last: vec![0; lanes],
        }
    }

    /// The segment of each lane: the last knot at or below its storage, as [`Curve::segment`] finds it.
    #[inline(always)]
    fn find<const W: usize>(&mut self, curve: &Curve, start: &[f64; W]) {
        for (last, volume) in self.last.iter_mut().zip(start) {
            let row = &self.rows[*last];
            if !(*volume >= row.low && *volume < row.top) {
                *last = curve.segment(*volume);
            }
        }
    }

    /// Mean area of a body in each lane that stays within its segment.
    pub(super) fn body_areas<const W: usize>(
        &self,
        body: usize,
        ends: &Ends<W>,
        into: &mut [f64; W],
    ) {
        for (lane, area) in into.iter_mut().enumerate() {
            let (low, slope) = self.bodies[body][self.last[lane]];
            *area = 0.0 + ((low + slope * ends.offset[lane]) * 1.0 + slope * ends.at_end[lane]);
        }
    }

    /// Advances all lanes.
    pub(super) fn advance<const W: usize>(
        &mut self,
        curve: &Curve,
        forces: &Forces<W>,
        instructions: Instructions,
    ) -> Ends<W> {
        debug_assert_eq!(self.volumes.len(), self.rows.len() + 1);
        match instructions {
            Instructions::Widest => advance_widest(self, curve, forces),
            Instructions::Common => advance(self, curve, forces),
        }
    }
}

/// All lanes, with the widest instructions that the processor has.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn advance_widest<const W: usize>(
    segments: &mut Segments,
    curve: &Curve,
    forces: &Forces<W>,
) -> Ends<W> {
    advance(segments, curve, forces)
}

#[inline(always)]
fn advance<const W: usize>(segments: &mut Segments, curve: &Curve, forces: &Forces<W>) -> Ends<W> {
    segments.find(curve, &forces.start);
    let (mut low, mut top) = ([0.0; W], [0.0; W]);
    let (mut area_at, mut area_slope) = ([0.0; W], [0.0; W]);
    let (mut outflow_at, mut outflow_slope) = ([0.0; W], [0.0; W]);
    for (lane, last) in segments.last.iter().enumerate().take(W) {
        let row = &segments.rows[*last];
        (low[lane], top[lane]) = (row.low, row.top);
        (area_at[lane], area_slope[lane]) = (row.area, row.area_slope);
        (outflow_at[lane], outflow_slope[lane]) = (row.outflow_m3s, row.outflow_slope);
    }
    let mut ends = Ends {
        stays: [false; W],
        end: [0.0; W],
        rain: [0.0; W],
        evaporation: [0.0; W],
        outflow: [0.0; W],
        mean_area: [0.0; W],
        at_end: [0.0; W],
        offset: [0.0; W],
    };
    for lane in 0..W {
        let (start, full) = (forces.start[lane], forces.full[lane]);
        let (rain_mm, evaporation_mm) = (forces.rain_mm[lane], forces.evaporation_mm[lane]);
        let offset = start - low[lane];
        let area = area_at[lane] + area_slope[lane] * offset;
        let outflow = (outflow_at[lane] + outflow_slope[lane] * offset) * forces.hm3_per_m3s;
        let outflow_slope = outflow_slope[lane] * forces.hm3_per_m3s;
        let net = (rain_mm - evaporation_mm) * HM3_PER_MM_KM2;
        let k = forces.net_inflow[lane] + net * area - outflow;
        let lambda = net * area_slope[lane] - outflow_slope;
        let at_end = k * short_phi2(lambda);
        let end = start + (k + lambda * at_end);
        let highest = if top[lane] < full { top[lane] } else { full };
        let within = (k > 0.0) & (end < highest) | (k < 0.0) & (end > low[lane]) | (k == 0.0);
        ends.stays[lane] = within & (start > low[lane]) & (start < full) & (lambda.abs() <= SHORT);
        ends.end[lane] = end;
        let mean_area = 0.0 + (area * 1.0 + area_slope[lane] * at_end);
        ends.mean_area[lane] = mean_area;
        ends.rain[lane] = 0.0 + rain_mm * HM3_PER_MM_KM2 * mean_area;
        ends.evaporation[lane] = 0.0 + evaporation_mm * HM3_PER_MM_KM2 * mean_area;
        ends.outflow[lane] = 0.0 + (outflow * 1.0 + outflow_slope * at_end);
        (ends.at_end[lane], ends.offset[lane]) = (at_end, offset);
    }
    ends
}
