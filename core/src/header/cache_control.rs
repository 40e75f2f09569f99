//! `Cache-Control` (RFC 9111, section 5.2.2).

use std::fmt;

use super::field::{Header, Issue, Parsed, Problem};
use super::structured;

/// Who may keep a response, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheControl<'a> {
    /// The directives as written, with their arguments.
    pub directives: Vec<(&'a str, Option<&'a str>)>,
}

impl<'a> Header<'a> for CacheControl<'a> {
    const NAME: &'static str = "Cache-Control";

    /// ```
    /// use cspc_core::header::{CacheControl, Header};
    /// let cache = CacheControl::parse("private, max-age=60").value.unwrap();
    /// assert!(cache.has("Private") && !cache.may_be_shared());
    /// assert_eq!(cache.argument("max-age"), Some("60"));
    /// ```
    fn parse(value: &'a str) -> Parsed<Self> {
        let (mut directives, mut issues) = (Vec::new(), Vec::new());
        for (span, text) in structured::members(value) {
            if text.is_empty() {
                issues.push(Issue { problem: Problem::Empty, span });
                continue;
            }
            directives.push(match text.split_once('=') {
                Some((name, argument)) => {
                    (name.trim_ascii_end(), Some(argument.trim_ascii_start()))
                }
                None => (text, None),
            });
        }
        Parsed { value: (!directives.is_empty()).then_some(Self { directives }), issues }
    }
}

impl CacheControl<'_> {
    /// Whether there is a directive of this name.
    pub fn has(&self, name: &str) -> bool {
        self.directives.iter().any(|(found, _)| found.eq_ignore_ascii_case(name))
    }

    /// The argument of the first directive of this name.
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.directives.iter().find(|(found, _)| found.eq_ignore_ascii_case(name))?.1
    }

    /// Whether a cache that many people share may keep the response.
    pub fn may_be_shared(&self) -> bool {
        !self.has("no-store") && !self.has("private")
    }
}

impl fmt::Display for CacheControl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, argument)) in self.directives.iter().enumerate() {
            write!(f, "{}{name}", if index == 0 { "" } else { ", " })?;
            argument.map_or(Ok(()), |argument| write!(f, "={argument}"))?;
        }
        Ok(())
    }
}
