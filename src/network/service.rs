//! When a structure or user is in service.

use crate::inputs::table::Table;
use crate::time::Month;

/// The months in which something is in service.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Service {
    /// First month; from the beginning of time where none.
    pub from: Option<Month>,
    /// Last month; to the end of time where none.
    pub to: Option<Month>,
}

impl Service {
    /// Reads `in_service = "YYYY-MM"` or `in_service = "YYYY-MM..YYYY-MM"`; either end may be left out.
    pub fn read(table: &Table) -> Option<Self> {
        if !table.has("in_service") {
            let expected = "the month from which it works, `in_service = \"YYYY-MM\"`";
            table.lacks(&["in_service"], expected);
            return None;
        }
        Self::optional(table)
    }

    /// As [`Service::read`], but always in service where the key is left out.
    pub fn optional(table: &Table) -> Option<Self> {
        if !table.has("in_service") {
            return Some(Self::default());
        }
        table.parsed(
            "in_service",
            "\"YYYY-MM\", \"YYYY-MM..YYYY-MM\" or \"..YYYY-MM\", the first month not after the last",
        )
    }

    /// Whether a month is one of service.
    pub fn holds(self, month: Month) -> bool {
        self.from.is_none_or(|from| from <= month) && self.to.is_none_or(|to| month <= to)
    }
}

impl std::str::FromStr for Service {
    type Err = crate::time::NotAMonth;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text.split_once("..").unwrap_or((text, ""));
        let month = |part: &str| match part {
            "" => Ok(None),
            part => part.parse().map(Some),
        };
        let service = Self {
            from: month(from)?,
            to: month(to)?,
        };
        match (service.from, service.to) {
            (None, None) => Err(crate::time::NotAMonth(text.to_owned())),
            (Some(from), Some(to)) if to < from => Err(crate::time::NotAMonth(text.to_owned())),
            _ => Ok(service),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_an_end_and_does_not_end_before_it_begins() {
        for text in ["1990-01", "1990-01..1990-01", "..1990-01", "1990-01.."] {
            assert!(text.parse::<Service>().is_ok(), "{text}");
        }
        for text in ["", "..", "1990-02..1990-01", "1990"] {
            assert!(text.parse::<Service>().is_err(), "{text}");
        }
    }
}
