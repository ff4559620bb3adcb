//! Broken batches: what is told, to the letter.

use crate::bench::{Bench, HEAD, USE};

/// What the program complains of a batch in which one text is another.
fn told(from: &str, to: &str) -> String {
    let sound = format!("{HEAD}{USE}");
    assert!(sound.contains(from), "{from}");
    told_of(&sound.replacen(from, to, 1))
}

fn told_of(batch: &str) -> String {
    let bench = Bench::of(batch);
    let told = bench.refused_batch("out", &[]);
    assert!(!bench.at("out").exists());
    told.replace("model/batches/tried.toml", "FILE")
}

/// The one fault of a batch.
fn fault(place: &str, found: &str, expected: &str, hint: &str) -> String {
    let hint = match hint {
        "" => String::new(),
        hint => format!("    hint      {hint}\n"),
    };
    format!("FILE, {place}\n    found     {found}\n    expected  {expected}\n{hint}1 fault\n")
}

#[test]
fn a_base_that_is_none() {
    assert_eq!(
        told("base = \"baseline\"", "base = \"basline\""),
        fault(
            "line 2, key `base`",
            "`basline`",
            "a scenario of the folder `scenarios`",
            "did you mean `baseline`?"
        )
    );
}

#[test]
fn a_place_that_is_none() {
    assert_eq!(
        told("place = \"Border\"\nflow", "place = \"Boarder\"\nflow"),
        fault(
            "line 16, [[threshold]], key `place`",
            "`Boarder`",
            "a node of the network, for its flows",
            "did you mean `Border`?"
        )
    );
    assert_eq!(
        told("place = \"The lake\"\nlevel", "place = \"Border\"\nlevel"),
        fault(
            "line 10, [[threshold]], key `place`",
            "`Border`",
            "a terminal lake, for its levels",
            "known: `The lake`"
        )
    );
    assert_eq!(
        told(
            "quantity = \"level\"\nplace = \"The lake\"",
            "quantity = \"level\"\nplace = \"The like\""
        ),
        fault(
            "line 23, [[record.series]], key `place`",
            "`The like`",
            "a place that has a level",
            "did you mean `The lake`?"
        )
    );
}

#[test]
fn an_axis_that_changes_nothing() {
    assert_eq!(
        told("factor = \"value\"", "factor = 2"),
        fault(
            "line 38, [[design.axis]] \"use\", key `change`",
            "no text \"value\"",
            "\"value\" where the level of the axis is to stand",
            ""
        )
    );
}

#[test]
fn an_axis_with_the_name_of_a_column() {
    for name in ["run", "member"] {
        let told = told("name = \"use\"", &format!("name = \"{name}\""));
        let found = format!(
            "found     an axis `{name}`\n    expected  another name: tables have a column of this one\n"
        );
        assert!(told.contains(&found), "{told}");
    }
    let told = told("name = \"use\"", "name = \"the_lake_mean_level_m\"");
    assert!(
        told.contains("found     an axis `the_lake_mean_level_m`"),
        "{told}"
    );
}

#[test]
fn years_that_are_not_simulated() {
    assert_eq!(
        told("[2001]", "[2001, 2010]"),
        fault(
            "line 5, key `level_years`",
            "2010",
            "years within 2000-01..2003-12",
            ""
        )
    );
    assert_eq!(
        told("[2001]", "[2001.5]"),
        fault(
            "line 5, key `level_years`",
            "the number 2001.5",
            "years, which are whole",
            ""
        )
    );
}

#[test]
fn runs_that_are_none() {
    assert_eq!(
        told(
            "[[record.series]]",
            "[record]\nruns = [1, 4]\nSOURCE[[record.series]]"
        ),
        fault("line 22, [record], key `runs`", "4", "runs from 1 to 3", "")
    );
    assert_eq!(
        told("members = 6", "members = 6\nreference_run = 4"),
        fault("line 5, key `reference_run`", "4", "a run from 1 to 3", "")
    );
}

#[test]
fn members_that_nothing_makes() {
    assert_eq!(
        told("generator = \"flows\"\n", ""),
        fault(
            "line 3, key `members`",
            "6",
            "one member, or a `generator` that makes more",
            ""
        )
    );
}

#[test]
fn a_level_that_no_scenario_may_have() {
    let told = told("values = [0.5, 1, 2]", "values = [-1, 1, 2]");
    assert!(
        told.contains("key `factor`") && told.ends_with("\n1 fault\n"),
        "{told}"
    );
}

#[test]
fn more_than_may_be_written() {
    let told = told("members = 6", "members = 6\nmax_output_gb = 0.00001");
    let hint = " kB, and its file allows 10.00 kB\n    hint      keep fewer series or runs, or raise `max_output_gb`\n";
    assert!(
        told.starts_with("the batch writes up to ") && told.ends_with(hint),
        "{told}"
    );
}

#[test]
fn lists_of_unequal_length_and_axes_of_one_name() {
    let second = "[[design.axis]]\nname = \"more\"\nvalues = [1, 2]\nSOURCE[[design.axis.change.demand]]\nuser = \"Town\"\n\
                  factor = \"value\"\nSOURCE";
    let list = format!("{HEAD}{USE}{second}").replace("\"grid\"", "\"list\"");
    let found = told_of(&list);
    assert!(
        found.contains("found     lists of [3, 2] values\n    expected  lists of one length\n"),
        "{found}"
    );
    let twins = format!("{HEAD}{USE}{second}").replace("\"more\"", "\"use\"");
    let found = told_of(&twins);
    assert!(
        found.contains("found     two axes `use`\n    expected  a name of its own for each axis\n"),
        "{found}"
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let batch = format!("{HEAD}{USE}").replace("base = \"baseline\"", "base = \"none\"");
    let batch = batch
        .replace("place = \"Border\"\nflow", "place = \"Nowhere\"\nflow")
        .replace("[2001]", "[2001]\nclimate = \"mars\"");
    let told = told_of(&batch);
    assert!(told.contains("`none`") && told.contains("`mars`"), "{told}");
}

#[test]
fn a_plan_is_told_before_anything_is_computed() {
    let bench = Bench::small();
    let told = bench.batch("out", &["--dry-run"]);
    let expected =
        "runs            3\nmembers         6 of each\nmonths          48\nchunks          1\n";
    assert!(told.starts_with(expected), "{told}");
    assert!(
        told.contains(" kB at most, with what is made into tables\nmemory          about "),
        "{told}"
    );
    assert!(told.contains("\ntime            "), "{told}");
    assert!(
        told.ends_with(", by a measurement of the first chunk\n"),
        "{told}"
    );
    assert!(!bench.at("out").exists());
}
