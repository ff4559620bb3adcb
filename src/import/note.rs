//! The comment lines above a file that was imported: what it is, whose it is, which bytes it came from.

use super::record::Record;
use super::source::{name_of, printable};
use super::{MARK, Request, option_fault};
use crate::inputs::folder::Folder;

/// Source and confidence of the numbers of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Voucher {
    /// The publication with the place as printed.
    pub(super) source: String,
    pub(super) confidence: String,
}

/// Who stands behind the numbers, with the `usual` confidence where none is named; a CSV file needs a source
/// that is named.
pub(super) fn voucher(
    folder: &Folder,
    request: &Request,
    record: &Record,
    usual: &str,
) -> Option<Voucher> {
    let publisher = request.source.as_deref().or(request.format.publisher());
    let Some(publisher) = publisher else {
        let expected = "the publication of the numbers";
        option_fault(folder, "--source", "nothing", expected, "");
        return None;
    };
    Some(Voucher {
        source: printable(&format!("{publisher}: {}", record.place)),
        confidence: request.confidence.as_deref().unwrap_or(usual).to_owned(),
    })
}

/// The comment lines, each ended; `more` are further ones.
pub(super) fn lines(
    folder: &Folder,
    request: &Request,
    voucher: &Voucher,
    more: &[String],
) -> String {
    let mut lines = vec![
        format!("{MARK} {}`", request.format.word()),
        format!("# source: {}", voucher.source),
        format!("# confidence: {}", voucher.confidence),
    ];
    let licence = request.licence.as_deref();
    let licence = licence.unwrap_or(request.format.licence());
    lines.push(format!("# licence: {licence}"));
    for file in &request.files {
        let name = name_of(file);
        let hash = folder.hash_of(file).unwrap_or_default();
        lines.push(format!("# file: {name}, sha256 {hash}"));
    }
    lines.extend(more.iter().map(|note| format!("# {note}")));
    let ended = lines.iter().map(|line| printable(line) + "\n");
    ended.collect()
}
