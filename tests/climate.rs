//! Climates: factors in closed forms, faults, members that keep their draws.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use rivershare::hydrology::climate::{Climate, Place, Water};
use rivershare::hydrology::generator::record::{Record, Site};
use rivershare::hydrology::generator::water::{Course, Supply};
use rivershare::hydrology::generator::{Generator, Method};
use rivershare::inputs::folder::Folder;
use rivershare::model::Model;
use rivershare::network::Network;
use rivershare::time::{Month, Period};

static MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::load(Path::new("inputs"), &[]).expect("the shipped inputs are sound"));

const SOURCE: &str = "source = \"assumption: a test\"\nconfidence = \"low\"\n";

/// How all rivers and lakes respond.
const RESPONSES: &str = "[[runoff]]\nprecipitation_elasticity = 1.4\npercent_per_degree = -5\nglacier_share = 0.2\n\
                         SOURCE[[evaporation]]\npercent_per_degree = 4\nSOURCE";

fn network() -> &'static Network {
    &MODEL.network
}

/// Reads the last of some climates, each a name and its text; `SOURCE` stands for source and confidence.
fn read(files: &[(&str, &str)]) -> Result<Climate, String> {
    let inputs = tempfile::tempdir().expect("a folder");
    let climates = inputs.path().join("climates");
    std::fs::create_dir(&climates).expect("a folder");
    for (name, text) in files {
        let text = format!("title = \"{name}\"\n{}", text.replace("SOURCE", SOURCE));
        std::fs::write(climates.join(format!("{name}.toml")), text).expect("written");
    }
    let folder = Folder::new(inputs.path());
    let name = files.last().expect("a climate").0;
    let climate = Climate::read(&folder, name, "the test", network());
    let shown = format!("{}/", climates.display());
    let closed = folder.close(climate).map(|(climate, _)| climate);
    closed.map_err(|faults| faults.to_string().replace(&shown, ""))
}

fn climate(text: &str) -> Climate {
    read(&[("tried", text)]).expect("a sound climate")
}

fn place(node: &str) -> Place<'static> {
    let place = network().node(node).expect("a node");
    Place::of(network(), place).expect("a river or a storage")
}

fn factor(climate: &Climate, node: &str, water: Water, year: i32, month: u32) -> f64 {
    climate.factor(&place(node), water, Month::new(year, month))
}

/// Powers come from one library, products of three or four numbers keep some 1e-16 each.
#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-15, "{found} {expected}");
}

#[test]
fn e59_changes_that_fit_multiply_in_their_months() {
    let text = "[[precipitation]]\nchange_percent = { 2024 = 0, 2064 = -20 }\nSOURCE[[precipitation]]\n\
                basin = \"Ili\"\nmonths = [6, 7]\nchange_percent = 10\nSOURCE";
    let climate = climate(&(text.to_owned() + RESPONSES));
    let rain = |node, year, month| factor(&climate, node, Water::Rain, year, month);
    // Half of 40 years: 10 % less; in June and July of the Ili basin 10 % more of that.
    near(rain("Balkhash", 2044, 5), 0.9);
    near(rain("Balkhash", 2044, 6), 0.9 * 1.1);
    near(rain("Alakol", 2044, 6), 0.9);
    // Constant outside the years.
    near(rain("Alakol", 2090, 1), 0.8);
    assert_eq!(rain("Alakol", 2000, 1), 1.0);
}

#[test]
fn e60_flow_follows_precipitation_warmth_and_ice() {
    let text = "[[precipitation]]\nchange_percent = 10\nSOURCE[[temperature]]\nchange_degrees = 2\nSOURCE\
                [[melt]]\nfactor = 1.5\nSOURCE";
    let climate = climate(&(text.to_owned() + RESPONSES));
    // 1.1^1.4, from its decimal expansion.
    let expected = 0.8 * 1.142_746_130_079_493_2 * 0.95 * 0.95 + 0.2 * 1.5;
    near(factor(&climate, "Tekes", Water::Flow, 2030, 7), expected);
}

