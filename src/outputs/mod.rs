//! What a run writes.
pub mod chart;
