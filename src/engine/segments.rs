//! The segments of a storage's curve, and in which of them each lane stands.

#![allow(
    clippy::inline_always,
    reason = "a part of loops over lanes, whose instructions are chosen at run time"
)]

use crate::network::curve::Curve;

/// A curve as a table of its segments.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) segments: Vec<Segment>,
    /// Area at the lower knot and its slope, of each body by segment.
    pub(super) bodies: Vec<Vec<(f64, f64)>>,
}

/// A segment: its ends, and what is linear in it as the value at its lower knot and the slope.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Segment {
    low: f64,
    /// Infinite in the last segment, which goes on above its last knot.
    top: f64,
    area: f64,
    area_slope: f64,
    outflow_m3s: f64,
    outflow_slope: f64,
}

impl Table {
    /// The segments of a curve.
    pub(super) fn of(curve: &Curve) -> Self {
        let volumes = &curve.volume_hm3;
        let slope = |values: &[f64], at: usize| {
            (values[at + 1] - values[at]) / (volumes[at + 1] - volumes[at])
        };
        let count = volumes.len() - 1;
        let row = |at: usize| {
            let outflow = curve.outflow_m3s.as_deref();
            let is_last = at + 1 == count;
            Segment {
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
            segments: (0..count).map(row).collect(),
            bodies: bodies.collect(),
        }
    }

    /// The segment that holds a storage: most often a neighbour of the one it was in.
    #[inline(always)]
    pub(super) fn find(&self, curve: &Curve, last: usize, storage: f64) -> usize {
        let holds = |place: usize| {
            let segment = self.segments.get(place);
            segment.is_some_and(|segment| storage >= segment.low && storage < segment.top)
        };
        if holds(last + 1) {
            last + 1
        } else if last > 0 && holds(last - 1) {
            last - 1
        } else {
            curve.segment(storage)
        }
    }
}

/// The segment in which each lane stands, quantity by quantity.
#[derive(Clone, Debug)]
pub(super) struct Stands<const W: usize> {
    pub(super) segment: [usize; W],
    pub(super) low: [f64; W],
    pub(super) top: [f64; W],
    pub(super) area: [f64; W],
    pub(super) area_slope: [f64; W],
    pub(super) outflow_m3s: [f64; W],
    pub(super) outflow_slope: [f64; W],
}

impl<const W: usize> Stands<W> {
    /// All in the first segment.
    pub(super) fn first(table: &Table) -> Self {
        let row = table.segments[0];
        Self {
            segment: [0; W],
            low: [row.low; W],
            top: [row.top; W],
            area: [row.area; W],
            area_slope: [row.area_slope; W],
            outflow_m3s: [row.outflow_m3s; W],
            outflow_slope: [row.outflow_slope; W],
        }
    }

    #[inline(always)]
    pub(super) fn enter(&mut self, lane: usize, segment: usize, row: &Segment) {
        self.segment[lane] = segment;
        self.low[lane] = row.low;
        self.top[lane] = row.top;
        self.area[lane] = row.area;
        self.area_slope[lane] = row.area_slope;
        self.outflow_m3s[lane] = row.outflow_m3s;
        self.outflow_slope[lane] = row.outflow_slope;
    }
}