#[test]
fn e60_melt_rises_to_its_peak_and_declines() {
    let text = "[[runoff]]\nprecipitation_elasticity = 1\n\
                glacier_share = [0, 0, 0, 0, 0, 0, 1, 0.5, 0, 0, 0, 0]\nSOURCE\
                [[melt]]\nfactor = { 2024 = 1.0, 2034 = 1.2, 2074 = 0.4 }\nSOURCE";
    let climate = climate(text);
    let flow = |year, month| factor(&climate, "Tekes", Water::Flow, year, month);
    // All of July is melt, half of August, nothing of May.
    let years = [2024, 2029, 2034, 2054, 2074];
    for (year, melt) in years.into_iter().zip([1.0, 1.1, 1.2, 0.8, 0.4]) {
        near(flow(year, 7), melt);
        near(flow(year, 8), 0.5 + 0.5 * melt);
        assert_eq!(flow(year, 5), 1.0);
    }
}

#[test]
fn e60_of_several_responses_the_last_that_fits_holds() {
    let text = "[[precipitation]]\nchange_percent = 21\nSOURCE[[runoff]]\nprecipitation_elasticity = 1\nSOURCE\
                [[runoff]]\nriver = \"Charyn\"\nprecipitation_elasticity = 0.5\nSOURCE";
    let climate = climate(text);
    let flow = |node| factor(&climate, node, Water::Flow, 2030, 1);
    near(flow("Chilik"), 1.21);
    near(flow("Charyn"), 1.1);
}

#[test]
fn e61_evaporation_grows_with_every_degree() {
    let text = "[[temperature]]\nbasin = \"Ili\"\nchange_degrees = { 2024 = 0, 2074 = 5 }\nSOURCE";
    let climate = climate(&(text.to_owned() + RESPONSES));
    let evaporation = |node, year| factor(&climate, node, Water::Evaporation, year, 7);
    near(evaporation("Balkhash", 2044), 1.04 * 1.04);
    assert_eq!(evaporation("Balkhash", 2024), 1.0);
    assert_eq!(evaporation("Alakol", 2044), 1.0);
}

#[test]
fn a_base_comes_first_and_its_tables_stay() {
    let own = "base = \"first\"\n[[temperature]]\nchange_degrees = 1\nSOURCE[[runoff]]\n\
               precipitation_elasticity = 1\npercent_per_degree = -10\nSOURCE";
    let climate = read(&[("first", RESPONSES), ("second", own)]).expect("a sound climate");
    assert_eq!((&*climate.name, &*climate.title), ("second", "second"));
    near(factor(&climate, "Tekes", Water::Flow, 2030, 7), 0.9);
    near(
        factor(&climate, "Alakol", Water::Evaporation, 2030, 7),
        1.04,
    );
}

#[test]
fn the_shipped_climates_are_sound_and_the_present_changes_nothing() {
    let folder = Folder::new(Path::new("inputs"));
    let names = Climate::names(&folder);
    assert_eq!(
        names,
        ["dry", "normal", "present", "warm-glacier-decline", "wet"]
    );
    for name in &names {
        let climate = Climate::read(&folder, name, "the test", network()).expect("sound");
        let mut changes = false;
        for (_, place) in Place::all(network()) {
            for water in [Water::Flow, Water::Rain, Water::Evaporation] {
                for month in years(2020, 2080).months() {
                    let factor = climate.factor(&place, water, month);
                    assert!(factor > 0.3 && factor < 1.6, "{name} {place:?}: {factor}");
                    changes |= factor != 1.0;
                    assert!(month.year() > 2024 || factor == 1.0, "{name} {place:?}");
                }
            }
        }
        assert_eq!(changes, name != "present", "{name}");
    }
}

