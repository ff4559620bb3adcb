//! A step carried out on plain numbers.

use super::exact::{Forcing, advance};
use super::hydropower::{Generated, Passage, Target, Trial, correct, first_release, generate};
use super::machine::{Advanced, Forces, StepMachine};
use crate::allocate::Plain;
use crate::network::curve::Curve;
use crate::units::HM3_PER_MM_KM2;

impl StepMachine for Plain<'_> {
    fn advance(&mut self, storage: usize, forces: &Forces<f64>) -> Advanced<f64> {
        let curve = &self.curves[storage];
        let mut body_areas = vec![0.0; curve.bodies.len()];
        advance_into(curve, forces, self.hm3_per_m3s, &mut body_areas)
    }

    fn area(&mut self, storage: usize, volume: f64) -> f64 {
        area(&self.curves[storage], volume)
    }

    fn body_areas(&mut self, storage: usize, volume: f64) -> Vec<f64> {
        let curve = &self.curves[storage];
        let bodies = curve.bodies.iter();
        bodies
            .map(|body| curve.at_volume(&body.area_km2, volume))
            .collect()
    }

    fn body_volumes(&mut self, storage: usize, volume: f64) -> Vec<f64> {
        let curve = &self.curves[storage];
        let bodies = curve.bodies.iter();
        bodies
            .map(|body| curve.at_volume(&body.volume_hm3, volume))
            .collect()
    }

    fn over_sill(&mut self, storage: usize, volume: f64) -> f64 {
        over_sill(&self.curves[storage], volume) * self.hm3_per_m3s
    }

    fn unload(&mut self, storage: usize, net_mm: f64, load: f64) -> f64 {
        unload(&self.curves[storage], net_mm, load)
    }

    fn level(&mut self, storage: usize, volume: f64) -> f64 {
        self.curves[storage].level(volume)
    }

    fn generate(&mut self, plant: usize, passage: &Passage<f64>) -> Generated<f64> {
        generate(&self.plants[plant], passage, self.hm3_per_m3s)
    }

    fn first_release(&mut self, plant: usize, target: &Target<f64>) -> f64 {
        first_release(&self.plants[plant], target, self.hm3_per_m3s)
    }

    fn correct(
        &mut self,
        target: &Target<f64>,
        before: &Trial<f64>,
        asked: f64,
        generated: &Generated<f64>,
    ) -> (Trial<f64>, f64) {
        correct(target, before, asked, generated)
    }
}

fn advance_into(
    curve: &Curve,
    forces: &Forces<f64>,
    hm3_per_m3s: f64,
    body_areas: &mut Vec<f64>,
) -> Advanced<f64> {
    let forcing = Forcing {
        net_inflow_hm3: forces.net_inflow,
        rain_mm: forces.rain_mm,
        evaporation_mm: forces.evaporation_mm,
        hm3_per_m3s: if forces.over_sill { hm3_per_m3s } else { 0.0 },
        full_hm3: forces.full,
    };
    let end = advance(curve, forces.start, &forcing, body_areas);
    Advanced {
        end: end.end_hm3,
        rain: end.rain_hm3,
        evaporation: end.evaporation_hm3,
        outflow: end.outflow_hm3,
        spill: end.spill_hm3,
        mean_area: end.mean_area_km2,
        body_areas: std::mem::take(body_areas),
    }
}

/// Area of a storage, km²; one straight piece needs no search.
pub(super) fn area(curve: &Curve, volume_hm3: f64) -> f64 {
    match straight(curve) {
        Some((first, slope)) => first + slope * volume_hm3,
        None => curve.area(volume_hm3),
    }
}

/// Area at nothing and its slope, where the curve has one piece.
pub(super) fn straight(curve: &Curve) -> Option<(f64, f64)> {
    let (volumes, areas) = (&curve.volume_hm3, &curve.area_km2);
    (volumes.len() == 2).then(|| (areas[0], (areas[1] - areas[0]) / (volumes[1] - volumes[0])))
}

/// Outflow over the sill at a volume, m³/s.
pub(super) fn over_sill(curve: &Curve, volume_hm3: f64) -> f64 {
    let outflow = curve.outflow_m3s.as_ref();
    outflow.map_or(0.0, |outflow| curve.at_volume(outflow, volume_hm3))
}

/// The volume V with V + net depth · A(V) = load (equation E25); nothing where all evaporates.
pub(super) fn unload(curve: &Curve, net_mm: f64, load_hm3: f64) -> f64 {
    let depth = net_mm * HM3_PER_MM_KM2;
    let (volumes, areas) = (&curve.volume_hm3, &curve.area_km2);
    let at = |knot: usize| volumes[knot] + depth * areas[knot];
    if load_hm3 <= at(0) {
        // More is released than there is: a debt has no area.
        return load_hm3.min(0.0);
    }
    let last = volumes.len() - 2;
    let knot = (0..last)
        .find(|knot| load_hm3 < at(knot + 1))
        .unwrap_or(last);
    let slope = (areas[knot + 1] - areas[knot]) / (volumes[knot + 1] - volumes[knot]);
    volumes[knot] + (load_hm3 - at(knot)) / (1.0 + depth * slope)
}
