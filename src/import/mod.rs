//! Files of other archives as files of this project: flows as a series, levels of lakes as observations.
//!
//! One format a file. Each gives a [`record::Record`]; from there on all go the same way: means of months, gaps, text.

mod archive;
mod arcticnet;
mod dahiti;
mod fill;
mod flows;
mod grdc;
mod grealm;
mod hydroweb;
mod levels;
mod months;
mod note;
mod record;
mod source;
mod table;
mod years;

use std::path::Path;

pub use archive::{Format, NotAFormat};
pub use fill::{Method, NotAMethod};
pub use table::Layout;

use crate::faults::{Fault, Faults};
use crate::inputs::folder::Folder;
use crate::time::Period;
use record::{Measured, Record};
use source::Source;

/// First words of every file that is written here.
pub const MARK: &str = "# imported by `rivershare import";

/// What is to be imported, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// Format of all files.
    pub format: Format,
    /// Files of one station or lake: a month is that of the first file that has it.
    pub files: Vec<String>,
    /// Months that are wanted; from the first to the last with a value where not named.
    pub period: Option<Period>,
    /// Most days of a month without a flow.
    pub missing_days: u32,
    /// How gaps of flows are filled, in this order.
    pub methods: Vec<Method>,
    /// Longest gap, months, that a line bridges.
    pub longest_line: usize,
    /// Series of this project that a regression rests on.
    pub neighbour: Option<String>,
    /// Station: which one of a table of several, or the name of one that a CSV file does not name.
    pub station: Option<String>,
    /// How a CSV file is to be read.
    pub layout: Layout,
    /// Lake or body of a lake of the network, whose level is observed.
    pub place: Option<String>,
    /// Names that `place` may be; none where no network is known.
    pub lakes: Option<Vec<String>>,
    /// Metres to add to levels, from the reference of the file to that of the network.
    pub shift_m: Option<f64>,
    /// Publication, in place of the archive's.
    pub source: Option<String>,
    /// Terms, in place of the archive's.
    pub licence: Option<String>,
    /// `high`, `medium` or `low`; where not named high of flows, medium of levels and where a month is filled.
    pub confidence: Option<String>,
}

/// A file that can be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// Its text.
    pub text: String,
    /// What it holds, in one line.
    pub summary: String,
    /// What the user should know of it.
    pub warnings: Vec<String>,
}

/// Reads the files of a request; nothing is written.
///
/// # Errors
/// All faults of the files and of the request.
pub fn import(request: &Request) -> Result<Imported, Faults> {
    let folder = Folder::new(Path::new(""));
    let imported = whole(&folder, request);
    folder.close(imported).map(|(imported, _)| imported)
}

fn whole(folder: &Folder, request: &Request) -> Option<Imported> {
    let wanted_by = format!("`rivershare import {}`", request.format.word());
    let mut read = Vec::new();
    for file in &request.files {
        let source = Source::open(folder, file, &wanted_by);
        let record = source.and_then(|source| {
            let record = record(&source, request)?;
            months::refuse_repeated(&source, &record);
            Some(record)
        });
        read.push(record);
    }
    let records = read.into_iter().collect::<Option<Vec<Record>>>()?;
    is_one_place(folder, request, &records);
    let first = records.first().filter(|_| folder.is_sound())?;
    match first.measured {
        Measured::Flow => flows::series(folder, request, &records),
        Measured::Level => levels::observations(folder, request, &records),
    }
}

fn record(source: &Source, request: &Request) -> Option<Record> {
    let station = request.station.as_deref();
    match request.format {
        Format::Grdc => grdc::read(source, request.missing_days),
        Format::ArcticNet => arcticnet::read(source, station),
        Format::Hydroweb => hydroweb::read(source),
        Format::Dahiti => dahiti::read(source),
        Format::Grealm => grealm::read(source, request.shift_m.is_some()),
        Format::Csv => table::read(source, &request.layout, station),
    }
}

/// Refuses files of several stations, lakes or references.
fn is_one_place(folder: &Folder, request: &Request, records: &[Record]) {
    // A CSV file says nothing of its place.
    if request.format == Format::Csv {
        return;
    }
    for (file, record) in request.files.iter().zip(records).skip(1) {
        let pairs = [
            (Some(&record.place), Some(&records[0].place)),
            (record.reference.as_ref(), records[0].reference.as_ref()),
        ];
        let other = pairs
            .into_iter()
            .find(|(found, expected)| found != expected);
        if let Some((found, expected)) = other {
            let told = |text: Option<&String>| text.map_or("nothing", String::as_str).to_owned();
            folder.fault(Fault {
                file: folder.shown(file),
                line: 0,
                place: String::new(),
                found: told(found),
                expected: format!("{}, as in {}", told(expected), request.files[0]),
                hint: "import one station or lake at a time".to_owned(),
            });
        }
    }
}

/// The fault of all files together.
fn files_fault(folder: &Folder, request: &Request, found: String, expected: &str, hint: &str) {
    folder.fault(Fault {
        file: request.files.join(", "),
        line: 0,
        place: String::new(),
        found,
        expected: expected.to_owned(),
        hint: hint.to_owned(),
    });
}

/// The fault of an option.
fn option_fault(folder: &Folder, option: &str, found: &str, expected: &str, hint: &str) {
    folder.fault(Fault {
        file: "command line".to_owned(),
        line: 0,
        place: option.to_owned(),
        found: found.to_owned(),
        expected: expected.to_owned(),
        hint: hint.to_owned(),
    });
}
