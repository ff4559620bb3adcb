//! Calibration: searches on functions whose optimum is known, a twin whose parameters are recovered, certainty in
//! closed form, measured series, what is written into the inputs, and what is shipped.

mod applied;
mod faults;
mod functions;
mod series;
mod shipped;
mod small_river;
mod twin;
