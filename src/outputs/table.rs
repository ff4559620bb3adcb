//! A result table as the bytes of a plain CSV file.

use serde::Serialize;

use super::catalogue::TableEntry;

/// A table that is ready to be written.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its entry in the catalogue.
    pub entry: &'static TableEntry,
    /// The file: one header line, then rows.
    pub csv: Vec<u8>,
}

impl Table {
    /// The table of some rows, whose fields are its columns; a table without rows keeps its header.
    pub fn of<R: Serialize>(entry: &'static TableEntry, rows: impl IntoIterator<Item = R>) -> Self {
        let mut writer = csv::WriterBuilder::new()
            .has_headers(false)
            .from_writer(Vec::new());
        let header = entry.columns.iter().map(|column| column.name);
        // Writing to memory fails only where a row has not the columns of its entry: a fault of ours.
        let whole = "the row has the columns of its entry in the catalogue";
        writer.write_record(header).expect(whole);
        for row in rows {
            writer.serialize(row).expect(whole);
        }
        Self {
            entry,
            csv: writer.into_inner().expect(whole),
        }
    }

    /// Its path below the folder of results.
    pub fn path(&self) -> String {
        format!("tables/{}.csv", self.entry.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outputs::catalogue::FLOWS;

    #[test]
    fn numbers_read_back_to_the_same_float() {
        let numbers: [f64; 5] = [0.1 + 0.2, 1e-300, 123_456_789.012_345_67, -0.0, 1.0];
        let rows = numbers.map(|number| ("1961-01", "Boran, gauge", number, 2.0));
        let text = String::from_utf8(Table::of(&FLOWS, rows).csv).expect("UTF-8");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for (row, number) in reader.records().zip(numbers) {
            let cell: f64 = row.expect("a row")[2].parse().expect("a number");
            assert_eq!(cell.to_bits(), number.to_bits());
        }
        assert!(
            text.starts_with("date,place,flow_m3s,natural_flow_m3s\n1961-01,\"Boran, gauge\",")
        );
    }
}
