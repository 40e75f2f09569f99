//! The plan: ordered header rules by path, type, status and scheme.
//!
//! It is what `compile` makes and the emitters write. Its JSON form, `cspc.plan/1`, is a contract; a plan written
//! by hand goes the same way as a compiled one. Of several rules that match a response and name the same header,
//! the last one wins.

mod guard;
mod index;
mod nonce;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::diagnostic::Finding;
use crate::header::{HeaderName, HeaderValue};

pub use guard::{Guard, Initiator, SAFE_METHODS, Unmarked};
pub use index::PlanIndex;
pub use nonce::{NONCE, NONCE_SOURCE, NonceText};

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
}

/// A response, as far as a [`Match`] asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered<'a> {
    /// The path that the client asked for, percent-decoded and normalized.
    pub path: &'a str,
    /// The media type, without parameters.
    pub media_type: &'a str,
    /// The status.
    pub status: u16,
    /// How the client asked.
    pub scheme: Scheme,
}

impl<'a> Answered<'a> {
    /// A page that is there, asked for over HTTPS.
    pub const fn page(path: &'a str) -> Self {
        Self { path, media_type: "text/html", status: 200, scheme: Scheme::Https }
    }
}

impl Plan {
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

/// Headers for the responses that match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which responses.
    #[serde(rename = "match", default)]
    pub matches: Match,
    /// What they get.
    #[serde(deserialize_with = "headers")]
    pub headers: Vec<Header>,
    /// Which requests are refused there; of several rules that match, the last one with a guard decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Guard>,
}

/// Which responses a rule covers: all that is given must hold. The empty one covers everything, errors included.
///
/// Paths are those that the client asked for, percent-decoded and normalized, whatever page the server answers with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// One of these paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "paths")]
    pub exact: Vec<String>,
    /// One of these paths or what lies under it: `/admin` covers `/admin` and `/admin/x`, not `/administrator`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "paths")]
    pub prefix: Vec<String>,
    /// The path ends with one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "suffixes")]
    pub suffix: Vec<String>,
    /// The response has one of these media types; parameters and case are ignored.
    #[serde(
        rename = "type",
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "media_types"
    )]
    pub media_type: Vec<String>,
    /// The response's status.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "statuses")]
    pub status: Option<StatusMatch>,
    /// How the client asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
}

impl Match {
    /// Whether it covers this response.
    pub fn covers(&self, response: Answered<'_>) -> bool {
        let Answered { path, media_type, status, scheme } = response;
        let any = |texts: &[String], holds: &dyn Fn(&str) -> bool| {
            texts.is_empty() || texts.iter().any(|text| holds(text))
        };
        any(&self.exact, &|exact| path == exact)
            && any(&self.prefix, &|prefix| is_below(path, prefix))
            && any(&self.suffix, &|suffix| path.ends_with(suffix))
            && any(&self.media_type, &|wanted| media_type.eq_ignore_ascii_case(wanted))
            && self.status.as_ref().is_none_or(|wanted| wanted.covers(status))
            && self.scheme.is_none_or(|wanted| wanted == scheme)
    }

    /// Whether it covers every response.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether a path is this one, or lies under it.
fn is_below(path: &str, prefix: &str) -> bool {
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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

/// Why a plan makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No request has this path once it is decoded and normalized.
    #[error(
        "`{0}` is no path that a server sees: expected one that starts with `/`, percent-decoded, \
         without `//`, `.` or `..` segments or U+0000"
    )]
    Path(String),
    /// Every path ends with the empty text, and none holds U+0000.
    #[error("`{0}` is no path suffix: expected the end of a path, such as `.js`")]
    Suffix(String),
    /// Not two tokens with a slash between them.
    #[error("`{0}` is no media type: expected one such as `text/html`, without parameters")]
    MediaType(String),
    /// Not a status that a response can have.
    #[error("`{0}` is no status: expected 100 to 599")]
    Status(u16),
    /// `set`, `default` or `add` with nothing to send.
    #[error("`{0}` has no value: expected one, or `\"op\": \"remove\"`")]
    NoValue(String),
    /// `remove` with something to send.
    #[error("`{0}` has a value, but is to be removed: expected no `value`")]
    SpareValue(String),
    /// A guard decides before there is a response.
    #[error(
        "a guard cannot ask for the type or status of a response: expected a match by path or scheme"
    )]
    GuardByResponse,
}

