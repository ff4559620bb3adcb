//! What a file of `batches` says: a base, axes, members, and what is to be told.

use super::design::Design;
use super::signal::What;
use crate::inputs::folder::Folder;
use crate::inputs::origin::Origin;
use crate::inputs::range::Range;
use crate::inputs::table::Table;

/// A file of the folder `batches`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A line that says what it shows.
    pub title: String,
    /// Scenario that every run starts from.
    pub base: String,
    /// File of the folder `generators`, without ending; none where the water is that of the base.
    pub generator: Option<String>,
    /// Members of each run.
    pub members: u32,
    /// Climate of all runs that name none of their own.
    pub climate: Option<String>,
    /// Whether salt is followed.
    pub salinity: bool,
    /// Whether each member is set beside its natural twin.
    pub natural: bool,
    /// Most that may be written, in units of 10⁹ bytes.
    pub max_output_gb: f64,
    /// Years whose mean level is told of each terminal lake.
    pub level_years: Vec<i32>,
    /// Levels and flows below which months are counted.
    pub thresholds: Vec<Threshold>,
    /// The run from which the others differ, from 1.
    pub reference: u32,
    /// The runs.
    pub design: Design,
    /// What is kept beside measures.
    pub record: Record,
    /// The place of its keys.
    pub written: Origin,
}

/// A level or flow below which months are counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// Lake or node.
    pub place: String,
    /// Levels, m, or flows, m³/s.
    pub below: Vec<f64>,
    /// Whether they are levels.
    pub is_level: bool,
    /// The place of its keys.
    pub written: Origin,
}

/// Series that are kept beside measures.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Runs, from 1; all where none is named and there are few.
    pub runs: Option<Vec<u32>>,
    /// Series of which quantiles are told; levels of terminal lakes and flows over borders where none is named.
    pub series: Vec<Recorded>,
}

/// A series that is kept.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// What it tells.
    pub what: What,
    /// Lake, body, node, user, plant or flood.
    pub place: String,
    /// Whether every month is told, and not only the years.
    pub by_month: bool,
    /// Whether the months of every member are written.
    pub full: bool,
    /// The place of its keys.
    pub written: Origin,
}

/// Runs of which series are kept where the file names none.
pub const FEW_RUNS: usize = 50;

impl Settings {
    /// Reads a file; none where a fault was put down.
    pub fn read(folder: &Folder, file: &str) -> Option<Self> {
        let table = Table::root(folder, file, "the command line")?;
        let (title, base) = (table.text("title"), table.text("base"));
        let generator = table.optional_text("generator");
        let members = table.optional_count("members", 1).unwrap_or(1);
        let climate = table.optional_text("climate");
        let salinity = table.flag("salinity", true);
        let natural = table.flag("natural", false);
        let max_output = table.optional_number("max_output_gb", Range::Positive);
        let level_years = whole_numbers(&table, "level_years", "years").unwrap_or_default();
        let reference = table.optional_count("reference_run", 1).unwrap_or(1);
        let thresholds: Vec<_> = table
            .tables("threshold")
            .iter()
            .map(Threshold::read)
            .collect();
        let design = Design::read(&table);
        let runs = design.as_ref().map(Design::runs);
        let record = table.table("record");
        let record = record.map(|record| Record::read(&record, runs));
        if generator.is_none() && members > 1 {
            let expected = "one member, or a `generator` that makes more".to_owned();
            table.fault("members", format!("{members}"), expected, String::new());
        }
        if let Some(design) = &design
            && reference as usize > design.runs()
        {
            let expected = format!("a run from 1 to {}", design.runs());
            table.fault(
                "reference_run",
                format!("{reference}"),
                expected,
                String::new(),
            );
        }
        table.finish();
        let settings = Self {
            title: title?,
            base: base?,
            generator,
            members,
            climate,
            salinity,
            natural,
            max_output_gb: max_output.unwrap_or(2.0),
            level_years,
            thresholds: thresholds.into_iter().collect::<Option<_>>()?,
            reference,
            design: design?,
            record: record.unwrap_or(Some(Record::default()))?,
            written: table.origin(),
        };
        folder.is_sound().then_some(settings)
    }

    /// Whether the series of a run, from 0, are kept.
    pub fn keeps(&self, run: usize) -> bool {
        match &self.record.runs {
            Some(runs) => runs.contains(&(run as u32 + 1)),
            None => self.design.runs() <= FEW_RUNS,
        }
    }
}

impl Threshold {
    fn read(table: &Table) -> Option<Self> {
        let place = table.text("place");
        let level = table.one_or_more("level_m", Range::Finite);
        let flow = table.one_or_more("flow_m3s", Range::NotNegative);
        if table.has("level_m") == table.has("flow_m3s") {
            table.lacks(&["level_m", "flow_m3s"], "either levels or flows");
        }
        table.finish();
        let is_level = level.is_some();
        Some(Self {
            place: place?,
            below: level.or(flow)?,
            is_level,
            written: table.origin(),
        })
    }
}

impl Record {
    /// Reads `[record]` of a batch of so many runs.
    fn read(table: &Table, of: Option<usize>) -> Option<Self> {
        let runs = whole_numbers(table, "runs", "numbers of runs");
        let strange = |run: &&i32| **run < 1 || of.is_some_and(|of| **run as usize > of);
        if let Some(run) = runs.iter().flatten().find(strange) {
            let expected = format!("runs from 1 to {}", of.unwrap_or(1));
            table.fault("runs", format!("{run}"), expected, String::new());
        }
        let runs = match table.has("runs") {
            true => Some(runs?.into_iter().map(|run| run as u32).collect()),
            false => None,
        };
        let series: Vec<_> = table.tables("series").iter().map(Recorded::read).collect();
        table.finish();
        Some(Self {
            runs,
            series: series.into_iter().collect::<Option<_>>()?,
        })
    }
}

impl Recorded {
    fn read(table: &Table) -> Option<Self> {
        let words = What::words();
        let (what, place) = (table.word("quantity", &words), table.text("place"));
        let step = table.optional_word("step", &["year", "month"]);
        let full = table.flag("full", false);
        table.finish();
        Some(Self {
            what: What::of(&what?)?,
            place: place?,
            by_month: step.as_deref() == Some("month"),
            full,
            written: table.origin(),
        })
    }
}

/// A list of whole numbers, which a key may hold.
fn whole_numbers(table: &Table, key: &str, meaning: &str) -> Option<Vec<i32>> {
    if !table.has(key) {
        return None;
    }
    let numbers = table.numbers(key, Range::Finite)?;
    if let Some(part) = numbers.iter().find(|number| number.fract() != 0.0) {
        let expected = format!("{meaning}, which are whole");
        table.fault(key, format!("the number {part}"), expected, String::new());
        return None;
    }
    Some(numbers.into_iter().map(|number| number as i32).collect())
}
