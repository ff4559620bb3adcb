//! The only conversions between the units of the files and those of the engine.
//!
//! Files and tables speak m³/s, km³, mm, km², and of other units those that stand here; inside the engine
//! water is a volume in million m³ (hm³) per step.

use crate::time::{Month, SECONDS_PER_DAY};

/// hm³ in a km³.
pub const HM3_PER_KM3: f64 = 1000.0;

/// hm³ that one millimetre lays on one km².
pub const HM3_PER_MM_KM2: f64 = 1e-3;

/// Megalitres (1000 m³) in a hm³.
const ML_PER_HM3: f64 = 1000.0;

/// m³ in a megalitre.
const M3_PER_ML: f64 = 1000.0;

/// Energy of water, GWh for a hm³ that falls by one metre without loss: ρ g with 1000 kg/m³ and 9.81 m/s².
pub const GWH_PER_HM3_M: f64 = 1000.0 * 9.81 * 1e6 / 3.6e12;

/// The energy in GWh of a power in MW over some seconds.
pub fn gwh_in(power_mw: f64, seconds: f64) -> f64 {
    power_mw * seconds / 3.6e6
}

/// The volume in hm³ that a flow in m³/s brings in a month.
pub fn hm3_from_m3s(flow_m3s: f64, month: Month) -> f64 {
    hm3_in(flow_m3s, month.seconds())
}

/// The mean flow in m³/s of a volume in hm³ that passes in a month.
pub fn m3s_from_hm3(volume_hm3: f64, month: Month) -> f64 {
    m3s_in(volume_hm3, month.seconds())
}

/// The volume in hm³ that a flow in m³/s brings in some seconds.
pub fn hm3_in(flow_m3s: f64, seconds: f64) -> f64 {
    flow_m3s * seconds / 1e6
}

/// The mean flow in m³/s of a volume in hm³ that passes in some seconds.
pub fn m3s_in(volume_hm3: f64, seconds: f64) -> f64 {
    volume_hm3 * 1e6 / seconds
}

/// What a number of the inputs measures, where it may be written in one of several units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Mean flow, in the engine's inputs m³/s.
    Flow,
    /// Volume of water, in the engine's inputs hm³.
    Volume,
    /// Depth of rain or evaporation, in the engine's inputs mm a month.
    Depth,
}

/// A unit in which a quantity may be written; its name is the ending of a key or column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// m³/s.
    M3s,
    /// Megalitres a day.
    MlPerDay,
    /// km³.
    Km3,
    /// hm³, a million m³.
    Hm3,
    /// Megalitres, 1000 m³.
    Ml,
    /// Millimetres a month.
    Mm,
    /// Millimetres a day.
    MmPerDay,
}

impl Quantity {
    /// The units in which it may be written, the usual one first.
    pub fn units(self) -> &'static [Unit] {
        match self {
            Self::Flow => &[Unit::M3s, Unit::MlPerDay],
            Self::Volume => &[Unit::Km3, Unit::Hm3, Unit::Ml],
            Self::Depth => &[Unit::Mm, Unit::MmPerDay],
        }
    }
}

impl Unit {
    /// The ending of keys and columns, without `_`.
    pub fn ending(self) -> &'static str {
        match self {
            Self::M3s => "m3s",
            Self::MlPerDay => "ml_per_day",
            Self::Km3 => "km3",
            Self::Hm3 => "hm3",
            Self::Ml => "ml",
            Self::Mm => "mm",
            Self::MmPerDay => "mm_per_day",
        }
    }

    /// Its symbol in a message.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::M3s => "m³/s",
            Self::MlPerDay => "ML a day",
            Self::Km3 => "km³",
            Self::Hm3 => "hm³",
            Self::Ml => "ML",
            Self::Mm => "mm",
            Self::MmPerDay => "mm a day",
        }
    }

    /// A number in this unit as m³/s or hm³; a depth keeps its number.
    pub fn read(self, number: f64) -> f64 {
        match self {
            Self::MlPerDay => number * M3_PER_ML / SECONDS_PER_DAY,
            Self::Km3 => number * HM3_PER_KM3,
            Self::Ml => number / ML_PER_HM3,
            Self::M3s | Self::Hm3 | Self::Mm | Self::MmPerDay => number,
        }
    }

    /// The number in this unit of what is m³/s or hm³.
    pub fn write(self, value: f64) -> f64 {
        match self {
            Self::MlPerDay => value * SECONDS_PER_DAY / M3_PER_ML,
            Self::Km3 => value / HM3_PER_KM3,
            Self::Ml => value * ML_PER_HM3,
            Self::M3s | Self::Hm3 | Self::Mm | Self::MmPerDay => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_it_was_read() {
        assert_eq!(Unit::MlPerDay.read(8640.0), 100.0);
        assert_eq!(Unit::Ml.read(2500.0), 2.5);
        assert_eq!(Unit::Km3.read(2.5), 2500.0);
        for quantity in [Quantity::Flow, Quantity::Volume, Quantity::Depth] {
            for unit in quantity.units() {
                let number = unit.write(unit.read(123.4));
                assert!((number - 123.4).abs() < 1e-12, "{}", unit.ending());
            }
        }
    }
}
