//! A text in YAML: between double quotes, with the escapes of JSON, which YAML shares (YAML 1.2, section 5.7).

use std::fmt::Write;

/// A text of any characters as one word of one line.
pub(super) fn text(text: &str) -> String {
    let mut word = String::with_capacity(text.len() + 2);
    word.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => word.extend(['\\', c]),
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => escape(&mut word, c),
            c if c.is_control() => escape(&mut word, c),
            c => word.push(c),
        }
    }
    word.push('"');
    word
}

fn escape(word: &mut String, c: char) {
    // Writing to a text cannot fail.
    let _ = write!(word, "\\u{:04x}", u32::from(c));
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_ends_the_text_or_the_line() {
        assert_eq!(
            super::text("a\"b\\c\t\u{85}\u{feff}é: #"),
            r#""a\"b\\c\u0009\u0085\ufeffé: #""#
        );
    }
}
