//! How Apache reads a word between double quotes, undone beforehand.
//!
//! A word's `\"` and `\\` lose their backslash, and `${NAME}` is replaced from `Define` or the environment before
//! anything else, which only another `Define` can prevent. `Header` then reads its value as a format.

use super::super::EmitError;

/// What stands for a dollar before a brace.
pub(super) const DOLLAR: &str = "${CSPC_DOLLAR}";

/// A word, such as a regular expression or a condition. A line break cannot be written; no text here has one.
pub(super) fn word(text: &str) -> String {
    let mut word = String::with_capacity(text.len() + 2);
    word.push('"');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek();
        match c {
            '"' => word.push_str("\\\""),
            '\\' if next.is_none_or(|next| matches!(next, '"' | '\\')) => word.push_str("\\\\"),
            '$' if next == Some(&'{') => word.push_str(DOLLAR),
            other => word.push(other),
        }
    }
    word.push('"');
    word
}

/// A line of a `.htaccess` may have 8,190 bytes; the name and the conditions need some of them.
const FOLDER_WORD: usize = 7000;

/// The value of a `Header` line in a folder's file: `None` where it takes variables.
///
/// Lines are short there, and `Define` is not allowed, so that long values and those with a dollar before a brace,
/// or that begin like an expression, come from variables of the request.
pub(super) fn short_value(text: &str) -> Option<String> {
    let odd = text.starts_with("expr=") || text.contains("${");
    let word = word(&format(text));
    (!odd && word.len() <= FOLDER_WORD).then_some(word)
}

/// The pieces of a value, each as the value of `SetEnvIf`, which takes a backslash for an escape of anything.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for c in text.chars() {
        // At worst, a character is written with four bytes.
        if pieces.last().is_none_or(|piece| piece.len() * 4 > FOLDER_WORD) {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    // A value that begins with `!` would take the variable away.
    let escape = |text: String, c: char| text.replace(c, &format!("\\{c}"));
    let escaped = |piece: &String| ['\\', '$', '{', '!'].into_iter().fold(piece.clone(), escape);
    pieces.iter().map(escaped).collect()
}

fn format(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "%%")
}

/// The value of a `Header` line.
pub(super) fn value(text: &str) -> Result<String, EmitError> {
    if !text.starts_with("expr=") {
        return Ok(word(&format(text)));
    }
    // Such a value is always an expression: here one that gives the value itself.
    let variable = text
        .as_bytes()
        .windows(2)
        .any(|pair| matches!(pair, [b'%', b'{'] | [b'$', b'{'] | [b'$', b'0'..=b'9']));
    if variable {
        return Err(EmitError::Expression(text.to_owned()));
    }
    Ok(word(&format!("expr={}", text.replace('\\', "\\\\"))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Apache's own reading: `ap_resolve_env`, then `ap_getword_conf`.
    fn read(word: &str) -> String {
        let word = word.replace(DOLLAR, "\u{0}");
        assert!(!word.contains("${"));
        let inner = word.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
        let mut text = String::new();
        let mut rest = inner.chars().peekable();
        while let Some(c) = rest.next() {
            assert_ne!(c, '"', "a quote that ends the word");
            let escaped = (c == '\\').then(|| rest.next_if(|c| matches!(c, '"' | '\\'))).flatten();
            assert!(c != '\\' || escaped.is_some() || rest.peek().is_some());
            text.push(escaped.unwrap_or(c));
        }
        text.replace('\u{0}', "$")
    }

    /// mod_headers' reading of a format.
    fn read_format(text: &str) -> String {
        let mut sent = String::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            match c {
                '%' => assert_eq!(rest.next(), Some('%'), "a format"),
                '\\' => assert_eq!(rest.next(), Some('\\'), "an escape"),
                _ => {}
            }
            sent.push(c);
        }
        sent
    }

    proptest! {
        #[test]
        fn a_word_is_read_back(text in r#"([\\"'${}%ntr]|\PC){0,40}"#) {
            prop_assert_eq!(read(&word(&text)), text);
        }

        #[test]
        fn a_value_is_read_back(text in r#"([\\"'${}%ntr]|\PC|\t){0,40}"#) {
            prop_assume!(!text.starts_with("expr="));
            prop_assert_eq!(read_format(&read(&value(&text).unwrap())), text);
        }
    }

    #[test]
    fn a_value_that_looks_like_an_expression() {
        assert_eq!(value(r"expr=a%b\c").unwrap(), r#""expr=expr=a%b\\\c""#);
        assert!(value("expr=%{HTTPS}").is_err());
    }
}
