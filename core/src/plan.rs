//! The plan: ordered header rules by path, type, status and scheme.
//!
//! It is what `compile` makes and the emitters write. Its JSON form, `cspc.plan/1`, is a contract; a plan written
//! by hand goes the same way as a compiled one. Of several rules that match a response and name the same header,
//! the last one wins.

use serde::{Deserialize, Deserializer, Serialize};

use crate::diagnostic::Finding;
use crate::header::{HeaderName, HeaderValue};

/// The value of [`Plan::schema`].
pub const SCHEMA: &str = "cspc.plan/1";

/// The headers of a whole site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Always [`SCHEMA`].
    #[serde(default = "schema")]
    pub schema: String,
    /// The site's origin, such as `https://shop.example`, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// The rules; of those that match, the later wins for a header name.
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
            sources: Vec::new(),
            findings: Vec::new(),
        }
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self::new()
    }
}

/// Headers for the responses that match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which responses.
    #[serde(rename = "match", default)]
    pub matches: Match,
    /// What they get.
    pub headers: Vec<Header>,
}

/// Which responses a rule covers: all that is given must hold. The empty one covers everything, errors included.
///
/// Paths are those that the client asked for, percent-decoded and normalized, whatever page the server answers with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// One of these paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub exact: Vec<String>,
    /// One of these paths or what lies under it: `/admin` covers `/admin` and `/admin/x`, not `/administrator`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub prefix: Vec<String>,
    /// The path ends with one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    pub suffix: Vec<String>,
    /// The response has one of these media types; parameters and case are ignored.
    #[serde(
        rename = "type",
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "one_or_many"
    )]
    pub media_type: Vec<String>,
    /// The response's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusMatch>,
    /// How the client asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
}

impl Match {
    /// Whether it covers every response.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// Takes `"a"` and `["a", "b"]` alike.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

/// A condition on the response's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StatusMatch {
    /// A class of them.
    Class(StatusClass),
    /// One of these codes.
    Codes(Vec<u16>),
}

/// Statuses of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusClass {
    /// 4xx and 5xx.
    Error,
    /// Everything else.
    Success,
}

/// The scheme by which the client asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}

/// One header of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name.
    pub name: HeaderName,
    /// Its value; empty for [`Op::Remove`].
    #[serde(default = "HeaderValue::empty", skip_serializing_if = "HeaderValue::is_empty")]
    pub value: HeaderValue,
    /// What to do with it.
    #[serde(default, skip_serializing_if = "Op::is_set")]
    pub op: Op,
    /// Only over this scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
}

impl Header {
    /// The header set to exactly one line with this value.
    pub const fn set(name: HeaderName, value: HeaderValue) -> Self {
        Self { name, value, op: Op::Set, scheme: None }
    }
}

/// What a rule does with a header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Exactly one line with this value, whatever the application sent.
    #[default]
    Set,
    /// Only if the application sent none.
    Default,
    /// One more line.
    Add,
    /// No line at all.
    Remove,
}

impl Op {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
    fn is_set(&self) -> bool {
        *self == Self::Set
    }
}

/// An attribute to be put on each cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CookieAttribute {
    /// Sent over HTTPS only.
    Secure,
    /// Not to be read by scripts.
    HttpOnly,
    /// Not sent with requests from other sites at all.
    #[serde(rename = "SameSite=Strict")]
    SameSiteStrict,
    /// Sent from other sites with top-level navigations only.
    #[serde(rename = "SameSite=Lax")]
    SameSiteLax,
}

/// A redirect's status: 301, 302, 307 or 308.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct RedirectStatus(u16);

impl TryFrom<u16> for RedirectStatus {
    type Error = String;
    fn try_from(code: u16) -> Result<Self, String> {
        match code {
            301 | 302 | 307 | 308 => Ok(Self(code)),
            _ => Err(format!("`{code}` is not a redirect's status: expected 301, 302, 307 or 308")),
        }
    }
}

impl From<RedirectStatus> for u16 {
    fn from(status: RedirectStatus) -> Self {
        status.0
    }
}

/// Whether the server names its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServerTokens {
    /// As the server likes.
    On,
    /// No version.
    Off,
}

/// Why a source expression is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceUse {
    /// Index of the rule in [`Plan::rules`].
    pub rule: usize,
    /// The directive that holds the expression.
    pub directive: String,
    /// The expression.
    pub expression: String,
    /// The assets that need it; the first few of them where there are many.
    pub assets: Vec<AssetUse>,
    /// How many need it in all.
    #[serde(default)]
    pub count: usize,
}

/// An asset at its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AssetUse {
    /// Path of the page.
    pub page: String,
    /// Line in the page, from 1.
    pub line: usize,
    /// Column in the page, from 1.
    pub column: usize,
    /// The asset's kind, as in the inventory.
    pub kind: String,
}
