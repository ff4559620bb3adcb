//! Runs of a design: their numbers, order and table.

use crate::bench::{Bench, HEAD};

/// An axis whose levels are `levels`, over the demand of a user or all.
fn axis(name: &str, levels: &str) -> String {
    format!(
        "[[design.axis]]\nname = \"{name}\"\n{levels}\nSOURCE[[design.axis.change.demand]]\nfactor = \"value\"\nSOURCE"
    )
}

fn design(method: &str, axes: &[String]) -> String {
    format!("[[design]]\nmethod = \"{method}\"\n{}", axes.concat())
}

/// `design.csv` of some designs.
fn table(designs: &[String]) -> String {
    let bench =
        Bench::of(&format!("{HEAD}{}", designs.concat()).replace("members = 6", "members = 1"));
    bench.batch("out", &[]);
    bench.text("out/design.csv")
}

#[test]
fn a_grid_has_every_level_with_every_other_the_last_fastest() {
    let axes = [
        axis("a", "values = [1, 2]"),
        axis("b", "from = 0\nto = 1\nsteps = 3\nunit = \"parts\""),
    ];
    let expected = "run,a,b [parts]\n1,1,0\n2,1,0.5\n3,1,1\n4,2,0\n5,2,0.5\n6,2,1\n";
    assert_eq!(table(&[design("grid", &axes)]), expected);
}

#[test]
fn a_list_goes_along_all_axes_at_once() {
    let axes = [
        axis("a", "values = [1, 2]"),
        axis("b", "values = [0.25, 4]"),
    ];
    assert_eq!(
        table(&[design("list", &axes)]),
        "run,a,b\n1,1,0.25\n2,2,4\n"
    );
}

#[test]
fn designs_are_multiplied_the_last_fastest() {
    let list = design(
        "list",
        &[axis("a", "values = [1, 2]"), axis("b", "values = [3, 4]")],
    );
    let grid = design("grid", &[axis("c", "values = [5, 6]")]);
    let expected = "run,a,b,c\n1,1,3,5\n2,1,3,6\n3,2,4,5\n4,2,4,6\n";
    assert_eq!(table(&[list, grid]), expected);
}

/// Rows of a sampled design.
fn sampled(method: &str, axes: &[String]) -> Vec<Vec<f64>> {
    let method = format!("{method}\"\nruns = 8\nseed = 3\nSOURCE# \"");
    let text = table(&[design(&method, axes)]);
    let rows = text.lines().skip(1);
    rows.map(|row| {
        row.split(',')
            .skip(1)
            .map(|cell| cell.parse().expect("a number"))
            .collect()
    })
    .collect()
}

#[test]
fn e66_e67_each_eighth_of_an_axis_holds_a_point_of_eight() {
    for method in ["latin-hypercube", "sobol"] {
        let rows = sampled(
            method,
            &[axis("a", "from = 1\nto = 2"), axis("b", "from = 0\nto = 4")],
        );
        for (column, width) in [(0, 0.125), (1, 0.5)] {
            let least = [1.0, 0.0][column];
            let mut places: Vec<usize> = rows
                .iter()
                .map(|row| ((row[column] - least) / width) as usize)
                .collect();
            places.sort_unstable();
            assert_eq!(places, (0..8).collect::<Vec<_>>(), "{method}");
        }
    }
}

#[test]
fn e66_an_axis_more_moves_no_value_of_another() {
    let (a, b) = (axis("a", "from = 1\nto = 2"), axis("b", "from = 0\nto = 4"));
    let alone = sampled("latin-hypercube", std::slice::from_ref(&a));
    let both = sampled("latin-hypercube", &[b, a]);
    let firsts: Vec<f64> = alone.iter().map(|row| row[0]).collect();
    assert_eq!(firsts, both.iter().map(|row| row[1]).collect::<Vec<_>>());
}
