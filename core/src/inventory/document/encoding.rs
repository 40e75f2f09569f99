//! From the bytes of a page to the text a browser reads.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::tokenizer::normalize_newlines;
use super::{Element, elements};
use crate::inventory::encoding::as_declared;

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
pub(super) fn decode_page(bytes: &[u8], is_xml: bool) -> Decoded<'_> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default()).0;
        return Decoded { text: normalize_newlines(text), guessed: false };
    }
    // ASCII bytes mean the same in every encoding without escape sequences, so no label has to be looked for.
    if bytes.is_ascii() && memchr::memchr(0x1B, bytes).is_none() {
        let text = UTF_8.decode_without_bom_handling(bytes).0;
        return Decoded { text: normalize_newlines(text), guessed: false };
    }
    let label = declared_encoding(bytes.get(..PRESCAN_LENGTH).unwrap_or(bytes), is_xml);
    let encoding = label
        .unwrap_or_else(|| if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 });
    let text = encoding.decode_without_bom_handling(bytes).0;
    Decoded { text: normalize_newlines(text), guessed: label.is_none() }
}

fn declared_encoding(head: &[u8], is_xml: bool) -> Option<&'static Encoding> {
    if is_xml { xml_declaration(head).or(Some(UTF_8)) } else { meta_charset(head) }
}

fn xml_declaration(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.strip_prefix(b"<?xml")?.split(|byte| *byte == b'>').next()?;
    let declaration = std::str::from_utf8(declaration).ok()?;
    let label = declaration.split("encoding").nth(1)?.split(['"', '\'']).nth(1)?;
    Encoding::for_label(label.as_bytes()).map(as_declared)
}

fn meta_charset(head: &[u8]) -> Option<&'static Encoding> {
    // What matters is ASCII, which this leaves as it is.
    let (head, _) = WINDOWS_1252.decode_without_bom_handling(head);
    let declared = |meta: &Element| match meta.get("charset") {
        Some(label) => Encoding::for_label(label.as_bytes()),
        None => Encoding::for_label(content_type_charset(meta)?.as_bytes()),
    };
    elements(&head, &["meta"]).iter().find_map(declared).map(as_declared)
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

    #[test]
    fn a_label_decides() {
        let latin = b"<meta charset=iso-8859-1><p>\xE9";
        assert!(decode_page(latin, false).text.ends_with('é'));
        assert!(!decode_page(latin, false).guessed);
        let equiv = b"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>\xC1";
        assert!(decode_page(equiv, false).text.ends_with('а'));
        assert!(
            decode_page(b"<?xml version='1.0' encoding='windows-1251'?><svg>\xE0", true)
                .text
                .ends_with('а')
        );
    }

    #[test]
    fn a_byte_order_mark_beats_the_label() {
        let utf16 = [0xFF, 0xFE, b'<', 0, b'p', 0, b'>', 0];
        assert_eq!(decode_page(&utf16, false).text, "<p>");
        assert_eq!(
            decode_page(b"\xEF\xBB\xBF<meta charset=latin1>\xC3\xA9", false).text,
            "<meta charset=latin1>é"
        );
    }

    #[test]
    fn without_a_label_it_is_a_guess() {
        let utf8 = decode_page("<p>é".as_bytes(), false);
        assert!(utf8.guessed && utf8.text.ends_with('é'));
        let other = decode_page(b"<p>\xE9", false);
        assert!(other.guessed && other.text.ends_with('é'));
        assert!(!decode_page(b"<p>e", false).guessed);
    }
}
