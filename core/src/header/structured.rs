//! Structured fields (RFC 9651), read by the crate `sfv`, with the places that it does not keep.

use sfv::{BareItem, Dictionary, Item, Key, ListEntry, Parser};

use super::field::trimmed;
use crate::text::Span;

/// The token of an item, and its parameter `report-to`.
pub(super) fn token(value: &str) -> Option<(String, Option<String>)> {
    let item: Item = Parser::new(value).parse().ok()?;
    let token = item.bare_item.as_token()?.as_str().to_owned();
    let report_to = item.params.get("report-to").and_then(BareItem::as_string);
    Some((token, report_to.map(|name| name.as_str().to_owned())))
}

/// The boolean of an item.
pub(super) fn boolean(value: &str) -> Option<bool> {
    let item: Item = Parser::new(value).parse().ok()?;
    item.bare_item.as_boolean()
}

/// The member of a dictionary that is alone in its text.
pub(super) fn dictionary_member(text: &str) -> Option<(Key, ListEntry)> {
    let dictionary: Dictionary = Parser::new(text).parse().ok()?;
    dictionary.into_iter().next()
}

/// The members of a list or dictionary, unread: what stands between commas outside strings.
pub(super) fn members(value: &str) -> Vec<(Span, &str)> {
    let mut members = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                members.push(trimmed(value.get(start..at).unwrap_or_default(), start));
                start = at + 1;
            }
            _ => {}
        }
    }
    members.push(trimmed(value.get(start..).unwrap_or_default(), start));
    members
}

/// A text as a string of a structured field; what cannot stand in one is left out.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars().filter(|c| (' '..='~').contains(c)) {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_strings_do_not_part_members() {
        let texts: Vec<&str> =
            members(r#"a="x,\",y" , b"#).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, [r#"a="x,\",y""#, "b"]);
        assert_eq!(members("a, b").last().map(|(span, _)| *span), Some(Span::new(3, 4)));
    }
}
