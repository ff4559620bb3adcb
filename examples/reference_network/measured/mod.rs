//! What is measured: the reference network through the engine and through a loop written by hand, rivers of
//! any length, and the shipped basins. The example, the benchmarks and the tests share it.
#![allow(dead_code, reason = "each of them uses its own part")]

pub(crate) mod count;
pub(crate) mod defined;
pub(crate) mod definition;
pub(crate) mod engine;
pub(crate) mod ensemble;
pub(crate) mod floor;
pub(crate) mod folder;
pub(crate) mod inflows;
mod recognise;
pub(crate) mod rivers;
pub(crate) mod shipped;
pub(crate) mod subject;
pub(crate) mod variations;
