//! The only conversions between the units of the files and those of the engine.
//!
//! Files and tables speak m³/s, km³, mm, km²; inside the engine water is a volume in million m³ (hm³)
//! per step.

use crate::time::Month;

/// hm³ in a km³.
pub const HM3_PER_KM3: f64 = 1000.0;

/// hm³ that one millimetre lays on one km².
pub const HM3_PER_MM_KM2: f64 = 1e-3;

/// The volume in hm³ that a flow in m³/s brings in a month.
pub fn hm3_from_m3s(flow_m3s: f64, month: Month) -> f64 {
    flow_m3s * month.seconds() / 1e6
}

/// The mean flow in m³/s of a volume in hm³ that passes in a month.
pub fn m3s_from_hm3(volume_hm3: f64, month: Month) -> f64 {
    volume_hm3 * 1e6 / month.seconds()
}
