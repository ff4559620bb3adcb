//! Calibration: parameters of the inputs are set so that a run meets what is published of one period, as far as
//! what was known of the parameters before allows (equations E70 to E75).
//!
//! A candidate is the inputs with a few numbers replaced in memory. Each has a plan of its own, because parameters
//! such as evaporation or the loss of a delta are no factors of a [`Member`](crate::engine::Member); candidates are
//! shared out over threads and their results taken in order, so that no number depends on how many threads there are.

pub mod answers;
pub mod bench;
pub mod certainty;
pub mod comparison;
pub mod descent;
pub mod evolution;
pub mod independence;
pub mod levels;
pub mod measured;
pub mod measured_file;
pub mod objective;
pub mod place;
pub mod problem;
pub mod question;
pub mod search;
pub mod sets;
pub mod settings;
pub mod validation;
pub mod weights;
pub mod writing;

pub use search::{Calibrated, calibrate};
pub use settings::Calibration;
