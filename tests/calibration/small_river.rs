//! The small river of `rivershare new` with a calibration.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rivershare::calibration::answers::Runs;
use rivershare::calibration::place::Known;
use rivershare::calibration::question::Question;
use rivershare::calibration::{Calibration, writing};
use rivershare::inputs::folder::Folder;
use rivershare::model::Model;
use tempfile::TempDir;

pub(crate) const ONE: NonZero<usize> = NonZero::<usize>::MIN;

pub(crate) const RIVER: &str = "basins/my-river/network.toml";

pub(crate) const PARAMETERS: &str = r#"
[[parameter]]
name = "Evaporation"
unit = "mm a year"
prior = 900
spread = 400
bounds = [600, 1300]
source = "assumption: a test"
confidence = "low"

[[parameter.place]]
file = "basins/my-river/network.toml"
at = ["lake", "The lake", "evaporation_mm"]
times = [0, 0, 0.02, 0.08, 0.13, 0.18, 0.2, 0.18, 0.12, 0.07, 0.02, 0]
source = "assumption: a test"
confidence = "low"

[[parameter]]
name = "Return, valley"
unit = "1"
prior = 0.2
spread = 0.2
bounds = [0.0, 0.6]
source = "assumption: a test"
confidence = "low"

[[parameter.place]]
file = "basins/my-river/network.toml"
at = ["user", "Valley irrigation", "return_fraction"]
"#;

pub(crate) const QUESTIONS: [&str; 3] = [
    "place = \"The lake\"\nquantity = \"level\"\nperiod = \"2001-01..2001-12\"",
    "place = \"The lake\"\nquantity = \"level\"\nperiod = \"2000-01..2003-12\"\nmonths = [5]\nless_months = [9, 10]",
    "place = \"Border\"\nquantity = \"flow\"\nperiod = \"2000-01..2003-12\"\nstatistic = \"mean\"",
];

/// The text of a calibration with a value and an uncertainty for each question.
pub(crate) fn text(values: &[f64], uncertainty: f64) -> String {
    let head = "title = \"A test\"\nscenario = \"baseline\"\nperiod = \"2000-01..2003-12\"\nseed = 1\npopulation = 8\n\
                generations = 40\nsearches = 1\nsamples = 60\nkept = 5\ntolerance = 4.0\nsets = \"test_sets.csv\"\n\
                source = \"assumption: a test\"\nconfidence = \"low\"\n";
    let target = |(question, value): (&&str, &f64)| {
        format!(
            "\n[[target]]\n{question}\nvalue = {value:?}\nuncertainty = {uncertainty:?}\n\
             source = \"assumption: a test\"\nconfidence = \"low\"\n"
        )
    };
    let targets: String = QUESTIONS.iter().zip(values).map(target).collect();
    format!("{head}{PARAMETERS}{targets}")
}

pub(crate) fn rivershare(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_rivershare");
    Command::new(program)
        .args(arguments)
        .output()
        .expect("the program starts")
}

pub(crate) fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The small river of `rivershare new` with a calibration.
pub(crate) fn small_river(calibration: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let inputs = folder.path().join("inputs");
    let done = rivershare(&["new", &inputs.to_string_lossy()]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    fs::create_dir_all(inputs.join("calibration")).expect("a folder");
    fs::write(inputs.join("calibration/test.toml"), calibration).expect("a file");
    folder
}

/// Model, memory and calibration of a folder of inputs.
pub(crate) fn read(inputs: &Path, file: &str) -> (Model, Known, Calibration) {
    let model = Model::load(inputs, &[]).expect("sound inputs");
    let known = Known::of(&model, inputs).expect("a sound reconstruction");
    let folder = Folder::new(inputs);
    let calibration = Calibration::read(&folder, file, &model, &known);
    let (calibration, _) = folder.close(calibration).expect("a sound calibration");
    (model, known, calibration)
}

pub(crate) fn write_applied(calibration: &Calibration, values: &[f64], inputs: &Path) {
    for (file, changed) in
        writing::applied(calibration, values, inputs).expect("all addresses are there")
    {
        fs::write(inputs.join(file), changed.text).expect("a file");
    }
}

pub(crate) fn questions(calibration: &Calibration) -> Vec<Question> {
    calibration
        .targets
        .iter()
        .map(|target| target.question.clone())
        .collect()
}

/// What the inputs answer to the targets' questions.
pub(crate) fn answers(inputs: &Path, file: &str) -> Vec<f64> {
    let (model, known, calibration) = read(inputs, file);
    let runs = Runs::new(&calibration, &model, inputs, &known).expect("runs");
    let answers = runs.as_they_stand(&questions(&calibration));
    answers
        .into_iter()
        .map(|answer| answer.expect("an answer"))
        .collect()
}

pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in fs::read_dir(path).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_owned();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// Calls `calibrate` on the small river.
pub(crate) fn calibrated(folder: &Path, out: &str, more: &[&str]) -> (Output, PathBuf) {
    let (inputs, out) = (folder.join("inputs"), folder.join(out));
    let file = inputs.join("calibration/test.toml");
    let [file, inputs, out_text] =
        [&file, &inputs, &out].map(|path| path.to_string_lossy().into_owned());
    let arguments = ["calibrate", &file, "--inputs", &inputs, "--out", &out_text];
    (
        rivershare(&[&arguments, more].concat()),
        out.join("calibration-test"),
    )
}
