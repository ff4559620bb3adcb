//! A small model with a generator and a batch, and the program at work on it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rivershare::batch::open::{Opened, generator, open, settings};
use rivershare::model::Model;
use tempfile::TempDir;

/// Stands for source and confidence in the texts of tests.
const SOURCE: &str = "source = \"assumption: a test\"\nconfidence = \"low\"\n";

/// Mean flows of the months, m³/s.
const SEASON: [f64; 12] = [
    5.0, 5.0, 8.0, 20.0, 40.0, 50.0, 36.0, 22.0, 14.0, 10.0, 7.0, 6.0,
];

/// The head of a batch: four years of six members, a level and two flows to count below, two series.
pub(crate) const HEAD: &str = r#"title = "A test"
base = "baseline"
generator = "flows"
members = 6
level_years = [2001]
SOURCE
[[threshold]]
place = "The lake"
level_m = 102
SOURCE
[[threshold]]
place = "Border"
flow_m3s = [5, 10]
SOURCE
[[record.series]]
quantity = "level"
place = "The lake"
[[record.series]]
quantity = "flow"
place = "Border"
step = "month"
full = true
"#;

/// An axis over the demand.
pub(crate) const USE: &str = r#"
[[design]]
method = "grid"
[[design.axis]]
name = "use"
values = [0.5, 1, 2]
SOURCE
[[design.axis.change.demand]]
factor = "value"
SOURCE
"#;

/// A folder with a model and a batch `tried`.
pub(crate) struct Bench(TempDir);

impl Bench {
    /// The batch with three levels of use.
    pub(crate) fn small() -> Self {
        Self::of(&format!("{HEAD}{USE}"))
    }

    /// As many members, each run a chunk or more of its own where there are more than 128, and more levels of use.
    pub(crate) fn large(members: u32, levels: usize) -> Self {
        let design = USE.replace(
            "values = [0.5, 1, 2]",
            &format!("from = 0.5\nto = 2\nsteps = {levels}"),
        );
        Self::of(&format!("{HEAD}{design}").replace("members = 6", &format!("members = {members}")))
    }

    /// A batch; `SOURCE` stands for source and confidence.
    pub(crate) fn of(batch: &str) -> Self {
        let bench = Self(TempDir::new().expect("a folder"));
        bench.done(&["new", "model"]);
        bench.put("model/basins/my-river/inflow.csv", &inflow());
        let head =
            "title = \"Flows\"\nmethod = \"lognormal\"\nseed = 7\nperiod = \"1992-01..2003-12\"\n";
        bench.put("model/generators/flows.toml", &format!("{head}{SOURCE}"));
        bench.write(batch);
        bench
    }

    /// Another text of the batch.
    pub(crate) fn write(&self, batch: &str) {
        self.put("model/batches/tried.toml", &batch.replace("SOURCE", SOURCE));
    }

    pub(crate) fn put(&self, file: &str, text: &str) {
        let path = self.at(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// A path in the folder.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// The program with some words, in the folder.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rivershare"));
        command.current_dir(self.0.path());
        command.args(["--inputs", "model"]).args(words);
        command
    }

    pub(crate) fn output(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the program starts")
    }

    /// What the program says when it ends well.
    #[track_caller]
    pub(crate) fn done(&self, words: &[&str]) -> String {
        let output = self.output(words);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {complained}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// What the program complains of when it fails.
    #[track_caller]
    pub(crate) fn refused(&self, words: &[&str]) -> String {
        let output = self.output(words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    }

    /// Runs the batch to a folder, with more words.
    #[track_caller]
    pub(crate) fn batch(&self, out: &str, more: &[&str]) -> String {
        self.done(&[&BATCH[..], &["--out", out], more].concat())
    }

    /// The complaint of a batch that fails.
    #[track_caller]
    pub(crate) fn refused_batch(&self, out: &str, more: &[&str]) -> String {
        self.refused(&[&BATCH[..], &["--out", out], more].concat())
    }

    /// All files of a folder, by path.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.at(folder), "", &mut files);
        files
    }

    /// The text of a file.
    pub(crate) fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.at(file)).expect("a text")
    }

    /// The batch, read by the library.
    pub(crate) fn opened(&self) -> Opened {
        opened(&self.at("model"), &self.at("model/batches/tried.toml"))
    }
}

/// Words that run the batch.
const BATCH: [&str; 2] = ["batch", "model/batches/tried.toml"];

/// A batch of a folder of inputs, read by the library.
pub(crate) fn opened(inputs: &Path, file: &Path) -> Opened {
    let (settings, own) = settings(file).expect("sound settings");
    let model = Model::load(inputs, &[]).expect("a sound model");
    let fitted = settings.generator.as_ref();
    let fitted = fitted.map(|name| generator(inputs, name, &model).expect("a sound generator"));
    open(inputs, "tried", (settings, own), model, fitted).expect("a sound batch")
}

/// Twelve years of months, which differ enough for a generator to be fitted.
fn inflow() -> String {
    let mut csv =
        "# source: assumption: a test\n# confidence: low\ndate,flow_m3s,quality\n".to_owned();
    for year in 1992..=2003 {
        let wet = 0.7 + 0.6 * (f64::from(year) * 0.618_033_988_75).fract();
        for month in 1..=12_u32 {
            let own = 0.9 + 0.2 * (f64::from(year * 12 + month as i32) * 0.414_213_562_37).fract();
            let flow = SEASON[month as usize - 1] * wet * own;
            writeln!(csv, "{year}-{month:02},{flow:.3},assumed").expect("a string takes all");
        }
    }
    csv
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => collect(&entry.path(), &format!("{name}/"), files),
            false => {
                files.insert(name, std::fs::read(entry.path()).expect("a file"));
            }
        }
    }
}

/// The only file whose bytes are not promised.
pub(crate) const LOG: &str = "run.log.json";

/// Fails with the names of the files that differ, and not with their bytes. Logs tell times.
#[track_caller]
pub(crate) fn same_files(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let names = one.keys().chain(other.keys());
    let differ: Vec<&String> = names
        .filter(|name| *name != LOG && one.get(*name) != other.get(*name))
        .collect();
    assert!(differ.is_empty(), "{differ:?}");
}
