//! `Report-To` (Reporting API of 2018, section 3.1), which Network Error Logging still needs.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::field::{Header, Parsed, Problem, trimmed};

/// Groups of endpoints, as browsers of before `Reporting-Endpoints` read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportTo {
    /// The groups, in order.
    pub groups: Vec<ReportGroup>,
}

/// A group of endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportGroup {
    /// The name by which policies refer to it.
    #[serde(default = "default_group")]
    pub group: String,
    /// How many seconds browsers remember it.
    pub max_age: u64,
    /// Where reports go.
    pub endpoints: Vec<ReportEndpoint>,
    /// Whether it is for hosts below this one, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub include_subdomains: bool,
}

/// Where reports of a group go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEndpoint {
    /// The URL.
    pub url: String,
}

fn default_group() -> String {
    "default".to_owned()
}

impl Header<'_> for ReportTo {
    const NAME: &'static str = "Report-To";

    /// ```
    /// use cspc_core::header::{Header, ReportTo};
    /// let parsed = ReportTo::parse(r#"{"group":"csp","max_age":60,"endpoints":[{"url":"https://r.example/"}]}"#);
    /// assert_eq!(parsed.value.unwrap().groups[0].group, "csp");
    /// assert!(ReportTo::parse("csp=\"https://r.example/\"").value.is_none());
    /// ```
    fn parse(value: &str) -> Parsed<Self> {
        let (span, text) = trimmed(value, 0);
        match serde_json::from_str(&format!("[{text}]")) {
            Ok(groups) if !text.is_empty() => {
                Parsed { value: Some(Self { groups }), issues: Vec::new() }
            }
            Ok(_) => Parsed::nothing(Problem::Empty, span),
            Err(_) => Parsed::nothing(Problem::Syntax, span),
        }
    }
}

impl fmt::Display for ReportTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, group) in self.groups.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}", serde_json::to_string(group).map_err(|_error| fmt::Error)?)?;
        }
        Ok(())
    }
}
