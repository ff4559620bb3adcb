//! Text to values: the folder of inputs, its TOML tables, its CSV files and its Parquet files.
//!
//! Nothing here knows what a river is. Whatever is wrong is put down as a [`Fault`](crate::faults::Fault)
//! and reading goes on, so that one load shows every fault at once.

pub mod by_year;
pub mod columns;
mod dates;
pub mod document;
pub mod folder;
pub mod months;
pub mod origin;
pub mod parquet;
pub mod quantity;
pub mod range;
pub mod series;
pub mod table;
