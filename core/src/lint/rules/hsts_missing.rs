//! `hsts/missing`.

use crate::diagnostic::Severity;
use crate::header::{Header as _, StrictTransportSecurity};
use crate::lint::headers::is_missing;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "hsts/missing",
    severity: Severity::Medium,
    summary: "there is no Strict-Transport-Security",
    rationale: "Without it the first request of each visit may go over plain HTTP, where anyone on the network can take its place.",
    example: Example::Head("Content-Type: text/html"),
    good: Example::Head("Content-Type: text/html\nStrict-Transport-Security: max-age=63072000"),
    fix: "send `Strict-Transport-Security: max-age=63072000` over HTTPS",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc6797#section-6.1",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security",
    ],
    equivalents: &[
        ("observatory", &["hsts-not-implemented"]),
        ("zap", &["10035-1"]),
        ("lighthouse", &["has-hsts"]),
        ("webhint", &["strict-transport-security"]),
        ("humble", &["Strict-Transport-Security"]),
        ("drheader", &["Strict-Transport-Security"]),
        ("shcheck", &["Strict-Transport-Security"]),
        ("securityheaders", &["Strict-Transport-Security"]),
        ("owasp", &["Strict-Transport-Security"]),
    ],
    missing: Some("Strict-Transport-Security"),
    check: Check::Response(|subject, found| {
        if is_missing(subject, StrictTransportSecurity::NAME) {
            found.at_field(0, 0);
        }
    }),
    message: |_| "the response has no Strict-Transport-Security".to_owned(),
    ..Rule::BASE
};
