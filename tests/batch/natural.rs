//! Members beside their natural twins.

use rivershare::inputs::folder::Folder;
use rivershare::inputs::parquet::ParquetTable;
use rivershare::metrics::alteration::Scratch;
use rivershare::metrics::regime::regime;

use crate::bench::{Bench, HEAD, USE, same_files};

/// The batch of three levels of use, each beside its natural twin.
fn twins() -> String {
    format!("{HEAD}{USE}").replacen("members = 6", "members = 6\nnatural = true", 1)
}

/// A column of numbers of a table.
fn column(bench: &Bench, file: &str, name: &str) -> Vec<f64> {
    let folder = Folder::new(&bench.at("out"));
    let table = ParquetTable::read(&folder, file, "a test").expect("a table");
    table.numbers(name).expect("a column")
}

/// The measures of the border beside its natural flows.
const REGIME: [&str; 7] = [
    "border_alteration_of_the_regime",
    "border_alteration_of_months",
    "border_alteration_of_low_flows",
    "border_alteration_of_high_flows",
    "border_alteration_of_timing",
    "border_severely_dry_months",
    "border_longest_severely_dry_spell_months",
];

fn measured(bench: &Bench) -> Vec<Vec<f64>> {
    let measure = |name: &&str| column(bench, "metrics.parquet", name);
    REGIME.iter().map(measure).collect()
}

/// Of four years the driest has the position 0.56 / 4.12, an index of −1.10: no natural month is severely dry.
#[test]
fn a_river_without_users_and_dams_has_no_alteration_at_all() {
    let bench = Bench::of(&twins().replace("\"baseline\"", "\"nobody\""));
    bench.put(
        "model/scenarios/nobody.toml",
        "base = \"baseline\"\nwater_use = false\n",
    );
    bench.batch("out", &[]);
    for (name, numbers) in REGIME.iter().zip(measured(&bench)) {
        assert_eq!(numbers, [0.0; 18], "{name}");
    }
}

/// Somebody takes the whole river above the border. Each of the twelve months, the two least and the two greatest flows
/// then never lie in their target range, −1 (E88); the greatest month is January and not June, −1, and the least one
/// January, as it is by nature. Nothing flows where four years did: the index is that of 0.06 / 4.12, −2.18.
#[test]
fn a_river_that_is_taken_whole_is_altered_by_hand() {
    let batch = twins().replace("generator = \"flows\"\nmembers = 6", "members = 1");
    let bench = Bench::of(&batch);
    let file = "model/basins/my-river/network.toml";
    let taker = "\n[[user]]\nname = \"Canal\"\nparty = \"Upstream\"\nsector = \"industry\"\npriority = 1\n\
                 takes_from = \"Valley\"\ndemand_km3_per_year = 900\nsource = \"assumption: a test\"\nconfidence = \"low\"\n";
    let network = bench.text(file).replace("flow_m3s = 2.0", "flow_m3s = 0") + taker;
    bench.put(file, &network);
    // The flows of the template: years of 1, 0.8, 1.2 and 0.6 times one season, which peaks in June.
    let season = [6, 6, 9, 22, 45, 52, 38, 24, 15, 11, 8, 7];
    let years = [(2000, 1.0), (2001, 0.8), (2002, 1.2), (2003, 0.6)];
    let rows = years.iter().flat_map(|(year, factor)| {
        let months = (1..).zip(season);
        months.map(move |(month, flow)| {
            format!("{year}-{month:02},{},assumed\n", f64::from(flow) * factor)
        })
    });
    let head = "# source: assumption: a test\n# confidence: low\ndate,flow_m3s,quality\n";
    let rows: String = rows.collect();
    bench.put("model/basins/my-river/inflow.csv", &format!("{head}{rows}"));
    bench.batch("out", &[]);
    let expected = [
        (17.0 / 18.0_f64).sqrt(),
        1.0,
        1.0,
        1.0,
        0.5_f64.sqrt(),
        1.0,
        48.0,
    ];
    for ((name, numbers), expected) in REGIME.iter().zip(measured(&bench)).zip(expected) {
        assert_eq!(numbers, [expected; 3], "{name}");
    }
}

