//! Factors of a climate on the water of a plan (equation E62).

use crate::time::Month;

/// Factors on the water of a network by node and month; where there are none, nothing changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Factors {
    /// On what forms at each node: one a month of the run.
    pub flow: Vec<Vec<f64>>,
    /// On the rain on the storage at each node.
    pub rain: Vec<Vec<f64>>,
    /// On the evaporation of the storage at each node.
    pub evaporation: Vec<Vec<f64>>,
}

/// The factor of a node in a month of a run that begins in `first`; 1 where there is none.
pub(super) fn at(factors: &[Vec<f64>], node: usize, first: Month, month: Month) -> f64 {
    let months = factors.get(node);
    let factor = months.and_then(|months| months.get(month.since(first) as usize));
    factor.copied().unwrap_or(1.0)
}
