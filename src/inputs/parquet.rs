//! A Parquet file of inputs: columns of texts, months, whole numbers and numbers, without nulls.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ::parquet::basic::{ConvertedType, Type as Physical};
use ::parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use bytes::Bytes;

use super::folder::Folder;
use crate::faults::{Fault, listed, nearest};
use crate::time::Month;

/// A Parquet file with its columns.
pub struct ParquetTable<'f> {
    folder: &'f Folder,
    file: String,
    reader: SerializedFileReader<Bytes>,
}

/// A column of texts, each different one written once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// The texts, in the order in which they appear.
    pub words: Vec<String>,
    /// Place of each row's text among them.
    pub places: Vec<usize>,
}

/// What can be wrong with a column.
enum Flaw {
    /// The file cannot be read further.
    Broken(ParquetError),
    /// A row without value.
    Null,
}

impl From<ParquetError> for Flaw {
    fn from(error: ParquetError) -> Self {
        Self::Broken(error)
    }
}

impl<'f> ParquetTable<'f> {
    /// Opens `file`, which `wanted_by` needs; the fault is a file that is no Parquet file.
    pub fn read(folder: &'f Folder, file: &str, wanted_by: &str) -> Option<Self> {
        let bytes = Bytes::from(folder.bytes(file, wanted_by)?);
        match sheltered(|| SerializedFileReader::new(bytes)).unwrap_or_else(Err) {
            Ok(reader) => Some(Self {
                folder,
                file: file.to_owned(),
                reader,
            }),
            Err(error) => {
                let found = format!("a file that cannot be read: {error}");
                put(folder, file, "", found, "a Parquet file", "");
                None
            }
        }
    }

    /// Puts down a fault of a column.
    pub fn fault(&self, column: &str, found: String, expected: &str, hint: &str) {
        let place = format!("column `{column}`");
        put(self.folder, &self.file, &place, found, expected, hint);
    }

    /// A column of texts.
    pub fn texts(&self, name: &str) -> Option<Texts> {
        let place = self.column(name, "texts", |kind, _| kind == Physical::BYTE_ARRAY)?;
        let arrays = self.sound(name, self.values::<ByteArrayType>(place))?;
        let mut known: BTreeMap<&[u8], usize> = BTreeMap::new();
        let mut texts = Texts {
            words: Vec::new(),
            places: Vec::with_capacity(arrays.len()),
        };
        for array in &arrays {
            let place = if let Some(place) = known.get(array.data()) {
                *place
            } else {
                texts.words.push(self.text(name, array)?);
                known.insert(array.data(), texts.words.len() - 1);
                texts.words.len() - 1
            };
            texts.places.push(place);
        }
        Some(texts)
    }

    /// A column of whole numbers.
    pub fn whole_numbers(&self, name: &str) -> Option<Vec<i64>> {
        let fits = |kind, _| matches!(kind, Physical::INT32 | Physical::INT64);
        let place = self.column(name, "whole numbers", fits)?;
        match self.kind(place) {
            Physical::INT32 => {
                let values = self.sound(name, self.values::<Int32Type>(place))?;
                Some(values.into_iter().map(i64::from).collect())
            }
            _ => self.sound(name, self.values::<Int64Type>(place)),
        }
    }

