//! How a run ends: the three exit codes of the contract.

use std::fmt;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::Args;
use cspc_core::text::in_words;

/// How a command that did not fail ended; the worse, the more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done, and nothing at or above the threshold: 0.
    Success,
    /// Findings at or above the threshold: 1.
    Findings,
}

/// A failure that the user can read: exit code 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A message that says all.
    #[error("{0}")]
    Message(String),
    /// A text that cannot be read.
    #[error(transparent)]
    Read(#[from] cspc_core::deployment::ReadError),
    /// Standard output is gone.
    #[error("cannot write to standard output: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// A failure with this message.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::Message(message.into())
    }

    /// That a file is not the JSON that it should be, and where.
    pub(crate) fn json(file: &str, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let (message, place) = (error.to_string(), format!(" at line {line} column {column}"));
        let message = message.strip_suffix(&place).unwrap_or(&message);
        Self::new(format!("{file}:{line}:{column}: {}", in_words(message)))
    }
}

/// How much is said beside results and errors.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct Verbosity {
    /// Print nothing but results and errors: no summary, no progress, no warnings
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Print what is only worth knowing, too
    #[arg(short, long, global = true)]
    verbose: bool,
}

static VERBOSITY: OnceLock<Verbosity> = OnceLock::new();

impl Verbosity {
    /// Lets it hold for the rest of the run.
    pub(crate) fn write_global(self) {
        VERBOSITY.get_or_init(|| self);
    }
}

/// Whether nothing is to be said but results and errors.
pub(crate) fn is_quiet() -> bool {
    VERBOSITY.get().is_some_and(|verbosity| verbosity.quiet)
}

/// Whether what is only worth knowing is to be said, too.
pub(crate) fn is_verbose() -> bool {
    VERBOSITY.get().is_some_and(|verbosity| verbosity.verbose)
}

/// Prints a line on standard error, if the run is not to be quiet.
macro_rules! say {
    ($($argument:tt)*) => {
        if !crate::exit::is_quiet() {
            crate::exit::complain(format_args!($($argument)*));
        }
    };
}
pub(crate) use say;

/// Prints a line on standard error. That nobody can read it is no reason to stop.
pub(crate) fn complain(line: fmt::Arguments<'_>) {
    writeln!(anstream::stderr(), "{line}").ok();
}

/// Prints a failure on standard error and gives the exit code. A closed pipe is the reader's choice, not an error.
pub(crate) fn report(result: Result<Exit, Failure>) -> ExitCode {
    match result {
        Ok(Exit::Success) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            for line in failure.to_string().lines() {
                complain(format_args!("error: {}", visible(line)));
            }
            ExitCode::from(2)
        }
    }
}

/// `text` with its control and direction-changing characters escaped: what a page or a file name says must not be able
/// to steer the terminal.
pub(crate) fn visible(text: &str) -> String {
    let hostile = |c: char| {
        c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if hostile(c) { c.escape_unicode().to_string() } else { c.to_string() })
        .collect()
}

/// The same for a text of several lines.
pub(crate) fn visible_lines(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| match line.strip_suffix('\n') {
            Some(line) => visible(line) + "\n",
            None => visible(line),
        })
        .collect()
}
