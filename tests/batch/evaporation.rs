//! Evaporation that the inputs give as a series: generated, written, read again, and taken into runs.

use std::fmt::Write as _;
use std::path::Path;

use rivershare::engine::run;
use rivershare::hydrology::climate::{Climate, Water};
use rivershare::hydrology::generator::water::{Course, Supply};
use rivershare::inputs::folder::Folder;
use rivershare::time::{Month, Period};

use crate::bench::{Bench, HEAD, USE};
use crate::water::{bits, one_by_one, side_by_side};

/// Open-water evaporation, mm: none under ice.
const SEASON: [f64; 12] = [
    0.0, 0.0, 20.0, 70.0, 120.0, 160.0, 180.0, 160.0, 110.0, 60.0, 20.0, 0.0,
];

const SITE: &str = "The lake, evaporation";
const FILE: &str = "basins/my-river/evaporation.csv";
const GENERATOR: &str = "model/generators/flows.toml";

/// Twelve years whose months evaporate the less the more flows in the river of [`Bench`], with a little of their own.
fn evaporation() -> String {
    let mut csv =
        "# source: assumption: a test\n# confidence: low\ndate,evaporation_mm,quality\n".to_owned();
    let part = |number: i32, by: f64| (f64::from(number) * by).fract();
    for year in 1992..=2003 {
        let wet = 0.7 + 0.6 * part(year, 0.618_033_988_75);
        for month in 1..=12_i32 {
            let river = wet * (0.9 + 0.2 * part(year * 12 + month, 0.414_213_562_37));
            let own = 0.02 * part(year * 12 + month, 0.732_050_807_57);
            let depth = SEASON[month as usize - 1] * (1.3 - 0.3 * river + own);
            writeln!(csv, "{year}-{month:02},{depth:.2},assumed").expect("a string takes all");
        }
    }
    csv
}

/// The small model whose lake has years of evaporation.
fn bench(batch: &str) -> Bench {
    let bench = Bench::of(batch);
    let network = bench.text("model/basins/my-river/network.toml");
    let own = network
        .lines()
        .find(|line| line.starts_with("evaporation_mm"));
    let network = network.replace(own.expect("a season"), "evaporation = \"evaporation.csv\"");
    bench.put("model/basins/my-river/network.toml", &network);
    bench.put(&format!("model/{FILE}"), &evaporation());
    bench
}

fn small() -> Bench {
    bench(&format!("{HEAD}{USE}"))
}

/// Cells of the rows of a table that begin with some cells.
fn rows(table: &str, begin: &str) -> Vec<Vec<String>> {
    let lines = table.lines().filter_map(|line| line.strip_prefix(begin));
    let cells = |line: &str| line.split(',').map(str::to_owned).collect();
    lines.map(cells).collect()
}

#[test]
fn e76_every_method_keeps_means_and_goes_with_the_rivers_as_the_record() {
    let bench = small();
    let lognormal = bench.text(GENERATOR);
    // Whole years keep all; month by month the news of a river under ice is lost, half of it by E54.
    let methods = [
        ("lognormal", -0.6),
        ("shuffled-months", -0.7),
        ("nearest-years", -0.95),
        ("regimes", -0.95),
    ];
    for (method, most) in methods {
        bench.put(GENERATOR, &lognormal.replace("lognormal", method));
        let said = bench.done(&[
            "generate",
            GENERATOR,
            "--check",
            "--members",
            "200",
            "--force",
            "--out",
            "out",
        ]);
        // A mean outside the band of E58 would have ended the command.
        assert!(
            said.contains("0 of 36 means by month are off"),
            "{method}: {said}"
        );
        let statistics = bench.text("out/generated-flows-check/tables/statistics.csv");
        let means = rows(&statistics, &format!("\"{SITE}\",mean,"));
        assert_eq!(means.len(), 12, "{method}");
        for (month, cells) in means.iter().enumerate() {
            let none = SEASON[month] == 0.0;
            let found = (cells[1] == "0.0", cells[2] == "0.0");
            assert_eq!(found, (none, none), "{method} {cells:?}");
        }
        let correlations = bench.text("out/generated-flows-check/tables/correlations.csv");
        for cells in rows(&correlations, &format!("\"{SITE}\",Headwaters,")) {
            let number = |cell: usize| cells[cell].parse::<f64>().expect("a number");
            let (record, ensemble) = (number(1), number(2));
            let none = SEASON[number(0) as usize - 1] == 0.0;
            assert_eq!(
                (record == 0.0, ensemble == 0.0),
                (none, none),
                "{method} {cells:?}"
            );
            assert!(
                none || (record < -0.97 && ensemble < most),
                "{method} {cells:?}"
            );
        }
    }
}

