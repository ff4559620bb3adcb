//! Small rivers whose numbers can be checked by hand, from the text of their files to the record.
//!
//! Names of tests begin with the equation of `docs/equations.md` that they show. All volumes are hm³ a
//! month.

#[path = "../support/mod.rs"]
mod support;

mod canals;
mod claims;
mod lakes;
mod minimum_flows;
mod reservoirs;
mod rivers;