#[test]
fn all_faults_of_a_climate_are_told_at_once() {
    let text = "[[precipitation]]\nriver = \"Charin\"\nchange_percent = -100\nSOURCE[[temperature]]\nstorage = \"Alakul\"\n\
                change_degrees = 293\nSOURCE[[melt]]\nfactor = { 24 = 1.0, 2050 = 0.5 }\nSOURCE";
    // Places are looked up where all tables can be read.
    let expected = "tried.toml, line 4, [[precipitation]], key `change_percent`\n    found     the number -100\n    \
                    expected  a change in percent, above -100, at most 1 000\n\
                    tried.toml, line 9, [[temperature]], key `change_degrees`\n    found     the number 293\n    \
                    expected  a change of temperature from -20 to 20 °C\n\
                    tried.toml, line 13, [[melt]], key `factor`\n    found     `24`\n    \
                    expected  years of four digits as keys\n3 faults";
    assert_eq!(read(&[("tried", text)]).expect_err("faults"), expected);
}

#[test]
fn names_that_the_network_does_not_know_are_told() {
    let text = "[[precipitation]]\nriver = \"Charin\"\nchange_percent = 5\nSOURCE[[melt]]\nbasin = \"Emil\"\n\
                river = \"Charyn\"\nfactor = 1\nSOURCE";
    let expected = "tried.toml, line 3, [[precipitation]], key `river`\n    found     `Charin`\n    \
                    expected  a river of the network\n    hint      did you mean `Charyn`?\n\
                    tried.toml, line 7, [[melt]]\n    found     nothing that all its names fit\n    \
                    expected  a river of the network\n2 faults";
    assert_eq!(read(&[("tried", text)]).expect_err("faults"), expected);
}

#[test]
fn a_change_without_a_response_is_refused() {
    let text = "[[temperature]]\nbasin = \"Emil\"\nchange_degrees = 1\nSOURCE[[runoff]]\nriver = \"Emil\"\n\
                precipitation_elasticity = 1\nSOURCE";
    let expected = "tried.toml, line 2, [[temperature]]\n    found     no `[[evaporation]]` for `Sasykkol`, \
                    `Koshkarkol`, `Alakol`\n    expected  a table `[[evaporation]]` for every place that changes\n\
                    tried.toml, line 2, [[temperature]]\n    found     no `[[runoff]]` for `Tentek`, `Urzhar, Katynsu, Yrgaity, Zhamanty and \
                    ungauged`\n    expected  a table `[[runoff]]` for every place that \
                    changes\n2 faults";
    assert_eq!(read(&[("tried", text)]).expect_err("faults"), expected);
}

#[test]
fn bases_that_are_unknown_or_a_ring_are_told() {
    let unknown = read(&[("first", ""), ("second", "base = \"frist\"\n")]);
    let expected = "second.toml, line 2, key `base`\n    found     `frist`\n    \
                    expected  a climate of the folder `climates`\n    hint      did you mean `first`?\n1 fault";
    assert_eq!(unknown.expect_err("a fault"), expected);
    let ring = read(&[
        ("first", "base = \"second\"\n"),
        ("second", "base = \"first\"\n"),
    ]);
    let expected = "first.toml, line 2, key `base`\n    found     a ring of `second`, `first`\n    \
                    expected  bases that end\n1 fault";
    assert_eq!(ring.expect_err("a fault"), expected);
}

fn years(first: i32, last: i32) -> Period {
    Period {
        first: Month::new(first, 1),
        last: Month::new(last, 12),
    }
}

/// A generator of two series of the shipped network, with 40 years that differ.
fn generator() -> Generator {
    let site = |name: &str, quantity, file: &str| Site {
        name: name.to_owned(),
        quantity,
        file: format!("basins/ili/{file}.csv"),
        quality: Vec::new(),
        values: (0..480)
            .map(|step| 10.0 + f64::from(step * 37 % 101))
            .collect(),
    };
    let record = Record {
        first_year: 1961,
        sites: vec![
            site("Balkhash", Water::Rain, "balkhash_precipitation"),
            site("Khorgos, China's half", Water::Flow, "inflow_khorgos"),
        ],
    };
    Generator {
        title: "a test".to_owned(),
        seed: 7,
        record_sha256: record.hash(),
        record,
        method: Method::NearestYears,
    }
}

/// A flow, rain or evaporation of a member.
struct Row {
    node: &'static str,
    water: Water,
    /// None where the generator has none.
    values: Option<Vec<f64>>,
    factors: Vec<f64>,
}

