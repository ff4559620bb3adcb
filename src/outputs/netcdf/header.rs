//! The header of a NetCDF file: what there is, and where it stands.

use super::{Attribute, CONVENTIONS, Data, Dimension, NetcdfError, Value, Variable, text};

const MAGIC: &[u8; 4] = b"CDF\x02";
const DIMENSIONS: u32 = 10;
const VARIABLES: u32 = 11;
const ATTRIBUTES: u32 = 12;
const CHARACTER: u32 = 2;
const INTEGER: u32 = 4;
const DOUBLE: u32 = 6;

/// The greatest size of a variable, bytes, that can be written down.
const LARGEST: u64 = u32::MAX as u64 - 4;

/// A header, ready to be written.
pub(super) struct Header {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Bytes of a text of each variable; 0 of variables of numbers.
    pub(super) widths: Vec<usize>,
}

/// A variable with what the format wants to know of it.
struct Placed<'a> {
    variable: &'a Variable<'a>,
    /// Its dimensions by number, that of its texts included.
    dimensions: Vec<usize>,
    width: usize,
    /// Its size, bytes.
    size: u64,
}

impl Header {
    pub(super) fn of(
        dimensions: &[Dimension],
        attributes: &[Attribute],
        variables: &[Variable],
    ) -> Result<Self, NetcdfError> {
        let mut all = dimensions.to_vec();
        let placed: Result<Vec<Placed>, NetcdfError> = variables
            .iter()
            .map(|variable| place(variable, dimensions.len(), &mut all))
            .collect();
        let placed = placed?;
        refuse_names(all.iter().map(|dimension| &dimension.name))?;
        refuse_names(variables.iter().map(|variable| &variable.name))?;
        let mut attributes = attributes.to_vec();
        attributes.insert(0, text("Conventions", CONVENTIONS));
        let before = bytes(&all, &attributes, &placed, 0)?.len();
        Ok(Self {
            bytes: bytes(&all, &attributes, &placed, before as u64)?,
            widths: placed.iter().map(|placed| placed.width).collect(),
        })
    }
}

/// Finds the dimensions of a variable among the first `known` ones, and adds that of its texts.
fn place<'a>(
    variable: &'a Variable<'a>,
    known: usize,
    all: &mut Vec<Dimension>,
) -> Result<Placed<'a>, NetcdfError> {
    let number = |name: &String| {
        let found = all[..known].iter().position(|other| other.name == *name);
        found.ok_or_else(|| NetcdfError::Dimension {
            variable: variable.name.clone(),
            dimension: name.clone(),
        })
    };
    let numbers: Result<Vec<usize>, NetcdfError> = variable.dimensions.iter().map(number).collect();
    let mut numbers = numbers?;
    let sizes = numbers.iter().map(|number| all[*number].size);
    let places = sizes.fold(1_usize, usize::saturating_mul);
    if places != variable.data.len() {
        return Err(NetcdfError::Length {
            variable: variable.name.clone(),
            found: variable.data.len(),
            expected: places,
        });
    }
    let (width, bytes_each) = match variable.data {
        Data::Integers(_) => (0, 4),
        Data::Numbers(_) => (0, 8),
        Data::Texts(texts) => {
            // A dimension has at least one place.
            let width = texts
                .iter()
                .map(|text| text.len())
                .max()
                .map_or(1, |w| w.max(1));
            (width, width)
        }
    };
    if width > 0 {
        numbers.push(all.len());
        let name = format!("{}_length", variable.name);
        all.push(Dimension { name, size: width });
    }
    let size = (places as u64).saturating_mul(bytes_each as u64);
    match size > LARGEST {
        true => Err(large(&variable.name)),
        false => Ok(Placed {
            variable,
            dimensions: numbers,
            width,
            size: size.next_multiple_of(4),
        }),
    }
}

