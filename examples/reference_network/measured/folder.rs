//! Writes the reference network as a folder of inputs.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use rivershare::time::Period;

use super::definition::{
    EVAPORATION, IRRIGATION_FACTOR, LAKE_AREA, LAKE_START, UPSTREAM_FACTOR, WRITTEN, Written,
};
use super::floor::{Area, RIVERS};

/// Last volume of the lake's curve, ML. The area goes on along the same line above it.
const LAKE_TOP: f64 = 1_000_000.0;

/// The keys that every table with a number needs.
const SOURCE: &str = "source = \"assumption: docs/reference-network.md\"\nconfidence = \"low\"\n";

/// The lines that every CSV file needs.
const CSV_SOURCE: &str = "# source: assumption: docs/reference-network.md\n# confidence: low\n";

/// Writes the folder `inputs` of the network for these months and this inflow of each day.
///
/// # Errors
/// Where a file cannot be written.
pub(crate) fn write(inputs: &Path, period: Period, inflow: &[[f64; RIVERS]]) -> io::Result<()> {
    let basin = inputs.join("basins/reference");
    std::fs::create_dir_all(&basin)?;
    std::fs::create_dir_all(inputs.join("scenarios"))?;
    std::fs::write(inputs.join("model.toml"), MODEL)?;
    std::fs::write(inputs.join("scenarios/baseline.toml"), scenario(period))?;
    std::fs::write(inputs.join("initial_states.toml"), states(period))?;
    std::fs::write(basin.join("network.toml"), network())?;
    for (river, written) in WRITTEN.iter().enumerate() {
        let number = river + 1;
        let series = series(period, inflow.iter().map(|day| day[river]));
        std::fs::write(basin.join(format!("inflow_{number}.csv")), series)?;
        let curve = curve(written.area, written.full);
        std::fs::write(basin.join(format!("reservoir_{number}_curve.csv")), curve)?;
    }
    std::fs::write(basin.join("lake_curve.csv"), curve(LAKE_AREA, LAKE_TOP))
}

const MODEL: &str = r#"title = "Reference network: three rivers into one lake"
scenario = "baseline"
parties = ["Upper", "Lower"]
"#;

fn scenario(period: Period) -> String {
    format!(
        "title = \"Three rivers by the day\"\nperiod = \"{period}\"\ntime_step = \"day\"\ndaily_tables = true\n"
    )
}

fn states(period: Period) -> String {
    let reservoirs = WRITTEN.iter().enumerate();
    let reservoirs = reservoirs.map(|(r, river)| (format!("Reservoir {}", r + 1), river.start));
    let mut text = String::new();
    for (name, start) in reservoirs.chain([("Lake".to_owned(), LAKE_START)]) {
        let date = period.first;
        let state = format!("storage = \"{name}\"\ndate = \"{date}\"\nstorage_ml = {start}");
        // Writing to a text cannot fail.
        let _ = writeln!(text, "[[state]]\n{state}\n{SOURCE}");
    }
    text
}

fn network() -> String {
    let rivers = WRITTEN.iter().enumerate();
    let rivers: String = rivers
        .map(|(r, river)| river_tables(r + 1, river))
        .collect();
    let evaporation = list(EVAPORATION);
    format!(
        r#"name = "Reference"

{rivers}[[lake]]
name = "Lake"
party = "Lower"
curve = "lake_curve.csv"
evaporation_method = "start-area"
precipitation_mm_per_day = 0
evaporation_mm_per_day = {evaporation}
{SOURCE}"#
    )
}

/// The tables of one river, downstream.
fn river_tables(n: usize, river: &Written) -> String {
    [
        format!(
            "[[inflow]]\nname = \"Headwater {n}\"\nparty = \"Upper\"\nriver = \"River {n}\"\nflow = \"inflow_{n}.csv\"\n\n"
        ),
        node("junction", &format!("Upstream intake {n}"), "Upper"),
        node("gauge", &format!("Gauge {n}"), "Lower"),
        reservoir(n, river),
        node("junction", &format!("Town intake {n}"), "Lower"),
        node("junction", &format!("Irrigation intake {n}"), "Lower"),
        node("gauge", &format!("Environment gauge {n}"), "Lower"),
        node("junction", &format!("Return {n}"), "Lower"),
        node("junction", &format!("River end {n}"), "Lower"),
        links(n),
        claims(n, river),
    ]
    .concat()
}

fn node(kind: &str, name: &str, party: &str) -> String {
    format!("[[{kind}]]\nname = \"{name}\"\nparty = \"{party}\"\n\n")
}

