//! The shapes of `cspc fmt --format json`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::csp::{Delivery, Policy, issues, parse_list};

/// A text to parse, such as `{"input":"script-src 'self'","delivery":"meta"}`.
#[derive(Clone, Debug, Deserialize)]
pub struct Parse {
    /// The value of a header, or of a `<meta>`.
    pub input: String,
    /// How it reaches the browser.
    #[serde(default)]
    pub delivery: DeliveryName,
}

impl Parse {
    /// The syntax tree.
    ///
    /// ```
    /// let parse: cspc_core::wire::Parse = serde_json::from_str(r#"{"input":"IMG-src a"}"#).unwrap();
    /// let tree = serde_json::to_value(parse.tree()).unwrap();
    /// assert_eq!(tree["directives"][0]["name"], "img-src");
    /// ```
    pub fn tree(&self) -> Tree<'_> {
        let delivery = self.delivery.into();
        Tree::of(&parse_list(&self.input, delivery), delivery)
    }
}

/// A delivery's name.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryName {
    /// In a header.
    #[default]
    Header,
    /// In a `<meta>`.
    Meta,
    /// In the header that only reports.
    ReportOnly,
}

impl From<Delivery> for DeliveryName {
    fn from(delivery: Delivery) -> Self {
        match delivery {
            Delivery::Header => Self::Header,
            Delivery::Meta => Self::Meta,
            Delivery::ReportOnly => Self::ReportOnly,
        }
    }
}

impl From<DeliveryName> for Delivery {
    fn from(name: DeliveryName) -> Self {
        match name {
            DeliveryName::Header => Self::Header,
            DeliveryName::Meta => Self::Meta,
            DeliveryName::ReportOnly => Self::ReportOnly,
        }
    }
}

/// The syntax tree of a list of policies.
#[derive(Clone, Debug, Serialize)]
pub struct Tree<'a> {
    policies: usize,
    directives: Vec<Directive<'a>>,
    issues: BTreeSet<&'static str>,
}

/// A directive, its name in lower case.
#[derive(Clone, Debug, Serialize)]
struct Directive<'a> {
    policy: usize,
    name: String,
    values: Vec<&'a str>,
}

impl<'a> Tree<'a> {
    /// What browsers make of the text: directives that they drop are not there, but their issues are.
    pub fn of(parsed: &[Policy<'a>], delivery: Delivery) -> Self {
        let kept = || parsed.iter().filter(|policy| !policy.is_empty()).enumerate();
        let directives = kept().flat_map(|(policy, parsed)| {
            parsed.counting().map(move |directive| Directive {
                policy,
                name: directive.name.to_ascii_lowercase(),
                values: directive.values().map(|value| value.text).collect(),
            })
        });
        let found = parsed.iter().flat_map(|policy| issues(policy, delivery));
        Self {
            policies: kept().count(),
            directives: directives.collect(),
            issues: found.map(|issue| issue.code.as_str()).collect(),
        }
    }
}
