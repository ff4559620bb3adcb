//! `rivershare`: a water-allocation model for rivers that cross borders.
pub mod faults;
pub mod inputs;
pub mod network;
pub mod outputs;
pub mod time;
pub mod units;
