//! Random numbers as functions of their keys, and the normal distribution.

pub mod draws;
pub mod normal;