#[test]
fn members_are_written_and_read_again_in_both_forms() {
    let bench = small();
    let members = [
        "generate",
        GENERATOR,
        "--members",
        "3",
        "--force",
        "--out",
        "out",
    ];
    bench.done(&members);
    let written = bench.text(&format!("out/generated-flows/inputs/{FILE}"));
    let header = written.lines().find(|line| !line.starts_with('#'));
    assert_eq!(
        header,
        Some("date,evaporation_mm,draw_2_mm,draw_3_mm,quality")
    );
    let check = |from: &str| {
        let words = [
            "generate", GENERATOR, "--check", "--import", from, "--force", "--out", "out",
        ];
        // Three members need not keep a mean; that they are read is what counts.
        let output = bench.output(&words);
        let told = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("of 36 means by month"), "{told}");
        bench.text("out/generated-flows-check/tables/statistics.csv")
    };
    let of_files = check("out/generated-flows");
    bench.done(&[&members[..], &["--format", "parquet"]].concat());
    let of_table = check("out/generated-flows");
    let means = |table: &str| -> Vec<f64> {
        let means = rows(table, &format!("\"{SITE}\",mean,")).into_iter();
        means
            .map(|cells| cells[2].parse().expect("a number"))
            .collect()
    };
    for (files, table) in means(&of_files).iter().zip(means(&of_table)) {
        // Files are rounded to a ten-thousandth of a mm.
        assert!((files - table).abs() <= 1e-4, "{files} {table}");
    }
    // What was written takes the place of the inputs.
    for (from, to) in [("inflow", "inflow"), ("evaporation", "evaporation")] {
        bench.done(&[&members[..]].concat());
        let series = bench.text(&format!(
            "out/generated-flows/inputs/basins/my-river/{from}.csv"
        ));
        bench.put(&format!("model/basins/my-river/{to}.csv"), &series);
    }
    bench.done(&["check"]);
}

#[test]
fn e76_the_depths_of_a_member_are_what_its_lake_evaporates() {
    let opened = small().opened();
    let own = opened.world.run(0).expect("a sound run");
    let water = opened.world.water_of(0..2);
    let place = opened
        .world
        .generator
        .as_ref()
        .expect("a generator")
        .record
        .sites
        .iter();
    let site = place
        .into_iter()
        .position(|site| site.name == SITE)
        .expect("a site");
    for values in water.iter() {
        let plan = own
            .water
            .put(&own.plan, &own.water.numbers(&own.plan, values));
        let record = run(&plan);
        for (step, depth) in values[site].iter().enumerate() {
            let evaporated = record.evaporation[[step, 0]];
            let expected = depth * 1e-3 * record.area_km2[[step, 0]];
            // The exact method integrates both over the same area; rounding of volumes of some 1000 hm³.
            assert!(
                (evaporated - expected).abs() < 1e-9,
                "{step}: {evaporated} {expected}"
            );
        }
    }
    let drawn: Vec<_> = water.iter().map(|values| &values[site]).collect();
    assert_ne!(drawn[0], drawn[1]);
}

#[test]
fn members_that_bring_evaporation_have_the_bits_of_their_plans() {
    let opened = small().opened();
    let alone = bits(&one_by_one(&opened, 6));
    for (lanes, threads) in [(1, 1), (4, 2), (64, 1)] {
        assert!(
            bits(&side_by_side(&opened, 6, lanes, threads)) == alone,
            "{lanes} lanes"
        );
    }
}

