//! The command line: reads arguments, calls the library, prints, and gives the exit code.
//!
//! 0 success, 1 bad input or failed check, 2 wrong usage.

mod amount;
mod batch;
mod calibrate;
mod check;
mod generate;
mod import;
mod new;
mod questions;
mod reconstruct;
mod run;
mod validate;
mod verify;
mod voice;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::batch::chunk::Failure as MemberFailure;
use crate::batch::failures::SAVED;
use voice::{Lost, Voice};

/// Exit code of wrong usage.
const WRONG_USAGE: u8 = 2;

/// Water allocation on rivers that cross borders.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
struct Arguments {
    /// Folder of inputs, scenarios included.
    #[arg(long, global = true, value_name = "DIR", default_value = "inputs")]
    inputs: PathBuf,
    /// Print nothing but faults.
    #[arg(long, global = true)]
    quiet: bool,
    /// Print messages as JSON, one object a line.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios: tables, charts and a manifest for each.
    Run(run::Run),
    /// Check all inputs and show every fault at once.
    Check(check::Check),
    /// Write a small working model to start one's own river from.
    New(new::New),
    /// Build the reconstructed inflow and climate series from the published figures.
    Reconstruct(reconstruct::Reconstruct),
    /// Make a series of flows, or observations of levels, of a file of another archive.
    Import(Box<import::Import>),
    /// Run a batch: many worlds with many members each.
    Batch(Box<batch::Batch>),
    /// Join the parts of a batch that were computed apart.
    Merge(batch::Merge),
    /// Look whether results are whole and unchanged, and compute them again where asked.
    Verify(verify::Verify),
    /// Set uncertain numbers of the inputs so that a run meets published figures, and tell how certain they are.
    Calibrate(calibrate::Calibrate),
    /// Write what the inputs reproduce of what is published, and what not, as a document.
    Validate(validate::Validate),
    /// Generate members: other histories of all rivers with the statistics of the record.
    Generate(generate::Generate),
}

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Bad inputs.
    #[error(transparent)]
    Faults(#[from] crate::faults::Faults),
    /// A run without results.
    #[error(transparent)]
    Run(#[from] crate::results::RunError),
    /// Results that cannot be written.
    #[error(transparent)]
    Folder(#[from] crate::outputs::folder::FolderError),
    /// A folder that is not empty.
    #[error("{0}: is not empty\n    hint      name a new folder")]
    NotEmpty(String),
    /// A file that is not the program's to replace.
    #[error(
        "{0}: is there already and was not written by rivershare\n    hint      choose another --out, or replace it with --force"
    )]
    Kept(String),
    /// Series that cannot be built.
    #[error(transparent)]
    CannotBuild(#[from] crate::hydrology::reconstruction::CannotBuild),
    /// Generated files that are not what would be generated.
    #[error("not current, run `rivershare reconstruct`:\n{0}")]
    Stale(String),
    /// An ensemble that is not like its record.
    #[error("the ensemble is not like its record: {0}")]
    NotAlike(String),
    /// Members of a batch without results.
    #[error("{}", told(.0))]
    Members(Vec<MemberFailure>),
    /// A batch that was asked to stop.
    #[error("stopped: {0}\n    hint      go on with --resume")]
    Stopped(String),
    /// A batch that would write more than it may.
    #[error(
        "the batch writes up to {}, and its file allows {}\n    hint      keep fewer series or runs, or raise `max_output_gb`",
        amount::told(*gb),
        amount::told(*most)
    )]
    TooMuch { gb: f64, most: f64 },
    /// A member that a batch has not.
    #[error("there are {runs} runs with {members} members each, counted from 1")]
    NoSuchMember { runs: usize, members: u32 },
    /// A folder of a batch that cannot be worked in.
    #[error(transparent)]
    Work(#[from] crate::batch::work::WorkError),
    /// Parts of a batch that do not make a whole.
    #[error(transparent)]
    Merge(#[from] crate::batch::shards::MergeError),
    /// Results that cannot be computed again.
    #[error(transparent)]
    Rerun(#[from] crate::batch::rerun::RerunError),
    /// Results that are not what their manifest says.
    #[error("{0}")]
    NotVerified(String),
    /// A table that cannot be written.
    #[error(transparent)]
    Parquet(#[from] crate::outputs::parquet::ParquetError),
    /// A calibration without an optimum.
    #[error(transparent)]
    NoOptimum(#[from] crate::calibration::search::NoOptimum),
    /// A candidate that cannot be run.
    #[error(transparent)]
    NoBench(#[from] crate::calibration::bench::NoBench),
    /// A number that is not where a calibration says.
    #[error(transparent)]
    CannotWrite(#[from] crate::calibration::writing::CannotWrite),
    /// A calibration that names no file for its sets.
    #[error(
        "no file to keep the sets in\n    hint      add `sets = \"NAME_sets.csv\"` to the calibration"
    )]
    NowhereToKeep,
    /// A document that is not what would be generated.
    #[error("{0}: not current\n    hint      run the command again without --check")]
    OutOfDate(String),
    /// A file that cannot be written.
    #[error("{path}: cannot be written: {cause}")]
    Write { path: String, cause: std::io::Error },
}

/// Members that are told one by one.
const TOLD_MEMBERS: usize = 10;

/// Members without results, in words.
fn told(failures: &[MemberFailure]) -> String {
    let mut lines: Vec<String> = failures
        .iter()
        .take(TOLD_MEMBERS)
        .map(ToString::to_string)
        .collect();
    if failures.len() > TOLD_MEMBERS {
        lines.push(format!("and {} more", failures.len() - TOLD_MEMBERS));
    }
    if failures.len() > SAVED {
        lines.push(format!(
            "of {} members without results the first {SAVED} are saved in `failures`",
            failures.len()
        ));
    }
    lines.push("    hint      run one of them again with --replay RUN:MEMBER; --keep-going goes on with the others".to_owned());
    lines.join("\n")
}

impl Failure {
    /// The failure to write a file.
    fn write(path: &std::path::Path, cause: std::io::Error) -> Self {
        Self::Write {
            path: path.display().to_string(),
            cause,
        }
    }
}

/// Runs the command line; never panics on an input.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return not_parsed(&error),
    };
    let lost = Lost::default();
    let voice = Voice {
        quiet: arguments.quiet,
        json: arguments.json,
        lost: &lost,
    };
    match arguments.run(voice).and_then(|()| voice.end()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            voice.complain(&error);
            ExitCode::from(1)
        }
    }
}

/// Shows help or version, or wrong usage, as JSON where that is asked for.
fn not_parsed(error: &clap::Error) -> ExitCode {
    let mut words = std::env::args_os().take_while(|word| word != "--");
    if error.use_stderr() && words.any(|word| word == "--json") {
        voice::warn(voice::object_of(error));
    } else {
        // Where nobody reads it, there is nobody to tell.
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(WRONG_USAGE))
}

impl Arguments {
    fn run(&self, voice: Voice) -> Result<(), Failure> {
        let inputs = &self.inputs;
        match &self.command {
            Command::Run(run) => run.run(inputs, voice),
            Command::New(new) => new.run(voice),
            Command::Check(check) => check.run(inputs, voice),
            Command::Reconstruct(reconstruct) => reconstruct.run(inputs, voice),
            Command::Import(import) => import.run(inputs, voice),
            Command::Batch(batch) => batch.run(inputs, voice),
            Command::Merge(merge) => merge.run(voice),
            Command::Verify(verify) => verify.run(inputs, voice),
            Command::Validate(validate) => validate.run(inputs, voice),
            Command::Calibrate(calibrate) => calibrate.run(inputs, voice),
            Command::Generate(generate) => generate.run(inputs, voice),
        }
    }
}
