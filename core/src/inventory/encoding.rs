//! From the bytes of a script or a style sheet to the text a browser reads.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

/// Decodes a script by its byte order mark, or else as UTF-8, which is what modules are (HTML, "fetch a single module
/// script") and classic scripts of pages in UTF-8.
pub(super) fn decode_script(bytes: &[u8]) -> Cow<'_, str> {
    UTF_8.decode(bytes).0
}

/// Decodes a style sheet by its byte order mark or `@charset` (CSS Syntax, section 3.2), or else as UTF-8.
pub(super) fn decode_style_sheet(bytes: &[u8]) -> Cow<'_, str> {
    let label =
        bytes.strip_prefix(b"@charset \"").and_then(|rest| rest.split(|byte| *byte == b'"').next());
    label.and_then(Encoding::for_label).map_or(UTF_8, as_declared).decode(bytes).0
}

/// The bytes of a text that was decoded before, which decode to it whatever it says of its own encoding: a byte order mark
/// counts for more.
pub(crate) fn encode(text: &str) -> Vec<u8> {
    format!("\u{FEFF}{}", text.trim_start_matches('\u{FEFF}')).into_bytes()
}

/// What a label declares is never UTF-16, as the label itself could be read (HTML and CSS Syntax say the same).
pub(super) fn as_declared(encoding: &'static Encoding) -> &'static Encoding {
    encoding.output_encoding()
}
