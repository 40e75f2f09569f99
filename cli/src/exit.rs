//! How a run ends: the three exit codes of the contract.

use std::io;
use std::process::ExitCode;

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
}

/// Prints a line on standard error. That nobody can read it is no reason to stop.
macro_rules! say {
    ($($argument:tt)*) => {
        std::io::Write::write_fmt(
            &mut anstream::stderr(),
            format_args!("{}\n", format_args!($($argument)*)),
        )
        .ok()
    };
}
pub(crate) use say;

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
                crate::exit::say!("error: {}", visible(line));
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
