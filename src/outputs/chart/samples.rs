//! Charts with made-up data of realistic size.

use super::{
    Band, Chart, Content, Line, LineStyle, Panel, Part, Points, ProfileLine, ProfilePoint,
    Threshold,
};

/// A repeatable number between minus one and one.
fn wobble(index: usize, salt: usize) -> f64 {
    let mixed = (index * 7919 + salt * 104_729 + 12_345) * 2_654_435_761 % 1_000_003;
    mixed as f64 / 500_001.5 - 1.0
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn line(name: &str, x: &[f64], y: Vec<f64>, style: LineStyle) -> Line {
    Line {
        name: name.to_owned(),
        x: x.to_vec(),
        y,
        style,
    }
}

fn notes() -> Vec<String> {
    strings(&[
        "Inputs are reconstructions, not measurements. Sources: published annual means for \
         1930–1990; naturalised inflow by regression on precipitation at Ürümqi, Алматы and Өскемен \
         (Әлемдік мұрағат: Ғ, Қ, Ң, Ө, Ұ, Ү, Һ, І). Values ± one standard error, in m³/s and km².",
        "Root hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ])
}

/// Flow at a border over the years, with a band, published means and thresholds.
pub(super) fn border_flow() -> Chart {
    let x: Vec<f64> = (1931..2021).map(|year| f64::from(year) + 0.5).collect();
    let base = |index: usize| 300.0 + 70.0 * wobble(index, 1) + 25.0 * wobble(index, 2);
    let natural: Vec<f64> = (0..90).map(base).collect();
    let mut actual: Vec<f64> = (0..90)
        .map(|index| base(index) - (index as f64 - 30.0).max(0.0) * 1.6)
        .collect();
    actual[50] = f64::NAN;
    actual[52] = f64::NAN;
    let low = actual.iter().map(|value| value - 25.0).collect();
    let high = actual.iter().map(|value| value + 25.0).collect();
    Chart {
        has_one_scale: false,
        stem: "border-flow".to_owned(),
        title: "Irtysh at the border: natural flow and flow after upstream use".to_owned(),
        subtitle: "Annual means 1931–2020; the band holds nine of ten runs with resampled inflow"
            .to_owned(),
        panels: vec![Panel {
            title: String::new(),
            y_label: "Flow at Boran (Боран), m³/s".to_owned(),
            content: Content::Time {
                bands: vec![Band {
                    name: "90 % of runs".to_owned(),
                    x: x.clone(),
                    low,
                    high,
                    colour: 1,
                }],
                lines: vec![
                    line("natural flow", &x, natural, LineStyle::solid(0)),
                    line("after upstream use", &x, actual, LineStyle::dashed(1)),
                ],
                points: vec![Points {
                    name: "published mean with its period".to_owned(),
                    x: vec![1945.0, 1980.0, 2010.0],
                    y: vec![312.0, 296.0, 262.0],
                    uncertainty: vec![Some(15.0), None, Some(20.0)],
                    periods: vec![(1931.0, 1960.0), (1970.0, 1990.0), (2001.0, 2019.0)],
                    colour: 6,
                }],
                thresholds: vec![Threshold {
                    name: "ecological minimum".to_owned(),
                    value: 120.0,
                    colour: 2,
                }],
                include_zero: true,
            },
        }],
        notes: notes(),
    }
}

fn panel(title: &str, y_label: &str, content: Content) -> Panel {
    Panel {
        title: title.to_owned(),
        y_label: y_label.to_owned(),
        content,
    }
}

fn threshold(name: &str, value: f64, colour: usize) -> Threshold {
    Threshold {
        name: name.to_owned(),
        value,
        colour,
    }
}

/// Lake level, inflow and water balance below each other.
pub(super) fn lake() -> Chart {
    let months: Vec<f64> = (0..12 * 50)
        .map(|month| 1970.0 + (f64::from(month) + 0.5) / 12.0)
        .collect();
    Chart {
        has_one_scale: false,
        stem: "lake".to_owned(),
        title: "Балхаш / Balkhash: level, inflow and water balance, 1970–2019, with an \
                over-long heading that must be broken into two lines"
            .to_owned(),
        subtitle: "Monthly levels and inflow, annual balance".to_owned(),
        panels: vec![
            panel("Level", "Level above the Baltic datum, m", level(&months)),
            panel("Inflow", "Inflow by the Ili, m³/s", inflow(&months)),
            panel("Water balance", "Volume, million m³ a year", balance()),
        ],
        notes: notes(),
    }
}

fn level(months: &[f64]) -> Content {
    let mut level = 343.0;
    let levels: Vec<f64> = (0..months.len())
        .map(|index| {
            level += 0.02 * wobble(index, 3) - 0.0035 + if index > 300 { 0.0055 } else { 0.0 };
            level
        })
        .collect();
    Content::Time {
        bands: vec![],
        lines: vec![line("model", months, levels, LineStyle::solid(0))],
        points: vec![Points {
            name: "gauge, annual mean".to_owned(),
            x: (0..10)
                .map(|index| 1972.5 + 5.0 * f64::from(index))
                .collect(),
            y: (0..10)
                .map(|index| 342.2 + 0.4 * wobble(index, 5))
                .collect(),
            uncertainty: vec![],
            periods: vec![],
            colour: 1,
        }],
        thresholds: vec![
            threshold("agreed lowest level", 341.0, 2),
            threshold("wetland minimum", 341.03, 3),
        ],
        include_zero: false,
    }
}

fn inflow(months: &[f64]) -> Content {
    let season = [0.4, 0.4, 0.6, 1.1, 1.9, 2.2, 2.0, 1.5, 0.8, 0.5, 0.4, 0.4];
    let flow = |index: usize| 480.0 * season[index % 12] * (1.0 + 0.3 * wobble(index / 12, 4));
    let flows = (0..months.len()).map(flow).collect();
    let style = LineStyle::solid(5).with_width(1.6);
    Content::Time {
        bands: vec![],
        lines: vec![line("inflow", months, flows, style)],
        points: vec![],
        thresholds: vec![],
        include_zero: true,
    }
}

fn balance() -> Content {
    let years: Vec<i32> = (1970..2020).collect();
    let part = |name: &str, colour, scale: f64, salt| Part {
        name: name.to_owned(),
        values: (0..50)
            .map(|index| scale * (1.0 + 0.2 * wobble(index, salt)))
            .collect(),
        colour,
    };
    let x: Vec<f64> = years.iter().copied().map(f64::from).collect();
    let change = (0..50).map(|index| 2600.0 * wobble(index, 9)).collect();
    Content::Bars {
        years,
        parts: vec![
            part("Ili", 0, 12_000.0, 6),
            part("eastern rivers", 5, 2800.0, 7),
            part("precipitation", 2, 2600.0, 8),
            part("evaporation", 4, -17_200.0, 10),
            part("outflow to the eastern basin", 1, -900.0, 11),
        ],
        line: Some(line("storage change", &x, change, LineStyle::solid(6))),
    }
}

/// Flow along a river with published values beside it.
pub(super) fn profile(places: &[&str], stem: &str) -> Chart {
    let count = places.len();
    let values = |loss: f64| -> Vec<f64> {
        (0..count)
            .map(|index| 120.0 + 900.0 * (index as f64 / count as f64) - loss * index as f64)
            .collect()
    };
    let point = |place, value, label: &str| ProfilePoint {
        place,
        value,
        label: label.to_owned(),
    };
    Chart {
        has_one_scale: false,
        stem: stem.to_owned(),
        title: "Mean flow along the river".to_owned(),
        subtitle: String::new(),
        panels: vec![Panel {
            title: String::new(),
            y_label: "Mean flow, m³/s".to_owned(),
            content: Content::Profile {
                places: strings(places),
                lines: vec![
                    ProfileLine {
                        name: "natural".to_owned(),
                        values: values(0.0),
                        style: LineStyle::solid(0),
                    },
                    ProfileLine {
                        name: "today".to_owned(),
                        values: values(14.0),
                        style: LineStyle::dashed(1),
                    },
                    ProfileLine {
                        name: "in 2050 <high & dry>".to_owned(),
                        values: values(26.0),
                        style: LineStyle::dotted(2),
                    },
                ],
                points: vec![
                    point(1, 200.0, "gauge mean"),
                    point(2, 265.0, "gauge mean"),
                    point(count / 2, 520.0, "published 1936–1969: 520 ± 40"),
                    point(count / 2 + 1, 530.0, "published 1975–1990: 530"),
                    point(
                        count - 1,
                        870.0,
                        "report of 2004, after regulation: 870 m³/s",
                    ),
                    point(999, 870.0, "nowhere"),
                ],
            },
        }],
        notes: notes(),
    }
}

/// All samples.
pub(super) fn all() -> Vec<Chart> {
    let long = [
        "Black Irtysh source",
        "Project 635 reservoir",
        "Boran gauge",
        "Bukhtarma reservoir",
        "Ust-Kamenogorsk",
        "Shulba reservoir",
        "Semey",
        "Semiyarskoye",
        "Pavlodar",
        "Border to Russia",
        "Omsk",
    ];
    let crowded = [
        "Black Irtysh",
        "Haba",
        "Project 635",
        "Boran",
        "Kalzhyr mouth",
        "Kurchum mouth",
        "Narym",
        "Bukhtarma",
        "Ulba",
        "Ust-Kamenogorsk",
        "Uba",
        "Shulba",
        "Semey",
        "Semiyarskoye",
        "Satpayev canal",
        "Pavlodar",
        "Border to Russia",
        "Cherlak",
        "Omsk",
    ];
    let many: Vec<String> = (0..42)
        .map(|index| format!("Kilometre {}", index * 60))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    vec![
        border_flow(),
        lake(),
        profile(&long, "profile"),
        profile(&crowded, "profile-crowded"),
        profile(&many, "profile-many"),
        degenerate(),
    ]
}

/// Every kind of content without values, with one value, with constants and with values that
/// cannot be drawn.
pub(super) fn degenerate() -> Chart {
    let panel = |title: &str, content| panel(title, "Flow, m³/s", content);
    let time = |x: Vec<f64>, y: Vec<f64>| Content::Time {
        bands: vec![Band {
            name: "band".to_owned(),
            x: x.clone(),
            low: y.clone(),
            high: y.iter().map(|value| value + 1.0).collect(),
            colour: 9,
        }],
        lines: vec![line(
            "line",
            &x,
            y.clone(),
            LineStyle::dashed(20).with_width(f64::NAN),
        )],
        points: vec![Points {
            name: "points".to_owned(),
            x: x.clone(),
            y,
            uncertainty: vec![Some(f64::NAN), Some(-1.0)],
            periods: vec![(f64::NAN, 2000.0), (f64::INFINITY, 0.0)],
            colour: 3,
        }],
        thresholds: vec![],
        include_zero: false,
    };
    let bars = |years: Vec<i32>, values: Vec<f64>| Content::Bars {
        years,
        parts: vec![Part {
            name: "part".to_owned(),
            values,
            colour: 0,
        }],
        line: None,
    };
    let along = |places: &[&str], values: Vec<f64>| Content::Profile {
        places: strings(places),
        lines: vec![ProfileLine {
            name: "line".to_owned(),
            values,
            style: LineStyle::default(),
        }],
        points: vec![ProfilePoint {
            place: 7,
            value: f64::NAN,
            label: String::new(),
        }],
    };
    let huge = f64::MAX;
    Chart {
        has_one_scale: false,
        stem: "degenerate".to_owned(),
        title: "Degenerate data".to_owned(),
        subtitle: String::new(),
        panels: vec![
            panel("nothing", Content::default()),
            panel("only NaN", time(vec![1990.0, 1991.0], vec![f64::NAN; 2])),
            panel("one point", time(vec![1990.0], vec![5.0])),
            panel("constant", time(vec![1990.0, 1991.0, 1992.0], vec![7.0; 3])),
            panel(
                "huge",
                time(
                    vec![1990.0, huge, 1992.0],
                    vec![huge, 1.0, f64::NEG_INFINITY],
                ),
            ),
            panel(
                "unequal lengths",
                time(vec![1990.0, 1992.0], vec![1.0, 2.0, 3.0]),
            ),
            panel("no bars", bars(vec![], vec![])),
            panel(
                "bars of NaN",
                bars(vec![1990, i32::MAX], vec![f64::NAN, 1.0]),
            ),
            panel("one bar", bars(vec![1990], vec![-3.0])),
            panel("bars of zero", bars(vec![1990, 1991], vec![0.0, 0.0])),
            panel("no places", along(&[], vec![1.0])),
            panel("one place", along(&["Boran"], vec![1.0, 2.0])),
            panel("places of NaN", along(&["a", "b"], vec![f64::NAN; 2])),
        ],
        notes: vec![],
    }
}
