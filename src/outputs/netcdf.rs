//! Series of results as NetCDF files by the CF conventions 1.11, in the format of 64-bit offsets (NetCDF-3).
//!
//! The file is header and numbers one after the other, so that it can be written to anything, and the same content
//! gives the same bytes. The format is that of the "NetCDF classic format specification" (Unidata).

mod header;
mod months;

use std::io::Write;

use header::Header;
pub use months::MonthAxis;

/// The conventions that files follow; the attribute `Conventions`, which every file gets.
pub const CONVENTIONS: &str = "CF-1.11";

/// A dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Number of its places, at least 1.
    pub size: usize,
}

/// Value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// Whole numbers.
    Integers(Vec<i32>),
    /// Numbers.
    Numbers(Vec<f64>),
}

/// An attribute: name and value.
pub type Attribute = (String, Value);

/// An attribute that is a text.
pub fn text(name: &str, value: &str) -> Attribute {
    (name.to_owned(), Value::Text(value.to_owned()))
}

/// What a variable holds, the last dimension running fastest.
#[derive(Clone, Copy, Debug)]
pub enum Data<'a> {
    /// Whole numbers.
    Integers(&'a [i32]),
    /// Numbers; NaN where there is none.
    Numbers(&'a [f64]),
    /// Texts in UTF-8: an array of characters with a dimension `NAME_length` added at the end.
    Texts(&'a [&'a str]),
}

impl Data<'_> {
    fn len(self) -> usize {
        match self {
            Self::Integers(values) => values.len(),
            Self::Numbers(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }
}

/// A variable; one that has the name of its only dimension is the coordinate of that.
#[derive(Clone, Debug)]
pub struct Variable<'a> {
    /// Its name.
    pub name: String,
    /// Names of its dimensions, the slowest first; a variable without any holds one value.
    pub dimensions: Vec<String>,
    /// Its attributes, with `units` and `long_name` or `standard_name`.
    pub attributes: Vec<Attribute>,
    /// What it holds.
    pub data: Data<'a>,
}

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum NetcdfError {
    /// A name that the format does not know.
    #[error("`{name}`: expected a letter, then letters, digits and `_`, each name once")]
    Name {
        /// The name.
        name: String,
    },
    /// A dimension without places.
    #[error("dimension `{name}`: expected at least one place")]
    Empty {
        /// The dimension.
        name: String,
    },
    /// A variable of a dimension that the file has not.
    #[error("variable `{variable}`: no dimension `{dimension}`")]
    Dimension {
        /// The variable.
        variable: String,
        /// The dimension.
        dimension: String,
    },
    /// A variable with more or fewer values than its dimensions have places.
    #[error("variable `{variable}`: {found} values for {expected} places")]
    Length {
        /// The variable.
        variable: String,
        /// Number of its values.
        found: usize,
        /// Number of the places.
        expected: usize,
    },
    /// More than the format holds.
    #[error("`{name}`: more than the format holds, 2³¹ − 1 places or texts and 4 GiB a variable")]
    Large {
        /// What is too large.
        name: String,
    },
    /// What the system refuses.
    #[error(transparent)]
    Refused(#[from] std::io::Error),
}

/// Writes a file: its dimensions, its own attributes behind `Conventions`, and its variables in order.
///
/// # Errors
/// Names that are not of the format or stand twice, dimensions without places, values that do not fill the
/// dimensions of their variable, a variable of 4 GiB or more, and what the system refuses.
pub fn write(
    mut writer: impl Write,
    dimensions: &[Dimension],
    attributes: &[Attribute],
    variables: &[Variable],
) -> Result<(), NetcdfError> {
    let header = Header::of(dimensions, attributes, variables)?;
    writer.write_all(&header.bytes)?;
    for (variable, width) in variables.iter().zip(header.widths) {
        write_data(&mut writer, variable.data, width)?;
    }
    Ok(writer.flush()?)
}

/// Writes values with the highest byte first, filled up to a multiple of four bytes.
fn write_data(writer: &mut impl Write, data: Data, width: usize) -> std::io::Result<()> {
    // A call for each value would take longer than the values.
    const AT_ONCE: usize = 8192;
    let mut bytes: Vec<u8> = Vec::new();
    match data {
        Data::Integers(values) => {
            for part in values.chunks(AT_ONCE) {
                bytes.clear();
                bytes.extend(part.iter().flat_map(|value| value.to_be_bytes()));
                writer.write_all(&bytes)?;
            }
        }
        Data::Numbers(values) => {
            for part in values.chunks(AT_ONCE) {
                bytes.clear();
                bytes.extend(part.iter().flat_map(|value| value.to_be_bytes()));
                writer.write_all(&bytes)?;
            }
        }
        Data::Texts(texts) => {
            for text in texts {
                bytes.extend_from_slice(text.as_bytes());
                bytes.resize(bytes.len() + width - text.len(), 0);
            }
            header::fill(&mut bytes);
            writer.write_all(&bytes)?;
        }
    }
    Ok(())
}
