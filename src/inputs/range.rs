//! What a number may be.

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// Any finite number.
    Finite,
    /// Zero or more.
    NotNegative,
    /// More than zero.
    Positive,
    /// From zero to one, both included.
    Fraction,
}

impl Range {
    /// What the range asks for, in words.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::NotNegative => "a finite number, zero or more",
            Self::Positive => "a finite number above zero",
            Self::Fraction => "a number from 0 to 1",
        }
    }

    /// Whether a number lies in the range; NaN and infinity never do.
    pub fn holds(self, number: f64) -> bool {
        number.is_finite()
            && match self {
                Self::Finite => true,
                Self::NotNegative => number >= 0.0,
                Self::Positive => number > 0.0,
                Self::Fraction => (0.0..=1.0).contains(&number),
            }
    }
}
