//! Where series come from that nobody has measured in the open: reconstructions from published figures.

pub mod anomalies;
pub mod climate;
pub mod generator;
pub mod reconstruction;
pub mod settings;
pub mod wetness;
