//! The figures of the reference network (`docs/reference-network.md`) in ML, ML a day, mm a day and km².

use rivershare::time::{Month, Period};

use super::floor::{Area, RIVERS};

/// A river as the definition states it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// Mean inflow, ML a day.
    pub(crate) inflow: f64,
    /// Day of the year around which the inflow is greatest.
    pub(crate) peak: f64,
    /// Demand of the upstream user at a factor of 1, ML a day.
    pub(crate) upstream: f64,
    /// Minimum flow, ML a day.
    pub(crate) minimum: f64,
    /// Full storage, ML.
    pub(crate) full: f64,
    /// Dead storage, ML.
    pub(crate) dead: f64,
    /// Storage at the start, ML.
    pub(crate) start: f64,
    /// Area of the reservoir in km², volume in ML.
    pub(crate) area: Area,
    /// Demand of the town, ML a day.
    pub(crate) town: f64,
    /// Demand of the irrigation at a factor of 1, ML a day.
    pub(crate) irrigation: f64,
    /// Environmental flow, ML a day.
    pub(crate) environment: f64,
    /// Part of the irrigation that returns.
    pub(crate) returned: f64,
}

/// The three rivers.
pub(crate) const WRITTEN: [Written; RIVERS] = [
    Written {
        inflow: 400.0,
        peak: 120.0,
        upstream: 80.0,
        minimum: 60.0,
        full: 48_000.0,
        dead: 4_800.0,
        start: 28_800.0,
        area: Area {
            base: 1.0,
            slope: 5e-4,
        },
        town: 50.0,
        irrigation: 220.0,
        environment: 40.0,
        returned: 0.25,
    },
    Written {
        inflow: 250.0,
        peak: 140.0,
        upstream: 50.0,
        minimum: 35.0,
        full: 30_000.0,
        dead: 3_000.0,
        start: 18_000.0,
        area: Area {
            base: 0.8,
            slope: 6e-4,
        },
        town: 35.0,
        irrigation: 140.0,
        environment: 25.0,
        returned: 0.25,
    },
    Written {
        inflow: 150.0,
        peak: 100.0,
        upstream: 40.0,
        minimum: 20.0,
        full: 12_000.0,
        dead: 1_200.0,
        start: 7_200.0,
        area: Area {
            base: 0.5,
            slope: 8e-4,
        },
        town: 25.0,
        irrigation: 100.0,
        environment: 15.0,
        returned: 0.20,
    },
];

/// Storage of the lake at the start, ML.
pub(crate) const LAKE_START: f64 = 500_000.0;

/// Area of the lake in km², volume in ML.
pub(crate) const LAKE_AREA: Area = Area {
    base: 50.0,
    slope: 4e-4,
};

/// Factor on the demand of the upstream users, January to December.
pub(crate) const UPSTREAM_FACTOR: [f64; 12] =
    [0.3, 0.3, 0.5, 0.8, 1.0, 1.2, 1.2, 1.1, 0.8, 0.5, 0.3, 0.3];

/// Factor on the demand of the irrigation.
pub(crate) const IRRIGATION_FACTOR: [f64; 12] =
    [0.0, 0.0, 0.1, 0.6, 1.4, 2.0, 2.2, 1.8, 0.9, 0.3, 0.0, 0.0];

/// Evaporation, mm a day.
pub(crate) const EVAPORATION: [f64; 12] =
    [1.0, 1.5, 2.5, 4.0, 5.0, 6.0, 6.5, 6.0, 4.5, 3.0, 1.5, 1.0];

/// The simulated months.
pub(crate) fn period() -> Period {
    Period {
        first: Month::new(1901, 1),
        last: Month::new(2000, 12),
    }
}

/// Their first years.
pub(crate) fn years(count: i32) -> Period {
    let Period { first, .. } = period();
    Period {
        first,
        last: first.plus(12 * count - 1),
    }
}
