//! From the bytes of a file to the text a browser reads.

use std::borrow::Cow;

/// Decodes bytes in the encoding of a label; none if no encoding has it, or none that is decoded (WHATWG Encoding,
/// section 4.2).
///
/// UTF-8 is what a label of UTF-16 means, as the label itself could be read (HTML and CSS Syntax say the same).
pub type Decode = for<'a> fn(label: &str, bytes: &'a [u8]) -> Option<Cow<'a, str>>;

/// Decodes as this crate does by itself: all encodings if it was built with them, or else everything as UTF-8.
#[cfg(feature = "encodings")]
pub(super) const DEFAULT: Decode = |label, bytes| {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
    let is_decoded = encoding != encoding_rs::REPLACEMENT;
    is_decoded.then(|| encoding.output_encoding().decode_without_bom_handling(bytes).0)
};
#[cfg(not(feature = "encodings"))]
pub(super) const DEFAULT: Decode = |_label, bytes| Some(String::from_utf8_lossy(bytes));

/// The bytes of a text that was decoded before, which decode to it whatever it says of its own encoding: a byte order mark
/// counts for more.
pub(crate) fn encode(text: &str) -> Vec<u8> {
    format!("\u{FEFF}{}", text.trim_start_matches('\u{FEFF}')).into_bytes()
}

/// Decodes what begins with a byte order mark, which says more than any label.
pub(super) fn decode_marked(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes {
        [0xEF, 0xBB, 0xBF, text @ ..] => Some(String::from_utf8_lossy(text)),
        [0xFE, 0xFF, text @ ..] => Some(Cow::Owned(utf16(text, u16::from_be_bytes))),
        [0xFF, 0xFE, text @ ..] => Some(Cow::Owned(utf16(text, u16::from_le_bytes))),
        _ => None,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    let characters = units.map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER));
    characters.chain((!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER)).collect()
}

/// What windows-1252 has in place of the controls that follow ASCII in Unicode (WHATWG Encoding, "index windows-1252").
const BEYOND_ASCII: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// Decodes windows-1252, which browsers take for what has no label and is no UTF-8.
///
/// ```
/// assert_eq!(cspc_core::inventory::decode_windows_1252(b"\x80 \xE9"), "€ é");
/// ```
pub fn decode_windows_1252(bytes: &[u8]) -> String {
    let beyond = |byte: u8| BEYOND_ASCII.get(usize::from(byte.wrapping_sub(0x80))).copied();
    bytes.iter().map(|byte| beyond(*byte).unwrap_or(char::from(*byte))).collect()
}

/// Decodes a script by its byte order mark, or else as UTF-8, which is what modules are (HTML, "fetch a single module
/// script") and classic scripts of pages in UTF-8.
pub(super) fn decode_script(bytes: &[u8]) -> Cow<'_, str> {
    decode_marked(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes))
}

/// Decodes a style sheet by its byte order mark or `@charset` (CSS Syntax, section 3.2), or else as UTF-8.
pub(super) fn decode_style_sheet(bytes: &[u8], decode: Decode) -> Cow<'_, str> {
    let labelled = || {
        let rest = bytes.strip_prefix(b"@charset \"")?;
        let label = rest.split(|byte| *byte == b'"').next()?;
        decode(std::str::from_utf8(label).ok()?, bytes)
    };
    let marked = decode_marked(bytes);
    marked.or_else(labelled).unwrap_or_else(|| String::from_utf8_lossy(bytes))
}

#[cfg(all(test, feature = "encodings"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_decoded_here_is_decoded_as_encoding_rs_does() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        assert_eq!(decode_windows_1252(&bytes), encoding_rs::WINDOWS_1252.decode(&bytes).0);
        for marked in
            [b"\xFF\xFEa\0\0\xD8".as_slice(), b"\xFE\xFF\xD8\x3D\xDE\0\0", b"\xEF\xBB\xBF\xE2\x82"]
        {
            assert_eq!(decode_script(marked), encoding_rs::UTF_8.decode(marked).0);
        }
        assert_eq!(decode_script(b"\xE2\x82a\xFF"), encoding_rs::UTF_8.decode(b"\xE2\x82a\xFF").0);
    }
}
