//! Instructions of the engine and of the loop written by hand, counted by callgrind: `cargo bench --bench instructions`.
//!
//! Instructions do not depend on what else the machine does. The program runs itself behind the counter.

#[path = "../examples/reference_network/measured/mod.rs"]
mod measured;

use std::error::Error;

use clap::Parser;

use measured::count::{Instructions, Of, Run, instructions};
use measured::inflows;

/// Options; those of a run are given by the program to itself.
#[derive(Parser)]
struct Options {
    /// Run about N steps once.
    #[arg(long, value_name = "N")]
    count: Option<usize>,
    /// What runs.
    #[arg(long, value_enum, default_value_t = Of::Engine)]
    of: Of,
    /// Members.
    #[arg(long, default_value_t = 1)]
    members: usize,
    /// Given by `cargo bench`; without it, as among tests, nothing is counted.
    #[arg(long)]
    bench: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Ok(options) = Options::try_parse() else {
        // Options of a test runner: there is no test.
        return Ok(());
    };
    if let Some(days) = options.count {
        let (of, members, lanes) = (options.of, options.members, None);
        let run = Run {
            of,
            days,
            members,
            lanes,
        };
        println!("{} steps", run.once(inflows::SEED)?);
    } else if options.bench {
        match instructions(&std::env::current_exe()?)? {
            Some(rows) => rows.iter().for_each(tell),
            None => println!("valgrind is not installed: no instructions are counted"),
        }
    }
    Ok(())
}

fn tell(row: &Instructions) {
    println!(
        "{:>3} members: {:6.1} instructions for a node, step and member; by hand {:6.1}; ratio {:.2}",
        row.members,
        row.engine,
        row.floor,
        row.engine / row.floor
    );
}
