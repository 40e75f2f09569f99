//! `Cross-Origin-Opener-Policy` (HTML, section 7.1.3).

use std::fmt;

use super::field::{Header, Parsed, keywords};
use super::isolation;

/// Which windows share a browsing context group with a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossOriginOpenerPolicy {
    /// What it says.
    pub policy: OpenerPolicy,
    /// The endpoint that hears of what it breaks.
    pub report_to: Option<String>,
}

keywords! {
    /// The values of `Cross-Origin-Opener-Policy`.
    OpenerPolicy {
        /// Any.
        UnsafeNone = "unsafe-none",
        /// Those of the same origin, and popups that it opens.
        SameOriginAllowPopups = "same-origin-allow-popups",
        /// Those of the same origin with the same policy.
        SameOrigin = "same-origin",
        /// Popups that it opens, and never its opener.
        NoopenerAllowPopups = "noopener-allow-popups",
    }
}

impl Header<'_> for CrossOriginOpenerPolicy {
    const NAME: &'static str = "Cross-Origin-Opener-Policy";

    /// ```
    /// use cspc_core::header::{CrossOriginOpenerPolicy, Header, OpenerPolicy};
    /// let parsed = CrossOriginOpenerPolicy::parse("same-origin; report-to=\"coop\"");
    /// assert_eq!(parsed.value.map(|coop| coop.policy), Some(OpenerPolicy::SameOrigin));
    /// assert!(CrossOriginOpenerPolicy::parse("\"same-origin\"").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        isolation::parse(value, OpenerPolicy::ALL, OpenerPolicy::as_str)
            .map(|(policy, report_to)| Self { policy, report_to })
    }
}

impl fmt::Display for CrossOriginOpenerPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        isolation::write(f, self.policy.as_str(), self.report_to.as_deref())
    }
}
