//! `x-frame-options/invalid`.

use crate::diagnostic::Severity;
use crate::header::XFrameOptions;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "x-frame-options/invalid",
    severity: Severity::Medium,
    summary: "X-Frame-Options is neither DENY nor SAMEORIGIN",
    rationale: "Browsers ignore ALLOW-FROM and other values, and any site may embed the page.",
    example: Example::Head("X-Frame-Options: ALLOW-FROM https://a.example"),
    good: Example::Head("X-Frame-Options: SAMEORIGIN"),
    fix: "write `DENY` or `SAMEORIGIN`; `frame-ancestors` in a policy can name sites",
    references: &[
        "https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header",
        "https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Frame-Options",
    ],
    equivalents: &[
        ("observatory", &["x-frame-options-header-invalid", "x-frame-options-allow-from-origin"]),
        ("zap", &["10020-4"]),
        ("humble", &["X-Frame-Options"]),
    ],
    check: Check::Response(|subject, found| at_issues::<XFrameOptions>(subject, found, |_| true)),
    message: |place| format!("browsers ignore `{}`", place.written()),
    ..Rule::BASE
};