/// The rows of a member.
fn rows(climate: Option<&Climate>) -> Vec<Row> {
    let generator = generator();
    let folder = Folder::new(Path::new("inputs"));
    let period = years(2024, 2073);
    let supply = Supply::of(&folder, &generator, network(), climate, period).expect("known sites");
    let courses = supply.member(3).into_iter().map(|course| match course {
        Course::Values(values) => Some(values),
        Course::Factors(_) => None,
    });
    let rows = supply.rows.iter().zip(courses);
    rows.map(|(row, values)| Row {
        node: &network().nodes[row.node].name,
        water: row.water,
        values,
        factors: row.factors.clone(),
    })
    .collect()
}

#[test]
fn e62_a_climate_multiplies_the_members_and_leaves_their_draws() {
    let text = "[[precipitation]]\nchange_percent = { 2024 = 0, 2073 = -10 }\nSOURCE";
    let climate = climate(&(text.to_owned() + RESPONSES));
    let (without, with) = (rows(None), rows(Some(&climate)));
    let rivers = Place::all(network()).filter(|(_, place)| place.is_river());
    assert_eq!(
        with.len(),
        rivers.count() + 2 * network().storages().count()
    );
    let mut generated = Vec::new();
    for (own, shifted) in without.iter().zip(&with) {
        assert!(own.factors.iter().all(|factor| *factor == 1.0));
        let (Some(values), Some(products)) = (&own.values, &shifted.values) else {
            assert!(own.values.is_none() && shifted.values.is_none());
            continue;
        };
        generated.push((own.node, own.water));
        let factors = &shifted.factors;
        for ((value, product), factor) in values.iter().zip(products).zip(factors) {
            // Halving is exact, so that one factor alone makes the difference, to the bit.
            assert_eq!(
                product.to_bits(),
                (value * factor).to_bits(),
                "{}",
                own.node
            );
        }
        assert!(factors[599] < 0.95 && factors[0] == 1.0);
    }
    assert_eq!(
        generated,
        [
            ("Khorgos, China's half", Water::Flow),
            ("Khorgos, Kazakhstan's half", Water::Flow),
            ("Balkhash", Water::Rain),
        ]
    );
}

#[test]
fn a_river_on_the_border_enters_in_its_parts() {
    let generator = generator();
    let alone = &generator.member(3, years(2024, 2073))[1];
    let rows = rows(None);
    let halves: Vec<&Vec<f64>> = rows
        .iter()
        .filter(|row| row.node.starts_with("Khorgos"))
        .filter_map(|row| row.values.as_ref())
        .collect();
    assert_eq!(halves.len(), 2);
    for (step, whole) in alone.iter().enumerate() {
        assert_eq!(halves[0][step] + halves[1][step], *whole);
    }
}

#[test]
fn a_site_that_the_network_does_not_know_is_refused() {
    let mut generator = generator();
    generator.record.sites[1].file = "basins/ili/inflow_elsewhere.csv".to_owned();
    let folder = Folder::new(Path::new("inputs"));
    let supply = Supply::of(&folder, &generator, network(), None, years(2024, 2073));
    let faults = folder.close(supply.map(|_| ())).expect_err("a fault");
    let expected = "inputs/basins/ili/inflow_elsewhere.csv\n    found     no node takes the series of the site \
                    `Khorgos, China's half`\n    expected  the network that the generator was fitted to\n1 fault";
    assert_eq!(faults.to_string(), expected);
}

