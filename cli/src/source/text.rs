//! The text of an input.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use crate::exit::Failure;

/// The text of a file, or of standard input, `-`.
pub(crate) fn read(path: &Path, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let outcome = if path == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map(|_length| ())
    } else {
        fs::read(path).map(|content| bytes = content)
    };
    outcome.map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(Failure::new(format!(
            "`{name}` is text in UTF-16: save it as UTF-8, as with `iconv -f utf-16 -t utf-8`"
        )));
    }
    // A byte order mark says nothing in UTF-8, and is no part of a policy.
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    utf8(bytes, name).map_err(Failure::new)
}

/// Bytes as text; where they are none, the error says in which line and column.
pub(super) fn utf8(bytes: Vec<u8>, name: &str) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let valid = String::from_utf8_lossy(valid);
        let line = 1 + valid.matches('\n').count();
        let column = 1 + valid.chars().rev().take_while(|c| *c != '\n').count();
        format!("`{name}` is not text: line {line}, column {column} is not UTF-8")
    })
}
