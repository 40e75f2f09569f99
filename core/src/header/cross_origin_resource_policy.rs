//! `Cross-Origin-Resource-Policy` (Fetch, section 3.8).

use super::field::{Header, Parsed, Problem, keywords, trimmed};

keywords! {
    /// Who may load a response without CORS.
    CrossOriginResourcePolicy {
        /// Its own origin.
        SameOrigin = "same-origin",
        /// Its own site.
        SameSite = "same-site",
        /// Anyone.
        CrossOrigin = "cross-origin",
    }
}

impl Header<'_> for CrossOriginResourcePolicy {
    const NAME: &'static str = "Cross-Origin-Resource-Policy";

    /// Browsers know the values in lower case only.
    ///
    /// ```
    /// use cspc_core::header::{CrossOriginResourcePolicy, Header};
    /// assert!(CrossOriginResourcePolicy::parse("same-site").value.is_some());
    /// assert!(CrossOriginResourcePolicy::parse("Same-Site").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (span, text) = trimmed(value, 0);
        match Self::ALL.iter().find(|policy| policy.as_str() == text) {
            Some(policy) => Parsed { value: Some(*policy), issues: Vec::new() },
            None if text.is_empty() => Parsed::nothing(Problem::Empty, span),
            None => Parsed::nothing(Problem::InvalidValue, span),
        }
    }
}
