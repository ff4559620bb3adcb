//! One step of a random river, allocated and compared with its definition.

use proptest::prelude::*;
use rivershare::allocate::{Allocation, Allocator, Water};
use rivershare::plan::Plan;

use super::programme::{Method, NO_ANSWER};
use super::proof::{Proof, Tally};
use super::random::{Basin, MOST_NODES, With, basins};

/// A river with what was fixed before its first step.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) basin: Basin,
    /// Net loss of each storage and outflow over its sill, as parts of what it holds.
    losses: Vec<f64>,
    sills: Vec<f64>,
}

pub(crate) fn cases(with: With) -> impl Strategy<Value = Case> {
    let losses = prop::collection::vec(-0.1..0.3, MOST_NODES);
    let sills = prop::collection::vec(0.0..0.5, MOST_NODES);
    (basins(with), losses, sills).prop_map(|(basin, losses, sills)| Case {
        basin,
        losses,
        sills,
    })
}

impl Case {
    /// Allocates and compares, by a second method too if asked; tells the first difference.
    pub(crate) fn check(&self, is_second: bool) -> Result<Tally, String> {
        let (_, plan) = self.basin.sketch().plan();
        let of_start = |parts: &[f64]| -> Vec<f64> {
            let starts = plan.initial.iter().zip(parts);
            starts.map(|(start, part)| start * part).collect()
        };
        let mut sill = of_start(&self.sills);
        for (sill, curve) in sill.iter_mut().zip(&plan.curves) {
            if curve.outflow_m3s.is_none() {
                *sill = 0.0;
            }
        }
        check(&plan, &of_start(&self.losses), &sill, is_second)
    }
}

impl Case {
    /// Net losses and sills, which stand in no table.
    pub(crate) fn fixed(&self) -> String {
        let count = self.basin.nodes.len();
        let (losses, sills) = (&self.losses[..count], &self.sills[..count]);
        format!(
            "parts of the storages that are net losses {losses:?} and flow over sills {sills:?}"
        )
    }
}

/// Allocates the first step of a plan with the storages at its start, and compares.
pub(crate) fn check(
    plan: &Plan,
    net_loss: &[f64],
    sill: &[f64],
    is_second: bool,
) -> Result<Tally, String> {
    let water = Water {
        plan,
        step: 0,
        forms: &plan.formed.row(0).to_vec(),
        storage: &plan.initial,
        net_loss,
        sill,
    };
    let mut allocation = Allocation::default();
    Allocator::new(plan).allocate(&water, &mut allocation);
    let tally = Proof::new(&water, &allocation, Method::Simplex).check()?;
    if !is_second {
        return Ok(tally);
    }
    match Proof::new(&water, &allocation, Method::InteriorPoint).check() {
        Ok(_) => Ok(Tally { second: 1, ..tally }),
        // It may stop where states have no room inside; it must not find another answer.
        Err(error) if error.contains(NO_ANSWER) => Ok(Tally {
            unanswered: 1,
            ..tally
        }),
        Err(error) => Err(format!("by the second method: {error}")),
    }
}