    /// A column of numbers.
    pub fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        let fits = |kind, _| matches!(kind, Physical::DOUBLE | Physical::FLOAT);
        let place = self.column(name, "64-bit or 32-bit floats", fits)?;
        match self.kind(place) {
            Physical::FLOAT => {
                let values = self.sound(name, self.values::<FloatType>(place))?;
                Some(values.into_iter().map(f64::from).collect())
            }
            _ => self.sound(name, self.values::<DoubleType>(place)),
        }
    }

    /// A column of months: days of them as dates, or texts `YYYY-MM`.
    pub fn months(&self, name: &str) -> Option<Vec<Month>> {
        let fits = |kind, meant| kind == Physical::BYTE_ARRAY || meant == ConvertedType::DATE;
        let place = self.column(name, "dates, or texts YYYY-MM", fits)?;
        if self.kind(place) != Physical::BYTE_ARRAY {
            let days = self.sound(name, self.values::<Int32Type>(place))?;
            let months = days.into_iter().map(Month::of_unix_day);
            return Some(months.collect());
        }
        let texts = self.texts(name)?;
        let read = |word: &String| {
            let month = word.parse().ok();
            if month.is_none() {
                self.fault(name, format!("`{word}`"), "a month YYYY-MM", "");
            }
            month
        };
        let months: Vec<Option<Month>> = texts.words.iter().map(read).collect();
        texts.places.iter().map(|place| months[*place]).collect()
    }

    /// The place of a column of a type.
    fn column(
        &self,
        name: &str,
        expected: &str,
        fits: impl Fn(Physical, ConvertedType) -> bool,
    ) -> Option<usize> {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        let names: Vec<String> = schema.columns().iter().map(|c| c.path().string()).collect();
        let Some(place) = names.iter().position(|other| other == name) else {
            let hint = nearest(name, names.iter().map(String::as_str));
            let found = match names.is_empty() {
                true => "no column".to_owned(),
                false => listed(names.iter().map(String::as_str)),
            };
            self.fault(name, found, &format!("a column of {expected}"), &hint);
            return None;
        };
        let column = schema.column(place);
        if column.max_rep_level() > 0 || !fits(column.physical_type(), column.converted_type()) {
            let found = match column.converted_type() {
                ConvertedType::NONE => column.physical_type().to_string(),
                meant => format!("{} ({meant})", column.physical_type()),
            };
            self.fault(name, found, expected, "");
            return None;
        }
        Some(place)
    }

    fn kind(&self, place: usize) -> Physical {
        let schema = self.reader.metadata().file_metadata().schema_descr();
        schema.column(place).physical_type()
    }

    /// All values of a column.
    fn values<T: DataType>(&self, place: usize) -> Result<Vec<T::T>, Flaw> {
        sheltered(|| self.decoded::<T>(place)).unwrap_or_else(|error| Err(error.into()))
    }

    fn decoded<T: DataType>(&self, place: usize) -> Result<Vec<T::T>, Flaw> {
        let mut values = Vec::new();
        for group in 0..self.reader.num_row_groups() {
            let group = self.reader.get_row_group(group)?;
            let rows = group.metadata().num_rows().max(0) as usize;
            let column = group.get_column_reader(place)?;
            let Some(mut column) = T::get_column_reader(column) else {
                return Err(ParquetError::General("a column of two types".to_owned()).into());
            };
            let (mut levels, mut read) = (Vec::new(), 0);
            while read < rows {
                levels.clear();
                let before = values.len();
                let (records, ..) =
                    column.read_records(rows - read, Some(&mut levels), None, &mut values)?;
                if records == 0 {
                    return Err(ParquetError::General("rows are missing".to_owned()).into());
                }
                if values.len() - before < records {
                    return Err(Flaw::Null);
                }
                read += records;
            }
        }
        Ok(values)
    }

    fn sound<T>(&self, name: &str, values: Result<Vec<T>, Flaw>) -> Option<Vec<T>> {
        let found = match values {
            Ok(values) => return Some(values),
            Err(Flaw::Null) => "a row without value".to_owned(),
            Err(Flaw::Broken(error)) => format!("what cannot be read: {error}"),
        };
        let hint = "write it without compression or with Snappy, without nulls";
        self.fault(name, found, "a value in every row", hint);
        None
    }

    fn text(&self, name: &str, array: &ByteArray) -> Option<String> {
        let text = array.as_utf8().ok().map(str::to_owned);
        if text.is_none() {
            self.fault(name, "a byte that is not UTF-8".into(), "text in UTF-8", "");
        }
        text
    }
}

/// What a reader gives. The crate asserts some things that a spoilt page does not keep to; what it held is thrown away.
fn sheltered<T>(read: impl FnOnce() -> T) -> Result<T, ParquetError> {
    let caught = catch_unwind(AssertUnwindSafe(read));
    caught.map_err(|_| ParquetError::General("a page is spoilt".to_owned()))
}

fn put(folder: &Folder, file: &str, place: &str, found: String, expected: &str, hint: &str) {
    folder.fault(Fault {
        file: folder.shown(file),
        line: 0,
        place: place.to_owned(),
        found,
        expected: expected.to_owned(),
        hint: hint.to_owned(),
    });
}