fn reservoir(n: usize, river: &Written) -> String {
    let (dead, full, evaporation) = (river.dead, river.full, list(EVAPORATION));
    format!(
        r#"[[reservoir]]
name = "Reservoir {n}"
party = "Lower"
curve = "reservoir_{n}_curve.csv"
in_service = "1900-01"
dead_storage_ml = {dead}
full_storage_ml = {full}
evaporation_method = "start-area"
precipitation_mm_per_day = 0
evaporation_mm_per_day = {evaporation}
{SOURCE}
[[reservoir.rule]]
target_storage_ml = {full}
{SOURCE}
"#
    )
}

fn links(n: usize) -> String {
    let names = path(n);
    let ends = names.iter().zip(&names[1..]);
    ends.fold(String::new(), |text, (from, to)| {
        text + &format!(
            "[[link]]
from = \"{from}\"
to = \"{to}\"

"
        )
    })
}

/// The nodes of river `n` (1, 2, 3) from its headwater to the lake.
pub(crate) fn path(n: usize) -> [String; 10] {
    [
        format!("Headwater {n}"),
        format!("Upstream intake {n}"),
        format!("Gauge {n}"),
        format!("Reservoir {n}"),
        format!("Town intake {n}"),
        format!("Irrigation intake {n}"),
        format!("Environment gauge {n}"),
        format!("Return {n}"),
        format!("River end {n}"),
        "Lake".to_owned(),
    ]
}

/// Users and minimum flows of a river in the order in which they are served.
fn claims(n: usize, river: &Written) -> String {
    let upstream = UPSTREAM_FACTOR.map(|factor| river.upstream * factor);
    let irrigation = IRRIGATION_FACTOR.map(|factor| river.irrigation * factor);
    let returned = format!(
        "returns_to = \"Return {n}\"\nreturn_fraction = {}\n",
        river.returned
    );
    [
        minimum_flow(
            &format!("Minimum flow {n}"),
            1,
            &format!("Gauge {n}"),
            river.minimum,
        ),
        user(
            &format!("Upstream user {n}"),
            ("Upper", "irrigation", 2),
            &format!("takes_from = \"Upstream intake {n}\"\n"),
            upstream,
        ),
        user(
            &format!("Town {n}"),
            ("Lower", "municipal", 3),
            &format!("takes_from = \"Town intake {n}\"\n"),
            [river.town; 12],
        ),
        user(
            &format!("Irrigation {n}"),
            ("Lower", "irrigation", 4),
            &format!("takes_from = \"Irrigation intake {n}\"\n{returned}"),
            irrigation,
        ),
        minimum_flow(
            &format!("Environmental flow {n}"),
            5,
            &format!("Environment gauge {n}"),
            river.environment,
        ),
    ]
    .concat()
}

fn user(
    name: &str,
    (party, sector, priority): (&str, &str, u32),
    ways: &str,
    demand: [f64; 12],
) -> String {
    let demand = list(demand);
    format!(
        r#"[[user]]
name = "{name}"
party = "{party}"
sector = "{sector}"
priority = {priority}
{ways}demand_ml_per_day = {demand}
{SOURCE}
"#
    )
}

fn minimum_flow(name: &str, priority: u32, at: &str, flow: f64) -> String {
    format!(
        r#"[[minimum_flow]]
name = "{name}"
party = "Lower"
sector = "environment"
priority = {priority}
at = "{at}"
flow_ml_per_day = {flow}
{SOURCE}
"#
    )
}

fn list(twelve: [f64; 12]) -> String {
    let numbers = twelve.map(|number| number.to_string());
    format!("[{}]", numbers.join(", "))
}

/// Level, volume and area of a storage whose area is linear in its volume: dh/dV = 1/A gives the level.
/// A millimetre on a square kilometre is a megalitre.
fn curve(area: Area, top: f64) -> String {
    let full = area.base + area.slope * top;
    let level_m = libm::log(full / area.base) / area.slope / 1000.0;
    let base = area.base;
    format!("{CSV_SOURCE}level_m,volume_ml,area_km2\n0,0,{base}\n{level_m},{top},{full}\n")
}

fn series(period: Period, mut flows: impl Iterator<Item = f64>) -> String {
    let mut text = format!("{CSV_SOURCE}date,flow_ml_per_day,quality\n");
    for month in period.months() {
        for (day, flow) in (1..=month.days()).zip(&mut flows) {
            let _ = writeln!(text, "{month}-{day:02},{flow},synthetic");
        }
    }
    text
}
