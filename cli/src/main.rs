//! `cspc`: the compiler for Content-Security-Policy and security headers.

mod command;
mod exit;
mod output;
mod render;
mod source;

use clap::Parser;

use crate::command::Command;

/// Compile what a site loads to the strictest security headers that still let it through.
#[derive(Debug, Parser)]
#[command(name = "cspc", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> std::process::ExitCode {
    exit::report(Cli::parse().command.run())
}
