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
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::new(format!("`{name}` is not text: byte {at} is not UTF-8"))
    })
}
