//! `--batch`: one question a line from standard input, one answer a line to standard output.

use std::io::{self, BufRead as _, BufWriter, Write as _};

use cspc_core::wire::Refusal;
use serde::Serialize;

use crate::exit::Failure;

/// Answers each line. One that is no question gets its error as the answer, so that answers stay beside their questions,
/// and the run fails at its end: with how many lines hold no `question`.
pub(super) fn answer_lines<A: Serialize>(
    question: &str,
    mut answer: impl FnMut(&str) -> Result<A, String>,
) -> Result<(), Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut refused = 0_usize;
    for line in io::stdin().lock().lines() {
        let line =
            line.map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        match answer(&line) {
            Ok(answer) => serde_json::to_writer(&mut output, &answer),
            Err(error) => {
                refused += 1;
                serde_json::to_writer(&mut output, &Refusal { error })
            }
        }
        .map_err(io::Error::from)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    match refused {
        0 => Ok(()),
        _ => Err(Failure::new(format!("lines that hold no {question}: {refused}"))),
    }
}
