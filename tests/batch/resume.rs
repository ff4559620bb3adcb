//! Folders that outlive an interruption: whatever happens on the way, the result is that of an undisturbed run.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::bench::{Bench, same_files};

const RESUME: [&str; 5] = [
    "batch",
    "model/batches/tried.toml",
    "--out",
    "out",
    "--resume",
];

fn begin(bench: &Bench) -> Child {
    let mut command = bench.command(&RESUME);
    command.args(["--quiet", "--threads", "2"]);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// Goes on until it is finished, and compares every file with an undisturbed run.
#[track_caller]
fn finish(bench: &Bench) {
    if !bench.at("whole").exists() {
        bench.batch("whole", &[]);
    }
    bench.done(&RESUME);
    same_files(&bench.files("whole"), &bench.files("out"));
}

/// A batch of which the first half is computed.
fn half_done() -> Bench {
    let bench = Bench::large(200, 4);
    bench.batch("out", &["--shard", "1/2"]);
    bench
}

#[test]
fn a_killed_batch_goes_on_wherever_it_was() {
    let bench = Bench::large(200, 5);
    let begun = Instant::now();
    bench.batch("whole", &["--threads", "2"]);
    let whole = begun.elapsed();
    let (mut part, mut kills) = (0.0_f64, 0);
    for _ in 0..6 {
        for _ in 0..2 {
            // Parts of the whole time, spread evenly and in no order.
            part = (part + 0.618_033_988_75).fract();
            let mut child = begin(&bench);
            sleep(whole.mul_f64(part));
            kills += usize::from(child.try_wait().expect("its state").is_none());
            // SIGKILL; of one that has ended nothing is left to be killed.
            let _ = child.kill();
            child.wait().expect("it ends");
        }
        finish(&bench);
        std::fs::remove_dir_all(bench.at("out")).expect("it is removed");
    }
    // What one begun batch has finished the next one need not compute, and may end before it is killed.
    assert!(kills >= 4, "{kills}");
}

#[test]
fn a_line_that_was_cut_off_is_no_entry() {
    let bench = half_done();
    let path = bench.at("out/journal.jsonl");
    let journal = std::fs::read(&path).expect("a journal");
    for cut in [1, 20, journal.len() / 2 + 5, journal.len() - 1] {
        std::fs::write(&path, &journal[..journal.len() - cut]).expect("written");
        let told = bench.done(&[&RESUME[..], &["--shard", "1/2"]].concat());
        assert!(told.starts_with("out: 2 chunks"), "{told}");
        assert_eq!(
            std::fs::read(&path).expect("a journal").len(),
            journal.len(),
            "{cut}"
        );
    }
    finish(&bench);
}

#[test]
fn a_chunk_that_has_changed_or_gone_is_computed_again() {
    let bench = half_done();
    let chunks = ["out/chunks/000000.bin", "out/chunks/000001.bin"].map(|path| bench.at(path));
    let mut bytes = std::fs::read(&chunks[0]).expect("a chunk");
    bytes.pop();
    std::fs::write(&chunks[0], bytes).expect("written");
    std::fs::remove_file(&chunks[1]).expect("removed");
    let told = bench.done(&[&RESUME[..], &["--shard", "1/2"]].concat());
    let expected = "chunk 0 had changed and is computed again\nchunk 1 had changed and is computed again\nout: 2 chunks";
    assert!(told.starts_with(expected), "{told}");
    finish(&bench);
}

#[test]
fn an_unfinished_batch_is_not_begun_again_by_mistake() {
    let bench = half_done();
    assert_eq!(
        bench.refused_batch("out", &[]),
        "out: holds a batch that is not finished\n    hint      go on with --resume, or choose another --out\n"
    );
    finish(&bench);
}

#[test]
fn a_finished_batch_stays_unless_it_is_to_be_replaced() {
    let bench = Bench::small();
    bench.batch("out", &[]);
    let before = bench.files("out");
    assert_eq!(
        bench.refused_batch("out", &[]),
        "out: holds a finished batch\n    hint      choose another --out, or replace it with --force\n"
    );
    assert_eq!(bench.batch("out", &["--resume"]), "out: is complete\n");
    same_files(&before, &bench.files("out"));
    bench.write(
        &bench
            .text("model/batches/tried.toml")
            .replace("members = 6", "members = 5"),
    );
    let told = bench.refused_batch("out", &["--resume"]);
    assert!(
        told.starts_with("out: holds another batch: its blueprint is "),
        "{told}"
    );
    let hint =
        "    hint      the batch, an input or the program has changed; choose another --out\n";
    assert!(told.ends_with(hint), "{told}");
    bench.batch("out", &["--force"]);
    bench.batch("other", &[]);
    same_files(&bench.files("other"), &bench.files("out"));
}

/// The program may end between the manifest and the last traces of the work.
#[test]
fn traces_of_the_work_are_cleared_away() {
    let bench = half_done();
    let traces = bench.files("out");
    finish(&bench);
    for (name, bytes) in traces {
        let path = bench.at("out").join(&name);
        if !path.exists() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, bytes).expect("written");
        }
    }
    assert_eq!(bench.done(&RESUME), "out: is complete\n");
    finish(&bench);
}

