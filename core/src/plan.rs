//! The plan: ordered header rules by path, type, status, scheme and origin.
//!
//! It is what `compile` makes and the emitters write. Its JSON form, `cspc.plan/1`, is a contract; a plan written
//! by hand goes the same way as a compiled one. Of several rules that match a response and name the same header,
//! the last one wins.

mod check;
mod guard;
mod header;
mod index;
mod nonce;
mod provenance;
mod read;
mod rule;
mod settings;
mod status;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::diagnostic::Finding;
use crate::header::HeaderName;

pub use check::{PlanError, path as check_path};
pub use guard::{Guard, Initiator, SAFE_METHODS, Unmarked};
pub use header::{Header, Op, Scheme};
pub use index::PlanIndex;
pub use nonce::{NONCE, NONCE_SOURCE, NonceText};
pub use provenance::{AssetUse, DECLARED, SourceUse};
pub use rule::{Answered, Match, Rule};
pub use settings::{CookieAttribute, RedirectStatus, ServerTokens};
pub use status::{StatusClass, StatusMatch};

/// The value of [`Plan::schema`].
pub const SCHEMA: &str = "cspc.plan/1";

/// The headers of a whole site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Always [`SCHEMA`].
    #[serde(default = "schema", deserialize_with = "known_schema")]
    pub schema: String,
    /// The site's origin, such as `https://shop.example`, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The rules; of those that match, the later wins for a header name.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Headers that applications behind the server send and clients should not see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hide: Vec<HeaderName>,
    /// Attributes that each cookie is to have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<CookieAttribute>,
    /// Status with which plain HTTP is redirected to HTTPS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub https_redirect: Option<RedirectStatus>,
    /// Whether the server may name its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_tokens: Option<ServerTokens>,
    /// The text in pages in place of which each response has a nonce of its own, which stands in policies in place of
    /// [`NONCE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<NonceText>,
    /// Provenance: which assets need which source expression of which rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceUse>,
    /// What stays unsafe, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

fn schema() -> String {
    SCHEMA.to_owned()
}

fn known_schema<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let schema = String::deserialize(deserializer)?;
    if schema == SCHEMA {
        return Ok(schema);
    }
    Err(Error::custom(format!("unknown schema `{schema}`: expected `{SCHEMA}`")))
}

impl Plan {
    /// A plan without rules.
    pub fn new() -> Self {
        Self {
            schema: schema(),
            origin: None,
            rules: Vec::new(),
            hide: Vec::new(),
            cookies: Vec::new(),
            https_redirect: None,
            server_tokens: None,
            nonce: None,
            sources: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The headers that a response gets, where the application behind the server sends none of its own.
    ///
    /// ```
    /// use cspc_core::plan::{Answered, Plan};
    /// let plan: Plan = serde_json::from_str(
    ///     r#"{"rules":[{"match":{},"headers":[{"name":"X-Frame-Options","value":"DENY"}]},
    ///         {"match":{"prefix":"/embed"},"headers":[{"name":"X-Frame-Options","op":"remove"}]}]}"#,
    /// )
    /// .unwrap();
    /// assert_eq!(plan.headers_of(Answered::page("/")).len(), 1);
    /// assert!(plan.headers_of(Answered::page("/embed/a")).is_empty());
    /// ```
    pub fn headers_of(&self, response: Answered<'_>) -> Vec<&Header> {
        apply(self.rules.iter(), response)
    }
}

/// What a response gets by these rules, of which the later win.
fn apply<'p>(rules: impl Iterator<Item = &'p Rule>, response: Answered<'_>) -> Vec<&'p Header> {
    let mut sent: Vec<&Header> = Vec::new();
    let headers = rules.filter(|rule| rule.matches.covers(response)).flat_map(|rule| &rule.headers);
    for header in headers.filter(|header| header.scheme.is_none_or(|is| is == response.scheme)) {
        if header.op != Op::Add {
            sent.retain(|other| other.name != header.name);
        }
        if header.op != Op::Remove {
            sent.push(header);
        }
    }
    sent
}

impl Default for Plan {
    fn default() -> Self {
        Self::new()
    }
}
