//! All that the outputs of one scenario are made from: the run, its natural twin and its draws.

use std::collections::BTreeMap;
use std::path::Path;

use crate::calibration::levels::{self, Levels, levels};
use crate::faults::Faults;
use crate::model::Model;
use crate::network::draws::{draw_columns, inflow_series, reconstructed};
use crate::network::{Network, NodeKind};
use crate::results::{Run, RunError, simulate, simulate_water};
use crate::scenario::Scenario;

/// A run with what stands beside it.
#[derive(Debug)]
pub struct Report<'a> {
    /// The model.
    pub model: &'a Model,
    /// The run.
    pub run: Run<'a>,
    /// The same water without use and dams.
    pub natural: Run<'a>,
    /// Runs of the other draws of the synthetic years, with the names of their columns.
    pub draws: Vec<(String, Run<'a>)>,
    /// Levels in the sets of parameters that are kept beside a calibration of the scenario.
    pub sets: Levels,
}

impl<'a> Report<'a> {
    /// Runs a scenario, its natural twin and its draws.
    ///
    /// # Errors
    /// Faults of the scenario, or a balance that does not close.
    pub fn of(model: &'a Model, inputs: &Path, scenario: &Scenario) -> Result<Self, RunError> {
        let run = simulate(model, inputs, scenario)?.explained();
        let natural = simulate_water(model, inputs, &scenario.natural())?;
        let columns = match scenario.inflow_column {
            None => draw_columns(&model.network),
            Some(_) => Vec::new(),
        };
        let draws = columns.into_iter().map(|column| {
            let inflow_column = Some(column.clone());
            let run = simulate_water(
                model,
                inputs,
                &Scenario {
                    inflow_column,
                    ..scenario.clone()
                },
            )?;
            // Their days are asked for nowhere, and would fill the memory.
            Ok((column, Run { days: None, ..run }))
        });
        let draws = draws.collect::<Result<_, RunError>>()?;
        Ok(Self {
            model,
            run,
            natural,
            draws,
            sets: levels(model, inputs, scenario)?,
        })
    }

    /// The network.
    pub fn network(&self) -> &'a Network {
        &self.model.network
    }

    /// SHA-256 of every input file that the report rests on.
    pub fn hashes(&self) -> BTreeMap<String, String> {
        joined(&self.model.evidence.hashes, &self.sets.hashes)
    }

    /// How the inflows came about, in the words of their files; empty where all are observed.
    pub fn reconstructed(&self) -> Vec<String> {
        reconstructed(self.network())
    }

    /// Whether every inflow is a series of observed months.
    pub fn is_observed(&self) -> bool {
        let nodes = self.network().nodes.iter();
        let inflows = nodes.filter(|node| matches!(node.kind, NodeKind::Inflow(_)));
        let dated = inflow_series(self.network()).count();
        dated > 0 && dated == inflows.count() && self.reconstructed().is_empty()
    }
}

/// The [`Report::hashes`] that a report of a scenario would have, without any run.
///
/// # Errors
/// Faults of a calibration of the scenario, of its sets or of the reconstruction.
pub fn hashes_of(
    model: &Model,
    inputs: &Path,
    scenario: &Scenario,
) -> Result<BTreeMap<String, String>, Faults> {
    let of_sets = levels::hashes(model, inputs, scenario)?;
    Ok(joined(&model.evidence.hashes, &of_sets))
}

/// Hashes of a model's files and of those of its kept sets.
fn joined(
    own: &BTreeMap<String, String>,
    of_sets: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let all = own.iter().chain(of_sets);
    all.map(|(file, hash)| (file.clone(), hash.clone()))
        .collect()
}
