//! Judgements on a run: published figures beside it, and what negotiators ask for.
//!
//! Each measure is a function of slices that stands in the order of the steps or of the members, so that it serves one
//! run and each member of an ensemble.

pub mod alteration;
pub mod drought;
pub mod flow_duration;
pub mod paired;
pub mod published;
pub mod quantiles;
pub mod regime;
pub mod scores;
pub mod skill;
pub mod streamflow_index;
pub mod supply;
