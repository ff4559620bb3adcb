//! The log beside results: times and machines. It is the only file without a promise of bytes.

use serde::{Deserialize, Serialize};

/// The machine that computed something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Its name; empty where it has none.
    pub host: String,
    /// Its system.
    pub system: String,
    /// The family of its processor.
    pub processor: String,
    /// Threads that were at work.
    pub threads: usize,
}

impl Machine {
    /// This machine with so many threads; all processors where 0.
    pub fn here(threads: usize) -> Self {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
        Self {
            host: host.trim().to_owned(),
            system: std::env::consts::OS.to_owned(),
            processor: std::env::consts::ARCH.to_owned(),
            threads: if threads == 0 { processors() } else { threads },
        }
    }
}

/// The log of a run.
#[derive(Debug, Serialize)]
struct OfRun {
    compute_seconds: f64,
    #[serde(flatten)]
    machine: Machine,
}

/// The text of the log of a run that took some seconds on all processors.
pub fn of_run(compute_seconds: f64) -> Vec<u8> {
    text(&OfRun {
        compute_seconds,
        machine: Machine::here(0),
    })
}

/// The text of a log.
pub fn text(log: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(log).unwrap_or_default();
    text.push(b'\n');
    text
}
