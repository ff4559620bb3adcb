//! A network modelled on the Irtysh, and odd networks.

use super::{LinkSymbol, NodeSymbol, SchematicLink, SchematicNode, schematic};

use LinkSymbol::{Canal, Return, River, Withdrawal};
use NodeSymbol::{Delta, Gauge, Inflow, Junction, Lake, Outlet, Reservoir, User};

#[derive(Default)]
struct Sample {
    nodes: Vec<SchematicNode>,
    links: Vec<SchematicLink>,
}

impl Sample {
    fn node(&mut self, name: &str, kind: NodeSymbol, party: &str, basin: &str) {
        self.nodes.push(SchematicNode {
            name: name.to_owned(),
            kind,
            party: party.to_owned(),
            basin: basin.to_owned(),
        });
    }

    fn index(&self, name: &str) -> usize {
        let found = self.nodes.iter().position(|node| node.name == name);
        assert!(found.is_some(), "{name}");
        found.unwrap_or(0)
    }

    fn link(&mut self, from: &str, to: &str, kind: LinkSymbol) {
        self.link_over(from, to, kind, false);
    }

    fn link_over(&mut self, from: &str, to: &str, kind: LinkSymbol, crosses_border: bool) {
        let (from, to) = (self.index(from), self.index(to));
        self.links.push(SchematicLink {
            from,
            to,
            kind,
            crosses_border,
        });
    }

    fn path(&mut self, names: &[&str]) {
        for pair in names.windows(2) {
            self.link(pair[0], pair[1], River);
        }
    }
}

const STEM: [(&str, NodeSymbol, &str); 17] = [
    ("Black Irtysh", Inflow, "China"),
    ("Haba mouth", Junction, "China"),
    ("Project 635", Reservoir, "China"),
    ("Canal head", Junction, "China"),
    ("Boran", Gauge, "Kazakhstan"),
    ("Kalzhyr mouth", Junction, "Kazakhstan"),
    ("Kurchum mouth", Junction, "Kazakhstan"),
    ("Bukhtarma reservoir", Reservoir, "Kazakhstan"),
    ("Ust-Kamenogorsk reservoir", Reservoir, "Kazakhstan"),
    ("Ulba mouth", Junction, "Kazakhstan"),
    ("Shulba reservoir", Reservoir, "Kazakhstan"),
    ("Semey", Gauge, "Kazakhstan"),
    ("Semiyarskoye", Gauge, "Kazakhstan"),
    ("Satpayev canal head", Junction, "Kazakhstan"),
    ("Pavlodar", Gauge, "Kazakhstan"),
    ("Border to Russia", Gauge, "Russia"),
    ("Omsk", Outlet, "Russia"),
];

const TRIBUTARIES: [(&str, &str); 8] = [
    ("Haba", "Haba mouth"),
    ("Kalzhyr", "Kalzhyr mouth"),
    ("Kurchum", "Kurchum mouth"),
    ("Narym", "Bukhtarma reservoir"),
    ("Bukhtarma", "Bukhtarma reservoir"),
    ("Ulba", "Ulba mouth"),
    ("Uba", "Shulba reservoir"),
    ("Small rivers of the Kalba range", "Shulba reservoir"),
];

const USERS: [(&str, &str, &str, Option<&str>); 10] = [
    ("Karamay oil fields", "Northern branch", "China", None),
    ("Junggar irrigation", "Northern branch", "China", None),
    ("Ürümqi city", "Southern branch", "China", None),
    ("Fukang industry", "Southern branch", "China", None),
    (
        "Altay prefecture farms",
        "Canal head",
        "China",
        Some("Boran"),
    ),
    (
        "Oskemen city and metallurgy",
        "Ust-Kamenogorsk reservoir",
        "Kazakhstan",
        Some("Ulba mouth"),
    ),
    (
        "Floodplain meadows",
        "Semey",
        "Kazakhstan",
        Some("Semiyarskoye"),
    ),
    (
        "Ekibastuz power stations",
        "Satpayev canal",
        "Kazakhstan",
        Some("Pavlodar"),
    ),
    ("Temirtau", "Satpayev canal", "Kazakhstan", None),
    (
        "Қарағанды (Karaganda)",
        "Satpayev canal",
        "Kazakhstan",
        None,
    ),
];

fn irtysh() -> Sample {
    let mut sample = Sample::default();
    let basin = "Irtysh";
    for (name, kind, party) in STEM {
        sample.node(name, kind, party, basin);
    }
    for pair in STEM.windows(2) {
        let border = pair[0].2 != pair[1].2;
        sample.link_over(pair[0].0, pair[1].0, River, border);
    }
    for (name, mouth) in TRIBUTARIES {
        let party = if name == "Haba" {
            "China"
        } else {
            "Kazakhstan"
        };
        sample.node(name, Inflow, party, basin);
        sample.link_over(name, mouth, River, name == "Kalzhyr");
    }
    for (name, from, party) in [
        ("Northern branch", "Canal head", "China"),
        ("Southern branch", "Canal head", "China"),
        ("Satpayev canal", "Satpayev canal head", "Kazakhstan"),
    ] {
        sample.node(name, Junction, party, basin);
        sample.link(from, name, Canal);
    }
    for (name, from, party, back) in USERS {
        sample.node(name, User, party, basin);
        sample.link(from, name, Withdrawal);
        if let Some(to) = back {
            sample.link(name, to, Return);
        }
    }
    sample
}

