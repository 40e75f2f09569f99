//! `cspc`: the compiler for Content-Security-Policy and security headers.

mod baseline;
mod command;
mod exit;
mod output;
mod render;
mod rules;
mod schema;
mod source;

use anstream::ColorChoice;
use clap::{Parser, ValueEnum};

use crate::command::Command;
use crate::exit::Verbosity;
use crate::source::site_file::Config;

/// Compile what a site loads to the strictest security headers that still let it through.
#[derive(Debug, Parser)]
#[command(name = "cspc", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Whether to print in colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// Whether to print in colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    ColorChoice::from(cli.color).write_global();
    cli.verbosity.write_global();
    exit::report(cli.command.run(&cli.config))
}
