//! The site file as TOML has it.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::{Limits, Strategy};
use crate::diagnostic::Severity;
use crate::plan::{Guard, Initiator, NonceText, RedirectStatus};

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[derive(Default)]
pub(super) struct Document {
    pub(super) origin: Option<Spanned<String>>,
    pub(super) root: Option<Spanned<String>>,
    pub(super) base: Option<Spanned<String>>,
    pub(super) targets: Vec<Spanned<String>>,
    pub(super) strategy: Option<Spanned<Strategy>>,
    pub(super) nonce_placeholder: Option<NonceText>,
    pub(super) strict_dynamic: Option<Spanned<bool>>,
    pub(super) trusted_types: Option<Spanned<TrustedTypesSetting>>,
    pub(super) report_only: Option<Spanned<bool>>,
    pub(super) enforce: Option<Spanned<String>>,
    pub(super) reporting: Option<ReportingTable>,
    pub(super) https_redirect: Option<RedirectStatus>,
    pub(super) upgrade_insecure_requests: bool,
    pub(super) hide_server_version: bool,
    pub(super) cookies: CookieTable,
    pub(super) limits: Limits,
    pub(super) sources: SourceTable,
    pub(super) services: ServiceTable,
    pub(super) additions: BTreeMap<Spanned<String>, SourceTable>,
    pub(super) headers: HeaderTable,
    pub(super) layers: LayerTable,
    pub(super) routes: Vec<Spanned<RouteTable>>,
    pub(super) require: RequireTable,
    pub(super) lint: LintTable,
}

pub(super) type SourceTable = BTreeMap<Spanned<String>, Vec<Spanned<String>>>;
pub(super) type HeaderTable = BTreeMap<Spanned<String>, Spanned<HeaderSetting>>;
pub(super) type RequireTable = BTreeMap<Spanned<String>, Spanned<RequireSetting>>;
pub(super) type ServiceTable = BTreeMap<Spanned<String>, Spanned<ServiceSetting>>;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct RouteTable {
    pub(super) path: Option<Spanned<String>>,
    pub(super) prefix: Option<Spanned<String>>,
    pub(super) glob: Option<Spanned<String>>,
    pub(super) strategy: Option<Strategy>,
    pub(super) report_only: Option<bool>,
    pub(super) sources: SourceTable,
    pub(super) services: ServiceTable,
    pub(super) add: Vec<Spanned<String>>,
    pub(super) headers: HeaderTable,
    pub(super) cors: Option<Spanned<CorsTable>>,
    pub(super) guard: Option<Spanned<GuardSetting>>,
    pub(super) session: bool,
    pub(super) logout: bool,
}

/// Whether other sites' pages may make requests that change something, or whose pages may.
#[derive(Clone, Copy, Deserialize)]
#[serde(
    untagged,
    expecting = "expected `true`, `false`, \"same-origin\", \"same-site\", or a table such as `{ allow = \"same-site\", unmarked = \"refuse\" }`"
)]
pub(super) enum GuardSetting {
    Wanted(bool),
    Allow(Initiator),
    Guard(Guard),
}

/// Who of elsewhere may read what is served.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table such as `{ origin = \"https://app.example\" }`")]
pub(super) struct CorsTable {
    pub(super) origin: Spanned<OneOrMore>,
    #[serde(default)]
    pub(super) methods: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) headers: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) credentials: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ReportingTable {
    pub(super) endpoint: Spanned<String>,
    #[serde(default)]
    pub(super) network_errors: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct CookieTable {
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: Option<SameSite>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SameSite {
    Strict,
    Lax,
}

/// The headers that each layer sends.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct LayerTable {
    pub(super) cdn: Vec<Spanned<String>>,
    pub(super) load_balancer: Vec<Spanned<String>>,
    pub(super) application: Vec<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LintTable {
    pub(super) ignore: Vec<IgnoreEntry>,
    pub(super) severity: BTreeMap<Spanned<String>, Severity>,
}

/// Nobody remembers why without a reason, so there has to be one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IgnoreEntry {
    pub(super) rule: Spanned<String>,
    pub(super) reason: String,
}

/// A header's value, or `false` to leave it out.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a string, or `false` to leave the header out")]
pub(super) enum HeaderSetting {
    Value(String),
    Wanted(bool),
}

/// That a service is used, or its parameters.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected `true`, or the service's parameters such as `{ site = \"acme\" }`"
)]
pub(super) enum ServiceSetting {
    Used(bool),
    Parameters(BTreeMap<String, String>),
}

/// That Trusted Types are required, or the names of policies beside those found.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected `true`, or a list of names of Trusted Types policies that scripts create beside those found"
)]
pub(super) enum TrustedTypesSetting {
    Wanted(bool),
    Names(Vec<String>),
}

/// What is demanded of a header: that it be there or not, its value or one of several, or more about it.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected `true`, `false`, a value, a list of values, or a table of `value`, `with`, `without`, `forbidden`, `optional`, `severity` and `reason`"
)]
pub(super) enum RequireSetting {
    Wanted(bool),
    Value(String),
    Values(Vec<String>),
    Table(DemandTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct DemandTable {
    pub(super) value: Option<OneOrMore>,
    pub(super) with: Vec<String>,
    pub(super) without: Vec<String>,
    pub(super) forbidden: bool,
    pub(super) optional: bool,
    pub(super) severity: Option<Severity>,
    pub(super) reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a value, or a list of values")]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more.iter().map(String::as_str).collect(),
        }
    }

    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more,
        }
    }
}

/// Takes how many policies there may be.
pub(super) fn max_policies<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NonZeroUsize>, D::Error> {
    let most = NonZeroUsize::new(usize::deserialize(deserializer)?);
    most.map(Some).ok_or_else(|| {
        Error::custom("`max-policies` is at least 1: leave it out for as many as the pages need")
    })
}
