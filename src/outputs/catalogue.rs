//! The catalogue of result tables: every column with its type, unit and meaning.
//!
//! It feeds the data package; a test holds it against the headers that are written.

/// A table of results.
#[derive(Clone, Copy, Debug)]
pub struct TableEntry {
    /// File name below `tables/` without ending.
    pub name: &'static str,
    /// What it holds.
    pub description: &'static str,
    /// Columns that together name a row.
    pub key: &'static [&'static str],
    /// Its columns in order.
    pub columns: &'static [Column],
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in the header; a unit is its ending.
    pub name: &'static str,
    /// Type in the data package.
    pub kind: Kind,
    /// What it holds.
    pub description: &'static str,
}

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A month YYYY-MM.
    Month,
    /// A day YYYY-MM-DD.
    Day,
    /// A whole number.
    Integer,
    /// A number that reads back to the same 64-bit float.
    Number,
    /// A text.
    Text,
}

impl Column {
    /// The unit that its name ends in; none for texts, dates and counts.
    pub fn unit(&self) -> Option<&'static str> {
        const UNITS: [(&str, &str); 8] = [
            ("_gwh", "GWh"),
            ("_g_per_l", "g/l"),
            ("_Mt", "Mt"),
            ("_m3s", "m³/s"),
            ("_km3", "km³"),
            ("_km2", "km²"),
            ("_m", "m"),
            ("_ha", "ha"),
        ];
        let known = UNITS.iter().find(|(ending, _)| self.name.ends_with(ending));
        known
            .filter(|_| self.kind == Kind::Number)
            .map(|(_, unit)| *unit)
    }
}

const fn text(name: &'static str, description: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Text,
        description,
    }
}

const fn number(name: &'static str, description: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Number,
        description,
    }
}

const fn integer(name: &'static str, description: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Integer,
        description,
    }
}

const DATE: Column = Column {
    name: "date",
    kind: Kind::Month,
    description: "month",
};
const DAY: Column = Column {
    name: "date",
    kind: Kind::Day,
    description: "day",
};
const YEAR: Column = integer("year", "calendar year");

macro_rules! flow_columns {
    ($time:expr) => {
        &[
            $time,
            text("place", "gauge or outlet"),
            number("flow_m3s", "mean flow that arrives at the place"),
            number(
                "natural_flow_m3s",
                "the same without any use and without dams",
            ),
        ]
    };
}

/// Flows at gauges and outlets.
pub const FLOWS: TableEntry = TableEntry {
    name: "flows_monthly",
    description: "Mean flow of each month at gauges and outlets, in the run and in its natural twin",
    key: &["date", "place"],
    columns: flow_columns!(DATE),
};

/// Flows at gauges and outlets by day.
pub const FLOWS_DAILY: TableEntry = TableEntry {
    name: "flows_daily",
    description: "Mean flow of each day at gauges and outlets, in the run and in its natural twin",
    key: &["date", "place"],
    columns: flow_columns!(DAY),
};

macro_rules! storage_columns {
    ($time:expr) => {
        &[
            $time,
            text("place", "lake, body of a lake, or reservoir"),
            number("storage_km3", "volume at the end of the step"),
            number("level_m", "level at the end of the step"),
            number("area_km2", "area at the end of the step"),
        ]
    };
}

/// States of lakes and reservoirs.
pub const STORAGES: TableEntry = TableEntry {
    name: "storages_monthly",
    description: "Storage, level and area of lakes, their bodies and reservoirs at the end of each month",
    key: &["date", "place"],
    columns: storage_columns!(DATE),
};

/// States of lakes and reservoirs by day.
pub const STORAGES_DAILY: TableEntry = TableEntry {
    name: "storages_daily",
    description: "Storage, level and area of lakes, their bodies and reservoirs at the end of each day",
    key: &["date", "place"],
    columns: storage_columns!(DAY),
};

macro_rules! lake_columns {
    ($time:expr) => {
        &[
            $time,
            text("lake", "lake, body of a lake, or reservoir"),
            number(
                "level_m",
                "mean level: of a month the mean of its ends, of a year that of its months",
            ),
            number("start_level_m", "level at the start"),
            number("end_level_m", "level at the end"),
            number("area_km2", "mean area"),
            number(
                "river_inflow_km3",
                "river water and return flows of users that arrive at the shore",
            ),
            number("precipitation_km3", "rain on the water"),
            number(
                "groundwater_km3",
                "groundwater into the lake, negative out of it",
            ),
            number("evaporation_km3", "evaporation from the water"),
            number(
                "outflow_km3",
                "to river and users; from a body also the net flow to the next one",
            ),
            number("storage_change_km3", "change of volume"),
            number(
                "residual_km3",
                "what the other columns leave unexplained: rounding",
            ),
            number(
                "natural_level_m",
                "mean level without any use and without dams",
            ),
            number(
                "natural_river_inflow_km3",
                "river inflow without any use and without dams",
            ),
            number(
                "salinity_g_per_l",
                "salinity at the end, equations E31 and E32; empty where salt is not followed or there is no water",
            ),
            number(
                "salt_Mt",
                "dissolved salt at the end, equations E31 and E32; empty where salt is not followed",
            ),
        ]
    };
}

