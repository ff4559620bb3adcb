//! `rivershare`: a water-allocation model for rivers that cross borders.
//!
//! Data pass the rooms in one direction:
//!
//! [`inputs`] (text) → [`network`] (meaning) → [`scenario`] and [`plan`] (numbers) → [`engine`] with
//! [`allocate`] (the time loop) → [`ledger`] (the audit) → [`results`] and [`metrics`] → [`outputs`].
//! [`calibration`] sets uncertain numbers of the inputs so that results meet published figures.
//! [`hydrology`] and [`import`] stand beside them: they write series of the inputs, reconstructed or of other archives.
//!
//! A run from a folder of inputs:
//!
//! ```
//! use std::path::Path;
//!
//! use rivershare::model::Model;
//! use rivershare::results::simulate;
//!
//! let inputs = Path::new("tests/golden/one-reach/inputs");
//! let model = Model::load(inputs, &[])?; // or every fault of the folder
//! let run = simulate(&model, inputs, &model.scenarios["baseline"])?; // or the balance that is open
//! let mouth = model.network.node("Mouth").expect("the outlet");
//! // In January nobody irrigates, and the spring's 10 m³/s reach the mouth.
//! assert!((run.flow_m3s(0, mouth) - 10.0).abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod allocate;
pub mod batch;
pub mod calibration;
pub mod cli;
pub mod engine;
pub mod faults;
pub mod hydrology;
pub mod import;
pub mod inputs;
pub mod ledger;
pub mod metrics;
pub mod model;
pub mod network;
pub mod observations;
pub mod outputs;
pub mod plan;
pub mod probability;
pub mod results;
pub mod scenario;
pub mod time;
pub mod units;
