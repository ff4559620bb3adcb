//! Keeps `ARCHITECTURE.md` true: its paths exist, it names every room, and imports follow the flow.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms in the order in which data pass them. A room may use itself and every room before it.
const FLOW: [&str; 19] = [
    "time",
    "units",
    "faults",
    "probability",
    "inputs",
    "network",
    "observations",
    "import",
    "scenario",
    "plan",
    "model",
    "allocate",
    "engine",
    "ledger",
    "results",
    "metrics",
    "outputs",
    "batch",
    "cli",
];

/// The room beside the flow: it writes inputs. It may use rooms up to `network`; only `batch` and `cli` use it.
const SIDE: &str = "hydrology";
const SIDE_SEES_UP_TO: &str = "network";
const SIDE_IS_SEEN_BY: [&str; 2] = ["batch", "cli"];

/// Arrows back that exist: (room, room that it uses). One that is gone must leave this list.
///
/// A plan is built from a model, and loading a model plans each scenario once to find its faults.
const ARROWS_BACK: [(&str, &str); 0] = [];

/// Files of the crate's root that only dispatch.
const DISPATCH: [&str; 2] = ["lib.rs", "main.rs"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn map() -> String {
    std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there")
}

/// Texts in single backticks, outside fenced blocks.
fn quoted(markdown: &str) -> Vec<String> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// Whether a quoted text means one path of the repository. A pattern such as `inputs/basins/*/x` does not.
fn is_path(text: &str) -> bool {
    let below = ["src/", "tests/", "docs/", "inputs/"];
    below.iter().any(|folder| text.starts_with(folder)) && !text.contains(['*', '{', '<', ' '])
}

/// Quoted paths that do not exist below `root`.
fn missing_paths(markdown: &str, root: &Path) -> Vec<String> {
    let paths = quoted(markdown).into_iter().filter(|text| is_path(text));
    paths.filter(|path| !root.join(path).exists()).collect()
}

/// Entries directly below `src/` that the map does not name, as `src/x.rs` or `src/x/`.
fn unnamed_rooms(markdown: &str, entries: &[String]) -> Vec<String> {
    let named: BTreeSet<String> = quoted(markdown).into_iter().collect();
    let missing = entries.iter().filter(|entry| !named.contains(*entry));
    missing.cloned().collect()
}

fn entries_of_src() -> Vec<String> {
    let folder = std::fs::read_dir(root().join("src")).expect("src is there");
    let mut entries: Vec<String> = folder
        .map(|entry| {
            let path = entry.expect("an entry of src").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let slash = if path.is_dir() { "/" } else { "" };
            format!("src/{name}{slash}")
        })
        .collect();
    entries.sort();
    entries
}

/// All Rust files below a folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of sources");
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The room of a source file: the name of its first folder or of the file itself.
fn room_of(file: &Path) -> String {
    let below = file
        .strip_prefix(root().join("src"))
        .expect("a file of src");
    let first = below.iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Rooms that a source text names after `crate::`, comments left out.
fn rooms_used(source: &str) -> BTreeSet<String> {
    let code: String = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut rooms = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => rooms.extend(group_heads(group)),
            None => rooms.extend(head(rest)),
        }
    }
    rooms
}

/// The first names of a braced list of imports, up to its closing brace.
fn group_heads(group: &str) -> Vec<String> {
    let (mut depth, mut item, mut items) = (0, String::new(), Vec::new());
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(std::mem::take(&mut item)),
            _ => {}
        }
        if letter != ',' {
            item.push(letter);
        }
    }
    items.push(item);
    items.iter().filter_map(|item| head(item.trim())).collect()
}

fn head(text: &str) -> Option<String> {
    let word: String = text
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
        .collect();
    (!word.is_empty()).then_some(word)
}

fn place(room: &str) -> Option<usize> {
    FLOW.iter().position(|known| *known == room)
}

