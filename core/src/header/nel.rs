//! `NEL` (Network Error Logging, section 4.1).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::field::{Header, Parsed, Problem, trimmed};

/// Whether browsers report failed connections, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nel {
    /// The group of `Report-To` that hears of them; needed unless `max_age` is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_to: Option<String>,
    /// How many seconds browsers remember it; 0 makes them forget.
    pub max_age: u64,
    /// Whether it is for hosts below this one, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub include_subdomains: bool,
    /// The part of successful requests to report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    success_fraction: Option<serde_json::Number>,
    /// The part of failed requests to report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure_fraction: Option<serde_json::Number>,
}

impl Header<'_> for Nel {
    const NAME: &'static str = "NEL";

    /// ```
    /// use cspc_core::header::{Header, Nel};
    /// let parsed = Nel::parse(r#"{"report_to":"default","max_age":2592000}"#);
    /// assert_eq!(parsed.value.unwrap().max_age, 2_592_000);
    /// assert!(Nel::parse(r#"{"max_age":60}"#).value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (span, text) = trimmed(value, 0);
        match serde_json::from_str::<Self>(text) {
            Ok(nel) if nel.report_to.is_none() && nel.max_age > 0 => {
                Parsed::nothing(Problem::Missing("report_to"), span)
            }
            Ok(nel) => Parsed { value: Some(nel), issues: Vec::new() },
            Err(_) if text.is_empty() => Parsed::nothing(Problem::Empty, span),
            Err(_) => Parsed::nothing(Problem::Syntax, span),
        }
    }
}

impl fmt::Display for Nel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_error| fmt::Error)?)
    }
}
