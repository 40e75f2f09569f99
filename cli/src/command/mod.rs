//! One file a command: its arguments and its run.

mod completions;
mod emit;

use clap::Subcommand;

use crate::exit::{Exit, Failure};

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a completion script for a shell to standard output
    Completions(completions::Arguments),
    /// Write a plan as configuration for one or more servers
    Emit(emit::Arguments),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self {
            Self::Completions(arguments) => completions::run(&arguments),
            Self::Emit(arguments) => emit::run(&arguments),
        }
    }
}