impl Rule {
    /// Headers for the responses that match.
    pub const fn new(matches: Match, headers: Vec<Header>) -> Self {
        Self { matches, headers, guard: None }
    }

    /// Checks what the types cannot hold. What serde reads has been through it already.
    ///
    /// # Errors
    /// The first thing that makes no sense.
    pub fn check(&self) -> Result<(), PlanError> {
        let matches = &self.matches;
        matches.exact.iter().chain(&matches.prefix).try_for_each(|path| check_path(path))?;
        matches.suffix.iter().try_for_each(|suffix| check_suffix(suffix))?;
        matches.media_type.iter().try_for_each(|media_type| check_media_type(media_type))?;
        matches.status.iter().try_for_each(check_status)?;
        if self.guard.is_some() && (!matches.media_type.is_empty() || matches.status.is_some()) {
            return Err(PlanError::GuardByResponse);
        }
        self.headers.iter().try_for_each(check_header)
    }
}

fn check_path(path: &str) -> Result<(), PlanError> {
    let dots = |segment: &str| segment == "." || segment == "..";
    if path.starts_with('/')
        && !path.contains('\0')
        && !path.contains("//")
        && !path.split('/').any(dots)
    {
        return Ok(());
    }
    Err(PlanError::Path(path.to_owned()))
}

fn check_suffix(suffix: &str) -> Result<(), PlanError> {
    if suffix.is_empty() || suffix.contains('\0') {
        return Err(PlanError::Suffix(suffix.to_owned()));
    }
    Ok(())
}

/// RFC 6838, section 4.2: the characters of type and subtype names.
fn check_media_type(media_type: &str) -> Result<(), PlanError> {
    let name = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match media_type.split_once('/') {
        Some((kind, subtype)) if name(kind) && name(subtype) => Ok(()),
        _ => Err(PlanError::MediaType(media_type.to_owned())),
    }
}

fn check_status(status: &StatusMatch) -> Result<(), PlanError> {
    let StatusMatch::Codes(codes) = status else { return Ok(()) };
    match codes.iter().find(|code| !(100..=599).contains(*code)) {
        Some(code) => Err(PlanError::Status(*code)),
        None => Ok(()),
    }
}

fn check_header(header: &Header) -> Result<(), PlanError> {
    match (header.op == Op::Remove, header.value.is_empty()) {
        (false, true) => Err(PlanError::NoValue(header.name.to_string())),
        (true, false) => Err(PlanError::SpareValue(header.name.to_string())),
        _ => Ok(()),
    }
}

/// Reads texts and checks each, so that the error stands where the text does.
fn checked<'de, D: Deserializer<'de>>(
    deserializer: D,
    check: fn(&str) -> Result<(), PlanError>,
) -> Result<Vec<String>, D::Error> {
    let texts = one_or_many(deserializer)?;
    texts.iter().try_for_each(|text| check(text)).map_err(Error::custom)?;
    Ok(texts)
}

fn paths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    checked(deserializer, check_path)
}

fn suffixes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    checked(deserializer, check_suffix)
}

fn media_types<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    checked(deserializer, check_media_type)
}

fn statuses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<StatusMatch>, D::Error> {
    let status = Option::<StatusMatch>::deserialize(deserializer)?;
    status.iter().try_for_each(check_status).map_err(Error::custom)?;
    Ok(status)
}

fn headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Header>, D::Error> {
    let headers = Vec::<Header>::deserialize(deserializer)?;
    headers.iter().try_for_each(check_header).map_err(Error::custom)?;
    Ok(headers)
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

impl StatusMatch {
    fn covers(&self, status: u16) -> bool {
        match self {
            Self::Class(class) => (*class == StatusClass::Error) == (400..600).contains(&status),
            Self::Codes(codes) => codes.contains(&status),
        }
    }
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

impl CookieAttribute {
    /// Its name in lower case, and as it is written in a cookie.
    pub const fn as_written(self) -> (&'static str, &'static str) {
        match self {
            Self::Secure => ("secure", "Secure"),
            Self::HttpOnly => ("httponly", "HttpOnly"),
            Self::SameSiteStrict => ("samesite", "SameSite=Strict"),
            Self::SameSiteLax => ("samesite", "SameSite=Lax"),
        }
    }
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
    /// Why it is there although no asset asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare: Option<String>,
}

/// The [`AssetUse::kind`] of what is no asset, but a line of the site file.
pub const DECLARED: &str = "declared";

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
