//! `rivershare`: a water-allocation model for rivers that cross borders.
pub mod allocate;
pub mod cli;
pub mod engine;
pub mod faults;
pub mod hydrology;
pub mod inputs;
pub mod ledger;
pub mod metrics;
pub mod model;
pub mod network;
pub mod observations;
pub mod outputs;
pub mod plan;
pub mod results;
pub mod scenario;
pub mod time;
pub mod units;
