//! Scripts of Python that read a file and tell what they found.

use std::path::Path;
use std::process::Command;

/// What `tests/files/SCRIPT` prints of a file; `PYTHON` names the interpreter.
pub(crate) fn told(script: &str, file: &Path) -> serde_json::Value {
    let python = std::env::var("PYTHON").expect("PYTHON names the interpreter");
    let done = Command::new(python)
        .arg(Path::new("tests/files").join(script))
        .arg(file)
        .output()
        .expect("Python starts");
    let (said, complained) = (done.stdout, String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{complained}");
    serde_json::from_slice(&said).expect("JSON")
}

/// Numbers as their bits in hexadecimal digits, as the scripts tell them.
pub(crate) fn bits(values: &[f64]) -> Vec<String> {
    let bits = |value: &f64| format!("{:016x}", value.to_bits());
    values.iter().map(bits).collect()
}
