//! `Document-Isolation-Policy` (HTML, proposed; Chromium 137).

use std::fmt;

use super::field::{Header, Parsed, keywords};
use super::isolation;

/// How a document is isolated by itself, without asking anything of those that it opens or that open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentIsolationPolicy {
    /// What it says.
    pub policy: IsolationPolicy,
    /// The endpoint that hears of what it breaks.
    pub report_to: Option<String>,
}

keywords! {
    /// The values of `Document-Isolation-Policy`.
    IsolationPolicy {
        /// Not at all.
        None = "none",
        /// What other origins send has to agree to it.
        IsolateAndRequireCorp = "isolate-and-require-corp",
        /// What other origins send comes without credentials, or has to agree.
        IsolateAndCredentialless = "isolate-and-credentialless",
    }
}

impl Header<'_> for DocumentIsolationPolicy {
    const NAME: &'static str = "Document-Isolation-Policy";

    /// ```
    /// use cspc_core::header::{DocumentIsolationPolicy, Header};
    /// assert!(DocumentIsolationPolicy::parse("isolate-and-require-corp").value.is_some());
    /// assert!(DocumentIsolationPolicy::parse("isolate").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        isolation::parse(value, IsolationPolicy::ALL, IsolationPolicy::as_str)
            .map(|(policy, report_to)| Self { policy, report_to })
    }
}

impl fmt::Display for DocumentIsolationPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        isolation::write(f, self.policy.as_str(), self.report_to.as_deref())
    }
}
