//! `fieldchart`: the headless host, for administrators, scripts and checks.
//!
//! The same use-cases as the window's, with arguments in and text or JSON out. Shapes: docs/CLI.md.

mod arguments;
mod commands;
mod failure;
mod guard;
mod output;
mod password;
mod terminal;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    match guard::guarded(|| commands::run(&arguments)) {
        Ok(()) if output::all_told() => ExitCode::SUCCESS,
        Ok(()) => failure::Failure::untold().tell(arguments.json),
        Err(failure) => failure.tell(arguments.json),
    }
}
