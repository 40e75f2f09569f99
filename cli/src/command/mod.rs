//! One file a command: its arguments and its run.

mod batch;
mod build;
mod check;
mod completions;
mod diff;
mod emit;
mod explain;
mod fmt;
mod grade;
mod init;
mod inventory;
mod man;
mod playground;
mod rules;
mod schema;

use clap::Subcommand;

use crate::exit::{Exit, Failure};
use crate::source::site_file::Config;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Look at a site, and write a site file for it to begin with
    Init(init::Arguments),
    /// Compile a site to security headers, written for a server
    Build(build::Arguments),
    /// Write a plan as configuration for one or more servers
    Emit(emit::Arguments),
    /// List what a site loads and runs, and where
    Inventory(inventory::Arguments),
    /// Find what is wrong with policies
    Check(check::Arguments),
    /// Say whether a browser would load something, and which clause decides
    Explain(explain::Arguments),
    /// Say what policies allow or block that others do not
    Diff(diff::Arguments),
    /// Grade a response as the MDN HTTP Observatory does, and find the shortest way to the best grade
    Grade(grade::Arguments),
    /// Write policies in one form
    Fmt(fmt::Arguments),
    /// List the rules of check, or explain one
    Rules(rules::Arguments),
    /// Serve the playground, the page in which all this runs in a browser, on this machine
    Playground(playground::Arguments),
    /// Write a completion script for a shell to standard output
    Completions(completions::Arguments),
    /// Print a manual page, or write all of them to a folder
    Man(man::Arguments),
    /// Print the JSON Schema of a machine format
    Schema(schema::Arguments),
}

impl Command {
    /// Does it, with this site file.
    pub(crate) fn run(self, config: &Config) -> Result<Exit, Failure> {
        match self {
            Self::Init(arguments) => init::run(&arguments, config),
            Self::Build(arguments) => build::run(&arguments, config),
            Self::Inventory(arguments) => inventory::run(&arguments, config),
            Self::Check(arguments) => check::run(&arguments, config),
            Self::Explain(arguments) => explain::run(&arguments, config),
            Self::Diff(arguments) => diff::run(&arguments, config),
            Self::Grade(arguments) => grade::run(&arguments),
            Self::Fmt(arguments) => fmt::run(&arguments, config),
            Self::Rules(arguments) => rules::run(&arguments),
            Self::Playground(arguments) => playground::run(&arguments),
            Self::Completions(arguments) => completions::run(&arguments),
            Self::Man(arguments) => man::run(&arguments),
            Self::Schema(arguments) => schema::run(&arguments),
            Self::Emit(arguments) => emit::run(&arguments),
        }
    }
}
