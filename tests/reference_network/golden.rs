//! Two months of the network as a golden case: its folder is that of the definition, its tables are the loop.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::measured::definition::WRITTEN;
use crate::measured::floor::{LAKE, RIVER_SERIES};
use crate::measured::{defined, folder, inflows};
use crate::{series_of, years};

/// Two summer months in which reservoirs run dry: small enough to be kept as a golden case.
const GOLDEN: &str = "1901-07..1901-08";

/// Files below a folder with their texts.
fn files_below(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            let text = std::fs::read_to_string(&path).expect("a text");
            files.insert(path, text);
        }
    }
    files
}

/// `RIVERSHARE_BLESS=1` writes them anew.
#[test]
fn the_golden_inputs_are_those_of_the_definition() {
    let period = years(GOLDEN);
    let write = |folder: &Path| {
        let inflow = inflows::inflows(inflows::SEED, period);
        folder::write(folder, period, &inflow).expect("written");
    };
    let golden = Path::new("tests/golden/reference-network/inputs");
    if std::env::var_os("RIVERSHARE_BLESS").is_some() {
        write(golden);
    }
    let fresh = tempfile::tempdir().expect("a folder");
    write(fresh.path());
    let below = |folder: &Path| {
        let files = files_below(folder).into_iter();
        let name = |path: PathBuf| path.strip_prefix(folder).expect("below").to_owned();
        files
            .map(|(path, text)| (name(path), text))
            .collect::<Vec<_>>()
    };
    assert!(below(golden) == below(fresh.path()), "bless and read");
}

/// The numbers of a column of a golden table in ML, by date and the name in its second column.
fn golden_ml(table: &str, column: &str) -> BTreeMap<(String, String), f64> {
    let folder = Path::new("tests/golden/reference-network/expected/baseline");
    let mut reader = csv::Reader::from_path(folder.join(table)).expect("a table");
    let header = reader.headers().expect("a header").clone();
    let place = header.iter().position(|name| name == column);
    let place = place.expect("the column");
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        let km3: f64 = row[place].parse().expect("a number");
        ((row[0].to_owned(), row[1].to_owned()), km3 * 1e6)
    });
    rows.collect()
}

#[test]
fn the_golden_tables_are_the_loop_written_by_hand() {
    let period = years(GOLDEN);
    let floor = defined::floor(period, inflows::inflows(inflows::SEED, period));
    let delivered = golden_ml("allocation_daily.csv", "delivered_km3");
    let returned = golden_ml("allocation_daily.csv", "returned_km3");
    let stored = golden_ml("storages_daily.csv", "storage_km3");
    let mut dates: Vec<&String> = stored.keys().map(|(date, _)| date).collect();
    dates.dedup();
    let rows = series_of(&floor, 1.0);
    assert_eq!((dates.len(), rows.len()), (62, 62));
    let mut short = 0;
    for (date, row) in dates.into_iter().zip(&rows) {
        let holds = |table: &BTreeMap<_, f64>, name: String, expected: f64| {
            let found = table[&(date.clone(), name.clone())];
            // Through hm³ and km³ and back: some last digits of storages of 500 000 ML.
            let bound = 1e-9 * expected.max(1.0);
            assert!(
                (found - expected).abs() <= bound,
                "{date}, {name}: {found} in place of {expected}"
            );
        };
        for (r, river) in WRITTEN.iter().enumerate() {
            let of = |place: usize| row[r * RIVER_SERIES + place];
            let n = r + 1;
            holds(&delivered, format!("Upstream user {n}"), of(1));
            holds(&stored, format!("Reservoir {n}"), of(3));
            holds(&delivered, format!("Town {n}"), of(5));
            holds(&delivered, format!("Irrigation {n}"), of(6));
            let kept = of(7).min(river.environment);
            holds(&delivered, format!("Environmental flow {n}"), kept);
            holds(&returned, format!("Irrigation {n}"), of(8));
            short += usize::from(kept < 0.5 * river.environment);
        }
        holds(&stored, "Lake".to_owned(), row[LAKE]);
    }
    // Want reaches the last class in both months.
    assert!(short > 10, "{short} days");
}
