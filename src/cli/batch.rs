//! `rivershare batch` and `rivershare merge`.

mod plan;
mod progress;
mod replay;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clap::Args;

use super::{Failure, Voice};
use crate::batch::blueprint::{Blueprint, Chunk};
use crate::batch::drive::{Ended, Manner, drive};
use crate::batch::open::{Opened, generator, open, settings};
use crate::batch::sessions::{Mark, Session};
use crate::batch::work::{Entering, Found, Work};
use crate::batch::{assemble, evidence, failures, sessions, shards};
use crate::faults::counted;
use crate::model::Model;
use crate::outputs::log::Machine;
use progress::Progress;

/// Options of `batch`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the command line"
)]
pub(super) struct Batch {
    /// A file of the folder `batches`.
    #[arg(value_name = "BATCH.toml")]
    batch: PathBuf,
    /// Folder to work in and of the results; `outputs/NAME` where left out.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; all processors where 0.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Compute the I-th of N parts only; `merge` joins them.
    #[arg(long, value_name = "I/N", conflicts_with_all = ["dry_run", "replay"])]
    shard: Option<Shard>,
    /// Go on with what is finished in the folder.
    #[arg(long)]
    resume: bool,
    /// Replace a batch that stands in the folder.
    #[arg(long, conflicts_with = "resume")]
    force: bool,
    /// Go on when a member has no results; they are told at the end, with exit code 1.
    #[arg(long)]
    keep_going: bool,
    /// Tell how much would be computed and written, and how long it would take, and stop.
    #[arg(long)]
    dry_run: bool,
    /// Run one member of one run again and audit every node of it.
    #[arg(long, value_name = "RUN:MEMBER", conflicts_with_all = ["dry_run", "resume", "force"])]
    replay: Option<replay::Coordinates>,
}

/// Options of `merge`.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// Folders of the parts of one batch.
    #[arg(value_name = "DIR", required = true)]
    parts: Vec<PathBuf>,
    /// Folder of the results.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// A part of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shard {
    part: usize,
    parts: usize,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(part, parts)| {
            Some((part.parse::<usize>().ok()?, parts.parse::<usize>().ok()?))
        });
        match numbers {
            Some((part, parts)) if (1..=parts).contains(&part) => Ok(Self { part, parts }),
            _ => Err("expected I/N with I from 1 to N, for instance 2/8".to_owned()),
        }
    }
}

impl Batch {
    pub(super) fn run(&self, inputs: &Path, voice: Voice) -> Result<(), Failure> {
        let opened = opened(&self.batch, inputs)?;
        if let Some(coordinates) = self.replay {
            return coordinates.run(&opened, voice);
        }
        let estimate = plan::Estimate::of(&opened, self.threads, self.dry_run);
        estimate.refuse_too_much(&opened)?;
        if self.dry_run {
            voice.tell("plan", &estimate);
            return Ok(());
        }
        self.compute(&opened, voice)
    }

    fn compute(&self, opened: &Opened, voice: Voice) -> Result<(), Failure> {
        let blueprint = &opened.blueprint;
        let place = self
            .out
            .clone()
            .unwrap_or_else(|| Path::new("outputs").join(&blueprint.batch));
        let entering = match (self.resume, self.force) {
            (true, _) => Entering::Resuming,
            (_, true) => Entering::Replacing,
            _ => Entering::Afresh,
        };
        let Found::Work(work) = Work::enter(&place, blueprint, entering)? else {
            voice.say("written", &complete(&place));
            return Ok(());
        };
        for chunk in &work.spoilt {
            voice.say(
                "spoilt",
                &format!("chunk {chunk} had changed and is computed again"),
            );
        }
        assemble::write_table(&place, "design.csv", |csv| {
            assemble::write_design(csv, blueprint)
        })?;
        let chunks = match self.shard {
            Some(Shard { part, parts }) => blueprint.chunks_of(part, parts),
            None => blueprint.chunks(),
        };
        let ended = self.drive(opened, &work, &chunks, voice)?;
        match ended {
            Ended::Failed(failures) => {
                failures::save(work.place(), blueprint, &failures)?;
                Err(Failure::Members(failures))
            }
            Ended::Stopped => {
                let done = chunks.iter().filter(|chunk| work.has(chunk));
                let told = format!("{} of {} chunks are finished", done.count(), chunks.len());
                Err(Failure::Stopped(format!("{}: {told}", place.display())))
            }
            Ended::Complete if self.shard.is_some() => {
                let count = counted(chunks.len(), "chunk");
                voice.say(
                    "written",
                    &format!(
                        "{}: {count}; join the parts with `rivershare merge`",
                        place.display()
                    ),
                );
                Ok(())
            }
            Ended::Complete => {
                let sessions = sessions::sessions(&place);
                finish(work, blueprint, &sessions, voice)
            }
        }
    }

