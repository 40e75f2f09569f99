//! What the owner declares: `cspc.toml`.
//!
//! `document.rs` is the file as TOML has it, with the span of each text; `read.rs` turns it into a [`SiteFile`], of which
//! every part makes sense; `template.rs` writes a file to begin with.

mod base;
mod cross_origin;
mod document;
mod error;
mod layers;
mod policy;
mod read;
mod require;
mod route;
mod template;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::Deserialize;

use crate::csp::Directive;
use crate::diagnostic::{Location, Severity};
use crate::header::{HeaderName, HeaderValue};
use crate::plan::{CookieAttribute, NonceText, RedirectStatus};

pub use base::Base;
pub use cross_origin::Cors;
pub use error::SiteError;
pub use layers::{Layer, LayerHeader};
pub use policy::{EnforcedText, Strategy, TrustedTypes};
pub use require::{Demand, Part, Requirement};
pub use route::{Route, RoutePaths};
pub use template::{Choice, Template};

/// The site file.
///
/// ```
/// let site = cspc_core::site::SiteFile::parse("cspc.toml", r#"
/// origin = "https://shop.example"
/// report-only = true
/// [limits]
/// max-policies = 100
/// max-header-bytes = 8190
/// [sources]
/// connect-src = ["'self'", "https://api.example"]
/// [services]
/// stripe = true
/// [headers]
/// Referrer-Policy = "no-referrer"
/// X-Frame-Options = false
/// [[routes]]
/// prefix = "/account"
/// session = true
/// [require]
/// Server = false
/// Strict-Transport-Security = { with = ["max-age>=31536000", "includeSubDomains"] }
/// [lint]
/// ignore = [{ rule = "csp/missing-form-action", reason = "there are no forms" }]
/// severity = { "csp/http-source" = "high" }
/// "#).unwrap();
/// assert_eq!(site.sources.len(), 1);
/// assert_eq!(site.routes[0].headers[0].value.as_ref().unwrap().as_str(), "no-store");
/// ```
#[derive(Clone, Debug, Default)]
pub struct SiteFile {
    path: String,
    /// The site's origin.
    pub origin: Option<String>,
    /// The folder of its pages, relative to the file's own, and where it is named.
    pub root: Option<(String, Location)>,
    /// The path under which that folder is served.
    pub base: Base,
    /// The servers to write for, as on the command line, and where each is named.
    pub targets: Vec<(String, Location)>,
    /// How inline code is allowed, and where that is said.
    pub strategy: Option<(Strategy, Location)>,
    /// What stands for the nonce in pages.
    pub nonce_placeholder: NonceText,
    /// Where `'strict-dynamic'` is asked for, for the pages whose scripts allow it.
    pub strict_dynamic: Option<Location>,
    /// Whether Trusted Types are required, on the pages whose scripts allow it.
    pub trusted_types: Option<TrustedTypes>,
    /// What all pages are to have in their policies beside what was found.
    pub sources: Sources,
    /// The third-party services that pages use.
    pub services: Vec<UsedService>,
    /// Whether policies only report what they would block.
    pub report_only: bool,
    /// The policy in force while the one that is compiled only reports.
    pub enforce: Option<EnforcedText>,
    /// Where browsers send reports.
    pub reporting: Option<Reporting>,
    /// Status with which plain HTTP is redirected to HTTPS.
    pub https_redirect: Option<RedirectStatus>,
    /// Whether browsers are to ask over HTTPS for what pages name by `http:`, once policies block.
    pub upgrade_insecure_requests: bool,
    /// Whether servers are not to name their version.
    pub hide_server_version: bool,
    /// Attributes that each cookie is to have.
    pub cookies: Vec<CookieAttribute>,
    /// How many policies there may be, and how long.
    pub limits: Limits,
    /// Headers in place of the standard ones; `None` leaves one out.
    pub headers: Headers,
    /// The headers that layers beside the plan's server send.
    pub layers: Vec<LayerHeader>,
    /// What is different for some paths; of several that cover a page, the later wins.
    pub routes: Vec<Route>,
    /// What the owner's organisation demands of every response.
    pub require: Vec<Requirement>,
    /// What the owner says of rules.
    pub lint: LintSettings,
}

/// Source expressions that pages' policies are to have beside those found.
pub type Sources = BTreeMap<Directive, Vec<Declared>>;

/// Headers and what they are to be.
pub type Headers = Vec<DeclaredHeader>;

/// What a header is to be by the owner's word, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredHeader {
    /// Its name.
    pub name: HeaderName,
    /// Its value; `None` leaves it out.
    pub value: Option<HeaderValue>,
    /// Where that is said: its value, or what it follows from.
    pub location: Location,
}

/// A source expression that the owner asks for, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The expression.
    pub expression: String,
    /// Where it stands in the site file.
    pub location: Location,
}

/// A third-party service that pages use, by the owner's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedService {
    /// Its name, with parameters where it has some: `stripe`, `chargebee:site=acme`.
    pub service: String,
    /// Where it is named.
    pub location: Location,
}

/// Where browsers send reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reporting {
    /// The address: a URL in full, or an absolute path of the site.
    pub endpoint: String,
    /// Whether failures of the network are to be reported, too.
    pub network_errors: bool,
}

/// What servers and hosts take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// The most policies for pages.
    #[serde(default, deserialize_with = "document::max_policies")]
    pub max_policies: Option<NonZeroUsize>,
    /// The longest header value, in bytes.
    pub max_header_bytes: Option<usize>,
}

/// What the owner says of the rules of `cspc check`.
#[derive(Clone, Debug, Default)]
pub struct LintSettings {
    /// Rules that are to find nothing, and why.
    pub ignore: Vec<RuleSetting<String>>,
    /// Rules whose findings matter more or less than by themselves.
    pub severity: Vec<RuleSetting<Severity>>,
}

/// What is said of one rule, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting<T> {
    /// The rule's id, which need not be known.
    pub rule: String,
    /// What is said.
    pub value: T,
    /// Where the rule is named.
    pub location: Location,
}

impl SiteFile {
    /// Reads the text of a site file; `path` is for messages.
    ///
    /// # Errors
    /// [`SiteError`] for text that is not TOML, keys that are not known, values that cannot be what they should be, and
    /// what contradicts itself.
    pub fn parse(path: &str, text: &str) -> Result<Self, SiteError> {
        read::read(path, text)
    }

    /// Where the file stands, as it was given.
    pub fn path(&self) -> &str {
        &self.path
    }
}