const WARM: &str = "title = \"Warm\"\n[[temperature]]\nchange_degrees = 2\nSOURCE[[runoff]]\n\
                    precipitation_elasticity = 1\npercent_per_degree = -3\nSOURCE[[evaporation]]\npercent_per_degree = 5\nSOURCE";

fn warm() -> String {
    WARM.replace(
        "SOURCE",
        "source = \"assumption: a test\"\nconfidence = \"low\"\n",
    )
}

/// 1.05² on what is drawn, in months with water that evaporates; the draws are those without a climate.
#[test]
fn e76_a_climate_multiplies_what_is_drawn_and_draws_nothing() {
    let bench = bench(&format!("climate = \"warm\"\n{HEAD}{USE}"));
    bench.put("model/climates/warm.toml", &warm());
    let (warm, present) = (bench.opened(), small().opened());
    let (drawn, same) = (warm.world.water_of(0..4), present.world.water_of(0..4));
    assert!(drawn.iter().eq(same.iter()));
    let generator = warm.world.generator.as_ref().expect("a generator");
    let network = &warm.world.model.network;
    let period = Period {
        first: Month::new(2000, 1),
        last: Month::new(2003, 12),
    };
    let folder = Folder::new(&bench.at("model"));
    let climate = Climate::read(&folder, "warm", "the test", network).expect("a climate");
    let supply =
        Supply::of(&folder, generator, network, Some(&climate), period).expect("known sites");
    let site = generator
        .record
        .sites
        .iter()
        .position(|site| site.name == SITE)
        .expect("a site");
    let row = supply
        .rows
        .iter()
        .position(|row| row.water == Water::Evaporation)
        .expect("a row");
    assert!(supply.is_generated(row));
    let (run, own) = (
        warm.world.run(0).expect("a run"),
        present.world.run(0).expect("a run"),
    );
    for (member, values) in drawn.iter().enumerate() {
        let Course::Values(courses) = supply.member(member as u32 + 1).swap_remove(row) else {
            panic!("evaporation is generated");
        };
        let plan = run
            .water
            .put(&run.plan, &run.water.numbers(&run.plan, values));
        let before = own
            .water
            .put(&own.plan, &own.water.numbers(&own.plan, values));
        for (step, drawn) in values[site].iter().enumerate() {
            let expected = drawn * 1.05 * 1.05;
            // Products in another order.
            let near = |found: f64| (found - expected).abs() <= 1e-13 * expected;
            assert!(near(courses[step]) && near(plan.evaporation_mm[[step, 0]]));
            assert_eq!(before.evaporation_mm[[step, 0]], *drawn);
        }
    }
}

/// A site that stands after all others in order of names leaves their numbers as they are (E54).
#[test]
fn years_of_evaporation_move_no_river() {
    let (with, without) = (small().opened(), Bench::small().opened());
    let (with, without) = (with.world.water_of(0..3), without.world.water_of(0..3));
    for (with, without) in with.iter().zip(without.iter()) {
        assert_eq!((with.len(), without.len()), (2, 1));
        assert_eq!(with[0], without[0]);
    }
}

#[test]
fn evaporation_may_be_left_out_by_its_name() {
    let bench = small();
    let own = bench.text(GENERATOR);
    bench.put(
        GENERATOR,
        &own.replace("seed = 7", &format!("seed = 7\nexcept = [\"{SITE}\"]")),
    );
    let opened = bench.opened();
    let water = opened.world.water_of(0..1);
    assert!(water.iter().all(|values| values.len() == 1));
    bench.put(
        GENERATOR,
        &own.replace("seed = 7", "seed = 7\nexcept = [\"The lake, evaportion\"]"),
    );
    let told = bench.refused(&["generate", GENERATOR, "--out", "out"]);
    let expected = format!(
        "{GENERATOR}, line 4, key `except`\n    found     `The lake, evaportion`\n    \
         expected  an inflow or lake with a dated series\n    hint      did you mean `{SITE}`?\n1 fault\n"
    );
    assert_eq!(told, expected);
    assert!(
        Path::new(&bench.at("out"))
            .read_dir()
            .is_ok_and(|mut all| all.next().is_none())
            || !bench.at("out").exists()
    );
}
