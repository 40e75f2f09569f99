//! `--batch`: one question a line from standard input, one answer a line to standard output.

use std::io::{self, BufRead, BufWriter, IsTerminal as _, Write as _};

use cspc_core::wire::Refusal;
use serde::Serialize;

use crate::exit::Failure;
use crate::render::progress;

/// Answers each line. One that is no question gets its error as the answer, so that answers stay beside their questions,
/// and the run fails at its end: with how many lines hold no `question`.
pub(super) fn answer_lines<A: Serialize>(
    question: &str,
    mut answer: impl FnMut(&str) -> Result<A, String>,
) -> Result<(), Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    let (mut written, mut refused) = (Vec::new(), 0_usize);
    // Where answers are seen as they come, there is nothing more to say.
    each_line(io::stdout().is_terminal(), |line| {
        written.clear();
        match line.and_then(&mut answer) {
            Ok(answer) => serde_json::to_writer(&mut written, &answer),
            Err(error) => {
                refused += 1;
                serde_json::to_writer(&mut written, &Refusal { error })
            }
        }
        .map_err(io::Error::from)?;
        written.push(b'\n');
        Ok(output.write_all(&written)?)
    })?;
    output.flush()?;
    match refused {
        0 => Ok(()),
        _ => Err(Failure::new(format!("lines that hold no {question}: {refused}"))),
    }
}

/// Hands each line of standard input on, or why it is no text, and shows how many there were.
pub(super) fn each_line(
    is_hidden: bool,
    mut take: impl FnMut(Result<&str, String>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    /// How many lines there are between two looks at the bar.
    const STEP: u64 = 64;
    let mut input = io::stdin().lock();
    let bar = progress::bar(None, is_hidden);
    let (mut line, mut number) = (Vec::new(), 0_u64);
    while read_line(&mut input, &mut line)? {
        number += 1;
        if number.is_multiple_of(STEP) {
            bar.set_position(number);
        }
        take(text(&line, number))?;
    }
    bar.finish_and_clear();
    Ok(())
}

/// Puts the next line in the place of the last one, without its end; `false` at the end of the input.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, Failure> {
    line.clear();
    let read = input
        .read_until(b'\n', line)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    if line.last() == Some(&b'\n') {
        line.pop();
        line.pop_if(|last| *last == b'\r');
    }
    Ok(read > 0)
}

/// The text of a line, of which this is the number from 1.
fn text(line: &[u8], number: u64) -> Result<&str, String> {
    std::str::from_utf8(line).map_err(|error| {
        format!("line {number} is not UTF-8: byte {} begins no character", error.valid_up_to() + 1)
    })
}
