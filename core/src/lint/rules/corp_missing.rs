//! `corp/missing`.

use crate::diagnostic::Severity;
use crate::header::{CrossOriginResourcePolicy, Header as _};
use crate::lint::headers::at_page_without;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "corp/missing",
    severity: Severity::Info,
    summary: "there is no Cross-Origin-Resource-Policy",
    rationale: "Any site may embed the response, and so bring it into a process that it can spy on.",
    example: Example::Head("Content-Type: text/html; charset=utf-8"),
    good: Example::Head(
        "Content-Type: text/html; charset=utf-8\nCross-Origin-Resource-Policy: same-origin",
    ),
    fix: "send `Cross-Origin-Resource-Policy: same-origin`, or `same-site`, or `cross-origin` for what is meant for other sites",
    references: &[
        "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Cross-Origin-Resource-Policy",
    ],
    equivalents: &[
        ("observatory", &["corp-not-implemented"]),
        ("zap", &["90004-1"]),
        ("humble", &["Cross-Origin-Resource-Policy"]),
        ("shcheck", &["Cross-Origin-Resource-Policy"]),
        ("owasp", &["Cross-Origin-Resource-Policy"]),
    ],
    missing: Some("Cross-Origin-Resource-Policy"),
    check: Check::Response(|subject, found| {
        at_page_without(subject, found, CrossOriginResourcePolicy::NAME)
    }),
    message: |_| "the page has no Cross-Origin-Resource-Policy".to_owned(),
    ..Rule::BASE
};
