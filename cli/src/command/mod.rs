//! One file a command: its arguments and its run.

mod completions;

use clap::Subcommand;

use crate::exit::{Exit, Failure};

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a completion script for a shell to standard output
    Completions(completions::Arguments),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self {
            Self::Completions(arguments) => completions::run(&arguments),
        }
    }
}
