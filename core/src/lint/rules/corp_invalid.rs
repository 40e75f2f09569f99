//! `corp/invalid`.

use crate::diagnostic::Severity;
use crate::header::CrossOriginResourcePolicy;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "corp/invalid",
    severity: Severity::Medium,
    summary: "Cross-Origin-Resource-Policy holds nothing that browsers know",
    rationale: "Browsers ignore a value in quotes, in capitals or with a mistake, and the page is as open as without the header.",
    example: Example::Head("Cross-Origin-Resource-Policy: SAME-ORIGIN"),
    good: Example::Head("Cross-Origin-Resource-Policy: same-origin"),
    fix: "write `same-origin`, `same-site` or `cross-origin`, in lower case and without quotes",
    references: &[
        "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Cross-Origin-Resource-Policy",
    ],
    equivalents: &[
        ("observatory", &["corp-header-invalid"]),
        ("humble", &["Cross-Origin-Resource-Policy"]),
    ],
    check: Check::Response(|subject, found| {
        at_issues::<CrossOriginResourcePolicy>(subject, found, |_| true)
    }),
    message: |place| format!("browsers do not know `{}` and ignore the header", place.written()),
    ..Rule::BASE
};
