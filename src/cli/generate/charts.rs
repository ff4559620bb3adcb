//! Charts of an ensemble beside its record.

use crate::hydrology::climate::Water;
use crate::hydrology::generator::comparison::{ALL_RIVERS, Row};
use crate::hydrology::generator::record::Record;
use crate::hydrology::generator::statistics::{quantile, rising};
use crate::hydrology::generator::{Generator, Values};
use crate::outputs::chart::{Band, Chart, Content, Dash, Line, LineStyle, Panel, ProfileLine};

/// Colours as places in the palette: ensemble and record.
const ENSEMBLE: usize = 0;
const RECORD: usize = 1;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Volume of all rivers by year in the record and in each member, km³.
pub(super) struct Years<'r> {
    record: &'r Record,
    members: Vec<Vec<f64>>,
}

impl<'r> Years<'r> {
    /// Without members.
    pub(super) fn new(record: &'r Record) -> Self {
        let members = Vec::new();
        Self { record, members }
    }

    /// Adds a member.
    pub(super) fn add(&mut self, values: &Values) {
        self.members.push(self.volumes(values));
    }

    fn volumes(&self, values: &[Vec<f64>]) -> Vec<f64> {
        let mut volumes = vec![0.0; self.record.years()];
        let rivers = self.record.sites.iter().zip(values);
        for (_, values) in rivers.filter(|(site, _)| site.quantity == Water::Flow) {
            let months = self.record.period().months();
            for ((step, month), flow) in months.enumerate().zip(values) {
                volumes[step / 12] += flow * month.seconds() / 1e9;
            }
        }
        volumes
    }

    fn line(&self, name: &str, volumes: Vec<f64>, style: LineStyle) -> Line {
        Line {
            name: name.to_owned(),
            x: self.x(),
            y: volumes,
            style,
        }
    }

    fn x(&self) -> Vec<f64> {
        let first = f64::from(self.record.first_year) + 0.5;
        (0..self.record.years())
            .map(|year| first + year as f64)
            .collect()
    }

    /// The record, the range of the members, and the first of them.
    fn panel(&self) -> Panel {
        let of_year = |year: usize| -> Vec<f64> {
            let all: Vec<f64> = self.members.iter().map(|member| member[year]).collect();
            rising(&all)
        };
        let edge = |below: f64| {
            let years = 0..self.record.years();
            years.map(|year| quantile(&of_year(year), below)).collect()
        };
        let band = Band {
            name: "95 % of the members".to_owned(),
            x: self.x(),
            low: edge(0.025),
            high: edge(0.975),
            colour: ENSEMBLE,
        };
        let own: Values = self.record.values();
        let first = self.members.first().cloned().unwrap_or_default();
        let lines = vec![
            self.line("record", self.volumes(&own), LineStyle::solid(RECORD)),
            self.line("one member", first, LineStyle::dashed(ENSEMBLE)),
        ];
        Panel {
            title: "Volume of a year".to_owned(),
            y_label: "km³ a year".to_owned(),
            content: Content::Time {
                bands: vec![band],
                lines,
                points: Vec::new(),
                thresholds: Vec::new(),
                include_zero: true,
            },
        }
    }
}

/// The charts of a comparison; none without members.
pub(super) fn charts(generator: &Generator, rows: &[Row], years: &Years, hash: &str) -> Vec<Chart> {
    if years.members.is_empty() {
        return Vec::new();
    }
    let mut notes = vec![format!(
        "{} members, seed {}.",
        years.members.len(),
        generator.seed
    )];
    let words = years.record.reconstructed();
    if !words.is_empty() {
        notes.push(format!(
            "The record is reconstructed ({}), not measured.",
            words.join(", ")
        ));
    }
    notes.push(format!(
        "rivershare {} · generator {hash}",
        env!("CARGO_PKG_VERSION")
    ));
    let chart = |stem: &str, title: &str, panels: Vec<Panel>| Chart {
        stem: stem.to_owned(),
        title: title.to_owned(),
        subtitle: generator.title.clone(),
        panels,
        has_one_scale: false,
        notes: notes.clone(),
    };
    let statistics = [
        ("mean", "Mean flow", "m³/s"),
        ("variation", "Coefficient of variation", "ratio"),
        ("skewness", "Skewness", "skewness"),
        (
            "lag-1 correlation",
            "Correlation with the month before",
            "correlation",
        ),
    ];
    let by_month =
        statistics.map(|(statistic, title, unit)| by_month(rows, statistic, title, unit));
    vec![
        chart(
            "months",
            "All rivers by month: record and ensemble",
            by_month.to_vec(),
        ),
        chart(
            "years",
            "All rivers by year: record and ensemble",
            vec![years.panel()],
        ),
    ]
}

fn by_month(rows: &[Row], statistic: &str, title: &str, unit: &str) -> Panel {
    let of_all = rows
        .iter()
        .filter(|row| row.site == ALL_RIVERS && row.statistic == statistic);
    let of_all: Vec<&Row> = of_all.collect();
    let line = |name: &str, style: LineStyle, value: fn(&Row) -> f64| ProfileLine {
        name: name.to_owned(),
        values: of_all.iter().map(|row| value(row)).collect(),
        style,
    };
    let edge = LineStyle::new(Dash::Dotted, ENSEMBLE);
    Panel {
        title: title.to_owned(),
        y_label: unit.to_owned(),
        content: Content::Profile {
            places: MONTHS.map(str::to_owned).to_vec(),
            lines: vec![
                line("record", LineStyle::solid(RECORD), |row| row.record),
                line("mean of the members", LineStyle::dashed(ENSEMBLE), |row| {
                    row.ensemble
                }),
                line("2.5 % of the members lie below", edge, |row| row.low),
                line("97.5 % of the members lie below", edge, |row| row.high),
            ],
            points: Vec::new(),
        },
    }
}