/// Whether a room may use another.
fn may_use(room: &str, used: &str) -> bool {
    if room == used || ARROWS_BACK.contains(&(room, used)) {
        return true;
    }
    match (room == SIDE, used == SIDE) {
        (true, _) => place(used) <= place(SIDE_SEES_UP_TO) && place(used).is_some(),
        (_, true) => SIDE_IS_SEEN_BY.contains(&room),
        _ => place(used).is_some() && place(used) < place(room),
    }
}

/// Every import from room to room, with its file.
fn imports() -> Vec<(String, String, PathBuf)> {
    let files = rust_files(&root().join("src")).into_iter();
    let files = files.filter(|file| {
        let name = file.file_name().expect("a name").to_string_lossy();
        !DISPATCH.contains(&name.as_ref()) || room_of(file) != name.trim_end_matches(".rs")
    });
    files
        .flat_map(|file| {
            let source = std::fs::read_to_string(&file).expect("a source file");
            let room = room_of(&file);
            let used = rooms_used(&source).into_iter();
            used.map(move |used| (room.clone(), used, file.clone()))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_path_on_the_map_exists() {
    let missing = missing_paths(&map(), root());
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md names what is not there: {missing:?}"
    );
}

#[test]
fn the_map_names_every_room() {
    let unnamed = unnamed_rooms(&map(), &entries_of_src());
    assert!(
        unnamed.is_empty(),
        "ARCHITECTURE.md does not name {unnamed:?}"
    );
}

#[test]
fn every_room_has_a_place_in_the_flow() {
    let rooms = entries_of_src().into_iter();
    let rooms = rooms.map(|entry| entry.trim_start_matches("src/").to_owned());
    let rooms = rooms.filter(|entry| !DISPATCH.contains(&entry.as_str()));
    let lost: Vec<String> = rooms
        .map(|entry| {
            entry
                .trim_end_matches('/')
                .trim_end_matches(".rs")
                .to_owned()
        })
        .filter(|room| place(room).is_none() && room != SIDE)
        .collect();
    assert!(
        lost.is_empty(),
        "give these a place in FLOW and on the map: {lost:?}"
    );
}

#[test]
fn imports_follow_the_flow() {
    let wrong: Vec<String> = imports()
        .into_iter()
        .filter(|(room, used, _)| !may_use(room, used))
        .map(|(room, used, file)| format!("{}: `{room}` uses `{used}`", file.display()))
        .collect();
    assert!(wrong.is_empty(), "against the flow:\n{}", wrong.join("\n"));
}

#[test]
fn no_arrow_back_outlives_its_need() {
    let present: BTreeSet<(String, String)> = imports()
        .into_iter()
        .map(|(room, used, _)| (room, used))
        .collect();
    let stale: Vec<_> = ARROWS_BACK
        .iter()
        .filter(|(room, used)| !present.contains(&((*room).to_owned(), (*used).to_owned())))
        .collect();
    assert!(stale.is_empty(), "take these out of ARROWS_BACK: {stale:?}");
}

#[test]
fn the_checks_can_fail() {
    let text = "See `src/nowhere.rs`, `inputs/basins/*/network.toml` and `cargo test`.";
    assert_eq!(missing_paths(text, root()), ["src/nowhere.rs"]);
    let rooms = ["src/engine/".to_owned(), "src/attic/".to_owned()];
    assert_eq!(unnamed_rooms("`src/engine/`", &rooms), ["src/attic/"]);
    let source = "// crate::comment\nuse crate::cli::x;\nuse crate::{plan::{a, b}, time};";
    let used: Vec<String> = rooms_used(source).into_iter().collect();
    assert_eq!(used, ["cli", "plan", "time"]);
    assert!(may_use("engine", "plan") && !may_use("plan", "engine"));
    assert!(may_use("hydrology", "network") && !may_use("hydrology", "plan"));
    assert!(may_use("cli", "hydrology") && !may_use("outputs", "hydrology"));
    assert!(!may_use("engine", "attic"));
}
