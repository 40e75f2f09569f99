//! `cspc completions SHELL`.

use clap::{Args, CommandFactory};

use crate::Cli;
use crate::exit::{Exit, Failure};

/// Arguments of `cspc completions`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell to complete for
    shell: clap_complete::Shell,
}

/// Prints the script.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "cspc", &mut script);
    std::io::Write::write_all(&mut anstream::stdout(), &script)?;
    Ok(Exit::Success)
}
