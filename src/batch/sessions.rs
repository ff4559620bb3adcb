//! The sessions in which a batch was computed: each time that the program was at work in its folder.
//!
//! A mark is made when a session begins and another when it ends. Of one that was killed only the first is there: how
//! much it did is known by the next one, how long it took by nobody.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::durable::{at, write_whole};
use super::work::{SESSIONS, WorkError};
use crate::outputs::log::{self, Machine};
use crate::outputs::manifest::LOG;

/// How far a batch was when a session began or ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// The machine of the session.
    pub machine: Machine,
    /// Members of runs that were finished.
    pub finished: usize,
    /// How long the session took; none at its beginning.
    pub seconds: Option<f64>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Session {
    /// Its machine.
    #[serde(flatten)]
    pub machine: Machine,
    /// Members of runs that it finished.
    pub members_of_runs: usize,
    /// How long it took; none where it was killed.
    pub seconds: Option<f64>,
}

/// The log of a batch.
#[derive(Debug, Serialize)]
struct OfBatch<'a> {
    members_of_runs: usize,
    compute_seconds: f64,
    tables_seconds: f64,
    /// Over the sessions whose time is known.
    members_of_runs_per_second: f64,
    resumptions: usize,
    sessions: &'a [Session],
}

/// Adds a mark to those of a folder.
///
/// # Errors
/// What the system refuses.
pub fn mark(place: &Path, mark: &Mark) -> Result<(), WorkError> {
    let path = place.join(SESSIONS);
    let mut line = serde_json::to_vec(mark).unwrap_or_default();
    line.push(b'\n');
    let file = OpenOptions::new().create(true).append(true).open(&path);
    at(&path, file.and_then(|mut file| file.write_all(&line)))
}

/// The sessions of a folder in their order. What cannot be read of them is left out: no result depends on it.
pub fn sessions(place: &Path) -> Vec<Session> {
    let text = std::fs::read_to_string(place.join(SESSIONS)).unwrap_or_default();
    let marks: Vec<Mark> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let begins = marks.iter().enumerate();
    let begins = begins.filter(|(_, mark)| mark.seconds.is_none());
    let session = |(place, begin): (usize, &Mark)| {
        let next = marks.get(place + 1).unwrap_or(begin);
        Session {
            machine: begin.machine.clone(),
            members_of_runs: next.finished.saturating_sub(begin.finished),
            seconds: next.seconds,
        }
    };
    begins.map(session).collect()
}

/// Writes the log of a batch that was computed in some sessions and whose tables took some seconds.
///
/// # Errors
/// What the system refuses.
pub fn write_log(place: &Path, sessions: &[Session], tables_seconds: f64) -> Result<(), WorkError> {
    let members = |timed: bool| -> usize {
        let all = sessions.iter();
        let counted = all.filter(|session| !timed || session.seconds.is_some());
        counted.map(|session| session.members_of_runs).sum()
    };
    let compute_seconds: f64 = sessions.iter().filter_map(|session| session.seconds).sum();
    let rate = members(true) as f64 / compute_seconds;
    let log = OfBatch {
        members_of_runs: members(false),
        compute_seconds,
        tables_seconds,
        members_of_runs_per_second: if rate.is_finite() { rate } else { 0.0 },
        resumptions: sessions.len().saturating_sub(1),
        sessions,
    };
    write_whole(place, LOG, &log::text(&log))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_work(finished: usize, seconds: Option<f64>) -> Mark {
        let machine = Machine::here(2);
        Mark {
            machine,
            finished,
            seconds,
        }
    }

    #[test]
    fn what_a_killed_session_did_is_known_by_the_next_one() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let place = folder.path();
        let marks = [
            (0, None),
            (30, None),
            (50, Some(4.0)),
            (50, None),
            (60, Some(1.0)),
        ];
        for (finished, seconds) in marks {
            mark(place, &at_work(finished, seconds)).expect("written");
        }
        let found = sessions(place);
        let told: Vec<_> = found
            .iter()
            .map(|s| (s.members_of_runs, s.seconds))
            .collect();
        assert_eq!(told, [(30, None), (20, Some(4.0)), (10, Some(1.0))]);
        write_log(place, &found, 0.5).expect("written");
        let log = std::fs::read(place.join(LOG)).expect("a log");
        let log: serde_json::Value = serde_json::from_slice(&log).expect("JSON");
        let told = [
            "members_of_runs",
            "resumptions",
            "compute_seconds",
            "tables_seconds",
        ];
        let told = told.map(|key| log[key].as_f64());
        assert_eq!(told, [60.0, 2.0, 5.0, 0.5].map(Some));
        // Thirty in five seconds.
        assert_eq!(log["members_of_runs_per_second"], 6.0);
        assert_eq!(
            (
                &log["sessions"][1]["threads"],
                &log["sessions"][0]["seconds"]
            ),
            (&2.into(), &serde_json::Value::Null)
        );
    }
}
