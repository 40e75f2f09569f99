//! How HAProxy reads a word between single quotes: as it stands. `Header` values are then read as a format, in
//! which `%` begins something.

/// A word in which nothing is expanded. A line break cannot be written; no text here has one.
pub(super) fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The value of a header.
pub(super) fn value(text: &str) -> String {
    word(&text.replace('%', "%%"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// HAProxy's own reading: `parse_line`, then `parse_logformat_string`.
    fn read(word: &str) -> String {
        let mut text = String::new();
        let mut quoted = false;
        let mut rest = word.chars();
        while let Some(c) = rest.next() {
            match (quoted, c) {
                (_, '\'') => quoted = !quoted,
                (true, other) => text.push(other),
                (false, other) => {
                    assert_eq!(other, '\\');
                    text.extend(rest.next());
                }
            }
        }
        assert!(!quoted);
        text
    }

    proptest! {
        #[test]
        fn a_word_is_read_back(text in r#"(['"\\$%{}# ]|\PC|\t){0,40}"#) {
            prop_assert_eq!(read(&word(&text)), text.clone());
            let format = read(&value(&text));
            prop_assert_eq!(format.replace("%%", "\u{0}").contains('%'), false);
            prop_assert_eq!(format.replace("%%", "%"), text);
        }
    }
}
