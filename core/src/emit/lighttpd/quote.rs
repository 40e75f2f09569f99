//! How lighttpd reads a text between double quotes: `\"` is a quote, everything else is itself.

use super::super::{EmitError, Server};

/// A text; `name` is the header or path that it is for.
///
/// # Errors
/// If it ends with a backslash, which would take the closing quote away.
pub(super) fn text(name: &str, text: &str) -> Result<String, EmitError> {
    if text.ends_with('\\') {
        return Err(EmitError::Unwritable {
            server: Server::Lighttpd,
            name: name.to_owned(),
            what: "a value that ends with a backslash",
            help: "write the value without it",
        });
    }
    Ok(format!("\"{}\"", text.replace('"', "\\\"")))
}