/// The header where the values begin at the byte `begin`; its length does not depend on that.
fn bytes(
    dimensions: &[Dimension],
    attributes: &[Attribute],
    variables: &[Placed],
    mut begin: u64,
) -> Result<Vec<u8>, NetcdfError> {
    let mut out = MAGIC.to_vec();
    // No dimension grows, so that there are no records.
    out.extend(0_u32.to_be_bytes());
    list(&mut out, DIMENSIONS, dimensions.len(), "dimensions")?;
    for Dimension { name, size } in dimensions {
        if *size == 0 {
            return Err(NetcdfError::Empty { name: name.clone() });
        }
        put_text(&mut out, name, name)?;
        count(&mut out, *size, name)?;
    }
    put_attributes(&mut out, attributes)?;
    list(&mut out, VARIABLES, variables.len(), "variables")?;
    for placed in variables {
        let variable = placed.variable;
        put_text(&mut out, &variable.name, &variable.name)?;
        count(&mut out, placed.dimensions.len(), &variable.name)?;
        for dimension in &placed.dimensions {
            count(&mut out, *dimension, &variable.name)?;
        }
        let mut attributes = variable.attributes.clone();
        let kind = match variable.data {
            Data::Integers(_) => INTEGER,
            Data::Numbers(_) => DOUBLE,
            Data::Texts(_) => CHARACTER,
        };
        if kind == CHARACTER {
            attributes.push(text("_Encoding", "utf-8"));
        }
        put_attributes(&mut out, &attributes)?;
        out.extend(kind.to_be_bytes());
        out.extend((placed.size as u32).to_be_bytes());
        out.extend(begin.to_be_bytes());
        begin += placed.size;
    }
    Ok(out)
}

fn put_attributes(out: &mut Vec<u8>, attributes: &[Attribute]) -> Result<(), NetcdfError> {
    refuse_names(attributes.iter().map(|(name, _)| name))?;
    list(out, ATTRIBUTES, attributes.len(), "attributes")?;
    for (name, value) in attributes {
        put_text(out, name, name)?;
        match value {
            Value::Text(text) => {
                out.extend(CHARACTER.to_be_bytes());
                put_text(out, text, name)?;
            }
            Value::Integers(values) => {
                out.extend(INTEGER.to_be_bytes());
                count(out, values.len(), name)?;
                out.extend(values.iter().flat_map(|value| value.to_be_bytes()));
            }
            Value::Numbers(values) => {
                out.extend(DOUBLE.to_be_bytes());
                count(out, values.len(), name)?;
                out.extend(values.iter().flat_map(|value| value.to_be_bytes()));
            }
        }
    }
    Ok(())
}

/// Begins a list; an empty one has no mark.
fn list(out: &mut Vec<u8>, mark: u32, length: usize, name: &str) -> Result<(), NetcdfError> {
    let mark = if length == 0 { 0 } else { mark };
    out.extend(mark.to_be_bytes());
    count(out, length, name)
}

/// Puts a whole number that counts something.
fn count(out: &mut Vec<u8>, number: usize, name: &str) -> Result<(), NetcdfError> {
    let number = i32::try_from(number).map_err(|_| large(name))?;
    out.extend(number.to_be_bytes());
    Ok(())
}

/// Puts a text with its length.
fn put_text(out: &mut Vec<u8>, text: &str, name: &str) -> Result<(), NetcdfError> {
    count(out, text.len(), name)?;
    out.extend_from_slice(text.as_bytes());
    fill(out);
    Ok(())
}

/// Fills up to a multiple of four bytes.
pub(super) fn fill(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

/// Refuses names that CF does not recommend, and names that stand twice.
fn refuse_names<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), NetcdfError> {
    let mut known = std::collections::BTreeSet::new();
    for name in names {
        let letters = || name.chars().skip(1);
        let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        let goes_on = letters().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !(begins && goes_on && known.insert(name)) {
            return Err(NetcdfError::Name { name: name.clone() });
        }
    }
    Ok(())
}

fn large(name: &str) -> NetcdfError {
    let name = name.to_owned();
    NetcdfError::Large { name }
}