/// Lake balances by month.
pub const LAKE_MONTHS: TableEntry = TableEntry {
    name: "lake_balance_monthly",
    description: "Water balance of lakes, their bodies and reservoirs by month",
    key: &["date", "lake"],
    columns: lake_columns!(DATE),
};

/// Lake balances by year.
pub const LAKE_YEARS: TableEntry = TableEntry {
    name: "lake_balance_annual",
    description: "Water balance of lakes, their bodies and reservoirs by calendar year",
    key: &["year", "lake"],
    columns: lake_columns!(YEAR),
};

/// Inflow of lakes by river.
pub const LAKE_INFLOWS: TableEntry = TableEntry {
    name: "lake_inflow_annual",
    description: "River water that arrives at each lake, by river and calendar year",
    key: &["year", "lake", "river"],
    columns: &[
        YEAR,
        text("lake", "lake, or body of a lake"),
        text("river", "last place of the river before the lake"),
        number(
            "inflow_km3",
            "volume that arrives by the river; return flows of users into the lake are not counted",
        ),
    ],
};

/// Lake levels of all draws.
pub const LAKE_DRAWS: TableEntry = TableEntry {
    name: "lake_level_draws_annual",
    description: "Mean level of each lake by year in each draw of the synthetic years",
    key: &["year", "lake", "draw"],
    columns: &[
        YEAR,
        text("lake", "lake"),
        text(
            "draw",
            "column of the inflow files; `flow` is the run itself",
        ),
        number("level_m", "mean level of the year"),
    ],
};

/// Levels of lakes in the kept sets of parameters.
pub const LAKE_SETS: TableEntry = TableEntry {
    name: "lake_level_sets_annual",
    description: "Mean level of each lake by year in each set of uncertain parameters that meets published figures about as well",
    key: &["year", "lake", "set"],
    columns: &[
        YEAR,
        text("lake", "lake"),
        text("set", "number of the set in the file of the calibration"),
        number("level_m", "mean level of the year"),
    ],
};

macro_rules! allocation_columns {
    ($time:expr) => {
        &[
            $time,
            text("user", "user or minimum flow"),
            text("party", "party whose use it is"),
            text("sector", "sector"),
            number("demand_km3", "asked for at the point of use"),
            number("delivered_km3", "delivered there"),
            number("consumed_km3", "not returned"),
            number("returned_km3", "return flow that reaches the river"),
            number("shortage_km3", "demand less delivery"),
            text(
                "limited_by",
                "what kept it from more: water, earlier claims, a minimum flow, a canal, a storage or its outlets, by name; empty where it was served in full",
            ),
        ]
    };
}

/// Deliveries.
pub const ALLOCATION: TableEntry = TableEntry {
    name: "allocation_monthly",
    description: "Demand and delivery of users and minimum flows by month",
    key: &["date", "user"],
    columns: allocation_columns!(DATE),
};

/// Deliveries by day.
pub const ALLOCATION_DAILY: TableEntry = TableEntry {
    name: "allocation_daily",
    description: "Demand and delivery of users and minimum flows by day",
    key: &["date", "user"],
    columns: allocation_columns!(DAY),
};

/// Floods by year.
pub const SPRING_FLOOD: TableEntry = TableEntry {
    name: "spring_flood",
    description: "Floods that are let down every year: what was decided, what was released, how much of the floodplain it covered",
    key: &["year", "flood"],
    columns: &[
        integer("year", "year in which the flood begins"),
        text("flood", "minimum flow that asks for it"),
        number("part_decided", "part of the whole flood that was decided"),
        number("asked_km3", "volume that was asked for"),
        number(
            "released_km3",
            "volume that passed on the days of the whole flood; by months what was kept of the flood",
        ),
        number(
            "plateau_m3s",
            "greatest mean flow of seven days; empty by months, where it is not known",
        ),
        integer(
            "plateau_days",
            "days with at least 95 % of the plateau; empty by months",
        ),
        number(
            "flooded_share",
            "flooded part of the floodplain, from 0 to 1; by months with the plateau that is asked for, which is the most that it can be",
        ),
        number(
            "flooded_share_low",
            "least that the published releases allow for the same flood",
        ),
        number("flooded_share_high", "most that they allow"),
        number("flooded_ha", "flooded area, ha"),
        number("need_km3", "volume that the floodplain needs"),
        text("need_met", "whether as much was released: yes or no"),
    ],
};

