//! From the bytes of a page to the text a browser reads.

use std::borrow::Cow;

use super::tokenizer::normalize_newlines;
use super::{Element, elements};
use crate::inventory::encoding::{Decode, decode_marked, decode_windows_1252};

/// How far browsers look for a `<meta charset>` before they begin (HTML, "prescan a byte stream").
const PRESCAN_LENGTH: usize = 1024;

/// A decoded page.
pub(super) struct Decoded<'a> {
    /// The text, its line ends LF, borrowed where the bytes were that in UTF-8 already.
    pub(super) text: Cow<'a, str>,
    /// Whether a browser has to guess: there are bytes beyond ASCII, and neither a byte order mark nor a label.
    pub(super) guessed: bool,
}

/// Decodes a page by its byte order mark, its `<meta charset>` or XML declaration, or else as UTF-8 if it is that and as
/// windows-1252 if not, which is what browsers take for an unlabelled page. XML is UTF-8 unless it says otherwise.
pub(super) fn decode_page(bytes: &[u8], is_xml: bool, decode: Decode) -> Decoded<'_> {
    // ASCII bytes mean the same in every encoding without escape sequences, so no label has to be looked for.
    let is_plain = || bytes.is_ascii() && memchr::memchr(0x1B, bytes).is_none();
    let plain = || is_plain().then(|| String::from_utf8_lossy(bytes));
    let known = decode_marked(bytes).or_else(plain).or_else(|| declared(bytes, is_xml, decode));
    let guessed = known.is_none();
    let text = known.unwrap_or_else(|| guess(bytes));
    Decoded { text: normalize_newlines(text), guessed }
}

fn declared(bytes: &[u8], is_xml: bool, decode: Decode) -> Option<Cow<'_, str>> {
    let head = bytes.get(..PRESCAN_LENGTH).unwrap_or(bytes);
    if is_xml {
        let labelled = xml_label(head).and_then(|label| decode(label, bytes));
        Some(labelled.unwrap_or_else(|| String::from_utf8_lossy(bytes)))
    } else {
        // What matters is ASCII, which this leaves as it is.
        let head = String::from_utf8_lossy(head);
        elements(&head, &["meta"])
            .iter()
            .filter_map(meta_label)
            .find_map(|label| decode(&label, bytes))
    }
}

fn guess(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes)
        .map_or_else(|_error| Cow::Owned(decode_windows_1252(bytes)), Cow::Borrowed)
}

fn xml_label(head: &[u8]) -> Option<&str> {
    let declaration = head.strip_prefix(b"<?xml")?.split(|byte| *byte == b'>').next()?;
    let declaration = std::str::from_utf8(declaration).ok()?;
    declaration.split("encoding").nth(1)?.split(['"', '\'']).nth(1)
}

fn meta_label(meta: &Element) -> Option<String> {
    let label = meta.get("charset").map(str::to_owned).or_else(|| content_type_charset(meta))?;
    // HTML, "prescan a byte stream", says so.
    let is_private = label.trim_ascii().eq_ignore_ascii_case("x-user-defined");
    Some(if is_private { "windows-1252".to_owned() } else { label })
}

fn content_type_charset(meta: &Element) -> Option<String> {
    if !meta.get("http-equiv")?.eq_ignore_ascii_case("content-type") {
        return None;
    }
    let content = meta.get("content")?.to_ascii_lowercase();
    let rest = content.split("charset").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let label = rest.trim_start_matches(['"', '\'']);
    Some(label.split([';', ' ', '"', '\'']).next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::encoding::DEFAULT;

    fn page(bytes: &[u8], is_xml: bool) -> Decoded<'_> {
        decode_page(bytes, is_xml, DEFAULT)
    }

    #[test]
    fn a_label_decides() {
        let latin = b"<meta charset=iso-8859-1><p>\xE9";
        assert!(page(latin, false).text.ends_with('é'));
        assert!(!page(latin, false).guessed);
        let equiv = b"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>\xC1";
        assert!(page(equiv, false).text.ends_with('а'));
        assert!(page(b"<meta charset=x-user-defined>\x80", false).text.ends_with('€'));
        assert!(
            page(b"<?xml version='1.0' encoding='windows-1251'?><svg>\xE0", true)
                .text
                .ends_with('а')
        );
    }

    #[test]
    fn a_byte_order_mark_beats_the_label() {
        let utf16 = [0xFF, 0xFE, b'<', 0, b'p', 0, b'>', 0];
        assert_eq!(page(&utf16, false).text, "<p>");
        assert_eq!(
            page(b"\xEF\xBB\xBF<meta charset=latin1>\xC3\xA9", false).text,
            "<meta charset=latin1>é"
        );
    }

    #[test]
    fn without_a_label_it_is_a_guess() {
        let utf8 = page("<p>é".as_bytes(), false);
        assert!(utf8.guessed && utf8.text.ends_with('é'));
        let other = page(b"<p>\xE9", false);
        assert!(other.guessed && other.text.ends_with('é'));
        assert!(!page(b"<p>e", false).guessed);
    }
}
