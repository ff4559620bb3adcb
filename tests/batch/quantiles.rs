//! Published means and percentiles beside all members.

use std::collections::BTreeMap;

use rivershare::batch::chunk::compute;
use rivershare::batch::quantiles::{PERCENTS, of_values};

use crate::bench::Bench;

/// By numpy 2.1, `numpy.percentile(values, […])`: linear between the order statistics.
#[test]
fn e80_percentiles_are_those_of_numpy() {
    let mut values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
    let found = of_values(&mut values);
    assert_eq!((found.members, found.mean), (8, 3.875));
    let expected = [1.0, 1.0, 1.0, 1.75, 3.5, 5.25, 6.9, 7.95, 8.79];
    for (found, expected) in found.percentiles.iter().zip(expected) {
        // Two products and a sum of numbers below 10.
        assert!((found - expected).abs() < 1e-14, "{found} {expected}");
    }
    assert_eq!(
        PERCENTS,
        [1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0]
    );
}

#[test]
fn e80_the_table_holds_the_percentiles_of_all_members_at_each_time() {
    let bench = Bench::large(300, 2);
    bench.batch("out", &[]);
    let opened = bench.opened();
    let blueprint = &opened.blueprint;
    // Members by (run, series, time): those of two chunks each.
    let mut members: BTreeMap<(usize, usize, usize), Vec<f64>> = BTreeMap::new();
    for chunk in blueprint.chunks() {
        let numbers = compute(&opened.world, blueprint, &chunk).numbers;
        for run in chunk.runs.clone() {
            for (place, series) in blueprint.series.iter().enumerate() {
                let first = chunk.place_of(blueprint, run, place);
                let count = chunk.members.len();
                for time in 0..series.times.len() {
                    let own = &numbers[first + time * count..first + (time + 1) * count];
                    members.entry((run, place, time)).or_default().extend(own);
                }
            }
        }
    }
    let text = bench.text("out/quantiles.csv");
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("run,quantity,place,unit,time,members,mean,p01,p05,p10,p25,p50,p75,p90,p95,p99")
    );
    for ((run, place, time), mut own) in members {
        let series = &blueprint.series[place];
        let (quantity, name, unit) = (&series.quantity, &series.place, &series.unit);
        let told = of_values(&mut own);
        assert_eq!(told.members, 300);
        let numbers = std::iter::once(told.mean).chain(told.percentiles);
        let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
        let expected = format!(
            "{},{quantity},{name},{unit},{},300,{}",
            run + 1,
            series.times[time],
            numbers.join(",")
        );
        assert_eq!(lines.next(), Some(&*expected));
    }
    assert_eq!(lines.next(), None);
}

/// A year has the mean of its months' levels.
#[test]
fn a_year_of_levels_is_the_mean_of_its_months() {
    let bench = Bench::small();
    let with_months = bench.text("model/batches/tried.toml").replace(
        "quantity = \"flow\"\nplace = \"Border\"",
        "quantity = \"level\"\nplace = \"The lake\"",
    );
    bench.put("model/batches/tried.toml", &with_months);
    let opened = bench.opened();
    let chunk = &opened.blueprint.chunks()[0];
    let numbers = compute(&opened.world, &opened.blueprint, chunk).numbers;
    let (years, months) = [0, 1]
        .map(|series| chunk.place_of(&opened.blueprint, 0, series))
        .into();
    let members = chunk.members.len();
    for year in 0..4 {
        let own = (0..12).map(|month| numbers[months + (12 * year + month) * members]);
        assert_eq!(numbers[years + year * members], own.sum::<f64>() / 12.0);
    }
}
