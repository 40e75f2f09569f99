//! How nginx reads a word between double quotes, undone beforehand.
//!
//! `\"`, `\'` and `\\` lose their backslash, `\n`, `\r` and `\t` become control bytes, every other backslash stays.
//! Where variables are read, a dollar has no escape: it comes from a variable of its own.

use crate::plan::NONCE_SOURCE;

/// The most bytes that are put between two quotes, as written. nginx takes 4,094, and a few less if its buffer
/// ends at the wrong place.
pub(super) const WORD: usize = 4000;

/// The variable that holds a dollar.
pub(super) const DOLLAR: &str = "${cspc_dollar}";

/// A word in which nginx looks for no variables: a map's key.
pub(super) fn key(text: &str) -> String {
    let mut word = String::with_capacity(text.len() + 2);
    word.push('"');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let read = |next: &char| matches!(next, '"' | '\'' | '\\' | 'n' | 'r' | 't');
        if c == '"' || (c == '\\' && rest.peek().is_none_or(read)) {
            word.push('\\');
        }
        word.push(c);
    }
    word.push('"');
    word
}

/// A nonce in a policy, by the variable that holds 128 random bits of the request, the same in its headers and its page.
const OWN_NONCE: &str = "'nonce-${request_id}'";

/// A word in which nginx looks for variables, cut where it gets too long; quotes not included. If there are `nonces`, the
/// request's own takes the place of the one that stands for it.
pub(super) fn value_pieces(text: &str, nonces: bool) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut push = |written: &str| {
        if piece.len() + written.len() > WORD {
            pieces.push(std::mem::take(&mut piece));
        }
        piece.push_str(written);
    };
    for (index, part) in text.split(NONCE_SOURCE).enumerate() {
        if index > 0 {
            push(if nonces { OWN_NONCE } else { NONCE_SOURCE });
        }
        for c in part.chars() {
            let mut buffer = [0; 4];
            push(match c {
                '"' => "\\\"",
                '\\' => "\\\\",
                '$' => DOLLAR,
                other => other.encode_utf8(&mut buffer),
            });
        }
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// nginx's own reading: `ngx_conf_read_token`, then the variables.
    fn read(word: &str) -> String {
        let inner = word.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
        let mut text = String::new();
        let mut rest = inner.chars().peekable();
        while let Some(c) = rest.next() {
            assert_ne!(c, '"', "a quote that ends the word");
            let escape = if c == '\\' { rest.peek().copied() } else { None };
            let read = match escape {
                Some(quoted @ ('"' | '\'' | '\\')) => Some(quoted),
                Some('n') => Some('\n'),
                Some('r') => Some('\r'),
                Some('t') => Some('\t'),
                _ => None,
            };
            if read.is_some() {
                rest.next();
            }
            assert!(c != '\\' || escape.is_some(), "a backslash that eats the closing quote");
            text.push(read.unwrap_or(c));
        }
        text
    }

    proptest! {
        #[test]
        fn a_key_is_read_back(text in r#"([\\"'$ntr;{}#%]|\PC|[\n\t]){0,40}"#) {
            prop_assert_eq!(read(&key(&text)), text);
        }

        #[test]
        fn a_value_is_read_back(text in r#"([\\"'$ntr;{}#%]|\PC|\t){0,3000}"#) {
            let pieces = value_pieces(&text, false);
            let dollars = |piece: &String| {
                assert!(piece.len() <= WORD);
                let without = piece.replace(DOLLAR, "\u{0}");
                assert!(!without.contains('$'));
                read(&format!("\"{without}\"")).replace('\u{0}', "$")
            };
            prop_assert_eq!(pieces.iter().map(dollars).collect::<String>(), text);
        }
    }
}
