//! `Cross-Origin-Embedder-Policy` (HTML, section 7.1.4).

use std::fmt;

use super::field::{Header, Parsed, keywords};
use super::isolation;

/// What a page may load that does not agree to be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossOriginEmbedderPolicy {
    /// What it says.
    pub policy: EmbedderPolicy,
    /// The endpoint that hears of what it blocks.
    pub report_to: Option<String>,
}

keywords! {
    /// The values of `Cross-Origin-Embedder-Policy`.
    EmbedderPolicy {
        /// Anything.
        UnsafeNone = "unsafe-none",
        /// Only what says so, by `Cross-Origin-Resource-Policy` or CORS.
        RequireCorp = "require-corp",
        /// The rest, too, but without cookies.
        Credentialless = "credentialless",
    }
}

impl Header<'_> for CrossOriginEmbedderPolicy {
    const NAME: &'static str = "Cross-Origin-Embedder-Policy";

    /// ```
    /// use cspc_core::header::{CrossOriginEmbedderPolicy, EmbedderPolicy, Header};
    /// let parsed = CrossOriginEmbedderPolicy::parse("require-corp");
    /// assert_eq!(parsed.value.map(|coep| coep.policy), Some(EmbedderPolicy::RequireCorp));
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        isolation::parse(value, EmbedderPolicy::ALL, EmbedderPolicy::as_str)
            .map(|(policy, report_to)| Self { policy, report_to })
    }
}

impl fmt::Display for CrossOriginEmbedderPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        isolation::write(f, self.policy.as_str(), self.report_to.as_deref())
    }
}
