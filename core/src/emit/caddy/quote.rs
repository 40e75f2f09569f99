//! How Caddy reads a word between backquotes: as it stands, but for placeholders in braces.
//!
//! Placeholders are replaced in more than one place (the environment before anything is read, short names while it
//! is, variables with each request), a word that is nothing but a brace opens a block however it is quoted, and an
//! import takes escapes away. So no brace is written down: each comes from a variable of its own, as does a
//! backquote.

use crate::plan::NONCE_SOURCE;

/// The variables, with the character that each holds, and a word that ends with it.
const HELD: [(char, &str, &str); 4] = [
    ('{', "{cspc_open}", "\"x{\""),
    ('}', "{cspc_close}", "\"x}\""),
    ('`', "{cspc_backquote}", "\"x`\""),
    ('\\', "{cspc_backslash}", "`x\\`"),
];

/// A nonce in a policy, by the variable that holds 122 random bits of the request, the same in its headers and its page.
const OWN_NONCE: &str = "'nonce-{http.request.uuid}'";

/// A header's value; if there are `nonces`, the request's own takes the place of the one that stands for it.
pub(super) fn value(text: &str, nonces: bool) -> String {
    let parts: Vec<String> = text.split(NONCE_SOURCE).map(written).collect();
    format!("`{}`", parts.join(if nonces { OWN_NONCE } else { NONCE_SOURCE }))
}

/// A text as it stands between backquotes.
fn written(text: &str) -> String {
    let held =
        |c: char| HELD.iter().find(|(held, ..)| *held == c).map(|(_, variable, _)| *variable);
    let mut word = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        // A backslash is itself, unless a variable follows, whose brace it would escape.
        let plain = c == '\\' && rest.peek().is_none_or(|next| held(*next).is_none());
        match held(c) {
            Some(variable) if !plain => word.push_str(variable),
            _ => word.push(c),
        }
    }
    word
}

/// The lines that define the variables which the text uses.
pub(super) fn variables(text: &str) -> String {
    let used = HELD.iter().filter(|(_, variable, _)| text.contains(variable));
    let lines: String = used
        .map(|(_, variable, source)| format!("map {source} {variable} {{\n\t~^x(.)$ \"$1\"\n}}\n"))
        .collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\n# Characters that Caddy has no escape for.\n{lines}")
}

/// A regular expression of [`super::super::regex`], in which backslashes escape what they stand before.
pub(super) fn expression(expression: &str) -> String {
    let hexadecimal =
        expression.replace(r"\{", r"\x7b").replace(r"\}", r"\x7d").replace('`', r"\x60");
    format!("`{hexadecimal}`")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_brace_is_left_but_those_of_the_variables(text in r#"([{}`"\\$%]|\PC|\t){0,40}"#) {
            let word = value(&text, false);
            let inner = word.strip_prefix('`').unwrap().strip_suffix('`').unwrap();
            let escapes_a_brace = inner.contains("\\{");
            prop_assert!(!escapes_a_brace);
            let held = char::from;
            let mut read = inner.to_owned();
            for (index, (_, variable, _)) in (1_u8..).zip(HELD) {
                read = read.replace(variable, &held(index).to_string());
            }
            let bare = read.contains(['{', '}', '`']);
            prop_assert!(!bare);
            for (index, (c, ..)) in (1_u8..).zip(HELD) {
                read = read.replace(held(index), &c.to_string());
            }
            prop_assert_eq!(read, text);
        }
    }
}