    fn drive(
        &self,
        opened: &Opened,
        work: &Work,
        chunks: &[Chunk],
        voice: Voice,
    ) -> Result<Ended, Failure> {
        let stop = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&stop);
        // Where the system lets nobody listen, an interruption ends the program: what is finished is kept then too.
        let _ = ctrlc::set_handler(move || heard.store(true, Ordering::Relaxed));
        let finished = || -> usize {
            let finished = chunks.iter().filter(|chunk| work.has(chunk));
            finished.map(Chunk::rows).sum()
        };
        let mark = |seconds: Option<f64>| Mark {
            machine: Machine::here(self.threads),
            finished: finished(),
            seconds,
        };
        let all: usize = chunks.iter().map(Chunk::rows).sum();
        let (begun, begin) = (Instant::now(), mark(None));
        let progress = Progress::of(all - begin.finished, voice.is_quiet());
        sessions::mark(work.place(), &begin)?;
        let manner = Manner {
            threads: self.threads,
            keep_going: self.keep_going,
            stop: &stop,
        };
        let ended = drive(
            &opened.world,
            &opened.blueprint,
            work,
            chunks,
            &manner,
            &progress,
        )?;
        progress.end();
        let seconds = begun.elapsed().as_secs_f64();
        sessions::mark(work.place(), &mark(Some(seconds)))?;
        Ok(ended)
    }
}

impl Merge {
    pub(super) fn run(&self, voice: Voice) -> Result<(), Failure> {
        let (blueprint, parts) = shards::read(&self.parts)?;
        // A merge that was cut off goes on where it ended.
        let Found::Work(work) = Work::enter(&self.out, &blueprint, Entering::Resuming)? else {
            voice.say("written", &complete(&self.out));
            return Ok(());
        };
        shards::adopt(&work, &parts)?;
        let sessions = self.parts.iter().flat_map(|part| sessions::sessions(part));
        finish(work, &blueprint, &sessions.collect::<Vec<_>>(), voice)
    }
}

fn complete(place: &Path) -> String {
    format!("{}: is complete", place.display())
}

/// Reads a batch with its model and generator.
pub(super) fn opened(batch: &Path, inputs: &Path) -> Result<Opened, Failure> {
    let (settings, own) = settings(batch)?;
    let model = Model::load(inputs, &[])?;
    let generator = settings
        .generator
        .as_ref()
        .map(|name| generator(inputs, name, &model));
    let name = batch
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let generator = generator.transpose()?;
    Ok(open(inputs, &name, (settings, own), model, generator)?)
}

/// Makes tables of the finished chunks, the log, and the manifest.
fn finish(
    work: Work,
    blueprint: &Blueprint,
    sessions: &[Session],
    voice: Voice,
) -> Result<(), Failure> {
    let (place, begun) = (work.place().to_owned(), Instant::now());
    let failures = assemble::assemble(&work, blueprint)?;
    sessions::write_log(&place, sessions, begun.elapsed().as_secs_f64())?;
    let root = evidence::complete(&place, blueprint)?;
    work.clear()?;
    let (runs, members) = (
        counted(blueprint.runs(), "run"),
        counted(blueprint.members as usize, "member"),
    );
    let inputs = match blueprint.reconstructed_inputs.is_empty() {
        true => String::new(),
        false => format!(
            "\ninflows are reconstructed: {}",
            blueprint.reconstructed_inputs.join(", ")
        ),
    };
    let balances = match failures.is_empty() {
        true => "every balance closes",
        false => "some members have no results",
    };
    let text = format!(
        "{}: {runs} of {members}, {balances}\n{}{inputs}\nroot {root}",
        blueprint.batch,
        place.display()
    );
    voice.say_of_results("written", &text, &place, &root);
    match failures.is_empty() {
        true => Ok(()),
        false => Err(Failure::Members(failures)),
    }
}
