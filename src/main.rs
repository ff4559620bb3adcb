//! The command `rivershare`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rivershare::cli::main()
}
