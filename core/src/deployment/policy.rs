//! A policy alone, and what people paste with it.

use super::{Answer, Located};
use crate::csp::Delivery;
use crate::response::Extent;

/// What browsers' consoles write before the part of a policy that blocked something, and what ends it.
static CONSOLE: [(&str, char); 3] = [
    ("Content Security Policy directive: \"", '"'),
    ("violates the following directive: “", '”'),
    ("violates the following directive: \"", '"'),
];

/// A policy alone, or one in the message of a browser's console.
pub(super) fn read(text: &str) -> Answer {
    let quoted = CONSOLE.iter().find_map(|(mark, end)| {
        let start = text.find(mark)? + mark.len();
        let length = text.get(start..)?.find(*end)?;
        Some((text.get(start..start + length)?, start))
    });
    let extent = if quoted.is_some() { Extent::Excerpt } else { Extent::Policies };
    let (value, offset) = quoted.unwrap_or_else(|| unwrapped(text));
    let policy = Located::policy(value, Delivery::Header, Some(offset));
    Answer { fields: vec![policy], extent, name: None }
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
