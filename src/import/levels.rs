//! Levels of a lake as observations: a row for each month in which a satellite passed. Gaps stay gaps.

use super::months::{joined, means};
use super::note::{lines, voucher};
use super::record::Record;
use super::{Imported, Request, files_fault, option_fault};
use crate::faults::{counted, nearest};
use crate::inputs::folder::Folder;
use crate::observations::COLUMNS;

/// Refuses a place that is not named, or is none of the lakes, where these are known.
fn refuse_unknown_place(folder: &Folder, request: &Request) {
    let Some(place) = &request.place else {
        let expected = "the lake or body of a lake of the network whose level this is";
        option_fault(folder, "--place", "nothing", expected, "");
        return;
    };
    if let Some(lakes) = request
        .lakes
        .as_ref()
        .filter(|lakes| !lakes.contains(place))
    {
        let hint = nearest(place, lakes.iter().map(String::as_str));
        let expected = "the name of a lake, reservoir or body of a lake of the network";
        option_fault(folder, "--place", &format!("`{place}`"), expected, &hint);
    }
}

/// The observations of some records.
pub(super) fn observations(
    folder: &Folder,
    request: &Request,
    records: &[Record],
) -> Option<Imported> {
    if !request.methods.is_empty() {
        let hint = "leave it out: an observation that was not made is no observation";
        let expected = "no filling of levels, which may have gaps";
        option_fault(folder, "--fill", "a method", expected, hint);
    }
    refuse_unknown_place(folder, request);
    // The datum of the network may not be that of the file, whatever the passes are worth.
    let voucher = voucher(folder, request, &records[0], "medium");
    let mut months = joined(records.iter().map(|r| means(r, 0)).collect());
    months.retain(|month, mean| {
        mean.value.is_some() && request.period.is_none_or(|period| period.contains(*month))
    });
    if months.is_empty() {
        let expected = "at least one month with a level";
        let hint = "is --period outside the record?";
        let found = "no month with a level".to_owned();
        files_fault(folder, request, found, expected, hint);
    }
    let (voucher, place) = (voucher?, request.place.as_ref()?);
    let shift = request.shift_m.unwrap_or(0.0);
    let reference = records[0].reference.as_deref();
    let notes = [
        format!(
            "heights of the file are above: {}",
            reference.unwrap_or("not stated in it")
        ),
        format!("added to each: {shift} m"),
        "mean of the passes of a month; uncertainty: mean of their stated errors".to_owned(),
    ];
    let mut text = lines(folder, request, &voucher, &notes).into_bytes();
    let mut writer = csv::WriterBuilder::new().from_writer(&mut text);
    let mut written = writer.write_record(COLUMNS);
    for (month, mean) in &months {
        let month = month.to_string();
        let level = format!("{:.3}", mean.value.unwrap_or_default() + shift);
        let error = mean
            .error
            .map_or(String::new(), |error| format!("{error:.3}"));
        let (source, confidence) = (&voucher.source, &voucher.confidence);
        let row: [&str; 10] = [
            place, "level", "mean", &month, &month, &level, "m", &error, source, confidence,
        ];
        written = written.and_then(|()| writer.write_record(row));
    }
    written.and_then(|()| Ok(writer.flush()?)).ok()?;
    drop(writer);
    let first = months.keys().next()?;
    let last = months.keys().next_back()?;
    let gaps = (last.since(*first) + 1) as usize - months.len();
    Some(Imported {
        text: String::from_utf8(text).ok()?,
        summary: format!(
            "{}: {} of level, {first}..{last}, {} without a pass",
            records[0].place,
            counted(months.len(), "month"),
            counted(gaps, "month")
        ),
        warnings: Vec::new(),
    })
}
