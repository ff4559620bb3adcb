//! Faults of a calibration.

use crate::small_river::{calibrated, said, small_river, text};

#[test]
fn faults_of_a_calibration_are_told_together() {
    let broken = text(&[103.0, -0.1, 15.5], 0.5)
        .replace("scenario = \"baseline\"", "scenario = \"basline\"")
        .replace("\"evaporation_mm\"", "\"evaporation\"")
        .replace("\"Valley irrigation\"", "\"Valey irrigation\"")
        .replace("bounds = [0.0, 0.6]", "bounds = [0.3, 0.6]")
        .replace("place = \"Border\"", "place = \"Bordr\"")
        .replace("months = [5]", "months = [13]");
    let folder = small_river(&broken);
    let (done, out) = calibrated(folder.path(), "out", &[]);
    assert_eq!(done.status.code(), Some(1));
    assert!(!out.exists());
    let file = folder
        .path()
        .join("inputs/calibration/test.toml")
        .display()
        .to_string();
    let told = said(&done.stderr).replace(&file, "test.toml");
    assert_eq!(told, FAULTS, "{told}");
}

const FAULTS: &str = r#"test.toml, line 2, key `scenario`
    found     `basline`
    expected  the name of a scenario of the inputs
    hint      did you mean `baseline`?
test.toml, line 26, [[parameter.place]], key `at`
    found     ["lake", "The lake", "evaporation"]
    expected  what can be a parameter: ["lake", NAME, "evaporation_mm"] or ["lake", NAME, "groundwater_km3_per_year"] or ["lake", NAME, "salt", "exchange_km3_per_year"] or ["lake", NAME, "body", NAME, "salt_sink_fraction"]
test.toml, line 36, [[parameter]] "Return, valley", key `bounds`
    found     0.3 and 0.6
    expected  bounds around the prior of 0.2
test.toml, line 42, [[parameter.place]], key `at`
    found     ["user", "Valey irrigation", "return_fraction"]
    expected  what can be a parameter: ["user", NAME, "return_fraction"]
    hint      did you mean `Valley irrigation`?
test.toml, line 57, [[target]], key `months`
    found     something else
    expected  numbers of months from 1 to 12
test.toml, line 65, [[target]], key `place`
    found     `Bordr`
    expected  the name of a node
    hint      did you mean `Border`?
6 faults
"#;
