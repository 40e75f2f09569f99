//! `document-isolation/invalid`.

use crate::diagnostic::Severity;
use crate::header::DocumentIsolationPolicy;
use crate::lint::headers::at_issues;
use crate::lint::rule::{Check, Example, Rule};

pub(in crate::lint) static RULE: Rule = Rule {
    id: "document-isolation/invalid",
    severity: Severity::Low,
    summary: "Document-Isolation-Policy holds nothing that browsers know",
    rationale: "Browsers ignore other values, and the page is not isolated.",
    example: Example::Head("Document-Isolation-Policy: require-corp"),
    good: Example::Head("Document-Isolation-Policy: isolate-and-require-corp"),
    fix: "write `isolate-and-require-corp`, `isolate-and-credentialless` or `none`",
    references: &["https://wicg.github.io/document-isolation-policy/"],
    equivalents: &[("humble", &["Document-Isolation-Policy"])],
    check: Check::Response(|subject, found| {
        at_issues::<DocumentIsolationPolicy>(subject, found, |_| true)
    }),
    message: |place| format!("browsers cannot read `{}` in {}", place.written(), place.header()),
    ..Rule::BASE
};
