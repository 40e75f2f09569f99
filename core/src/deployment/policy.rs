//! A policy alone, and what people paste with it.

use super::{Answer, Located, ReadError};
use crate::csp::Delivery;
use crate::response::Extent;

/// What browsers' consoles write before the part of a policy that blocked something, and what ends it.
static CONSOLE: [(&str, char); 3] = [
    ("Content Security Policy directive: \"", '"'),
    ("violates the following directive: “", '”'),
    ("violates the following directive: \"", '"'),
];
/// What Firefox begins its messages with, the older of which name a directive alone.
const FIREFOX: [&str; 2] = [
    "Content-Security-Policy: The page’s settings",
    "Content Security Policy: The page’s settings",
];

/// What no policy begins with, however badly it is written: comments, markup and settings of other formats.
const NO_POLICY: [char; 8] = ['#', '/', '!', '=', '-', '[', '@', '%'];

/// Whether a text can be meant as a policy: the first line of a program or of a configuration is none.
pub(super) fn may_be(text: &str) -> bool {
    let start = text.trim_start();
    let first = start.lines().next().unwrap_or_default().trim_end();
    is_message(text) || !start.starts_with(NO_POLICY) && !first.ends_with(['{', '(', '['])
}

/// Whether it is the message of a browser's console.
pub(super) fn is_message(text: &str) -> bool {
    quoted(text).is_some() || FIREFOX.iter().any(|start| text.trim_start().starts_with(start))
}

/// The part of a policy that a message quotes, and where.
fn quoted(text: &str) -> Option<(&str, usize)> {
    CONSOLE.iter().find_map(|(mark, end)| {
        let start = text.find(mark)? + mark.len();
        let length = text.get(start..)?.find(*end)?;
        Some((text.get(start..start + length)?, start))
    })
}

/// A policy alone, or one in the message of a browser's console.
pub(super) fn read(name: &str, text: &str) -> Result<Answer, ReadError> {
    let (extent, (value, offset)) = match quoted(text) {
        Some(quoted) => (Extent::Excerpt, quoted),
        None if is_message(text) => return Err(ReadError::NotQuoted(name.to_owned())),
        None => (Extent::Policies, unwrapped(text)),
    };
    let policy = Located::policy(value, Delivery::Header, Some(offset));
    Ok(Answer { fields: vec![policy], extent, ..Answer::default() })
}

/// A value without what YAML or a programming language puts around it, and how much was before it.
pub(super) fn unwrapped(text: &str) -> (&str, usize) {
    let start = text.len() - text.trim_start().len();
    let mut value = text.trim();
    let mut skipped = start;
    for mark in [">-", "|-", ">", "|"] {
        if let Some(rest) = value.strip_prefix(mark)
            && rest.starts_with(['\n', '\r'])
        {
            skipped += mark.len();
            value = rest;
            break;
        }
    }
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = quoted.filter(|inner| !inner.contains('"')) {
        skipped += 1;
        value = inner;
    }
    (value, skipped)
}
