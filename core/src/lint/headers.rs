//! What rules over other headers than policies have in common.

use super::rule::Found;
use super::subject::Subject;
use crate::header::{Header, Problem, SetCookie};
use crate::response::{Extent, Field};
use crate::text::Span;

/// The headers of this name: the indices of their fields, and their values.
pub(super) fn named<'s>(
    subject: &'s Subject<'_>,
    name: &'static str,
) -> impl Iterator<Item = (usize, &'s str)> {
    let fields = subject.response.fields.iter().enumerate();
    fields.filter_map(move |(index, field)| match field {
        Field::Header { name: own, value } if own.eq_ignore_ascii_case(name) => {
            Some((index, *value))
        }
        _ => None,
    })
}

/// Finds the headers of this name whose values the rule wants.
pub(super) fn at_values(
    subject: &Subject<'_>,
    found: &mut Found<'_>,
    name: &'static str,
    wants: impl Fn(&str) -> bool,
) {
    for (field, value) in named(subject, name).filter(|(_, value)| wants(value)) {
        found.at_field(field, value.len());
    }
}

/// Finds a page that is sent without the header of this name.
pub(super) fn at_page_without(subject: &Subject<'_>, found: &mut Found<'_>, name: &'static str) {
    if is_missing(subject, name) && is_document(subject) {
        found.at_field(0, 0);
    }
}

/// The headers of a type, each with its field and the place of its whole value; those that say nothing are left out.
pub(super) fn parsed<'s, H: Header<'s> + 's>(
    subject: &'s Subject<'_>,
) -> impl Iterator<Item = (usize, Span, H)> {
    named(subject, H::NAME).filter_map(|(field, value)| {
        Some((field, Span::new(0, value.len()), H::parse(value).value?))
    })
}

/// Finds what is wrong with the text of a header, as far as the rule wants it.
pub(super) fn at_issues<'s, H: Header<'s>>(
    subject: &'s Subject<'_>,
    found: &mut Found<'_>,
    wants: fn(Problem) -> bool,
) {
    for (field, value) in named(subject, H::NAME) {
        for issue in H::parse(value).issues.iter().filter(|issue| wants(issue.problem)) {
            found.at_header(field, issue.span);
        }
    }
}

/// Finds what is wrong with the text of a header that has the values of another one.
pub(super) fn at_issues_of<'s, H: Header<'s>>(
    subject: &'s Subject<'_>,
    found: &mut Found<'_>,
    name: &'static str,
) {
    for (field, value) in named(subject, name) {
        for issue in H::parse(value).issues {
            found.at_header(field, issue.span);
        }
    }
}

/// The members of the lists in the headers of this name, each with its field and place.
pub(super) fn members_of<'s>(
    subject: &'s Subject<'_>,
    name: &'static str,
) -> impl Iterator<Item = (usize, Span, &'s str)> {
    named(subject, name).flat_map(|(field, value)| {
        let mut start = 0;
        value.split(',').map(move |member| {
            let text = member.trim_ascii();
            let at = start + member.len() - member.trim_ascii_start().len();
            start += member.len() + 1;
            (field, Span::new(at, at + text.len()), text)
        })
    })
}

/// Whether the response may be a page.
fn is_document(subject: &Subject<'_>) -> bool {
    named(subject, "Location").next().is_none() && subject.response.may_be_html()
}

/// Whether all headers are known, and none has this name.
pub(super) fn is_missing(subject: &Subject<'_>, name: &'static str) -> bool {
    subject.response.extent == Extent::Head && named(subject, name).next().is_none()
}

/// The cookies, each with its field and the place of its name.
pub(super) fn cookies<'s>(
    subject: &'s Subject<'_>,
) -> impl Iterator<Item = (usize, Span, SetCookie<'s>)> {
    named(subject, SetCookie::NAME).filter_map(|(field, value)| {
        let cookie = SetCookie::parse(value).value?;
        let start = value.len() - value.trim_ascii_start().len();
        Some((field, Span::new(start, start + cookie.name.len()), cookie))
    })
}

/// Whether a cookie of this name looks like one that stands for a visitor who is signed in.
pub(super) fn is_session(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let names = ["sess", "auth", "jwt", "login", "remember"];
    // Scripts have to read what they send back against forged requests.
    let is_for_scripts = name.contains("csrf") || name.contains("xsrf");
    (name.ends_with("sid") || names.iter().any(|part| name.contains(part)))
        && !["assess", "obsess", "possess", "author"].iter().any(|part| name.contains(part))
        && !is_for_scripts
}

/// Whether the response sets a session.
pub(super) fn has_session(subject: &Subject<'_>) -> bool {
    cookies(subject).any(|(_, _, cookie)| is_session(cookie.name))
}

