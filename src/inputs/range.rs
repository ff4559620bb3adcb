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
    /// An area in km²: zero or more, at most a million.
    SquareKilometres,
    /// An area in ha, within the same bounds.
    Hectares,
    /// A volume in km³ a year: zero or more, at most a thousand.
    CubicKilometresPerYear,
    /// A change in percent: above -100, at most 1000.
    PercentChange,
    /// A change of temperature in degrees, at most 20 of them.
    Warming,
    /// By which power one change follows another: from 0 to 10.
    Elasticity,
}

/// Greatest area, km²: no basin's irrigated land and no lake comes near it, so that more is another unit.
pub const MOST_KM2: f64 = 1e6;

/// Greatest volume a year, km³: several times what all people withdraw from any one basin.
pub const MOST_KM3_PER_YEAR: f64 = 1e3;

impl Range {
    /// What the range asks for, in words.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::NotNegative => "a finite number, zero or more",
            Self::Positive => "a finite number above zero",
            Self::Fraction => "a number from 0 to 1",
            Self::SquareKilometres => "an area from 0 to 1 000 000 km²",
            Self::Hectares => "an area from 0 to 100 000 000 ha",
            Self::CubicKilometresPerYear => "a volume from 0 to 1 000 km³ a year",
            Self::PercentChange => "a change in percent, above -100, at most 1 000",
            Self::Warming => "a change of temperature from -20 to 20 °C",
            Self::Elasticity => "an elasticity from 0 to 10",
        }
    }

    /// What to do about a number outside the range that may be one in another unit; empty where none is likely.
    pub fn hint(self, number: f64) -> &'static str {
        match self {
            _ if number.is_nan() || number < 0.0 => "",
            Self::SquareKilometres => "1 km² is 100 ha and 1 000 000 m²",
            Self::Hectares => "1 ha is 10 000 m²",
            Self::CubicKilometresPerYear => "1 km³ is 1 000 hm³ and 1 000 000 000 m³",
            _ => "",
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
                Self::SquareKilometres => (0.0..=MOST_KM2).contains(&number),
                Self::Hectares => (0.0..=100.0 * MOST_KM2).contains(&number),
                Self::CubicKilometresPerYear => (0.0..=MOST_KM3_PER_YEAR).contains(&number),
                Self::PercentChange => number > -100.0 && number <= 1000.0,
                Self::Warming => (-20.0..=20.0).contains(&number),
                Self::Elasticity => (0.0..=10.0).contains(&number),
            }
    }
}
