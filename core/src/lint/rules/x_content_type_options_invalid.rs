//! `x-content-type-options/invalid`.

use crate::diagnostic::Severity;
use crate::header::XContentTypeOptions;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "x-content-type-options/invalid",
    severity: Severity::Medium,
    summary: "X-Content-Type-Options is not `nosniff`",
    rationale: "There is no other value, and browsers ignore this one.",
    example: Example::Head("X-Content-Type-Options: nosniff;"),
    good: Example::Head("X-Content-Type-Options: nosniff"),
    fix: "write `nosniff`",
    references: &[
        "https://fetch.spec.whatwg.org/#x-content-type-options-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Content-Type-Options",
    ],
    equivalents: &[
        ("observatory", &["x-content-type-options-header-invalid"]),
        ("zap", &["10021"]),
        ("webhint", &["x-content-type-options"]),
        ("humble", &["X-Content-Type-Options"]),
    ],
    check: Check::Response(|subject, found| {
        at_issues::<XContentTypeOptions>(subject, found, |_| true)
    }),
    message: |place| format!("browsers ignore `{}`: the only value is `nosniff`", place.written()),
    ..Rule::BASE
};
