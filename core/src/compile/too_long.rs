//! Policies above the limit: what to move out of the page, by the bytes that it would gain.

use std::collections::BTreeMap;
use std::fmt;

use super::counted;
use super::policy::Policy;
use crate::csp::{Directive, SourceExpression};

/// This many pages are told; the rest are counted.
const TOLD: usize = 5;

/// A page whose policy is too long, however it is spelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// The page.
    pub page: String,
    /// The length of its policy.
    pub bytes: usize,
    /// What moving all items of a kind into files would gain: the kind, how many different ones there are, and the bytes;
    /// the most bytes first.
    pub gains: Vec<(&'static str, usize, usize)>,
}

impl TooLong {
    pub(super) fn new(page: &str, bytes: usize, policy: &Policy<'_>) -> Self {
        let mut gains: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
        for (directive, expression, _) in policy.iter() {
            if let Some(kind) = movable(directive, expression) {
                let (count, bytes) = gains.entry(kind).or_default();
                *count += 1;
                *bytes += expression.len() + 1;
            }
        }
        let mut gains: Vec<_> =
            gains.into_iter().map(|(kind, (count, bytes))| (kind, count, bytes)).collect();
        gains.sort_by_key(|(_, _, bytes)| std::cmp::Reverse(*bytes));
        Self { page: page.to_owned(), bytes, gains }
    }
}

/// What an expression stands for that could be in a file instead.
fn movable(directive: Directive, expression: &str) -> Option<&'static str> {
    let is_hash = matches!(SourceExpression::parse(expression), SourceExpression::Hash(..));
    match directive {
        Directive::ScriptSrc if is_hash => Some("inline script"),
        Directive::ScriptSrcAttr if is_hash => Some("event handler"),
        Directive::StyleSrc if is_hash => Some("inline style sheet"),
        Directive::StyleSrcAttr if is_hash => Some("style attribute"),
        _ => None,
    }
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { page, bytes, gains } = self;
        write!(f, "the policy of `{page}` has {bytes} bytes")?;
        for (index, (kind, count, gain)) in gains.iter().enumerate() {
            let start = if index == 0 { "; to be moved into files:" } else { "," };
            write!(f, "{start} {} ({gain} bytes)", counted(*count, kind))?;
        }
        Ok(())
    }
}

/// The pages, one a line.
pub(super) fn told(pages: &[TooLong], limit: usize) -> String {
    let mut lines = vec![format!("no policy can have more than {limit} bytes, but")];
    lines.extend(pages.iter().take(TOLD).map(TooLong::to_string));
    if pages.len() > TOLD {
        lines.push(format!("and so on: {} more pages", pages.len() - TOLD));
    }
    lines.join("\n")
}
