//! Members as files that can be laid over the inputs.

use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use super::shift::Shift;
use super::{csv, members};
use crate::cli::{Failure, Voice};
use crate::hydrology::generator::water::Supply;
use crate::hydrology::generator::{Generator, Values, ensemble};
use crate::inputs::folder::Folder;
use crate::outputs::folder::Folder as Results;
use crate::time::Period;

/// What is written.
pub(super) struct Export<'a> {
    pub(super) generator: &'a Generator,
    /// Hash of the generator's file.
    pub(super) hash: &'a str,
    /// Numbers of the members.
    pub(super) numbers: Range<u32>,
    pub(super) period: Period,
    pub(super) shift: Option<&'a Shift>,
    /// Whether all members go into one Parquet table.
    pub(super) is_table: bool,
}

/// The factor of a climate on a series in a month.
#[derive(Serialize)]
struct Factor<'a> {
    node: &'a str,
    water: &'static str,
    generated: bool,
    month: String,
    #[serde(rename = "factor")]
    value: f64,
}

impl Export<'_> {
    /// Writes a file for each site below `inputs`, and the factors of the climate; tells how many members.
    pub(super) fn write(&self, results: &Results, voice: Voice) -> Result<usize, Failure> {
        let supply = self.supply()?;
        let members: Vec<Values> = self
            .numbers
            .clone()
            .map(|member| self.member(member, supply.as_ref()))
            .collect();
        let (record, made_by) = (&self.generator.record, self.made_by());
        if self.is_table {
            let first = (self.period, self.numbers.start);
            let table = members::table(record, first, &members, &made_by)?;
            results.write(ensemble::TABLE, &table)?;
        } else {
            for (place, site) in record.sites.iter().enumerate() {
                let columns: Vec<&Vec<f64>> = members.iter().map(|values| &values[place]).collect();
                let text = ensemble::text(site, self.period, &columns, &made_by);
                results.write(&format!("inputs/{}", site.file), text.as_bytes())?;
            }
        }
        if let (Some(supply), Some(shift)) = (&supply, self.shift) {
            self.write_factors(supply, shift, results, voice)?;
        }
        Ok(members.len())
    }

    /// A member under the climate: sites × months.
    fn member(&self, member: u32, supply: Option<&Supply>) -> Values {
        let mut values = self.generator.member(member, self.period);
        for (site, months) in values.iter_mut().enumerate() {
            let factors = supply
                .and_then(|supply| supply.of_site(site))
                .unwrap_or_default();
            for (value, factor) in months.iter_mut().zip(factors) {
                *value *= factor;
            }
        }
        values
    }

    /// The water of the network under the climate; none where the record's own is kept.
    fn supply(&self) -> Result<Option<Supply<'_>>, Failure> {
        let Some(shift) = self.shift else {
            return Ok(None);
        };
        let folder = Folder::new(Path::new(""));
        let climate = Some(&shift.climate);
        let supply = Supply::of(
            &folder,
            self.generator,
            &shift.network,
            climate,
            self.period,
        );
        Ok(Some(folder.close(supply)?.0))
    }

    /// The generator, and what else made the members.
    fn made_by(&self) -> String {
        let Range { start, end } = self.numbers;
        let numbers = match start {
            1 => String::new(),
            first => format!(", members {first} to {}", end - 1),
        };
        let named = |shift: &Shift| format!(", climate `{}`", shift.climate.name);
        let climate = self.shift.map(named).unwrap_or_default();
        format!("generator {}{numbers}{climate}", self.hash)
    }

    fn write_factors(
        &self,
        supply: &Supply,
        shift: &Shift,
        results: &Results,
        voice: Voice,
    ) -> Result<(), Failure> {
        let rows = supply.rows.iter().enumerate();
        let factors = rows.clone().flat_map(|(place, row)| {
            let months = self.period.months().zip(&row.factors);
            months.map(move |(month, factor)| Factor {
                node: &shift.network.nodes[row.node].name,
                water: row.water.word(),
                generated: supply.is_generated(place),
                month: month.to_string(),
                value: *factor,
            })
        });
        let factors: Vec<Factor> = factors.collect();
        results.write("tables/climate_factors.csv", &csv(&factors))?;
        let changes = |factors: &[f64]| factors.iter().any(|factor| *factor != 1.0);
        let left =
            rows.filter(|(place, row)| !supply.is_generated(*place) && changes(&row.factors));
        let text = format!(
            "climate `{}`; {} series of the inputs change that are not generated: tables/climate_factors.csv",
            shift.climate.name,
            left.count()
        );
        voice.say("climate", &text);
        Ok(())
    }
}
