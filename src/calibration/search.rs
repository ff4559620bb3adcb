//! The whole of a calibration: search, descent, certainty, sets that are kept.

use std::num::NonZero;
use std::path::Path;

use super::bench::NoBench;
use super::certainty::{Certainty, ProfilePoint, certainty, profiles};
use super::descent::{Descent, descend};
use super::evolution::{Found, evolve};
use super::objective::Objective;
use super::place::Known;
use super::problem::Problem;
use super::sets::{Set, Sets, kept};
use super::settings::Calibration;
use crate::model::Model;

/// Why there is no optimum.
#[derive(Debug, thiserror::Error)]
pub enum NoOptimum {
    /// Nothing can be run.
    #[error(transparent)]
    NoBench(#[from] NoBench),
    /// No set of parameters can be run, or none near the best one.
    #[error(
        "no optimum: sets of parameters near the best one cannot be run; are the bounds too wide?"
    )]
    CannotRun,
}

/// What a calibration found.
#[derive(Clone, Debug)]
pub struct Calibrated {
    /// What the search of the whole space found.
    pub found: Found,
    /// The optimum.
    pub optimum: Descent,
    /// The values that stand in the inputs, and their residuals.
    pub standing: (Vec<f64>, Option<Vec<f64>>),
    /// Uncertainty that weighs each fitted target, then each fitted value of measured series.
    pub weighed_by: Vec<f64>,
    /// Independent values of each measured series; none of one that is not fitted.
    pub independent_values: Vec<Option<f64>>,
    /// Spreads and correlations at the optimum.
    pub certainty: Certainty,
    /// Profiles of all parameters.
    pub profiles: Vec<ProfilePoint>,
    /// The optimum and the sets that are kept.
    pub sets: Sets,
    /// Sets that were drawn and are within the tolerance.
    pub within: usize,
    /// Runs that were made.
    pub evaluations: usize,
}

/// Searches the optimum of a calibration. The result is a function of the inputs and the file alone.
///
/// # Errors
/// See [`NoOptimum`].
pub fn calibrate(
    calibration: &Calibration,
    model: &Model,
    inputs: &Path,
    known: &Known,
    threads: NonZero<usize>,
) -> Result<Calibrated, NoOptimum> {
    let mut objective = Objective::new(calibration, model, inputs, known, threads)?;
    let found = evolve(&mut objective, &calibration.priors(), calibration.evolution);
    let optimum = descend(&mut objective, &found.values).ok_or(NoOptimum::CannotRun)?;
    let certainty = certainty(&optimum, objective.scales()).ok_or(NoOptimum::CannotRun)?;
    let profiles = profiles(&mut objective, &optimum, &certainty);
    let standing = calibration.standing(known);
    let of_standing = objective
        .residuals(std::slice::from_ref(&standing))
        .pop()
        .flatten();
    let of_targets = objective.of_targets(&optimum.residuals);
    let (kept, within) = kept(&mut objective, of_targets);
    let sets = Sets {
        optimum: Set {
            values: optimum.values.clone(),
            misfit: optimum.misfit,
            of_targets,
        },
        spreads: certainty.spreads.clone(),
        kept,
    };
    Ok(Calibrated {
        found,
        weighed_by: objective
            .targets
            .iter()
            .map(|(_, uncertainty)| *uncertainty)
            .collect(),
        independent_values: objective.independent_values.clone(),
        evaluations: objective.evaluations(),
        optimum,
        standing: (standing, of_standing),
        certainty,
        profiles,
        sets,
        within,
    })
}