fn generate(arguments: &[&str], out: &Path) -> Output {
    let out = out.display().to_string();
    Command::new(env!("CARGO_BIN_EXE_rivershare"))
        .args([
            "generate",
            "inputs/generators/nearest-years.toml",
            "--out",
            &out,
        ])
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn told(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Head and rows of the Tekes in a folder of results.
fn tekes(results: &Path) -> (String, Vec<String>) {
    let file = results.join("inputs/basins/ili/inflow_tekes.csv");
    let text = std::fs::read_to_string(file).expect("a series");
    let head = text.lines().next().unwrap_or_default().to_owned();
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    (head, rows.map(str::to_owned).collect())
}

#[test]
fn the_command_shifts_members_of_years_to_come() {
    let out = tempfile::tempdir().expect("a folder");
    let future = [
        "--members",
        "2",
        "--first",
        "3",
        "--period",
        "2024-01..2073-12",
    ];
    let with = |climate: &str| {
        let asked = [&future[..], &["--climate", climate]].concat();
        let done = generate(&asked, out.path());
        assert!(done.status.success(), "{}", told(&done.stderr));
        told(&done.stdout)
    };
    assert!(generate(&future, out.path()).status.success());
    let said = with("present");
    assert!(
        said.starts_with(
            "climate `present`; 0 series of the inputs change that are not generated: tables/climate_factors.csv\n"
        ),
        "{said}"
    );
    let (head, own) = tekes(&out.path().join("generated-nearest-years"));
    assert!(head.ends_with(", members 3 to 4"), "{head}");
    let (head, present) = tekes(&out.path().join("generated-nearest-years-present"));
    assert!(
        head.ends_with(", members 3 to 4, climate `present`"),
        "{head}"
    );
    assert_eq!(own.len(), 601);
    assert_eq!(own, present);
    let said = with("dry");
    // Three rivers that recur by month, the Ayaguz, eleven evaporations, ten rains.
    assert!(said.starts_with("climate `dry`; 25 series "), "{said}");
    let results = out.path().join("generated-nearest-years-dry");
    let (_, dry) = tekes(&results);
    assert_eq!(own[..13], dry[..13], "2024 is as the record");
    assert_ne!(own[600], dry[600]);
    let factors = std::fs::read_to_string(results.join("tables/climate_factors.csv"));
    let factors = factors.expect("a table");
    assert!(factors.starts_with("node,water,generated,month,factor\n"));
    assert!(
        factors.contains("\nBalkhash,rain,true,2073-12,0.9\n"),
        "precipitation of the last year"
    );
    let manifest = std::fs::read_to_string(results.join("manifest.json")).expect("a manifest");
    for part in [
        "\"climate\": \"dry\"",
        "\"climates/present.toml\": \"",
        "\"first_member\": 3",
        "\"period\": \"2024-01..2073-12\"",
    ] {
        assert!(manifest.contains(part), "{manifest}");
    }
}

#[test]
fn the_command_refuses_what_it_does_not_know() {
    let out = tempfile::tempdir().expect("a folder");
    let done = generate(&["--climate", "drie"], out.path());
    let expected = "command line, --climate\n    found     `drie`\n    expected  a climate of the folder `climates`\n    \
                    hint      known: `dry`, `normal`, `present`, `warm-glacier-decline`, `wet`\n1 fault\n";
    assert_eq!(
        (done.status.code(), &*told(&done.stderr)),
        (Some(1), expected)
    );
    let done = generate(&["--period", "2024-02..2073-12"], out.path());
    let said = told(&done.stderr);
    assert!(said.contains("whole years, YYYY-01..YYYY-12"), "{said}");
    assert_eq!(done.status.code(), Some(2));
}

#[test]
fn a_file_names_its_climate() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    let text = format!(
        "title = \"x\"\nmethod = \"nearest-years\"\nseed = 1\nperiod = \"1961-01..2023-12\"\nclimate = \"wett\"\n{SOURCE}"
    );
    std::fs::write(&file, &text).expect("written");
    let shown = file.display().to_string();
    let run = || {
        let arguments = ["generate", &shown, "--members", "1", "--out"];
        Command::new(env!("CARGO_BIN_EXE_rivershare"))
            .args(arguments)
            .arg(folder.path())
            .output()
            .expect("the program starts")
    };
    let expected = format!(
        "{shown}, line 5, key `climate`\n    found     `wett`\n    expected  a climate of the folder `climates`\n    \
         hint      did you mean `wet`?\n1 fault\n"
    );
    assert_eq!(told(&run().stderr), expected);
    std::fs::write(&file, text.replace("wett", "wet")).expect("written");
    assert!(run().status.success());
    assert!(folder.path().join("generated-mine-wet").is_dir());
}
