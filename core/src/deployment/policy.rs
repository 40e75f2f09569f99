//! A policy alone, and what people paste with it.

use super::{Answer, Located, ReadError, console, setting};
use crate::csp::{Delivery, Directive};

/// What no policy begins with, however badly it is written: comments, markup and settings of other formats.
const NO_POLICY: [char; 8] = ['#', '/', '!', '=', '-', '[', '@', '%'];

/// Whether a text can be meant as a policy: the first line of a program or of a configuration is none.
pub(super) fn may_be(text: &str) -> bool {
    let start = text.trim_start();
    let first = start.lines().next().unwrap_or_default().trim_end();
    console::is_one(text) || !start.starts_with(NO_POLICY) && !first.ends_with(['{', '(', '['])
}

/// A policy alone, with the name of its header before it, as a setting of a program, or in messages of a browser's
/// console.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Answer>, ReadError> {
    if console::is_one(text) {
        let excerpts = console::read(text);
        let is_quoted = !excerpts.is_empty();
        return is_quoted.then_some(excerpts).ok_or_else(|| ReadError::NotQuoted(name.to_owned()));
    }
    let first = text.split_ascii_whitespace().next().and_then(Directive::from_name);
    if let (None, Ok(settings)) = (first, setting::read(name, text)) {
        return Ok(settings);
    }
    let (value, offset) = setting::unwrapped(text);
    Ok(vec![Answer::of_field(Located::policy(value, Delivery::Header, Some(offset)))])
}
