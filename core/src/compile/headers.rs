//! The headers beside the policy, with safe values.

use super::features;
use crate::header::{Endpoint, HeaderError, HeaderName, HeaderValue, ReportingEndpoints};
use crate::plan::{Header, Op, Scheme};
use crate::site::{DeclaredHeader, Reporting, SiteFile};
use crate::text::Span;

/// The name of the group of endpoints that reports go to.
pub(super) const REPORT_GROUP: &str = "cspc";

/// For so many seconds browsers remember where older kinds of reports go: a day.
const REPORT_MAX_AGE: u32 = 86_400;

/// What holds of all pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pages {
    /// They load nothing of others that would have to agree to it.
    pub(super) are_isolated: bool,
    /// Each of their scripts says what it has to be.
    pub(super) have_integrity: bool,
}

/// Headers that say what runs behind the server, or turn on what browsers no longer have, or better had not.
const HIDDEN: [&str; 10] = [
    "X-Powered-By",
    "X-AspNet-Version",
    "X-AspNetMvc-Version",
    "X-Generator",
    "X-Powered-CMS",
    "X-Redirect-By",
    "X-Runtime",
    "X-XSS-Protection",
    "Expect-CT",
    "Public-Key-Pins",
];

/// The headers of every response, the policy first, as the owner wants them.
pub(super) fn baseline(site: &SiteFile, policy: Header, pages: Pages) -> Vec<Header> {
    let features = features::nothing();
    let standard = [
        ("Strict-Transport-Security", "max-age=63072000"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Permissions-Policy", features.as_str()),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Origin-Agent-Cluster", "?1"),
        ("X-Permitted-Cross-Domain-Policies", "none"),
        ("X-DNS-Prefetch-Control", "off"),
    ];
    let conditional = [
        (pages.are_isolated, "Cross-Origin-Embedder-Policy", "require-corp"),
        (pages.have_integrity, "Integrity-Policy", "blocked-destinations=(script)"),
    ];
    let mut headers = vec![policy];
    headers.extend(standard.iter().filter_map(|(name, value)| header(name, value)));
    let conditional = conditional.iter().filter(|(holds, ..)| *holds);
    headers.extend(conditional.filter_map(|(_, name, value)| header(name, value)));
    headers.extend(site.reporting.iter().flat_map(reporting));
    for DeclaredHeader { name, value, .. } in &site.headers {
        headers.retain(|header| header.name != *name);
        headers.extend(value.clone().map(|value| with_scheme(Header::set(name.clone(), value))));
    }
    headers
}

/// The older form of `frame-ancestors 'self'`, unless the owner has taken it in hand.
pub(super) fn framed_by_itself(site: &SiteFile) -> Option<Header> {
    unless_declared(site, header("X-Frame-Options", "SAMEORIGIN")?)
}

/// The policy's header.
pub(super) fn policy(report_only: bool, value: HeaderValue) -> Result<Header, HeaderError> {
    Ok(Header::set(policy_name(report_only)?, value))
}

/// That there is no policy of the kind.
pub(super) fn no_policy(report_only: bool) -> Result<Header, HeaderError> {
    Ok(removed(policy_name(report_only)?))
}

fn policy_name(report_only: bool) -> Result<HeaderName, HeaderError> {
    HeaderName::new(if report_only {
        "Content-Security-Policy-Report-Only"
    } else {
        "Content-Security-Policy"
    })
}

fn removed(name: HeaderName) -> Header {
    Header { op: Op::Remove, ..Header::set(name, HeaderValue::empty()) }
}

/// A header as a route has it.
pub(super) fn declared(DeclaredHeader { name, value, .. }: &DeclaredHeader) -> Header {
    match value {
        Some(value) => with_scheme(Header::set(name.clone(), value.clone())),
        None => removed(name.clone()),
    }
}

/// Where reports go, in the form of today and that of browsers before it; and that the network's failures are reported.
fn reporting(reporting: &Reporting) -> Vec<Header> {
    let Reporting { endpoint, network_errors } = reporting;
    let (name, url) = (REPORT_GROUP.to_owned(), endpoint.clone());
    let endpoints = vec![Endpoint { name, url, span: Span::default() }];
    let endpoints = ReportingEndpoints { endpoints }.to_string();
    let older = serde_json::json!({
        "group": REPORT_GROUP, "max_age": REPORT_MAX_AGE, "endpoints": [{"url": endpoint}],
    });
    let errors = serde_json::json!({"report_to": REPORT_GROUP, "max_age": REPORT_MAX_AGE});
    let errors = network_errors.then(|| header("NEL", &errors.to_string())).flatten();
    let both = [("Reporting-Endpoints", endpoints), ("Report-To", older.to_string())];
    let both = both.iter().filter_map(|(name, value)| header(name, value));
    both.chain(errors.map(|header| Header { scheme: Some(Scheme::Https), ..header })).collect()
}

/// That no cache keeps a page whose nonce is made anew each time, unless the owner has taken it in hand.
pub(super) fn never_stored(site: &SiteFile) -> Option<Header> {
    unless_declared(site, header("Cache-Control", "no-store")?)
}

fn unless_declared(site: &SiteFile, header: Header) -> Option<Header> {
    (!site.headers.iter().any(|declared| declared.name == header.name)).then_some(header)
}

/// Which features of the browser pages may use, unless the owner has taken it in hand.
pub(super) fn features(site: &SiteFile, value: &str) -> Option<Header> {
    unless_declared(site, header("Permissions-Policy", value)?)
}

/// Headers to take away from what applications send.
pub(super) fn hidden() -> Vec<HeaderName> {
    HIDDEN.iter().filter_map(|name| HeaderName::new(*name).ok()).collect()
}

/// A header whose name and value are known to be right.
pub(super) fn header(name: &str, value: &str) -> Option<Header> {
    Some(with_scheme(Header::set(HeaderName::new(name).ok()?, HeaderValue::new(value).ok()?)))
}

/// Browsers must ignore Strict-Transport-Security over plain HTTP, and servers must not send it there
/// (RFC 6797, section 7.2).
fn with_scheme(header: Header) -> Header {
    let https_only = header.name.as_str().eq_ignore_ascii_case("strict-transport-security");
    Header { scheme: https_only.then_some(Scheme::Https), ..header }
}