/// Before the blueprint is in its place there is nothing but its half and the lock.
#[test]
fn a_folder_that_was_only_just_begun_is_gone_on_with() {
    let bench = Bench::small();
    bench.put("out/.lock", "");
    bench.put("out/.blueprint.json.partial", "{");
    finish(&bench);
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let bench = Bench::small();
    bench.put("out/notes.txt", "mine");
    let expected =
        "out: is there already and is no folder of a batch\n    hint      choose another --out\n";
    for more in [&[][..], &["--resume"], &["--force"]] {
        assert_eq!(bench.refused_batch("out", more), expected);
    }
    assert_eq!(bench.files("out").len(), 1);
}

#[test]
fn two_programs_do_not_work_in_one_folder() {
    let bench = half_done();
    let lock = std::fs::File::create(bench.at("out/.lock")).expect("the lock");
    lock.lock().expect("it is free");
    let expected = "out: another rivershare is at work here\n";
    assert_eq!(bench.refused(&RESUME), expected);
    assert_eq!(bench.refused_batch("out", &["--force"]), expected);
    drop(lock);
    finish(&bench);
}

#[test]
fn where_nothing_can_be_written_the_place_is_named() {
    let bench = Bench::small();
    bench.put("file", "");
    let told = bench.refused_batch("file/out", &[]);
    assert!(told.starts_with("file/out: cannot be written: "), "{told}");
    let told = bench.refused_batch("file", &[]);
    assert!(
        told.starts_with("file: is there already and is no folder of a batch"),
        "{told}"
    );
}

/// A limit on the size of files refuses what is written, as a full disk does.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing_that_is_finished() {
    let bench = Bench::large(200, 4);
    let mut refusals = 0;
    for blocks in [1, 4, 16, 64, 128, 256, 512, 1024, 2048] {
        let command = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec {} --inputs model {}",
            env!("CARGO_BIN_EXE_rivershare"),
            RESUME.join(" ")
        );
        let mut shell = Command::new("sh");
        let shell = shell.args(["-c", &command]).current_dir(bench.at("."));
        let Ok(output) = shell.output() else { return };
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            break;
        }
        assert!(told.contains(": cannot be written: "), "{blocks}: {told}");
        assert!(
            told.contains("what is finished is kept; go on with --resume"),
            "{blocks}: {told}"
        );
        assert!(!bench.at("out/manifest.json").exists());
        refusals += 1;
    }
    assert!(refusals > 1, "{refusals}");
    finish(&bench);
}

#[cfg(unix)]
#[test]
fn an_interruption_finishes_its_chunks_and_says_how_to_go_on() {
    let bench = Bench::large(200, 40);
    let mut child = begin(&bench);
    let journal = bench.at("out/journal.jsonl");
    while std::fs::metadata(&journal).map_or(0, |data| data.len()) == 0 {
        assert!(
            child.try_wait().expect("its state").is_none(),
            "it ended too early"
        );
        sleep(Duration::from_millis(2));
    }
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.expect("kill starts").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let entries = std::fs::read_to_string(journal)
        .expect("a journal")
        .lines()
        .count();
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!(
            "stopped: out: {entries} of 40 chunks are finished\n    hint      go on with --resume\n"
        )
    );
    finish(&bench);
}

#[test]
fn quiet_prints_nothing() {
    let bench = Bench::small();
    let output = bench.output(&[
        "batch",
        "model/batches/tried.toml",
        "--out",
        "out",
        "--quiet",
    ]);
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
}
