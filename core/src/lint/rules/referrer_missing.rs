//! `referrer/missing`.

use crate::diagnostic::Severity;
use crate::header::{Header as _, ReferrerPolicy};
use crate::lint::headers::at_page_without;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "referrer/missing",
    severity: Severity::Info,
    summary: "there is no Referrer-Policy",
    rationale: "Browsers of today then tell other sites the origin only; older ones, and programs that embed pages, tell the whole URL.",
    example: Example::Head("Content-Type: text/html; charset=utf-8"),
    good: Example::Head(
        "Content-Type: text/html; charset=utf-8\nReferrer-Policy: strict-origin-when-cross-origin",
    ),
    fix: "send `Referrer-Policy: strict-origin-when-cross-origin`, or `no-referrer`",
    references: &[
        "https://www.w3.org/TR/referrer-policy/#referrer-policy-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Referrer-Policy",
    ],
    equivalents: &[
        ("observatory", &["referrer-policy-not-implemented"]),
        ("securityheaders", &["Referrer-Policy"]),
        ("humble", &["Referrer-Policy"]),
        ("drheader", &["Referrer-Policy"]),
        ("shcheck", &["Referrer-Policy"]),
        ("owasp", &["Referrer-Policy"]),
    ],
    missing: Some("Referrer-Policy"),
    check: Check::Response(|subject, found| at_page_without(subject, found, ReferrerPolicy::NAME)),
    message: |_| "the page has no Referrer-Policy".to_owned(),
    ..Rule::BASE
};
