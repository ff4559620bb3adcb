//! The loop written by hand with the figures of the definition, in ML.

use rivershare::time::Period;

use super::definition::{
    EVAPORATION, IRRIGATION_FACTOR, LAKE_AREA, LAKE_START, UPSTREAM_FACTOR, WRITTEN,
};
use super::floor::{Floor, Month, RIVERS, River};

/// The loop for these months and this inflow of each day.
pub(crate) fn floor(period: Period, inflow: Vec<[f64; RIVERS]>) -> Floor {
    let days = period
        .months()
        .flat_map(|month| std::iter::repeat_n(month.index() as u8, month.days() as usize));
    Floor {
        rivers: WRITTEN.map(|river| River {
            minimum: river.minimum,
            full: river.full,
            dead: river.dead,
            start: river.start,
            area: river.area,
            town: river.town,
            environment: river.environment,
            returned: river.returned,
        }),
        lake_start: LAKE_START,
        lake_area: LAKE_AREA,
        months: std::array::from_fn(|month| Month {
            upstream: WRITTEN.map(|river| river.upstream * UPSTREAM_FACTOR[month]),
            irrigation: WRITTEN.map(|river| river.irrigation * IRRIGATION_FACTOR[month]),
            evaporation: [EVAPORATION[month]; RIVERS],
            lake_evaporation: EVAPORATION[month],
        }),
        month_of_step: days.collect(),
        inflow,
    }
}
