//! What a batch would compute and write, told before it does.

use std::fmt;
use std::time::Instant;

use serde::Serialize;

use super::Failure;
use crate::batch::chunk::compute;
use crate::batch::open::Opened;
use crate::batch::{memory, size};
use crate::cli::amount::{GIGABYTE, told};

/// How much a batch is.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Estimate {
    runs: usize,
    members: u32,
    months: usize,
    chunks: usize,
    measures: usize,
    kept_series: usize,
    output_gb: f64,
    memory_gb: f64,
    seconds: Option<f64>,
}

impl Estimate {
    /// The estimate of a batch; its time where it `measures` it.
    pub(super) fn of(opened: &Opened, threads: usize, measures: bool) -> Self {
        let blueprint = &opened.blueprint;
        let chunks = blueprint.chunks();
        let months = opened.world.base.period.len();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = if threads == 0 { processors } else { threads };
        let rows = blueprint.runs() * blueprint.members as usize;
        Self {
            runs: blueprint.runs(),
            members: blueprint.members,
            months,
            chunks: chunks.len(),
            measures: blueprint.measures.len(),
            kept_series: blueprint.series.len() * blueprint.kept_runs.len(),
            output_gb: size::bytes(blueprint) as f64 / GIGABYTE,
            memory_gb: memory::bytes(opened, threads) as f64 / GIGABYTE,
            seconds: chunks.first().filter(|_| measures).map(|chunk| {
                let begun = Instant::now();
                compute(&opened.world, blueprint, chunk);
                let of_a_row = begun.elapsed().as_secs_f64() / chunk.rows() as f64;
                of_a_row * rows as f64 / threads.min(chunks.len()) as f64
            }),
        }
    }

    /// Refuses a batch that writes more than its file allows.
    pub(super) fn refuse_too_much(&self, opened: &Opened) -> Result<(), Failure> {
        let most = opened.world.settings.max_output_gb;
        match self.output_gb > most {
            true => Err(Failure::TooMuch {
                gb: self.output_gb,
                most,
            }),
            false => Ok(()),
        }
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "runs            {}", self.runs)?;
        writeln!(f, "members         {} of each", self.members)?;
        writeln!(f, "months          {}", self.months)?;
        writeln!(f, "chunks          {}", self.chunks)?;
        writeln!(f, "measures        {} of each member", self.measures)?;
        writeln!(f, "kept series     {}", self.kept_series)?;
        writeln!(
            f,
            "output          {} at most, with what is made into tables",
            told(self.output_gb)
        )?;
        write!(f, "memory          about {}", told(self.memory_gb))?;
        let Some(seconds) = self.seconds else {
            return Ok(());
        };
        let time = match seconds < 1.0 {
            true => "less than a second".to_owned(),
            false => format!("about {seconds:.0} s"),
        };
        write!(
            f,
            "\ntime            {time}, by a measurement of the first chunk"
        )
    }
}