fn three_basins() -> Sample {
    let mut sample = irtysh();
    for (name, kind, party) in [
        ("Kunes", Inflow, "China"),
        ("Kash mouth", Junction, "China"),
        ("Jilintai reservoir", Reservoir, "China"),
        ("Yamadu gauge", Gauge, "China"),
        ("Dobyn", Gauge, "Kazakhstan"),
        ("Kapshagay reservoir", Reservoir, "Kazakhstan"),
        ("Ushzharma", Gauge, "Kazakhstan"),
        ("Ili delta", Delta, "Kazakhstan"),
        ("Balkhash", Lake, "Kazakhstan"),
        ("Tekes", Inflow, "Kazakhstan"),
        ("Charyn & Chilik", Inflow, "Kazakhstan"),
        ("Khorgos irrigation", User, "China"),
        ("Akdala rice <fields>", User, "Kazakhstan"),
    ] {
        sample.node(name, kind, party, "Ili–Balkhash");
    }
    sample.path(&["Kunes", "Kash mouth", "Jilintai reservoir", "Yamadu gauge"]);
    sample.link_over("Yamadu gauge", "Dobyn", River, true);
    sample.path(&[
        "Dobyn",
        "Kapshagay reservoir",
        "Ushzharma",
        "Ili delta",
        "Balkhash",
    ]);
    sample.link("Charyn & Chilik", "Kapshagay reservoir", River);
    sample.link("Yamadu gauge", "Khorgos irrigation", Withdrawal);
    sample.link("Khorgos irrigation", "Dobyn", Return);
    sample.link("Ushzharma", "Akdala rice <fields>", Withdrawal);
    sample.link_over("Southern branch", "Kapshagay reservoir", Canal, true);
    sample.node("Tekes reservoir", Reservoir, "China", "Ili–Balkhash");
    sample.node("Tekes farms", User, "China", "Ili–Balkhash");
    sample.link("Tekes reservoir", "Kash mouth", River);
    sample.link_over("Tekes", "Tekes reservoir", River, true);
    sample.link("Tekes reservoir", "Tekes farms", Withdrawal);
    sample.link("Tekes farms", "Kash mouth", Return);
    sample.node("Emil", Inflow, "China", "Emil");
    sample.node("Alakol", Lake, "Kazakhstan", "Emil");
    sample.node("Tacheng farms", User, "China", "Emil");
    sample.link_over("Emil", "Alakol", River, true);
    sample.link("Emil", "Tacheng farms", Withdrawal);
    sample
}

/// The boxes of all labels: left, top, right, bottom.
fn boxes(document: &str) -> Vec<[f64; 4]> {
    let number = |tag: &str, name: &str| -> f64 {
        let start = tag
            .split_once(&format!(" {name}=\""))
            .map_or("", |(_, rest)| rest);
        let value = start.split('"').next().unwrap_or_default();
        value.parse().unwrap_or(f64::NAN)
    };
    let tags = document
        .lines()
        .filter(|line| line.starts_with("<rect class=\"label\""));
    tags.map(|tag| {
        let (left, top) = (number(tag, "x"), number(tag, "y"));
        [
            left,
            top,
            left + number(tag, "width"),
            top + number(tag, "height"),
        ]
    })
    .collect()
}

fn assert_apart(document: &str, count: usize) {
    let boxes = boxes(document);
    assert_eq!(boxes.len(), count);
    for (index, one) in boxes.iter().enumerate() {
        assert!(one.iter().all(|side| side.is_finite() && *side > 0.0));
        for other in &boxes[index + 1..] {
            let apart = one[2] <= other[0]
                || other[2] <= one[0]
                || one[3] <= other[1]
                || other[3] <= one[1];
            assert!(apart, "{one:?} {other:?}");
        }
    }
}

#[test]
fn charts_schematic_labels_do_not_overlap() {
    for sample in [irtysh(), three_basins()] {
        let document = schematic("Rivers", &sample.nodes, &sample.links);
        assert_apart(&document, sample.nodes.len());
        assert_eq!(document, schematic("Rivers", &sample.nodes, &sample.links));
    }
}

#[test]
fn charts_schematic_is_well_formed() {
    let sample = three_basins();
    let document = schematic("Irtysh, Ili & Emil", &sample.nodes, &sample.links);
    assert!(document.starts_with("<svg xmlns=") && document.ends_with("</svg>\n"));
    assert!(document.contains("<title>Irtysh, Ili &amp; Emil</title>"));
    assert!(document.contains("&lt;fields&gt;") && !document.contains("<fields>"));
    assert!(document.contains(">Ili–Balkhash<") && document.contains(">crosses a border<"));
}

#[test]
fn charts_schematic_stands_odd_networks() {
    assert!(schematic("", &[], &[]).ends_with("</svg>\n"));
    let mut sample = Sample::default();
    sample.node("one", User, "", "");
    sample.node("one again", User, "", "");
    sample.node("", Junction, "", "other");
    sample.path(&["one", "one again", "one"]);
    sample.link("one", "one", Withdrawal);
    for (from, to) in [(0, 99), (99, 0), (2, 0), (0, 2)] {
        sample.links.push(SchematicLink {
            from,
            to,
            kind: Canal,
            crosses_border: true,
        });
    }
    let document = schematic("odd", &sample.nodes, &sample.links);
    assert_apart(&document, 2);
}

#[test]
fn charts_schematic_of_one_reach() {
    let mut sample = Sample::default();
    sample.node("Source", Inflow, "A", "River");
    sample.node("Mouth", Outlet, "B", "River");
    sample.node("Town", User, "A", "River");
    sample.link_over("Source", "Mouth", River, true);
    sample.link("Source", "Town", Withdrawal);
    sample.link("Town", "Mouth", Return);
    let document = schematic("One reach", &sample.nodes, &sample.links);
    assert_apart(&document, 3);
}
