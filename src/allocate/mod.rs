//! Who gets what in one step.
//!
//! Fixed before the step are the water that forms, the net loss of each storage and the outflow over
//! natural sills. Decided are the deliveries and the releases that they need. The rule here:
//! minimum flows first, then users class by class of priority, within a class from the headwaters down
//! (equations E9 to E12 of `docs/equations.md`). A claim never harms one that was served before it, and
//! is never served from the return flow of one that is served after it.

mod claims;
mod releases;
mod sweep;

pub use claims::Allocator;
pub(crate) use releases::rule_release;

use crate::plan::Plan;

/// The fixed numbers of a step, hm³.
#[derive(Clone, Copy, Debug)]
pub struct Water<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The step.
    pub step: usize,
    /// Each storage at the start.
    pub storage: &'a [f64],
    /// Evaporation less rain and groundwater of each storage.
    pub net_loss: &'a [f64],
    /// Outflow over the sill of each storage whose curve has one.
    pub sill: &'a [f64],
}

/// What a step decides, hm³.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allocation {
    /// Delivered to each user.
    pub delivered: Vec<f64>,
    /// What kept each user from getting more.
    pub limits: Vec<Limit>,
    /// Each minimum flow as far as it can be kept.
    pub kept: Vec<f64>,
    /// What kept each minimum flow from being whole.
    pub kept_limits: Vec<Limit>,
    /// Release of each storage that the deliveries need; its rule may release more.
    pub needed_release: Vec<f64>,
}

/// What bound a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limit {
    /// Nothing: it was served in full.
    #[default]
    Nothing,
    /// No more water at this node.
    Water(usize),
    /// The minimum flow kept below this node.
    MinimumFlow(usize),
    /// The capacity of this canal.
    Canal(usize),
}
