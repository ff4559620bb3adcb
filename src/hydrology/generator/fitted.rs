//! The file of a fitted generator: all of its numbers, so that the same members come from it everywhere.

use sha2::{Digest, Sha256};

use super::Generator;
use crate::faults::Fault;
use crate::inputs::document::line_at;
use crate::inputs::folder::{Folder, hex};

/// What stands above the numbers.
const HEAD: &str = "# A fitted generator, written by `rivershare generate`. Its hash is that of this whole file.\n";

/// Whether a file begins as that of a fitted generator.
pub fn is_fitted(folder: &Folder, file: &str) -> bool {
    let begins = HEAD.lines().next().unwrap_or_default();
    folder
        .glance(file)
        .is_some_and(|text| text.starts_with(begins))
}

/// The text of the file.
pub fn text(generator: &Generator) -> String {
    // Names, numbers and lists of them can always be written.
    let body = toml::to_string(generator).expect("a generator is a document");
    format!("{HEAD}{body}")
}

/// SHA-256 of the file.
pub fn hash(generator: &Generator) -> String {
    hex(&Sha256::digest(text(generator).as_bytes()))
}

/// Reads the file; faults are what is no generator, and one whose parts do not fit each other.
pub fn read(folder: &Folder, file: &str) -> Option<Generator> {
    let text = folder.read(file, "the command line")?;
    let put = |line: usize, found: String| {
        folder.fault(Fault {
            file: folder.shown(file),
            line,
            place: String::new(),
            found,
            expected: "a fitted generator as `rivershare generate` writes it".to_owned(),
            hint: String::new(),
        });
    };
    match toml::from_str::<Generator>(&text) {
        Ok(generator) if generator.is_sound() => Some(generator),
        Ok(_) => {
            put(
                0,
                "numbers that do not fit each other or the hash of the record".to_owned(),
            );
            None
        }
        Err(error) => {
            let line = error
                .span()
                .map_or(0, |span| line_at(text.as_bytes(), span.start));
            put(line, error.message().to_owned());
            None
        }
    }
}
