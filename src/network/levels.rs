//! Levels of a lake or reservoir at many volumes (equation E4), with the rise within each segment at hand.

#![allow(
    clippy::inline_always,
    reason = "the instructions chosen at run time must reach the loops, which become wide where they have no branch"
)]

use multiversion::multiversion;

use super::curve::Curve;

/// The levels of a curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    /// Volume at each knot, hm³.
    volume_hm3: Vec<f64>,
    rises: Vec<Rise>,
    /// Segments by volume: where that of a volume is looked for first.
    first: First,
}

/// A segment near that of a volume: the volumes of a curve in equal parts, with the segment in which each begins.
#[derive(Clone, Debug, PartialEq)]
struct First {
    parts_per_hm3: f64,
    segments: Vec<usize>,
}

impl First {
    fn of(curve: &Curve) -> Self {
        let volumes = &curve.volume_hm3;
        let (bottom, top) = (volumes[0], volumes[volumes.len() - 1]);
        let parts = PARTS * volumes.len();
        let begins = |part: usize| bottom + (top - bottom) * (part as f64 / parts as f64);
        Self {
            parts_per_hm3: parts as f64 / (top - bottom),
            segments: (0..parts).map(|part| curve.segment(begins(part))).collect(),
        }
    }

    #[inline(always)]
    fn near(&self, above_bottom_hm3: f64) -> usize {
        // A conversion keeps to what a place can be: nothing below 0, nothing that is no number.
        let part = (above_bottom_hm3 * self.parts_per_hm3) as usize;
        self.segments[part.min(self.segments.len() - 1)]
    }
}

/// Parts for each knot.
const PARTS: usize = 4;

/// How the level rises within a segment: with the logarithm of the area, and with the volume where the area does not
/// change or begins at nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rise {
    volume_hm3: f64,
    level_m: f64,
    /// Area at the lower knot, and its slope over the volume; 1 and 0 where the logarithm has no meaning.
    area_km2: f64,
    area_slope: f64,
    of_logarithm_m: f64,
    of_volume_m: f64,
}

impl Rise {
    fn of(curve: &Curve, knot: usize) -> Self {
        let (from, to) = (curve.volume_hm3[knot], curve.volume_hm3[knot + 1]);
        let (low, high) = (curve.area_km2[knot], curve.area_km2[knot + 1]);
        let level_m = curve.level_m[knot];
        let rise = curve.level_m[knot + 1] - level_m;
        let as_volume = Self {
            volume_hm3: from,
            level_m,
            area_km2: 1.0,
            area_slope: 0.0,
            of_logarithm_m: 0.0,
            of_volume_m: rise / (to - from),
        };
        if !Curve::widens(low, high) {
            return as_volume;
        }
        let grown = (high - low) / (high + low);
        Self {
            area_km2: low,
            area_slope: (high - low) / (to - from),
            of_logarithm_m: rise / logarithm(grown),
            of_volume_m: 0.0,
            ..as_volume
        }
    }

    /// How far the area has grown at a volume: (A − A₀)/(A + A₀) with the area A₀ of the lower knot.
    #[inline(always)]
    fn grown(&self, volume_hm3: f64) -> f64 {
        let more = self.area_slope * (volume_hm3 - self.volume_hm3);
        more / (2.0 * self.area_km2 + more)
    }

    #[inline(always)]
    fn level(&self, volume_hm3: f64, logarithm: f64) -> f64 {
        let by_volume = self.of_volume_m * (volume_hm3 - self.volume_hm3);
        self.level_m + (self.of_logarithm_m * logarithm + by_volume)
    }
}

impl Levels {
    /// The levels of a curve.
    pub fn of(curve: &Curve) -> Self {
        let knots = 0..curve.volume_hm3.len() - 1;
        Self {
            volume_hm3: curve.volume_hm3.clone(),
            rises: knots.map(|knot| Rise::of(curve, knot)).collect(),
            first: First::of(curve),
        }
    }

    /// Turns volumes into levels, with the widest instructions that the processor has.
    pub fn at_all_widest(&self, volumes: &mut [f64]) {
        at_all_widest(self, volumes);
    }

    /// Turns volumes into levels.
    #[inline(always)]
    pub fn at_all(&self, volumes: &mut [f64]) {
        for volumes in volumes.chunks_mut(SIDE_BY_SIDE) {
            let mut knots = [0; SIDE_BY_SIDE];
            let (mut grown, mut logarithms) = ([0.0; SIDE_BY_SIDE], [0.0; SIDE_BY_SIDE]);
            for ((volume, knot), grown) in volumes.iter_mut().zip(&mut knots).zip(&mut grown) {
                *volume = not_below(self.volume_hm3[0], *volume);
                *knot = self.segment(*volume);
                *grown = self.rises[*knot].grown(*volume);
            }
            for (logarithm, grown) in logarithms.iter_mut().zip(&grown) {
                *logarithm = near(*grown);
            }
            for (logarithm, grown) in logarithms.iter_mut().zip(&grown) {
                if grown.abs() > NEAR {
                    *logarithm = self::logarithm(*grown);
                }
            }
            for ((volume, knot), logarithm) in volumes.iter_mut().zip(&knots).zip(&logarithms) {
                *volume = self.rises[*knot].level(*volume, *logarithm);
            }
        }
    }

