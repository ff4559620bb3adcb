//! A published file beside the one that is made anew: the first line or byte that differs.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;

use super::RerunError;

/// Endings of files that are read by lines.
const TEXTS: [&str; 3] = [".csv", ".md", ".json"];

/// Where a file is another when it is made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// It is made, and is not there.
    Unpublished,
    /// It is there, and is not made.
    Unmade,
    /// A line differs; one that is not there is none.
    Line {
        /// Its number, from 1.
        line: usize,
        /// As it is published.
        published: Option<String>,
        /// As it is made anew.
        found: Option<String>,
    },
    /// A byte differs.
    Byte(u64),
}

impl std::fmt::Display for Other {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let told = |line: &Option<String>| match line {
            Some(line) => format!("`{line}`"),
            None => "nothing".to_owned(),
        };
        match self {
            Self::Unpublished => write!(f, "is not published, but is made when all is made anew"),
            Self::Unmade => write!(f, "is published, but is not made when all is made anew"),
            Self::Line {
                line,
                published,
                found,
            } => write!(
                f,
                "line {line}: {} is published, {} is computed again",
                told(published),
                told(found)
            ),
            Self::Byte(offset) => write!(f, "byte {offset} is another when it is made anew"),
        }
    }
}

/// Compares a published file with the one that is made anew, a block at a time.
pub(super) fn compare(
    file: &str,
    published: &Path,
    found: &Path,
) -> Result<Option<Other>, RerunError> {
    let (mut one, mut other) = match (open(published)?, open(found)?) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Ok(Some(Other::Unpublished)),
        (Some(_), None) => return Ok(Some(Other::Unmade)),
        (Some(one), Some(other)) => (one, other),
    };
    let differs = match TEXTS.iter().any(|ending| file.ends_with(ending)) {
        true => first_line(&mut one, &mut other),
        false => first_byte(&mut one, &mut other).map(|byte| byte.map(Other::Byte)),
    };
    differs.map_err(|cause| RerunError::Unreadable {
        path: published.to_owned(),
        cause,
    })
}

fn open(path: &Path) -> Result<Option<BufReader<File>>, RerunError> {
    match File::open(path) {
        Ok(file) => Ok(Some(BufReader::new(file))),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(RerunError::Unreadable {
            path: path.to_owned(),
            cause,
        }),
    }
}

fn first_line(
    published: &mut impl BufRead,
    found: &mut impl BufRead,
) -> std::io::Result<Option<Other>> {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for line in 1.. {
        one.clear();
        other.clear();
        published.read_until(b'\n', &mut one)?;
        found.read_until(b'\n', &mut other)?;
        if one != other {
            return Ok(Some(Other::Line {
                line,
                published: shown(&one),
                found: shown(&other),
            }));
        }
        if one.is_empty() {
            break;
        }
    }
    Ok(None)
}

/// A line without its end, letters that nobody sees written out.
fn shown(line: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line));
    let letters = text.chars().map(|letter| match letter.is_control() {
        true => letter.escape_default().to_string(),
        false => letter.to_string(),
    });
    (!line.is_empty()).then(|| letters.collect())
}

/// The offset of the first byte that differs, from 0.
fn first_byte(
    published: &mut impl BufRead,
    found: &mut impl BufRead,
) -> std::io::Result<Option<u64>> {
    let mut offset = 0;
    loop {
        let (one, other) = (published.fill_buf()?, found.fill_buf()?);
        let count = one.len().min(other.len());
        let place = (0..count).find(|place| one[*place] != other[*place]);
        if let Some(place) = place {
            return Ok(Some(offset + place as u64));
        }
        if count == 0 {
            let is_longer = !one.is_empty() || !other.is_empty();
            return Ok(is_longer.then_some(offset));
        }
        published.consume(count);
        found.consume(count);
        offset += count as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_told() {
        let line = |mut one: &[u8], mut other: &[u8]| {
            let found = first_line(&mut one, &mut other).expect("readable");
            found.map(|other| other.to_string())
        };
        assert_eq!(line(b"a\nb\n", b"a\nb\n"), None);
        assert_eq!(
            line(b"a\nb\n", b"a\nc\n").as_deref(),
            Some("line 2: `b` is published, `c` is computed again")
        );
        assert_eq!(
            line(b"a\n", b"a\nc\n").as_deref(),
            Some("line 2: nothing is published, `c` is computed again")
        );
        assert_eq!(
            line(b"a\r\n", b"a\n").as_deref(),
            Some("line 1: `a\\r` is published, `a` is computed again")
        );
    }

    #[test]
    fn the_first_byte_that_differs_is_told() {
        let byte = |one: &[u8], other: &[u8]| {
            // Blocks of different lengths.
            let (mut one, mut other) = (
                BufReader::with_capacity(2, one),
                BufReader::with_capacity(3, other),
            );
            first_byte(&mut one, &mut other).expect("readable")
        };
        assert_eq!(byte(b"abcdefg", b"abcdefg"), None);
        assert_eq!(byte(b"abcdefg", b"abcdeFg"), Some(5));
        assert_eq!(byte(b"abcd", b"abcdefg"), Some(4));
        assert_eq!(byte(b"", b""), None);
    }
}