/// Energy of hydropower plants.
pub const ENERGY: TableEntry = TableEntry {
    name: "energy_monthly",
    description: "Energy, head and water of hydropower plants in each month of service",
    key: &["date", "plant"],
    columns: &[
        DATE,
        text("plant", "hydropower plant"),
        text("party", "party on whose territory its reservoir lies"),
        number("energy_gwh", "energy generated"),
        number(
            "head_m",
            "mean head: mean level of the reservoir less the tailwater",
        ),
        number("turbined_km3", "water that passed the turbines"),
        number(
            "bypassed_km3",
            "released down the river beside the turbines: more than they pass, or without enough head",
        ),
        number(
            "spilled_km3",
            "spill above full storage, which generates nothing",
        ),
        number(
            "target_gwh",
            "energy that the plant was to generate; 0 where none was asked for",
        ),
        number("shortfall_gwh", "target less energy"),
        text(
            "limited_by",
            "what kept the plant from its target: its head, its turbines, or what kept water from it; empty where it was met",
        ),
    ],
};

macro_rules! account_columns {
    ($group:expr) => {
        &[
            YEAR,
            $group,
            number("formed_km3", "formed on the territory"),
            number("received_km3", "received from the territories of others"),
            number("precipitation_km3", "rain on lakes and reservoirs"),
            number("groundwater_km3", "groundwater into lakes and reservoirs"),
            number("consumed_km3", "consumed by users"),
            number("evaporation_km3", "evaporated from lakes and reservoirs"),
            number("lost_km3", "lost in reaches, canals and deltas"),
            number("passed_on_km3", "passed on to others or out of the model"),
            number("storage_change_km3", "change of the stored volume"),
            number(
                "residual_km3",
                "what the other columns leave unexplained: rounding",
            ),
        ]
    };
}

/// Where water rose.
pub const ORIGINS: TableEntry = TableEntry {
    name: "origin_annual",
    description: "Shares of rivers and lakes of formation in the water of borders, lakes, reservoirs, canals and users, by calendar year (equations E33 and E34)",
    key: &["year", "place", "kind", "origin"],
    columns: &[
        YEAR,
        text(
            "place",
            "river that crosses a border, lake, reservoir, canal, or user",
        ),
        text("kind", "border, lake, reservoir, canal or user"),
        text(
            "origin",
            "river and party on whose territory the water rose; lake on which it fell; what was stored at the start",
        ),
        number(
            "share",
            "share of the volume that passes in the year or is taken; of a lake or reservoir, of what it holds at the end of the year",
        ),
    ],
};

/// Where the water that parties consume rose.
pub const CONSUMPTION_ORIGINS: TableEntry = TableEntry {
    name: "consumption_origin_annual",
    description: "Water that the users of each party consume, by the party on whose territory it rose (equation E34)",
    key: &["year", "party", "rose_in"],
    columns: &[
        YEAR,
        text("party", "party whose users consume it"),
        text(
            "rose_in",
            "party on whose territory it rose; or what was stored at the start",
        ),
        number("consumed_km3", "consumed volume"),
        number("share", "share of all that the party's users consume"),
    ],
};

/// Accounts of the parties.
pub const PARTIES: TableEntry = TableEntry {
    name: "party_balance_annual",
    description: "Water formed, received, consumed, lost and passed on by each party, by calendar year",
    key: &["year", "party"],
    columns: account_columns!(text("party", "party")),
};

/// Accounts of the basins.
pub const BASINS: TableEntry = TableEntry {
    name: "basin_balance_annual",
    description: "The same accounts by basin",
    key: &["year", "basin"],
    columns: account_columns!(text("basin", "basin")),
};

/// Indicators beside published figures.
pub const SUMMARY: TableEntry = TableEntry {
    name: "summary",
    description: "Indicators of the run, and its value for each published figure that it covers",
    key: &["indicator", "place"],
    columns: &[
        text("indicator", "what is measured, with its months"),
        text("place", "where"),
        number("value", "value of the run"),
        text("unit", "unit of value and published figure"),
        number("published", "published figure; empty where there is none"),
        text("source", "publication of the figure"),
    ],
};

/// Where the input figures come from.
pub const SOURCES: TableEntry = TableEntry {
    name: "sources",
    description: "Source and confidence of every table and file of the inputs that holds numbers",
    key: &["file", "table", "source"],
    columns: &[
        text("file", "file below the inputs"),
        text("table", "table of a TOML file; empty for a CSV file"),
        text("source", "publication, or assumption"),
        text("confidence", "high, medium or low"),
    ],
};

/// Indicators of several runs beside each other.
pub const COMPARISON: TableEntry = TableEntry {
    name: "comparison",
    description: "Indicators of several runs and their difference from the first run",
    key: &["scenario", "indicator", "place"],
    columns: &[
        text("scenario", "run"),
        text("indicator", "what is measured, over the months of the run"),
        text("place", "where"),
        number("value", "value of the run"),
        text("unit", "unit"),
        number(
            "difference",
            "value less that of the first run; empty where the first run has none",
        ),
    ],
};
