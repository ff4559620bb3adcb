//! What lakes and reservoirs are like.

/// Level (m), volume (hm³), area (km²) and outflow (hm³ in 30 days) at a knot of a curve.
pub(crate) type Knot = [f64; 4];

/// What a lake or reservoir is like.
#[derive(Clone, Debug)]
pub(crate) struct Water {
    pub(crate) knots: Vec<Knot>,
    pub(crate) has_sill: bool,
    pub(crate) rain_mm: f64,
    pub(crate) evaporation_mm: f64,
    pub(crate) start: f64,
}

impl Water {
    /// A box of 10 000 hm³ with 100 km² and no weather.
    pub(crate) fn still(start: f64) -> Self {
        Self {
            knots: vec![[0.0, 0.0, 100.0, 0.0], [100.0, 10_000.0, 100.0, 0.0]],
            has_sill: false,
            rain_mm: 0.0,
            evaporation_mm: 0.0,
            start,
        }
    }
}

/// How a reservoir is built and operated.
#[derive(Clone, Debug)]
pub(crate) struct Dam {
    pub(crate) water: Water,
    pub(crate) dead: f64,
    pub(crate) full: f64,
    pub(crate) target: f64,
    pub(crate) least: f64,
    pub(crate) most: Option<f64>,
    pub(crate) natural: f64,
    pub(crate) in_service: &'static str,
    /// Classes of the target storage and of the least release; after all others where none.
    pub(crate) storage_priority: Option<u32>,
    pub(crate) release_priority: Option<u32>,
    /// Volumes with the first class that each is withheld from.
    pub(crate) zones: Vec<(u32, f64)>,
}

impl Dam {
    /// A reservoir of 1000 hm³ that keeps what it has.
    pub(crate) fn holding(start: f64) -> Self {
        Self {
            water: Water::still(start),
            dead: 0.0,
            full: 1000.0,
            target: 1000.0,
            least: 0.0,
            most: None,
            natural: 0.0,
            in_service: "1900-01",
            storage_priority: None,
            release_priority: None,
            zones: Vec::new(),
        }
    }
}
