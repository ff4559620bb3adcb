//! What is wrong with the inputs: every fault of a load, each with its place and a hint.

use std::fmt;

/// One fault: where it stands, what was found, what was expected, what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Fault {
    /// The file as the user would open it.
    pub file: String,
    /// Line in the file, from 1; 0 where the fault concerns the whole file.
    pub line: usize,
    /// Table, key, column or row.
    pub place: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
    /// What to do about it; empty where the rest says it.
    pub hint: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.file)?;
        if self.line > 0 {
            write!(out, ", line {}", self.line)?;
        }
        if !self.place.is_empty() {
            write!(out, ", {}", self.place)?;
        }
        write!(
            out,
            "\n    found     {}\n    expected  {}",
            self.found, self.expected
        )?;
        if !self.hint.is_empty() {
            write!(out, "\n    hint      {}", self.hint)?;
        }
        Ok(())
    }
}

/// All faults of a load, in the order of their files and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds one fault.
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// `value` where nothing is wrong, else the faults in order, each once.
    ///
    /// # Errors
    /// The faults, where there are any.
    pub fn or<T>(mut self, value: Option<T>) -> Result<T, Self> {
        self.0.sort();
        self.0.dedup();
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }

    /// The faults in order.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(out, "{fault}")?;
        }
        write!(out, "{}", counted(self.0.len(), "fault"))
    }
}

/// The hint that names the known name nearest to the one found, or lists the few that there are.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match near(found, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "there is none to name".to_owned(),
        None if known.len() <= 12 => format!("known: {}", listed(known)),
        None => String::new(),
    }
}

/// The known name that is so like the one found that it may have been meant.
pub fn near<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = found.to_lowercase();
    let names = known.into_iter();
    names
        .map(|name| (strsim::jaro_winkler(&folded, &name.to_lowercase()), name))
        .max_by(|left, right| left.0.total_cmp(&right.0).then(right.1.cmp(left.1)))
        .filter(|(likeness, _)| *likeness > 0.8)
        .map(|(_, name)| name)
}

/// The hint that names the near name, where there is one.
pub fn meant(near: Option<&str>) -> String {
    near.map_or_else(String::new, |name| format!("did you mean `{name}`?"))
}

/// A count with its noun, in words where it is nothing: `no row`, `1 row`, `2 rows`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// Names in quotation marks, joined by commas.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_whatever_its_case() {
        assert_eq!(
            nearest("balkash", ["Alakol", "Balkhash"]),
            "did you mean `Balkhash`?"
        );
        assert_eq!(nearest("xyz", ["Alakol"]), "known: `Alakol`");
    }

    #[test]
    fn a_count_takes_its_noun() {
        let counts = [0, 1, 2].map(|count| counted(count, "row"));
        assert_eq!(counts, ["no row", "1 row", "2 rows"]);
    }

    #[test]
    fn a_fault_prints_place_found_expected_and_hint() {
        let fault = Fault {
            file: "a.toml".into(),
            line: 3,
            place: "key `b`".into(),
            found: "x".into(),
            expected: "y".into(),
            hint: "z".into(),
        };
        let text = "a.toml, line 3, key `b`\n    found     x\n    expected  y\n    hint      z";
        assert_eq!(fault.to_string(), text);
    }
}
