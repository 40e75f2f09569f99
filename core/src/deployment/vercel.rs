//! `vercel.json`: headers by sources in the language of path-to-regexp.

use serde::Deserialize;

use super::hosted::{Block, Change, Hosted, Token, text_of};
use super::{ReadError, from_json};
use crate::text::Span;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    headers: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    source: String,
    #[serde(default)]
    headers: Vec<Header>,
    #[serde(default)]
    has: Vec<serde_json::Value>,
    #[serde(default)]
    missing: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Header {
    key: String,
    value: String,
}

/// Whether an object of JSON is one.
pub(super) fn is_one(text: &str) -> bool {
    text.contains("\"headers\"") && text.contains("\"source\"")
}

pub(super) fn read(name: &str, text: &str) -> Result<Hosted, ReadError> {
    let file: File = from_json(name, text)?;
    let mut places = Places { text, at: 0 };
    let block = |entry: Entry| {
        let is_open = !entry.has.is_empty() || !entry.missing.is_empty();
        let (at, _) = places.next(&entry.source);
        let mut change = |header: Header| {
            let (at, offset) = places.next(&header.value);
            Change { name: header.key, value: Some(header.value), at, offset }
        };
        let changes = entry.headers.into_iter().map(&mut change).collect();
        Block {
            pattern: tokens(&entry.source),
            name: entry.source,
            changes,
            condition: is_open.then_some("conditions on more than the path"),
            at,
        }
    };
    Ok(Hosted { blocks: file.headers.into_iter().map(block).collect(), joins: false })
}

/// Where texts stand in a document, one after the other.
struct Places<'t> {
    text: &'t str,
    at: usize,
}

impl Places<'_> {
    /// The next place of a text, and where it begins if nothing in it is escaped.
    fn next(&mut self, value: &str) -> (Span, Option<usize>) {
        let written = serde_json::to_string(value).unwrap_or_default();
        let rest = self.text.get(self.at..).unwrap_or_default();
        // What is escaped in another way is somewhere after the one before.
        let Some(found) = rest.find(&written) else { return (Span::new(self.at, self.at), None) };
        let start = self.at + found;
        self.at = start + written.len();
        let is_plain = written.len() == value.len() + 2;
        (Span::new(start, self.at), is_plain.then_some(start + 1))
    }
}

/// Texts, and what stands for more than one: `(regex)`, `:name`, `:name(regex)`, each with `?`, `*` or `+` after it.
fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut plain = String::new();
    let mut rest = source.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' => plain.extend(rest.next().map(|(_, escaped)| escaped)),
            ':' | '(' => {
                tokens.push(text_of(&std::mem::take(&mut plain)));
                let (open, length) = group(source.get(at..).unwrap_or_default());
                tokens.push(Token::Open(open));
                let end = at + length;
                while rest.clone().next().is_some_and(|(at, _)| at < end) {
                    rest.next();
                }
            }
            c => plain.push(c),
        }
    }
    tokens.push(text_of(&plain));
    tokens
}

/// The regular expression of what begins here, and how long it is in the source.
fn group(text: &str) -> (String, usize) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let after = text.strip_prefix(':').unwrap_or(text).trim_start_matches(is_name);
    let name = text.len() - after.len();
    let inner = if after.starts_with('(') { closed(after) } else { 0 };
    let expression = match inner {
        0 => "[^/]+?",
        length => after.get(1..length - 1).unwrap_or_default(),
    };
    let modifier = after.get(inner..).and_then(|rest| rest.chars().next());
    let modifier = modifier.filter(|c| matches!(c, '?' | '*' | '+'));
    let sign = modifier.map(String::from).unwrap_or_default();
    let repeated = if sign == "*" || sign == "+" { "(?:/[^/]+?)*" } else { "" };
    let whole = match (inner, sign.as_str()) {
        (0, "*" | "+") => {
            format!("(?:{expression}{repeated}){}", if sign == "*" { "?" } else { "" })
        }
        _ => format!("(?:{expression}){sign}"),
    };
    (whole, (name + inner + sign.len()).max(1))
}

/// How long a group is, its parentheses included; 0 if it is not closed.
fn closed(text: &str) -> usize {
    let (mut depth, mut is_escaped) = (0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'(' => depth += 1,
            b')' if depth == 1 => return at + 1,
            b')' => depth -= 1,
            _ => {}
        }
    }
    0
}