/// Headers that browsers do not read any more, and why.
pub(super) static DEPRECATED: [(&str, &str); 24] = [
    ("Accept-CH-Lifetime", "browsers keep client hints as long as they like"),
    ("Attribution-Reporting-Eligible", "browsers dropped attribution reporting"),
    ("Attribution-Reporting-Register-Source", "browsers dropped attribution reporting"),
    ("Attribution-Reporting-Register-Trigger", "browsers dropped attribution reporting"),
    ("Content-DPR", "no browser reads it"),
    ("Digest", "Content-Digest and Repr-Digest took its place"),
    ("Expect-CT", "browsers ask for certificate transparency by themselves"),
    ("Feature-Policy", "Permissions-Policy took its place"),
    ("Large-Allocation", "no browser reads it"),
    ("Observe-Browsing-Topics", "browsers dropped the topics"),
    ("P3P", "no browser reads it"),
    ("Pragma", "it means nothing in a response; Cache-Control does"),
    ("Public-Key-Pins", "browsers dropped it, as it could lock a site out"),
    ("Public-Key-Pins-Report-Only", "browsers dropped it"),
    ("Report-To", "Reporting-Endpoints took its place"),
    ("Supports-Loading-Mode", "it is for prerendering that browsers dropped"),
    ("Tk", "no browser reads it"),
    ("Want-Digest", "Want-Content-Digest and Want-Repr-Digest took its place"),
    ("Warning", "caches do not send or read it any more"),
    ("X-Download-Options", "only Internet Explorer read it"),
    ("X-Pad", "no browser needs it"),
    ("X-Pingback", "it invites requests that others pay for"),
    ("X-UA-Compatible", "only Internet Explorer read it"),
    ("X-XSS-Protection", "browsers dropped the filter, as attacks used it; `0` is safe"),
];

/// Headers of which one line is enough, and two are a mistake.
pub(super) static SINGLE: [&str; 9] = [
    "Access-Control-Allow-Origin",
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
];

/// Headers that say with what a site is made, those that OWASP advises to remove among them.
pub(super) static TECHNOLOGY: [&str; 84] = [
    "K-Proxy-Request",
    "Liferay-Portal",
    "MicrosoftSharePointTeamServices",
    "OracleCommerceCloud-Version",
    "Pega-Host",
    "Powered-By",
    "Product",
    "X-AH-Environment",
    "X-AspNet-Version",
    "X-AspNetMvc-Version",
    "X-Atmosphere-error",
    "X-Atmosphere-first-request",
    "X-Atmosphere-tracking-id",
    "X-B3-ParentSpanId",
    "X-B3-Sampled",
    "X-B3-SpanId",
    "X-B3-TraceId",
    "X-Backend",
    "X-Backend-Server",
    "X-BEServer",
    "X-CalculatedBETarget",
    "X-CF-Powered-By",
    "X-ChromeLogger-Data",
    "X-ChromePhp-Data",
    "X-CMS",
    "X-Cocoon-Version",
    "X-Content-Encoded-By",
    "X-Debug-Token",
    "X-Debug-Token-Link",
    "X-DiagInfo",
    "X-Drupal-Cache",
    "X-Drupal-Dynamic-Cache",
    "X-dtAgentId",
    "X-dtHealthCheck",
    "X-dtInjectedServlet",
    "X-Envoy-Attempt-Count",
    "X-Envoy-External-Address",
    "X-Envoy-Internal",
    "X-Envoy-Original-Dst-Host",
    "X-Envoy-Upstream-Service-Time",
    "X-FEServer",
    "X-Framework",
    "X-Generated-By",
    "X-Generator",
    "X-Jenkins",
    "X-Jitsi-Release",
    "X-Joomla-Version",
    "X-Kubernetes-PF-FlowSchema-UID",
    "X-Kubernetes-PF-PriorityLevel-UID",
    "X-LiteSpeed-Cache",
    "X-Litespeed-Cache-Control",
    "X-LiteSpeed-Purge",
    "X-LiteSpeed-Tag",
    "X-LiteSpeed-Vary",
    "X-Magento-Cache-Debug",
    "X-Magento-Tags",
    "X-Mod-Pagespeed",
    "X-Nextjs-Cache",
    "X-Nextjs-Matched-Path",
    "X-Nextjs-Page",
    "X-Nextjs-Redirect",
    "X-Old-Content-Length",
    "X-OneAgent-JS-Injection",
    "X-OWA-Version",
    "X-Page-Speed",
    "X-Php-Version",
    "X-Powered-By",
    "X-Powered-By-Plesk",
    "X-Powered-CMS",
    "X-Rack-Cache",
    "X-Redirect-By",
    "X-Runtime",
    "X-ruxit-JS-Agent",
    "X-Server",
    "X-Server-Name",
    "X-Server-Powered-By",
    "X-Shopify-Stage",
    "X-SourceFiles",
    "X-Turbo-Charged-By",
    "X-Umbraco-Version",
    "X-Varnish-Backend",
    "X-Varnish-Server",
    "X-Version",
    "X-Wix-Request-Id",
];
