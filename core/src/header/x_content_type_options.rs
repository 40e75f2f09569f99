//! `X-Content-Type-Options` (Fetch, section 3.7).

use super::field::{Header, Parsed, Problem, keywords, parts};

keywords! {
    /// What browsers make of a response whose type does not fit its use.
    XContentTypeOptions {
        /// They refuse it as a script or style sheet, and do not guess.
        NoSniff = "nosniff",
    }
}

impl Header<'_> for XContentTypeOptions {
    const NAME: &'static str = "X-Content-Type-Options";

    /// Of several values, the first counts.
    ///
    /// ```
    /// use cspc_core::header::{Header, XContentTypeOptions};
    /// assert!(XContentTypeOptions::parse("NoSniff, x").value.is_some());
    /// assert!(XContentTypeOptions::parse("nosniff;").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (span, first) = parts(value, ',').next().unwrap_or_default();
        if first.eq_ignore_ascii_case(Self::NoSniff.as_str()) {
            return Parsed { value: Some(Self::NoSniff), issues: Vec::new() };
        }
        let problem = if first.is_empty() { Problem::Empty } else { Problem::InvalidValue };
        Parsed::nothing(problem, span)
    }
}
