//! Parts of a batch that are computed apart, and joined.

use crate::bench::{Bench, same_files};

/// A batch of six chunks in three parts.
fn in_parts() -> Bench {
    let bench = Bench::large(200, 6);
    for part in 1..=3 {
        let told = bench.batch(&format!("part-{part}"), &["--shard", &format!("{part}/3")]);
        let expected = format!("part-{part}: 2 chunks; join the parts with `rivershare merge`\n");
        assert_eq!(told, expected);
    }
    bench
}

#[test]
fn parts_give_the_bytes_of_one_run() {
    let bench = in_parts();
    let whole = bench.batch("whole", &[]);
    let merged = bench.done(&["merge", "part-3", "part-1", "part-2", "--out", "merged"]);
    assert_eq!(merged, whole.replace("\nwhole\n", "\nmerged\n"));
    same_files(&bench.files("whole"), &bench.files("merged"));
    // A merge of what is there already has nothing to do.
    let again = bench.done(&["merge", "part-1", "part-2", "part-3", "--out", "merged"]);
    assert_eq!(again, "merged: is complete\n");
    // A part is no result.
    assert!(!bench.at("part-1/manifest.json").exists());
    assert_eq!(
        bench
            .batch("part-1", &["--shard", "1/3", "--resume"])
            .lines()
            .count(),
        1
    );
}

#[test]
fn parts_that_make_no_whole_are_refused() {
    let bench = in_parts();
    let merge = |parts: &[&str]| bench.refused(&[&["merge"], parts, &["--out", "merged"]].concat());
    assert_eq!(
        merge(&["part-1", "part-3"]),
        "of 6 chunks these are in no part: 2 to 3\n    hint      run the missing `--shard`, or go on with it with --resume\n"
    );
    bench.batch("half", &["--shard", "2/2"]);
    assert_eq!(
        merge(&["part-1", "part-2", "half"]),
        "part-2 and half: both hold the chunks 3\n"
    );
    assert_eq!(
        merge(&["part-1", "model"]),
        "model: is no folder of a batch's part\n"
    );
    bench.write(
        &bench
            .text("model/batches/tried.toml")
            .replace("title = \"A test\"", "title = \"Another\""),
    );
    bench.batch("foreign", &["--shard", "3/3"]);
    let told = merge(&["part-1", "part-2", "foreign"]);
    assert!(
        told.starts_with("foreign: is a part of another batch: its blueprint is "),
        "{told}"
    );
    assert!(!bench.at("merged").exists());
}

#[test]
fn a_chunk_that_has_changed_is_refused() {
    let bench = in_parts();
    let path = bench.at("part-2/chunks/000003.bin");
    let mut bytes = std::fs::read(&path).expect("a chunk");
    bytes[11] ^= 1;
    std::fs::write(&path, bytes).expect("written");
    let merge = ["merge", "part-1", "part-2", "part-3", "--out", "merged"];
    assert_eq!(
        bench.refused(&merge),
        "part-2: chunk 3 has changed since it was computed\n"
    );
    assert!(!bench.at("merged/manifest.json").exists());
    // The part finds it as well, and the merge goes on where it ended.
    let told = bench.batch("part-2", &["--shard", "2/3", "--resume"]);
    assert!(
        told.starts_with("chunk 3 had changed and is computed again\n"),
        "{told}"
    );
    bench.done(&merge);
    bench.batch("whole", &[]);
    same_files(&bench.files("whole"), &bench.files("merged"));
}

#[test]
fn a_part_says_which_of_how_many() {
    let bench = Bench::small();
    for bad in ["0/3", "4/3", "1", "a/b", "1/0"] {
        let output = bench.output(&["batch", "model/batches/tried.toml", "--shard", bad]);
        assert_eq!(output.status.code(), Some(2));
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            told.contains("expected I/N with I from 1 to N, for instance 2/8"),
            "{told}"
        );
    }
}
