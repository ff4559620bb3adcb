//! `rivershare`: a water-allocation model for rivers that cross borders.
pub mod outputs;
