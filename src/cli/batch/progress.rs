//! Tells how far a batch is: a bar on a terminal, else a line a minute.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::batch::drive::Observer;
use crate::cli::voice::warn;

/// How often a line is written where no terminal is.
const LINE: Duration = Duration::from_secs(60);

/// Tells how far a batch is, on standard error.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    /// When lines are told: the beginning, and the last line.
    lines: Option<Mutex<(Instant, Instant)>>,
}

impl Progress {
    /// The progress of so many members of runs.
    pub(super) fn of(rows: usize, is_quiet: bool) -> Self {
        let on_terminal = std::io::stderr().is_terminal();
        let bar = match !is_quiet && on_terminal {
            true => ProgressBar::new(rows as u64),
            false => ProgressBar::hidden(),
        };
        bar.set_length(rows as u64);
        let style = "{bar:40} {pos} of {len} members of runs, {per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        let now = Instant::now();
        let lines = (!is_quiet && !on_terminal).then(|| Mutex::new((now, now)));
        Self { bar, lines }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress {
    fn finished(&self, rows: usize) {
        self.bar.inc(rows as u64);
        let Some(lines) = &self.lines else { return };
        let Ok(mut lines) = lines.lock() else { return };
        let (begun, told) = *lines;
        if told.elapsed() < LINE {
            return;
        }
        lines.1 = Instant::now();
        let (done, all) = (
            self.bar.position() as f64,
            self.bar.length().unwrap_or(0) as f64,
        );
        let rate = done / begun.elapsed().as_secs_f64();
        let left = (all - done) / rate;
        let told = format!("{done} of {all} members of runs, {rate:.0}/s, {left:.0} s left");
        warn(told);
    }
}
