//! `cspc man`: manual pages.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use crate::Cli;
use crate::exit::{Exit, Failure};
use crate::output;

/// Arguments of `cspc man`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write the pages of all commands, cspc.1, cspc-check.1 …, to this folder
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The command to print the page of; by default that of cspc itself
    #[arg(conflicts_with = "output")]
    command: Option<String>,
}

/// Prints a page, or writes all.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut cspc = Cli::command().disable_help_subcommand(true);
    cspc.build();
    match (&arguments.output, &arguments.command) {
        (Some(folder), _) => write_all(folder, &cspc)?,
        (None, Some(name)) => {
            let command = cspc.find_subcommand(name).ok_or_else(|| {
                Failure::new(format!("there is no command `{name}`: `cspc --help` lists them"))
            })?;
            anstream::stdout().write_all(&page(command)?)?;
        }
        (None, None) => anstream::stdout().write_all(&page(&cspc)?)?,
    }
    Ok(Exit::Success)
}

fn page(command: &clap::Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

fn write_all(folder: &Path, cspc: &clap::Command) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::new(format!("cannot create `{}`: {error}", folder.display())))?;
    for command in std::iter::once(cspc).chain(cspc.get_subcommands()) {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let text = String::from_utf8_lossy(&page(command)?).into_owned();
        output::write_file(&folder.join(format!("{name}.1")), &text)?;
    }
    Ok(())
}