    /// The segment that holds a volume, as [`Curve::segment`] finds it.
    #[inline(always)]
    fn segment(&self, volume_hm3: f64) -> usize {
        let near = self.first.near(volume_hm3 - self.volume_hm3[0]);
        if self.holds(near, volume_hm3) {
            return near;
        }
        // Most often it is the next one; where many knots stand close together, it is looked for.
        if near + 1 < self.rises.len() && self.holds(near + 1, volume_hm3) {
            return near + 1;
        }
        let after = self.volume_hm3.partition_point(|knot| *knot <= volume_hm3);
        after.saturating_sub(1).min(self.rises.len() - 1)
    }

    /// Whether a segment holds a volume.
    #[inline(always)]
    fn holds(&self, knot: usize, volume_hm3: f64) -> bool {
        let is_last = knot + 1 == self.rises.len();
        volume_hm3 >= self.volume_hm3[knot] && (is_last || volume_hm3 < self.volume_hm3[knot + 1])
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn at_all_widest(levels: &Levels, volumes: &mut [f64]) {
    levels.at_all(volumes);
}

/// Level in m at a volume of a curve: as [`Levels::at_all`], to the last digit.
pub(super) fn level(curve: &Curve, volume_hm3: f64) -> f64 {
    let volume_hm3 = not_below(curve.volume_hm3[0], volume_hm3);
    let rise = Rise::of(curve, curve.segment(volume_hm3));
    rise.level(volume_hm3, logarithm(rise.grown(volume_hm3)))
}

/// Below the bottom there is no lower level; what is no number stays none.
#[inline(always)]
fn not_below(bottom: f64, volume_hm3: f64) -> f64 {
    if volume_hm3 < bottom {
        bottom
    } else {
        volume_hm3
    }
}

/// Volumes that are turned into levels at once.
const SIDE_BY_SIDE: usize = 64;

/// Greatest s for which [`near`] holds: the next term is below 1e-17 of the sum.
const NEAR: f64 = 0.2;

/// ln((1 + s)/(1 − s)).
fn logarithm(s: f64) -> f64 {
    match s.abs() {
        size if size <= NEAR => near(s),
        _ => libm::log1p(s) - libm::log1p(-s),
    }
}

/// ln((1 + s)/(1 − s)) of an s up to [`NEAR`]: 2 (s + s³/3 + s⁵/5 + …).
#[inline(always)]
fn near(s: f64) -> f64 {
    let square = s * s;
    let mut sum = 0.0;
    for coefficient in ODD.iter().rev() {
        sum = sum * square + coefficient;
    }
    2.0 * s * sum
}

/// 1, 1/3, 1/5 and so on.
const ODD: [f64; 12] = {
    let (mut coefficients, mut n) = ([0.0; 12], 0);
    while n < 12 {
        coefficients[n] = 1.0 / (2 * n + 1) as f64;
        n += 1;
    }
    coefficients
};

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_series_joins_the_logarithm() {
        for s in [NEAR, -NEAR, 0.1, 1e-3, 1e-9] {
            let expected = libm::log1p(s) - libm::log1p(-s);
            // A few roundings of the sum and of either logarithm.
            assert_relative_eq!(near(s), expected, max_relative = 1e-15);
        }
    }

    proptest! {
        #[test]
        fn e04_levels_obey_dh_dv_everywhere(
            steps in prop::collection::vec((1.0..300.0_f64, 0.0..60.0_f64), 1..8),
            first in 0.0..9.0_f64,
            part in 0.0..1.2_f64,
        ) {
            let (mut level, mut volume, mut area) = (vec![7.0], vec![0.0], vec![first]);
            for (dv, da) in &steps {
                let (low, high) = (area[area.len() - 1], area[area.len() - 1] + da);
                // The level at which dh/dV = 1/A ends; where A begins at nothing or stays, any level.
                let rise = if low > 0.0 && high / low - 1.0 > 1e-9 {
                    dv / da * libm::log(high / low)
                } else {
                    1.0
                };
                level.push(level[level.len() - 1] + rise);
                volume.push(volume[volume.len() - 1] + dv);
                area.push(high);
            }
            let curve = Curve { level_m: level, volume_hm3: volume, area_km2: area, outflow_m3s: None, bodies: Vec::new() };
            let last = curve.volume_hm3[curve.volume_hm3.len() - 1];
            let volume = part * last;
            let volumes = [0.0, volume, last, 2.0 * last, -1.0, -volume, curve.volume_hm3[1]];
            let mut levels = volumes;
            Levels::of(&curve).at_all(&mut levels);
            prop_assert_eq!(levels, volumes.map(|volume| curve.level(volume)));
            let knot = curve.segment(volume);
            let (low, high) = (curve.area_km2[knot], curve.area_km2[knot + 1]);
            if low > 0.1 && high / low - 1.0 > 1e-6 {
                let slope = (high - low) / (curve.volume_hm3[knot + 1] - curve.volume_hm3[knot]);
                let expected = curve.level_m[knot] + libm::log(curve.area(volume) / low) / slope;
                // Levels of some ten metres, slopes down to 1e-6 of the area: rounding of the area over its growth.
                prop_assert!((curve.level(volume) - expected).abs() < 1e-7);
            }
        }
    }
}
