//! Paths of URLs and source expressions (section 6.7.2.12), without allocation.

use super::engine::Engine;

/// "`path-part` matches" (section 6.7.2.12).
pub(super) fn path_part_matches(a: &str, b: &str, engine: Engine) -> bool {
    if a.is_empty() || a == "/" && b.is_empty() {
        return true;
    }
    if engine.decodes_whole_path() {
        return decoded_path_matches(a, b);
    }
    let (pieces, exact) = a.strip_suffix('/').map_or((a, true), |directory| (directory, false));
    let mut rest = b.split('/');
    let all = pieces.split('/').all(|piece_a| {
        rest.next().is_some_and(|piece_b| percent_decode(piece_a).eq(percent_decode(piece_b)))
    });
    // A directory's last, empty piece stands for at least one more; a file's path has no more.
    all && rest.next().is_none() == exact
}

/// As engines do that decode first: a prefix if it ends with a slash, else the same.
fn decoded_path_matches(a: &str, b: &str) -> bool {
    let mut b = percent_decode(b);
    let mut last = 0;
    for byte in percent_decode(a) {
        if b.next() != Some(byte) {
            return false;
        }
        last = byte;
    }
    last == b'/' || b.next().is_none()
}

/// "Percent-decode" (URL, section 1.3), byte by byte.
pub(super) fn percent_decode(text: &str) -> impl Iterator<Item = u8> {
    let mut bytes = text.as_bytes();
    std::iter::from_fn(move || {
        let (&first, rest) = bytes.split_first()?;
        let escaped = match (first, rest) {
            (b'%', [high, low, after @ ..]) => hexadecimal(*high)
                .zip(hexadecimal(*low))
                .map(|(high, low)| (high << 4 | low, after)),
            _ => None,
        };
        let (byte, rest) = escaped.unwrap_or((first, rest));
        bytes = rest;
        Some(byte)
    })
}

const fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_their_like_is_not() {
        assert!(percent_decode("%41%4a%").eq(*b"AJ%"));
        assert!(percent_decode("%4%zz%C3%A9").eq("%4%zzé".bytes()));
    }
}
