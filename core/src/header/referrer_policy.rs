//! `Referrer-Policy` (Referrer Policy, sections 3 and 8.1).

use super::field::{Header, Issue, Parsed, Problem, keywords, parts};

keywords! {
    /// What of its URL a page tells those that it links to or loads from.
    ReferrerPolicy {
        /// Nothing.
        NoReferrer = "no-referrer",
        /// Everything, save from HTTPS to HTTP.
        NoReferrerWhenDowngrade = "no-referrer-when-downgrade",
        /// Everything to its own origin, nothing to others.
        SameOrigin = "same-origin",
        /// The origin.
        Origin = "origin",
        /// The origin, save from HTTPS to HTTP.
        StrictOrigin = "strict-origin",
        /// Everything to its own origin, the origin to others.
        OriginWhenCrossOrigin = "origin-when-cross-origin",
        /// The same, but nothing from HTTPS to HTTP: what browsers do by default.
        StrictOriginWhenCrossOrigin = "strict-origin-when-cross-origin",
        /// Everything to everyone.
        UnsafeUrl = "unsafe-url",
    }
}

impl ReferrerPolicy {
    /// Whether it tells other origins more than the origin, or tells something over plain HTTP.
    pub const fn is_leaky(self) -> bool {
        matches!(
            self,
            Self::NoReferrerWhenDowngrade
                | Self::Origin
                | Self::OriginWhenCrossOrigin
                | Self::UnsafeUrl
        )
    }
}

impl Header<'_> for ReferrerPolicy {
    const NAME: &'static str = "Referrer-Policy";

    /// Of several policies, the last that a browser knows counts.
    ///
    /// ```
    /// use cspc_core::header::{Header, ReferrerPolicy};
    /// let parsed = ReferrerPolicy::parse("no-referrer, Strict-Origin, whatever");
    /// assert_eq!(parsed.value, Some(ReferrerPolicy::StrictOrigin));
    /// assert_eq!(parsed.issues.len(), 1);
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let mut parsed = Parsed { value: None, issues: Vec::new() };
        for (span, text) in parts(value, ',') {
            let known = Self::ALL.iter().find(|policy| policy.as_str().eq_ignore_ascii_case(text));
            parsed.value = known.copied().or(parsed.value);
            if known.is_none() {
                let problem = if text.is_empty() { Problem::Empty } else { Problem::UnknownName };
                parsed.issues.push(Issue { problem, span });
            }
        }
        parsed
    }
}
