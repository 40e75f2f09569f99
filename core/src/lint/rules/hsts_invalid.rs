//! `hsts/invalid`.

use crate::diagnostic::Severity;
use crate::header::{Problem, StrictTransportSecurity};
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "hsts/invalid",
    severity: Severity::High,
    summary: "browsers cannot read Strict-Transport-Security",
    rationale: "One mistake and they drop the whole header: the site is open as without it.",
    example: Example::Head("Strict-Transport-Security: max-age=31536000 includeSubDomains"),
    good: Example::Head("Strict-Transport-Security: max-age=31536000; includeSubDomains"),
    fix: "write `max-age=63072000`, with semicolons between directives and each of them once",
    references: &[
        "https://www.rfc-editor.org/rfc/rfc6797#section-6.1",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security",
    ],
    equivalents: &[
        ("observatory", &["hsts-header-invalid"]),
        ("zap", &["10035-3", "10035-5", "10035-6", "10035-8"]),
        ("lighthouse", &["has-hsts"]),
        ("webhint", &["strict-transport-security"]),
        ("humble", &["Strict-Transport-Security"]),
    ],
    check: Check::Response(|subject, found| {
        at_issues::<StrictTransportSecurity>(subject, found, |it| it != Problem::UnknownName);
    }),
    message: |place| {
        format!("browsers cannot read `{}` and drop the whole header", place.written())
    },
    ..Rule::BASE
};
