//! The reference network (`docs/reference-network.md`) through the engine and through a loop written by
//! hand: `cargo run --release --example reference_network -- --members 96 --threads 2`.

mod measure;
mod measured;
mod report;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use rivershare::time::Period;

use crate::measure::Task;
use crate::measured::count::{Of, Run};
use crate::measured::subject::Subject;
use crate::measured::{definition, folder, inflows};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Runs the reference network through the engine and through a loop written by hand, and prints how long
/// each takes for a node, step and member.
#[derive(Parser)]
struct Options {
    /// Members of the ensemble.
    #[arg(long, default_value_t = 1, value_parser = positive)]
    members: usize,
    /// Threads.
    #[arg(long, default_value_t = 1, value_parser = positive)]
    threads: usize,
    /// Members that the engine runs side by side; as many as the cache holds where none is named.
    #[arg(long, value_parser = positive)]
    lanes: Option<usize>,
    /// Keep every value of every series in place of sums.
    #[arg(long)]
    record: bool,
    /// Folder of the network; a new one in a temporary place where none is named.
    #[arg(long, value_name = "DIR")]
    inputs: Option<PathBuf>,
    /// Print one line of JSON.
    #[arg(long)]
    json: bool,
    /// Write the folder of the network to DIR and end.
    #[arg(long, value_name = "DIR", conflicts_with = "inputs")]
    write: Option<PathBuf>,
    /// Seed of the inflows of a folder that is written.
    #[arg(long, default_value_t = inflows::SEED)]
    seed: u64,
    /// Run about N steps once, to be counted from outside.
    #[arg(long, value_name = "N", value_parser = positive, conflicts_with = "inputs")]
    count: Option<usize>,
    /// What `--count` runs.
    #[arg(long, value_enum, default_value_t = Of::Engine)]
    of: Of,
    /// Write the document of all measurements to FILE.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("a whole number from 1".to_owned()),
    }
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Outcome<()> {
    if let Some(folder) = &options.write {
        return Ok(write(folder, definition::period(), options.seed)?);
    }
    if let Some(steps) = options.count {
        let run = Run {
            of: options.of,
            days: steps,
            members: options.members,
            lanes: options.lanes,
        };
        println!("{} steps", run.once(options.seed)?);
        return Ok(());
    }
    let subject = match &options.inputs {
        Some(inputs) => Subject::load(inputs)?,
        None => Subject::generated(definition::period(), options.seed)?,
    };
    if let Some(file) = &options.report {
        let report = report::report(&subject, options.lanes)?;
        return Ok(std::fs::write(file, report)?);
    }
    let measurement = subject.measure(Task {
        members: options.members,
        threads: options.threads,
        lanes: options.lanes,
        record: options.record,
    });
    let line = if options.json {
        serde_json::to_string(&measurement)
    } else {
        serde_json::to_string_pretty(&measurement)
    };
    println!("{}", line?);
    Ok(())
}

fn write(folder: &Path, period: Period, seed: u64) -> std::io::Result<()> {
    folder::write(folder, period, &inflows::inflows(seed, period))
}
