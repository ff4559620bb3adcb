//! Batches: designs, members that bring water, folders that outlive an interruption, evidence.
//!
//! Nearly all of them run the small model that `rivershare new` writes, with twelve invented years of inflow.

mod bench;
mod common_numbers;
mod design;
mod evaporation;
mod evidence;
mod failing;
mod faults;
mod forged;
mod growth;
mod memory;
mod natural;
mod python;
mod quantiles;
mod rerun;
mod resume;
mod rules;
mod shards;
mod size;
mod tally;
mod water;
