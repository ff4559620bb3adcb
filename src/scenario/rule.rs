//! `[[rule]]`: another operation of a reservoir.

use crate::inputs::quantity::Spelling;
use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::network::storage::Operation;
use crate::time::Month;
use crate::units::Quantity;

/// What a scenario says of the operation of a reservoir; what it leaves out stays as the network has it.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleChange {
    /// Name of the reservoir.
    pub reservoir: String,
    /// First month in which it holds; the beginning where left out.
    pub from: Option<Month>,
    /// Storages to keep, hm³.
    pub target: Option<Amount>,
    /// Least releases, m³/s.
    pub release: Option<Amount>,
    /// Most that the outlets release, m³/s.
    pub maximum_release_m3s: Option<f64>,
    /// What all zones are multiplied by.
    pub zone_factor: Option<f64>,
}

/// Numbers in the place of others, or a multiple of these.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// One for each calendar month, m³/s or hm³, and how they are written.
    Months([f64; 12], Spelling),
    /// What the numbers of all months are multiplied by.
    Factor(f64),
}

/// Keys of the factors.
pub const TARGET_FACTOR: &str = "target_factor";
/// Of the least release.
pub const RELEASE_FACTOR: &str = "release_factor";
/// Of the zones.
pub const ZONE_FACTOR: &str = "zone_factor";

const MAXIMUM_RELEASE: &str = "maximum_release";

impl RuleChange {
    /// Reads a `[[rule]]` table.
    pub fn read(table: &Table) -> Option<Self> {
        let reservoir = table.text("reservoir");
        let from = table.optional_month("from");
        let target = Amount::read(table, "target_storage", Quantity::Volume, TARGET_FACTOR);
        let release = Amount::read(table, "release", Quantity::Flow, RELEASE_FACTOR);
        let most = table.optional_quantity(MAXIMUM_RELEASE, Quantity::Flow, Range::NotNegative);
        let zones = table.optional_number(ZONE_FACTOR, Range::NotNegative);
        let has_most = table.has_quantity(MAXIMUM_RELEASE, Quantity::Flow);
        let is_empty = matches!((&target, &release), (Ok(None), Ok(None)));
        if is_empty && !has_most && !table.has(ZONE_FACTOR) {
            refuse_empty(table);
        }
        Some(Self {
            reservoir: reservoir?,
            from,
            target: target.ok()?,
            release: release.ok()?,
            maximum_release_m3s: most,
            zone_factor: zones,
        })
    }

    fn holds(&self, month: Month) -> bool {
        self.from.is_none_or(|from| from <= month)
    }

    /// Changes the operation of a month in which the dam works. No target is above the full storage.
    pub fn change(&self, operation: &mut Operation, month: Month) {
        if !self.holds(month) {
            return;
        }
        if let Some(target) = &self.target {
            let target = target.of(operation.target_hm3, month);
            operation.target_hm3 = target.min(operation.full_hm3);
        }
        if let Some(release) = &self.release {
            operation.least_m3s = release.of(operation.least_m3s, month);
        }
        operation.most_m3s = self.maximum_release_m3s.unwrap_or(operation.most_m3s);
    }

    /// What a zone is multiplied by in a month.
    pub fn times_zone(&self, month: Month) -> f64 {
        let factor = self.zone_factor.filter(|_| self.holds(month));
        factor.unwrap_or(1.0)
    }
}

impl Amount {
    /// Reads twelve quantities or a factor of what is there; an error where they cannot be read, or both are there.
    fn read(
        table: &Table,
        stem: &str,
        quantity: Quantity,
        factor: &str,
    ) -> Result<Option<Self>, ()> {
        let (spelling, has) = (
            table.spelling(stem, quantity),
            table.has_quantity(stem, quantity),
        );
        let months = table.optional_twelve(stem, quantity);
        let times = table.optional_number(factor, Range::NotNegative);
        match (has, table.has(factor)) {
            (false, false) => Ok(None),
            (true, false) => months
                .map(|months| Some(Self::Months(months, spelling)))
                .ok_or(()),
            (false, true) => times.map(|times| Some(Self::Factor(times))).ok_or(()),
            (true, true) => {
                let found = format!("`{}` and `{factor}`", spelling.name);
                let expected = "one of the two".to_owned();
                table.fault(factor, found, expected, String::new());
                Err(())
            }
        }
    }

    /// The number in the place of another one.
    fn of(&self, was: f64, month: Month) -> f64 {
        match self {
            Self::Months(months, _) => months[month.index()],
            Self::Factor(factor) => was * factor,
        }
    }
}

/// Puts down that a table changes nothing, unless one of its keys is misspelt.
fn refuse_empty(table: &Table) {
    let quantities = [
        ("target_storage", Quantity::Volume),
        ("release", Quantity::Flow),
        (MAXIMUM_RELEASE, Quantity::Flow),
    ];
    let spelt = quantities.map(|(stem, quantity)| Spelling::all(stem, quantity));
    let spelt = spelt.iter().flatten().map(|key| key.name.as_str());
    let factors = [TARGET_FACTOR, RELEASE_FACTOR, ZONE_FACTOR];
    let keys: Vec<&str> = spelt.chain(factors).collect();
    let expected = "what is changed: `target_storage_km3` or `target_factor`, `release_m3s` or `release_factor`, \
                    `maximum_release_m3s`, `zone_factor`";
    table.lacks(&keys, expected);
}