/// The natural flows of a member are those of a batch of a scenario without use and dams.
#[test]
fn natural_flows_are_those_of_the_natural_scenario() {
    let bench = Bench::of(&twins());
    bench.put(
        "model/scenarios/natural.toml",
        "base = \"baseline\"\nwater_use = false\nstructures = false\n",
    );
    bench.batch("out", &[]);
    let measured = measured(&bench);
    let flows = |run: usize| column(&bench, &format!("series/run={run}/series.parquet"), "value");
    let used: Vec<Vec<f64>> = (1..=3).map(flows).collect();
    bench.write(&format!("{HEAD}{USE}").replace("\"baseline\"", "\"natural\""));
    bench.batch("out", &["--force"]);
    let natural = column(&bench, "series/run=1/series.parquet", "value");
    let mut altered = 0;
    for (run, used) in used.iter().enumerate() {
        let members = natural.chunks(48).zip(used.chunks(48));
        for (member, (natural, used)) in members.enumerate() {
            let found = regime(natural, used, &mut Scratch::default()).expect("four years");
            let row = 6 * run + member;
            assert_eq!(measured[0][row], found.overall);
            assert_eq!(measured[2][row], found.low_flows);
            assert_eq!(measured[5][row], found.severely_dry);
            assert_eq!(measured[6][row], found.longest_spell as f64);
            altered += usize::from(found.overall > 0.0);
        }
    }
    assert!(altered > 0);
}

#[test]
fn without_twins_results_are_as_they_were() {
    let bench = Bench::small();
    bench.batch("without", &[]);
    bench.write(&twins().replace("natural = true", "natural = false"));
    bench.batch("said", &[]);
    let metrics = |folder: &str| std::fs::read(bench.at(&format!("{folder}/metrics.parquet")));
    assert_eq!(
        metrics("without").expect("bytes"),
        metrics("said").expect("bytes")
    );
    bench.write(&twins());
    bench.batch("with", &[]);
    // The numbers of the others stay; columns of the border come beside them.
    let text = |folder: &str| bench.text(&format!("{folder}/quantiles.csv"));
    assert_eq!(text("without"), text("with"));
    let summary = bench.text("with/summary.csv");
    let others = |line: &&str| !line.contains("alteration of") && !line.contains("severely dry");
    let others: Vec<&str> = summary.lines().filter(others).collect();
    let without = bench.text("without/summary.csv");
    assert_eq!(others, without.lines().collect::<Vec<_>>());
}

#[test]
fn twins_are_the_same_for_any_threads_and_shards() {
    let large = twins().replace("members = 6", "members = 300");
    let bench = Bench::of(&large);
    bench.batch("one", &["--threads", "1"]);
    bench.batch("three", &["--threads", "3"]);
    same_files(&bench.files("one"), &bench.files("three"));
    for part in ["1/2", "2/2"] {
        bench.batch(&format!("part-{}", &part[..1]), &["--shard", part]);
    }
    bench.done(&["merge", "part-1", "part-2", "--out", "merged"]);
    same_files(&bench.files("one"), &bench.files("merged"));
    bench.done(&["verify", "one", "--rerun"]);
    bench.batch("one", &["--replay", "2:3"]);
}

#[test]
fn twins_without_years_or_borders() {
    let bench = Bench::of(&twins().replace("\"baseline\"", "\"short\""));
    let period = "base = \"baseline\"\nperiod = \"2000-01..2001-12\"\n";
    bench.put("model/scenarios/short.toml", period);
    let fault = |line: &str, found: &str, expected: &str| {
        format!(
            "model/batches/tried.toml, {line}, key `natural`\n    found     {found}\n    expected  {expected}\n1 fault\n"
        )
    };
    let years = "a base of 3 years or more, between which natural ones range";
    assert_eq!(
        bench.refused_batch("out", &[]),
        fault("line 5", "true, with a base of 2 years", years)
    );
    let threshold = "[[threshold]]\nplace = \"Border\"\nflow_m3s = [5, 10]\nSOURCE\n";
    assert!(twins().contains(threshold));
    let bench = Bench::of(&twins().replace(threshold, ""));
    let file = "model/basins/my-river/network.toml";
    let network = bench.text(file).replace("\"Downstream\"", "\"Upstream\"");
    bench.put(file, &network);
    let flows = "a river that crosses a border, or a [[threshold]] of flows";
    assert_eq!(
        bench.refused_batch("out", &[]),
        fault("line 5", "true, where no flow is watched", flows)
    );
}
