//! `X-Frame-Options` (HTML, section 7.4.5, "check a navigation response's adherence to `X-Frame-Options`").

use super::field::{Header, Issue, Parsed, Problem, keywords, parts};

keywords! {
    /// Who may embed a page.
    XFrameOptions {
        /// Nobody.
        Deny = "DENY",
        /// Pages of the same origin.
        SameOrigin = "SAMEORIGIN",
    }
}

impl Header<'_> for XFrameOptions {
    const NAME: &'static str = "X-Frame-Options";

    /// Several values that agree are one; `ALLOW-FROM` and other values protect nothing.
    ///
    /// ```
    /// use cspc_core::header::{Header, XFrameOptions};
    /// assert_eq!(XFrameOptions::parse("deny, DENY").value, Some(XFrameOptions::Deny));
    /// assert_eq!(XFrameOptions::parse("ALLOW-FROM https://a.example").value, None);
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let mut issues = Vec::new();
        let mut counting: Option<Self> = None;
        for (span, text) in parts(value, ',') {
            let known = Self::ALL.iter().find(|option| option.as_str().eq_ignore_ascii_case(text));
            let problem = match (known, counting) {
                (None, _) if text.is_empty() => Some(Problem::Empty),
                (None, _) => Some(Problem::InvalidValue),
                (Some(known), Some(first)) if *known != first => Some(Problem::DuplicateName),
                (Some(known), _) => {
                    counting = Some(*known);
                    None
                }
            };
            issues.extend(problem.map(|problem| Issue { problem, span }));
        }
        Parsed { value: counting.filter(|_| issues.is_empty()), issues }
    }
}
