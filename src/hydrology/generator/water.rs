//! All water of a network in a member under a climate (equation E62): which numbers stand for which node.

use super::Generator;
use crate::faults::Fault;
use crate::hydrology::climate::{Climate, Place, Water};
use crate::inputs::folder::Folder;
use crate::network::{Network, NodeKind};
use crate::time::Period;

/// The water of a network over a period under a climate, ready for its members.
#[derive(Clone, Debug)]
pub struct Supply<'a> {
    generator: &'a Generator,
    period: Period,
    /// One row for each flow, rain and evaporation of the network, in order of the nodes.
    pub rows: Vec<Row>,
}

/// A flow, rain or evaporation at a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Node of the network.
    pub node: usize,
    /// What of it.
    pub water: Water,
    /// Where its numbers come from.
    source: Source,
    /// Factor of the climate, one a month of the period.
    pub factors: Vec<f64>,
}

/// Where the numbers of a row come from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    /// A site of the record, of which a part enters here.
    Generated { site: usize, fraction: f64 },
    /// The inputs: months that recur, or a series that is not generated.
    Inputs,
}

/// The numbers of a row in a member, one a month of the period.
#[derive(Clone, Debug, PartialEq)]
pub enum Course<'a> {
    /// These, in place of what the inputs say: m³/s, of which no part is left to be taken, or mm a month.
    Values(Vec<f64>),
    /// What the inputs say times these.
    Factors(&'a [f64]),
}

impl<'a> Supply<'a> {
    /// The rows of a network; `climate` is that of the record where none is named.
    ///
    /// A fault is put down for each site of the record whose series the network does not take.
    pub fn of(
        folder: &Folder,
        generator: &'a Generator,
        network: &Network,
        climate: Option<&Climate>,
        period: Period,
    ) -> Option<Self> {
        let nodes = Place::all(network);
        let rows: Vec<Row> = nodes
            .flat_map(|(node, place)| {
                place
                    .waters()
                    .iter()
                    .map(move |water| (node, place, *water))
            })
            .map(|(node, place, water)| Row {
                node,
                water,
                source: source(generator, &network.nodes[node].kind, water),
                factors: factors(climate, &place, water, period),
            })
            .collect();
        let supply = Self {
            generator,
            period,
            rows,
        };
        supply.refuse_strangers(folder).then_some(supply)
    }

    /// The numbers of all rows in a member, in order of the rows; members are counted from 1.
    pub fn member(&self, member: u32) -> Vec<Course<'_>> {
        let values = self.generator.member(member, self.period);
        let course = |row: &'_ Row| match row.source {
            Source::Generated { site, fraction } => {
                let months = values[site].iter().zip(&row.factors);
                Some(
                    months
                        .map(|(value, factor)| value * factor * fraction)
                        .collect(),
                )
            }
            Source::Inputs => None,
        };
        let rows = self.rows.iter();
        rows.map(|row| course(row).map_or(Course::Factors(&row.factors), Course::Values))
            .collect()
    }

    /// The factors of a site's series: those of the first node that takes it.
    pub fn of_site(&self, site: usize) -> Option<&[f64]> {
        let takes =
            |row: &&Row| matches!(row.source, Source::Generated { site: own, .. } if own == site);
        self.rows.iter().find(takes).map(|row| &*row.factors)
    }

    /// Whether a row's numbers come from the generator.
    pub fn is_generated(&self, row: usize) -> bool {
        self.rows[row].source != Source::Inputs
    }

    /// Refuses sites whose series no node takes.
    fn refuse_strangers(&self, folder: &Folder) -> bool {
        let sites = self.generator.record.sites.iter().enumerate();
        let strangers = sites.filter(|(place, _)| self.of_site(*place).is_none());
        let mut known = true;
        for (_, site) in strangers {
            known = false;
            folder.fault(Fault {
                file: folder.shown(&site.file),
                line: 0,
                place: String::new(),
                found: format!("no node takes the series of the site `{}`", site.name),
                expected: "the network that the generator was fitted to".to_owned(),
                hint: String::new(),
            });
        }
        known
    }
}

/// The site that a node takes its water from.
fn source(generator: &Generator, kind: &NodeKind, water: Water) -> Source {
    let fraction = match kind {
        NodeKind::Inflow(inflow) => inflow.fraction,
        _ => 1.0,
    };
    let site = generator.record.site_of(kind, water);
    site.map_or(Source::Inputs, |site| Source::Generated { site, fraction })
}

fn factors(climate: Option<&Climate>, place: &Place, water: Water, period: Period) -> Vec<f64> {
    let factor = |month| climate.map_or(1.0, |climate| climate.factor(place, water, month));
    period.months().map(factor).collect()
}
