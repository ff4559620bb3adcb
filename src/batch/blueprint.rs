//! The blueprint of a batch: all that its results are made of, without the model that computes them.
//!
//! It is written into the folder of results before anything runs. Its hash tells whether two folders belong together;
//! tables are made of the blueprint and of finished chunks alone.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::measure::Measure;
use crate::outputs::manifest::sha256;

/// Rows of measures that a chunk has, about.
const CHUNK_ROWS: usize = 256;

/// Rows of a chunk that holds several runs, in a batch with so many rows that threads end together all the same: they fill
/// the lanes of the engine better, and the first of them is there within a second.
const ROWS_OF_SEVERAL: (usize, usize) = (320, 16_384);

/// What a batch is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blueprint {
    /// Always `rivershare`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// Name of the batch: that of its file.
    pub batch: String,
    /// A line that says what it shows.
    pub title: String,
    /// The scenario that every run starts from.
    pub base: String,
    /// How the inflows came about, where they are not observed.
    pub reconstructed_inputs: Vec<String>,
    /// SHA-256 of every input file.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of the fitted generator; none where the water is that of the base.
    pub generator: Option<String>,
    /// Key of all draws of the generator.
    pub seed: Option<u32>,
    /// SHA-256 of all numbers of the plan of the first run.
    pub plan: String,
    /// Names and units of the axes.
    pub axes: Vec<(String, String)>,
    /// Level of each axis in each run, as it is written in tables.
    pub levels: Vec<Vec<String>>,
    /// Members of each run.
    pub members: u32,
    /// First and last month of all runs.
    pub months: (String, String),
    /// Measures of each member of each run.
    pub measures: Vec<Measure>,
    /// The run from which the others differ, from 0.
    pub reference: usize,
    /// Series that are kept.
    pub series: Vec<KeptSeries>,
    /// Runs whose series are kept, from 0.
    pub kept_runs: Vec<usize>,
}

/// A series that is kept of every member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptSeries {
    /// What it tells, in a word.
    pub quantity: String,
    /// Where.
    pub place: String,
    /// Unit.
    pub unit: String,
    /// Names of its times: years or months.
    pub times: Vec<String>,
    /// Whether every member is written, and not only quantiles.
    pub full: bool,
}

/// Some members of some runs, computed and kept together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// Its number, from 0.
    pub number: usize,
    /// Runs, from 0.
    pub runs: Range<usize>,
    /// Members, from 0.
    pub members: Range<usize>,
}

impl Blueprint {
    /// Its text, which is the same for the same batch.
    pub fn text(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// SHA-256 of the text.
    pub fn hash(&self) -> String {
        sha256(&self.text())
    }

    /// Number of runs.
    pub fn runs(&self) -> usize {
        self.levels.len()
    }

    /// The chunks, run after run and within a run member after member. They depend on nothing but the numbers of runs
    /// and members.
    pub fn chunks(&self) -> Vec<Chunk> {
        let members = self.members as usize;
        let (many, from) = ROWS_OF_SEVERAL;
        let has_several = members <= CHUNK_ROWS && self.runs() * members >= from;
        let rows = if has_several { many } else { CHUNK_ROWS };
        let runs_at_once = (rows / members).max(1);
        let mut chunks = Vec::new();
        for first in (0..self.runs()).step_by(runs_at_once) {
            for member in (0..members).step_by(rows) {
                chunks.push(Chunk {
                    number: chunks.len(),
                    runs: first..(first + runs_at_once).min(self.runs()),
                    members: member..(member + rows).min(members),
                });
            }
        }
        chunks
    }

    /// The chunks of a part of several parts, from 1.
    pub fn chunks_of(&self, part: usize, parts: usize) -> Vec<Chunk> {
        let chunks = self.chunks();
        let (from, to) = (
            (part - 1) * chunks.len() / parts,
            part * chunks.len() / parts,
        );
        chunks[from..to].to_vec()
    }

    /// Whether the series of a run are kept.
    pub fn keeps(&self, run: usize) -> bool {
        self.kept_runs.binary_search(&run).is_ok()
    }

    /// Numbers of all kept series of a member.
    pub fn kept_numbers(&self) -> usize {
        self.series.iter().map(|series| series.times.len()).sum()
    }
}

impl Chunk {
    /// Number of members of all its runs.
    pub fn rows(&self) -> usize {
        self.runs.len() * self.members.len()
    }

    /// Where it stands when all runs of some members are computed one after the other, so that their water is made once.
    pub fn by_members(&self) -> (usize, usize) {
        (self.members.start, self.number)
    }

    /// Name of its file.
    pub fn file(&self) -> String {
        format!("{:06}.bin", self.number)
    }

    /// Numbers that it holds: measures of every row, then the kept series of each run that keeps them.
    pub fn numbers(&self, blueprint: &Blueprint) -> usize {
        let kept = self
            .runs
            .clone()
            .filter(|run| blueprint.keeps(*run))
            .count();
        self.rows() * blueprint.measures.len()
            + kept * blueprint.kept_numbers() * self.members.len()
    }

    /// Place of the first number of a kept series of a run: (time, member) from there on.
    pub fn place_of(&self, blueprint: &Blueprint, run: usize, series: usize) -> usize {
        let before = (self.runs.start..run)
            .filter(|run| blueprint.keeps(*run))
            .count();
        let within = blueprint.series[..series]
            .iter()
            .map(|series| series.times.len());
        let numbers = before * blueprint.kept_numbers() + within.sum::<usize>();
        self.rows() * blueprint.measures.len() + numbers * self.members.len()
    }
}
