//! `x-content-type-options/missing`.

use crate::diagnostic::Severity;
use crate::header::{Header as _, XContentTypeOptions};
use crate::lint::headers::is_missing;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "x-content-type-options/missing",
    severity: Severity::Medium,
    summary: "there is no X-Content-Type-Options",
    rationale: "Browsers then guess types, and may run an upload as a script.",
    example: Example::Head("Content-Type: text/html"),
    good: Example::Head("Content-Type: text/html\nX-Content-Type-Options: nosniff"),
    fix: "send `X-Content-Type-Options: nosniff`",
    references: &[
        "https://fetch.spec.whatwg.org/#x-content-type-options-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Content-Type-Options",
    ],
    equivalents: &[
        ("observatory", &["x-content-type-options-not-implemented"]),
        ("zap", &["10021"]),
        ("webhint", &["x-content-type-options"]),
        ("humble", &["X-Content-Type-Options"]),
        ("drheader", &["X-Content-Type-Options"]),
        ("shcheck", &["X-Content-Type-Options"]),
        ("securityheaders", &["X-Content-Type-Options"]),
        ("owasp", &["X-Content-Type-Options"]),
    ],
    missing: Some("X-Content-Type-Options"),
    check: Check::Response(|subject, found| {
        if is_missing(subject, XContentTypeOptions::NAME) {
            found.at_field(0, 0);
        }
    }),
    message: |_| "the response has no X-Content-Type-Options".to_owned(),
    ..Rule::BASE
};
