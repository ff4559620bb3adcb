//! What the water of a run carries: salt, and where it rose.

use super::Run;
use crate::plan::pools::Vessel;
use crate::units::HM3_PER_KM3;

/// kt in a Mt.
const KT_PER_MT: f64 = 1000.0;

/// Salt of a lake, body or reservoir at the end of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Salt {
    /// Salinity, g/l; none where there is no water.
    pub g_per_l: Option<f64>,
    /// Salt, Mt.
    pub mt: f64,
}

impl Run<'_> {
    /// Salt of a storage, or of one of its bodies, at the end of a step; none where no salt is followed there.
    pub fn salt(&self, step: usize, storage: usize, body: Option<usize>) -> Option<Salt> {
        let carried = &self.plan.carried;
        carried.salt.as_ref()?;
        let boxes = carried.boxes(storage);
        let picked = match body {
            None => boxes,
            Some(body) if body < boxes.len() => boxes.start + body..boxes.start + body + 1,
            Some(_) => return None,
        };
        let (mut kt, mut hm3) = (0.0, 0.0);
        for pool in picked {
            kt += self.record.salt[[step, carried.salty(pool)?]];
            hm3 += self.held_hm3(step, pool);
        }
        Some(Salt {
            g_per_l: (hm3 > 0.0).then(|| kt / hm3),
            mt: kt / KT_PER_MT,
        })
    }

    /// Volume in the pool of a storage or body at the end of a step, hm³; bodies add up to the whole.
    fn held_hm3(&self, step: usize, pool: usize) -> f64 {
        let volume = |storage: usize| self.record.storage[[step, storage]].max(0.0);
        match self.plan.carried.pools[pool].vessel {
            Vessel::Storage(storage) => volume(storage),
            Vessel::Body(storage, body) => {
                let (whole, curve) = (volume(storage), &self.plan.curves[storage]);
                let bodies = curve.bodies.iter();
                let parts: Vec<f64> = bodies
                    .map(|part| curve.at_volume(&part.volume_hm3, whole))
                    .collect();
                let sum: f64 = parts.iter().sum();
                match sum > 0.0 {
                    true => whole * (parts[body] / sum),
                    false => 0.0,
                }
            }
            Vessel::Node(_) | Vessel::Link(_) | Vessel::Return(_) => 0.0,
        }
    }

    /// Adds a volume of the mixture of a pool to volumes by origin.
    pub fn add_origins(&self, step: usize, pool: usize, volume: f64, into: &mut [f64]) {
        let carried = &self.plan.carried;
        let first = carried.first_share[pool];
        for (place, origin) in carried.pools[pool].origins.iter().enumerate() {
            into[*origin] += volume * self.record.share[[step, first + place]];
        }
    }

    /// Volumes by origin in a storage at the end of a step, km³.
    pub fn stored_origins_km3(&self, step: usize, storage: usize) -> Vec<f64> {
        let carried = &self.plan.carried;
        let mut volumes = vec![0.0; carried.origins.len()];
        for pool in carried.boxes(storage) {
            let held = self.held_hm3(step, pool) / HM3_PER_KM3;
            self.add_origins(step, pool, held, &mut volumes);
        }
        volumes
    }

    /// Whether it is known where the water of the run rose.
    pub fn knows_origins(&self) -> bool {
        !self.plan.carried.is_nothing()
    }
}
