//! What rules over other headers than policies have in common.

use super::rule::Found;
use super::subject::Subject;
use super::{Extent, Field};
use crate::header::{Header, Problem, SetCookie};
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
pub(super) static DEPRECATED: [(&str, &str); 12] = [
    ("Expect-CT", "browsers ask for certificate transparency by themselves"),
    ("Feature-Policy", "Permissions-Policy took its place"),
    ("Large-Allocation", "no browser reads it"),
    ("P3P", "no browser reads it"),
    ("Pragma", "it means nothing in a response; Cache-Control does"),
    ("Public-Key-Pins", "browsers dropped it, as it could lock a site out"),
    ("Public-Key-Pins-Report-Only", "browsers dropped it"),
    ("Report-To", "Reporting-Endpoints took its place"),
    ("Tk", "no browser reads it"),
    ("X-Download-Options", "only Internet Explorer read it"),
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

/// Headers that say with what a site is made.
pub(super) static TECHNOLOGY: [&str; 16] = [
    "MicrosoftSharePointTeamServices",
    "X-AspNet-Version",
    "X-AspNetMvc-Version",
    "X-Backend-Server",
    "X-ChromeLogger-Data",
    "X-ChromePhp-Data",
    "X-Debug-Token",
    "X-Debug-Token-Link",
    "X-Drupal-Dynamic-Cache",
    "X-Generator",
    "X-Mod-Pagespeed",
    "X-OWA-Version",
    "X-Powered-By",
    "X-Powered-CMS",
    "X-Runtime",
    "X-Version",
];
