//! The lorecast command: one file per command.
//!
//! It never holds logic: a command reads its arguments, calls the desk, and shows what came back.

mod cli;
mod commands;
mod events;
mod ids;
mod interrupt;
mod out;
mod tables;
mod terminal;
mod window;

use std::process::ExitCode;

use clap::Parser;

/// Mail is parsed in millions of small strings; this allocator takes two thirds of the time of the
/// system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a command that did not fail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well: 0.
    Done,
    /// A check found something: 1.
    Findings,
}

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return terminal::show_usage(&error),
    };
    terminal::start_log(cli.verbose, cli.log_as);
    match cli.run() {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        // Whoever reads our output has seen enough.
        Err(error) if out::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::show_error(&error);
            ExitCode::from(2)
        }
    }
}
