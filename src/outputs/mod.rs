//! What a run writes: tables, charts, a description of their columns, and the evidence of all of it.

pub mod catalogue;
pub mod chart;
pub mod explanation;
pub mod figures;
pub mod folder;
mod limits;
pub mod log;
pub mod manifest;
pub mod map;
pub mod netcdf;
pub mod package;
pub mod parquet;
pub mod report;
pub mod rerun;
pub mod table;
pub mod tables;
pub mod verify;
pub mod write;
