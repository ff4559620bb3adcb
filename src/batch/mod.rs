//! Batches: many worlds, each with many members, whose results outlive an interruption.
//!
//! A [`Settings`] file names axes over anything that a scenario can change. [`design`] makes runs of them, [`world`]
//! a plan of each run and the water of each member, [`chunk`] computes some of both, [`work`] keeps what is
//! finished, and [`assemble`] makes tables of it.

pub mod assemble;
pub mod axis;
pub mod blueprint;
pub mod chunk;
pub mod columns;
pub mod design;
pub mod drive;
pub mod durable;
pub mod evidence;
pub mod failures;
pub mod full_series;
pub mod measure;
pub mod memory;
pub mod natural;
pub mod open;
pub mod quantiles;
pub mod rerun;
pub mod sampling;
pub mod sessions;
pub mod settings;
pub mod shards;
pub mod side_by_side;
pub mod signal;
pub mod size;
pub mod summary;
pub mod water;
pub mod work;
pub mod world;

pub use settings::Settings;
